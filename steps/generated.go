package steps

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/zec-tools/conformance/internal/generate"
	"github.com/zec-tools/conformance/internal/wire"
)

// shrinkTries bounds how many requests are spent on making a failing one smaller.
const shrinkTries = 100

// The sentences about requests that are made up.
func generatedSentences() []Sentence {
	return []Sentence{
		say(`{number} generated requests are sent to {action}`, `用 {number} 个生成的请求调用 {action}`,
			func(w *World) any { return w.generatedRequests },
			func(n *Needs, args []string) {
				n.Generated = true
				onInstance(n, args[1:])
			}).describing(callsGenerated),
		say(`every answer was a documented one`, `每个响应均符合文档`,
			func(w *World) any { return w.everyAnswerWasDocumented }, nil).describing(wants("200", "4xx")),
	}
}

// generatedRequests sends made-up requests to an action until one is answered wrongly,
// and makes that one as small as it gets.
func (w *World) generatedRequests(ctx context.Context, count int, action string) error {
	if err := w.remember(ctx); err != nil {
		return err
	}
	source := generate.New(w.parameters(action), w.seed)
	w.fixture.MakeUp(generate.MadeUp()...)
	for range count {
		request := source.Next()
		wrong, err := w.answersWrongly(ctx, action, request)
		if err != nil {
			return err
		}
		if wrong == "" {
			continue
		}
		answer, ended := w.answer, error(nil)
		smallest := generate.Shrink(request, shrinkTries, func(r generate.Request) bool {
			still, err := w.answersWrongly(ctx, action, r)
			if withheld := (*Withheld)(nil); errors.As(err, &withheld) {
				return false // a piece of an id may be the id of something else
			}
			ended = errors.Join(ended, err)
			if err != nil || still == "" {
				return false
			}
			answer, wrong = w.answer, still
			return true
		})
		if ended != nil {
			return ended
		}
		where := fmt.Sprintf("generated request %s (seed %d)", smallest.Body(), w.seed)
		return w.missed(answer, w.rule(), where, "a documented answer, never 5xx", wrong)
	}
	return nil
}

// parameters returns what requests to an action are made of. No change that the
// documents allow is among them: nothing may change whatever is sent.
func (w *World) parameters(action string) []generate.Parameter {
	ids := append(ids(w.subjects), w.fixture.AbsentID())
	list := slices.Clone(w.contract.Parameters[action])
	for i := range list {
		switch d := w.contract.Definition(action); {
		case list[i].Name == d.Subject && d.Wanted != "" && w.contract.numeric(d): // a number made up may be a valid value
			list[i].Pool = []string{w.fixture.AbsentID()}
		case list[i].Name == d.Wanted:
			list[i].Pool = []string{w.fixture.AbsentType}
		case w.contract.Lifecycles[action].Subject != "" && d.Wanted == "": // nothing but unknown ones: any other could be changed
			list[i].Pool = []string{w.fixture.AbsentID()}
		case list[i].Name == d.Subject, list[i].Name == d.Observed.Filter:
			list[i].Pool = ids
		case list[i].Name == w.reader(action).Field:
			list[i].Pool = w.contract.Statuses
		}
	}
	return list
}

// answersWrongly sends a request and says what is wrong with its answer; "" when nothing
// is. What the contract finds in the exchange itself is a finding of its own.
func (w *World) answersWrongly(ctx context.Context, action string, r generate.Request) (string, error) {
	if err := w.send(ctx, wire.Request{Operation: w.contract.Operation(action), Body: r.Body(), Effect: w.contract.Effect(action)}); err != nil {
		return "", err
	}
	w.judged = true
	a := w.answer
	switch {
	case a.Faulty, a.Status >= http.StatusInternalServerError:
		return describe(a), nil
	case a.Succeeded() && w.changes(a):
		return describe(a) + " to what is no valid change", nil
	case a.Succeeded():
		return "", nil
	}
	p, known := w.contract.Pair(a.Operation, a.Code)
	if _, holds := w.superseded(a); holds {
		return "", nil
	}
	open := w.contract.Open[action] && a.Code != "" && within("4xx")(a.Status) // no document closes its codes
	if !open && (!known || p.Status != a.Status) {
		return describe(a), nil
	}
	return "", nil
}

// changes reports whether a success says that something was changed: a batch may have
// named every subject as failed.
func (w *World) changes(a *Answer) bool {
	d, has := w.contract.Lifecycles[a.Operation.Action]
	return has && (d.Failed == "" || len(a.Strings(d.Failed)) == 0)
}

// everyAnswerWasDocumented says what the sending has already compared, answer by answer.
func (w *World) everyAnswerWasDocumented(context.Context) error {
	_, err := w.last()
	return err
}
