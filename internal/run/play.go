package run

import (
	"context"
	"errors"
	"fmt"

	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/steps"
)

// play is one scenario under way.
type play struct {
	runner  *runner
	session *session
	world   *steps.World
	scene   suite.Case
	fixture *steps.Fixture
	result  verdict.Scenario
	step    int                  // how many steps have ended
	ended   error                // why the scenario ended before its last step
	overdue []verdict.Trajectory // of changes that did not end in the time allowed
	suspect bool                 // it has findings, and the limit was told before they are counted
}

// perform plays the scenario from what it needs to what came of it.
func (p *play) perform(ctx context.Context) {
	ctx, done := context.WithCancel(ctx)
	defer done()
	p.world.Play(p.scene.Clauses)
	if p.runner.plan.Started != nil {
		p.runner.plan.Started(p.scene)
	}
	p.ended = recovered(func() error { return p.begin(ctx) })
	for i := 0; i < len(p.scene.Steps) && p.ended == nil; i++ {
		p.take(func(m steps.Match) error { return m.Perform(ctx, p.world) })
	}
	p.leave(ctx)
}

// begin takes all that the scenario needs, together. An error is why it is not played.
func (p *play) begin(ctx context.Context) error {
	if err := interrupted(ctx); err != nil {
		return err
	}
	if lost := p.runner.plan.Lost; lost != nil {
		return lost
	}
	if reason, out := p.runner.plan.Schedule.LeftOut(p.scene.ID); out {
		return &steps.Lacking{Reason: reason}
	}
	if err := p.runner.startable(p.scene); err != nil {
		return err
	}
	fixture, err := p.acquire(ctx, p.scene)
	if err != nil {
		return err
	}
	fixture.Costly = p.runner.plan.Schedule != nil
	p.fixture = &fixture
	if err := p.runner.startable(p.scene); err != nil { // others have ended while it waited for its instances
		return err
	}
	p.world.Use(fixture)
	return nil
}

// errPanic is a fault of the harness in one scenario, which must not end the others.
var errPanic = errors.New("panic")

// recovered calls what may panic.
func recovered(call func() error) (err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("%w: %v", errPanic, panicked)
		}
	}()
	return call()
}

// acquire takes what a scenario needs, with what others need who share its changes.
func (p *play) acquire(ctx context.Context, c suite.Case) (steps.Fixture, error) {
	if group := p.runner.plan.Schedule.Calls(c.ID); group != nil {
		return p.acquireShared(ctx, c.Needs, group)
	}
	return p.runner.plan.Target.Fixtures.Acquire(ctx, c.Needs)
}

func interrupted(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	return &steps.Inconclusive{Cause: wire.CauseInterrupted, Reason: "the run was interrupted"}
}

// take performs the next step and records how it ended. A finding the contract made of one
// of its exchanges does not end the scenario: what comes after may show more.
func (p *play) take(perform func(steps.Match) error) {
	origin := p.scene.Steps[p.step]
	p.step++
	started := p.runner.plan.Clock()
	p.ended = recovered(func() error { return perform(origin.Match) })
	s := verdict.Step{
		Keyword: origin.Keyword, Text: origin.Text, Line: origin.Line, Exchanges: p.session.count(),
		Outcome: verdict.Passed, Duration: p.runner.plan.Clock().Sub(started),
	}
	if p.ended != nil {
		s.Outcome, _ = classify(p.ended)
		s.Message = p.ended.Error()
	}
	p.result.Steps = append(p.result.Steps, s)
}

// leave restores everything, then concludes.
func (p *play) leave(ctx context.Context) {
	if p.session.tape != nil && p.ended == nil && p.world.ReadForOthers(ctx) != nil {
		p.session.tape.spoil()
	}
	p.world.Leave()
	p.giveUp()
	if p.suspect = p.faulty(); p.suspect {
		p.runner.limit.suspect()
	}
	restore := p.release(ctx)
	p.conclude(restore)
	p.runner.keepTape(p)
	if p.suspect && p.result.Outcome != verdict.Failed {
		p.suspect = false
		p.runner.limit.clear()
	}
	p.runner.settle(ctx, ended{scene: p.scene, result: p.result, suspect: p.suspect, overdue: p.overdue, judged: p.session.judged, calls: p.session.calls})
}

