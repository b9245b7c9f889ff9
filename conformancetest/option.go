package conformancetest

import (
	"os"
	"path/filepath"
	"strings"
)

// Option says what is run, and how it is judged.
type Option func(*options)

type options struct {
	tags     []string
	waivers  []string
	contract string
	folder   string
}

// WithTags selects the scenarios that bear the tags, as "@resize and not @change". Given
// again, it selects those that match each.
func WithTags(expression string) Option {
	return func(o *options) { o.tags = append(o.tags, expression) }
}

// WithWaivers excuses the findings that these files name. They are logged and fail nothing.
func WithWaivers(files ...string) Option {
	return func(o *options) { o.waivers = append(o.waivers, files...) }
}

// WithContract proves the contract of a folder in place of the one that is built in.
func WithContract(folder string) Option { return func(o *options) { o.contract = folder } }

// WithReport writes the reports and the journal to this folder in place of
// testdata/conformance/ and the name of the test.
func WithReport(folder string) Option { return func(o *options) { o.folder = folder } }

// tagged are the flags that name what is run.
func (o *options) tagged() []string {
	var words []string
	for _, tags := range o.tags {
		words = append(words, "--tags", tags)
	}
	return words
}

// flags are those that every command takes which reads the contract.
func (o *options) flags() []string {
	if o.contract == "" {
		return nil
	}
	return []string{"--contract", o.contract}
}

// place makes the report folder of a test that names none. What is in it is not to be
// committed, and git is told so.
func (o *options) place(test string) error {
	if o.folder != "" {
		return nil
	}
	base := filepath.Join("testdata", "conformance")
	o.folder = filepath.Join(base, fileName(test))
	if err := os.MkdirAll(base, 0o750); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(base, ".gitignore"), []byte("*\n"), 0o600)
}

// fileName makes the name of a test one of a folder.
func fileName(test string) string {
	return strings.Map(func(r rune) rune {
		if r == '/' || r == '\\' || r == ':' || r < ' ' {
			return '_'
		}
		return r
	}, test)
}
