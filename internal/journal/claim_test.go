package journal

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestOfTwoRunsAtOnceTheSecondChangesNothing lets a second run come along in every way in
// which it could touch what the first one changes.
func TestOfTwoRunsAtOnceTheSecondChangesNothing(t *testing.T) {
	for name, c := range map[string]struct {
		folder           bool // the second one has a folder of its own
		target, endpoint string
		subjects         []string
		busy             string // of the error; "": it may run
	}{
		"the same target":                         {false, "staging", stagingURL, []string{"a", "b"}, "on instance a (target staging"},
		"another name":                            {false, "other", stagingURL, []string{"b", "c"}, "on instance b"},
		"another folder":                          {true, "staging", stagingURL, []string{"b"}, "on instance b"},
		"another name and folder":                 {true, "other", stagingURL, []string{"b"}, "on instance b"},
		"the endpoint in another spelling":        {true, "other", "https://API.example.COM.:443/", []string{"b"}, "on instance b"},
		"other instances":                         {true, "other", stagingURL, []string{"c"}, ""},
		"another port":                            {true, "other", stagingURL + ":8443", []string{"a"}, ""},
		"another name of perhaps the same host":   {true, "other", "https://192.0.2.1", []string{"a"}, ""},
		"other instances in the same journal":     {false, "staging", stagingURL, []string{"c"}, "on this target"},
		"another endpoint with the same journal":  {false, "staging", "https://old.example.com", []string{"a"}, "on this target"},
		"other instances, in a journal beside it": {false, "other", stagingURL, []string{"c"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlace(t)
			first := p.open("staging", "a", "b")
			require.NoError(t, first.Lock())
			folder := p.dir
			if c.folder {
				folder = t.TempDir()
			}
			second, err := Open(File(folder, c.target), p.state, Owner{Target: c.target, Endpoint: c.endpoint, Subjects: c.subjects})
			require.NoError(t, err)
			second.Know(small(c.subjects...))
			if err = second.Record("Resize", c.subjects); c.busy == "" {
				require.NoError(t, err)
			} else {
				var busy *Busy
				require.ErrorAs(t, err, &busy)
				assert.Contains(t, busy.Error(), "another run is at work "+c.busy)
				assert.Empty(t, second.Open())
			}
			require.NoError(t, first.Close())
			require.NoError(t, second.Record("Resize", c.subjects), "until the first has ended")
			for _, subject := range c.subjects {
				require.NoError(t, second.Done(subject))
			}
			require.NoError(t, second.Close())
			assert.Empty(t, p.claimFiles())
		})
	}
}

// TestWhatARunLeftIsFoundFromAnywhere looks for the journal of a run that is no more.
func TestWhatARunLeftIsFoundFromAnywhere(t *testing.T) {
	p := newPlace(t)
	killed := p.open("staging", "a", "b")
	killed.Know(small("a", "b"))
	require.NoError(t, killed.Record("Resize", []string{"a"}))
	looking := place{t, t.TempDir(), p.state}
	elsewhere := func(subjects ...string) []Left {
		left, err := looking.open("other", subjects...).Elsewhere()
		require.NoError(t, err)
		return left
	}
	assert.Empty(t, elsewhere("a"), "it is still at work")
	require.NoError(t, killed.Close())
	path, err := filepath.EvalSymlinks(killed.Path())
	require.NoError(t, err)
	assert.Equal(t, []Left{{Journal: path, Target: "staging", Open: []string{"a"}}}, elsewhere("a", "b"))
	assert.Empty(t, elsewhere("b"), "b was not changed")
	own, err := p.open("staging", "a").Elsewhere()
	require.NoError(t, err)
	assert.Empty(t, own, "it is this very journal")

	finishing := p.open("staging", "a")
	require.NoError(t, finishing.Done("a"))
	require.NoError(t, finishing.Close())
	assert.Empty(t, elsewhere("a"))
	assert.Empty(t, p.claimFiles())
}

// TestDamageIsFoundFromAnywhere has every line of a journal in another folder damaged: nobody can
// tell that it was not about a subject that its run could change.
func TestDamageIsFoundFromAnywhere(t *testing.T) {
	p := newPlace(t)
	run := p.open("staging", "a")
	run.Know(small("a"))
	require.NoError(t, run.Record("Resize", []string{"a"}))
	require.NoError(t, run.Close())
	text, err := os.ReadFile(run.Path())
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(run.Path(), bytes.ReplaceAll(text, []byte("small"), []byte("large")), 0o600))
	looking := place{t, t.TempDir(), p.state}
	left, err := looking.open("other", "a", "b").Elsewhere()
	require.NoError(t, err)
	require.Len(t, left, 1)
	assert.Empty(t, left[0].Open)
	require.Len(t, left[0].Damaged, 1)
	assert.Contains(t, left[0].Damaged[0], ":2: a damaged line: it is about instance a;")
	left, err = looking.open("other", "b").Elsewhere()
	require.NoError(t, err)
	assert.Empty(t, left, "that run could not change b")
}

// TestAClaimWhoseJournalIsGoneIsTidiedAway leaves nothing behind of folders that were removed.
func TestAClaimWhoseJournalIsGoneIsTidiedAway(t *testing.T) {
	p := newPlace(t)
	killed := p.open("staging", "a")
	killed.Know(small("a"))
	require.NoError(t, killed.Record("Resize", []string{"a"}))
	require.NoError(t, killed.Close())
	require.Len(t, p.claimFiles(), 1)
	require.NoError(t, os.Remove(killed.Path()))
	next := p.open("other", "a")
	require.NoError(t, next.Lock())
	assert.Len(t, p.claimFiles(), 1, "its own")
}

// TestAClaimThatCannotBeReadConflictsWithEveryOther: its process had no room to write it.
func TestAClaimThatCannotBeReadConflictsWithEveryOther(t *testing.T) {
	p := newPlace(t)
	first := p.open("staging", "a")
	require.NoError(t, first.Lock())
	require.NoError(t, os.WriteFile(p.claimFiles()[0], nil, 0o600))
	var busy *Busy
	require.ErrorAs(t, place{t, t.TempDir(), p.state}.open("other", "z").Lock(), &busy)
}

// TestManyAtOnceGetOneAfterTheOther starts many claims at once: at no time do two hold.
func TestManyAtOnceGetOneAfterTheOther(t *testing.T) {
	p := newPlace(t)
	const runs = 8
	results := make(chan bool, runs)
	for range runs {
		j := p.open("staging", "a")
		go func() {
			var busy *Busy
			err := j.Lock()
			if err != nil && !errors.As(err, &busy) {
				t.Error(err)
			}
			results <- err == nil
		}()
	}
	held := 0
	for range runs {
		if <-results {
			held++
		}
	}
	assert.Equal(t, 1, held)
}
