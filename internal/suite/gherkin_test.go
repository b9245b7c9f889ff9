package suite

import (
	"bytes"
	"io/fs"
	"testing"

	gherkin "github.com/cucumber/gherkin/go/v26"
	messages "github.com/cucumber/messages/go/v21"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/features"
)

func TestTheBuiltInFeaturesAreReadAsTheLibraryReadsThem(t *testing.T) {
	var read int
	require.NoError(t, fs.WalkDir(features.FS, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(features.FS, path)
		read++
		asTheLibrary(t, text)
		return err
	}))
	assert.Positive(t, read)
}

func FuzzTags(f *testing.F) {
	for _, line := range []string{
		"@a", "  @a @b", "\t@a\t @b  ", "@a@b", "@a b", "@a #c", "@a#b @c", "@", "@@a", "@ a", "@ä @状态 @c", "@a\u00a0@b", "@a\u00a0b", "@a\v@b",
	} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		asTheLibrary(t, []byte("# language: zh-CN\n"+line+"\n功能: F\n\n  "+line+"\n  场景: S\n    假如 x\n"))
		asTheLibrary(t, []byte(line+"\nFeature: F\n\n  "+line+"\n  Scenario Outline: S\n    * <x>\n\n    "+line+"\n    Examples:\n      | x |\n"))
	})
}

// asTheLibrary holds a document against the one that the library makes of the same text.
func asTheLibrary(t *testing.T, text []byte) {
	t.Helper()
	got, err := document(text, (&messages.Incrementing{}).NewId)
	want, wantErr := gherkin.ParseGherkinDocument(bytes.NewReader(text), (&messages.Incrementing{}).NewId)
	assert.Equal(t, want, got)
	assert.Equal(t, wantErr, err)
}
