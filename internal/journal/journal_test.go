package journal

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const stagingURL = "https://api.example.com"

// place is where a test keeps journals, and the user's state folder.
type place struct {
	t          *testing.T
	dir, state string
}

func newPlace(t *testing.T) place {
	t.Helper()
	return place{t, t.TempDir(), filepath.Join(t.TempDir(), "state")}
}

// open opens the journal of a target at the endpoint of the tests.
func (p place) open(target string, subjects ...string) *Journal {
	p.t.Helper()
	j, err := Open(File(p.dir, target), p.state, Owner{Target: target, Endpoint: stagingURL, Subjects: subjects})
	require.NoError(p.t, err)
	p.t.Cleanup(func() { require.NoError(p.t, j.Close()) })
	return j
}

// claimFiles returns the names of the claims.
func (p place) claimFiles() []string {
	p.t.Helper()
	names, err := filepath.Glob(filepath.Join(p.state, "runs", "*"))
	require.NoError(p.t, err)
	return names
}

func small(subjects ...string) map[string]State {
	states := map[string]State{}
	for _, subject := range subjects {
		states[subject] = State{Status: "STOPPED", Values: map[string]string{"instanceType": "small"}}
	}
	return states
}

func TestAJournalSurvivesItsRun(t *testing.T) {
	p := newPlace(t)
	j := p.open("staging", "a", "b")
	j.Know(small("a", "b"))
	require.NoError(t, j.Record("Resize", []string{"a", "b"}))
	require.NoError(t, j.Record("Resize", []string{"a"}))
	require.NoError(t, j.Done("b"))
	j.Know(map[string]State{"a": {Status: "RUNNING"}})
	assert.Equal(t, small("a"), p.open("staging").Open(), "it can be read meanwhile")
	require.NoError(t, j.Close())

	later := p.open("staging", "a", "b")
	assert.Equal(t, small("a"), later.Open(), "the state before the first change is the one that counts")
	require.NoError(t, later.Record("Resize", []string{"a"}))
	require.NoError(t, later.Done("a"))
	assert.Empty(t, p.open("staging").Open())
	assert.NoFileExists(t, j.Path())
	require.NoError(t, later.Close())
	assert.Empty(t, p.claimFiles(), "nothing is left in the state folder")
}

func TestNothingIsCalledOnASubjectWhoseStateIsNotKnown(t *testing.T) {
	j := newPlace(t).open("staging", "a")
	require.ErrorContains(t, j.Record("Resize", []string{"a"}), "the state of instance a was not read before")
	assert.NoFileExists(t, j.Path())
}

// TestMessagesCallASubjectAsItsOwnerDoes holds what is said of subjects of another kind.
func TestMessagesCallASubjectAsItsOwnerDoes(t *testing.T) {
	p := newPlace(t)
	vaults := Owner{Target: "staging", Endpoint: stagingURL, Kind: "vault", Subjects: []string{"a"}}
	j, err := Open(File(p.dir, "staging"), p.state, vaults)
	require.NoError(t, err)
	require.ErrorContains(t, j.Record("Seal", []string{"a"}), "the state of vault a was not read before")
	second, err := Open(File(t.TempDir(), "staging"), p.state, vaults)
	require.NoError(t, err)
	require.NoError(t, j.Lock())
	require.ErrorContains(t, second.Lock(), "another run is at work on vault a (")
	require.NoError(t, j.Close())
	require.NoError(t, os.WriteFile(j.Path(), []byte(`{"mark":"call","subject":"a"}`+"\nhello\n"), 0o600))
	damaged, err := Open(j.Path(), p.state, vaults)
	require.NoError(t, err)
	require.Len(t, damaged.Damaged(), 2)
	assert.Contains(t, damaged.Damaged()[0], ":1: a damaged line: it is about vault a;")
	assert.Contains(t, damaged.Damaged()[1], ":2: a damaged line: nothing in it tells which vault it is about;")
}

func TestWithoutAStateFolderNothingIsCalled(t *testing.T) {
	j, err := Open(File(t.TempDir(), "staging"), "", Owner{Target: "staging", Endpoint: stagingURL, Subjects: []string{"a"}})
	require.NoError(t, err)
	j.Know(small("a"))
	require.ErrorContains(t, j.Record("Resize", []string{"a"}), "set XDG_STATE_HOME")
}

