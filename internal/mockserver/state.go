package mockserver

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/gofrs/flock"
)

// stateFile stores the content of a mock. It is replaced as a whole, so that the previous content
// remains if the mock is killed.
type stateFile struct {
	path string
	lock *flock.Flock // nil if the lock is not held
	mu   sync.Mutex
}

// claim prevents other mocks from using the state file, because two of them would overwrite each
// other's state. It locks a second file, because the state file itself is replaced.
func (f *stateFile) claim() error {
	if info, err := os.Stat(f.path); f.path == "" || err == nil && info.IsDir() {
		return nil // reading reports errors of the folder
	}
	lock := flock.New(f.path+".lock", flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o600))
	got, err := lock.TryLock()
	switch {
	case err != nil:
		return fmt.Errorf("write the state to %s: %w", f.path, unnamed(err))
	case !got:
		return errors.Join(fmt.Errorf("another mock keeps its state in %s: name another file", f.path), lock.Close())
	}
	f.lock = lock
	return nil
}

func (f *stateFile) release() error {
	if f.lock == nil {
		return nil
	}
	return f.lock.Close()
}

// unnamed returns an error without the name of a temporary file, which the user does not know.
func unnamed(err error) error {
	var file *fs.PathError
	if errors.As(err, &file) {
		return file.Err
	}
	return err
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
	if len(bytes.TrimSpace(text)) == 0 { // an empty file, such as mktemp creates
		return Document{}, false, nil
	}
	d, err = ReadDocument(f.path, text)
	if d.Instances == nil {
		d.Instances = []Instance{}
	}
	return d, true, err
}

func (f *stateFile) write(text []byte) error {
	next, err := os.CreateTemp(filepath.Dir(f.path), filepath.Base(f.path)+".*") // only its owner can read it
	if err != nil {
		return fmt.Errorf("write the state to %s: %w", f.path, unnamed(err))
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

// saveOrSay saves after a call and only reports an error, because the client cannot do anything
// about it.
func (s *Server) saveOrSay() {
	if err := s.Save(); err != nil && s.errors != nil {
		_, _ = fmt.Fprintln(s.errors, err)
	}
}
