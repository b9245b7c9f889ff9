package schedule

import (
	"slices"

	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/steps"
)

// candidate is a scenario that changes listed instances.
type candidate struct {
	scenario   suite.Case
	changes    int     // the minimum number of changes
	spare      bool    // it makes concurrent calls in addition to those that should be carried out
	watched    watched // what it observes, if that can be shared
	observable bool
}

// choose selects scenarios that together make no more than the allowed changes, and returns the
// others as out. It prefers those that prove the most new clauses per additional change.
func choose(all []candidate, proved map[string]bool, lacks func(steps.Needs) bool, most int) (kept, out []candidate) {
	waiting := slices.Clone(all)
	made := 0
	for len(waiting) > 0 {
		best, worth, cost := 0, -1.0, 0
		for i, c := range waiting {
			sum := total(append(slices.Clone(kept), c), lacks)
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
	}
	slices.SortFunc(kept, func(a, b candidate) int { return a.scenario.Index - b.scenario.Index })
	return kept, out
}

// total returns how many changes scenarios make together, plus one if a scenario makes a concurrent
// call.
func total(all []candidate, lacks func(steps.Needs) bool) int {
	spare := 0
	if slices.ContainsFunc(all, func(c candidate) bool { return c.spare }) {
		spare = 1
	}
	return made(all, lacks) + spare
}

// made returns how many changes scenarios make together.
func made(all []candidate, lacks func(steps.Needs) bool) int {
	shared := map[string]bool{}
	for _, g := range share(all, lacks) {
		for _, id := range g.Observers {
			shared[id] = true
		}
	}
	sum := 0
	for _, c := range all {
		if !shared[c.scenario.ID] {
			sum += c.changes
		}
	}
	return sum
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
	for _, clause := range c.scenario.Clauses {
		if !proved[clause] {
			worth++
		}
	}
	return worth / max(float64(further), least)
}
