package difference

import (
	"slices"

	"github.com/zec-tools/conformance/internal/verdict"
)

// Findings returns the findings that are only in a and those that are only in b, ignoring ids.
func Findings(a, b []verdict.Finding) (onlyA, onlyB []verdict.Finding) {
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
	return a.Digest() == b.Digest() && a.Level == b.Level
}

// ClauseChange is a clause whose status has changed; "" stands for a clause that a contract does
// not have.
type ClauseChange struct {
	ID  string               `json:"id"`
	Was verdict.ClauseStatus `json:"was"`
	Now verdict.ClauseStatus `json:"now"`
}

// Clauses returns the clauses whose status differs in the second list, in its order. Clauses that
// it does not have come last.
func Clauses(was, now []verdict.ClauseResult) []ClauseChange {
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

// SameClauses reports whether two runs list the same clauses in the same order.
func SameClauses(a, b verdict.Run) bool {
	return slices.EqualFunc(a.Clauses, b.Clauses, func(x, y verdict.ClauseResult) bool { return x.ID == y.ID })
}
