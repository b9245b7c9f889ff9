package steps

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/zec-tools/conformance/internal/verdict"
)

// The sentences that every answer can be compared with.
func answerSentences() []Sentence {
	return []Sentence{
		say(`the answer is {expected}`, `{expected}`, func(w *World) any { return w.theAnswerIs }, nil).describing(wantsExpected),
		say(`the {party} is accepted`, `{party} ?被接受`, func(w *World) any { return w.isAccepted }, nil),
		say(`the same call gets the same answer {number} more times`, `再次发送同一请求 {number} 次，均如此返回`,
			func(w *World) any { return w.theSameCallIsAnsweredSo }, nil).describing(callsAgain).
			formerly(`the same call is answered so {number} more times`),
	}
}

// parties are what an endpoint may accept although it refuses the request.
func parties() []wording {
	return []wording{{en: "signature", zh: "签名"}, {en: "caller", zh: "调用者"}}
}

// theAnswerIs wants an answer that the documents allow, in the words of an expectation.
func (w *World) theAnswerIs(ctx context.Context, text string) error {
	switch e := expectationIn(text); {
	case e.failure:
		return w.theAnswerIsNoSuccess()
	case e.success && len(e.classes) == 0:
		return w.theAnswerIsASuccess(ctx)
	case e.success:
		return w.documented(within(e.classes...), true, e.String())
	case len(e.classes) == 0:
		var pairs []verdict.Pair
		for _, p := range e.pairs {
			pairs = append(pairs, w.pairs(p.Status, p.Code)...)
		}
		return w.oneOf(pairs)
	case len(e.pairs) > 0:
		return w.documentedOr(within(e.classes...), e.pairs[0], e.String())
	default:
		return w.documented(within(e.classes...), false, e.String())
	}
}

// theAnswerIsASuccess wants status 200, and nothing else (R).
func (w *World) theAnswerIsASuccess(ctx context.Context) error {
	a, err := w.last()
	if err != nil || a.Succeeded() {
		return err
	}
	if w.deniedForStatus(a) {
		if err := w.foreignChange(ctx); err != nil {
			return err
		}
	}
	return w.refusedWrongly(a)
}

// refusedWrongly is the finding of a request that is refused and should have succeeded.
func (w *World) refusedWrongly(a *Answer) error {
	clause := w.rule()
	switch action := a.Operation.Action; {
	case w.contract.Role(roleCarriedOut, action) != "":
		clause = w.contract.Role(roleCarriedOut, action)
	case w.contract.Role(verdict.RoleOptional, action) != "" && w.contract.is(a, verdict.RoleMissing):
		clause = w.contract.Role(verdict.RoleOptional, action)
	case w.contract.Role(verdict.RolePageSize, action) != "" && w.contract.is(a, verdict.RoleMaximum):
		clause = w.contract.Role(verdict.RolePageSize, action) // no other parameter has a limit, and no step is above it
	}
	return w.missed(a, clause, "status", "success (200)", describe(a))
}

// pairs returns the pair a sentence names, with the clause that documents it.
func (w *World) pairs(status int, code string) []verdict.Pair {
	if w.answer == nil {
		return nil
	}
	p, _ := w.contract.Pair(w.answer.Operation, code)
	return []verdict.Pair{{Operation: w.answer.Operation, Status: status, Code: code, Clause: p.Clause}}
}

// oneOf wants one of the pairs. An accepted request breaks the rule that it is to be
// refused; another refusal breaks the clause of the pair wanted.
func (w *World) oneOf(pairs []verdict.Pair) error {
	a, err := w.last()
	if err != nil {
		return err
	}
	for _, p := range pairs {
		if p.Clause == "" {
			return &SuiteError{Reason: fmt.Sprintf("the contract documents no pair %s for %s", p, a.Operation)}
		}
		if a.Status == p.Status && a.Code == p.Code {
			if len(pairs) > 1 {
				w.session.Choice(w.rule(), p.String())
			}
			w.either = pairs
			return nil
		}
	}
	if w.eitherOf(a, pairs) {
		return nil
	}
	if w.madeUpOtherwise(a) && slices.ContainsFunc(pairs, func(p verdict.Pair) bool { return p.Status == http.StatusNotFound }) {
		w.session.Choice(w.rule(), describe(a))
		return nil
	}
	if a.Succeeded() {
		return w.missed(a, w.rule(), "status and /code", pairsText(pairs), describe(a))
	}
	if a.Code == "" { // then the envelope is broken, and the contract has said so
		return w.missed(a, pairs[0].Clause, "status and /code", pairsText(pairs), describe(a))
	}
	return w.finding(a, pairs[0].Clause, "status and /code", pairsText(pairs), describe(a))
}

