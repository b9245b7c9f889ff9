package run

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/cucumber/godog"

	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/steps"
)

// play is one running scenario.
type play struct {
	runner  *runner
	session *session
	world   *steps.World
	scene   suite.Case
	fixture *steps.Fixture
	result  verdict.Scenario
	step    int // the number of steps that have ended
	started time.Time
	ended   error                // why the scenario ended early
	overdue []verdict.Trajectory // of changes that did not end in the time allowed
	suspect bool                 // it has findings, and was announced to the limit before they are counted
}

// before acquires everything that the scenario needs at once.
func (p *play) before(ctx context.Context, _ *godog.Scenario) (context.Context, error) {
	c := p.scene
	p.world.Play(c.Clauses, c.Needs)
	if p.runner.plan.Started != nil {
		p.runner.plan.Started(c)
	}
	p.result = scenario(c)
	p.result.Start = p.runner.plan.Clock().UTC()
	if err := interrupted(ctx); err != nil {
		return ctx, p.end(err)
	}
	if lost := p.runner.plan.Lost; lost != nil {
		return ctx, p.end(lost)
	}
	if reason, out := p.runner.plan.Schedule.LeftOut(c.ID); out {
		return ctx, p.end(&steps.Lacking{Reason: reason})
	}
	if err := p.runner.startable(c); err != nil {
		return ctx, p.end(err)
	}
	fixture, err := p.acquire(ctx, c)
	if err != nil {
		return ctx, p.end(cmp.Or(interrupted(ctx), p.stranded(err)))
	}
	p.fixture = &fixture
	if err := p.runner.startable(c); err != nil { // other scenarios have ended while this one waited for its instances
		return ctx, p.end(err)
	}
	p.world.Use(fixture)
	return ctx, nil
}

// acquire acquires what a scenario needs, and what the scenarios that share its changes need.
func (p *play) acquire(ctx context.Context, c suite.Case) (steps.Fixture, error) {
	ctx = steps.Observing(ctx, p.session.observe)
	if group := p.runner.plan.Schedule.Calls(c.ID); group != nil {
		return p.acquireShared(ctx, c.Needs, group)
	}
	return p.runner.plan.Target.Fixtures.Acquire(ctx, c.Needs)
}

// end records why the scenario ended. godog only needs to know that it did.
func (p *play) end(err error) error {
	p.ended = err
	return err
}

func interrupted(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	return &steps.Inconclusive{Cause: wire.CauseInterrupted, Reason: "the run was interrupted"}
}

func (p *play) beforeStep(ctx context.Context, _ *godog.Step) (context.Context, error) {
	p.started = p.runner.plan.Clock()
	return ctx, nil
}

// afterStep records how a step ended. A finding of the contract about an exchange does not end the
// scenario, because later steps may show more.
func (p *play) afterStep(ctx context.Context, _ *godog.Step, _ godog.StepResultStatus, err error) (context.Context, error) {
	if p.step >= len(p.scene.Steps) {
		return ctx, nil
	}
	origin := p.scene.Steps[p.step]
	p.step++
	s := verdict.Step{Keyword: origin.Keyword, Text: origin.Text, Line: origin.Line, Exchanges: p.session.count()}
	switch {
	case p.ended != nil: // an earlier step, or before, ended the scenario
		s.Outcome = verdict.NotReached
	case err == nil:
		s.Outcome, s.Duration = verdict.Passed, p.runner.plan.Clock().Sub(p.started)
	default:
		p.ended = err
		s.Outcome, _ = classify(err)
		s.Message, s.Duration = err.Error(), p.runner.plan.Clock().Sub(p.started)
	}
	p.result.Steps = append(p.result.Steps, s)
	return ctx, nil
}

// after restores everything, then determines the outcome.
func (p *play) after(ctx context.Context, _ *godog.Scenario, _ error) (context.Context, error) {
	if p.session.tape != nil && p.ended == nil && p.world.ReadForOthers(ctx) != nil {
		p.session.tape.spoil()
	}
	p.world.Leave()
	p.giveUp()
	p.doubtCredential(ctx)
	p.judgeRequests()
	if p.suspect = p.faulty(); p.suspect {
		p.runner.limit.suspect()
	}
	restore := p.release(ctx)
	if !p.suspect && p.faulty() { // because of what restoring has shown
		p.suspect = true
		p.runner.limit.suspect()
	}
	p.conclude(restore)
	p.runner.keepTape(p)
	if p.suspect && p.result.Outcome != verdict.Failed {
		p.suspect = false
		p.runner.limit.clear()
	}
	defer p.runner.unseen.leave(p.scene.ID)
	p.runner.settle(ctx, ended{scene: p.scene, result: p.result, suspect: p.suspect, overdue: p.overdue, unseen: p.session.unseen, judged: p.session.judged, calls: p.session.calls})
	return ctx, nil
}

