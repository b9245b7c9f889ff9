package run

import (
	"errors"
	"fmt"
	"sync"

	"github.com/zec-tools/conformance/internal/schedule"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/steps"
)

// stuck remembers actions that have left an instance in a status that is no end status for the
// whole time allowed. Scenarios that carry out such an action are not started: each of them would
// wait just as long, repeat a known finding, and leave one more instance stuck.
type stuck struct {
	mu sync.Mutex
	by map[string]string // why a scenario with the action is not started, by action
}

// overdue returns the trajectories whose instance had not reached an end status when the time was
// over.
func (r *runner) overdue(of []verdict.Trajectory) []verdict.Trajectory {
	var late []verdict.Trajectory
	for _, t := range of {
		d, known := r.contract.Lifecycles[t.Action]
		if !known || len(t.Observations) == 0 {
			continue
		}
		last := t.Observations[len(t.Observations)-1]
		if d.Unended(last.Status) && last.Seen-t.Answered >= r.plan.Target.Timing.ResizeTimeout {
			late = append(late, t)
		}
	}
	return late
}

// stranded turns the error of an instance that did not come to an end while it was prepared into the
// finding that follows from it. A scenario of the action itself would wait as long for the same finding.
func (p *play) stranded(err error) error {
	var s *steps.Stranded
	if !errors.As(err, &s) {
		return err
	}
	findings, fault := p.runner.contract.Departures(s.Watch, s.Action, s.Instance)
	if fault != nil || len(findings) == 0 {
		return &steps.Inconclusive{Reason: err.Error()}
	}
	p.session.under(func() {
		p.session.overdue = append(p.session.overdue, verdict.Trajectory{Action: s.Action, Instance: s.Instance})
	})
	return findings[0]
}

// giveUp tells the target which instances not to wait for, before they are restored.
func (p *play) giveUp() {
	p.session.mu.Lock()
	p.overdue = append(p.runner.overdue(p.session.trajectories), p.session.overdue...)
	p.session.mu.Unlock()
	for _, t := range p.overdue {
		if p.fixture != nil && p.fixture.GiveUp != nil {
			p.fixture.GiveUp(t.Instance)
		}
	}
}

// noteStuck records the changes of a scenario that did not end, if that is a finding.
func (r *runner) noteStuck(e ended, s verdict.Scenario) {
	if !r.plan.GiveUpOnce || s.Outcome != verdict.Failed || s.Waived() {
		return
	}
	r.stuck.mu.Lock()
	defer r.stuck.mu.Unlock()
	for _, t := range e.overdue {
		if r.stuck.by[t.Action] == "" {
			r.stuck.by[t.Action] = fmt.Sprintf("not started: %s of %s did not end within %s in %s, and another %s would be given up in the same way",
				t.Action, t.Instance, r.plan.Target.Timing.ResizeTimeout, s.ID, r.contract.Lifecycles[t.Action].Kind)
		}
	}
}

// hopeless returns an error if a scenario would carry out an action that is stuck.
func (r *runner) hopeless(c suite.Case) error {
	r.stuck.mu.Lock()
	defer r.stuck.mu.Unlock()
	for action, reason := range r.stuck.by {
		if schedule.CarriesOut(c, action) {
			return &steps.Lacking{Reason: reason}
		}
	}
	return nil
}
