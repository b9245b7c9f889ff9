package recording

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// misread is what is wrong at an offset of the text.
type misread struct {
	at  int64
	err error
}

func (m misread) Error() string { return m.err.Error() }
func (m misread) Unwrap() error { return m.err }

// at gives an error an offset of the text; nil stays nil.
func (w *walker) at(offset int64, err error) error {
	if err == nil {
		return nil
	}
	return misread{offset, err}
}

// next returns where the next value begins, as far as that has been read.
func (w *walker) next() int64 {
	_ = w.dec.PeekKind() // reads what stands before it
	at := w.dec.InputOffset()
	for _, c := range w.dec.UnreadBuffer() {
		if !strings.ContainsRune(" \t\r\n:,", rune(c)) {
			break
		}
		at++
	}
	return at
}

// located puts file, line and column in front of an error.
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

// position returns line and column in bytes, both from 1, of an offset of the text.
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
