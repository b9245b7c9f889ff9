package steps

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/operation"
	"github.com/zec-tools/conformance/internal/wire"
)

// change is one call of a changing action, and what is seen of it.
type change struct {
	definition lifecycle.Definition
	instances  []Instance           // that the call names
	subjects   []*operation.Subject // those of them that it is to change
	wanted     string               // the value asked for; "" if the action changes none
	answer     *Answer
	recorded   bool
	watched    bool           // it was called again, closely watched
	seen       lifecycle.Seen // what that has shown
	close      bool           // it was watched often and closely enough to have been seen
	retried    *Inconclusive  // why a read of the status since the call had to be sent again
}

func (c *change) action() string { return c.definition.Operation.Action }

// subject returns the first subject, which most scenarios are about.
func (c *change) subject() *operation.Subject { return c.subjects[0] }

// phase returns the least phase of all subjects.
func (c *change) phase() lifecycle.Phase {
	least := c.subjects[0].Watch.Phase()
	for _, s := range c.subjects[1:] {
		least = min(least, s.Watch.Phase())
	}
	return least
}

// value chooses the value that a call asks for.
type value func(Instance) string

// anotherValue leads back to the value that an instance had when the run began, where it has
// another one by now: that change need not be made to restore it.
func (w *World) anotherValue(inst Instance) string {
	now := w.valueOf(inst)
	if d := w.definition(); d.Inverse != "" && inst.Origin != "" && inst.Origin != now && slices.Contains(w.fixture.Resizable, inst.Origin) {
		return inst.Origin
	}
	return w.valueOtherThan(now)
}
func (w *World) itsOwnValue(inst Instance) string { return w.valueOf(inst) }
func (w *World) anAbsentValue(Instance) string    { return w.fixture.AbsentType }
func (w *World) anUnsupportedValue(Instance) string {
	return w.fixture.Unsupported
}

// valueOf returns the changed value of an instance when it was read last.
func (w *World) valueOf(inst Instance) string { return w.before[inst.ID].values[w.changedField()] }

// changedField returns the name of the value that the actions of this scenario change.
func (w *World) changedField() string {
	for _, r := range w.contract.Changed(w.definition()) {
		return r.Field
	}
	return ""
}

// aGPUValue asks for a value that GPU instances have, and this one has not.
func (w *World) aGPUValue(inst Instance) string {
	i := slices.IndexFunc(w.fixture.GPUTypes, func(t string) bool { return t != w.valueOf(inst) })
	return w.fixture.GPUTypes[max(i, 0)]
}

// isCalled calls a changing action and stops there: what comes of it is for Then steps.
func (w *World) isCalled(ctx context.Context, action string) error {
	return w.callFor(ctx, action, w.anotherValue)
}

// isCalledWithValue sends an optional parameter besides.
func (w *World) isCalledWithValue(ctx context.Context, action, parameter, value string) error {
	value, err := w.spelledOut(value)
	if err != nil {
		return err
	}
	w.further = map[string]any{parameter: json.RawMessage(value)}
	return w.callFor(ctx, action, w.anotherValue)
}

// callFor calls the action for a value to which the instances may be changed.
func (w *World) callFor(ctx context.Context, action string, choose value) error {
	w.acts = w.acts || w.mayAct(w.contract.Lifecycles[action])
	return w.callRefused(ctx, action, choose)
}

// callRefused reads the instances, then calls the action for a value.
func (w *World) callRefused(ctx context.Context, action string, choose value) error {
	d, has := w.contract.Lifecycles[action]
	if !has {
		return &SuiteError{Reason: fmt.Sprintf("the contract states no lifecycle of %s: it cannot be followed", action)}
	}
	w.acting = action
	inst, err := w.subject()
	if err != nil {
		return err
	}
	if err := w.remember(ctx); err != nil {
		return err
	}
	return w.callTo(ctx, d, w.named(d), choose(inst))
}

// mayAct reports whether a call names an instance that the documents let it change.
func (w *World) mayAct(d lifecycle.Definition) bool {
	return len(w.subjects) > 0 && slices.ContainsFunc(w.named(d), func(inst Instance) bool {
		return !inst.Absent && (!inst.GPU || d.Wanted == "") && slices.Contains(d.Start, inst.Status)
	})
}

