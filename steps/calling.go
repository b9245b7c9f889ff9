package steps

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/operation"
)

// The sentences that call a changing action on the instances of the scenario.
func changeSentences() []Sentence {
	return []Sentence{
		say(`{action} is called on (?:it|them)`, `对(?:该|上述)实例调用 {action}`,
			func(w *World) any { return w.isCalled }, onInstance).describing(namesSubject, inSeries(1)),
		say(`{action} is called on it with {parameter} as {value}`, `对该实例调用 {action}，参数 {parameter} 为 {value}`,
			func(w *World) any { return w.isCalledWithValue }, onInstance).describing(namesSubject, sendsValue),
		say(`{action} is called on it and then {next}`, `对该实例调用 {action}，再{next}`,
			func(w *World) any { return w.isCalledAndThen }, onInstanceNext).describing(namesSubject, callsNext),
		say(`{action} is called on it for {choice}`, `对该实例调用 {action}，目标值 ?{choice}`,
			func(w *World) any { return w.isCalledFor }, chosen).describing(namesSubject, callsFor),
		say(`{action} is called on (?:it|them) {count} times in a row`, `对(?:该|上述)实例连续调用 {action} {count} 次`,
			func(w *World) any { return w.isCalledInARow }, onInstance).describing(namesSubject, callsInARow, inARow),
	}
}

// namesSubject adds the parameters of a changing action, with valid values.
func namesSubject(s *Metadata, args []string) {
	for _, name := range s.facts[args[0]].Parameters {
		s.Parameters = append(s.Parameters, Parameter{Name: name})
	}
}

// callsInARow adds several changes, each called after the previous one has ended.
func callsInARow(s *Metadata, args []string) {
	n := count(args[1])
	calls(ToAnother, n, n+(n-1)*again)(s, args)
}

// inARow sets Series from the second argument.
func inARow(s *Metadata, args []string) { s.Series = count(args[1]) }

// isCalled calls a changing action. Then steps follow the change.
func (ch *changes) isCalled(ctx context.Context, action string) error {
	return ch.callFor(ctx, action, ch.nextValue)
}

// isCalledWithValue calls a changing action with an optional parameter.
func (ch *changes) isCalledWithValue(ctx context.Context, action, parameter, value string) error {
	value, err := ch.spelledOut(value)
	if err != nil {
		return err
	}
	ch.further = map[string]any{parameter: json.RawMessage(value)}
	return ch.callFor(ctx, action, ch.anotherValue)
}

// backAgain is the second call of a pair that restores the original value. Any other second call
// names an action.
func backAgain() wording { return wording{en: "for the value it had", zh: "以原值调用"} }

// next is the parameter type of the call that follows.
func next() parameterType {
	t := wordings([]wording{backAgain()})
	t.en, t.zh, t.reads, t.readsZh = t.en+"|[A-Z][A-Za-z0-9]+", t.zh+"|"+callsZh+"[A-Z][A-Za-z0-9]+", "for the value it had", "以原值调用"
	return t
}

const callsZh = "调用 "

// nextAction returns the action named in the text of a second call.
func nextAction(next string) string { return strings.TrimPrefix(next, callsZh) }

func onInstanceNext(n *Needs, args []string) {
	if backAgain().in(args[1]) {
		onInstance(n, args)
	} else {
		onInstanceBoth(n, []string{args[0], nextAction(args[1])})
	}
}

// callsNext adds two calls, the second after the first.
func callsNext(s *Metadata, args []string) {
	if backAgain().in(args[1]) {
		calls(ToAnother, 2, 2+again)(s, args)
		s.Series = 2
		return
	}
	s.Actions = append(s.Actions, nextAction(args[1]))
	calls(ToAnother, 1, 1+again)(s, args)
	s.Calls = append(s.Calls, Call{Action: nextAction(args[1]), To: ToAnother, Least: 1, Most: 1 + again, Carried: 1})
}

