// Package schedule decides which scenarios run, before anything is sent. If changes have a cost, it
// decides which scenarios make changes, which are judged by the changes of another one, which
// repeat another one, and which are left out because changes are limited.
//
// It sends nothing and knows no action. The sentences say what a scenario changes, and a Stock says
// what the target has.
package schedule

import (
	"fmt"
	"slices"

	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/steps"
)

// Stock says what a target can provide to scenarios.
type Stock interface {
	// Lacks returns an error if the target does not have what is needed.
	Lacks(needs steps.Needs) error
	// Brought returns the actions that bring instances into the needed statuses.
	Brought(needs []steps.Need) []string
}

// Plenty is the stock of a target that creates what a scenario needs.
type Plenty struct{}

// Lacks implements Stock.
func (Plenty) Lacks(steps.Needs) error { return nil }

// Brought implements Stock.
func (Plenty) Brought([]steps.Need) []string { return nil }

// Schedule says how each scenario of a run is handled. A nil Schedule runs all of them.
type Schedule struct {
	Groups  []Group // groups of scenarios that share changes
	Changes int     // the number of changes if none has to be called again, without restoring
	Wanted  int     // the number of changes without a limit
	Bound   int     // the number of changes at which the run gives up

	bounded bool              // somebody has set Bound
	leftOut map[string]string // why a scenario is left out, by its id
	repeats map[string]string // the scenario that a scenario repeats, by the latter's id
	callers map[string]*Group // the group for which a scenario makes the changes, by its id
	changes map[string]int    // the number of changes of a scenario, by its id
	shares  map[string]string // the scenario whose changes a scenario shares, by the latter's id
}

// LeftOut returns why a scenario is left out of the run, or false.
func (s *Schedule) LeftOut(id string) (reason string, out bool) {
	if s == nil {
		return "", false
	}
	reason, out = s.leftOut[id]
	return reason, out
}

// Repeats returns the scenario that contains all steps of another one, which then does not run
// itself, or false.
func (s *Schedule) Repeats(id string) (of string, is bool) {
	if s == nil {
		return "", false
	}
	of, is = s.repeats[id]
	return of, is
}

// Shares returns the scenario whose changes another one is judged by, or false.
func (s *Schedule) Shares(id string) (of string, is bool) {
	if s == nil {
		return "", false
	}
	of, is = s.shares[id]
	return of, is
}

// Calls returns the group for which a scenario makes the changes, or nil.
func (s *Schedule) Calls(id string) *Group {
	if s == nil {
		return nil
	}
	return s.callers[id]
}

// LongestFirst moves the scenarios with the most changes to the front, because their changes follow
// each other while other scenarios run.
func (s *Schedule) LongestFirst(cases []suite.Case) {
	if s != nil {
		slices.SortStableFunc(cases, func(a, b suite.Case) int { return s.changes[b.ID] - s.changes[a.ID] })
	}
}

// Apart returns the scenarios that make no changes, and those that make some. If changes are limited, the latter
// must run after the former, because a call that should be refused needs room for the change that it could make.
func (s *Schedule) Apart(cases []suite.Case) (unchanging, changing []suite.Case) {
	if s == nil || !s.bounded {
		return cases, nil
	}
	for _, c := range cases {
		if s.changes[c.ID] > 0 {
			changing = append(changing, c)
		} else {
			unchanging = append(unchanging, c)
		}
	}
	return unchanging, changing
}

// brought returns how many changes may be needed to bring instances into a status while other
// instances in that status are held by concurrent scenarios.
func (s *Schedule) brought(cases []suite.Case, stock Stock, lacks func(steps.Needs) bool) (changes int) {
	for _, c := range cases {
		if _, again := s.repeats[c.ID]; !again && !lacks(c.Needs) {
			changes += len(stock.Brought(slices.Repeat(c.Needs.Instances, crowd)))
		}
	}
	return changes
}

// Make returns the schedule for cases that may make at most most changes; 0 means no limit.
func Make(cases []suite.Case, stock Stock, most int) *Schedule {
	s := &Schedule{repeats: repeats(cases), bounded: most > 0, leftOut: map[string]string{}, callers: map[string]*Group{}, shares: map[string]string{}, changes: map[string]int{}}
	lacks := func(n steps.Needs) bool { return stock.Lacks(n) != nil }
	var all []candidate
	proved := map[string]bool{}
	for _, c := range cases {
		if _, again := s.repeats[c.ID]; again || lacks(c.Needs) {
			continue
		}
		one := candidate{scenario: c}
		if one.changes, one.spare = Changes(c, stock); one.changes == 0 {
			note(proved, c)
			continue
		}
		one.watched, one.observable = observable(c)
		all = append(all, one)
	}
	s.Wanted = total(all, lacks)
	if most > 0 {
		var out []candidate
		all, out = choose(all, proved, lacks, most)
		for _, c := range out {
			s.leftOut[c.scenario.ID] = fmt.Sprintf("maxChanges %d leaves no room for its %s: other scenarios prove more with them", most, count(c.changes))
		}
		for id, of := range s.repeats {
			if reason, isOut := s.leftOut[of]; isOut {
				s.leftOut[id] = reason
			}
		}
	}
	s.Changes = made(all, lacks)
	if s.Bound = most; most == 0 {
		s.Bound = tries*s.Changes + spareTries + s.brought(cases, stock, lacks)
	}
	for _, c := range all {
		s.changes[c.scenario.ID] = c.changes
	}
	s.Groups = share(all, lacks)
	for i, g := range s.Groups {
		s.callers[g.Caller] = &s.Groups[i]
		for _, id := range g.Observers {
			s.shares[id] = g.Caller
		}
	}
	return s
}

// A change may have to be called again, because it was over before it was seen or before a second
// one could be called. If nothing else limits the changes, a multiple of the needed number is
// enough for an endpoint that works. At any other endpoint, the run gives up.
const (
	tries      = 4
	spareTries = 8
	crowd      = 4 // how many scenarios with the same needs may run concurrently
)

func count(n int) string {
	if n == 1 {
		return "1 change"
	}
	return fmt.Sprintf("%d changes", n)
}
