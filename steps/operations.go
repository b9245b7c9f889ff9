package steps

import (
	"context"
	"slices"
)

// The sentences that call a changing action on the instances of the scenario, and say what
// comes of it.
func changeSentences() []Sentence {
	return []Sentence{
		say(`{action} is called on (?:it|them)`, `对(?:该|上述)实例调用 {action}`,
			func(w *World) any { return w.isCalled }, onInstance).describing(namesSubject, inSeries(1)),
		say(`{action} is called on it with {parameter} as {value}`, `对该实例调用 {action}，参数 {parameter} 为 {value}`,
			func(w *World) any { return w.isCalledWithValue }, onInstance).describing(namesSubject, sendsValue),
		say(`{action} is called on it for {choice}`, `对该实例调用 {action}，目标值 ?{choice}`,
			func(w *World) any { return w.isCalledFor }, chosen).describing(namesSubject, callsFor),
		say(`{action} is called on (?:it|them) {number} times in a row`, `对(?:该|上述)实例连续调用 {action} {number} 次`,
			func(w *World) any { return w.isCalledInARow }, onInstance).describing(namesSubject, callsInARow, inARow),
		say(`{action} is called on it and then for the value it had`, `对该实例调用 {action}，再以原值调用`,
			func(w *World) any { return w.isCalledThereAndBack }, onInstance).describing(namesSubject, calls(ToAnother, 2, 2+again), inSeries(2)),

		say(`the (?:instance goes|instances go|[a-z]+ goes|[a-z]+ go) through {statuses} to {statuses} and (?:stays|stay) there`, `实例状态由 {statuses} 变为 {statuses}，此后保持不变`,
			func(w *World) any { return w.goesThroughStates }, nil).describing(observes, calls(ToAnother, 0, again)),
		say(`the (?:instance|[a-z]+) has the value asked for`, `实例具有所请求的值`,
			func(w *World) any { return w.hasTheValue }, nil).describing(observes),
		say(`{action} shows the change while it runs`, `{action} 在变更过程中如实显示状态`,
			func(w *World) any { return w.alsoShowsTheChange }, nil).describing(observes, callsReaders),
		say(`the change is carried out, or refused with a documented 4xx error`, `变更得以完成，或返回文档所列的 4xx 错误码`,
			func(w *World) any { return w.carriedOutOrRefused }, nil).describing(wants("200", "4xx"), calls(ToAnother, 0, again)),
	}
}

// The sentences about an action that is called while another one runs.
func concurrentSentences() []Sentence {
	return []Sentence{
		say(`{action} is called on it, and the same call is repeated while it runs`, `对该实例调用 {action}，并在执行过程中重复同一请求`,
			func(w *World) any { return w.theSameIsCalledMeanwhile }, onInstance).describing(namesSubject, overlaps).
			formerly(`{action} is called on it, and once more the same while it runs`),
		say(`{action} is called on it, and {action} while it runs`, `对该实例调用 {action}，并在执行过程中调用 {action}`,
			func(w *World) any { return w.isCalledMeanwhile }, onInstanceBoth).describing(namesSubject, overlaps, meanwhile),
		say(`{action} is called on it twice at the same moment`, `同时对该实例调用 {action} 两次`,
			func(w *World) any { return w.twoAtOnce }, onInstance).describing(namesSubject, overlaps),
		say(`at most one of them is accepted, and the (?:instance|[a-z]+) ends with its value`, `至多一个请求被接受，且实例最终具有该请求的目标值`,
			func(w *World) any { return w.atMostOneIsAccepted }, nil).describing(wants("200"), calls(ToAnother, 0, again)),
	}
}

// chosenValue is a value for a change, other than a further valid one.
type chosenValue struct {
	wording
	to     string // how a plan names it
	needs  func(*Needs)
	choose func(*World) value
	acts   bool // the endpoint may carry the change out
}

func chosenValues() []chosenValue {
	return []chosenValue{
		{
			wording{en: "the value it has", zh: "为当前值"}, "the value it has",
			func(n *Needs) { n.value(1) }, func(w *World) value { return w.itsOwnValue }, true,
		},
		{
			wording{en: "a value that does not exist", zh: "不存在"}, "a value that does not exist",
			func(*Needs) {}, func(w *World) value { return w.anAbsentValue }, false,
		},
		{
			wording{en: "a value that the instance does not support", zh: "不受该实例支持", older: []string{"a value that is not supported for it"}},
			"a value not supported for it",
			func(n *Needs) { n.Unsupported = true }, func(w *World) value { return w.anUnsupportedValue }, false,
		},
		{
			wording{en: "another value for GPU instances", zh: "为另一 GPU 规格"}, "another value for GPU instances",
			func(n *Needs) { n.GPUTypes = 2 }, func(w *World) value { return w.aGPUValue }, false,
		},
	}
}

// choices returns how sentences name them.
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
func (w *World) isCalledFor(ctx context.Context, action, choice string) error {
	c := chosenValueOf(choice)
	if c.acts {
		return w.callFor(ctx, action, c.choose(w))
	}
	return w.callRefused(ctx, action, c.choose(w))
}

// namesSubject adds the parameters of a changing action, with valid values.
func namesSubject(s *Metadata, args []string) {
	for _, name := range s.facts[args[0]].Parameters {
		s.Parameters = append(s.Parameters, Parameter{Name: name})
	}
}

// callsReaders adds the calls of a change that is repeated until a further read has shown it.
func callsReaders(s *Metadata, _ []string) {
	s.Calls = append(s.Calls, Call{To: ToAnother, Most: changesMet})
}

func (w *World) goesThroughStates(ctx context.Context, transient, end string) error {
	return w.goesThrough(ctx, either(transient), either(end))
}
