package cli

import (
	"context"
	"io"
	"os"

	"github.com/zec-tools/conformance/internal/report"
)

// await returns what read returns, or an error as soon as the command is interrupted. No signal ends
// the reading of a pipe or a terminal, so it goes on by itself until the process ends.
func await[T any](sys System, read func() (T, error)) (T, error) {
	if sys.stopped == nil {
		return read()
	}
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := read()
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-sys.stopped:
		var none T
		return none, context.Canceled
	}
}

// awaitFile is await for the reading of a file, which need not wait if the file is a regular one.
func awaitFile[T any](sys System, name string, read func() (T, error)) (T, error) {
	if info, err := os.Stat(name); err != nil || info.Mode().IsRegular() || info.IsDir() {
		return read()
	}
	return await(sys, read)
}

// readFile is os.ReadFile for a file that the user names.
func (sys System) readFile(name string) ([]byte, error) {
	return awaitFile(sys, name, func() ([]byte, error) { return os.ReadFile(name) })
}

// openReport is report.Open for a file that the user names.
func (sys System) openReport(name string) (*report.Reader, error) {
	return awaitFile(sys, name, func() (*report.Reader, error) { return report.Open(name) })
}

// awaitedReader is a stream whose reading ends with an error when the command is interrupted.
type awaitedReader struct {
	sys   System
	from  io.Reader
	ahead []byte // what is read into, as p is the caller's again after an interrupt
}

// readAhead is how much is read at once, in bytes.
const readAhead = 64 << 10

// Read implements io.Reader.
func (r *awaitedReader) Read(p []byte) (int, error) {
	into := r.ahead
	if r.ahead = nil; into == nil {
		into = make([]byte, readAhead)
	}
	into = into[:min(len(p), readAhead)]
	n, err := await(r.sys, func() (int, error) { return r.from.Read(into) })
	if r.sys.interrupted() {
		return 0, context.Canceled
	}
	r.ahead = into[:cap(into)]
	return copy(p, into[:n]), err
}

// interrupted reports whether the command was asked to end.
func (sys System) interrupted() bool {
	select {
	case <-sys.stopped:
		return true
	default:
		return false
	}
}
