package waiver_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/waiver"
)

var known = waiver.Known{
	Clause:   func(id string) bool { return id == "M-ONE" || id == "M-TWO" },
	Scenario: func(id string) bool { return id == "a-case" || id == "rows" || id == "rows[1]" },
}

func file(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "w.yaml")
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	return name
}

func TestFilesOfWaiversAreReadStrictly(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"an unknown key", "waivers:\n  - target: it\n    because: x\n", `:3: unknown key "because"`},
		{"a list instead of a text", "waivers:\n  - target: [it]\n", ":2: want a string, got a list"},
		{"no list", "waivers: all\n", ":1: want a list, got a string (all)"},
		{"no reason", "waivers:\n  - {target: it, clause: M-ONE, fingerprint: \"0\", owner: o, expires: \"2999-12-31\"}\n", ":2: a waiver without reason"},
		{"an empty owner", "waivers:\n  - {target: it, clause: M-ONE, fingerprint: \"0\", reason: r, owner: \" \", expires: \"2999-12-31\"}\n", ":2: a waiver without owner"},
		{"both subjects", "# one\nwaivers:\n  - {target: it, clause: M-ONE, scenario: a-case, fingerprint: \"0\", reason: r, owner: o, expires: \"2999-12-31\"}\n", ":3: a waiver is of a clause or of a scenario"},
		{"no subject", "waivers:\n  - {target: it, fingerprint: \"0\", reason: r, owner: o, expires: \"2999-12-31\"}\n", ":2: a waiver is of a clause or of a scenario"},
		{"an unknown clause", "waivers:\n  - {target: it, clause: M-NO, fingerprint: \"0\", reason: r, owner: o, expires: \"2999-12-31\"}\n", `:2: the contract has no clause "M-NO"`},
		{"an unknown row", "waivers:\n  - {target: it, scenario: \"rows[9]\", fingerprint: \"0\", reason: r, owner: o, expires: \"2999-12-31\"}\n", `:2: the features have no scenario "rows[9]"`},
		{"no day", "waivers:\n  - {target: it, clause: M-ONE, fingerprint: \"0\", reason: r, owner: o, expires: soon}\n", `:2: expires "soon" is no day`},
	} {
		t.Run(c.name, func(t *testing.T) {
			name := file(t, c.text)
			_, err := waiver.Read([]string{name}, known)
			require.ErrorContains(t, err, name+c.want)
			assert.NotContains(t, err.Error(), "\n")
		})
	}
	for _, empty := range []string{"", "# one known violation was here\n# waivers:\n#   - clause: M-ONE\n", "---\n", "waivers:\n", "waivers: []\n"} {
		waivers, err := waiver.Read([]string{file(t, empty)}, known)
		require.NoError(t, err, "%q", empty)
		assert.Empty(t, waivers)
	}
	one := "waivers:\n  - {target: it, clause: M-ONE, fingerprint: \"0\", reason: r, owner: o, expires: \"2999-12-31\"}\n"
	waivers, err := waiver.Read([]string{file(t, one), file(t, one)}, known)
	require.NoError(t, err)
	assert.Len(t, waivers, 2, "files add up")
}

var (
	broken = verdict.Finding{Clause: "M-ONE", Level: verdict.Must, Where: "status", Want: "success (200)", Got: "404 A"}
	worse  = verdict.Finding{Clause: "M-ONE", Level: verdict.Must, Where: "status", Want: "success (200)", Got: "500 B"}
	typed  = verdict.Finding{Clause: "M-TWO", Level: verdict.Must, Where: "trajectory of instance ins-1", Want: "RESIZING, then the type a.1", Got: "STOPPED and type b.2 for 1s"}
	day    = time.Date(2026, 3, 31, 23, 59, 59, 0, time.UTC)
)

func failed(id string, findings ...verdict.Finding) verdict.Scenario {
	return verdict.Scenario{ID: id, Outcome: verdict.Failed, Findings: append([]verdict.Finding{}, findings...)}
}