func TestASubjectThatIsForgottenIsLeftAsItIs(t *testing.T) {
	p := newPlace(t)
	j := p.open("staging", "a", "b")
	j.Know(small("a", "b"))
	require.NoError(t, j.Record("Resize", []string{"a", "b"}))
	require.NoError(t, j.Forget("a"))
	require.NoError(t, j.Close())
	later := p.open("staging", "a", "b")
	assert.Equal(t, small("b"), later.Open())
	require.NoError(t, later.Forget("b"))
	assert.NoFileExists(t, later.Path())
}

// TestReadingAJournalLeavesItAsItIs has somebody look while a run writes its next line.
func TestReadingAJournalLeavesItAsItIs(t *testing.T) {
	p := newPlace(t)
	run := p.open("staging", "a", "b")
	run.Know(small("a", "b"))
	for _, written := range []func() error{
		func() error { return run.Record("Resize", []string{"a"}) },
		func() error { return run.Record("Resize", []string{"b"}) },
		func() error { _, err := run.out.file.Write([]byte(`{"mark":"call","subj`)); return err },
	} {
		require.NoError(t, written())
		before, err := os.ReadFile(run.Path())
		require.NoError(t, err)
		looking := p.open("staging", "a", "b")
		assert.Contains(t, looking.Open(), "a")
		after, err := os.ReadFile(run.Path())
		require.NoError(t, err)
		assert.Equal(t, string(before), string(after))
	}
}

// TestWhatHappenedSinceAJournalWasReadCounts lets another run come and go between reading
// and holding.
func TestWhatHappenedSinceAJournalWasReadCounts(t *testing.T) {
	p := newPlace(t)
	early, killed := p.open("staging", "a"), p.open("staging", "a")
	killed.Know(small("a"))
	require.NoError(t, killed.Record("Resize", []string{"a"}))
	require.NoError(t, killed.Close())
	require.NoError(t, early.Lock())
	assert.Equal(t, small("a"), early.Open())
}

