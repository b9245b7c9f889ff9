package verdict_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

func tallied(scenarios ...verdict.Scenario) verdict.Run {
	t := verdict.NewTally([]verdict.Clause{
		{ID: "M-ONE"}, {ID: "M-TWO"}, {ID: "M-THREE"}, {ID: "M-HIDDEN", Untestable: "nobody sees it"},
	})
	for _, s := range scenarios {
		t.Add(s, nil)
	}
	run := verdict.Run{Selection: verdict.Selection{Selected: len(scenarios), Available: len(scenarios)}}
	t.Conclude(&run)
	return run
}

func of(outcome verdict.Outcome, clauses ...string) verdict.Scenario {
	return verdict.Scenario{ID: string(outcome), Outcome: outcome, Clauses: clauses}
}

func statuses(r verdict.Run) map[string]verdict.ClauseStatus {
	of := map[string]verdict.ClauseStatus{}
	for _, c := range r.Clauses {
		of[c.ID] = c.Status
	}
	return of
}

// TestATallyCountsEveryOutcome holds the summary: each scenario once, under its outcome.
func TestATallyCountsEveryOutcome(t *testing.T) {
	failed := of(verdict.Failed, "M-ONE")
	failed.Findings = []verdict.Finding{{Clause: "M-ONE", Level: verdict.Must}, {Clause: "M-TWO", Level: verdict.Must}}
	failed.Exchanges = make([]wire.Exchange, 3)
	waived := of(verdict.Failed)
	waived.Findings = []verdict.Finding{{Clause: "M-OTHER", Level: verdict.Must, Waived: "r"}}
	waived.Exchanges = make([]wire.Exchange, 2)
	run := tallied(of(verdict.Passed), of(verdict.Passed), failed, waived, of(verdict.Inconclusive), of(verdict.Skipped), of(verdict.Broken), of(verdict.NotReached))
	assert.Equal(t, verdict.Counts{Total: 8, Passed: 2, Failed: 2, Inconclusive: 1, Skipped: 1, Broken: 2, Waived: 1}, run.Summary.Scenarios)
	assert.Equal(t, []int{5, 3}, []int{run.Summary.Exchanges, run.Summary.Findings})
	assert.Equal(t, verdict.NonConformant, run.Verdict)
	assert.Empty(t, run.Fault, "whose fault it is matters to a broken verdict alone")
}

// TestWhatARunShowsOfAClause holds the status of a clause, case by case.
func TestWhatARunShowsOfAClause(t *testing.T) {
	finding := of(verdict.Failed, "M-ONE")
	finding.Findings = []verdict.Finding{{Clause: "M-TWO"}, {Clause: "M-UNKNOWN"}}
	hidden := of(verdict.Failed)
	hidden.Findings = []verdict.Finding{{Clause: "M-HIDDEN"}}
	for name, c := range map[string]struct {
		scenarios []verdict.Scenario
		want      []verdict.ClauseStatus // of M-ONE, M-TWO, M-THREE and M-HIDDEN
		counts    verdict.ClauseCounts
	}{
		"nothing": {nil, []verdict.ClauseStatus{verdict.Unproved, verdict.Unproved, verdict.Unproved, verdict.Untestable}, verdict.ClauseCounts{Total: 4, Unproved: 3, Untestable: 1}},
		"a scenario of two clauses passed": {[]verdict.Scenario{of(verdict.Passed, "M-ONE", "M-TWO", "M-UNKNOWN")},
			[]verdict.ClauseStatus{verdict.Proved, verdict.Proved, verdict.Unproved, verdict.Untestable}, verdict.ClauseCounts{Total: 4, Proved: 2, Unproved: 1, Untestable: 1}},
		"one passed and one did not": {[]verdict.Scenario{of(verdict.Passed, "M-ONE"), of(verdict.Inconclusive, "M-ONE", "M-TWO")},
			[]verdict.ClauseStatus{verdict.Proved, verdict.Unproved, verdict.Unproved, verdict.Untestable}, verdict.ClauseCounts{Total: 4, Proved: 1, Unproved: 2, Untestable: 1}},
		"a finding of another clause than the scenario's": {[]verdict.Scenario{finding},
			[]verdict.ClauseStatus{verdict.Unproved, verdict.Violated, verdict.Unproved, verdict.Untestable}, verdict.ClauseCounts{Total: 4, Broken: 1, Unproved: 2, Untestable: 1}},
		"a finding beside a scenario that passed": {[]verdict.Scenario{of(verdict.Passed, "M-TWO"), finding},
			[]verdict.ClauseStatus{verdict.Unproved, verdict.Violated, verdict.Unproved, verdict.Untestable}, verdict.ClauseCounts{Total: 4, Broken: 1, Unproved: 2, Untestable: 1}},
		"a finding of what is called untestable": {[]verdict.Scenario{hidden},
			[]verdict.ClauseStatus{verdict.Unproved, verdict.Unproved, verdict.Unproved, verdict.Violated}, verdict.ClauseCounts{Total: 4, Broken: 1, Unproved: 3}},
	} {
		t.Run(name, func(t *testing.T) {
			run := tallied(c.scenarios...)
			got := statuses(run)
			assert.Equal(t, c.want, []verdict.ClauseStatus{got["M-ONE"], got["M-TWO"], got["M-THREE"], got["M-HIDDEN"]})
			assert.Equal(t, c.counts, run.Summary.Clauses)
		})
	}
}

