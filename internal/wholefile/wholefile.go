// Package wholefile writes a file completely or not at all: on a full disk, what was there before
// is still there afterwards, and nothing is half-written.
//
// It knows files only, not what is in them.
package wholefile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Write writes a file under a temporary name in the same folder, and renames it. A file that exists
// keeps its permissions, a new one gets those of mode. A link is followed. What is no regular file,
// such as a pipe or /dev/stdout, is written as it is. Every error names the file once, never the
// temporary one.
func Write(name string, text []byte, mode fs.FileMode) error {
	if name == "" {
		return errors.New("the name of the file is empty: name one")
	}
	if err := write(name, text, mode); err != nil {
		return fmt.Errorf("%s: %w", name, cause(err))
	}
	return nil
}

func write(name string, text []byte, mode fs.FileMode) error {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return replace(name, text, mode)
	case err != nil:
		return err
	case info.IsDir():
		return errors.New("it is a folder, where a file is to stand: remove it, or name another file")
	case !info.Mode().IsRegular():
		return os.WriteFile(name, text, mode)
	}
	writable, err := os.OpenFile(name, os.O_WRONLY, 0) // a file that is protected stays as it is
	if err != nil {
		return err
	}
	if err := writable.Close(); err != nil {
		return err
	}
	if name, err = filepath.EvalSymlinks(name); err != nil {
		return err
	}
	return replace(name, text, info.Mode().Perm())
}

// Folder makes a folder, with those above it, unless it is there already. An error names it once.
func Folder(name string) error {
	if name == "" {
		return errors.New("the name of the folder is empty: name one")
	}
	if err := os.MkdirAll(name, 0o755); err != nil {
		return fmt.Errorf("%s: %w; name another folder", name, cause(err))
	}
	return nil
}

func replace(name string, text []byte, mode fs.FileMode) (err error) {
	temporary, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(temporary.Name())
		}
	}()
	_, err = temporary.Write(text)
	if err == nil {
		err = temporary.Chmod(mode)
	}
	if closing := temporary.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return err
	}
	return os.Rename(temporary.Name(), name)
}

// cause returns an error of the system without the names of files in it.
func cause(err error) error {
	if path := (*fs.PathError)(nil); errors.As(err, &path) {
		return path.Err
	}
	if link := (*os.LinkError)(nil); errors.As(err, &link) {
		return link.Err
	}
	return err
}
