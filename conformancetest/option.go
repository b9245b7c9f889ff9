package conformancetest

import (
	"os"
	"path/filepath"
	"strings"
)

// Option configures what is run and how it is judged.
type Option func(*options)

type options struct {
	tags     []string
	waivers  []string
	contract string
	folder   string
}

// WithTags selects the scenarios that match a tag expression such as "@resize and not @change". If
// used repeatedly, all expressions must match.
func WithTags(expression string) Option {
	return func(o *options) { o.tags = append(o.tags, expression) }
}

// WithWaivers excuses the findings in these waiver files. They are logged and fail nothing.
func WithWaivers(files ...string) Option {
	return func(o *options) { o.waivers = append(o.waivers, files...) }
}

// WithContract uses the contract in a folder in place of the built-in one.
func WithContract(folder string) Option { return func(o *options) { o.contract = folder } }

// WithReport writes the reports and the journal to a folder in place of the default, which is
// testdata/conformance/ followed by the name of the test.
func WithReport(folder string) Option { return func(o *options) { o.folder = folder } }

// tagged returns the flags that select scenarios.
func (o *options) tagged() []string {
	var words []string
	for _, tags := range o.tags {
		words = append(words, "--tags", tags)
	}
	return words
}

// flags returns the flags of every command that reads the contract.
func (o *options) flags() []string {
	if o.contract == "" {
		return nil
	}
	return []string{"--contract", o.contract}
}

// place creates the default report folder of a test, with a file that makes git ignore it.
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

// fileName converts the name of a test to the name of a folder.
func fileName(test string) string {
	return strings.Map(func(r rune) rune {
		if r == '/' || r == '\\' || r == ':' || r < ' ' {
			return '_'
		}
		return r
	}, test)
}
