package steps

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// onInstance is the need of a sentence whose first argument is the changing action it calls.
func onInstance(n *Needs, args []string) {
	n.call(args[0])
	n.value(2)
}

// onInstanceBoth is the need of a sentence that calls a second action, too.
func onInstanceBoth(n *Needs, args []string) {
	onInstance(n, args)
	onInstance(n, args[1:])
}

// changing are the sentences that call a changing action and say what comes of it.
func changing() []Sentence {
	called := func(en, zh string, bind func(*World) any, said ...func(*Metadata, []string)) Sentence {
		return say(action+en, zh, bind, onInstance).describing(namesSubject).describing(said...)
	}
	return []Sentence{
		called(` is called on (?:it|them)`, `对(?:该|上述)实例调用 `+action, func(w *World) any { return w.isCalled }, inSeries(1)),
		called(` is called on it with `+parameter+` as `+anything, `对该实例调用 `+action+`，参数 `+parameter+` 为 `+anything,
			func(w *World) any { return w.isCalledWithValue }, sendsValue),
		say(action+` is called on it for the value it has`, `对该实例调用 `+action+`，目标值为当前值`,
			func(w *World) any { return w.isCalledForItsOwnValue },
			func(n *Needs, args []string) { n.call(args[0]); n.value(1) }).describing(namesSubject, calls(toItsOwn, 1, 1)),
		say(action+` is called on it for a value that does not exist`, `对该实例调用 `+action+`，目标值不存在`,
			func(w *World) any { return w.isCalledForAnAbsentValue },
			func(n *Needs, args []string) { n.call(args[0]) }).describing(namesSubject, calls(toAbsent, 1, 1)),
		say(action+` is called on it for a value that is not supported for it`, `对该实例调用 `+action+`，目标值不受该实例支持`,
			func(w *World) any { return w.isCalledForAnUnsupportedValue },
			func(n *Needs, args []string) { n.call(args[0]); n.Unsupported = true }).describing(namesSubject, calls(toUnsupported, 1, 1)),
		say(action+` is called on it for another value for GPU instances`, `对该实例调用 `+action+`，目标值为另一 GPU 规格`,
			func(w *World) any { return w.isCalledForAGPUValue },
			func(n *Needs, args []string) { n.call(args[0]); n.GPUTypes = 2 }).describing(namesSubject, calls(toGPUType, 1, 1)),
		called(` is called on (?:it|them) `+number+` times in a row`, `对(?:该|上述)实例连续调用 `+action+` `+number+` 次`,
			func(w *World) any { return w.isCalledInARow }, callsInARow, inARow),
		called(` is called on it and then for the value it had`, `对该实例调用 `+action+`，再以原值调用`,
			func(w *World) any { return w.isCalledThereAndBack }, calls(ToAnother, 2, 2+again), inSeries(2)),
		called(` is called on it, and once more the same while it runs`, `对该实例调用 `+action+`，并在执行过程中重复同一请求`,
			func(w *World) any { return w.theSameIsCalledMeanwhile }, overlaps),
		called(` is called on it twice at the same moment`, `同时对该实例调用 `+action+` 两次`,
			func(w *World) any { return w.twoAtOnce }, overlaps),
		say(action+` is called on it, and `+action+` while it runs`, `对该实例调用 `+action+`，并在执行过程中调用 `+action,
			func(w *World) any { return w.isCalledMeanwhile }, onInstanceBoth).describing(namesSubject, overlaps, meanwhile),

		say(`at most one of them is accepted, and the (?:instance|[a-z]+) ends with its value`, `至多一个请求被接受，且实例最终具有该请求的目标值`,
			func(w *World) any { return w.atMostOneIsAccepted }, nil).describing(wants("200"), calls(ToAnother, 0, again)),
		say(`the (?:instance goes|instances go|[a-z]+ goes|[a-z]+ go) through `+anyStates+` to `+anyStates+` and (?:stays|stay) there`, `实例状态由 `+anyStates+` 变为 `+anyStates+`，此后保持不变`,
			func(w *World) any { return w.goesThroughStates }, nil).describing(observes, calls(ToAnother, 0, again)),
		say(`the (?:instance|[a-z]+) has the value asked for`, `实例具有所请求的值`,
			func(w *World) any { return w.hasTheValue }, nil).describing(observes),
		say(action+` shows the change while it runs`, action+` 在变更过程中如实显示状态`,
			func(w *World) any { return w.alsoShowsTheChange }, nil).describing(observes, callsReaders),
		say(`the change is carried out, or refused with a documented 4xx error`, `变更得以完成，或返回文档所列的 4xx 错误码`,
			func(w *World) any { return w.carriedOutOrRefused }, nil).describing(wants("200", "4xx"), calls(ToAnother, 0, again)),
		say(`it is refused with `+anyPairs+`, or named as failed`, `返回错误 `+anyPairs+`，或在响应中列为失败`,
			func(w *World) any { return w.refusedOrFailed }, nil).describing(wants("200"), wantsPairs),
	}
}

