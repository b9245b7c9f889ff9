package verdict_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/zec-tools/conformance/internal/verdict"
)

// TestTheVerdictAndTheExitCodeFollowFromTheRun is the product's promise, case by case.
func TestTheVerdictAndTheExitCodeFollowFromTheRun(t *testing.T) {
	type counts = verdict.Counts
	left := []verdict.Unrestored{{Instance: "ins-1", Type: "t", Reason: "r"}}
	rotten := []verdict.WaiverResult{{State: verdict.WaiverUnmatched}}
	rare := []verdict.WaiverResult{{State: verdict.WaiverNotMet}, {State: verdict.WaiverApplied}}
	for _, c := range []struct {
		name      string
		run       verdict.Run
		scenarios counts
		available int
		unproved  int
		want      verdict.Verdict
		code      int // without --allow-partial
		allowed   int // with it
	}{
		{"everything passed", verdict.Run{}, counts{Total: 4, Passed: 4}, 4, 0, verdict.Conformant, 0, 0},
		{"a selection passed", verdict.Run{}, counts{Total: 1, Passed: 1}, 4, 2, verdict.SelectedPassed, 0, 0},
		{"a selection passed that proves every clause", verdict.Run{}, counts{Total: 3, Passed: 3}, 4, 0, verdict.SelectedPassed, 0, 0},
		{"all scenarios passed, which leave a clause unproved", verdict.Run{}, counts{Total: 4, Passed: 4}, 4, 1, verdict.SelectedPassed, 0, 0},
		{"nothing ran", verdict.Run{Fault: verdict.FaultSuite}, counts{}, 4, 4, verdict.BrokenVerdict, 2, 2},
		{"a finding beside all else", verdict.Run{}, counts{Total: 5, Failed: 1, Broken: 1, Inconclusive: 1, Skipped: 1, Passed: 1}, 9, 1, verdict.NonConformant, 1, 1},
		{"the harness failed", verdict.Run{Fault: verdict.FaultHarness}, counts{Total: 2, Broken: 1, Passed: 1}, 2, 0, verdict.BrokenVerdict, 4, 4},
		{"not judged", verdict.Run{}, counts{Total: 3, Inconclusive: 1, Skipped: 1, Passed: 1}, 3, 1, verdict.InconclusiveVerdict, 3, 3},
		{"skipped", verdict.Run{}, counts{Total: 2, Skipped: 1, Passed: 1}, 2, 1, verdict.Partial, 3, 0},
		{"nothing but skipped", verdict.Run{}, counts{Total: 2, Skipped: 2}, 2, 2, verdict.Partial, 3, 3},
		{"skipped in a selection", verdict.Run{}, counts{Total: 2, Skipped: 1, Passed: 1}, 9, 1, verdict.Partial, 3, 0},
		{"waived", verdict.Run{}, counts{Total: 2, Failed: 1, Waived: 1, Passed: 1}, 2, 0, verdict.NonConformant, 0, 0},
		{"one of two waived", verdict.Run{}, counts{Total: 2, Failed: 2, Waived: 1}, 2, 0, verdict.NonConformant, 1, 1},
		{"waived, and not judged", verdict.Run{}, counts{Total: 2, Failed: 1, Waived: 1, Inconclusive: 1}, 2, 0, verdict.NonConformant, 3, 3},
		{"a waiver that waives nothing", verdict.Run{Waivers: rotten}, counts{Total: 1, Passed: 1}, 1, 0, verdict.Conformant, 1, 1},
		{"a waiver of what is met only sometimes", verdict.Run{Waivers: rare}, counts{Total: 1, Passed: 1}, 1, 0, verdict.Conformant, 0, 0},
		{"the same of a selection", verdict.Run{Waivers: rotten}, counts{Total: 1, Passed: 1}, 2, 0, verdict.SelectedPassed, 1, 1},
		{"an instance not restored", verdict.Run{Unrestored: left}, counts{Total: 1, Passed: 1}, 1, 0, verdict.Conformant, 3, 3},
		{"the same of a selection", verdict.Run{Unrestored: left}, counts{Total: 1, Passed: 1}, 2, 0, verdict.SelectedPassed, 3, 3},
		{"recorded traffic without a finding", verdict.Run{Recording: &verdict.Recording{Judged: 1}}, counts{Total: 1, Passed: 1}, 1, 0, verdict.NothingWrong, 0, 0},
		{"recorded traffic that says nothing", verdict.Run{Recording: &verdict.Recording{}}, counts{Total: 1, Passed: 1}, 1, 0, verdict.InconclusiveVerdict, 3, 3},
		{"recorded traffic with a finding", verdict.Run{Recording: &verdict.Recording{Judged: 1}}, counts{Total: 2, Failed: 1, Passed: 1}, 2, 0, verdict.NonConformant, 1, 1},
		{"recorded traffic, in which one was not judged", verdict.Run{Recording: &verdict.Recording{Judged: 1}}, counts{Total: 2, Inconclusive: 1, Passed: 1}, 2, 0, verdict.NothingWrong, 3, 3},
		{"waived, and the harness failed", verdict.Run{}, counts{Total: 2, Failed: 1, Waived: 1, Broken: 1}, 2, 0, verdict.NonConformant, 3, 3},
		{"the same beside a finding", verdict.Run{Unrestored: left}, counts{Total: 1, Failed: 1}, 1, 0, verdict.NonConformant, 1, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			run := c.run
			run.Summary.Scenarios, run.Summary.Clauses.Unproved = c.scenarios, c.unproved
			run.Selection = verdict.Selection{Selected: c.scenarios.Total, Available: c.available}
			run.Verdict = run.Conclusion()
			assert.Equal(t, c.want, run.Verdict)
			assert.Equal(t, []int{c.code, c.allowed}, []int{run.ExitCode(false), run.ExitCode(true)})
		})
	}
}

// TestAVerdictOfNoNameIsTheHarnesssFault holds that no unknown word is green.
func TestAVerdictOfNoNameIsTheHarnesssFault(t *testing.T) {
	assert.Equal(t, verdict.ExitHarness, verdict.Run{Verdict: "fine"}.ExitCode(true))
}
