package recording

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// misread is an error at an offset of the text.
type misread struct {
	at  int64
	err error
}

func (m misread) Error() string { return m.err.Error() }
func (m misread) Unwrap() error { return m.err }

// at adds an offset of the text to an error; nil remains nil.
func (w *walker) at(offset int64, err error) error {
	if err == nil {
		return nil
	}
	return misread{offset, err}
}

// next returns the offset of the next value, as far as it has been read.
func (w *walker) next() int64 {
	_ = w.dec.PeekKind() // reads the separator before it
	at := w.dec.InputOffset()
	for _, c := range w.dec.UnreadBuffer() {
		if !strings.ContainsRune(" \t\r\n:,", rune(c)) {
			break
		}
		at++
	}
	return at
}

// located adds file, line and column to an error.
func (s *source) located(w *walker, err error) error {
	if err == nil {
		return nil
	}
	at := w.dec.InputOffset()
	var syntax *jsontext.SyntacticError
	var fault misread
	switch {
	case errors.As(err, &fault):
		at = fault.at
	case errors.As(err, &syntax):
		at, err = syntax.ByteOffset, fmt.Errorf("no JSON: %w", errors.Unwrap(syntax))
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = errors.New("it ends in the middle")
	}
	line, column := s.position(at)
	return fmt.Errorf("%s:%d:%d: %w", s.name, line, column, err)
}

// position converts an offset of the text to line and column, both starting at 1 and counted in
// bytes.
func (s *source) position(at int64) (line, column int) {
	line, column = 1, 1
	buffer := make([]byte, 1<<16)
	text := io.NewSectionReader(s.at, s.begin, min(at, s.size-s.begin))
	for {
		n, err := text.Read(buffer)
		part := buffer[:n]
		line += bytes.Count(part, []byte("\n"))
		if last := bytes.LastIndexByte(part, '\n'); last >= 0 {
			column = n - last
		} else {
			column += n
		}
		if err != nil {
			return line, column
		}
	}
}