func TestWhatBecomesOfAWaiver(t *testing.T) {
	of := func(w waiver.Waiver) waiver.Waiver {
		w.Target, w.Reason, w.Owner = "it", "r", "o"
		if w.Expires == "" {
			w.Expires = "2026-03-31"
		}
		return w
	}
	for _, c := range []struct {
		name   string
		waiver waiver.Waiver
		now    time.Time
		met    []verdict.Scenario
		state  verdict.WaiverState
		waived int
		prints []string
	}{
		{"of the clause", of(waiver.Waiver{Clause: "M-ONE", Fingerprint: broken.Fingerprint()}), day, []verdict.Scenario{failed("a-case", broken), failed("rows[1]", broken)}, verdict.WaiverApplied, 2, nil},
		{"of the scenario", of(waiver.Waiver{Scenario: "a-case", Fingerprint: broken.Fingerprint()}), day, []verdict.Scenario{failed("a-case", broken), failed("rows[1]", broken)}, verdict.WaiverApplied, 1, nil},
		{"of an outline", of(waiver.Waiver{Scenario: "rows", Fingerprint: broken.Fingerprint()}), day, []verdict.Scenario{failed("a-case", broken), failed("rows[1]", broken), failed("rows[2]", broken), failed("rowsmore", broken)}, verdict.WaiverApplied, 2, nil},
		{"of one row", of(waiver.Waiver{Scenario: "rows[1]", Fingerprint: broken.Fingerprint()}), day, []verdict.Scenario{failed("rows[1]", broken), failed("rows[2]", broken)}, verdict.WaiverApplied, 1, nil},
		{"by an earlier fingerprint", of(waiver.Waiver{Clause: "M-TWO", Fingerprint: typed.Digest()}), day, []verdict.Scenario{failed("a-case", typed)}, verdict.WaiverApplied, 1, []string{typed.Fingerprint()}},
		{"another cause", of(waiver.Waiver{Clause: "M-ONE", Fingerprint: broken.Fingerprint()}), day, []verdict.Scenario{failed("a-case", worse), failed("rows[1]", worse)}, verdict.WaiverChanged, 0, []string{worse.Fingerprint()}},
		{"another cause beside it", of(waiver.Waiver{Clause: "M-ONE", Fingerprint: broken.Fingerprint()}), day, []verdict.Scenario{failed("a-case", worse), failed("rows[1]", broken)}, verdict.WaiverApplied, 1, nil},
		{"nothing", of(waiver.Waiver{Clause: "M-ONE", Fingerprint: broken.Fingerprint()}), day, []verdict.Scenario{failed("a-case", typed)}, verdict.WaiverUnmatched, 0, nil},
		{"nothing, of what is met only sometimes", of(waiver.Waiver{Clause: "M-ONE", Fingerprint: broken.Fingerprint(), Intermittent: true}), day, nil, verdict.WaiverNotMet, 0, nil},
		{"met, of what is met only sometimes", of(waiver.Waiver{Clause: "M-ONE", Fingerprint: broken.Fingerprint(), Intermittent: true}), day, []verdict.Scenario{failed("a-case", broken)}, verdict.WaiverApplied, 1, nil},
		{"over", of(waiver.Waiver{Clause: "M-ONE", Fingerprint: broken.Fingerprint()}), day.Add(time.Second), []verdict.Scenario{failed("a-case", broken)}, verdict.WaiverExpired, 0, nil},
		{"over, of what is met only sometimes", of(waiver.Waiver{Clause: "M-ONE", Fingerprint: broken.Fingerprint(), Intermittent: true}), day.Add(time.Second), nil, verdict.WaiverExpired, 0, nil},
		{"still the last day, elsewhere", of(waiver.Waiver{Clause: "M-ONE", Fingerprint: broken.Fingerprint()}), day.In(time.FixedZone("", 14*60*60)), []verdict.Scenario{failed("a-case", broken)}, verdict.WaiverApplied, 1, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			name := filepath.Join(t.TempDir(), "w.yaml")
			require.NoError(t, waiver.Add(name, c.waiver, known, time.Time{}))
			waivers, err := waiver.Read([]string{name}, known)
			require.NoError(t, err)
			l := waiver.NewLedger(waivers, "it", c.now)
			waived := 0
			for i := range c.met {
				l.Apply(&c.met[i])
				for _, f := range c.met[i].Findings {
					if f.Waived != "" {
						assert.Equal(t, "r (o, until 2026-03-31 UTC)", f.Waived)
						waived++
					}
				}
			}
			r := l.Results()[0]
			assert.Equal(t, c.state, r.State)
			assert.Equal(t, []int{c.waived, c.waived}, []int{waived, r.Findings})
			assert.Equal(t, c.prints, r.Now)
			assert.Empty(t, waiver.NewLedger(waivers, "other", c.now).Results(), "it is of one target")
		})
	}
}

// TestTwoWaiversOfOneClause holds that each looks at its own finding: a finding that one of
// them waives is no other cause to the other.
func TestTwoWaiversOfOneClause(t *testing.T) {
	one := waiver.Waiver{Target: "it", Clause: "M-ONE", Fingerprint: broken.Fingerprint(), Reason: "r", Owner: "o", Expires: "2999-12-31"}
	other := one
	other.Fingerprint, other.Intermittent = worse.Fingerprint(), true
	name := filepath.Join(t.TempDir(), "w.yaml")
	require.NoError(t, waiver.Add(name, one, known, time.Time{}))
	require.NoError(t, waiver.Add(name, other, known, time.Time{}))
	waivers, err := waiver.Read([]string{name}, known)
	require.NoError(t, err)
	for _, c := range []struct {
		met  []verdict.Finding
		want []verdict.WaiverState
	}{
		{[]verdict.Finding{broken}, []verdict.WaiverState{verdict.WaiverApplied, verdict.WaiverNotMet}},
		{[]verdict.Finding{worse}, []verdict.WaiverState{verdict.WaiverUnmatched, verdict.WaiverApplied}},
		{[]verdict.Finding{broken, worse}, []verdict.WaiverState{verdict.WaiverApplied, verdict.WaiverApplied}},
	} {
		l := waiver.NewLedger(waivers, "it", day)
		s := failed("a-case", c.met...)
		l.Apply(&s)
		assert.True(t, s.Waived())
		assert.Equal(t, c.want, []verdict.WaiverState{l.Results()[0].State, l.Results()[1].State})
	}
}

