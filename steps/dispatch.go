package steps

import (
	"context"
	"maps"
	"strings"

	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// The sentences about dispatch: the header alone selects the operation.
func dispatchSentences() []Sentence {
	return append(ofAny(
		say(`{action} is called with a body for {other}`, `调用 {action} 时使用 {other} 的请求体`,
			func(w *World) any { return w.calledWithBodyOf }, withBodyOf).formerly(`{action} is called with what {other} takes`),
		say(`{action} is called with the parameters of {other}{naming}`, `调用 {action} 时带 {other} 的参数{naming}`,
			func(w *World) any { return w.calledWithParametersOf }, withBodyOf),
	),
		say(`{action} and {action} are asked for it`, `通过 {action} 和 {action} 查询该实例`,
			func(w *World) any { return w.bothAreAsked }, nil).describing(sendsSubjects(), reads(2)),
		say(`each answers with its own rows`, `两个接口各自返回自己的数据`,
			func(w *World) any { return w.eachGivesItsOwn }, nil).describing(wants("200")).
			formerly(`each gives the rows of its own`),
	)
}

// namings are the places where a request can name a second action.
func namings() []wording {
	return []wording{
		{},
		{en: " and its name in the body", zh: "，并在请求体中带其名称"},
		{en: " and its name in the URL", zh: "，并在 URL 中带其名称"},
	}
}

// withBodyOf adds the needs of a sentence that calls one action with the body of another, because
// an endpoint may mistakenly carry out either.
func withBodyOf(n *Needs, args []string) {
	onInstanceBoth(n, args)
	n.takenFor(args[0], args[1])
}

// calledWithBodyOf calls an action with a valid body of another action.
func (q *requests) calledWithBodyOf(ctx context.Context, action, other string) error {
	if err := q.remember(ctx); err != nil {
		return err
	}
	parameters, err := q.proper(other)
	if err != nil {
		return err
	}
	_, known := q.contract.Operations[action]
	if _, changes := q.contract.Lifecycles[other]; !known && !changes {
		q.nameStandIns(other, parameters) // more than one action may accept this body
	}
	return q.send(ctx, wire.Request{Operation: q.contract.Operation(action), Body: encode(parameters), Effect: wire.Refused})
}

// calledWithParametersOf adds the parameters of another action to the call, and may name that
// action elsewhere in the request.
func (q *requests) calledWithParametersOf(ctx context.Context, action, other, naming string) error {
	return q.callWith(ctx, action, func(p map[string]any) {
		parameters, err := q.proper(other)
		if err != nil {
			return // no instance was named, so nothing can change
		}
		maps.Copy(p, parameters)
		if namings()[1].in(naming) {
			p["Action"], p["action"] = other, other
		}
	}, func(r *wire.Request) {
		r.Effect = wire.Refused // the endpoint may mistake it for the change
		if strings.Contains(naming, "URL") {
			r.Query = "Action=" + other
		}
	})
}

// bothAreAsked sends the same body to two read operations.
func (l *lists) bothAreAsked(ctx context.Context, first, second string) error {
	for _, action := range []string{first, second} {
		if err := l.theyAreListed(ctx, action); err != nil {
			return err
		}
		l.answers = append(l.answers, *l.answer)
	}
	return nil
}

// eachGivesItsOwn checks that the rows of each read operation carry the operation's own status
// member.
func (l *lists) eachGivesItsOwn(context.Context) error {
	for i := range l.answers {
		l.answer = &l.answers[i]
		a, err := l.rowsOf()
		if err != nil {
			return err
		}
		r := l.reader(a.Operation.Action)
		for _, row := range a.Rows(r.Rows) {
			if _, has := row[r.Field]; !has {
				return l.missed(a, l.contract.Role(verdict.RoleDispatch, ""), "/response/"+r.Rows, "rows with "+r.Field, "rows without it")
			}
		}
	}
	return nil
}
