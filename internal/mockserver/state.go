package mockserver

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// stateFile keeps what a mock holds. It is replaced as a whole, so that a mock that is
// killed leaves the one before.
type stateFile struct {
	path string
	mu   sync.Mutex
}

func (f *stateFile) read() (d Document, has bool, err error) {
	if f.path == "" {
		return Document{}, false, nil
	}
	text, err := os.ReadFile(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return Document{}, false, nil
	}
	if err != nil {
		return Document{}, false, fmt.Errorf("read the state: %w", err)
	}
	d, err = ReadDocument(f.path, text)
	if d.Instances == nil {
		d.Instances = []Instance{}
	}
	return d, true, err
}

func (f *stateFile) write(text []byte) error {
	next, err := os.CreateTemp(filepath.Dir(f.path), filepath.Base(f.path)+".*") // readable by its owner alone
	if missing := (*fs.PathError)(nil); errors.As(err, &missing) {
		err = missing.Err // the name is one that nobody has given
	}
	if err != nil {
		return fmt.Errorf("write the state to %s: %w", f.path, err)
	}
	_, err = next.Write(text)
	err = errors.Join(err, next.Close())
	if err == nil {
		err = os.Rename(next.Name(), f.path)
	}
	if err != nil {
		_ = os.Remove(next.Name())
		return fmt.Errorf("write the state: %w", err)
	}
	return nil
}

// Save writes the state file, if there is one.
func (s *Server) Save() error {
	if s.state.path == "" {
		return nil
	}
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	return s.state.write(s.Document().JSON())
}

// saveOrSay saves after a call, whose caller cannot do anything about a full disk.
func (s *Server) saveOrSay() {
	if err := s.Save(); err != nil && s.errors != nil {
		_, _ = fmt.Fprintln(s.errors, err)
	}
}