func TestABaselineKnowsFindingsByScenarioAndCause(t *testing.T) {
	l := waiver.NewLedger(nil, "it", day)
	for _, id := range []string{"a-case", "fixed", "not-run", "not-judged", "broken-otherwise"} {
		l.Baseline(id, broken)
	}
	again, fresh, elsewhere := failed("a-case", broken), failed("a-case", worse), failed("another", broken)
	for _, s := range []*verdict.Scenario{&again, &fresh, &elsewhere} {
		l.Apply(s)
	}
	assert.Equal(t, []bool{true, false, false}, []bool{again.Waived(), fresh.Waived(), elsewhere.Waived()})
	otherwise := failed("broken-otherwise", worse)
	l.Apply(&otherwise)
	l.Apply(&verdict.Scenario{ID: "fixed", Outcome: verdict.Passed})
	l.Apply(&verdict.Scenario{ID: "not-judged", Outcome: verdict.Inconclusive})
	assert.Equal(t, []string{"fixed"}, l.Fixed(), "what did not run, or was not judged, is not fixed")
}

func TestAWaiverIsAddedToWhatTheFileSays(t *testing.T) {
	w := waiver.Waiver{Target: "it", Scenario: "rows[1]", Fingerprint: "0", Reason: "a: \"b\" # c", Owner: "o", Expires: "2999-12-31", Intermittent: true}
	old := "  - {target: it, clause: M-ONE, fingerprint: \"0\", reason: r, owner: o, expires: \"2999-12-31\"}\n"
	for _, c := range []struct {
		name, before string
		count        int
	}{
		{"an empty file", "", 1},
		{"comments alone", "# one known violation was here\n", 1},
		{"an empty list", "waivers:\n", 1},
		{"entries", "# known\nwaivers:\n" + old + "  # the last\n", 2},
		{"entries at the margin", "waivers:\n- target: it\n  clause: M-ONE\n  fingerprint: \"0\"\n  reason: r\n  owner: o\n  expires: \"2999-12-31\"", 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			name := file(t, c.before)
			require.NoError(t, waiver.Add(name, w, known, time.Time{}))
			text, err := os.ReadFile(name)
			require.NoError(t, err)
			assert.Contains(t, string(text), c.before)
			waivers, err := waiver.Read([]string{name}, known)
			require.NoError(t, err, string(text))
			require.Len(t, waivers, c.count)
			assert.Equal(t, w.Reason, waivers[c.count-1].Reason)
			assert.True(t, waivers[c.count-1].Intermittent)
		})
	}
	for _, before := range []string{"waivers: []\n", "waivers: [{target: it, clause: M-ONE, fingerprint: \"0\", reason: r, owner: o, expires: \"2999-12-31\"}]\n", "waivers: 5\n"} {
		name := file(t, before)
		require.Error(t, waiver.Add(name, w, known, time.Time{}), before)
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		assert.Equal(t, before, string(text), "what cannot be added to is left alone")
	}
	w.Reason = ""
	assert.ErrorContains(t, waiver.Add(filepath.Join(t.TempDir(), "w.yaml"), w, known, time.Time{}), "without reason")
}

func TestAWaiverThatWouldNotHoldIsNotAdded(t *testing.T) {
	w := waiver.Waiver{Target: "it", Clause: "M-ONE", Fingerprint: "0", Reason: "r", Owner: "o", Expires: "2026-12-31"}
	name := filepath.Join(t.TempDir(), "w.yaml")
	lastDay := time.Date(2026, 12, 31, 23, 59, 0, 0, time.UTC)
	require.EqualError(t, waiver.Add(name, w, known, lastDay.Add(time.Minute)), `expires "2026-12-31" is over: give the last day on which the waiver is to hold, in UTC`)
	assert.NoFileExists(t, name)
	require.NoError(t, waiver.Add(name, w, known, lastDay))
	w.Expires = "2027-12-31"
	require.EqualError(t, waiver.Add(name, w, known, lastDay), name+` waives this finding already, until 2026-12-31: change that entry`)
	w.Fingerprint = "1"
	require.NoError(t, waiver.Add(name, w, known, lastDay))
}
