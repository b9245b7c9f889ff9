package target

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/operation"
	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/steps"
)

// prepare brings instances from their current statuses into those that a scenario needs. An instance
// that does not get there proves nothing, because other scenarios test the action.
func (p *pool) prepare(ctx context.Context, found []lending, before map[string]string) error {
	errs := make([]error, len(found))
	var group sync.WaitGroup
	for i, one := range found {
		if one.route != isThere {
			group.Go(func() { errs[i] = p.lead(ctx, one, before[one.ID]) })
		}
	}
	group.Wait()
	return errors.Join(errs...)
}

// lead brings an instance from its current status into the needed one: by restoring it, as at the end
// of a run, by an action, or by both.
func (p *pool) lead(ctx context.Context, one lending, before string) error {
	listed := p.config.listed(one.ID).Status
	if one.route == isHome || one.route == isBroughtBy {
		// Like restoring after a scenario, this has its own time limit.
		if err := p.restoreAll(context.WithoutCancel(ctx), map[string]string{one.ID: before}); err != nil {
			return err
		}
		one.from = listed
	}
	if one.from == one.Status {
		return nil
	}
	d, has := p.config.reach.between(one.from, []string{one.Status})
	if !has {
		return &steps.Lacking{Reason: fmt.Sprintf("no allowed action brings %s %s from %s to %s", p.config.calls.kind, one.ID, one.from, one.Status)}
	}
	if err := p.hopeless(d); err != nil {
		return err
	}
	if err := p.bring(ctx, d, one.ID); err != nil {
		return err
	}
	p.restorer.settled(one.ID)
	return nil
}

// bring carries out an action on one instance. If the instance does not come to an end, it is given
// up: restoring does not wait for it, and the action prepares no further instance.
func (p *pool) bring(ctx context.Context, d contract.Lifecycle, id string) error {
	err := p.restorer.changer.bring(ctx, d, id)
	var stranded *steps.Stranded
	if !errors.As(err, &stranded) {
		return err
	}
	p.restorer.giveUp(id)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stranded[d.Operation.Action] = id
	return err
}

// hopeless returns an error if the action has left an instance without an end before.
func (p *pool) hopeless(d contract.Lifecycle) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	id, is := p.stranded[d.Operation.Action]
	if !is {
		return nil
	}
	return &steps.Lacking{Reason: fmt.Sprintf("not started: %s of %s did not end within %s, and another %s would be given up in the same way",
		d.Operation.Action, id, p.restorer.changer.timing.ResizeTimeout, d.Kind)}
}

// bring carries out an action on one instance and waits for its end.
func (c *changer) bring(ctx context.Context, d contract.Lifecycle, id string) error {
	start := time.Now()
	a, err := c.send(ctx, d.Operation, asked(d, id, ""), wire.Changes)
	if err != nil {
		return err
	}
	if !a.Succeeded() {
		return notBrought(d, id, fmt.Sprintf("%s was answered with %d %s", d.Operation.Action, a.Status, a.Code))
	}
	if slices.Contains(a.Strings(d.Failed), id) {
		return notBrought(d, id, d.Operation.Action+" named it as failed")
	}
	subject := operation.NewSubject(d, id, c.timing.Settle, start)
	subject.Answered(wire.Timing{Start: start, End: time.Since(start)})
	subject.See(d.Start[0], wire.Timing{Start: start})
	f := operation.Follower{
		Definition: d, Subjects: []*operation.Subject{subject}, Limit: c.timing.ResizeTimeout,
		Pace: operation.Pace{Interval: c.timing.PollInterval, Settle: c.timing.Settle},
		Read: func(ctx context.Context, r lifecycle.Reading, ids []string) (operation.Rows, wire.Timing, error) {
			asked := time.Now()
			rows, err := c.rows(ctx, r, ids)
			return rows, wire.Timing{Start: asked, End: time.Since(asked)}, err
		},
	}
	if err := f.Until(ctx, lifecycle.Phase.Over); err != nil {
		return err
	}
	if phase := subject.Watch.Phase(); !phase.Over() {
		return &steps.Stranded{Action: d.Operation.Action, Instance: id, Watch: subject.Watch, Reason: notBrought(d, id, "it is "+subject.Status()).Error()}
	} else if phase != lifecycle.Settled {
		return notBrought(d, id, "it is "+subject.Status())
	}
	return nil
}

func notBrought(d contract.Lifecycle, id, why string) error {
	return &steps.Inconclusive{Reason: fmt.Sprintf("%s %s could not be brought to %s: %s", d.Kind, id, lifecycle.States(d.End), why)}
}
