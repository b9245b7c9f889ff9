package run

import (
	"sync"

	"github.com/zec-tools/conformance/internal/verdict"
)

// inVain remembers the clauses for which changes were called again and again, and none was seen
// running. The other scenarios call each of their changes once: a dozen more would show the same.
type inVain struct {
	mu sync.Mutex
	in map[string]string // by clause, the scenario
}

func (v *inVain) of(clause string) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.in[clause]
}

// noteInVain notes the scenario where that is a finding, or cost changes of a real account. A waived
// finding is one in each scenario that makes it.
func (r *runner) noteInVain(e ended, s verdict.Scenario) {
	known := s.Outcome == verdict.Failed || s.Outcome == verdict.Inconclusive && r.plan.GiveUpOnce
	if !known || s.Waived() {
		return
	}
	r.inVain.mu.Lock()
	defer r.inVain.mu.Unlock()
	for _, clause := range e.unseen {
		if r.inVain.in[clause] == "" {
			r.inVain.in[clause] = s.ID
		}
	}
}
