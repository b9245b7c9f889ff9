package cli_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestAnEmptyNameIsRefused gives flags that name something the value of a variable that is not set.
func TestAnEmptyNameIsRefused(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"features", "--out", ""}, "--out: it is empty: name the folder that the features are written to"},
		{[]string{"man", "--out", ""}, "--out: it is empty: name the folder that the pages are written to"},
		{[]string{"docs", "--out", " "}, "--out: it is empty: name the folder of the pages"},
		{[]string{"docs", "--check", "--out", ""}, "--out: it is empty: name the folder of the pages"},
		{[]string{"history", ".", "--out", ""}, "--out: it is empty: name the file that the page is written to"},
	} {
		code, _, stderr := call(t, nil, c.args...)
		assert.Equal(t, 2, code, "%q", c.args)
		assert.Equal(t, "conformance: "+c.want+"\n", stderr, "%q", c.args)
	}
	entries, err := os.ReadDir(".")
	require.NoError(t, err)
	assert.Empty(t, entries, "nothing is written")
}

func TestAFolderThatIsAFileIsNamed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "conformance.yaml")
	require.NoError(t, os.WriteFile(file, []byte("before"), 0o600))
	for command, what := range map[string]string{"features": "features", "man": "manual pages", "docs": "pages"} {
		code, _, stderr := call(t, nil, command, "--out", file)
		assert.Equal(t, 2, code)
		assert.Equal(t, "conformance: make the folder of the "+what+": "+file+": not a directory; name another folder\n", stderr)
	}
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, "before", string(text))
}