// faulty reports whether there are findings already.
func (p *play) faulty() bool {
	var f verdict.Finding
	return errors.As(p.ended, &f) || p.session.faulty()
}

// release restores the instances, also when the run was interrupted. A panic in it is
// this scenario's fault: it must not take from the others the time to put theirs back.
func (p *play) release(ctx context.Context) error {
	if p.fixture == nil || p.fixture.Release == nil {
		return nil
	}
	return recovered(func() error {
		if p.keep() {
			return nil
		}
		if len(p.scene.Needs.Changes) > 0 {
			for _, inst := range p.fixture.Instances {
				p.waiting(inst.ID, "being restored")
				defer p.waiting(inst.ID, "")
			}
		}
		return p.fixture.Release(context.WithoutCancel(ctx)) // the target knows how long that may take
	})
}

// keep leaves the instances as they are for the next scenario, when all went as it ought to:
// what is restored once at the end need not be restored in between.
func (p *play) keep() bool {
	if p.fixture.Keep == nil || p.ended != nil || p.session.faulty() {
		return false
	}
	left := p.world.Left()
	for id, s := range left {
		s.Scenario = p.scene.ID
		left[id] = s
	}
	return p.fixture.Keep(left)
}

// waiting tells who wants to know what an instance does that is waited for.
func (p *play) waiting(instance, does string) {
	if p.runner.plan.Waiting != nil {
		p.runner.plan.Waiting(p.scene, instance, does)
	}
}

// conclude decides the scenario's outcome. A finding stands whatever else happened.
func (p *play) conclude(restore error) {
	r := &p.result
	for p.step < len(p.scene.Steps) {
		origin := p.scene.Steps[p.step]
		r.Steps = append(r.Steps, verdict.Step{Keyword: origin.Keyword, Text: origin.Text, Line: origin.Line, Outcome: verdict.NotReached})
		p.step++
	}
	if by := p.world.KnownBy; by != "" && r.Shared == nil {
		r.Shared = &verdict.Shared{Scenario: by, How: verdict.SharedState}
	}
	p.session.close(r)
	err := p.ended
	if err == nil && p.world.Unjudged() {
		err = &steps.SuiteError{Reason: "no step has compared the last answer: a scenario that compares nothing proves nothing"}
	}
	if restore != nil {
		err = errors.Join(err, fmt.Errorf("restore the instances: %w", restore))
	}
	var f verdict.Finding
	if errors.As(err, &f) {
		r.Findings = append(r.Findings, f)
	}
	r.Outcome = verdict.Passed
	if err != nil {
		r.Outcome, r.Fault = classify(err)
		r.Reason = err.Error()
		var i *steps.Inconclusive
		if errors.As(err, &i) {
			r.Cause = i.Cause
		}
	}
	for _, f := range r.Findings {
		if f.Level != verdict.Should {
			r.Outcome, r.Fault = verdict.Failed, ""
		}
	}
	if r.Outcome == verdict.Failed && restore == nil {
		r.Reason, r.Cause = "", ""
	}
	r.Duration = p.runner.plan.Clock().Sub(r.Start)
}

// classify says what an error by which a scenario ended means.
func classify(err error) (verdict.Outcome, verdict.Origin) {
	var (
		finding      verdict.Finding
		already      *steps.AlreadyFound
		inconclusive *steps.Inconclusive
		lacking      *steps.Lacking
		withheld     *steps.Withheld
		suiteFault   *steps.SuiteError
	)
	switch {
	case errors.As(err, &finding), errors.As(err, &already):
		return verdict.Failed, ""
	case errors.As(err, &inconclusive):
		return verdict.Inconclusive, ""
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return verdict.Inconclusive, ""
	case errors.As(err, &lacking):
		return verdict.Skipped, ""
	case errors.As(err, &withheld), errors.As(err, &suiteFault):
		return verdict.Broken, verdict.FaultSuite
	default:
		return verdict.Broken, verdict.FaultHarness
	}
}

func scenario(c suite.Case) verdict.Scenario {
	return verdict.Scenario{
		ID: c.ID, Name: c.Name, Feature: c.Feature, File: c.File, Line: c.Line, Rule: c.Rule,
		Clauses: c.Clauses, Tags: c.Tags, Language: c.Language,
	}
}
