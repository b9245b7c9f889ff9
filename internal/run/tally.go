package run

import (
	"slices"

	"github.com/zec-tools/conformance/internal/verdict"
)

// tally counts what the scenarios of a run show, clause by clause.
type tally struct {
	order     []verdict.Clause
	evidence  map[string]*evidence
	scenarios verdict.Counts
	exchanges int
	findings  int
	fault     verdict.Fault // the gravest among the broken scenarios
}

// evidence is what a run has shown of one clause.
type evidence struct {
	scenarios []string
	passed    bool // a scenario that bears it has passed
	broken    bool // a finding names it
	judged    int  // exchanges that were judged by it
}

func newTally(clauses []verdict.Clause) *tally {
	t := &tally{order: clauses, evidence: make(map[string]*evidence, len(clauses))}
	for _, c := range clauses {
		t.evidence[c.ID] = &evidence{}
	}
	return t
}

func (t *tally) add(s verdict.Scenario, judged map[string]int) {
	t.scenarios.Add(s.Outcome)
	t.exchanges += len(s.Exchanges)
	t.findings += len(s.Findings)
	if t.fault != verdict.FaultHarness && s.Fault != "" {
		t.fault = s.Fault
	}
	for _, id := range s.Clauses {
		if e := t.evidence[id]; e != nil {
			e.scenarios = append(e.scenarios, s.ID)
			e.passed = e.passed || s.Outcome == verdict.Passed
		}
	}
	for _, f := range s.Findings {
		if e := t.evidence[f.Clause]; e != nil {
			e.broken = true
		}
	}
	for id, count := range judged {
		if e := t.evidence[id]; e != nil {
			e.judged += count
		}
	}
}

// clauses returns every clause of the contract with what the run shows of it.
func (t *tally) clauses() []verdict.ClauseResult {
	results := make([]verdict.ClauseResult, 0, len(t.order))
	for _, c := range t.order {
		e := t.evidence[c.ID]
		r := verdict.ClauseResult{Clause: c, Status: verdict.Unproved, Scenarios: sorted(e.scenarios), Exchanges: e.judged}
		switch {
		case e.broken:
			r.Status = verdict.Violated
		case e.passed || e.judged > 0:
			r.Status = verdict.Proved
		case c.Untestable != "":
			r.Status = verdict.Untestable
		}
		results = append(results, r)
	}
	return results
}

func sorted(ids []string) []string {
	slices.Sort(ids)
	return ids
}
