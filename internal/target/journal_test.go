package target

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var staging = Config{Name: "staging", Endpoint: "https://api.example.com"}

func open(t *testing.T, dir string) *Journal {
	t.Helper()
	j, err := OpenJournal(dir, staging)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, j.Close()) })
	return j
}

func TestAJournalSurvivesItsRun(t *testing.T) {
	dir := t.TempDir()
	j := open(t, dir)
	j.know(map[string]string{"a": "small", "b": "small"})
	require.NoError(t, j.note("large", []string{"a", "b"}))
	require.NoError(t, j.note("huge", []string{"a"}))
	require.NoError(t, j.done("b"))
	j.know(map[string]string{"a": "large"})
	assert.Equal(t, map[string]string{"a": "small"}, open(t, dir).Open(), "it can be read meanwhile")
	require.NoError(t, j.Close())

	later := open(t, dir)
	assert.Equal(t, map[string]string{"a": "small"}, later.Open(), "the type before the first change is the one that counts")
	require.NoError(t, later.note("small", []string{"a"}), "putting it back is noted, too")
	require.NoError(t, later.done("a"))
	assert.Empty(t, open(t, dir).Open())
	assert.NoFileExists(t, j.Path())
}

func TestNothingIsCalledOnAnInstanceWhoseTypeIsNotKnown(t *testing.T) {
	j := open(t, t.TempDir())
	require.ErrorContains(t, j.note("large", []string{"a"}), "the type of instance a was not read before")
	assert.NoFileExists(t, j.Path())
}

func TestOfTwoRunsAtOnceTheSecondChangesNothing(t *testing.T) {
	dir := t.TempDir()
	first, second := open(t, dir), open(t, dir)
	first.know(map[string]string{"a": "small"})
	second.know(map[string]string{"b": "small"})
	require.NoError(t, first.note("large", []string{"a"}))
	require.ErrorContains(t, second.note("large", []string{"b"}), "another run is at work on this target")
	require.NoError(t, first.done("a"))
	require.ErrorContains(t, second.note("large", []string{"b"}), "another run is at work on this target", "until it has ended")
	require.NoError(t, first.Close())
	require.NoError(t, second.note("large", []string{"b"}))
	require.NoError(t, second.done("b"))
	require.NoError(t, second.Close())
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Empty(t, left, "neither a journal nor a lock")
}

// TestReadingAJournalLeavesItAsItIs has somebody look while a run writes its next line.
func TestReadingAJournalLeavesItAsItIs(t *testing.T) {
	dir := t.TempDir()
	run := open(t, dir)
	run.know(map[string]string{"a": "small", "b": "small"})
	for _, written := range []func() error{
		func() error { return run.note("large", []string{"a"}) },
		func() error { return run.append(entry{Mark: markCall, Instance: "b", OldType: "small"}) },
		func() error { _, err := run.file.WriteString(`{"mark":"call","inst`); return err },
	} {
		require.NoError(t, written())
		before, err := os.ReadFile(run.Path())
		require.NoError(t, err)
		looking := open(t, dir)
		assert.Contains(t, looking.Open(), "a")
		after, err := os.ReadFile(run.Path())
		require.NoError(t, err)
		assert.Equal(t, string(before), string(after))
	}
}

// TestWhatHappenedSinceAJournalWasReadCounts lets another run come and go between reading
// and holding.
func TestWhatHappenedSinceAJournalWasReadCounts(t *testing.T) {
	dir := t.TempDir()
	early := open(t, dir)
	killed := open(t, dir)
	killed.know(map[string]string{"a": "small"})
	require.NoError(t, killed.note("large", []string{"a"}))
	require.NoError(t, killed.Close())
	require.NoError(t, early.Hold())
	assert.Equal(t, map[string]string{"a": "small"}, early.Open())
}

func TestWhatIsReadOfAJournal(t *testing.T) {
	header := `{"mark":"target","target":"staging","endpoint":"https://api.example.com"}` + "\n"
	call := `{"mark":"call","instance":"a","oldType":"small","wantedType":"large"}` + "\n"
	for name, c := range map[string]struct {
		text string
		open map[string]string
		want string // of the error
	}{
		"nothing":                       {"", map[string]string{}, ""},
		"a header alone":                {header, map[string]string{}, ""},
		"a call":                        {header + call, map[string]string{"a": "small"}, ""},
		"a call cut off in writing":     {header + call[:40], map[string]string{}, ""},
		"another one cut off":           {header + call + call[:40], map[string]string{"a": "small"}, ""},
		"a call and its end":            {header + call + `{"mark":"done","instance":"a"}` + "\n", map[string]string{}, ""},
		"another target":                {strings.Replace(header, "staging", "other", 1) + call, nil, "journal-staging.jsonl:1: the journal is that of target other"},
		"another endpoint":              {strings.Replace(header, "api.", "old.", 1) + call, nil, "https://old.example.com: set its endpoint again"},
		"something else than a journal": {header + "hello\n", nil, "journal-staging.jsonl:2: no entry of a journal"},
		"a mark that is not known":      {header + call + `{"mark":"moved","instance":"a"}` + "\n", nil, "journal-staging.jsonl:3: no entry of a journal"},
		"an object without a mark":      {header + "{}\n", nil, "journal-staging.jsonl:2: no entry of a journal"},
		"a null":                        {header + "null\n", nil, "journal-staging.jsonl:2: no entry of a journal"},
		"nobody's journal":              {call, nil, "journal-staging.jsonl:1: no entry of a journal"},
		"two journals in one":           {header + call + header, nil, "journal-staging.jsonl:3: no entry of a journal"},
		"a call on nothing":             {header + `{"mark":"call","oldType":"small"}` + "\n", nil, "journal-staging.jsonl:2: no entry of a journal"},
		"a call without the old type":   {header + `{"mark":"call","instance":"a"}` + "\n", nil, "journal-staging.jsonl:2: no entry of a journal"},
		"a line filled with zeros":      {header + call + "\x00\x00\x00\n", nil, "journal-staging.jsonl:3: no entry of a journal"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, "journal-staging.jsonl")
			require.NoError(t, os.WriteFile(file, []byte(c.text), 0o600))
			j, err := OpenJournal(dir, staging)
			if c.want != "" {
				require.ErrorContains(t, err, c.want)
				assert.FileExists(t, file)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, c.open, j.Open())
			if len(c.open) > 0 { // what was cut off does not spoil what comes next
				require.NoError(t, j.note("large", []string{"a"}))
				require.NoError(t, j.Close())
				again := open(t, dir)
				assert.Equal(t, c.open, again.Open())
				return
			}
			require.NoError(t, j.Hold())
			assert.NoFileExists(t, file, "who may write removes what leaves nothing to do")
		})
	}
}

func FuzzReadingAJournalNeverPanics(f *testing.F) {
	f.Add(`{"mark":"target","target":"staging","endpoint":"https://api.example.com"}` + "\n" + `{"mark":"call","instance":"a","oldType":"b"}`)
	f.Add("{}\nnull\n[]\n")
	f.Fuzz(func(t *testing.T, text string) {
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(dir, "journal-staging.jsonl"), []byte(text), 0o600))
		j, err := OpenJournal(dir, staging)
		if err != nil {
			assert.NotContains(t, err.Error(), "\n")
			return
		}
		for id := range j.Open() {
			require.NoError(t, j.done(id))
		}
		require.NoError(t, j.Close())
		assert.Empty(t, j.Open())
	})
}
