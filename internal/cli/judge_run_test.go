package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mock/defects"
	"github.com/zec-tools/conformance/internal/verdict"
)

// TestTheRecordingOfARunGivesItsVerdictAgain judges the exchanges.har of runs against defects:
// each clause that the run found broken is found again, or named as one that the recording
// does not show.
func TestTheRecordingOfARunGivesItsVerdictAgain(t *testing.T) {
	for name, row := range map[string]struct {
		scenario string
		shown    bool
	}{
		"":                         {"resize-succeeds", true},
		"unknown-type-as-instance": {"unknown-type", false}, // nothing in it says that the type does not exist
		"inner-request-id-differs": {"resize-succeeds", true},
		"running-accepted":         {"not-stopped[RUNNING]", true},
		"stuck-in-resizing":        {"resize-succeeds", true},
		"type-unchanged":           {"resize-succeeds", true},
	} {
		t.Run(name, func(t *testing.T) {
			options := mock.Options{}
			if name != "" {
				d, err := defects.Named(name)
				require.NoError(t, err)
				options.Alter = d.Alter
			}
			b := newBench(t, untouched, options)
			run := b.run("--format", "json,har", "--scenario", row.scenario)
			har := filepath.Join(b.dir, "reports", "exchanges.har")
			out := filepath.Join(b.dir, "judged")
			code, stdout, stderr := call(t, b.env, "judge", "--exclusive", "--within", "1s", "--format", "json", "--out", out, har)
			assert.Empty(t, stderr)
			text, err := os.ReadFile(filepath.Join(out, "report.json"))
			require.NoError(t, err)
			keepsTheSchema(t, text)
			if name == "" {
				assert.Equal(t, []int{0, 0}, []int{run.code, code}, stdout)
				return
			}
			require.Equal(t, verdict.NonConformant, run.report.Verdict, run.out)
			for _, s := range run.report.Scenarios {
				for _, f := range s.Findings {
					found := gjson.GetBytes(text, `scenarios.#.findings.#(clause=="`+f.Clause+`").clause`).String() != "[]"
					unshown := strings.Contains(gjson.GetBytes(text, "recording.unshown").Raw, f.Clause+" ")
					assert.NotEqual(t, found, unshown, "%s: found again %t, named as not shown %t\n%s", f.Error(), found, unshown, stdout)
					assert.Equal(t, row.shown, found, f.Error())
				}
			}
			assert.Equal(t, !row.shown, strings.Contains(stdout, "not shown  "), stdout)
			assert.Equal(t, 1, code, "what is shown of it breaks a clause, if another one")
		})
	}
}

// TestJudgeSaysThatItReplacesTheReportOfARun judges the recording of a run into the folder of the run, and then again.
func TestJudgeSaysThatItReplacesTheReportOfARun(t *testing.T) {
	b := newBench(t, untouched, mock.Options{})
	require.Zero(t, b.run("--format", "json,har", "--scenario", "status-of-one").code)
	out := filepath.Join(b.dir, "reports")
	judge := []string{"judge", "--lang", "en", "--within", "90s", "--format", "json", "--out", out, filepath.Join(out, "exchanges.har")}
	code, stdout, stderr := call(t, b.env, judge...)
	assert.Zero(t, code, stdout)
	assert.Equal(t, "conformance: "+filepath.Join(out, "report.json")+" was the report of a run of it, and is replaced: give --out to keep one\n", stderr)
	text, err := os.ReadFile(filepath.Join(out, "report.json"))
	require.NoError(t, err)
	assert.Equal(t, "conformance judge --lang en --within 1m30s --out '"+out+"' '"+filepath.Join(out, "exchanges.har")+"'", gjson.GetBytes(text, "repeat").String())
	_, _, stderr = call(t, b.env, judge...)
	assert.Empty(t, stderr, "it was its own")
}

// TestTheRecordingOfARunHoldsEveryChange judges the recordings of a run that prepares instances
// by start and stop, restores them, and has several scenarios at work at once.
func TestTheRecordingOfARunHoldsEveryChange(t *testing.T) {
	b := newBench(t, untouched, mock.Options{})
	b.replace("allowResize: true", "allow: [ModifyInstanceType, StartInstances, StopInstances, RebootInstances]")
	run := b.run("--format", "json,har", "--parallel", "4", "--tags", "@power")
	require.Equal(t, verdict.ExitConformant, run.code, run.out)
	require.True(t, run.report.Fixture.Complete)
	require.NotEmpty(t, run.report.Fixture.Exchanges, "nothing was prepared and restored")
	for _, name := range []string{"exchanges.har", "report.json"} {
		file := filepath.Join(b.dir, "reports", name)
		code, stdout, stderr := call(t, b.env, "judge", "--exclusive", "--within", "10s", "--format", "json", "--out", filepath.Join(b.dir, "judged"), file)
		assert.Equal(t, verdict.ExitConformant, code, stdout+stderr)
		assert.Contains(t, stdout, "nothing wrong seen")

		text, err := os.ReadFile(file)
		require.NoError(t, err)
		if name == "report.json" { // without those calls a right endpoint is accused
			without := strings.Replace(string(text), gjson.GetBytes(text, "fixture.exchanges").Raw, "[]", 1)
			require.NoError(t, os.WriteFile(file, []byte(without), 0o600))
			code, stdout, _ := call(t, b.env, "judge", "--exclusive", "--within", "10s", "--format", "json", "--out", filepath.Join(b.dir, "judged"), file)
			assert.Equal(t, verdict.ExitNonConformant, code, stdout)
		}
		lacking := strings.NewReplacer(`"_complete":true`, `"_complete":false`, `"complete": true`, `"complete": false`).Replace(string(text))
		require.NotEqual(t, string(text), lacking)
		require.NoError(t, os.WriteFile(file, []byte(lacking), 0o600))
		code, _, stderr = call(t, b.env, "judge", "--exclusive", "--out", filepath.Join(b.dir, "none"), file)
		assert.Equal(t, verdict.ExitUsage, code)
		assert.Contains(t, stderr, name+": it lacks the calls with which the run prepared and restored its instances: leave out --exclusive")
	}
}