// TestAnExchangeThatWasJudgedProvesAClause holds that exchanges count, and no number of none.
func TestAnExchangeThatWasJudgedProvesAClause(t *testing.T) {
	tally := verdict.NewTally([]verdict.Clause{{ID: "R-ONE"}, {ID: "R-TWO"}})
	tally.Add(of(verdict.Passed), map[string]int{"R-ONE": 2, "R-TWO": 0, "R-UNKNOWN": 7})
	tally.Add(verdict.Scenario{ID: "b", Outcome: verdict.Passed, Clauses: []string{"R-TWO"}}, map[string]int{"R-ONE": 3})
	tally.Add(verdict.Scenario{ID: "a", Outcome: verdict.Skipped, Clauses: []string{"R-TWO"}}, nil)
	var run verdict.Run
	tally.Conclude(&run)
	assert.Equal(t, []int{5, 0}, []int{run.Clauses[0].Exchanges, run.Clauses[1].Exchanges})
	assert.Equal(t, map[string]verdict.ClauseStatus{"R-ONE": verdict.Proved, "R-TWO": verdict.Proved}, statuses(run))
	assert.Equal(t, []string{"a", "b"}, run.Clauses[1].Scenarios, "in the order of their ids")
	assert.Equal(t, verdict.Counts{Total: 3, Passed: 2, Skipped: 1}, tally.Scenarios())
}

// TestTheGravestFaultDecides holds whose fault a broken verdict is, whatever the order.
func TestTheGravestFaultDecides(t *testing.T) {
	suite, harness := of(verdict.Broken), of(verdict.Broken)
	suite.Fault, harness.Fault = verdict.FaultSuite, verdict.FaultHarness
	for _, c := range []struct {
		scenarios []verdict.Scenario
		want      verdict.Origin
		code      int
	}{
		{[]verdict.Scenario{suite, of(verdict.Passed)}, verdict.FaultSuite, verdict.ExitUsage},
		{[]verdict.Scenario{harness, of(verdict.Passed)}, verdict.FaultHarness, verdict.ExitHarness},
		{[]verdict.Scenario{suite, harness}, verdict.FaultHarness, verdict.ExitHarness},
		{[]verdict.Scenario{harness, suite}, verdict.FaultHarness, verdict.ExitHarness},
	} {
		run := tallied(c.scenarios...)
		assert.Equal(t, verdict.BrokenVerdict, run.Verdict)
		assert.Equal(t, c.want, run.Fault)
		assert.Equal(t, c.code, run.ExitCode(true))
	}
}

// TestAScenarioIsWaivedWhenAllThatFailsItIs holds that one finding left is enough to fail.
func TestAScenarioIsWaivedWhenAllThatFailsItIs(t *testing.T) {
	waived, open, advice := verdict.Finding{Level: verdict.Must, Waived: "r"}, verdict.Finding{Level: verdict.Must}, verdict.Finding{Level: verdict.Should}
	for name, c := range map[string]struct {
		outcome  verdict.Outcome
		findings []verdict.Finding
		want     bool
	}{
		"all of them":                         {verdict.Failed, []verdict.Finding{waived, waived}, true},
		"one is left":                         {verdict.Failed, []verdict.Finding{waived, open}, false},
		"none is":                             {verdict.Failed, []verdict.Finding{open}, false},
		"there is none":                       {verdict.Failed, nil, false},
		"what only should hold fails nothing": {verdict.Failed, []verdict.Finding{waived, advice}, true},
		"nothing but what only should hold":   {verdict.Failed, []verdict.Finding{advice}, false},
		"a scenario that could not be judged": {verdict.Inconclusive, []verdict.Finding{waived}, false},
	} {
		assert.Equal(t, c.want, verdict.Scenario{Outcome: c.outcome, Findings: c.findings}.Waived(), name)
	}
	for state, holds := range map[verdict.WaiverState]bool{
		verdict.WaiverApplied: true, verdict.WaiverNotMet: true,
		verdict.WaiverUnmatched: false, verdict.WaiverExpired: false, verdict.WaiverChanged: false,
	} {
		assert.Equal(t, holds, verdict.WaiverResult{State: state}.Holds(), state)
	}
}

// TestAViolatedClauseKeepsItsWordInFiles holds that old readers understand new reports.
func TestAViolatedClauseKeepsItsWordInFiles(t *testing.T) {
	text, err := json.Marshal(verdict.ClauseResult{Status: verdict.Violated})
	assert.NoError(t, err)
	assert.Contains(t, string(text), `"status":"broken"`)
	for status, word := range map[verdict.ClauseStatus]string{verdict.Violated: "violated", verdict.Proved: "proved", verdict.Unproved: "unproved", verdict.Untestable: "untestable"} {
		assert.Equal(t, word, status.String())
	}
}
