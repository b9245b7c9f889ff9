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
	// Course returns its instances as a run finds them; nil: it makes what a scenario needs.
	Course() Course
}

// Plenty is the stock of a target that makes what a scenario needs.
type Plenty struct{}

// Lacks implements Stock.
func (Plenty) Lacks(steps.Needs) error { return nil }

// Course implements Stock.
func (Plenty) Course() Course { return nil }

// Schedule is what becomes of the scenarios of a run. A nil Schedule plays each of them.
type Schedule struct {
	Groups  []Group // of scenarios that share changes
	Changes int     // that the scenarios make, if none has to be called again; restoring left out
	Back    Range   // changes that restore instances, while the run goes on and at its end
	Wanted  int     // changes that they would make if nothing bounded them
	Bound   int     // the most that the run makes before it gives up

	stock   Stock
	leftOut map[string]string // why a scenario is left out, by its id
	repeats map[string]string // by the id of a scenario, that of the one which it repeats
	callers map[string]*Group // by the id of the scenario that makes the changes
	changes map[string]int    // that a scenario makes itself, by its id
	shares  map[string]string // by the id of a scenario, that of the one whose changes it shares
	costs   map[string]Cost   // of lending a scenario its instances, by its id

	leaves map[string][]Leaving // how scenarios leave their instances, by their ids, as far as anybody has asked
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

// Brought returns the actions that bring instances into the statuses which a scenario needs, when the
// scenarios run one after another.
func (s *Schedule) Brought(id string) []string {
	if s == nil {
		return nil
	}
	return s.costs[id].Brought
}

// LongestFirst puts scenarios that make changes before the others, and those that make more
// changes first: they follow each other, and the others run meanwhile.
func (s *Schedule) LongestFirst(cases []suite.Case) {
	if s != nil {
		slices.SortStableFunc(cases, func(a, b suite.Case) int { return s.changes[b.ID] - s.changes[a.ID] })
	}
}

// Make makes the schedule of a run of cases that may make so many changes; 0: any number.
func Make(cases []suite.Case, stock Stock, most int) *Schedule {
	s := empty(stock, repeats(cases))
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

// candidates returns the scenarios that change listed instances, those together that make no change but need
// the same instances brought into other statuses. The clauses of the others are proved without a change.
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

// cost returns how many changes bring instances into statuses that a scenario needs, when it is the first to run.
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

// again returns how many changes bring instances about once more where each scenario fails: then its
// instances are restored, and the next one has them brought about again.
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
}

// A change may have to be called again: it was over before it was seen, or before another one
// could be called while it runs. Where nothing else bounds the changes, so many times as many
// as are needed are enough for an endpoint that works; one that does not is given up.
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
