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
	return []wording{{en: "signature", zh: "签名"}, {en: "caller", zh: "调用者"}, {en: "media type", zh: "媒体类型"}}
}

const mediaType = 2 // of parties

// theAnswerIs wants an answer that the documents allow, in the words of an expectation.
func (ch *changes) theAnswerIs(ctx context.Context, text string) error {
	switch e := expectationIn(text); {
	case e.failure:
		return ch.theAnswerIsNoSuccess()
	case e.success && len(e.classes) == 0:
		return ch.theAnswerIsASuccess(ctx)
	case e.success:
		return ch.documented(within(e.classes...), true, e.String())
	case len(e.classes) == 0:
		var pairs []verdict.Pair
		for _, p := range e.pairs {
			pairs = append(pairs, ch.pairs(p.Status, p.Code)...)
		}
		return ch.oneOf(pairs)
	case len(e.pairs) > 0:
		return ch.documentedOr(within(e.classes...), e.pairs[0], e.String())
	default:
		return ch.documented(within(e.classes...), false, e.String())
	}
}

// theAnswerIsASuccess wants status 200, and nothing else (R).
func (ch *changes) theAnswerIsASuccess(ctx context.Context) error {
	a, err := ch.last()
	if err != nil || a.Succeeded() {
		return err
	}
	if ch.deniedForStatus(a) {
		if err := ch.foreignChange(ctx); err != nil {
			return err
		}
	}
	return ch.refusedWrongly(a)
}

// refusedWrongly is the finding of a request that is refused and should have succeeded.
func (re *responses) refusedWrongly(a *Answer) error {
	clause := re.rule()
	switch action := a.Operation.Action; {
	case re.contract.Role(roleCarriedOut, action) != "":
		clause = re.contract.Role(roleCarriedOut, action)
	case re.contract.Role(verdict.RoleOptional, action) != "" && re.contract.is(a, verdict.RoleMissing):
		clause = re.contract.Role(verdict.RoleOptional, action)
	case re.contract.Role(verdict.RolePageSize, action) != "" && re.contract.is(a, verdict.RoleMaximum):
		clause = re.contract.Role(verdict.RolePageSize, action) // no other parameter has a limit, and no step is above it
	}
	return re.missed(a, clause, "status", "success (200)", describe(a))
}

// pairs returns the pair a sentence names, with the clause that documents it.
func (re *responses) pairs(status int, code string) []verdict.Pair {
	if re.answer == nil {
		return nil
	}
	p, _ := re.contract.Pair(re.answer.Operation, code)
	return []verdict.Pair{{Operation: re.answer.Operation, Status: status, Code: code, Clause: p.Clause}}
}

// oneOf wants one of the pairs. An accepted request breaks the rule that it is to be
// refused; another refusal breaks the clause of the pair wanted.
func (re *responses) oneOf(pairs []verdict.Pair) error {
	a, err := re.last()
	if err != nil {
		return err
	}
	for _, p := range pairs {
		if p.Clause == "" {
			return &SuiteError{Reason: fmt.Sprintf("the contract documents no pair %s for %s", p, a.Operation)}
		}
		if a.Status == p.Status && a.Code == p.Code {
			if len(pairs) > 1 {
				re.session.Choice(re.rule(), p.String())
			}
			re.either = pairs
			return nil
		}
	}
	if re.eitherOf(a, pairs) {
		re.either = pairs
		return nil
	}
	tooMany := re.contract.Role(verdict.RoleTooLong, a.Operation.Action)
	if re.madeUpOtherwise(a) && slices.ContainsFunc(pairs, func(p verdict.Pair) bool { return p.Status == http.StatusNotFound || p.Clause == tooMany }) {
		re.session.Choice(re.rule(), describe(a))
		return nil
	}
	if a.Succeeded() {
		return re.missed(a, re.refusing(pairs), "status and /code", pairsText(pairs), describe(a))
	}
	if a.Code == "" { // then the envelope is broken, and the contract has said so
		return re.missed(a, pairs[0].Clause, "status and /code", pairsText(pairs), describe(a))
	}
	return re.finding(a, pairs[0].Clause, "status and /code", pairsText(pairs), describe(a))
}

// refusing returns the clause that an accepted request violates: the rule, unless that is about
// what a change leads to, which refuses nothing.
func (re *responses) refusing(pairs []verdict.Pair) string {
	for _, role := range []verdict.Role{verdict.RoleTransient, verdict.RoleEnd, verdict.RoleChanged} {
		if re.contract.Role(role, pairs[0].Operation.Action) == re.rule() {
			return pairs[0].Clause
		}
	}
	return re.rule()
}

// madeUpOtherwise reports whether an answer refuses the form of an id that does not exist
// and does not have the form of the account's own ids: that is right too (protocol 9).
func (ins *instances) madeUpOtherwise(a *Answer) bool {
	p, _ := ins.contract.Pair(a.Operation, a.Code)
	return ins.contract.is(a, verdict.RolePattern) && p.Status == a.Status && !ins.fixture.Formed && ins.madeUp
}