// namesSubject says that the parameters of a changing action are sent with proper values.
func namesSubject(s *Metadata, args []string) {
	for _, name := range s.facts[args[0]].Parameters {
		s.Parameters = append(s.Parameters, Parameter{Name: name})
	}
}

// callsReaders says it of a change that is called until a further read has shown it.
func callsReaders(s *Metadata, _ []string) {
	s.Calls = append(s.Calls, Call{To: ToAnother, Most: changesMet})
}

func (w *World) goesThroughStates(ctx context.Context, transient, end string) error {
	return w.goesThrough(ctx, either(transient), either(end))
}

var onePair = regexp.MustCompile(`(\d{3}) ([A-Z][A-Z_]+)`)

// wantsPairs says which pairs are right.
func wantsPairs(s *Metadata, args []string) {
	for _, m := range onePair.FindAllStringSubmatch(args[0], -1) {
		wants(m[1])(s, nil)
		takes(count(m[1]), m[2])(s, nil)
	}
}

// refusedOrFailed wants one of the pairs, or a success that names every instance of the
// call as failed. The instance has to be as it was either way, which another step says.
func (w *World) refusedOrFailed(_ context.Context, pairs string) error {
	if done, err := w.allFailed(); done || err != nil {
		return err
	}
	all := w.pairs(0, "")[:0]
	for _, m := range onePair.FindAllStringSubmatch(pairs, -1) {
		all = append(all, w.pairs(count(m[1]), m[2])...)
	}
	return w.oneOf(all)
}

// allSentFailed reports it of a call that names instances which are none of the scenario's.
func (w *World) allSentFailed(a *Answer) bool {
	d := w.contract.Lifecycles[a.Operation.Action]
	var sent map[string]json.RawMessage
	var named []string
	if d.Failed == "" || json.Unmarshal(w.request.Body, &sent) != nil || json.Unmarshal(sent[d.Subject], &named) != nil {
		return false
	}
	failed := a.Strings(d.Failed)
	return len(named) > 0 && !slices.ContainsFunc(named, func(id string) bool { return !slices.Contains(failed, id) })
}

// allFailed reports whether the last answer is a success that names every instance of its
// call as failed, so that nothing was carried out.
func (w *World) allFailed() (bool, error) {
	a, err := w.last()
	if err != nil || !a.Succeeded() {
		return false, err
	}
	c := w.change
	if w.meanwhile != nil && w.meanwhile.answer == a {
		c = w.meanwhile
	}
	if c == nil || c.answer == nil || c.answer.Exchange != a.Exchange {
		return w.allSentFailed(a), nil
	}
	failed := c.failed()
	for _, inst := range c.instances {
		if !slices.Contains(failed, inst.ID) {
			return false, nil
		}
	}
	w.session.Choice(w.rule(), fmt.Sprintf("success (200) with %s in %s", strings.Join(ids(c.instances), ", "), c.definition.Failed))
	return true, nil
}
