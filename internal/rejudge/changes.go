package rejudge

import (
	"slices"

	"github.com/zec-tools/conformance/internal/verdict"
)

// changeOf compares what was said of a scenario with what is said now.
func changeOf(was, now verdict.Scenario) Change {
	c := Change{ID: was.ID, Name: was.Name, Was: was.Outcome, Now: now.Outcome}
	c.Gone, c.New = apart(was.Findings, now.Findings)
	return c
}

// apart returns the findings of a that are not in b, and those of b that are not in a.
func apart(a, b []verdict.Finding) (onlyA, onlyB []verdict.Finding) {
	onlyA, onlyB = []verdict.Finding{}, slices.Clone(b)
	for _, f := range a {
		same := slices.IndexFunc(onlyB, func(o verdict.Finding) bool { return same(f, o) })
		if same < 0 {
			onlyA = append(onlyA, f)
		} else {
			onlyB = slices.Delete(onlyB, same, same+1)
		}
	}
	return onlyA, append([]verdict.Finding{}, onlyB...)
}

func same(a, b verdict.Finding) bool {
	return a.Fingerprint() == b.Fingerprint() && a.Level == b.Level
}

// settleMoved keeps the scenarios that changed. A finding that is gone from one scenario
// and new, word for word, in another has only moved: of two answers with one request id
// the later one is accused, and the record does not keep the order between scenarios.
func settleMoved(changes []Change) []Change {
	gone := map[string]int{}
	for _, c := range changes {
		for _, f := range c.Gone {
			gone[f.Fingerprint()]++
		}
	}
	moved := map[string]int{}
	for i := range changes {
		changes[i].New = slices.DeleteFunc(changes[i].New, func(f verdict.Finding) bool {
			print := f.Fingerprint()
			if gone[print] == 0 {
				return false
			}
			gone[print]--
			moved[print]++
			return true
		})
	}
	var kept []Change
	for _, c := range changes {
		shifted := false
		c.Gone = slices.DeleteFunc(c.Gone, func(f verdict.Finding) bool {
			print := f.Fingerprint()
			if moved[print] == 0 {
				return false
			}
			moved[print]--
			shifted = true
			return true
		})
		if len(c.Gone) > 0 || len(c.New) > 0 || c.Was != c.Now && !shifted {
			kept = append(kept, c)
		}
	}
	return kept
}

// clauseChanges compares the statuses of clauses, in the order of today's contract;
// those it does not have come last.
func clauseChanges(was, now []verdict.ClauseResult) []ClauseChange {
	before := map[string]verdict.ClauseStatus{}
	for _, c := range was {
		before[c.ID] = c.Status
	}
	var changes []ClauseChange
	for _, c := range now {
		if before[c.ID] != c.Status {
			changes = append(changes, ClauseChange{ID: c.ID, Was: before[c.ID], Now: c.Status})
		}
		delete(before, c.ID)
	}
	for _, c := range was {
		if _, left := before[c.ID]; left {
			changes = append(changes, ClauseChange{ID: c.ID, Was: c.Status})
		}
	}
	return changes
}
