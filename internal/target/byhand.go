package target

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/zec-tools/conformance/internal/guard"
	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/operation"
	"github.com/zec-tools/conformance/internal/wire"
)

// madeUp matches the ids that runs make up as nonexistent.
var madeUp = regexp.MustCompile(`^(?:(?:ins-)?` + AbsentInstance + `(?:-[0-9a-z-]+)?|[a-z]+-no-such-[a-z]+-[0-9]+-[0-9a-z]+|(?:[a-z]+-)?nosuch[0-9][0-9a-z]+)$`)

// ByHand prepares for a request that a person has written. It makes sure that whatever the request
// could change can be restored, and allows ids that an earlier run has made up. It returns the
// types of the listed instances that the request could change.
func (r *Remote) ByHand(ctx context.Context, req wire.Request) (map[string]string, error) {
	var body any
	if json.Unmarshal(req.Body, &body) == nil {
		r.allowMadeUp(body)
	}
	if err := r.Guard.Check(req); err != nil {
		return nil, fmt.Errorf("%s: %w", req.Operation, err)
	}
	named, alike := r.Guard.Touched(req)
	touched := slices.Concat(named, alike)
	if len(touched) == 0 {
		return nil, nil
	}
	if err := r.Lock(); err != nil {
		return nil, &guard.Refusal{Reason: err.Error()}
	}
	l, err := r.restorer.changer.lifecycle()
	if err != nil {
		return nil, err
	}
	types, err := r.restorer.changer.read(ctx, l.Restored(), touched)
	if err != nil {
		return nil, err
	}
	statuses := types
	if l.Valued() {
		if statuses, err = r.restorer.changer.read(ctx, l.Observed, touched); err != nil {
			return nil, err
		}
	}
	return types, r.restorer.know(types, statuses)
}

func (r *Remote) allowMadeUp(value any) {
	switch v := value.(type) {
	case string:
		if madeUp.MatchString(v) {
			r.Guard.MakeUp(v)
		}
	case []any:
		for _, item := range v {
			r.allowMadeUp(item)
		}
	case map[string]any:
		for _, item := range v {
			r.allowMadeUp(item)
		}
	}
}

// Rows reads the rows of instances with a read operation, and returns when it did.
func (r *Remote) Rows(ctx context.Context, reading lifecycle.Reading, ids []string) (operation.Rows, wire.Timing, error) {
	start := time.Now()
	rows, err := r.restorer.changer.rows(ctx, reading, ids)
	return rows, wire.Timing{Start: start, End: time.Since(start)}, err
}

// Type reads the type of an instance.
func (r *Remote) Type(ctx context.Context, id string) (string, error) {
	values, err := r.restorer.changer.types(ctx, []string{id})
	return values[id], err
}

// Shown is the state of an instance as reads show it. It has no type if no action sets a value.
type Shown struct{ Type, Status string }

// Unchanged removes an instance from the journal if it is in its recorded state and the outcome of
// every call on it is known. It returns the earlier state (with status "" if unknown) and the
// current one.
func (r *Remote) Unchanged(ctx context.Context, id string) (was, is Shown, err error) {
	one, err := r.restorer.one(id)
	if err != nil {
		return was, is, err
	}
	was.Status = r.Journal.Open()[id].Status
	if one.lifecycle.Valued() {
		was.Type = r.Left()[id]
	}
	now, err := one.look(ctx)
	is = Shown{Type: now.kind, Status: now.status}
	moved := was.Status != "" && is.Status != was.Status && r.restorer.ways.leads(is.Status, was.Status)
	if err != nil || is.Type != was.Type || moved || one.lags(now) || r.restorer.pending(id) {
		return was, is, err
	}
	return was, is, r.restorer.done(id)
}
