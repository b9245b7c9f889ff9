package run

import (
	"fmt"
	"sync"

	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/steps"
)

// limit ends a run early: after a number of different findings, no further scenario starts. It
// ignores findings that are waived or violate a clause of level should.
type limit struct {
	findings int // 0 means no limit

	mu        sync.Mutex
	undecided *sync.Cond // signalled when a scenario with findings was counted
	restoring int        // scenarios with findings that are still restoring what they changed, and are not counted yet
	met       map[string]bool
}

func newLimit(findings int) *limit {
	l := &limit{findings: findings, met: map[string]bool{}}
	l.undecided = sync.NewCond(&l.mu)
	return l
}

// reached returns an error if no further scenario may start. It waits for scenarios that have
// findings but are still restoring, which may take minutes, because their findings may reach the
// limit.
func (l *limit) reached() error {
	if l.findings == 0 {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.restoring > 0 && len(l.met) < l.findings {
		l.undecided.Wait()
	}
	if len(l.met) < l.findings {
		return nil
	}
	return &steps.Lacking{Reason: "not started: the run was to end " + l.text()}
}

// startable returns an error if a scenario must not be started any more.
func (r *runner) startable(c suite.Case) error {
	if err := r.limit.reached(); err != nil {
		return err
	}
	return r.hopeless(c)
}

// text says when the run was set to end.
func (l *limit) text() string {
	if l.findings == 1 {
		return "at its first finding"
	}
	return fmt.Sprintf("after %d different findings", l.findings)
}

// ended says why the run ended early, "" if it did not.
func (l *limit) ended() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.findings == 0 || len(l.met) < l.findings {
		return ""
	}
	return l.text()
}

// suspect announces a scenario with findings that will be counted later.
func (l *limit) suspect() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.restoring++
}

// clear withdraws an announced scenario that does not fail.
func (l *limit) clear() { l.count(verdict.Scenario{}, true) }

// count counts the findings of a scenario. announced tells whether suspect was called for it.
func (l *limit) count(s verdict.Scenario, announced bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range s.Findings {
		if f.Level != verdict.Should && f.Waived == "" {
			l.met[f.Fingerprint()] = true
		}
	}
	if announced {
		l.restoring--
	}
	l.undecided.Broadcast()
}
