package secret

import (
	"fmt"
	"io"
	"sync"
)

// Writer passes on what is written to it without secrets, also when a secret comes
// in pieces. Bytes that may be the beginning of one are held until it is clear; Close
// passes on what is held. No line waits for the next one because of less than manyMatched
// hex digits or characters of base64 at its end. It is safe for concurrent use.
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
	out, passed := w.filter.clean(w.held, all)
	w.held = append(w.held[:0], w.held[passed:]...)
	if len(out) == 0 {
		return nil
	}
	if _, err := w.to.Write(out); err != nil {
		return fmt.Errorf("write filtered text: %w", err)
	}
	return nil
}