// named returns the instances that a call of an action names: all of the scenario, where
// the action takes several.
func (w *World) named(d lifecycle.Definition) []Instance {
	if d.Batch && !w.alone {
		return w.subjects
	}
	return w.subjects[:1]
}

// callTo calls a change to the value given. The snapshot taken before is its first observation.
func (w *World) callTo(ctx context.Context, d lifecycle.Definition, named []Instance, wanted string) error {
	if d.Wanted != "" && wanted == "" {
		return &Inconclusive{Reason: fmt.Sprintf("no further value of %s is listed, and no action leads back to one of those before", d.Wanted)}
	}
	c := w.newChange(d, named, wanted)
	req := w.changing(d, named, wanted)
	answer, err := w.session.Change(ctx, req, w.unstarted(c))
	w.acted(answer.Timing)
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

// unstarted returns what proves that no change has begun: every instance is as it was. Where the change leads back to that status
// and changes no value, or asks for the value that is there, nothing proves it.
func (w *World) unstarted(c *change) func(context.Context) bool {
	return func(ctx context.Context) bool {
		d := c.definition
		if subset(d.Start, d.End) && (d.Wanted == "" || c.wanted == w.valueOf(c.instances[0])) {
			return false
		}
		shot, err := w.look(ctx)
		if err != nil {
			return false
		}
		for _, inst := range c.instances {
			was, is := w.before[inst.ID], shot[inst.ID]
			if !inst.Absent && !was.same(is) {
				return false
			}
		}
		return true
	}
}

func subset(some, all []string) bool {
	return !slices.ContainsFunc(some, func(s string) bool { return !slices.Contains(all, s) })
}

func (w *World) newChange(d lifecycle.Definition, named []Instance, wanted string) *change {
	if d.Wanted == "" {
		wanted = ""
	}
	c := &change{definition: d, instances: named, wanted: wanted}
	for _, inst := range named {
		if inst.Absent {
			continue
		}
		s := operation.NewSubject(d, inst.ID, w.timing.Settle, w.looked.Start)
		s.Track.From, s.Track.To = w.before[inst.ID].values[d.Changed.Field], wanted
		s.See(w.before[inst.ID].status, w.looked)
		c.subjects = append(c.subjects, s)
	}
	return c
}

// changing forms the request. Only a change that the documents allow is meant to change something.
func (w *World) changing(d lifecycle.Definition, named []Instance, wanted string) wire.Request {
	effect := wire.Changes
	for _, inst := range named {
		if inst.Absent || inst.GPU || !slices.Contains(d.Start, w.before[inst.ID].status) {
			effect = wire.Refused
		}
	}
	if d.Wanted != "" && !slices.Contains(w.fixture.Resizable, wanted) {
		effect = wire.Refused
	}
	return wire.Request{Operation: d.Operation, Body: encode(w.parametersOf(d, named, wanted)), Effect: effect}
}

// parametersOf returns the parameters of a call.
func (w *World) parametersOf(d lifecycle.Definition, named []Instance, wanted string) map[string]any {
	parameters := map[string]any{d.Subject: ids(named)}
	if !d.Batch {
		parameters[d.Subject] = named[0].ID
	}
	if d.Wanted != "" {
		parameters[d.Wanted] = w.contract.typed(d, wanted)
	}
	maps.Copy(parameters, w.further)
	return parameters
}

// answered keeps what answered the call: what becomes of the change is said of it,
// whatever else was asked in between. Subjects that the answer names as failed are not
// followed.
func (c *change) answered(a *Answer) {
	c.answer = a
	for _, s := range c.subjects {
		s.Answered(a.Timing)
	}
	if a.Succeeded() {
		failed := c.failed()
		c.subjects = slices.DeleteFunc(c.subjects, func(s *operation.Subject) bool { return slices.Contains(failed, s.ID) })
	}
}

// failed returns the ids that the answer names as not carried out.
func (c *change) failed() []string {
	if c.definition.Failed == "" || c.answer == nil || !c.answer.Succeeded() {
		return nil
	}
	return c.answer.Strings(c.definition.Failed)
}

// isCalledInARow carries out an action several times, each to its end, and leaves the
// last one to the Then steps. What does not lead back by itself is undone in between.
func (w *World) isCalledInARow(ctx context.Context, action string, times int) error {
	choose := value(w.anotherValue)
	for n := 1; n <= times; n++ {
		if err := w.callFor(ctx, action, choose); err != nil {
			return err
		}
		if n == times {
			break
		}
		if err := w.completes(ctx); err != nil {
			return err
		}
		choose = w.anotherValue
		if was := w.change.subject().Track.From; n%2 == 1 && w.change.definition.Inverse != "" && slices.Contains(w.fixture.Resizable, was) {
			choose = func(Instance) string { return was }
		}
		if err := w.undo(ctx); err != nil {
			return err
		}
	}
	return nil
}

// carried returns those instances of the last change that it was to change, as they are now.
func (w *World) carried() []Instance {
	if w.change == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(w.subjects), func(inst Instance) bool {
		return !slices.ContainsFunc(w.change.subjects, func(s *operation.Subject) bool { return s.ID == inst.ID })
	})
}

