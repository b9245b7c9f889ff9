package journal

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/disktest"
)

// fullFile is a file on a disk that is full after a number of bytes.
type fullFile struct {
	*os.File
	room  *int
	uncut bool // nor can it be made shorter
}

func (f fullFile) Write(text []byte) (int, error) {
	fits := min(len(text), *f.room)
	n, err := f.File.Write(text[:fits])
	if *f.room -= n; err == nil && fits < len(text) {
		err = &os.PathError{Op: "write", Path: f.Name(), Err: syscall.ENOSPC}
	}
	return n, err
}

func (f fullFile) Truncate(size int64) error {
	if f.uncut {
		return &os.PathError{Op: "truncate", Path: f.Name(), Err: syscall.EIO}
	}
	return f.File.Truncate(size)
}

// onAFullDisk has the journal write to a disk with this room.
func onAFullDisk(j *Journal, f fullFile) {
	j.openFile = func(name string, flag int) (file, error) {
		opened, err := os.OpenFile(name, flag, 0o600)
		f.File = opened
		return f, err
	}
}

// TestAShortWriteIsCutOffAgain fills the disk at many a byte of the second entry.
func TestAShortWriteIsCutOffAgain(t *testing.T) {
	for room := 0; ; room += 9 {
		p := newPlace(t)
		j := p.open("staging", "a", "b", "c")
		j.Know(small("a", "b", "c"))
		left := 1 << 20
		onAFullDisk(j, fullFile{room: &left})
		require.NoError(t, j.Record("Resize", []string{"a"}))
		before, err := os.ReadFile(j.Path())
		require.NoError(t, err)

		left = room
		err = j.Record("Resize", []string{"b"})
		if err == nil {
			require.Greater(t, room, 50, "as long as an entry")
			break
		}
		require.ErrorIs(t, err, syscall.ENOSPC, "the call must not leave")
		after, err := os.ReadFile(j.Path())
		require.NoError(t, err)
		assert.Equal(t, string(before), string(after))
		require.NoError(t, j.Record("Resize", []string{"a"}), "restoring needs no room: the entry is open")

		left = 1 << 20
		require.NoError(t, j.Record("Resize", []string{"c"}), "there is room again")
		assert.Equal(t, small("a", "c"), p.open("staging").Open())
		assert.Empty(t, p.open("staging").Damaged())
	}
}

// TestAfterAShortWriteThatStaysNothingLeaves cannot cut off what was written of a line.
func TestAfterAShortWriteThatStaysNothingLeaves(t *testing.T) {
	p := newPlace(t)
	j := p.open("staging", "a", "b")
	j.Know(small("a", "b"))
	left := 1 << 20
	onAFullDisk(j, fullFile{room: &left, uncut: true})
	require.NoError(t, j.Record("Resize", []string{"a"}))
	left = 20
	require.ErrorIs(t, j.Record("Resize", []string{"b"}), syscall.ENOSPC)
	left = 1 << 20
	require.ErrorContains(t, j.Record("Resize", []string{"b"}), "part of a line is left at its end")
	assert.Equal(t, small("a"), p.open("staging").Open(), "the fragment costs nothing but itself")
}

func TestWhatDoesNotReachTheDiskIsNotRecorded(t *testing.T) {
	p := newPlace(t)
	j := p.open("staging", "a")
	j.Know(small("a"))
	j.openFile = func(name string, flag int) (file, error) {
		opened, err := os.OpenFile(name, flag, 0o600)
		return syncless{opened}, err
	}
	require.ErrorIs(t, j.Record("Resize", []string{"a"}), syscall.EIO)
	assert.Empty(t, j.Open())
	assert.NoFileExists(t, j.Path())
}

// syncless is a file whose content does not reach the disk.
type syncless struct{ *os.File }

func (s syncless) Sync() error { return &os.PathError{Op: "sync", Path: s.Name(), Err: syscall.EIO} }

// TestAMarkWithoutRoomIsMadeUpFor restores two subjects on a disk that is full.
func TestAMarkWithoutRoomIsMadeUpFor(t *testing.T) {
	for name, c := range map[string]struct {
		roomAtTheEnd int
		both         bool
		failed       bool
	}{
		"the last one needs no mark":    {0, true, false},
		"there is room again":           {1 << 20, false, false},
		"there is none until the close": {0, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlace(t)
			j, err := Open(File(p.dir, "staging"), p.state, Owner{Target: "staging", Endpoint: stagingURL, Subjects: []string{"a", "b"}})
			require.NoError(t, err)
			j.Know(small("a", "b"))
			left := 1 << 20
			onAFullDisk(j, fullFile{room: &left})
			require.NoError(t, j.Record("Resize", []string{"a", "b"}))
			left = 0
			require.NoError(t, j.Done("a"))
			assert.Equal(t, small("b"), j.Open())
			if c.both {
				require.NoError(t, j.Done("b"))
				assert.NoFileExists(t, j.Path())
			}
			left = c.roomAtTheEnd
			err = j.Close()
			if !c.failed {
				require.NoError(t, err)
				open := small("b")
				if c.both {
					open = map[string]State{}
				}
				assert.Equal(t, open, p.open("staging").Open())
				return
			}
			require.ErrorContains(t, err, "instance a is restored, but could not be marked so")
			assert.Equal(t, small("a", "b"), p.open("staging").Open(), "cleanup looks at it again")
		})
	}
}

// TestAFullFileSystem does the same for real, on a file system of a few pages: journal,
// claims and all. It takes root.
func TestAFullFileSystem(t *testing.T) {
	disk := t.TempDir()
	disktest.Small(t, disk)
	p := place{t, filepath.Join(disk, "reports"), filepath.Join(disk, "state")}
	j := p.open("staging", "a", "b")
	j.Know(small("a", "b"))
	require.NoError(t, j.Record("Resize", []string{"a"}))
	fill(t, filepath.Join(disk, "filler"))
	j.Know(map[string]State{"b": {Status: "STOPPED", Values: map[string]string{"instanceType": string(make([]byte, 8192))}}})
	require.ErrorIs(t, j.Record("Resize", []string{"b"}), syscall.ENOSPC)
	require.NoError(t, j.Record("Resize", []string{"a"}), "its entry is open")
	require.NoError(t, j.Close())

	later := p.open("staging", "a", "b")
	assert.Equal(t, small("a"), later.Open())
	assert.Empty(t, later.Damaged())
	require.NoError(t, later.Lock(), "restoring needs no room")
	require.NoError(t, later.Record("Resize", []string{"a"}))
	require.NoError(t, later.Done("a"))
	assert.NoFileExists(t, later.Path())
	require.NoError(t, later.Close())

	fill(t, filepath.Join(disk, "more"))
	again := p.open("other", "a")
	again.Know(small("a"))
	require.Error(t, again.Record("Resize", []string{"a"}), "nothing is begun on a full disk")
}

// fill writes until the disk is full.
func fill(t *testing.T, name string) {
	t.Helper()
	f, err := os.Create(name)
	require.NoError(t, err)
	defer func() { require.NoError(t, f.Close()) }()
	for size := 4096; size > 0; {
		if _, err := f.Write(make([]byte, size)); errors.Is(err, syscall.ENOSPC) {
			size /= 2
		} else {
			require.NoError(t, err)
		}
	}
}
