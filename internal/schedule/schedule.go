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
	// Course returns its instances as a run finds them, or nil if it creates what a scenario needs.
	Course() Course
}

// Plenty is the stock of a target that creates what a scenario needs.
type Plenty struct{}

// Lacks implements Stock.
func (Plenty) Lacks(steps.Needs) error { return nil }

// Course implements Stock.
func (Plenty) Course() Course { return nil }

// Schedule says how each scenario of a run is handled. A nil Schedule runs all of them.
type Schedule struct {
	Groups  []Group // groups of scenarios that share changes
	Changes int     // the number of changes if none has to be called again, without restoring
	Back    Range   // the number of changes that restore instances, during the run and at its end
	Wanted  int     // the number of changes without a limit
	Bound   int     // the number of changes at which the run gives up

	stock   Stock
	bounded bool              // somebody has set Bound
	leftOut map[string]string // why a scenario is left out, by its id
	repeats map[string]string // the scenario that a scenario repeats, by the latter's id
	callers map[string]*Group // the group for which a scenario makes the changes, by its id
	changes map[string]int    // the number of changes that a scenario makes itself, by its id
	shares  map[string]string // the scenario whose changes a scenario shares, by the latter's id
	costs   map[string]Cost   // the cost of providing the instances of a scenario, by its id

	leaves map[string][]Leaving // how scenarios leave their instances, by their ids, as far as they were asked for
}

func (s *Schedule) lacks(needs steps.Needs) bool { return s.stock.Lacks(needs) != nil }

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

// Brought returns the actions that bring instances into the statuses that a scenario needs if the
// scenarios run one after another.
func (s *Schedule) Brought(id string) []string {
	if s == nil {
		return nil
	}
	return s.costs[id].Brought
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

// Make returns the schedule for cases that may make at most most changes; 0 means no limit.
func Make(cases []suite.Case, stock Stock, most int) *Schedule {
	s := empty(stock, repeats(cases))
	s.bounded = most > 0
	all, proved := s.candidates(cases)
	s.Wanted = s.total(all)
	if most > 0 {
		var out []candidate
		all, out = s.choose(all, proved, most)
		s.leaveOut(out, most)
		for s.count(cases, all); s.Changes+spare(all) > most && len(all) > 0; s.count(cases, all) {
			s.leaveOut(all[len(all)-1:], most)
			all = all[:len(all)-1]
		}
	}
	s.count(cases, all)
	if s.Bound = most; most == 0 {
		s.Bound = tries*s.Changes + spareTries + s.again(cases)
	}
	return s
}

func empty(stock Stock, repeats map[string]string) *Schedule {
	return &Schedule{
		stock: stock, repeats: repeats, leftOut: map[string]string{}, callers: map[string]*Group{},
		shares: map[string]string{}, changes: map[string]int{}, costs: map[string]Cost{}, leaves: map[string][]Leaving{},
	}
}

// candidates returns the scenarios that change listed instances. Scenarios that make no change, but need
// the same instances in other statuses, are one candidate. The others prove their clauses without a change.
func (s *Schedule) candidates(cases []suite.Case) (all []candidate, proved map[string]bool) {
	proved = map[string]bool{}
	alike := map[string]int{}
	for _, c := range cases {
		if _, again := s.repeats[c.ID]; again || s.lacks(c.Needs) {
			continue
		}
		one := candidate{scenario: c}
		one.changes, one.spare = Changes(c)
		at, known := alike[keyOf(c.Needs)]
		switch {
		case one.changes > 0:
			one.watched, one.observable = observable(c)
		case s.cost(c.Needs) == 0:
			note(proved, c)
			continue
		case known:
			all[at].alike = append(all[at].alike, c)
			continue
		default:
			alike[keyOf(c.Needs)] = len(all)
		}
		all = append(all, one)
	}
	return all, proved
}

// cost returns how many changes bring instances into the statuses that a scenario needs if it runs first.
func (s *Schedule) cost(needs steps.Needs) int {
	if course := s.stock.Course(); course != nil {
		return len(course.Cost(needs).Brought)
	}
	return 0
}

// group has scenarios share their changes.
func (s *Schedule) group(all []candidate) {
	clear(s.callers)
	clear(s.shares)
	clear(s.changes)
	all = slices.SortedFunc(slices.Values(all), func(a, b candidate) int { return a.scenario.Index - b.scenario.Index })
	for _, c := range all {
		s.changes[c.scenario.ID] = c.changes
	}
	s.Groups = share(all, s.lacks)
	for i, g := range s.Groups {
		s.callers[g.Caller] = &s.Groups[i]
		for _, id := range g.Observers {
			s.shares[id] = g.Caller
		}
	}
}

// count counts the changes of cases, of which some change instances.
func (s *Schedule) count(cases []suite.Case, changing []candidate) {
	s.group(changing)
	s.Changes, s.Back = 0, Range{}
	if course := s.stock.Course(); course != nil {
		_, s.costs = s.sequence(cases, course)
		s.Back = course.Back()
	}
	for _, cost := range s.costs {
		s.Changes += len(cost.Brought)
		s.Back.add(cost.Back)
	}
	for _, c := range changing {
		if _, shares := s.shares[c.scenario.ID]; !shares {
			s.Changes += c.changes
		}
	}
}

// again returns how many more changes bring instances into the needed statuses if every scenario fails:
// its instances are then restored, and have to be prepared for the next scenario again.
func (s *Schedule) again(cases []suite.Case) (changes int) {
	for _, c := range cases {
		if needs, plays := s.plays(c); plays {
			changes += s.cost(needs)
		}
	}
	return changes
}

func (s *Schedule) leaveOut(all []candidate, most int) {
	for _, c := range all {
		for _, one := range append(slices.Clone(c.alike), c.scenario) {
			s.leftOut[one.ID] = fmt.Sprintf("maxChanges %d leaves no room for its %s: other scenarios prove more with them", most, count(c.changes+s.cost(one.Needs)))
		}
	}
	for id, of := range s.repeats {
		if reason, out := s.leftOut[of]; out {
			s.leftOut[id] = reason
		}
	}
}

// A change may have to be called again, because it was over before it was seen or before a second
// one could be called. If nothing else limits the changes, a multiple of the needed number is
// enough for an endpoint that works. At any other endpoint, the run gives up.
const (
	tries      = 4
	spareTries = 8
)

func count(n int) string {
	if n == 1 {
		return "1 change"
	}
	return fmt.Sprintf("%d changes", n)
}
