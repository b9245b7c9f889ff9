package schedule

import (
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/steps"
)

// Course simulates the instances of a target during a run at an endpoint that works. An instance that was
// brought into another status than its listed one stays there until a scenario needs it in a different status.
type Course interface {
	// Cost returns the changes that provide a scenario with its instances.
	Cost(needs steps.Needs) Cost
	// Play provides the instances, and takes them back as the scenario leaves them.
	Play(needs steps.Needs, leaves []Leaving) Cost
	// Back returns how many changes restore all instances from their current state.
	Back() Range
	// Longest returns the largest number of changes that restore one instance.
	Longest() int
}

// Cost holds the changes that provide a scenario with its instances.
type Cost struct {
	Brought []string // the actions that bring instances into statuses in which they are not listed
	Back    Range    // changes that restore instances
}

// Range is a number that is not known exactly.
type Range struct{ Least, Most int }

func (r *Range) add(other Range) {
	r.Least += other.Least
	r.Most += other.Most
}

// Leaving is how a scenario leaves an instance.
type Leaving struct {
	Status string
	Values int // how often it has changed its value
}

// leaves returns how a scenario leaves its instances if it ends as expected.
func leaves(c suite.Case) []Leaving {
	var all []Leaving
	for _, need := range c.Needs.Instances {
		all = append(all, Leaving{Status: need.Status})
	}
	succeeds, called := Succeeds(c), make([]bool, len(all))
	for _, step := range c.Steps {
		metadata := step.Match.Metadata()
		for at := range all[:min(len(all), named(c, step.Match, metadata))] {
			for _, call := range metadata.Calls {
				facts, known := step.Match.Facts[actionOf(call, metadata)]
				if times := Carried(c, call, succeeds); known && times > 0 && carries(c, facts, at, all[at].Status) {
					all[at].call(facts, max(times, metadata.Series))
					called[at] = true
				}
			}
		}
		if last := len(metadata.Path) - 1; last >= 0 && !strings.Contains(metadata.Path[last], " ") {
			for at := range all {
				if called[at] {
					all[at].Status = metadata.Path[last]
				}
			}
		}
	}
	return all
}

// actionOf returns the action that a call of a step names.
func actionOf(call steps.Call, metadata steps.Metadata) string {
	if call.Action == "" && len(metadata.Actions) > 0 {
		return metadata.Actions[0]
	}
	return call.Action
}

// carries reports whether an action is carried out on one of the instances.
func carries(c suite.Case, facts steps.Facts, at int, status string) bool {
	return facts.Changes && (len(facts.Start) == 0 || slices.Contains(facts.Start, status)) && (!facts.Valued || !c.Needs.Instances[at].GPU)
}

// call records that an action is carried out. If it is called several times, it is undone in between.
func (l *Leaving) call(facts steps.Facts, times int) {
	if facts.Valued {
		l.Values += times
	}
	if len(facts.End) == 1 {
		l.Status = facts.End[0]
	}
}

// turn is a scenario that has not run yet.
type turn struct {
	suite.Case
	needs  steps.Needs
	plays  bool   // it runs and needs instances
	alike  string // equal for scenarios with the same needs
	leaves []Leaving
}

// sequence returns the cases in an order in which few instances have to be brought into other statuses: cases
// whose instances need no preparation come first. It also returns the cost of each case, by its id.
func (s *Schedule) sequence(cases []suite.Case, course Course) (ordered []suite.Case, costs map[string]Cost) {
	var left []turn
	for _, c := range cases {
		one := turn{Case: c}
		one.needs, one.plays = s.plays(c)
		if one.plays = one.plays && len(one.needs.Instances) > 0; one.plays {
			one.alike, one.leaves = keyOf(one.needs), s.leavesOf(c)
		}
		left = append(left, one)
	}
	costs = map[string]Cost{}
	for len(left) > 0 {
		at := cheapest(left, course)
		one := left[at]
		left = slices.Delete(left, at, at+1)
		ordered = append(ordered, one.Case)
		if one.plays {
			costs[one.ID] = course.Play(one.needs, one.leaves)
		}
	}
	return ordered, costs
}

// leavesOf returns how a scenario leaves its instances, computed only once.
func (s *Schedule) leavesOf(c suite.Case) []Leaving {
	known, has := s.leaves[c.ID]
	if !has {
		known = leaves(c)
		s.leaves[c.ID] = known
	}
	return known
}

// cheapest returns the first case whose instances need the fewest changes. Among cases that need changes, it
// prefers those that leave their instances unchanged, because others need them in that state.
func cheapest(waiting []turn, course Course) (at int) {
	least, known := -1, map[string]int{}
	for i, one := range waiting {
		if !one.plays {
			return i
		}
		cost, has := known[one.alike]
		if !has {
			all := course.Cost(one.needs)
			cost = 2 * (len(all.Brought) + all.Back.Least)
			known[one.alike] = cost
		}
		switch {
		case cost == 0:
			return i
		case least >= 0 && cost > least:
			continue
		case one.moves():
			cost++
		}
		if least < 0 || cost < least {
			at, least = i, cost
		}
	}
	return at
}

// moves reports whether a scenario leaves an instance in another status than the one it was acquired in.
func (t turn) moves() bool {
	for i, one := range t.leaves {
		if one.Status != t.needs.Instances[i].Status {
			return true
		}
	}
	return false
}

// plays returns the needs of a scenario that runs, including those of the scenarios that observe its changes.
func (s *Schedule) plays(c suite.Case) (needs steps.Needs, is bool) {
	_, again := s.repeats[c.ID]
	_, shares := s.shares[c.ID]
	_, out := s.leftOut[c.ID]
	if again || shares || out || s.lacks(c.Needs) {
		return needs, false
	}
	needs = c.Needs
	if g := s.callers[c.ID]; g != nil {
		needs.Instances = slices.Concat(needs.Instances, g.Beside.Instances)
	}
	return needs, true
}

// keyOf returns a key that is equal for scenarios with the same needs.
func keyOf(needs steps.Needs) string {
	text := strings.Join(needs.Changes, ",")
	for _, n := range needs.Instances {
		text += "|" + n.Kind + " " + n.Status
		if n.GPU {
			text += " GPU"
		}
	}
	if needs.Resizable > 0 {
		text += "|values"
	}
	return text
}

// Arrange returns cases in the order in which the fewest changes prepare instances.
func (s *Schedule) Arrange(cases []suite.Case) []suite.Case {
	if s == nil {
		return cases
	}
	course := s.stock.Course()
	if course == nil {
		return cases
	}
	ordered, _ := s.sequence(cases, course)
	return ordered
}
