// Package schedule decides, before anything is sent, which of the selected scenarios a
// run leaves out because the changes of its target are bounded.
//
// It sends nothing and knows no action: what a scenario changes it takes from what the
// sentences say they call, what the target has from a Stock.
package schedule

import (
	"fmt"

	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/steps"
)

// Stock is what a target has for scenarios.
type Stock interface {
	// Lacks returns an error when the target does not have what is needed.
	Lacks(needs steps.Needs) error
	// Brought returns the actions that bring instances into the statuses needed.
	Brought(needs []steps.Need) []string
}

// Schedule is what becomes of the scenarios of a run.
type Schedule struct {
	leftOut map[string]string // why a scenario is left out, by its id
}

// LeftOut returns why a scenario is left out of the run, or false. No schedule leaves out none.
func (s *Schedule) LeftOut(id string) (reason string, out bool) {
	if s == nil {
		return "", false
	}
	reason, out = s.leftOut[id]
	return reason, out
}

// Make makes the schedule of a run of cases that may make so many changes; 0: any number.
func Make(cases []suite.Case, stock Stock, most int) *Schedule {
	s := &Schedule{leftOut: map[string]string{}}
	if most == 0 {
		return s
	}
	for _, c := range choose(cases, stock, most) {
		s.leftOut[c.scenario.ID] = fmt.Sprintf("maxChanges %d leaves no room for its %s: other scenarios prove more with them", most, count(c.changes))
	}
	return s
}

func count(n int) string {
	if n == 1 {
		return "1 change"
	}
	return fmt.Sprintf("%d changes", n)
}
