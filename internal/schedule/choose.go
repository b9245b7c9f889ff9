package schedule

import (
	"slices"

	"github.com/zec-tools/conformance/internal/suite"
)

// candidate is a scenario that changes listed instances.
type candidate struct {
	scenario   suite.Case
	alike      []suite.Case // further ones: none makes a change, and each needs the same to be brought about
	changes    int          // that it makes itself at least
	spare      bool         // it calls more at a time than it means to be carried out
	watched    watched      // what it watches, where that can be shared
	observable bool
}

// choose keeps scenarios that make no more changes than allowed, together, and returns those
// to be left out. It keeps first what proves the most new clauses for each further change.
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

// total returns how many changes scenarios make together, and room for the one that a
// scenario calls while another change runs.
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

// worth says how much a scenario proves that nothing else has proved yet, for each further
// change that it takes. One that proves nothing new is worth the more the less it takes.
func (c candidate) worth(proved map[string]bool, further int) float64 {
	const least = 0.001 // of what is proved already
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
