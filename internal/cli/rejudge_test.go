package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ran runs a few scenarios against the built-in mock and returns the report's path.
func ran(t *testing.T, args ...string) string {
	t.Helper()
	dir := t.TempDir()
	code, out, stderr := call(t, nil, append([]string{"run", "--out", dir, "--format", "json"}, args...)...)
	require.Zero(t, code, out+stderr)
	return filepath.Join(dir, "report.json")
}

// changed writes a copy of a report with some text replaced everywhere.
func changed(t *testing.T, path, old, with string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Contains(t, string(text), old)
	other := filepath.Join(t.TempDir(), "changed.json")
	require.NoError(t, os.WriteFile(other, []byte(strings.ReplaceAll(string(text), old, with)), 0o600))
	return other
}

func TestRejudgeExitsByTheNewVerdictAndSaysWhatChanged(t *testing.T) {
	right := ran(t, "--scenario", "unknown-instance")
	code, out, stderr := call(t, nil, "rejudge", right)
	assert.Zero(t, code, stderr)
	assert.Contains(t, out, "selected passed  mock, was selected passed\n")
	assert.Contains(t, out, "contract   the same\nnothing changed\n")

	wrong := changed(t, right, `"status": 404`, `"status": 410`)
	code, out, _ = call(t, nil, "rejudge", wrong)
	assert.Equal(t, 1, code)
	assert.Contains(t, out, "failed        unknown-instance  ")
	assert.Contains(t, out, "(was passed)\n    new:  M-INSTANCE-NOT-FOUND (M): status: want 404 INVALID_INSTANCE_NOT_FOUND, got 410 INVALID_INSTANCE_NOT_FOUND\n")
	assert.Contains(t, out, "clause M-INSTANCE-NOT-FOUND: violated, was proved\n")
	assert.Contains(t, out, "non-conformant  mock, was selected passed\n")

	code, out, _ = call(t, nil, "rejudge", "--json", wrong)
	assert.Equal(t, 1, code)
	var result struct {
		Verdict   struct{ Was, Now string }
		Exchanges int
		Scenarios []struct {
			ID, Was, Now string
			New, Gone    []map[string]any
		}
		Clauses []map[string]string
	}
	require.NoError(t, json.Unmarshal([]byte(out), &result))
	assert.Equal(t, []string{"selected passed", "non-conformant"}, []string{result.Verdict.Was, result.Verdict.Now})
	require.Len(t, result.Scenarios, 1)
	assert.Equal(t, []string{"unknown-instance", "passed", "failed"}, []string{result.Scenarios[0].ID, result.Scenarios[0].Was, result.Scenarios[0].Now})
	assert.NotNil(t, result.Scenarios[0].Gone)
	assert.Positive(t, result.Exchanges)
}

func TestRejudgeNamesTheClausesOfAnotherContractInALine(t *testing.T) {
	old := changed(t, ran(t, "--scenario", "unknown-instance"), `"id": "M-GPU"`, `"id": "M-LIFTED"`)
	code, out, _ := call(t, nil, "rejudge", old)
	assert.Zero(t, code)
	assert.Contains(t, out, "new in the contract: M-GPU\nno more in the contract: M-LIFTED\n")
}

func TestDiffExitsOneWhenSomethingNewFails(t *testing.T) {
	right := ran(t, "--scenario", "unknown-instance", "--scenario", "unknown-type")
	code, out, stderr := call(t, nil, "diff", right, right)
	assert.Zero(t, code, stderr)
	assert.Contains(t, out, "no difference in what was found and answered\n")

	worse := changed(t, right, `"id": "unknown-type"`, `"id": "unknown-kind"`)
	code, out, _ = call(t, nil, "diff", right, worse)
	assert.Zero(t, code, "another set of scenarios is no failure")
	assert.Contains(t, out, "\nonly in the first (1)\n  unknown-type\n\nonly in the second (1)\n  unknown-kind\n")

	code, out, _ = call(t, nil, "diff", right, sampleReport)
	assert.Equal(t, 1, code)
	assert.Contains(t, out, "\nnew (1)\n  MIT-STATUS-01[RUNNING]  An instance that is not stopped is refused (failed, was not there)\n")
	assert.Contains(t, out, "another contract: ")

	code, out, _ = call(t, nil, "diff", "--json", sampleReport, sampleReport)
	assert.Zero(t, code, "what failed before is not new")
	var result struct {
		New, StillFailing []map[string]any
		Ratio             float64
	}
	require.NoError(t, json.Unmarshal([]byte(out), &result))
	assert.Len(t, result.StillFailing, 1)
	assert.NotNil(t, result.New)
	assert.InDelta(t, 2, result.Ratio, 0)
}

func TestDiffSaysWhatIsAnsweredDifferently(t *testing.T) {
	right := ran(t, "--scenario", "unknown-instance")
	other := changed(t, right, "INVALID_INSTANCE_NOT_FOUND\\\"", "OPERATION_FAILED_RESOURCE_NOT_FOUND\\\"")
	code, out, _ := call(t, nil, "diff", right, other)
	assert.Zero(t, code)
	assert.Regexp(t, `(?m)^ +\S+\.feature:\d+: unknown-instance: When `, out)
	assert.Contains(t, out, "ModifyInstanceType 404 OPERATION_FAILED_RESOURCE_NOT_FOUND, was ModifyInstanceType 404 INVALID_INSTANCE_NOT_FOUND\n")
}

func TestReadersOfReportsObeyNothingInThem(t *testing.T) {
	hostile := changed(t, sampleReport, `"endpoint": "https://api.staging.example.com"`, `"endpoint": "\u001b[31m\u009b"`)
	hostile = changed(t, hostile, "MIT-STATUS-01", `\n::error::\u001b]0;x\u0007`)
	refused := changed(t, hostile, `"verdict": "non-conformant"`, `"verdict": "\u001b[31m\u009b\n::error::"`)
	for _, args := range [][]string{
		{"rejudge", hostile}, {"diff", sampleReport, hostile}, {"diff", hostile, sampleReport}, {"rejudge", refused}, {"diff", sampleReport, refused},
	} {
		code, out, stderr := call(t, nil, args...)
		assert.Equal(t, args[len(args)-1] == refused, code == 2, "%s: %d %s", args, code, stderr)
		assert.NotContains(t, out+stderr, "\x1b", args)
		assert.NotContains(t, out+stderr, "\u009b", args)
		assert.NotRegexp(t, `(?m)^::`, out+stderr, args)
	}
}

func TestReadersOfReportsRefuseWhatIsNone(t *testing.T) {
	bad := filepath.Join(t.TempDir(), "bad.json")
	require.NoError(t, os.WriteFile(bad, []byte(`{"schemaVersion": "1.0", "scenarios": [7]}`), 0o600))
	for _, args := range [][]string{
		{"rejudge", bad}, {"rejudge", "nowhere.json"}, {"rejudge"}, {"diff", sampleReport}, {"diff", sampleReport, bad}, {"diff", bad, sampleReport},
		{"diff", "--slower", "1", sampleReport, sampleReport}, {"diff", "--slower", "NaN", sampleReport, sampleReport},
	} {
		t.Run(strings.Join(args[:1], " "), func(t *testing.T) {
			code, out, stderr := call(t, nil, args...)
			assert.Equal(t, 2, code)
			assert.Empty(t, out)
			assert.Equal(t, 1, strings.Count(stderr, "\n"), stderr)
		})
	}
}
