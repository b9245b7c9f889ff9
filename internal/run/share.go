package run

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/zec-tools/conformance/internal/schedule"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/steps"
)

// split returns the cases that run first, those that are judged by the changes of these, and those
// that repeat another case.
func (r *runner) split() (first, observers, repeats []suite.Case) {
	for _, c := range r.plan.Cases {
		_, again := r.plan.Schedule.Repeats(c.ID)
		_, shares := r.plan.Schedule.Shares(c.ID)
		switch {
		case again:
			repeats = append(repeats, c)
		case shares:
			observers = append(observers, c)
		default:
			first = append(first, c)
		}
	}
	return first, observers, repeats
}

// observe judges scenarios by the changes of others. It returns those that it cannot judge, because
// the changes did not go as expected or the scenario needs more than was recorded.
func (r *runner) observe(ctx context.Context, observers []suite.Case) (left []suite.Case) {
	for _, c := range observers {
		caller, _ := r.plan.Schedule.Shares(c.ID)
		t := r.tapes[caller]
		if t == nil || !r.judgeByTape(ctx, c, t, caller) {
			left = append(left, c)
		}
	}
	return left
}

// judgeByTape runs the steps of a scenario on what another one has recorded. It reports false,
// without any effect, if the steps ask for something else.
func (r *runner) judgeByTape(ctx context.Context, c suite.Case, t *tape, caller string) (done bool) {
	fixture, has := t.lend(c.Needs)
	if !has {
		return false
	}
	defer func() {
		if recover() != nil { // the scenario is then run by itself, and shows the panic as its own
			done = false
		}
	}()
	p := r.newPlay(c)
	p.fixture = &fixture
	p.session.player = &player{tape: t}
	timing := r.plan.Target.Timing
	timing.PollInterval = 0 // everything has already happened, so nothing is waited for
	p.world = steps.NewWorld(r.contract, timing, p.session, r.plan.Seed)
	p.world.Play(c.Clauses, c.Needs)
	p.world.Use(fixture)
	p.result = scenario(c)
	p.result.Start = r.plan.Clock().UTC()
	p.result.Shared = &verdict.Shared{Scenario: caller, How: verdict.SharedChanges}
	for _, step := range c.Steps {
		_, _ = p.beforeStep(ctx, nil)
		err := error(nil)
		if p.ended == nil {
			err = step.Match.Perform(ctx, p.world)
		}
		if errors.Is(err, errNotOnTape) || ctx.Err() != nil {
			return false
		}
		if _, fault := p.afterStep(ctx, nil, 0, err); fault != nil {
			return false
		}
	}
	p.world.Leave()
	p.conclude(nil)
	if p.result.Outcome != verdict.Passed && p.result.Outcome != verdict.Failed {
		return false
	}
	for i := range p.result.Findings {
		p.result.Findings[i].Exchange = 0 // the exchange belongs to another scenario
	}
	r.settle(ctx, ended{scene: c, result: p.result, judged: p.session.judged})
	return true
}

// repeat gives scenarios the results of those that they repeat. A scenario that would no longer be
// started because of a finding does not fail with the same finding again.
func (r *runner) repeat(cases []suite.Case) {
	for _, c := range cases {
		of, _ := r.plan.Schedule.Repeats(c.ID)
		first := r.firsts[of]
		result := repetition(c, first)
		if err := r.startable(c); err != nil && first.result.Outcome == verdict.Failed {
			result = scenario(c)
			result.Start, result.Outcome, result.Reason = first.result.Start, verdict.Skipped, err.Error()
			for _, step := range c.Steps {
				result.Steps = append(result.Steps, verdict.Step{Keyword: step.Keyword, Text: step.Text, Line: step.Line, Outcome: verdict.NotReached})
			}
		}
		r.finish(ended{scene: c, result: result})
	}
}

// repetition returns the result of a scenario that has the same steps as another one.
func repetition(c suite.Case, of ended) verdict.Scenario {
	s := scenario(c)
	s.Outcome, s.Reason, s.Cause, s.Fault = of.result.Outcome, of.result.Reason, of.result.Cause, of.result.Fault
	s.Start = of.result.Start
	s.Shared = &verdict.Shared{Scenario: of.scene.ID, How: verdict.SharedSteps}
	for _, f := range of.result.Findings {
		f.Exchange = 0
		s.Findings = append(s.Findings, f)
	}
	next := 0
	for _, step := range c.Steps {
		one := verdict.Step{Keyword: step.Keyword, Text: step.Text, Line: step.Line, Outcome: verdict.NotReached}
		for next < len(of.result.Steps) {
			next++
			if of.scene.Steps[next-1].Match.Key() == step.Match.Key() {
				one.Outcome, one.Message = of.result.Steps[next-1].Outcome, of.result.Steps[next-1].Message
				break
			}
		}
		s.Steps = append(s.Steps, one)
	}
	return s
}

// acquireShared acquires what a scenario needs, and what the scenarios that share its changes need
// in addition.
func (p *play) acquireShared(ctx context.Context, needs steps.Needs, group *schedule.Group) (steps.Fixture, error) {
	own := len(needs.Instances)
	all := needs
	all.Instances = slices.Concat(needs.Instances, group.Beside.Instances)
	fixture, err := p.runner.plan.Target.Fixtures.Acquire(ctx, all)
	if lacking := (*steps.Lacking)(nil); errors.As(err, &lacking) && len(group.Beside.Instances) > 0 {
		return p.runner.plan.Target.Fixtures.Acquire(ctx, needs)
	}
	if err != nil {
		return fixture, err
	}
	if len(fixture.Instances) < own {
		return fixture, fmt.Errorf("the fixture holds %d instances, the scenario needs %d", len(fixture.Instances), own)
	}
	fixture.Instances, fixture.Bystanders = fixture.Instances[:own:own], fixture.Instances[own:]
	fixture.Shared = true
	p.session.tape = &tape{fixture: fixture}
	return fixture, nil
}

// keepTape keeps what a scenario has recorded for others, if everything went as expected.
func (r *runner) keepTape(p *play) {
	t := p.session.tape
	if t == nil || t.void || p.result.Outcome != verdict.Passed {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tapes[p.scene.ID] = t
}

// firstOf keeps the result of a scenario that others repeat. The caller holds mu.
func (r *runner) firstOf(e ended) {
	if _, repeated := r.firsts[e.scene.ID]; repeated {
		e.result.Exchanges, e.result.Trajectories = nil, nil
		r.firsts[e.scene.ID] = e
	}
}

// originals returns a map with an entry for the result of each scenario that others repeat.
func originals(p Plan) map[string]ended {
	all := map[string]ended{}
	for _, c := range p.Cases {
		if of, again := p.Schedule.Repeats(c.ID); again {
			all[of] = ended{}
		}
	}
	return all
}
