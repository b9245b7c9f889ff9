package steps

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/operation"
	"github.com/zec-tools/conformance/internal/wire"
)

// state is what can be read of one instance: its status, and the values that actions
// change, by their names.
type state struct {
	status string
	values map[string]string
}

func (s state) same(o state) bool { return s.status == o.status && maps.Equal(s.values, o.values) }

// snapshot is the state of instances by id.
type snapshot map[string]state

// remember reads every instance the scenario holds, just before a request that could
// change one. An instance that has moved on by itself cannot prove anything.
func (w *World) remember(ctx context.Context) error {
	shot, is := w.known()
	if !is {
		var err error
		if shot, err = w.lookAtRest(ctx); err != nil {
			return err
		}
	}
	for _, inst := range w.held() {
		if got := shot[inst.ID].status; got != inst.Status {
			if !w.fixture.Certain && !strings.EqualFold(got, inst.Status) {
				return lacking("instance %s is %s, not %s as the configuration lists it", inst.ID, got, inst.Status)
			}
			return w.contract.Violated(roleTruthful, w.definition().Observed.Operation.Action, "instance "+inst.ID, inst.Status, got)
		}
		for _, r := range w.contract.Changed(w.definition()) {
			if got := shot[inst.ID].values[r.Field]; w.fixture.Certain && w.before == nil && inst.Type != "" && got != inst.Type && !inst.typeUnknown(got) {
				return w.contract.Finding(r.Clause, "instance "+inst.ID, inst.Type, got)
			}
		}
	}
	w.before = shot
	return nil
}

// lookAtRest looks at the instances, and once more after a settle time if one of them is
// on its way elsewhere: what came over it may pass.
func (w *World) lookAtRest(ctx context.Context) (snapshot, error) {
	shot, err := w.look(ctx)
	if err != nil || w.fixture.Certain {
		return shot, err
	}
	away := func(inst Instance) bool {
		got := shot[inst.ID].status
		return got != inst.Status && slices.Contains(w.definition().Passing, got)
	}
	if !slices.ContainsFunc(w.held(), away) {
		return shot, nil
	}
	if err := await(ctx, w.timing.Settle); err != nil {
		return nil, err
	}
	return w.look(ctx)
}

// look reads status and values of every instance the scenario holds. Where requests cost
// something, one read that shows both is enough as long as it shows each instance in the
// status that it has to be in.
func (w *World) look(ctx context.Context) (snapshot, error) {
	shot := snapshot{}
	held := w.held()
	if len(held) == 0 {
		return shot, nil
	}
	d := w.definition()
	changed := w.contract.Changed(d)
	if w.fixture.Costly && !w.acts && len(changed) == 1 {
		if at, shows := d.StatusAt(changed[0].Operation); shows && at.Operation != d.Observed.Operation {
			rows, a, err := w.rows(ctx, rowsOf(changed[0]), ids(held))
			if err != nil {
				return nil, err
			}
			if err := w.valuesInto(shot, changed[0], rows, a); err != nil {
				return nil, err
			}
			if w.asExpected(shot, rows, at.Field) {
				w.looked, w.shot = a.Timing, shot
				return shot, nil
			}
		}
	}
	statuses, a, err := w.rows(ctx, d.Observed, ids(held))
	if err != nil {
		return nil, err
	}
	w.looked = a.Timing
	for _, inst := range held {
		shot[inst.ID] = state{status: statuses[inst.ID][d.Observed.Field], values: map[string]string{}}
	}
	for _, r := range changed {
		rows, a, err := w.rows(ctx, rowsOf(r), ids(held))
		if err != nil {
			return nil, err
		}
		if err := w.valuesInto(shot, r, rows, a); err != nil {
			return nil, err
		}
	}
	w.shot = shot
	return shot, nil
}

// valuesInto adds the values that rows show of the instances.
func (w *World) valuesInto(shot snapshot, r lifecycle.Reading, rows operation.Rows, a *Answer) error {
	for _, inst := range w.held() {
		value, has := rows[inst.ID][r.Field]
		if !has && !inst.typeUnknown(value) {
			return w.missed(a, r.Clause, "/response/"+r.Rows+" of "+inst.ID, r.Wants()+" "+r.Field, "none")
		}
		s := shot[inst.ID]
		if s.values == nil {
			s.values = map[string]string{}
		}
		s.values[r.Field] = value
		shot[inst.ID] = s
	}
	return nil
}

