package steps

import (
	"context"
	"slices"
	"time"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// change is one change of type that was called.
type change struct {
	instance Instance
	from, to string
	answer   *Answer
	watch    *lifecycle.Watch
	track    verdict.Trajectory
	reached  time.Time // when the wanted type was first read back; zero: not yet
	recorded bool
	seen     lifecycle.Seen // when it was called again, closely watched
}

// theTypeIsChanged calls a change and stops there: what comes of it is for Then steps.
func (w *World) theTypeIsChanged(ctx context.Context) error {
	return w.call(ctx, w.anotherType)
}

func (w *World) theTypeIsChangedToItsOwn(ctx context.Context) error {
	return w.call(ctx, func(inst Instance) string { return w.before[inst.ID].kind })
}

func (w *World) theTypeIsChangedToAnAbsentOne(ctx context.Context) error {
	return w.call(ctx, func(Instance) string { return w.lease.AbsentType })
}

func (w *World) theTypeIsChangedToAnUnsupportedOne(ctx context.Context) error {
	return w.call(ctx, func(Instance) string { return w.lease.Unsupported })
}

// theTypeIsChangedToAGPUType asks for a type that GPU instances have, and this one has not.
func (w *World) theTypeIsChangedToAGPUType(ctx context.Context) error {
	return w.call(ctx, func(inst Instance) string {
		i := slices.IndexFunc(w.lease.GPUTypes, func(t string) bool { return t != w.before[inst.ID].kind })
		return w.lease.GPUTypes[max(i, 0)]
	})
}

// thirdType returns a type that is none of those given, the last one there is: no type
// that an endpoint could come to by mistake, such as the next one.
func (w *World) thirdType(kinds ...string) string {
	for _, t := range slices.Backward(w.lease.Resizable) {
		if !slices.Contains(kinds, t) {
			return t
		}
	}
	return w.lease.Resizable[0]
}

// anotherType returns a type the instance can be moved to and does not have.
func (w *World) anotherType(inst Instance) string {
	return w.typeOtherThan(w.before[inst.ID].kind)
}

func (w *World) typeOtherThan(kinds ...string) string {
	for _, t := range w.lease.Resizable {
		if !slices.Contains(kinds, t) {
			return t
		}
	}
	return w.lease.Resizable[0]
}

// call reads the instances, then calls a change of the subject's type.
func (w *World) call(ctx context.Context, choose func(Instance) string) error {
	inst, err := w.subject()
	if err != nil {
		return err
	}
	if err := w.remember(ctx); err != nil {
		return err
	}
	return w.callTo(ctx, inst, choose(inst))
}

// callTo calls a change to the type given. The snapshot taken before is its first sight.
func (w *World) callTo(ctx context.Context, inst Instance, to string) error {
	c := w.newChange(inst, to)
	req := w.changing(inst, to)
	answer, err := w.session.Change(ctx, req, w.unstarted(inst))
	c.answered(&answer)
	if err != nil || answer.Succeeded() {
		w.begun = append(w.begun, c)
	}
	if err != nil {
		return err
	}
	w.answer, w.request, w.judged = &answer, req, false
	w.change = c
	return nil
}

// unstarted returns what proves that no change of the instance has begun: it is still
// in the status in which one may be called.
func (w *World) unstarted(inst Instance) func(context.Context) bool {
	return func(ctx context.Context) bool {
		values, _, err := w.statusOf(ctx, []Instance{inst})
		return err == nil && values[inst.ID] == w.law.Lifecycle.Start
	}
}

func (w *World) newChange(inst Instance, to string) *change {
	was := w.before[inst.ID]
	c := &change{instance: inst, from: was.kind, to: to, watch: lifecycle.Follow(w.rules())}
	c.track = verdict.Trajectory{Instance: inst.ID, FromType: was.kind, ToType: to, Start: w.looked.Start, Settle: w.timing.Settle}
	if !inst.Absent {
		c.see(was.status, w.looked)
	}
	return c
}

// rules returns the lifecycle of the contract with the settle time of the target.
func (w *World) rules() lifecycle.Rules {
	rules := w.law.Lifecycle
	rules.Settle = w.timing.Settle
	rules.Hopeless = hopeless
	return rules
}

// changing forms the request. Only a change that the documents allow is meant to change something.
func (w *World) changing(inst Instance, to string) wire.Request {
	effect := wire.Refused
	if !inst.Absent && !inst.GPU && inst.Status == w.law.Lifecycle.Start && slices.Contains(w.lease.Resizable, to) {
		effect = wire.Changes
	}
	body := encode(map[string]any{"instanceId": inst.ID, "instanceType": to})
	return wire.Request{Operation: w.law.Operation(modify), Body: body, Effect: effect}
}

// answered keeps what answered the call: what becomes of the change is said of it,
// whatever else was asked in between.
func (c *change) answered(a *Answer) {
	c.answer = a
	t := a.Timing
	if t.Start.IsZero() { // nothing was sent
		return
	}
	c.track.Called = t.Start.Sub(c.track.Start)
	c.track.Answered = t.Finished().Sub(c.track.Start)
}

// see adds a sight to the trajectory and shows it to the watch.
func (c *change) see(status string, t wire.Timing) { c.watch.See(c.note(status, t)) }

func (c *change) note(status string, t wire.Timing) verdict.Sight {
	s := verdict.Sight{Asked: t.Start.Sub(c.track.Start), Seen: t.Finished().Sub(c.track.Start), Status: status}
	c.track.Sights = append(c.track.Sights, s)
	return s
}

// theTypeIsChangedInARow carries out several changes, each to its end, and leaves the
// last one to the Then steps.
func (w *World) theTypeIsChangedInARow(ctx context.Context, times int) error {
	for n := 1; n <= times; n++ {
		if err := w.theTypeIsChanged(ctx); err != nil {
			return err
		}
		if n == times {
			break
		}
		if err := w.completes(ctx); err != nil {
			return err
		}
	}
	return nil
}

// theTypeIsChangedThereAndBack changes the type, then changes it to what it was.
func (w *World) theTypeIsChangedThereAndBack(ctx context.Context) error {
	if err := w.theTypeIsChanged(ctx); err != nil {
		return err
	}
	if err := w.completes(ctx); err != nil {
		return err
	}
	return w.call(ctx, func(Instance) string { return w.change.from })
}

// completes judges a change in the middle of a step as Then steps judge the last one.
func (w *World) completes(ctx context.Context) error {
	for _, then := range []func(context.Context) error{w.theAnswerIsASuccess, w.theInstanceGoesThrough, w.theInstanceHasTheType} {
		if err := then(ctx); err != nil {
			return err
		}
	}
	return nil
}
