package rejudge

import (
	"slices"

	"github.com/zec-tools/conformance/internal/difference"
	"github.com/zec-tools/conformance/internal/verdict"
)

// change returns how the judgement of a scenario has changed, if it has.
func (r *retrial) change() (Change, bool) {
	c := Change{ID: r.was.ID, Name: r.was.Name, Was: r.was.Outcome, Now: r.now.Outcome}
	c.Gone, c.New = difference.Findings(r.was.Findings, r.now.Findings)
	return c, len(c.Gone) > 0 || len(c.New) > 0 || c.Was != c.Now
}

// settleMoved returns findings to the scenario in the record. If two answers have the same request
// id, the later one is blamed, but the record does not keep the order between scenarios. So a
// finding that disappeared from one scenario and appeared with the same words in another has only
// moved.
func settleMoved(cases []*retrial) {
	type place struct {
		owner   *retrial
		finding verdict.Finding
	}
	gone := map[string][]place{}
	for _, c := range cases {
		missing, _ := difference.Findings(c.was.Findings, c.now.Findings)
		for _, f := range missing {
			gone[f.Digest()] = append(gone[f.Digest()], place{c, f})
		}
	}
	for _, c := range cases {
		_, fresh := difference.Findings(c.was.Findings, c.now.Findings)
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
