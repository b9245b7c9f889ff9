package cli_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/features"
	"github.com/zec-tools/conformance/internal/disktest"
)

// fullDisk mounts a small file system until the test ends, writes a file there, and fills the rest.
func fullDisk(t *testing.T, file string) (folder string) {
	t.Helper()
	folder = t.TempDir()
	disktest.Small(t, folder)
	file = filepath.Join(folder, filepath.FromSlash(file))
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
	require.NoError(t, os.WriteFile(file, []byte("before"), 0o600))
	require.ErrorIs(t, os.WriteFile(filepath.Join(folder, "filler"), bytes.Repeat([]byte("x"), 64<<10), 0o600), syscall.ENOSPC)
	return folder
}

// aReport writes the report of a run of one scenario to a folder.
func aReport(t *testing.T) (folder string) {
	t.Helper()
	folder = t.TempDir()
	code, _, stderr := call(t, nil, "run", "--quiet", "--scenario", "status-unknown", "--out", folder)
	require.Zero(t, code, stderr)
	return folder
}

// oneLineOf wants a command to end with one line on stderr.
func oneLineOf(t *testing.T, code int, stderr string) {
	t.Helper()
	assert.Equal(t, 2, code, stderr)
	assert.Equal(t, 1, strings.Count(stderr, "\n"), stderr)
}

// TestOnAFullDiskAPageIsAsItWas writes each kind of page where there is no room for it.
func TestOnAFullDiskAPageIsAsItWas(t *testing.T) {
	kept := aReport(t)
	for file, args := range map[string][]string{
		"docs/README.md":    {"docs", "--out", "docs"},
		"man/conformance.1": {"man", "--out", "man"},
		"history.html":      {"history", kept, "--out", "history.html"},
	} {
		t.Run(args[0], func(t *testing.T) {
			folder := fullDisk(t, file)
			args[len(args)-1] = filepath.Join(folder, args[len(args)-1])
			code, _, stderr := call(t, nil, args...)
			oneLineOf(t, code, stderr)
			assert.Contains(t, stderr, filepath.Join(folder, file)+": no space left on device")
			text, err := os.ReadFile(filepath.Join(folder, file))
			require.NoError(t, err)
			assert.Equal(t, "before", string(text))
			entries, err := os.ReadDir(filepath.Dir(filepath.Join(folder, file)))
			require.NoError(t, err)
			for _, entry := range entries {
				assert.False(t, strings.HasPrefix(entry.Name(), "."), "%s is left", entry.Name())
			}
		})
	}
}

// TestOnAFullDiskNoFeatureIsHalfWritten makes room again after a part of the features, and writes
// the others.
func TestOnAFullDiskNoFeatureIsHalfWritten(t *testing.T) {
	folder := fullDisk(t, "before")
	require.NoError(t, os.Truncate(filepath.Join(folder, "filler"), 16<<10))
	out := filepath.Join(folder, "f")
	code, _, stderr := call(t, nil, "features", "--out", out)
	oneLineOf(t, code, stderr)
	assert.Contains(t, stderr, "conformance: write a feature: "+out)
	assert.Contains(t, stderr, ".feature: no space left on device")

	written := 0
	require.NoError(t, filepath.WalkDir(out, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(out, path)
		require.NoError(t, err)
		want, err := features.FS.ReadFile(filepath.ToSlash(name))
		require.NoError(t, err, "%s is no feature", name)
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.Equal(t, string(want), string(text), name)
		written++
		return nil
	}))
	assert.NotZero(t, written)
}

// TestOnAFullDiskReportsEndWithOneLine writes several reports where there is no room for any.
func TestOnAFullDiskReportsEndWithOneLine(t *testing.T) {
	from := filepath.Join(aReport(t), "report.json")
	folder := fullDisk(t, "q/report.md")
	code, out, stderr := call(t, nil, "report", "--from", from, "--out", filepath.Join(folder, "q"), "--format", "json,html,junit,md,ctrf,har,messages")
	oneLineOf(t, code, stderr)
	assert.Equal(t, "conformance: write "+filepath.Join(folder, "q", "report.json")+": no space left on device\n", stderr)
	assert.Empty(t, out)
	entries, err := os.ReadDir(filepath.Join(folder, "q"))
	require.NoError(t, err)
	assert.Len(t, entries, 1, "the report that was there")
}
