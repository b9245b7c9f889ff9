package wholefile_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/disktest"
	"github.com/zec-tools/conformance/internal/wholefile"
)

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(text)
}

func modeOf(t *testing.T, name string) fs.FileMode {
	t.Helper()
	info, err := os.Lstat(name)
	require.NoError(t, err)
	return info.Mode()
}

func TestAFileIsWrittenAndReplaced(t *testing.T) {
	name := filepath.Join(t.TempDir(), "page")
	require.NoError(t, wholefile.Write(name, []byte("one"), 0o644))
	assert.Equal(t, "one", read(t, name))
	assert.Equal(t, fs.FileMode(0o644), modeOf(t, name))
	require.NoError(t, os.Chmod(name, 0o600))
	require.NoError(t, wholefile.Write(name, []byte("two"), 0o644))
	assert.Equal(t, "two", read(t, name))
	assert.Equal(t, fs.FileMode(0o600), modeOf(t, name), "its owner wanted it so")
	entries, err := os.ReadDir(filepath.Dir(name))
	require.NoError(t, err)
	assert.Len(t, entries, 1, "no temporary file is left")
}

func TestALinkIsFollowedAndADeviceIsNotReplaced(t *testing.T) {
	folder := t.TempDir()
	name, link := filepath.Join(folder, "page"), filepath.Join(folder, "link")
	require.NoError(t, os.WriteFile(name, []byte("one"), 0o600))
	require.NoError(t, os.Symlink("page", link))
	require.NoError(t, wholefile.Write(link, []byte("two"), 0o644))
	assert.Equal(t, "two", read(t, name))
	assert.Equal(t, fs.ModeSymlink, modeOf(t, link).Type())

	null := filepath.Join(folder, "null")
	require.NoError(t, os.Symlink(os.DevNull, null))
	before := modeOf(t, os.DevNull)
	require.NoError(t, wholefile.Write(null, []byte("nothing"), 0o644))
	assert.Equal(t, before, modeOf(t, os.DevNull))
}

func TestAnErrorNamesTheFileOnce(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	for name, want := range map[string]string{
		"":                               "the name of the file is empty: name one",
		folder:                           folder + ": it is a folder, where a file is to stand: remove it, or name another file",
		filepath.Join(folder, "no", "x"): filepath.Join(folder, "no", "x") + ": no such file or directory",
		filepath.Join(file, "x"):         filepath.Join(file, "x") + ": not a directory",
	} {
		assert.EqualError(t, wholefile.Write(name, nil, 0o644), want)
	}
}

func TestAFolderIsMade(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	require.NoError(t, wholefile.Folder(filepath.Join(folder, "a", "b")))
	require.NoError(t, wholefile.Folder(filepath.Join(folder, "a", "b")))
	require.NoError(t, wholefile.Write(filepath.Join(folder, "a", "b", "c"), nil, 0o644))
	assert.EqualError(t, wholefile.Folder(""), "the name of the folder is empty: name one")
	for _, name := range []string{file, filepath.Join(file, "x")} {
		assert.EqualError(t, wholefile.Folder(name), name+": not a directory; name another folder")
	}
}

func TestOnAFullDiskAFileIsAsItWas(t *testing.T) {
	folder := t.TempDir()
	disktest.Small(t, folder)
	name, other := filepath.Join(folder, "page"), filepath.Join(folder, "new")
	require.NoError(t, wholefile.Write(name, []byte("one"), 0o644))
	large := bytes.Repeat([]byte("x"), 80<<10)
	for _, file := range []string{name, other} {
		assert.EqualError(t, wholefile.Write(file, large, 0o644), file+": no space left on device")
	}
	assert.Equal(t, "one", read(t, name))
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Len(t, entries, 1, "nothing half-written is left")
}
