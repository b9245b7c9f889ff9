package secret

import (
	"fmt"
	"io"
	"sync"
)

// Writer passes on what is written to it without secrets, even if a secret is written in pieces. It
// holds back bytes that may be the beginning of a secret; Close flushes them. A line is never held
// back because of fewer than manyMatched hex digits or base64 characters at its end. Writer is safe
// for concurrent use.
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

// Close flushes what is held back.
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
