// Package schedule decides, before anything is sent, what becomes of the selected
// scenarios of a run whose changes cost something: which of them make changes, which are
// judged by the changes of another one, which repeat another one, and which are left out
// because the changes are bounded.
//
// It sends nothing and knows no action: what a scenario changes it takes from what the
// sentences say they call, what the target has from a Stock.
package schedule

import (
	"fmt"
	"slices"

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

// Plenty is the stock of a target that makes what a scenario needs.
type Plenty struct{}

// Lacks implements Stock.
func (Plenty) Lacks(steps.Needs) error { return nil }

// Brought implements Stock.
func (Plenty) Brought([]steps.Need) []string { return nil }

// Schedule is what becomes of the scenarios of a run. A nil Schedule plays each of them.
type Schedule struct {
	Groups  []Group // of scenarios that share changes
	Changes int     // that the scenarios make, if none has to be called again; restoring left out
	Wanted  int     // that they would make if nothing bounded them
	Bound   int     // the most that the run makes before it gives up

	bounded bool              // somebody has set Bound
	leftOut map[string]string // why a scenario is left out, by its id
	repeats map[string]string // by the id of a scenario, that of the one which it repeats
	callers map[string]*Group // by the id of the scenario that makes the changes
	changes map[string]int    // that a scenario makes, by its id
	shares  map[string]string // by the id of a scenario, that of the one whose changes it shares
}

// LeftOut returns why a scenario is left out of the run, or false.
func (s *Schedule) LeftOut(id string) (reason string, out bool) {
	if s == nil {
		return "", false
	}
	reason, out = s.leftOut[id]
	return reason, out
}

// Repeats returns the scenario that has all the steps of another one, which is then not
// played again, or false.
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

// LongestFirst puts scenarios that make changes before the others, and those that make more
// changes first: they follow each other, and the others run meanwhile.
func (s *Schedule) LongestFirst(cases []suite.Case) {
	if s != nil {
		slices.SortStableFunc(cases, func(a, b suite.Case) int { return s.changes[b.ID] - s.changes[a.ID] })
	}
}

// Apart returns the scenarios that make no changes, and those that make some, which have to run after them where
// changes are bounded: a call that is to be refused needs room for the change that it could make.
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

// brought returns how many changes may bring instances about while others of the same status
// are lent to scenarios that run at the same time.
func (s *Schedule) brought(cases []suite.Case, stock Stock, lacks func(steps.Needs) bool) (changes int) {
	for _, c := range cases {
		if _, again := s.repeats[c.ID]; !again && !lacks(c.Needs) {
			changes += len(stock.Brought(slices.Repeat(c.Needs.Instances, crowd)))
		}
	}
	return changes
}

// Make makes the schedule of a run of cases that may make so many changes; 0: any number.
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

// A change may have to be called again: it was over before it was seen, or before another one
// could be called while it runs. Where nothing else bounds the changes, so many times as many
// as are needed are enough for an endpoint that works; one that does not is given up.
const (
	tries      = 4
	spareTries = 8
	crowd      = 4 // how many scenarios of the same needs may run at the same time
)

func count(n int) string {
	if n == 1 {
		return "1 change"
	}
	return fmt.Sprintf("%d changes", n)
}
