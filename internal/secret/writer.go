package secret

import (
	"fmt"
	"io"
	"sync"
)

// Writer passes on what is written to it without secrets, also when a secret comes
// in pieces. Bytes that may be the beginning of one are held until it is clear; Close
// passes on what is held. It is safe for concurrent use.
type Writer struct {
	filter *Filter
	to     io.Writer
	mu     sync.Mutex
	held   []byte
}

// Writer returns a writer that filters what goes to to. Closing it does not close to.
func (f *Filter) Writer(to io.Writer) *Writer {
	if f == nil {
		f = NewFilter()
	}
	return &Writer{filter: f, to: to}
}

// Write implements io.Writer.
func (w *Writer) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.held = append(w.held, p...)
	if err := w.pass(false); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Close passes on what is held.
func (w *Writer) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.pass(true)
}

func (w *Writer) pass(all bool) error {
	out := make([]byte, 0, len(w.held))
	from, limit := 0, len(w.held)
	for {
		if !all {
			limit = w.filter.undecided(w.held, from)
		}
		at, end := find(w.filter, w.held, from)
		if at < 0 || at >= limit {
			break
		}
		out = append(append(out, w.held[from:at]...), Redacted...)
		from = end
	}
	out = append(out, w.held[from:limit]...)
	w.held = append(w.held[:0], w.held[limit:]...)
	if len(out) == 0 {
		return nil
	}
	if _, err := w.to.Write(out); err != nil {
		return fmt.Errorf("write filtered text: %w", err)
	}
	return nil
}

// undecided returns the first place in b, from from on, at which a secret may begin
// that further bytes would complete; len(b) when there is none.
func (f *Filter) undecided(b []byte, from int) int {
	f.mu.RLock()
	defer f.mu.RUnlock()
	hexFrom := len(b)
	if len(f.signatures) > 0 {
		for hexFrom > from && len(b)-hexFrom < signatureLength-1 && isHex(b[hexFrom-1]) {
			hexFrom--
		}
	}
	for i := max(from, len(b)-f.patterns.longest+1); i < hexFrom; i++ {
		if f.patterns.unfinished(b[i:]) {
			return i
		}
	}
	return hexFrom
}
