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
		{[]string{"cleanup", "--forget", "", "--target", "it"}, "--forget: it is empty: name an instance that is in the journal"},
		{[]string{"mock", "--tls", "--tls-name", ",,"}, "--tls-name: a name is empty: give names and addresses, with commas between them"},
		{[]string{"mock", "--tls", "--tls-name", ""}, "--tls-name: a name is empty: give names and addresses, with commas between them"},
		{[]string{"mock", "--tls", "--tls-name", "zec.local, b"}, `--tls-name " b": no certificate can have this name: give a host, such as mock.example or *.mock.example, or an address`},
		{[]string{"mock", "--tls", "--tls-name", "a b"}, `--tls-name "a b": no certificate can have this name: give a host, such as mock.example or *.mock.example, or an address`},
		{[]string{"mock", "--tls", "--tls-name", "127.0.0.1:80"}, `--tls-name "127.0.0.1:80": no certificate can have this name: give a host, such as mock.example or *.mock.example, or an address`},
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

// TestTheFlagsOfAProgramGoWithIt gives them to the self-test of the suite, which does not know them.
func TestTheFlagsOfAProgramGoWithIt(t *testing.T) {
	double := filepath.Join("..", "..", "examples", "disks")
	beside := "--command measures another program: give no flag beside it but --all, --defect, --limit, --resize-time, --sample, --at-once, --json and --html"
	other := "with another contract, the double that is derived from it is broken in every way: give no flag but --list and --features"
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--sample", "3"}, "--sample is of --command: give both"},
		{[]string{"--limit", "1m"}, "--limit is of --command: give both"},
		{[]string{"--at-once", "4"}, "--at-once is of --command: give both"},
		{[]string{"--resize-time", "1s", "--list"}, "--resize-time is of --command: give both"},
		{[]string{"--command", ""}, "--command: it is empty: give the program that is to be measured, or leave it out to measure the suite"},
		{[]string{"--command", " ", "--sample", "1"}, "--command: it is empty: give the program that is to be measured, or leave it out to measure the suite"},
		{[]string{"--command", "true", "--list"}, beside},
		{[]string{"--command", "true", "--traffic", t.TempDir()}, beside},
		{[]string{"--contract", double, "--command", "true"}, other},
		{[]string{"--contract", double, "--passive"}, other},
	} {
		code, out, stderr := call(t, nil, append([]string{"selftest"}, c.args...)...)
		assert.Equal(t, 2, code, "%q", c.args)
		assert.Equal(t, "conformance: "+c.want+"\n", stderr, "%q", c.args)
		assert.Empty(t, out)
	}
}
