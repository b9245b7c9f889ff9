package schedule

import (
	"slices"

	"github.com/zec-tools/conformance/internal/suite"
)

// candidate is a scenario that changes listed instances.
type candidate struct {
	scenario   suite.Case
	alike      []suite.Case // further scenarios that make no change and need the same preparation
	changes    int          // the minimum number of changes that it makes itself
	spare      bool         // it makes concurrent calls in addition to those that should be carried out
	watched    watched      // what it observes, if that can be shared
	observable bool
}

// choose selects scenarios that together make no more than the allowed changes, and returns the
// others as out. It prefers those that prove the most new clauses per additional change.
func (s *Schedule) choose(all []candidate, proved map[string]bool, most int) (kept, out []candidate) {
	waiting := slices.Clone(all)
	made := 0
	for len(waiting) > 0 {
		best, worth, cost := 0, -1.0, 0
		for i, c := range waiting {
			sum := s.total(append(slices.Clone(kept), c))
			if w := c.worth(proved, sum-made); w > worth {
				best, worth, cost = i, w, sum
			}
		}
		c := waiting[best]
		waiting = slices.Delete(waiting, best, best+1)
		if cost > most {
			out = append(out, c)
			continue
		}
		kept, made = append(kept, c), cost
		note(proved, c.scenario)
		for _, one := range c.alike {
			note(proved, one)
		}
	}
	return kept, out
}

// total returns how many changes scenarios make together, plus one if a scenario makes a concurrent
// call.
func (s *Schedule) total(all []candidate) int {
	var cases []suite.Case
	for _, c := range all {
		cases = append(cases, c.scenario)
	}
	slices.SortFunc(cases, func(a, b suite.Case) int { return a.Index - b.Index })
	one := empty(s.stock, s.repeats)
	one.leaves = s.leaves
	one.count(cases, all)
	return one.Changes + spare(all)
}

func spare(all []candidate) int {
	if slices.ContainsFunc(all, func(c candidate) bool { return c.spare }) {
		return 1
	}
	return 0
}

func note(proved map[string]bool, c suite.Case) {
	for _, clause := range c.Clauses {
		proved[clause] = true
	}
}

// worth rates how much a scenario newly proves per additional change. Among scenarios that prove
// nothing new, fewer changes are better.
func (c candidate) worth(proved map[string]bool, further int) float64 {
	const least = 0.001 // for what is already proved
	worth := least
	fresh := map[string]bool{}
	for _, one := range append(slices.Clone(c.alike), c.scenario) {
		for _, clause := range one.Clauses {
			fresh[clause] = !proved[clause]
		}
	}
	for _, is := range fresh {
		if is {
			worth++
		}
	}
	return worth / max(float64(further), least)
}