// doubtCredential withdraws a finding about a 401 if the endpoint now refuses the credential. For a
// request that must be refused, nothing else shows whether it was refused for the right reason.
func (p *play) doubtCredential(ctx context.Context) {
	var f verdict.Finding
	if p.runner.plan.Target.Known.Credentials || !errors.As(p.ended, &f) || p.session.status(f.Exchange) != http.StatusUnauthorized {
		return
	}
	exchanges, why := p.runner.access.revoked(ctx)
	p.session.record(exchanges)
	if why == nil {
		return
	}
	p.ended = why
	for i := range p.result.Steps {
		if s := &p.result.Steps[i]; s.Outcome == verdict.Failed {
			s.Outcome, s.Message = verdict.Inconclusive, why.Error()
		}
	}
}

// judgeRequests fails a scenario whose steps have all passed if one of its requests did not get an
// answer that it deserved. It does so only if the contract has found nothing, so that one fault
// gives one finding. The finding is attached to the last step.
func (p *play) judgeRequests() {
	if p.ended != nil || len(p.result.Steps) == 0 {
		return
	}
	f, found := p.session.judgeRequests()
	if !found {
		return
	}
	last := &p.result.Steps[len(p.result.Steps)-1]
	last.Outcome, last.Message = verdict.Failed, f.Error()
	p.ended = f
}

// faulty reports whether the scenario already has findings.
func (p *play) faulty() bool {
	var f verdict.Finding
	return errors.As(p.ended, &f) || p.session.faulty()
}

// release restores the instances, even if the run was interrupted. A panic in it is a fault of this
// scenario alone: other scenarios must still get their instances, and the time to restore theirs.
func (p *play) release(ctx context.Context) (err error) {
	if p.fixture == nil || p.fixture.Release == nil {
		return nil
	}
	kept, fault := p.keep()
	if kept {
		return nil
	}
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("panic: %v", panicked)
		}
		err = errors.Join(fault, err)
	}()
	if len(p.scene.Needs.Changes) > 0 {
		for _, inst := range p.fixture.Instances {
			p.waiting(inst.ID, "being restored")
			defer p.waiting(inst.ID, "")
		}
	}
	// The target limits how long this may take.
	return p.fixture.Release(steps.Observing(context.WithoutCancel(ctx), p.session.observe))
}

// keep leaves the instances as they are for the next scenario if everything went as expected, so
// that they are restored once at the end of the run rather than after each scenario. After a panic
// they are restored at once.
func (p *play) keep() (kept bool, fault error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			kept, fault = false, fmt.Errorf("panic: %v", panicked)
		}
	}()
	if p.fixture.Keep == nil || p.ended != nil || p.session.faulty() {
		return false, nil
	}
	left := p.world.Left()
	for id, s := range left {
		s.Scenario = p.scene.ID
		left[id] = s
	}
	return p.fixture.Keep(left), nil
}

// waiting reports the status of an instance that the scenario waits for.
func (p *play) waiting(instance, does string) {
	if p.runner.plan.Waiting != nil {
		p.runner.plan.Waiting(p.scene, instance, does)
	}
}

// conclude determines the outcome of the scenario. A finding decides, whatever else happened.
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
		r.Reason = reasonOf(err)
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

// reasonOf formats an error on one line. Of several joined errors, it shows each text once.
func reasonOf(err error) string {
	var texts []string
	for _, text := range textsOf(err) {
		if !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return strings.Join(texts, "; ")
}

// textsOf returns the texts of joined errors. An error that adds to the text of the errors it wraps
// counts as one text.
func textsOf(err error) (texts []string) {
	met, several := err.(interface{ Unwrap() []error })
	if !several {
		return []string{err.Error()}
	}
	var lines []string
	for _, one := range met.Unwrap() {
		lines = append(lines, one.Error())
		texts = append(texts, textsOf(one)...)
	}
	if strings.Join(lines, "\n") != err.Error() {
		return []string{err.Error()}
	}
	return texts
}

// classify returns the outcome of a scenario that ended with an error and, if it is broken, the
// origin.
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
	case errors.As(err, &withheld), errors.As(err, &suiteFault), errors.Is(err, godog.ErrUndefined), errors.Is(err, godog.ErrAmbiguous):
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
