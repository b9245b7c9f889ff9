package verdict

// Outcome is how one scenario, or one of its steps, ended.
type Outcome string

// The outcomes of scenarios and steps.
const (
	Passed       Outcome = "passed"
	Failed       Outcome = "failed"       // there is a finding
	Inconclusive Outcome = "inconclusive" // the endpoint could not be judged
	Skipped      Outcome = "skipped"      // the target lacks something that the scenario needs
	Broken       Outcome = "broken"       // the harness itself failed
	NotReached   Outcome = "not-reached"  // an earlier step ended the scenario
)

// Outcomes returns the outcomes of a step. A scenario can have all of them except NotReached.
func Outcomes() []Outcome {
	return []Outcome{Passed, Failed, Inconclusive, Skipped, Broken, NotReached}
}

// Origin says who caused a broken outcome. It decides the exit code.
type Origin string

const (
	FaultSuite   Origin = "suite"   // a feature or the contract is wrong
	FaultHarness Origin = "harness" // the program is wrong
)

// Origins returns the possible origins of a broken outcome.
func Origins() []Origin { return []Origin{FaultSuite, FaultHarness} }

// Verdict is the result of a run for its target.
type Verdict string

// The verdicts.
const (
	Conformant          Verdict = "conformant"         // every scenario of the features passed, and every testable clause is proved
	SelectedPassed      Verdict = "selected passed"    // every selected scenario passed, but part of the contract remains unproved
	NothingWrong        Verdict = "nothing wrong seen" // recorded traffic has no findings, whatever it did not contain
	NonConformant       Verdict = "non-conformant"     // there is a finding
	Partial             Verdict = "partial"            // there is no finding, but scenarios were skipped
	InconclusiveVerdict Verdict = "inconclusive"
	BrokenVerdict       Verdict = "broken"
)

// Verdicts returns the verdicts.
func Verdicts() []Verdict {
	return []Verdict{Conformant, SelectedPassed, NothingWrong, NonConformant, Partial, InconclusiveVerdict, BrokenVerdict}
}

// Counts holds the number of scenarios with each outcome.
type Counts struct {
	Total        int `json:"total"`
	Passed       int `json:"passed"`
	Failed       int `json:"failed"`
	Inconclusive int `json:"inconclusive"`
	Skipped      int `json:"skipped"`
	Broken       int `json:"broken"`
	Waived       int `json:"waived"` // the failed ones whose findings are all waived
}

// Add counts one scenario's outcome.
func (c *Counts) Add(o Outcome) {
	c.Total++
	switch o {
	case Passed:
		c.Passed++
	case Failed:
		c.Failed++
	case Inconclusive:
		c.Inconclusive++
	case Skipped:
		c.Skipped++
	default:
		c.Broken++
	}
}

// Conclusion derives the verdict from the summary and the selection. A finding decides, whatever
// else happened. A run that proved nothing is never conformant. If scenarios or testable clauses
// were left out, the run is not conformant either.
func (r Run) Conclusion() Verdict {
	c := r.Summary.Scenarios
	switch {
	case c.Failed > 0:
		return NonConformant
	case r.Recording != nil && r.Recording.Judged == 0:
		return InconclusiveVerdict
	case r.Recording != nil:
		return NothingWrong
	case c.Broken > 0 || c.Total == 0:
		return BrokenVerdict
	case c.Inconclusive > 0:
		return InconclusiveVerdict
	case c.Skipped > 0:
		return Partial
	case r.Selection.Selected < r.Selection.Available || r.Summary.Clauses.Unproved > 0:
		return SelectedPassed
	default:
		return Conformant
	}
}

// The exit codes of commands that end with a verdict.
const (
	ExitConformant    = 0
	ExitNonConformant = 1
	ExitUsage         = 2 // wrong usage, configuration or suite
	ExitInconclusive  = 3 // inconclusive, or partial
	ExitHarness       = 4 // the harness itself failed
)

// ExitCode depends on the run alone. It is 0 only if everything that was selected passed, or a
// partial verdict is allowed, and never if the run has left an instance changed.
func (r Run) ExitCode(allowPartial bool) int {
	code := r.exitVerdict(allowPartial)
	if code == ExitConformant && len(r.Unrestored) > 0 {
		return ExitInconclusive
	}
	return code
}

func (r Run) exitVerdict(allowPartial bool) int {
	switch r.Verdict {
	case Conformant, SelectedPassed, NothingWrong, NonConformant:
		return r.exitWaived()
	case Partial:
		if allowPartial && r.Summary.Scenarios.Passed > 0 {
			return ExitConformant
		}
		return ExitInconclusive
	case InconclusiveVerdict:
		return ExitInconclusive
	case BrokenVerdict:
		if r.Fault == FaultSuite {
			return ExitUsage
		}
	}
	return ExitHarness
}

// exitWaived returns the exit code of a run whose findings decide. It is 0 only if every finding is
// waived and every waiver holds.
func (r Run) exitWaived() int {
	for _, w := range r.Waivers {
		if !w.Holds() {
			return ExitNonConformant
		}
	}
	s := r.Summary.Scenarios
	if s.Failed > s.Waived {
		return ExitNonConformant
	}
	if s.Broken > 0 || s.Inconclusive > 0 {
		return ExitInconclusive
	}
	return ExitConformant
}
