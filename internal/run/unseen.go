package run

import (
	"sync"

	"github.com/zec-tools/conformance/internal/verdict"
)

// unseen remembers the clauses for which repeated changes were never seen running. The other
// scenarios then call each of their changes once, because a dozen more calls would show the same.
type unseen struct {
	mu sync.Mutex
	in map[string]string // the scenario, by clause
}

func (u *unseen) of(clause string) string {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.in[clause]
}

// noteUnseen records the scenario if that is a finding, or if its changes of a real account had a
// cost. A waived finding is repeated by each scenario that makes it.
func (r *runner) noteUnseen(e ended, s verdict.Scenario) {
	known := s.Outcome == verdict.Failed || s.Outcome == verdict.Inconclusive && r.plan.GiveUpOnce
	if !known || s.Waived() {
		return
	}
	r.unseen.mu.Lock()
	defer r.unseen.mu.Unlock()
	for _, clause := range e.unseen {
		if r.unseen.in[clause] == "" {
			r.unseen.in[clause] = s.ID
		}
	}
}
