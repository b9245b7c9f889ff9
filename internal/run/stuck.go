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

// stuck remembers the actions that have left an instance in a status which is no end for as
// long as is allowed. Scenarios that carry out such an action are not started: each would
// wait as long again, for the finding that is there already, and take one more instance.
type stuck struct {
	mu sync.Mutex
	by map[string]string // why a scenario that carries out the action is not started
}

// overdue returns the trajectories whose instance had come to no end when the time allowed
// was over.
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

// stranded turns the error of an instance that was prepared to no end into what that violates: the scenario
// would have to wait as long for the same finding.
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

// giveUp tells the target which instances are not worth waiting for, before they are
// restored.
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

// note notes what a scenario has waited for in vain, where that is a finding.
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

// hopeless is an error when a scenario would carry out an action that is stuck.
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
