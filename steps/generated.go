package steps

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/zec-tools/conformance/internal/generate"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// shrinkTries limits the requests spent on shrinking a failing one.
const shrinkTries = 100

// The sentences about generated requests.
func generatedSentences() []Sentence {
	return []Sentence{
		say(`{number} generated requests are sent to {action}`, `用 {number} 个生成的请求调用 {action}`,
			func(w *World) any { return w.generatedRequests },
			func(n *Needs, args []string) {
				n.Generated = true
				onInstance(n, args[1:])
			}).describing(callsGenerated),
		say(`every answer is a documented one`, `每个响应均符合文档`,
			func(w *World) any { return w.everyAnswerWasDocumented }, nil).describing(wants("200", "4xx")).
			formerly(`every answer was a documented one`),
	}
}

// generatedRequests sends generated requests to an action until one is answered wrongly, and
// shrinks that one.
func (q *requests) generatedRequests(ctx context.Context, count int, action string) error {
	if err := q.remember(ctx); err != nil {
		return err
	}
	made := q.parameters(action)
	source := generate.New(made, q.seed)
	q.fixture.MakeUp(generate.MadeUp()...)
	for range count {
		request := source.Next()
		found, err := q.answersWrongly(ctx, action, made, request)
		if err != nil {
			return err
		}
		if found == nil {
			continue
		}
		answer, ended := q.answer, error(nil)
		smallest := generate.Shrink(request, shrinkTries, func(r generate.Request) bool {
			still, err := q.answersWrongly(ctx, action, made, r)
			if withheld := (*Withheld)(nil); errors.As(err, &withheld) {
				return false // part of an id may be the id of something else
			}
			ended = errors.Join(ended, err)
			if err != nil || still == nil || still.clause != found.clause {
				return false
			}
			answer, found = q.answer, still
			return true
		})
		if ended != nil {
			return ended
		}
		where := fmt.Sprintf("generated request %s (seed %d)", smallest.Body(), q.seed)
		return q.missed(answer, found.clause, where, found.want, found.got)
	}
	return nil
}

// parameters returns the parameters that requests are generated from. They exclude every change
// that the documents allow, so that no generated request may change anything.
func (ins *instances) parameters(action string) []generate.Parameter {
	ids := append(ids(ins.subjects), ins.fixture.AbsentID())
	if inst, err := ins.subject(); err == nil {
		ids = append(ids, Longer(inst.ID))
		ins.fixture.MakeUp(Longer(inst.ID))
	}
	list := slices.Clone(ins.contract.Parameters[action])
	for i := range list {
		switch d := ins.contract.Definition(action); {
		case list[i].Name == d.Subject && d.Wanted != "" && ins.contract.numeric(d): // a made-up number may be a valid value
			list[i].Pool = []string{ins.fixture.AbsentID()}
		case list[i].Name == d.Wanted:
			list[i].Pool = []string{ins.fixture.AbsentType}
		case list[i].Name == ins.contract.Lifecycles[action].Subject && d.Wanted == "": // only unknown ids: any other could be changed
			list[i].Pool = []string{ins.fixture.AbsentID()}
		case list[i].Name == d.Subject, list[i].Name == d.Observed.Filter:
			list[i].Pool = ids
		case list[i].Name == ins.reader(action).Field:
			list[i].Pool = ins.contract.Statuses
		}
	}
	return list
}

// wrongAnswer describes a wrong answer to a generated request: the clause that it violates, and the
// expected and actual answers.
type wrongAnswer struct{ clause, want, got string }

// oddRoles maps an oddity to the role of the clause for requests with just that oddity, and to
// whether such a request must be refused.
var oddRoles = map[generate.Oddity]struct {
	role    verdict.Role
	refused bool
}{
	generate.Missing:       {verdict.RoleMissing, true},
	generate.WrongType:     {verdict.RoleWrongType, true},
	generate.AboveMaximum:  {verdict.RoleMaximum, true},
	generate.FarAbove:      {verdict.RoleMaximum, true},
	generate.EmptyRequired: {verdict.RoleEmptyParameter, true},
	generate.EmptyOptional: {verdict.RoleOptionalEmpty, false},
}

