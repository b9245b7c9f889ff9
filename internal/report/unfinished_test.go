package report_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/verdict"
)

// left is the one file that a run has left in a folder so far.
func left(t *testing.T, dir string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, ".unfinished-*"))
	require.NoError(t, err)
	require.Len(t, files, 1)
	return files[0]
}

// endedIn are the scenarios that the killed runs of a folder have left, in the order in which they ended.
func endedIn(t *testing.T, dir string) (found []string) {
	t.Helper()
	for _, r := range report.Unfinished(dir) {
		for s, err := range r.Scenarios() {
			require.NoError(t, err)
			found = append(found, s.ID)
		}
		require.NoError(t, r.Close())
	}
	return found
}

// TestWhatAKilledRunHasLeftIsReadBack reads the folder while the spool is open, as a run that was
// killed leaves it.
func TestWhatAKilledRunHasLeftIsReadBack(t *testing.T) {
	dir := t.TempDir()
	head, scenarios := sample()
	spool, err := report.CreateResumable(dir, head)
	require.NoError(t, err)
	for i, s := range scenarios {
		require.NoError(t, spool.Add(len(scenarios)-i, s), "in whatever order")
	}
	info, err := os.Stat(left(t, dir))
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	readers := report.Unfinished(dir)
	require.Len(t, readers, 1)
	defer func() { assert.NoError(t, readers[0].Close()) }()
	assert.Equal(t, head.Contract, readers[0].Head.Contract)
	assert.Equal(t, head.Selection, readers[0].Head.Selection)
	for s, err := range readers[0].Scenarios() {
		require.NoError(t, err)
		assert.Equal(t, scenarios[0].ID, s.ID)
		assert.Len(t, s.Exchanges, len(scenarios[0].Exchanges), "with its evidence")
		break
	}
	assert.Equal(t, len(scenarios), readers[0].Len())
	require.NoError(t, spool.Close())
	assert.Empty(t, endedIn(t, dir), "a run that ends leaves nothing")
}

// TestAKilledRunLosesAtMostWhatItWasWriting cuts the file off at every byte, and makes a hole of
// every record: what is whole is read, and nothing else.
func TestAKilledRunLosesAtMostWhatItWasWriting(t *testing.T) {
	dir := t.TempDir()
	spool, err := report.CreateResumable(dir, verdict.Run{})
	require.NoError(t, err)
	var ends []int64 // of the head and of each record
	name := left(t, dir)
	note := func() {
		info, err := os.Stat(name)
		require.NoError(t, err)
		ends = append(ends, info.Size())
	}
	note()
	for i := range 3 {
		require.NoError(t, spool.Add(i, verdict.Scenario{ID: fmt.Sprintf("S-%d", i), Name: "a\nb", Outcome: verdict.Passed}))
		note()
	}
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	require.NoError(t, spool.Close())
	all := []string{"S-0", "S-1", "S-2"}
	for size := range len(text) + 1 {
		whole := 0
		for _, end := range ends[1:] {
			if int64(size) >= end {
				whole++
			}
		}
		require.NoError(t, os.WriteFile(name, text[:size], 0o600))
		assert.Equal(t, all[:whole], append([]string{}, endedIn(t, dir)...), "%d bytes", size)
	}
	for i := range 3 { // written later than what stands behind it
		holed := append([]byte{}, text...)
		clear(holed[ends[i]:ends[i+1]])
		require.NoError(t, os.WriteFile(name, holed, 0o600))
		assert.Equal(t, append(append([]string{}, all[:i]...), all[i+1:]...), endedIn(t, dir), "record %d is a hole", i)
		half := append([]byte{}, text...)
		clear(half[ends[i]+9 : ends[i+1]])
		require.NoError(t, os.WriteFile(name, half, 0o600))
		assert.Equal(t, append(append([]string{}, all[:i]...), all[i+1:]...), endedIn(t, dir), "record %d is half written", i)
	}
	require.NoError(t, os.WriteFile(name, []byte("no head"), 0o600))
	assert.Empty(t, report.Unfinished(dir))
	require.NoError(t, report.RemoveUnfinished(dir))
	assert.NoFileExists(t, name)
}
