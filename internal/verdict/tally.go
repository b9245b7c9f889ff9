package verdict

import "slices"

// Tally counts what the scenarios of a run show about each clause.
type Tally struct {
	order    []Clause
	evidence map[string]*evidence
	summary  Summary
	fault    Origin // the most serious origin among the broken scenarios
}

// evidence is what a run has shown about one clause.
type evidence struct {
	scenarios []string
	passed    bool // a scenario of the clause has passed
	broken    bool // a finding names it
	judged    int  // the number of exchanges that were judged by it
}

// NewTally returns a tally of the clauses of a contract, in their order.
func NewTally(clauses []Clause) *Tally {
	t := &Tally{order: clauses, evidence: make(map[string]*evidence, len(clauses))}
	for _, c := range clauses {
		t.evidence[c.ID] = &evidence{}
	}
	return t
}

// Add counts a scenario. judged is the number of its exchanges that were judged by each clause.
func (t *Tally) Add(s Scenario, judged map[string]int) {
	t.summary.Scenarios.Add(s.Outcome)
	if s.Waived() {
		t.summary.Scenarios.Waived++
	}
	t.summary.Exchanges += len(s.Exchanges)
	t.summary.Findings += len(s.Findings)
	if t.fault != FaultHarness && s.Fault != "" {
		t.fault = s.Fault
	}
	for _, id := range s.Clauses {
		if e := t.evidence[id]; e != nil {
			e.scenarios = append(e.scenarios, s.ID)
			e.passed = e.passed || s.Outcome == Passed
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

// Scenarios returns the number of scenarios with each outcome.
func (t *Tally) Scenarios() Counts { return t.summary.Scenarios }

// Conclude derives from the scenarios and the selection the summary, the clauses, the verdict and,
// if it is broken, the origin.
func (t *Tally) Conclude(r *Run) {
	r.Clauses, r.Summary = t.clauses(), t.summary
	for _, c := range r.Clauses {
		r.Summary.Clauses.Add(c.Status)
	}
	r.Verdict, r.Fault = r.Conclusion(), ""
	if r.Verdict == BrokenVerdict {
		r.Fault = t.fault
	}
}

// clauses returns every clause of the contract with its result.
func (t *Tally) clauses() []ClauseResult {
	results := make([]ClauseResult, 0, len(t.order))
	for _, c := range t.order {
		e := t.evidence[c.ID]
		r := ClauseResult{Clause: c, Status: Unproved, Scenarios: sorted(e.scenarios), Exchanges: e.judged}
		switch {
		case e.broken:
			r.Status = Violated
		case e.passed || e.judged > 0:
			r.Status = Proved
		case c.Untestable != "":
			r.Status = Untestable
		}
		results = append(results, r)
	}
	return results
}

func sorted(ids []string) []string {
	slices.Sort(ids)
	return ids
}
