package target

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/client"
	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/guard"
	"github.com/zec-tools/conformance/internal/operation"
	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/steps"
)

// changer reads the types of instances and restores them, with the operations that the contract's
// lifecycle names. If no action sets a value, the status takes the place of the type.
type changer struct {
	kind     string // the kind of the listed things; "" means any
	client   *client.Client
	contract *contract.Contract
	timing   Timing
	record   record
}

// lifecycle returns a lifecycle for the kind of the listed things: the first that changes a value,
// because the value must be restored in addition to the status, otherwise the first.
func (c *changer) lifecycle() (contract.Lifecycle, error) {
	var first *contract.Lifecycle
	for _, op := range c.contract.Operations() {
		l, has := c.contract.Lifecycle(op)
		if !has || c.kind != "" && l.Kind != c.kind {
			continue
		}
		if l.Wanted != "" {
			return l, nil
		}
		if first == nil {
			first = &l
		}
	}
	if first != nil {
		return *first, nil
	}
	return contract.Lifecycle{}, errors.New("the contract states no lifecycle: add x-lifecycle to an operation that changes something")
}

// types reads the types of instances.
func (c *changer) types(ctx context.Context, ids []string) (map[string]string, error) {
	l, err := c.lifecycle()
	if err != nil {
		return nil, err
	}
	return c.read(ctx, l.Restored(), ids)
}

// read reads one field of instances.
func (c *changer) read(ctx context.Context, r contract.Reading, ids []string) (map[string]string, error) {
	rows, err := c.rows(ctx, r, ids)
	return rows.Column(r.Field), err
}

// rows reads the rows of instances, all of which must have the field.
func (c *changer) rows(ctx context.Context, r contract.Reading, ids []string) (operation.Rows, error) {
	return c.rowsWith(ctx, r, ids, r.Field)
}

// rowsOf reads the rows of instances, which may lack the field.
func (c *changer) rowsOf(ctx context.Context, r contract.Reading, ids []string) (operation.Rows, error) {
	return c.rowsWith(ctx, r, ids, r.Key)
}

// rowsWith reads the rows of instances, all of which must have the required field.
func (c *changer) rowsWith(ctx context.Context, r contract.Reading, ids []string, required string) (operation.Rows, error) {
	a, err := c.send(ctx, r.Operation, map[string]any{r.Filter: ids}, wire.Reads)
	if err != nil {
		return nil, err
	}
	wanted := r
	wanted.Field = required
	rows, err := operation.ReadRows(a, wanted, ids)
	if err != nil {
		return nil, fmt.Errorf("%s shows no %s of %s %s (answer: %d %s): %w", r.Operation, r.Field, c.words().kind, strings.Join(ids, ", "), a.Status, a.Code, err)
	}
	return rows, nil
}

// noAnswer is the error of a request without an answer of the endpoint.
type noAnswer struct {
	silent *steps.Inconclusive
	sent   bool // false if the request was certainly not sent
}

func (e *noAnswer) Error() string { return e.silent.Error() }
func (e *noAnswer) Unwrap() error { return e.silent }

// send sends one request. If its answer says nothing about conformance, the error is a *noAnswer,
// which wraps a *steps.Inconclusive.
func (c *changer) send(ctx context.Context, op wire.Operation, parameters map[string]any, effect wire.Effect) (wire.Answer, error) {
	body, err := json.Marshal(parameters)
	if err != nil {
		return wire.Answer{}, fmt.Errorf("form a request to %s: %w", op, err)
	}
	exchanges, err := c.client.Do(ctx, wire.Request{Operation: op, Body: body, Effect: effect}, nil)
	c.record.add(c.client, exchanges)
	steps.Observe(ctx, exchanges)
	if spent := (*steps.Lacking)(nil); errors.As(err, &spent) {
		return wire.Answer{}, spent
	}
	if refused := (*guard.Refusal)(nil); errors.As(err, &refused) {
		return wire.Answer{}, err // the error describes the request that was not sent
	}
	if err != nil {
		return wire.Answer{}, fmt.Errorf("send %s: %w", op, err)
	}
	last := exchanges[len(exchanges)-1]
	if !last.Judgeable() {
		sent := slices.ContainsFunc(exchanges, func(e wire.Exchange) bool { return e.Timing.End > 0 })
		return wire.Answer{}, &noAnswer{&steps.Inconclusive{Cause: last.Cause, Reason: fmt.Sprintf("%s: %s", last.Cause, last.Detail)}, sent}
	}
	return wire.ReadAnswer(*last.Received), nil
}

// asked returns the parameters of a call on one instance, with a value if the action takes one.
func asked(d contract.Lifecycle, id, value string) map[string]any {
	parameters := map[string]any{d.Subject: id}
	if d.Batch {
		parameters[d.Subject] = []string{id}
	}
	if d.Wanted != "" {
		parameters[d.Wanted] = d.Asked(value)
	}
	maps.Copy(parameters, d.Besides)
	return parameters
}
