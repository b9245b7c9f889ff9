package run

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/zec-tools/conformance/internal/verdict"
)

// unseen remembers the clauses for which repeated changes were never seen running. The other
// scenarios then call each of their changes once, because a dozen more calls would show the same.
//
// At a real account, only one scenario at a time repeats changes for a clause. Several would spend
// the whole budget of the run before one of them has enough changes for a finding.
type unseen struct {
	mu    sync.Mutex
	in    map[string]string // the scenario, by clause
	by    map[string]string // the scenario that repeats changes now, by clause
	freed chan struct{}     // closed and replaced whenever such a scenario ends
}

func newUnseen() unseen {
	return unseen{in: map[string]string{}, by: map[string]string{}, freed: make(chan struct{})}
}

// alone waits until no other scenario repeats changes for a clause. A scenario that others may wait
// for waits for nobody.
func (u *unseen) alone(ctx context.Context, clause, scenario string) {
	for ctx.Err() == nil {
		u.mu.Lock()
		freed := u.freed
		if u.by[clause] == "" {
			u.by[clause] = scenario
		}
		mine := slices.Contains(slices.Collect(maps.Values(u.by)), scenario)
		u.mu.Unlock()
		if mine {
			return
		}
		select {
		case <-ctx.Done():
		case <-freed:
		}
	}
}

// leave lets the scenarios go on that wait for one that has ended.
func (u *unseen) leave(scenario string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	maps.DeleteFunc(u.by, func(_, by string) bool { return by == scenario })
	close(u.freed)
	u.freed = make(chan struct{})
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