// isCalledAndThen carries out one action, then calls a second. The Then steps follow the second.
func (ch *changes) isCalledAndThen(ctx context.Context, action, next string) error {
	if backAgain().in(next) {
		return ch.isCalledThereAndBack(ctx, action)
	}
	if err := ch.isCalled(ctx, action); err != nil {
		return err
	}
	if err := ch.completes(ctx); err != nil {
		return err
	}
	return ch.callFor(ctx, nextAction(next), ch.anotherValue)
}

// chosenValue is a special value for a change, other than an ordinary valid one.
type chosenValue struct {
	wording
	to     string // how a plan describes it
	needs  func(*Needs)
	choose func(*changes) value
	acts   bool // the documents allow the endpoint to carry out the change
}

func chosenValues() []chosenValue {
	return []chosenValue{
		{
			wording{en: "the value it has", zh: "为当前值"}, "the value it has",
			func(n *Needs) { n.value(1) }, func(ch *changes) value { return ch.itsOwnValue }, true,
		},
		{
			wording{en: "a value that does not exist", zh: "不存在"}, "a value that does not exist",
			func(*Needs) {}, func(ch *changes) value { return ch.anAbsentValue }, false,
		},
		{
			wording{en: "a value that the instance does not support", zh: "不受该实例支持", older: []string{"a value that is not supported for it"}},
			"a value not supported for it",
			func(n *Needs) { n.Unsupported = true }, func(ch *changes) value { return ch.anUnsupportedValue }, false,
		},
		{
			wording{en: "another value for GPU instances", zh: "为另一 GPU 规格"}, "another value for GPU instances",
			func(n *Needs) { n.GPUTypes = 2 }, func(ch *changes) value { return ch.aGPUValue }, false,
		},
	}
}

// choices returns the sentence texts of the chosen values.
func choices() []wording {
	var list []wording
	for _, c := range chosenValues() {
		list = append(list, c.wording)
	}
	return list
}

func chosenValueOf(text string) chosenValue {
	list := chosenValues()
	return list[slices.IndexFunc(list, func(c chosenValue) bool { return c.in(text) })]
}

func chosen(n *Needs, args []string) {
	n.call(args[0])
	chosenValueOf(args[1]).needs(n)
}

func callsFor(s *Metadata, args []string) { calls(chosenValueOf(args[1]).to, 1, 1)(s, args) }

// isCalledFor calls a changing action with a chosen value.
func (ch *changes) isCalledFor(ctx context.Context, action, choice string) error {
	c := chosenValueOf(choice)
	if c.acts {
		return ch.callFor(ctx, action, c.choose(ch))
	}
	return ch.callRefused(ctx, action, c.choose(ch))
}

// isCalledInARow carries out an action several times, waiting for each change to end and undoing it
// in between where needed. The Then steps follow the last change.
func (ch *changes) isCalledInARow(ctx context.Context, action string, times int) error {
	choose := value(ch.anotherValue)
	var had []string
	for n := 1; n <= times; n++ {
		if err := ch.callFor(ctx, action, choose); err != nil {
			return err
		}
		if n == times {
			break
		}
		if err := ch.completes(ctx); err != nil {
			return err
		}
		had = append(had, ch.change.subject().Trajectory.From)
		choose = ch.anotherValue
		switch was := ch.change.subject().Trajectory.From; {
		case n >= 3: // there, back, and there again: now what is left
			choose = ch.unsetValue(had)
		case n == 1 && ch.change.definition.Inverse != "" && slices.Contains(ch.fixture.Resizable, was):
			choose = func(Instance) string { return was }
		}
		if err := ch.undo(ctx); err != nil {
			return err
		}
	}
	return nil
}

// isCalledThereAndBack changes a value, then calls the action with the previous value.
func (ch *changes) isCalledThereAndBack(ctx context.Context, action string) error {
	if err := ch.isCalled(ctx, action); err != nil {
		return err
	}
	if err := ch.completes(ctx); err != nil {
		return err
	}
	back := ch.change.subject().Trajectory.From
	return ch.callFor(ctx, action, func(Instance) string { return back })
}

// callFor calls an action with a value that the endpoint should accept.
func (ch *changes) callFor(ctx context.Context, action string, choose value) error {
	ch.keepEarlier()
	ch.acts = ch.acts || ch.mayAct(ch.contract.Lifecycles[action])
	return ch.callRefused(ctx, action, choose)
}

