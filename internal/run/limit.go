package run

import (
	"fmt"
	"sync"

	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/steps"
)

// limit ends a run early: once so many different findings were met, no further scenario
// starts. Findings that are waived, or break a should, do not count.
type limit struct {
	findings int // 0: no limit

	mu        sync.Mutex
	undecided *sync.Cond // signalled when a scenario with findings was counted
	restoring int        // scenarios with findings that are not counted yet: they restore what they changed
	met       map[string]bool
}

func newLimit(findings int) *limit {
	l := &limit{findings: findings, met: map[string]bool{}}
	l.undecided = sync.NewCond(&l.mu)
	return l
}

// reached is an error when no further scenario may start. It waits for scenarios with
// findings, whose restoring may take minutes, since their findings may reach the limit.
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

// startable is an error when a scenario is not to be started any more.
func (r *runner) startable(c suite.Case) error {
	if err := r.limit.reached(); err != nil {
		return err
	}
	return r.hopeless(c)
}

// text says when the run was to end.
func (l *limit) text() string {
	if l.findings == 1 {
		return "at its first finding"
	}
	return fmt.Sprintf("after %d different findings", l.findings)
}

// ended says why the run ended early, or nothing when it did not.
func (l *limit) ended() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.findings == 0 || len(l.met) < l.findings {
		return ""
	}
	return l.text()
}

// suspect announces a scenario with findings, which count is given later.
func (l *limit) suspect() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.restoring++
}

// clear says that a scenario that was announced fails nothing.
func (l *limit) clear() { l.count(verdict.Scenario{}, true) }

// count counts the findings of a scenario, which may have been announced.
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
