package verdict

// WaiverState is what became of a waiver in a run.
type WaiverState string

// The states of a waiver. All but the first and the last fail the run: a waiver cannot rot.
const (
	WaiverApplied   WaiverState = "applied"   // it waived a finding
	WaiverUnmatched WaiverState = "unmatched" // nothing was there to waive: remove it
	WaiverExpired   WaiverState = "expired"   // its last day is over
	WaiverChanged   WaiverState = "changed"   // what fails now has another cause
	WaiverNotMet    WaiverState = "not met"   // nothing was there to waive, of a finding that is not met in every run
)

// WaiverStates returns the states of a waiver.
func WaiverStates() []WaiverState {
	return []WaiverState{WaiverApplied, WaiverUnmatched, WaiverExpired, WaiverChanged, WaiverNotMet}
}

// WaiverResult is one waiver of the target with what became of it.
type WaiverResult struct {
	Clause      string      `json:"clause,omitempty"`
	Scenario    string      `json:"scenario,omitempty"`
	Fingerprint string      `json:"fingerprint"`
	Reason      string      `json:"reason"`
	Owner       string      `json:"owner"`
	Expires     string      `json:"expires"`
	State       WaiverState `json:"state"`
	Findings    int         `json:"findings"`      // how many it waived
	Now         []string    `json:"now,omitempty"` // other fingerprints of what it is about: of the finding that it waives, or of what is not waived
}

// Holds reports whether the waiver leaves the exit code alone.
func (w WaiverResult) Holds() bool { return w.State == WaiverApplied || w.State == WaiverNotMet }

// Waived reports whether the scenario failed by findings that are all waived.
func (s Scenario) Waived() bool {
	waived := false
	for _, f := range s.Findings {
		switch {
		case f.Level == Should:
		case f.Waived == "":
			return false
		default:
			waived = true
		}
	}
	return waived && s.Outcome == Failed
}
