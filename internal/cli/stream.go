package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"syscall"

	"golang.org/x/term"
)

// stream is stdout or stderr. A write error does not stop the program: the stream drops all further
// output, and Main turns the error into an exit code.
type stream struct {
	name string
	to   io.Writer

	mu     sync.Mutex
	failed bool
	err    error // why the stream could not be written; nil if only its reader has ended
}

// Write implements io.Writer. It never fails.
func (s *stream) Write(text []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed {
		return len(text), nil
	}
	if _, err := s.to.Write(text); err != nil {
		s.failed = true
		if !unread(err, s.to) {
			s.err = fmt.Errorf("%s could not be written: %w", s.name, err)
		}
	}
	return len(text), nil
}

// failure returns why the stream could not be written, or nil.
func (s *stream) failure() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// unread reports whether an error means that nobody reads the output any more: the reader of a pipe
// has ended, or a terminal was closed.
func unread(err error, to io.Writer) bool {
	if errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, io.ErrClosedPipe) {
		return true
	}
	file, isFile := to.(*os.File)
	if !isFile || !errors.Is(err, syscall.EIO) {
		return false
	}
	info, statErr := file.Stat()
	return statErr == nil && info.Mode()&os.ModeCharDevice != 0
}

// fileOf returns the file behind a stream, if there is one.
func fileOf(w io.Writer) (*os.File, bool) {
	if s, filtered := w.(*redactingWriter); filtered {
		w = s.to
	}
	if s, ours := w.(*stream); ours {
		w = s.to
	}
	file, isFile := w.(*os.File)
	return file, isFile
}

func isTerminal(w io.Writer) bool {
	file, isFile := fileOf(w)
	return isFile && term.IsTerminal(int(file.Fd()))
}