// callRefused reads the instances, then calls an action with a value that the endpoint should
// refuse.
func (ch *changes) callRefused(ctx context.Context, action string, choose value) error {
	d, has := ch.contract.Lifecycles[action]
	if !has {
		return &SuiteError{Reason: fmt.Sprintf("the contract states no lifecycle of %s: it cannot be followed", action)}
	}
	ch.acting = action
	inst, err := ch.subject()
	if err != nil {
		return err
	}
	if err := ch.remember(ctx); err != nil {
		return err
	}
	return ch.callTo(ctx, d, ch.named(d), choose(inst))
}

// mayAct reports whether the documents allow the call to change one of its instances.
func (ch *changes) mayAct(d lifecycle.Definition) bool {
	return len(ch.subjects) > 0 && slices.ContainsFunc(ch.named(d), func(inst Instance) bool {
		return !inst.Absent && (!inst.GPU || d.Wanted == "") && slices.Contains(d.Start, inst.Status)
	})
}

// named returns the instances to name in a call: all of the scenario's if the action takes several,
// otherwise the first.
func (ch *changes) named(d lifecycle.Definition) []Instance {
	if d.Batch && !ch.alone {
		return ch.subjects
	}
	return ch.subjects[:1]
}

// completes judges a change in the middle of a step, with the checks that the Then steps apply to
// the last change.
func (ch *changes) completes(ctx context.Context) error {
	for _, then := range []func(context.Context) error{ch.theAnswerIsASuccess, ch.hasSubjects, ch.goesThroughItsLifecycle, ch.hasTheValue, ch.ReadForOthers} {
		if err := then(ctx); err != nil {
			return err
		}
	}
	return nil
}

// carried returns the instances that the last change should have changed, with their current
// status.
func (ch *changes) carried() []Instance {
	if ch.change == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(ch.subjects), func(inst Instance) bool {
		return !slices.ContainsFunc(ch.change.subjects, func(s *operation.Subject) bool { return s.ID == inst.ID })
	})
}

// undo returns the instances to a status that allows the last change to be called again.
func (ch *changes) undo(ctx context.Context) error { return ch.returnTo(ctx, ch.change.definition) }

// returnTo returns the instances to a status that allows an action, by calling the action that
// leads there from their current status.
func (ch *changes) returnTo(ctx context.Context, d lifecycle.Definition) error {
	named := ch.carried()
	if len(named) == 0 {
		named = ch.named(d)
	}
	status := named[0].Status
	if slices.Contains(d.Start, status) {
		return nil
	}
	back, has := ch.contract.leading(d, status)
	if !has {
		return &Inconclusive{Reason: fmt.Sprintf("no action leads back from %s, so %s cannot be called again", status, d.Operation.Action)}
	}
	answer, request, judged, change, acting := ch.answer, ch.request, ch.judged, ch.change, ch.acting
	defer func() {
		ch.answer, ch.request, ch.judged, ch.change, ch.acting = answer, request, judged, change, acting
	}()
	if err := ch.remember(ctx); err != nil {
		return err
	}
	if err := ch.callTo(ctx, back, named, ""); err != nil {
		return err
	}
	if !ch.answer.Succeeded() {
		return ch.notCarriedOut(ctx, ch.answer)
	}
	if err := ch.hasSubjects(ctx); err != nil {
		return err
	}
	if err := ch.until(ctx, ch.change, lifecycle.Phase.Over); err != nil {
		return err
	}
	ch.keep(ch.change)
	if err := ch.departures(ch.change); err != nil {
		return err
	}
	if ch.change.phase() == lifecycle.Settled {
		ch.arrived(back)
	}
	return nil
}

// notCarriedOut is the finding about a refused call that should succeed.
func (ch *changes) notCarriedOut(ctx context.Context, a *Answer) error {
	if ch.deniedForStatus(a) {
		if err := ch.foreignChange(ctx); err != nil {
			return err
		}
	}
	return ch.missed(a, ch.contract.Role(roleCarriedOut, a.Operation.Action), "status", "success (200)", describe(a))
}
