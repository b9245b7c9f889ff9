package steps

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/zec-tools/conformance/internal/operation"

	"github.com/zec-tools/conformance/internal/verdict"
)

// The sentences about instances that must not change.
func unchangedSentences() []Sentence {
	return []Sentence{
		say(`the (?:instance is|instances are|[a-z]+ is|[a-z]+ are) unchanged`, `实例保持不变`,
			func(w *World) any { return w.theInstanceIsUnchanged }, comparesState),
		say(`the (?:instance|[a-z]+) stays unchanged`, `实例始终保持不变`,
			func(w *World) any { return w.theInstanceStaysUnchanged }, comparesState),
		say(`the other (?:instance|[a-z]+) is unchanged`, `另一台实例保持不变`,
			func(w *World) any { return w.theOtherIsUnchanged }, comparesState).describing(observes),
	}
}

func comparesState(n *Needs, _ []string) { n.State = true }

// unchanged compares instances with their state before the last request.
func (ch *changes) unchanged(ctx context.Context, clause string, of []Instance) error {
	if ch.before == nil {
		return &SuiteError{Reason: "nothing was read before the request: this step follows a request that could change something"}
	}
	ch.judged = ch.judged || ch.change != nil
	now, err := ch.look(ctx)
	if err != nil {
		return err
	}
	for _, inst := range of {
		was, is := ch.before[inst.ID], now[inst.ID]
		for _, field := range slices.Sorted(maps.Keys(was.values)) {
			if was.values[field] != is.values[field] && !inst.typeUnknown(was.values[field]) && !inst.typeUnknown(is.values[field]) && !ch.contract.sets(field, was.status, is.status) {
				if err := ch.foreignValue(inst, field, is.values[field]); err != nil {
					return err
				}
				return ch.contract.Finding(clause, verdict.PlaceOf(field, inst.Kind, inst.ID), was.values[field], is.values[field])
			}
		}
		if ch.moved(was.status, is.status) {
			return ch.contract.Finding(clause, verdict.PlaceOf("status", inst.Kind, inst.ID), was.status, is.status)
		}
	}
	return nil
}

// moved reports whether an instance has changed its status other than by leaving a passing status
// on its own.
func (ins *instances) moved(was, is string) bool {
	d := ins.definition()
	byItself := !ins.fixture.Certain && slices.Contains(d.Passing, was) && !slices.Contains(d.Transient, is)
	return was != is && !byItself
}

// theInstanceIsUnchanged compares every instance of the scenario.
func (ch *changes) theInstanceIsUnchanged(ctx context.Context) error {
	clause := ch.contract.Role(roleUnchanged, ch.acting)
	if ch.answer != nil && ch.answer.Succeeded() {
		clause = ch.rule() // the call was accepted
	}
	return ch.unchanged(ctx, clause, ch.held())
}

// theInstanceStaysUnchanged compares the instances throughout a settle time, because a refused call
// may have a delayed effect.
func (ch *changes) theInstanceStaysUnchanged(ctx context.Context) error {
	var start time.Time
	return interrupted(ch.pace().Poll(ctx, func(ctx context.Context) (operation.Next, error) {
		if err := ch.theInstanceIsUnchanged(ctx); err != nil {
			return operation.Done, err
		}
		if start.IsZero() {
			start = ch.looked.Start
		}
		if ch.looked.Finished().Sub(start) > ch.timing.Settle {
			return operation.Done, nil
		}
		return operation.Closely, nil
	}))
}

// theOtherIsUnchanged compares the instances that the request did not name.
func (ch *changes) theOtherIsUnchanged(ctx context.Context) error {
	return ch.unchanged(ctx, ch.contract.Role(roleOnlyNamed, ch.acting), ch.held()[1:])
}