// undo brings the instances back into a status in which the last change may be called
// again.
func (w *World) undo(ctx context.Context) error { return w.returnTo(ctx, w.change.definition) }

// returnTo brings the instances into a status in which an action may be called, by the one
// that leads there from where they are.
func (w *World) returnTo(ctx context.Context, d lifecycle.Definition) error {
	named := w.carried()
	if len(named) == 0 {
		named = w.named(d)
	}
	status := named[0].Status
	if slices.Contains(d.Start, status) {
		return nil
	}
	back, has := w.contract.leading(d, status)
	if !has {
		return &Inconclusive{Reason: fmt.Sprintf("no action leads back from %s, so %s cannot be called again", status, d.Operation.Action)}
	}
	keep := *w
	defer func() {
		w.answer, w.request, w.judged, w.change, w.acting = keep.answer, keep.request, keep.judged, keep.change, keep.acting
	}()
	if err := w.remember(ctx); err != nil {
		return err
	}
	if err := w.callTo(ctx, back, named, ""); err != nil {
		return err
	}
	if !w.answer.Succeeded() {
		return w.notCarriedOut(ctx, w.answer)
	}
	if err := w.until(ctx, w.change, lifecycle.Phase.Over); err != nil {
		return err
	}
	w.keep(w.change)
	if err := w.departures(w.change); err != nil {
		return err
	}
	if w.change.phase() == lifecycle.Settled {
		w.arrived(back)
	}
	return nil
}

// notCarriedOut is the finding of a call that ought to have been carried out.
func (w *World) notCarriedOut(ctx context.Context, a *Answer) error {
	if w.deniedForStatus(a) {
		if err := w.foreignChange(ctx); err != nil {
			return err
		}
	}
	return w.missed(a, w.contract.Role(roleCarriedOut, a.Operation.Action), "status", "success (200)", describe(a))
}

// isCalledThereAndBack carries out a change of a value, then calls it for the value that
// was there.
func (w *World) isCalledThereAndBack(ctx context.Context, action string) error {
	if err := w.isCalled(ctx, action); err != nil {
		return err
	}
	if err := w.completes(ctx); err != nil {
		return err
	}
	back := w.change.subject().Track.From
	return w.callFor(ctx, action, func(Instance) string { return back })
}

// completes judges a change in the middle of a step as Then steps judge the last one.
func (w *World) completes(ctx context.Context) error {
	for _, then := range []func(context.Context) error{w.theAnswerIsASuccess, w.goesThroughItsLifecycle, w.hasTheValue, w.ReadForOthers} {
		if err := then(ctx); err != nil {
			return err
		}
	}
	return nil
}

// interrupted turns the end of a context into the outcome it stands for.
func interrupted(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return &Inconclusive{Cause: wire.CauseInterrupted, Reason: "the run was interrupted"}
	}
	return err
}
