package rejudge

import (
	"slices"

	"github.com/zec-tools/conformance/internal/difference"
	"github.com/zec-tools/conformance/internal/verdict"
)

// change says what is said differently of a scenario, if anything.
func (r *retrial) change() (Change, bool) {
	c := Change{ID: r.was.ID, Name: r.was.Name, Was: r.was.Outcome, Now: r.now.Outcome}
	c.Gone, c.New = difference.Findings(r.was.Findings, r.now.Findings)
	return c, len(c.Gone) > 0 || len(c.New) > 0 || c.Was != c.Now
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
