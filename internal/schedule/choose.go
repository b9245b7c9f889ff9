package schedule

import (
	"slices"

	"github.com/zec-tools/conformance/internal/suite"
)

// candidate is a scenario that changes listed instances.
type candidate struct {
	scenario suite.Case
	changes  int  // that it makes at least
	spare    bool // it calls more at a time than it means to be carried out
}

// choose returns the scenarios that have to be left out, so that the others make no more
// changes than allowed. It keeps first what proves the most new clauses for each change.
func choose(cases []suite.Case, stock Stock, most int) (out []candidate) {
	proved := map[string]bool{}
	var waiting []candidate
	for _, c := range cases {
		if stock.Lacks(c.Needs) != nil {
			continue
		}
		if n, spare := Changes(c, stock); n > 0 {
			waiting = append(waiting, candidate{c, n, spare})
			continue
		}
		note(proved, c)
	}
	made, spare := 0, 0
	for len(waiting) > 0 {
		best := 0
		for i := range waiting {
			if waiting[i].worth(proved) > waiting[best].worth(proved) {
				best = i
			}
		}
		c := waiting[best]
		waiting = slices.Delete(waiting, best, best+1)
		more := spare
		if c.spare {
			more = 1
		}
		if made+c.changes+more > most {
			out = append(out, c)
			continue
		}
		made, spare = made+c.changes, more
		note(proved, c.scenario)
	}
	return out
}

func note(proved map[string]bool, c suite.Case) {
	for _, clause := range c.Clauses {
		proved[clause] = true
	}
}

// worth says how much a scenario proves that nothing else has proved yet, for each change.
// One that proves nothing new is worth the more the less it costs.
func (c candidate) worth(proved map[string]bool) float64 {
	const least = 0.001 // of what is proved already
	worth := least
	for _, clause := range c.scenario.Clauses {
		if !proved[clause] {
			worth++
		}
	}
	return worth / float64(c.changes)
}
