package target

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/zec-tools/conformance/internal/client"
	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/steps"
)

// changer reads the types of instances and changes them back, by the operations that
// the contract's lifecycle names.
type changer struct {
	client *client.Client
	law    *contract.Contract
	timing Timing
}

// lifecycle returns the one the contract states.
func (c *changer) lifecycle() (contract.Lifecycle, error) {
	for _, op := range c.law.Operations() {
		if l, has := c.law.Lifecycle(op); has {
			return l, nil
		}
	}
	return contract.Lifecycle{}, errors.New("the contract states no lifecycle: add x-lifecycle to the operation that changes an instance")
}

// idle leaves out the instances that are listed as changing all the time: what goes on
// there was not begun by the run, and has no end to wait for.
func (c *changer) idle(of []steps.Instance) []string {
	l, err := c.lifecycle()
	var list []string
	for _, in := range of {
		if err != nil || in.Status != l.Transient {
			list = append(list, in.ID)
		}
	}
	return list
}

// types reads the type of each instance.
func (c *changer) types(ctx context.Context, ids []string) (map[string]string, error) {
	l, err := c.lifecycle()
	if err != nil {
		return nil, err
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return c.read(ctx, l.Changed, ids)
}

// read reads one field of instances.
func (c *changer) read(ctx context.Context, r contract.Reading, ids []string) (map[string]string, error) {
	a, err := c.send(ctx, r.Operation, map[string]any{r.Filter: ids}, wire.Reads)
	if err != nil {
		return nil, err
	}
	values := map[string]string{}
	for _, row := range a.Rows(r.Rows) {
		values[row[r.Key]] = row[r.Field]
	}
	for _, id := range ids {
		if values[id] == "" {
			return nil, fmt.Errorf("%s shows no %s of instance %s (answer: %d %s)", r.Operation, r.Field, id, a.Status, a.Code)
		}
	}
	return values, nil
}

// send sends one request. An answer that says nothing comes back as *steps.Inconclusive.
func (c *changer) send(ctx context.Context, op wire.Operation, parameters map[string]any, effect wire.Effect) (wire.Answer, error) {
	body, err := json.Marshal(parameters)
	if err != nil {
		return wire.Answer{}, fmt.Errorf("form a request to %s: %w", op, err)
	}
	exchanges, err := c.client.Do(ctx, wire.Request{Operation: op, Body: body, Effect: effect}, nil)
	if err != nil {
		return wire.Answer{}, fmt.Errorf("send %s: %w", op, err)
	}
	last := exchanges[len(exchanges)-1]
	if !last.Judgeable() {
		return wire.Answer{}, &steps.Inconclusive{Cause: last.Cause, Reason: fmt.Sprintf("%s: %s", last.Cause, last.Detail)}
	}
	return wire.ReadAnswer(*last.Received), nil
}

// restore gives every instance the type it had.
func (c *changer) restore(ctx context.Context, before map[string]string) error {
	var failed []error
	for _, id := range slices.Sorted(maps.Keys(before)) {
		if err := c.restoreOne(ctx, id, before[id]); err != nil {
			failed = append(failed, fmt.Errorf("instance %s is to have type %s again: %w", id, before[id], err))
		}
	}
	return errors.Join(failed...)
}

func (c *changer) restoreOne(ctx context.Context, id, kind string) error {
	l, err := c.lifecycle()
	if err != nil {
		return err
	}
	if err := c.waitFor(ctx, l.Observed, id, func(status string) bool { return status != l.Transient }); err != nil {
		return err
	}
	now, err := c.read(ctx, l.Changed, []string{id})
	if err != nil || now[id] == kind {
		return err
	}
	a, err := c.send(ctx, l.Operation, map[string]any{l.Subject: id, l.Wanted: kind}, wire.Changes)
	if err != nil {
		return err
	}
	if !a.Succeeded() {
		return fmt.Errorf("it has %s, and the change back was answered with %d %s", now[id], a.Status, a.Code)
	}
	// The type is there and the change is no longer running: both, as the status may lag behind the answer.
	if err := c.waitFor(ctx, l.Changed, id, func(value string) bool { return value == kind }); err != nil {
		return err
	}
	return c.waitFor(ctx, l.Observed, id, func(status string) bool { return status == l.End })
}

// waitFor reads a field until it is as wanted or the time of a resize is over.
func (c *changer) waitFor(ctx context.Context, r contract.Reading, id string, wanted func(string) bool) error {
	ctx, cancel := context.WithTimeout(ctx, c.timing.ResizeTimeout)
	defer cancel()
	pause := time.NewTicker(c.timing.PollInterval)
	defer pause.Stop()
	for {
		values, err := c.read(ctx, r, []string{id})
		if err != nil {
			return err
		}
		if wanted(values[id]) {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("its %s was still %s after %s", r.Field, values[id], c.timing.ResizeTimeout)
		case <-pause.C:
		}
	}
}