// answersWrongly sends a request and describes what is wrong with its answer, or returns nil. What
// the contract finds in the exchange itself is reported separately.
func (q *requests) answersWrongly(ctx context.Context, action string, made []generate.Parameter, r generate.Request) (*wrongAnswer, error) {
	if q.asksBelowOne(action, r) {
		return nil, nil
	}
	if err := q.send(ctx, wire.Request{Operation: q.contract.Operation(action), Body: r.Body(), Effect: q.contract.Effect(action)}); err != nil {
		return nil, err
	}
	q.judged = true
	a, odd := q.answer, generate.Oddities(made, r)
	found := &wrongAnswer{clause: q.rule(), want: "a documented answer, never 5xx", got: describe(a)}
	if len(odd) == 1 {
		found.clause = cmp.Or(q.contract.Role(oddRoles[odd[0]].role, action), found.clause)
	}
	if a.Succeeded() {
		refused := slices.IndexFunc(odd, func(o generate.Oddity) bool { return oddRoles[o].refused })
		switch {
		case refused >= 0:
			found.clause = cmp.Or(q.contract.Role(oddRoles[odd[refused]].role, action), found.clause)
			found.want = fmt.Sprintf("a refusal (%s)", odd[refused])
			return found, nil
		case q.saysChanged(a, r):
			found.got += " to what is no valid change"
			return found, nil
		}
		if wrong := q.listsWrongly(action, a, r); wrong != nil {
			return wrong, nil
		}
	}
	switch pair, stated := q.pairOf(found.clause, a.Operation); {
	case a.Faulty, !a.Succeeded() && !q.refusedAsDocumented(a):
		return found, nil
	case len(odd) == 1 && odd[0] != generate.FarAbove && stated && a.Status == pair.Status && a.Code != pair.Code && !q.contract.Open[action] && !q.ofWhatIsMadeUp(action, a, r):
		found.want = pair.String()
		return found, nil
	}
	return nil, nil
}

// ofWhatIsMadeUp reports whether an answer objects to something that every generated request has:
// ids that may have the wrong format, or a value that is not listed.
func (q *requests) ofWhatIsMadeUp(action string, a *Answer, r generate.Request) bool {
	return q.contract.is(a, verdict.RolePattern) && q.namesMadeUp(action, r) ||
		q.contract.is(a, verdict.RoleUnlisted) && r[q.contract.Definition(action).Wanted] != nil
}

// asksBelowOne reports whether a request has a page number or page size below 1. The answer to that
// is not judged (protocol 9).
func (ins *instances) asksBelowOne(action string, r generate.Request) bool {
	read := ins.reader(action)
	return slices.ContainsFunc([]string{read.Size, read.Number}, func(name string) bool {
		number, is := r[name].(json.Number)
		value, err := number.Float64()
		return is && err == nil && value < 1
	})
}

// namesMadeUp reports whether a request contains a text in place of an id that is not an id of the
// scenario.
func (ins *instances) namesMadeUp(action string, r generate.Request) bool {
	own, d := ids(ins.subjects), ins.contract.Definition(action)
	other := func(value any) bool {
		text, is := value.(string)
		return is && !slices.Contains(own, text)
	}
	return slices.ContainsFunc([]string{d.Subject, d.Observed.Filter}, func(name string) bool {
		list, _ := r[name].([]any)
		return other(r[name]) || slices.ContainsFunc(list, other)
	})
}

// refusedAsDocumented reports whether the documents allow a refusal for its operation.
func (q *requests) refusedAsDocumented(a *Answer) bool {
	if _, holds := q.superseded(a); holds {
		return true
	}
	if q.contract.Open[a.Operation.Action] && a.Code != "" && within("4xx")(a.Status) { // the list of error codes is open
		return true
	}
	p, known := q.contract.Pair(a.Operation, a.Code)
	return known && p.Status == a.Status && p.Status < http.StatusInternalServerError
}

// pairOf returns the one error response that a clause states for an operation, if there is exactly
// one.
func (sc *scenario) pairOf(clause string, op wire.Operation) (pair verdict.Pair, stated bool) {
	for _, p := range sc.contract.Pairs {
		if p.Operation == op && p.Clause == clause {
			if stated {
				return verdict.Pair{}, false
			}
			pair, stated = p, true
		}
	}
	return pair, stated
}

// saysChanged reports whether a success claims that something was changed. A batch may list every
// instance as failed, or the request may name none.
func (sc *scenario) saysChanged(a *Answer, r generate.Request) bool {
	d, has := sc.contract.Lifecycles[a.Operation.Action]
	if list, is := r[d.Subject].([]any); has && is && !slices.ContainsFunc(list, func(item any) bool { return item != nil && item != "" }) {
		return false // the request names no instance
	}
	return has && (d.Failed == "" || len(a.Strings(d.Failed)) == 0)
}

// everyAnswerWasDocumented does nothing: generatedRequests has already compared each answer.
func (q *requests) everyAnswerWasDocumented(context.Context) error {
	_, err := q.last()
	return err
}
