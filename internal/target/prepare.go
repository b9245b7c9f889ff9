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

// prepare brings instances from their listed statuses into those that a scenario needs. An instance
// that does not get there proves nothing, because other scenarios test the action.
func (p *pool) prepare(ctx context.Context, taken []steps.Instance) error {
	errs := make([]error, len(taken))
	var group sync.WaitGroup
	for i, in := range taken {
		from := p.config.listed(in.ID).Status
		if from == in.Status {
			continue
		}
		d, has := p.config.reach.between(from, []string{in.Status})
		if !has {
			return &steps.Lacking{Reason: fmt.Sprintf("no allowed action brings %s %s from %s to %s", p.config.calls.kind, in.ID, from, in.Status)}
		}
		group.Go(func() { errs[i] = p.restorer.changer.bring(ctx, d, in.ID) })
	}
	group.Wait()
	return errors.Join(errs...)
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
	if subject.Watch.Phase() != lifecycle.Settled {
		return notBrought(d, id, "it is "+subject.Status())
	}
	return nil
}

func notBrought(d contract.Lifecycle, id, why string) error {
	return &steps.Inconclusive{Reason: fmt.Sprintf("%s %s could not be brought to %s: %s", d.Kind, id, lifecycle.States(d.End), why)}
}
