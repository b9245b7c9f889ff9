package target

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// hold is the right to change a target's instances: of all processes of a machine that
// write their journal into the same folder, one has it. The system gives it back when
// the process ends, however it does.
type hold struct {
	path string
	lock *flock.Flock
}

// takeHold locks the file at path, or says that another process has it.
func takeHold(path string) (*hold, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("make the folder of the journal: %w", err)
	}
	for {
		h := &hold{path: path, lock: flock.New(path, flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o600))}
		locked, err := h.lock.TryLock()
		if err != nil {
			return nil, fmt.Errorf("lock the target: %w", err)
		}
		if !locked {
			return nil, errors.Join(fmt.Errorf("another run is at work on this target (%s): wait until it has ended", path), h.lock.Close())
		}
		if h.stands() {
			return h, nil
		}
		if err := h.lock.Close(); err != nil { // its owner has removed it in between
			return nil, fmt.Errorf("lock the target: %w", err)
		}
	}
}

// stands reports whether the file that is locked is the one that others will find.
func (h *hold) stands() bool {
	locked, err := h.lock.Stat()
	if err != nil {
		return false
	}
	found, err := os.Stat(h.path)
	return err == nil && os.SameFile(locked, found)
}

// release removes the file while it is still locked, then gives it back.
func (h *hold) release() error {
	err := os.Remove(h.path)
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	if err := errors.Join(err, h.lock.Close()); err != nil {
		return fmt.Errorf("release the target: %w", err)
	}
	return nil
}
