package report

import (
	"strings"

	"github.com/zec-tools/conformance/internal/verdict"
)

// stepEnd is the outcome of a step for formats that only have outcomes of steps.
type stepEnd struct {
	outcome verdict.Outcome
	message string
}

// stepEnds returns an outcome for each step, such that the worst of them is the outcome of the
// scenario. A finding that no step mentions is assigned to the step that made its exchange. A
// failure outside of the steps is assigned to the first or the last step.
func stepEnds(s verdict.Scenario) []stepEnd {
	ends := make([]stepEnd, len(s.Steps))
	for i, step := range s.Steps {
		ends[i] = stepEnd{step.Outcome, step.Message}
	}
	if len(ends) == 0 {
		return ends
	}
	for _, f := range s.Findings {
		if s.Teller(f) >= 0 {
			continue
		}
		end := &ends[stepOf(s, f)]
		end.message = strings.TrimPrefix(end.message+"\n"+f.Error(), "\n")
		if f.Level != verdict.Should {
			end.outcome = verdict.Failed
		}
	}
	for _, end := range ends {
		if end.outcome == s.Outcome {
			return ends
		}
	}
	if s.Outcome != verdict.Passed {
		at := len(ends) - 1
		if s.Steps[0].Outcome == verdict.NotReached {
			at = 0 // the scenario ended before its first step
		}
		ends[at] = stepEnd{s.Outcome, strings.TrimPrefix(ends[at].message+"\n"+s.Reason, "\n")}
	}
	return ends
}

// stepOf returns the index of the step that a finding belongs to: the step that mentions it,
// otherwise the step that made the exchange, otherwise the last one.
func stepOf(s verdict.Scenario, f verdict.Finding) int {
	if i := s.Teller(f); i >= 0 {
		return i
	}
	for i, step := range s.Steps {
		if f.Exchange > 0 && f.Exchange <= step.Exchanges {
			return i
		}
	}
	return max(len(s.Steps)-1, 0)
}

// lineOf returns the line of the feature file at which a scenario failed.
func lineOf(s verdict.Scenario) int {
	for i, end := range stepEnds(s) {
		if end.outcome == s.Outcome && s.Outcome != verdict.Passed && s.Steps[i].Line > 0 {
			return s.Steps[i].Line
		}
	}
	if len(s.Findings) > 0 && len(s.Steps) > 0 {
		return s.Steps[stepOf(s, s.Findings[0])].Line
	}
	return s.Line
}