// madeUpOtherwise reports whether an answer refuses the form of an id that does not exist
// and does not have the form of the account's own ids: that is right too (protocol 9).
func (w *World) madeUpOtherwise(a *Answer) bool {
	p, _ := w.contract.Pair(a.Operation, a.Code)
	return w.contract.is(a, verdict.RolePattern) && p.Status == a.Status && !w.fixture.Formed && w.madeUp
}

// documentedOr wants a documented pair under some statuses, or one pair of another status.
func (w *World) documentedOr(keep func(status int) bool, pair verdict.Pair, want string) error {
	a := w.answer
	if a != nil && a.Status == pair.Status && a.Code == pair.Code {
		return w.oneOf(w.pairs(pair.Status, pair.Code))
	}
	if a != nil && keep(http.StatusNotFound) && w.madeUpOtherwise(a) {
		w.session.Choice(w.rule(), describe(a))
		w.judged = true
		return nil
	}
	clause := w.rule()
	if pairs := w.pairs(pair.Status, pair.Code); keep(http.StatusNotFound) && len(pairs) > 0 && !a.Succeeded() {
		clause = pairs[0].Clause // not found is allowed besides
	}
	return w.documentedBy(clause, keep, false, want)
}

func (w *World) documented(keep func(int) bool, successToo bool, want string) error {
	return w.documentedBy(w.rule(), keep, successToo, want)
}

// documentedBy wants any documented pair under the statuses that keep lets through, or a
// success where that is right too.
func (w *World) documentedBy(clause string, keep func(int) bool, successToo bool, want string) error {
	a, err := w.last()
	if err != nil {
		return err
	}
	pairs := w.contract.Documented(a.Operation, keep)
	right := successToo && a.Succeeded() || slices.ContainsFunc(pairs, func(p verdict.Pair) bool {
		return p.Status == a.Status && p.Code == a.Code
	}) || w.contract.Open[a.Operation.Action] && keep(a.Status) && a.Status >= 400 && a.Status < 500 && a.Code != ""
	if !right {
		if pair, _ := w.superseded(a); pair != nil { // never among the documented ones
			return w.at(a, w.contract.Finding(clause, "status and /code", want, describe(a)))
		}
		_, known := w.contract.Pair(a.Operation, a.Code)
		if a.Code != "" && (!known || !keep(a.Status)) {
			return w.finding(a, clause, "status and /code", want, describe(a))
		}
		return w.missed(a, clause, "status and /code", want, describe(a))
	}
	w.session.Choice(clause, describe(a))
	return nil
}

// theAnswerIsNoSuccess wants any status but 200: nothing more is documented.
func (w *World) theAnswerIsNoSuccess() error {
	a, err := w.last()
	if err != nil || !a.Succeeded() {
		return err
	}
	return w.finding(a, w.rule(), "status", "any status but 200", describe(a))
}

// within returns whether a status is one of those named, or in the class named, as 4xx.
func within(classes ...string) func(status int) bool {
	return func(status int) bool {
		return slices.ContainsFunc(classes, func(class string) bool {
			if class == "4xx" {
				return status >= http.StatusBadRequest && status < http.StatusInternalServerError
			}
			return class == fmt.Sprint(status)
		})
	}
}

// isAccepted wants any answer but the one to a signature that does not match, or any but a
// refusal of the caller.
func (w *World) isAccepted(_ context.Context, party string) error {
	a, err := w.last()
	if err != nil {
		return err
	}
	switch signature := parties()[0].in(party); {
	case signature && w.contract.is(a, verdict.RoleSignatureRefused):
		return w.finding(a, w.rule(), "status and /code", "any answer but that of a signature that does not match", describe(a))
	case !signature && a.Status == http.StatusUnauthorized:
		return w.missed(a, w.rule(), "status", "any status but 401", describe(a))
	}
	return nil
}

// theSameCallIsAnsweredSo sends the last request again and wants the same error: an
// endpoint that is right at first may be wrong later.
func (w *World) theSameCallIsAnsweredSo(ctx context.Context, times int) error {
	first, err := w.last()
	if err != nil {
		return err
	}
	p, known := w.contract.Pair(first.Operation, first.Code)
	if pair, _ := w.superseded(first); pair != nil {
		p, known = pair.Pair, true
		p.Clause = w.rule()
	}
	if !known {
		return &SuiteError{Reason: "the last answer is no documented error: compare it first"}
	}
	again := []verdict.Pair{p}
	if slices.ContainsFunc(w.either, func(e verdict.Pair) bool { return e.Status == p.Status && e.Code == p.Code }) {
		again = w.either // of several errors that apply any is right, each time anew (protocol 9)
	}
	for range times {
		if err := w.send(ctx, w.request); err != nil {
			return err
		}
		if err := w.oneOf(again); err != nil {
			return err
		}
	}
	return nil
}
