package recording

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/zec-tools/conformance/internal/wire"
)

// source is one file, as UTF-8, with random access.
type source struct {
	name     string
	at       io.ReaderAt
	size     int64
	begin    int64 // the start of the text, after a byte order mark
	decode   func(text []byte) (x wire.Exchange, findings []string)
	redacted bool // a run of this program wrote it, and removed correct secrets
	partial  bool // it lacks exchanges of a run at an endpoint
	closer   io.Closer
	found    func(entries int) // called with the number of entries found; may be nil
}

func (s *source) close() error { return s.closer.Close() }

// open opens a file for random access. If the file does not support it, or is in UTF-16, it is
// copied to a spool.
func open(name string, stdin io.Reader) (*source, error) {
	if name == "-" {
		return spooled(name, stdin)
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("open the recording: %w", err)
	}
	info, err := file.Stat()
	if err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("open the recording: %w", err)
	}
	if info.IsDir() {
		_ = file.Close()
		return nil, fmt.Errorf("open the recording %s: it is a folder: name the files in it", name)
	}
	mark := make([]byte, 3)
	if info.Mode().IsRegular() {
		n, _ := file.ReadAt(mark, 0)
		mark = mark[:n]
	}
	if !info.Mode().IsRegular() || bytes.HasPrefix(mark, []byte{0xFF, 0xFE}) || bytes.HasPrefix(mark, []byte{0xFE, 0xFF}) {
		defer func() { _ = file.Close() }()
		return spooled(name, file)
	}
	s := &source{name: name, at: file, size: info.Size(), closer: file}
	if bytes.Equal(mark, []byte{0xEF, 0xBB, 0xBF}) {
		s.begin = int64(len(mark))
	}
	return s, nil
}

// spooled copies input that can be read only once to a spool, as UTF-8 without a byte order mark.
func spooled(name string, from io.Reader) (*source, error) {
	sp, err := newSpool()
	if err != nil {
		return nil, err
	}
	text := transform.NewReader(bufio.NewReader(from), unicode.BOMOverride(transform.Nop))
	if _, err := io.Copy(sp, text); err != nil {
		_ = sp.Close()
		return nil, fmt.Errorf("copy the recording %s aside: %w", name, err)
	}
	return &source{name: name, at: sp, size: sp.size, closer: sp}, nil
}