// documentedOr wants a documented pair under some statuses, or one pair of another status.
func (re *responses) documentedOr(keep func(status int) bool, pair verdict.Pair, want string) error {
	a := re.answer
	if a != nil && a.Status == pair.Status && a.Code == pair.Code {
		return re.oneOf(re.pairs(pair.Status, pair.Code))
	}
	if a != nil && keep(http.StatusNotFound) && re.madeUpOtherwise(a) {
		re.session.Choice(re.rule(), describe(a))
		re.judged = true
		return nil
	}
	clause := re.rule()
	if pairs := re.pairs(pair.Status, pair.Code); keep(http.StatusNotFound) && len(pairs) > 0 && !a.Succeeded() {
		clause = pairs[0].Clause // not found is allowed besides
	}
	return re.documentedBy(clause, keep, false, want)
}

func (re *responses) documented(keep func(int) bool, successToo bool, want string) error {
	return re.documentedBy(re.rule(), keep, successToo, want)
}

// documentedBy wants any documented pair under the statuses that keep lets through, or a
// success where that is right too.
func (re *responses) documentedBy(clause string, keep func(int) bool, successToo bool, want string) error {
	a, err := re.last()
	if err != nil {
		return err
	}
	pairs := re.contract.Documented(a.Operation, keep)
	right := successToo && a.Succeeded() || slices.ContainsFunc(pairs, func(p verdict.Pair) bool {
		return p.Status == a.Status && p.Code == a.Code
	}) || re.contract.Open[a.Operation.Action] && keep(a.Status) && a.Status >= 400 && a.Status < 500 && a.Code != ""
	if !right {
		if pair, _ := re.superseded(a); pair != nil { // never among the documented ones
			return re.at(a, re.contract.Finding(clause, "status and /code", want, describe(a)))
		}
		_, known := re.contract.Pair(a.Operation, a.Code)
		if a.Code != "" && (!known || !keep(a.Status)) {
			return re.finding(a, clause, "status and /code", want, describe(a))
		}
		return re.missed(a, clause, "status and /code", want, describe(a))
	}
	re.session.Choice(clause, describe(a))
	return nil
}

// theAnswerIsNoSuccess wants any status but 200: nothing more is documented.
func (re *responses) theAnswerIsNoSuccess() error {
	a, err := re.last()
	if err != nil || !a.Succeeded() {
		return err
	}
	return re.finding(a, re.rule(), "status", "any status but 200", describe(a))
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

// isAccepted wants any answer but the one to a signature that does not match, any but a refusal
// of the caller, or any but a refusal of the media type.
func (ch *changes) isAccepted(ctx context.Context, party string) error {
	a, err := ch.last()
	if err != nil {
		return err
	}
	switch signature := parties()[0].in(party); {
	case signature && ch.contract.is(a, verdict.RoleSignatureRefused):
		return ch.finding(a, ch.rule(), "status and /code", "any answer but that of a signature that does not match", describe(a))
	case parties()[mediaType].in(party):
		return ch.mediaTypeIsAccepted(ctx, a)
	case !signature && a.Status == http.StatusUnauthorized:
		return ch.missed(a, ch.rule(), "status", "any status but 401", describe(a))
	}
	return nil
}

// mediaTypeIsAccepted wants no answer of a bad request, or of a caller who is not known, where the same call in the
// usual media type has another. An action whose codes no document closes may answer it with any.
func (ch *changes) mediaTypeIsAccepted(ctx context.Context, a *Answer) error {
	if !within("400", "401")(a.Status) || ch.contract.Open[a.Operation.Action] {
		return nil
	}
	usual := ch.request
	usual.ContentType = ""
	b, err := ch.session.Send(ctx, usual)
	if err != nil || b.Status == a.Status && b.Code == a.Code {
		return err
	}
	return ch.missed(a, ch.rule(), "status and /code", describe(&b)+", as in the usual media type", describe(a))
}

// theSameCallIsAnsweredSo sends the last request again and wants the same error: an
// endpoint that is right at first may be wrong later.
func (ch *changes) theSameCallIsAnsweredSo(ctx context.Context, times int) error {
	first, err := ch.last()
	if err != nil {
		return err
	}
	p, known := ch.contract.Pair(first.Operation, first.Code)
	pair, _ := ch.superseded(first)
	if pair != nil {
		p, known = pair.Pair, true
		p.Clause = ch.rule()
	}
	if !known {
		return &SuiteError{Reason: "the last answer is no documented error: compare it first"}
	}
	again := []verdict.Pair{p}
	if pair != nil && len(ch.either) > 0 || slices.ContainsFunc(ch.either, func(e verdict.Pair) bool { return e.Status == p.Status && e.Code == p.Code }) {
		again = ch.either // of several errors that apply any is right, each time anew (protocol 9)
	}
	for range times {
		if err := ch.send(ctx, ch.request); err != nil {
			return err
		}
		if err := ch.oneOf(again); err != nil {
			return err
		}
	}
	return nil
}
