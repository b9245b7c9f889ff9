package verdict_test

import (
	"encoding/json"
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/verdict"
)

func finding(clause, where, want, got string) verdict.Finding {
	return verdict.Finding{Clause: clause, Where: where, Want: want, Got: got}
}

// TestAFingerprintIsOfTheCauseAlone holds pairs that differ in what a run draws, counts or
// measures, and pairs that differ in their cause.
func TestAFingerprintIsOfTheCauseAlone(t *testing.T) {
	for _, c := range []struct {
		name string
		a, b verdict.Finding
		same bool
	}{
		{"another instance", finding("M-A", "instance ins-1", "RUNNING", "running"), finding("M-A", "instance i_two", "BOOTING", "booting"), true},
		{"another type", finding("M-A", "trajectory of instance ins-1", "RESIZING, then the type large", "STOPPED and type z2a.cpu.2 for 1s"), finding("M-A", "trajectory of instance ins-2", "RESIZING, then the type z2a.cpu.4", "STOPPED and type small for 3m0s"), true},
		{"another number of changes", finding("M-A", "trajectory of instance a", "RESIZING", "STOPPED throughout, in 3 changes"), finding("M-A", "trajectory of instance a", "RESIZING", "STOPPED throughout, in 12 changes"), true},
		{"another row", finding("C-A", "/response/dataSet/3/status", "a string", "no such member"), finding("C-A", "/response/dataSet/14/status", "a string", "no such member"), true},
		{"another status of a row", finding("C-A", "/response/dataSet/3/status", "one of A", `"Stopped"`), finding("C-A", "/response/dataSet/3/status", "one of A", `"Running"`), true},
		{"another object, cut short", finding("C-A", "/response/dataSet", "an array", `{"ins-1":{"cpu":2`), finding("C-A", "/response/dataSet", "an array", `{"ins-2":{"cp…`), true},
		{"more rows", finding("C-A", "/response/dataSet", "a row of ins-1", "[ins-2 ins-3]"), finding("C-A", "/response/dataSet", "a row of ins-9", "[ins-4]"), true},
		{"another request id", finding("R-A", "/requestId", `"T1-2"`, `"T3-4"`), finding("R-A", "/requestId", `"T5-6"`, `"7"`), true},
		{"another time", finding("S-A", "header Date", "the time, as Mon, 02 Jan 2006 15:04:05 GMT", "Tue, 03 Jan 2006 15:04:05 GMT"), finding("S-A", "header Date", "the time, as Mon, 02 Jan 2006 15:04:05 GMT", "Sun, 11 Feb 2007 01:00:00 GMT"), true},
		{"another generated request", finding("R-A", `generated request {"a":1} (seed 7)`, "a documented answer, never 5xx", "500 X"), finding("R-A", "generated request {} (seed 8)", "a documented answer, never 5xx", "500 X"), true},
		{"another clause", finding("M-A", "status", "success (200)", "404 X"), finding("M-B", "status", "success (200)", "404 X"), false},
		{"another place", finding("M-A", "status", "success (200)", "404 X"), finding("M-A", "/code", "success (200)", "404 X"), false},
		{"another status", finding("M-A", "status", "success (200)", "404 X"), finding("M-A", "status", "success (200)", "500 X"), false},
		{"another code", finding("M-A", "status and /code", "400 A", "404 Not.Found.1"), finding("M-A", "status and /code", "400 A", "404 Not.Found.2"), false},
		{"another status class", finding("M-A", "status and /code", "a documented 4xx error", "500 A"), finding("M-A", "status and /code", "a documented 5xx error", "500 A"), false},
		{"another kind of value", finding("M-A", "/response/totalCount", "an integer", `"7"`), finding("M-A", "/response/totalCount", "an integer", "null"), false},
		{"none of the rows on the page", finding("C-A", "/response/dataSet", "a row of ins-1", "[ins-2]"), finding("C-A", "/response/dataSet", "a row of ins-1", "none"), true},
		{"a list that is cut short", finding("C-A", "/response/dataSet", "a row of ins-1", "[ins-2 ins-3 ins-00…"), finding("C-A", "/response/dataSet", "a row of ins-1", "ins-4, …"), true},
		{"no list instead of other rows", finding("C-A", "/response/dataSet", "a row of ins-1", "[ins-2]"), finding("C-A", "/response/dataSet", "an array", "null"), false},
		{"another sample of a wrong course", finding("M-A", "trajectory of instance a", "STOPPED to stay", "RUNNING after it"), finding("M-A", "trajectory of instance a", "RESIZING, then STOPPED", "RUNNING at the end"), true},
		{"a change that never ends", finding("M-A", "trajectory of instance a", "RESIZING, then STOPPED", "RUNNING at the end"), finding("M-A", "trajectory of instance a", "RESIZING, then STOPPED", "RESIZING when the time allowed for it was over"), false},
		{"a page instead of the whole list", finding("C-A", "/response/dataSet", "a row of ins-1", "[ins-2 ins-3]"), finding("C-A", "/response/dataSet", "ins-1", "ins-2"), true},
		{"an empty list, in two forms", finding("C-A", "/response/dataSet", "a row of ins-1", "[]"), finding("C-A", "/response/dataSet", "ins-1", "none"), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.same, c.a.Fingerprint() == c.b.Fingerprint())
		})
	}
}

