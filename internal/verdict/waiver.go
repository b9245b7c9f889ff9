package verdict

// WaiverState is the state of a waiver after a run.
type WaiverState string

// The states of a waiver. All except the first and the last fail the run, so that waivers do not go
// stale.
const (
	WaiverApplied   WaiverState = "applied"   // it waived a finding
	WaiverUnmatched WaiverState = "unmatched" // there was nothing to waive: remove it
	WaiverExpired   WaiverState = "expired"   // its last day has passed
	WaiverChanged   WaiverState = "changed"   // the current failure has another cause
	WaiverNotMet    WaiverState = "not met"   // there was nothing to waive, but the finding does not occur in every run
)

// WaiverStates returns the states of a waiver.
func WaiverStates() []WaiverState {
	return []WaiverState{WaiverApplied, WaiverUnmatched, WaiverExpired, WaiverChanged, WaiverNotMet}
}

// WaiverResult is a waiver for the target, with its state.
type WaiverResult struct {
	Clause      string      `json:"clause,omitempty"`
	Scenario    string      `json:"scenario,omitempty"`
	Fingerprint string      `json:"fingerprint"`
	Reason      string      `json:"reason"`
	Owner       string      `json:"owner"`
	Expires     string      `json:"expires"`
	State       WaiverState `json:"state"`
	Findings    int         `json:"findings"`      // the number of findings that it waived
	Now         []string    `json:"now,omitempty"` // the current fingerprints: of the waived finding if it changed, or of the findings that are not waived
}

// Holds reports whether the waiver leaves the exit code unchanged.
func (w WaiverResult) Holds() bool { return w.State == WaiverApplied || w.State == WaiverNotMet }

// Waived reports whether the scenario failed only because of findings that are all waived.
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
