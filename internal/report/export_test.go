package report

import "io"

// WriteTo writes a reader in one format to w.
func WriteTo(w io.Writer, b *Reader, format Format) error { return format.write(w, b) }

// Failing is a format that fails after its first bytes.
func Failing(file string, err error) Format {
	return Format{Name: "failing", File: file, write: func(w io.Writer, _ *Reader) error {
		_, _ = io.WriteString(w, "half")
		return err
	}}
}
