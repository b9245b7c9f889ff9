package verdict

// Outcome is how one scenario, or one of its steps, ended.
type Outcome string

// The outcomes, as design words.
const (
	Passed       Outcome = "passed"
	Failed       Outcome = "failed"       // a finding
	Inconclusive Outcome = "inconclusive" // the endpoint could not be judged
	Skipped      Outcome = "skipped"      // the target lacks what it needs
	Broken       Outcome = "broken"       // the harness's own fault
	NotReached   Outcome = "not-reached"  // a step after the one that ended its scenario
)

// Outcomes returns the outcomes of a step; a scenario has any of them but NotReached.
func Outcomes() []Outcome {
	return []Outcome{Passed, Failed, Inconclusive, Skipped, Broken, NotReached}
}

// Origin says whose fault a broken outcome is: it decides the exit code.
type Origin string

const (
	FaultSuite   Origin = "suite"   // a feature or the contract is wrong
	FaultHarness Origin = "harness" // the program is wrong
)

// Origins returns the origins of a fault.
func Origins() []Origin { return []Origin{FaultSuite, FaultHarness} }

// Verdict is what a run says of its target.
type Verdict string

// The verdicts.
const (
	Conformant          Verdict = "conformant"         // every scenario of the features passed, every testable clause is proved
	SelectedPassed      Verdict = "selected passed"    // every scenario that was selected passed, which leaves some of the contract unproved
	NothingWrong        Verdict = "nothing wrong seen" // in recorded traffic: no finding, whatever was not asked
	NonConformant       Verdict = "non-conformant"     // a finding
	Partial             Verdict = "partial"            // no finding, but scenarios were skipped
	InconclusiveVerdict Verdict = "inconclusive"
	BrokenVerdict       Verdict = "broken"
)

// Verdicts returns the verdicts.
func Verdicts() []Verdict {
	return []Verdict{Conformant, SelectedPassed, NothingWrong, NonConformant, Partial, InconclusiveVerdict, BrokenVerdict}
}

// Counts is how many scenarios ended in which outcome.
type Counts struct {
	Total        int `json:"total"`
	Passed       int `json:"passed"`
	Failed       int `json:"failed"`
	Inconclusive int `json:"inconclusive"`
	Skipped      int `json:"skipped"`
	Broken       int `json:"broken"`
	Waived       int `json:"waived"` // of those that failed, the ones whose findings are all waived
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

// Conclusion folds the summary and the selection into the verdict. A finding stands
// whatever else happened; a run that proved nothing is never conformant; what passed
// speaks for the endpoint only when no scenario and no testable clause was left out.
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

// The exit codes of a command that ends with a verdict.
const (
	ExitConformant    = 0
	ExitNonConformant = 1
	ExitUsage         = 2 // wrong usage, configuration or suite
	ExitInconclusive  = 3 // inconclusive, or partial
	ExitHarness       = 4 // a fault of the harness itself
)

// ExitCode is a function of the run alone: 0 only when everything that was selected
// passed, unless the user has allowed the proof to be partial, and never when the run
// has left an instance changed.
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

// exitWaived is the code of a run whose findings decide: none may be left that is not
// waived, and no waiver that waives nothing.
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
