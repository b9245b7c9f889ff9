package report

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// featuresFolder is the default folder of the feature files.
const featuresFolder = "features"

// Format is a way to write a run: to a file, or as text to stdout.
type Format struct {
	Name  string // the name on the command line
	File  string // the name of its file; "" if it is printed
	About string // a short description
	write func(io.Writer, *Reader) error
}

// Formats returns all formats. The first is the canonical one.
func Formats() []Format {
	return []Format{
		{"json", "report.json", "everything, for programs", writeJSON},
		{"html", "report.html", "one page for people, with all evidence", writeHTML},
		{"junit", "junit.xml", "test results, for CI services", writeJUnit},
		{"md", "report.md", "a job summary", writeMarkdown},
		{"messages", "messages.ndjson", "Cucumber Messages, for Cucumber's own tools", writeMessages},
		{"ctrf", "ctrf.json", "Common Test Report Format, for tools that read it", writeCTRF},
		{"har", "exchanges.har", "the exchanges, for a browser's developer tools", writeHAR},
		{"annotations", "", "GitHub annotations of the feature files, printed", writeAnnotations},
	}
}

// Pick returns the formats with the given names, each once, in the order of Formats.
func Pick(names ...string) ([]Format, error) {
	wanted := map[string]bool{}
	for _, name := range names {
		wanted[name] = true
	}
	var picked []Format
	var known []string
	for _, format := range Formats() {
		known = append(known, format.Name)
		if wanted[format.Name] {
			picked = append(picked, format)
			delete(wanted, format.Name)
		}
	}
	for _, name := range names {
		if wanted[name] {
			return nil, fmt.Errorf("no report format %q: choose from %s", name, strings.Join(known, ", "))
		}
	}
	return picked, nil
}

// Print writes the given formats that have no file.
func Print(w io.Writer, b *Reader, formats []Format) error {
	for _, format := range formats {
		if format.File != "" {
			continue
		}
		if err := format.write(w, b); err != nil {
			return fmt.Errorf("print the %s: %w", format.Name, err)
		}
	}
	return nil
}

// Write writes the given formats that have a file to dir. Files appear complete or not at all, and
// only after all of them were written: after an error, the files of an earlier run remain
// unchanged.
func Write(b *Reader, dir string, formats []Format) error {
	formats = slices.DeleteFunc(slices.Clone(formats), func(f Format) bool { return f.File == "" })
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make the report folder: %w", err)
	}
	staged := make([]string, len(formats))
	faults := make([]error, len(formats))
	var group sync.WaitGroup
	for i, format := range formats {
		group.Go(func() { staged[i], faults[i] = stage(b, dir, format) })
	}
	group.Wait()
	defer func() {
		for _, name := range staged { // those that were renamed no longer have this name
			_ = os.Remove(name)
		}
	}()
	if failed := slices.IndexFunc(faults, func(err error) bool { return err != nil }); failed >= 0 {
		return faults[failed] // the others have most likely the same cause, such as a full disk
	}
	for i, format := range formats {
		if err := os.Rename(staged[i], filepath.Join(dir, format.File)); err != nil {
			return fmt.Errorf("write %s: %w", format.File, err)
		}
	}
	return syncDir(dir)
}

// stage writes one format under a temporary name, which it returns even after an error. The error
// names the file by its own name.
func stage(b *Reader, dir string, format Format) (string, error) {
	file, err := os.CreateTemp(dir, temporary(format)+"*")
	if err != nil {
		return "", fmt.Errorf("write %s: %w", filepath.Join(dir, format.File), unnamed(err, format))
	}
	if err := fill(file, format, b); err != nil {
		return file.Name(), fmt.Errorf("write %s: %w", filepath.Join(dir, format.File), unnamed(err, format))
	}
	return file.Name(), nil
}

// temporary returns what the temporary name of a format begins with.
func temporary(format Format) string { return "." + format.File + "-" }

// unnamed returns an error without the temporary name of a format, which the user does not know.
func unnamed(err error, format Format) error {
	var at *fs.PathError
	if errors.As(err, &at) && strings.HasPrefix(filepath.Base(at.Path), temporary(format)) {
		return at.Err
	}
	return err
}

// fill writes one format to its file and syncs it to disk.
func fill(file *os.File, format Format, b *Reader) error {
	out := bufio.NewWriterSize(file, 1<<16)
	err := format.write(out, b)
	if flushing := out.Flush(); err == nil { // after an error, it would be the same one again
		err = flushing
	}
	if err == nil {
		err = errors.Join(file.Chmod(0o644), file.Sync())
	}
	if closing := file.Close(); err == nil {
		err = closing
	}
	return err
}

// syncDir syncs the new names to disk. Systems that cannot sync a folder keep them anyway.
func syncDir(dir string) error {
	folder, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("write the reports: %w", err)
	}
	_ = folder.Sync()
	return folder.Close()
}
