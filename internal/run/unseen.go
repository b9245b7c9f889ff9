package run

import (
	"sync"

	"github.com/zec-tools/conformance/internal/verdict"
)

// unseen remembers the clauses for which changes were called again and again, and none was seen
// running. The other scenarios call each of their changes once: a dozen more would show the same.
type unseen struct {
	mu sync.Mutex
	in map[string]string // by clause, the scenario
}

func (u *unseen) of(clause string) string {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.in[clause]
}

// noteUnseen notes the scenario where that is a finding, or cost changes of a real account. A waived
// finding is one in each scenario that makes it.
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