// asExpected takes the statuses from rows, and reports whether each instance is in the one
// that it was in before or, before anything was called, in the one that it is lent in.
func (w *World) asExpected(shot snapshot, rows operation.Rows, field string) bool {
	for _, inst := range w.held() {
		s, want := shot[inst.ID], inst.Status
		if was, read := w.before[inst.ID]; read {
			want = was.status
		}
		if s.status = rows[inst.ID][field]; s.status != want {
			return false
		}
		shot[inst.ID] = s
	}
	return true
}

// rowsOf is a reading of rows, whatever they hold.
func rowsOf(r lifecycle.Reading) lifecycle.Reading {
	r.Field = r.Key
	return r
}

// reading forms a request that only asks.
func (w *World) reading(action string, parameters map[string]any) wire.Request {
	return wire.Request{Operation: w.contract.Operation(action), Body: encode(parameters), Effect: wire.Reads}
}

// The sentences about instances that have to be as they were.
func unchangedSentences() []Sentence {
	return []Sentence{
		say(`the (?:instance is|instances are|[a-z]+ is|[a-z]+ are) unchanged`, `实例保持不变`,
			func(w *World) any { return w.theInstanceIsUnchanged }, nil),
		say(`the (?:instance|[a-z]+) stays unchanged`, `实例始终保持不变`,
			func(w *World) any { return w.theInstanceStaysUnchanged }, nil),
		say(`the other (?:instance|[a-z]+) is unchanged`, `另一台实例保持不变`,
			func(w *World) any { return w.theOtherIsUnchanged }, nil).describing(observes),
	}
}

// unchanged compares instances with how they were before the last request.
func (w *World) unchanged(ctx context.Context, clause string, of []Instance) error {
	if w.before == nil {
		return &SuiteError{Reason: "nothing was read before the request: this step follows a request that could change something"}
	}
	w.judged = w.judged || w.change != nil
	now, err := w.look(ctx)
	if err != nil {
		return err
	}
	for _, inst := range of {
		was, is := w.before[inst.ID], now[inst.ID]
		for _, field := range slices.Sorted(maps.Keys(was.values)) {
			if was.values[field] != is.values[field] && !inst.typeUnknown(was.values[field]) && !inst.typeUnknown(is.values[field]) {
				if err := w.foreignValue(inst, field, is.values[field]); err != nil {
					return err
				}
				return w.contract.Finding(clause, field+" of instance "+inst.ID, was.values[field], is.values[field])
			}
		}
		if w.moved(was.status, is.status) {
			return w.contract.Finding(clause, "status of instance "+inst.ID, was.status, is.status)
		}
	}
	return nil
}

// moved reports whether an instance has left a status otherwise than by itself.
func (w *World) moved(was, is string) bool {
	d := w.definition()
	byItself := !w.fixture.Certain && slices.Contains(d.Passing, was) && !slices.Contains(d.Transient, is)
	return was != is && !byItself
}

// theInstanceIsUnchanged compares every instance the scenario holds.
func (w *World) theInstanceIsUnchanged(ctx context.Context) error {
	clause := w.contract.Role(roleUnchanged, w.acting)
	if w.answer != nil && w.answer.Succeeded() {
		clause = w.rule() // then it was no refusal that changed it
	}
	return w.unchanged(ctx, clause, w.held())
}

// theInstanceStaysUnchanged compares them for a settle time: what a refused call has begun
// all the same may show late.
func (w *World) theInstanceStaysUnchanged(ctx context.Context) error {
	var start time.Time
	return interrupted(w.pace().Poll(ctx, func(ctx context.Context) (operation.Next, error) {
		if err := w.theInstanceIsUnchanged(ctx); err != nil {
			return operation.Done, err
		}
		if start.IsZero() {
			start = w.looked.Start
		}
		if w.looked.Finished().Sub(start) > w.timing.Settle {
			return operation.Done, nil
		}
		return operation.Closely, nil
	}))
}

// theOtherIsUnchanged compares the instances that the request did not name.
func (w *World) theOtherIsUnchanged(ctx context.Context) error {
	return w.unchanged(ctx, w.contract.Role(roleOnlyNamed, w.acting), w.held()[1:])
}