// TestRowsAreToldByTheContractsName holds that rows under any name make one fingerprint, which is that of reports that
// did not say so where these knew the name.
func TestRowsAreToldByTheContractsName(t *testing.T) {
	print := func(where string, rows bool, got string) string {
		f := finding("C-A", where, "a row of ins-1", got)
		f.Rows = rows
		return f.Fingerprint()
	}
	assert.Equal(t, print("/response/vaults", true, "[ins-2]"), print("/response/vaults", true, "none"))
	assert.NotEqual(t, print("/response/vaults", true, "[ins-2]"), print("/response/vaults", true, "null"), "no list at all")
	assert.NotEqual(t, print("/response/vaults", false, "[ins-2]"), print("/response/vaults", false, "none"), "no rows, or not known to be")
	assert.Equal(t, print("/response/dataSet", false, "[ins-2]"), print("/response/dataSet", true, "none"))
	assert.Equal(t, "9bb4ee539cca", print("/response/dataSet", false, "[ins-2]"), "a waiver of an earlier version")
}

// TestThePlaceOfASubjectIsOneCauseWhateverItsKind holds that a finding says what its contract calls the subject, and that
// its fingerprint and its digest are those of reports that called each an instance.
func TestThePlaceOfASubjectIsOneCauseWhateverItsKind(t *testing.T) {
	assert.Equal(t, "status of instance ins-1", verdict.PlaceOf("status", "", "ins-1"))
	assert.Equal(t, "trajectory of vault vlt-1", verdict.PlaceOf("trajectory", "vault", "vlt-1"))
	for _, what := range []string{"status", "trajectory", "tier"} {
		was, is := finding("A-ONE", what+" of instance vlt-1", "OPEN", "SEALED"), finding("A-ONE", verdict.PlaceOf(what, "vault", "vlt-1"), "OPEN", "SEALED")
		assert.Equal(t, was.Fingerprint(), is.Fingerprint(), what)
		assert.Equal(t, was.Digest(), is.Digest(), what)
	}
	for _, where := range []string{"/response/vaults of vlt-1", "header Content-Type", "status and /code"} {
		assert.NotEqual(t, finding("A-ONE", "status of instance vlt-1", "a", "b").Fingerprint(), finding("A-ONE", where, "a", "b").Fingerprint(), where)
	}
}

func TestAReportHasTheFingerprintOfEachFinding(t *testing.T) {
	f := finding("M-A", "status", "success (200)", "<404> & more")
	f.Source, f.Level, f.Exchange = verdict.SourceM, verdict.Must, 3
	text, err := json.Marshal(f)
	require.NoError(t, err)
	var members map[string]any
	require.NoError(t, json.Unmarshal(text, &members))
	assert.Equal(t, f.Fingerprint(), members["fingerprint"])
	var read verdict.Finding
	require.NoError(t, json.Unmarshal(text, &read))
	assert.Equal(t, f, read)
}

// TestTheSampleOfTheReadmeHasItsFingerprint holds the finding that the README shows.
func TestTheSampleOfTheReadmeHasItsFingerprint(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	sample := regexp.MustCompile(`(?m)^failed +(\S+) \(\w\): (.+): want (.+), got (.+)\n.*\n.* fingerprint ([0-9a-f]{12})$`).FindSubmatch(text)
	require.NotNil(t, sample)
	f := finding(string(sample[1]), string(sample[2]), string(sample[3]), string(sample[4]))
	assert.Equal(t, f.Fingerprint(), string(sample[5]))
}