func TestWhatIsReadOfAJournal(t *testing.T) {
	const (
		header  = `{"version":2,"mark":"target","target":"staging","endpoint":"https://api.example.com"}` + "\n"
		header1 = `{"mark":"target","target":"staging","endpoint":"https://api.example.com"}` + "\n"
		call    = `{"mark":"call","subject":"a","action":"Resize","oldStatus":"STOPPED","oldValues":{"instanceType":"small"}}` + "\n"
		call1   = `{"mark":"call","instance":"a","oldType":"small","wantedType":"large"}` + "\n"
		callB   = `{"mark":"call","subject":"b","action":"Resize","oldStatus":"STOPPED","oldValues":{"instanceType":"small"}}` + "\n"
	)
	none, a, b := map[string]State{}, small("a"), small("b")
	a1 := map[string]State{"a": {Values: map[string]string{"instanceType": "small"}}}
	for name, c := range map[string]struct {
		text    string
		open    map[string]State
		damaged []string // what the messages hold
		err     string
	}{
		"nothing":                              {"", none, nil, ""},
		"a header alone":                       {header, none, nil, ""},
		"a call":                               {header + call, a, nil, ""},
		"a call of version 1":                  {header1 + call1, a1, nil, ""},
		"version 1, gone on with":              {header1 + call1 + callB, map[string]State{"a": a1["a"], "b": b["b"]}, nil, ""},
		"a call cut off in writing":            {header + call[:40], none, nil, ""},
		"another one cut off":                  {header + call + call[:40], a, nil, ""},
		"the last line lost its newline":       {header + strings.TrimSuffix(call, "\n"), a, nil, ""},
		"a done that lost its newline":         {header + call + `{"mark":"done","subject":"a"}`, none, nil, ""},
		"a call and its end":                   {header + call + `{"mark":"done","subject":"a"}` + "\n", none, nil, ""},
		"a call and its end, version 1":        {header1 + call1 + `{"mark":"done","instance":"a"}` + "\n", none, nil, ""},
		"a call that was forgotten":            {header + call + `{"mark":"forgotten","subject":"a"}` + "\n", none, nil, ""},
		"a fragment and the next call in one":  {header + call[:40] + callB, b, nil, ""},
		"the target under another name":        {strings.Replace(header, "staging", "other", 1) + call, a, nil, ""},
		"the endpoint in another spelling":     {strings.Replace(header, "api.example.com", "API.Example.com.:443", 1) + call, a, nil, ""},
		"two parts of one journal":             {header + call + header + callB, small("a", "b"), nil, ""},
		"something else in it":                 {header + "hello\n" + call, a, []string{"journal-staging.jsonl:2: a damaged line: nothing in it tells"}, ""},
		"a mark that is not known":             {header + call + `{"mark":"moved","subject":"a"}` + "\n", a, []string{":3: a damaged line: it is about instance a"}, ""},
		"an object without a mark":             {header + "{}\n", none, []string{":2: a damaged line"}, ""},
		"a null":                               {header + "null\n", none, []string{":2: a damaged line"}, ""},
		"no header":                            {call, a, nil, ""},
		"a damaged header":                     {"\x00\x00\n" + call, a, []string{":1: a damaged line"}, ""},
		"a call on nothing":                    {header + `{"mark":"call","oldStatus":"STOPPED"}` + "\n" + call, a, []string{":2: a damaged line"}, ""},
		"a call without an old state":          {header + `{"mark":"call","subject":"b"}` + "\n" + call, a, []string{":2: a damaged line: it is about instance b"}, ""},
		"a line cut in the middle":             {header + call[:40] + "\n" + callB, b, []string{":2: a damaged line: it is about instance a"}, ""},
		"a line filled with zeros":             {header + call + "\x00\x00\x00\n", a, []string{":3: a damaged line"}, ""},
		"another endpoint":                     {strings.Replace(header, "api.", "old.", 1) + call, nil, nil, "journal of target staging at https://old.example.com: finish it with that endpoint"},
		"a later version":                      {strings.Replace(header, `"version":2`, `"version":4`, 1) + call, nil, nil, "journal-staging.jsonl:1: the journal is of version 4"},
		"two journals of different endpoints":  {header + call + strings.Replace(header, "api.", "old.", 1), nil, nil, ":3: a second journal, of https://old.example.com"},
		"done, then damage: nothing was asked": {header + call + `{"mark":"done","subject":"a"}` + "\n" + "x\n", none, []string{":4: a damaged line"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlace(t)
			file := File(p.dir, "staging")
			require.NoError(t, os.WriteFile(file, []byte(c.text), 0o600))
			if c.err != "" {
				_, err := Open(file, p.state, Owner{Target: "staging", Endpoint: stagingURL})
				require.ErrorContains(t, err, c.err)
				assert.FileExists(t, file)
				return
			}
			j := p.open("staging", "a", "b", "c")
			assert.Equal(t, c.open, j.Open())
			require.Len(t, j.Damaged(), len(c.damaged))
			for i, damaged := range c.damaged {
				assert.Contains(t, j.Damaged()[i], damaged)
			}
			require.NoError(t, j.Lock())
			if len(c.open)+len(c.damaged) == 0 {
				assert.NoFileExists(t, file, "who may write removes what leaves nothing to do")
			}
			j.Know(small("c"))
			require.NoError(t, j.Record("Resize", []string{"c"}))
			require.NoError(t, j.Close())
			again := p.open("staging", "a", "b", "c")
			open := small("c")
			for subject, state := range c.open {
				open[subject] = state
			}
			assert.Equal(t, open, again.Open(), "what was there does not spoil what comes next, nor the other way round")
			assert.Len(t, again.Damaged(), len(c.damaged))
		})
	}
}

func FuzzReadingAJournalNeverPanics(f *testing.F) {
	f.Add(`{"mark":"target","target":"staging","endpoint":"https://api.example.com"}` + "\n" + `{"mark":"call","instance":"a","oldType":"b"}`)
	f.Add("{}\nnull\n[]\n")
	f.Fuzz(func(t *testing.T, text string) {
		p := newPlace(t)
		file := File(p.dir, "staging")
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		j, err := Open(file, p.state, Owner{Target: "staging", Endpoint: stagingURL})
		if err != nil {
			return
		}
		for subject := range j.Open() {
			require.NoError(t, j.Done(subject))
		}
		require.NoError(t, j.Close())
		assert.Empty(t, j.Open())
		_, err = os.Stat(file)
		if len(j.Damaged()) > 0 {
			assert.NoError(t, err, "what cannot be read is not thrown away")
		}
	})
}
