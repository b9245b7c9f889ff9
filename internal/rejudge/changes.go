package rejudge

import (
	"slices"

	"github.com/zec-tools/conformance/internal/verdict"
)

// change says what is said differently of a scenario, if anything.
func (r *retrial) change() (Change, bool) {
	c := Change{ID: r.was.ID, Name: r.was.Name, Was: r.was.Outcome, Now: r.now.Outcome}
	c.Gone, c.New = apart(r.was.Findings, r.now.Findings)
	return c, len(c.Gone) > 0 || len(c.New) > 0 || c.Was != c.Now
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
	return a.Digest() == b.Digest() && a.Level == b.Level
}

// settleMoved puts findings back where the record has them. Of two answers with one
// request id the later one is accused, and the record does not keep the order between
// scenarios: a finding that is gone from one and new, word for word, in another has only
// moved.
func settleMoved(cases []*retrial) {
	type place struct {
		owner   *retrial
		finding verdict.Finding
	}
	gone := map[string][]place{}
	for _, c := range cases {
		missing, _ := apart(c.was.Findings, c.now.Findings)
		for _, f := range missing {
			gone[f.Digest()] = append(gone[f.Digest()], place{c, f})
		}
	}
	for _, c := range cases {
		_, fresh := apart(c.was.Findings, c.now.Findings)
		for _, f := range fresh {
			homes := gone[f.Digest()]
			if len(homes) == 0 {
				continue
			}
			at := slices.Index(c.now.Findings, f)
			c.now.Findings = slices.Delete(c.now.Findings, at, at+1)
			home := homes[0]
			home.owner.now.Findings = append(home.owner.now.Findings, home.finding)
			gone[f.Digest()] = homes[1:]
		}
	}
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
