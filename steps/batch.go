package steps

import (
	"context"
	"slices"
	"strings"
)

// batches are the sentences about actions that name several instances.
func batches() []Sentence {
	return []Sentence{
		say(action+` is called on the first (?:one|of them)`, `对其中第一台实例调用 `+action,
			func(w *World) any { return w.isCalledOnTheFirst }, onInstance).describing(namesSubject, namesFirst, inSeries(1)),
		say(`the bad ones are named as failed and the others go through, or it is refused with `+anyPairs+` and nothing changes`,
			`其中无效的实例列为失败，其余得以执行，或返回错误 `+anyPairs+` 且不改变任何实例`,
			func(w *World) any { return w.badOnesFail }, nil).describing(wants("200"), wantsPairs),
		say(`the bad ones are named as failed and the others go through, or it is refused with a documented 4xx error and nothing changes`,
			`其中无效的实例列为失败，其余得以执行，或返回文档所列的 4xx 错误码且不改变任何实例`,
			func(w *World) any { return w.badOnesFailSomehow }, nil).describing(wants("200", "4xx")),
		say(`it is refused with a documented 4xx error, or named as failed`, `返回文档所列的 4xx 错误码，或在响应中列为失败`,
			func(w *World) any { return w.refusedSomehowOrFailed }, nil).describing(wants("200", "4xx")),
	}
}

// namesFirst says that the call names the first instance alone.
func namesFirst(s *Metadata, _ []string) { s.Alone = true }

// refusedSomehowOrFailed wants any refusal that the documents allow, or a success that
// names every instance of the call as failed.
func (w *World) refusedSomehowOrFailed(context.Context) error {
	if done, err := w.allFailed(); done || err != nil {
		return err
	}
	if w.eitherOf(w.answer, nil) {
		return nil
	}
	return w.documented(within("4xx"), false, "a documented 4xx error, or the instance named as failed")
}

// isCalledOnTheFirst calls an action on the first instance alone, whatever it could name.
func (w *World) isCalledOnTheFirst(ctx context.Context, action string) error {
	w.alone = true
	return w.isCalled(ctx, action)
}

// badOnesFail judges a call of which some instances cannot be changed: either the answer
// names exactly those and the others go through, or it is a pair of one of them and
// nothing changes.
func (w *World) badOnesFail(ctx context.Context, pairs string) error {
	return w.badOnes(ctx, func() error { return w.refusedOrFailed(ctx, pairs) })
}

// badOnesFailSomehow does so where no document says which codes there are.
func (w *World) badOnesFailSomehow(ctx context.Context) error {
	return w.badOnes(ctx, func() error { return w.refusedSomehowOrFailed(ctx) })
}

func (w *World) badOnes(ctx context.Context, refused func() error) error {
	a, err := w.last()
	if err != nil {
		return err
	}
	c := w.change
	if c == nil {
		return errNoChange
	}
	if !a.Succeeded() {
		if err := refused(); err != nil {
			return err
		}
		return w.unchanged(ctx, w.contract.Role(roleUnchanged, c.action()), w.held())
	}
	bad, clause := w.bad(c), w.contract.Role(roleBatch, c.action())
	failed := c.failed()
	for _, inst := range bad {
		if !slices.Contains(failed, inst.ID) {
			return w.missed(a, clause, "/response/"+c.definition.Failed, strings.Join(ids(bad), ", "), listed(failed))
		}
	}
	if i := slices.IndexFunc(failed, func(id string) bool { return !slices.Contains(ids(c.instances), id) }); i >= 0 {
		return w.missed(a, clause, "/response/"+c.definition.Failed, "ids of the call", failed[i])
	}
	w.session.Choice(clause, "success (200) with the failed ones named")
	if err := w.goesThroughItsLifecycle(ctx); err != nil {
		return err
	}
	return w.unchanged(ctx, clause, slices.DeleteFunc(bad, func(i Instance) bool { return i.Absent }))
}

// bad returns the instances of a call that it cannot change: those that do not exist, and
// those that were in no status in which the action is called.
func (w *World) bad(c *change) []Instance {
	return slices.DeleteFunc(slices.Clone(c.instances), func(inst Instance) bool {
		return !inst.Absent && slices.Contains(c.definition.Start, w.before[inst.ID].status)
	})
}

// listed says which ids a list holds.
func listed(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}
