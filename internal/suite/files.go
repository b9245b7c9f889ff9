package suite

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// Files reads all feature files below the root of fsys, by path. It follows links to files and
// folders. It skips names that begin with a dot, which belong to editors, version control or
// Kubernetes volumes, where they would duplicate every file. A file that is not UTF-8 is an error
// with its location.
func Files(fsys fs.FS) (map[string][]byte, error) {
	f := finder{fsys: fsys, texts: map[string][]byte{}}
	if err := f.folder(".", nil); err != nil {
		return nil, fmt.Errorf("read the features: %w", err)
	}
	return Decoded(f.texts)
}

// Decoded removes the byte order mark that some editors write. A text that is not UTF-8 is an error
// with its location.
func Decoded(texts map[string][]byte) (map[string][]byte, error) {
	plain := make(map[string][]byte, len(texts))
	for _, file := range slices.Sorted(maps.Keys(texts)) {
		text, err := decoded(file, texts[file])
		if err != nil {
			return nil, err
		}
		plain[file] = text
	}
	return plain, nil
}

type finder struct {
	fsys  fs.FS
	texts map[string][]byte
}

// folder reads one folder. above are its parent folders, for detecting links that lead back to one
// of them.
func (f *finder) folder(name string, above []fs.FileInfo) error {
	info, err := fs.Stat(f.fsys, name)
	if err != nil {
		return err
	}
	for _, ancestor := range above {
		if os.SameFile(ancestor, info) {
			return fmt.Errorf("%s leads back into a folder that it lies in: remove the link", name)
		}
	}
	entries, err := fs.ReadDir(f.fsys, name)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		if err := f.entry(path.Join(name, entry.Name()), entry, append(above, info)); err != nil {
			return err
		}
	}
	return nil
}

func (f *finder) entry(name string, entry fs.DirEntry, above []fs.FileInfo) error {
	feature := strings.EqualFold(path.Ext(name), ".feature")
	folder := entry.IsDir()
	if entry.Type()&fs.ModeSymlink != 0 {
		info, err := fs.Stat(f.fsys, name)
		if err != nil && !feature {
			return nil // a broken link that does not look like a feature file
		}
		if err != nil {
			return fmt.Errorf("%s is a link to what is not there: %w", name, err)
		}
		folder = info.IsDir()
	}
	switch {
	case folder:
		return f.folder(name, above)
	case !feature:
		return nil
	}
	text, err := fs.ReadFile(f.fsys, name)
	f.texts[name] = text
	return err
}

func decoded(file string, text []byte) ([]byte, error) {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if utf8.Valid(text) && bytes.IndexByte(text, 0) < 0 {
		return text, nil
	}
	if bytes.HasPrefix(text, []byte{0xff, 0xfe}) || bytes.HasPrefix(text, []byte{0xfe, 0xff}) || bytes.IndexByte(text, 0) >= 0 {
		return nil, &Error{File: file, Line: 1, What: "the file is not UTF-8 but looks like UTF-16: save it as UTF-8"}
	}
	line := 1
	for rest := text; len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		if r == utf8.RuneError && size == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		rest = rest[size:]
	}
	return nil, &Error{File: file, Line: line, What: "the line is not UTF-8: save the file as UTF-8"}
}
