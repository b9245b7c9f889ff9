package steps

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/zec-tools/conformance/internal/verdict"
)

// The sentences that compare an answer, whatever the request was.
func answerSentences() []Sentence {
	return []Sentence{
		say(`the answer is {expected}`, `{expected}`, func(w *World) any { return w.theAnswerIs }, nil).describing(wantsExpected),
		say(`the {party} is accepted`, `{party} ?被接受`, func(w *World) any { return w.isAccepted }, nil),
		say(`the same call gets the same answer {count} more times`, `再次发送同一请求 {count} 次，均如此返回`,
			func(w *World) any { return w.theSameCallIsAnsweredSo }, nil).describing(callsAgain).
			formerly(`the same call is answered so {count} more times`),
	}
}

// parties are the checks that an endpoint may pass even if it refuses the request for another
// reason.
func parties() []wording {
	return []wording{{en: "signature", zh: "签名"}, {en: "caller", zh: "调用者"}, {en: "media type", zh: "媒体类型"}}
}

const mediaType = 2 // the index of "media type" in parties

// theAnswerIs checks that the answer meets an expectation written in words.
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

// theAnswerIsASuccess checks for status 200; no other status is documented as a success (R).
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

// refusedWrongly returns the finding for a refused request that should have succeeded.
func (re *responses) refusedWrongly(a *Answer) error {
	clause := re.rule()
	switch action := a.Operation.Action; {
	case re.contract.Role(roleCarriedOut, action) != "":
		clause = re.contract.Role(roleCarriedOut, action)
	case re.contract.Role(verdict.RoleOptional, action) != "" && re.contract.is(a, verdict.RoleMissing):
		clause = re.contract.Role(verdict.RoleOptional, action)
	case re.contract.Role(verdict.RolePageSize, action) != "" && re.contract.is(a, verdict.RoleMaximum):
		clause = re.contract.Role(verdict.RolePageSize, action) // no other parameter has a limit, and no step exceeds that one
	}
	return re.missed(a, clause, "status", "success (200)", describe(a))
}

// pairs returns the error response that a sentence names, with the clause that documents it.
func (re *responses) pairs(status int, code string) []verdict.Pair {
	if re.answer == nil {
		return nil
	}
	p, _ := re.contract.Pair(re.answer.Operation, code)
	return []verdict.Pair{{Operation: re.answer.Operation, Status: status, Code: code, Clause: p.Clause}}
}

// oneOf checks that the answer is one of the pairs. An accepted request violates the clause of the
// scenario's rule; a different refusal violates the clause of the expected pair.
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
	if a.Code == "" { // the envelope is invalid, and the contract has already reported it
		return re.missed(a, pairs[0].Clause, "status and /code", pairsText(pairs), describe(a))
	}
	return re.finding(a, pairs[0].Clause, "status and /code", pairsText(pairs), describe(a))
}

// refusing returns the clause that an accepted request violates. It is the clause of the rule,
// unless the rule is about the outcome of a change: such a rule refuses nothing.
func (re *responses) refusing(pairs []verdict.Pair) string {
	for _, role := range []verdict.Role{verdict.RoleTransient, verdict.RoleEnd, verdict.RoleChanged} {
		if re.contract.Role(role, pairs[0].Operation.Action) == re.rule() {
			return pairs[0].Clause
		}
	}
	return re.rule()
}

// madeUpOtherwise reports whether the answer rejects the format of a made-up id that does not look
// like the account's own ids. That answer is correct, too (protocol 9).
func (ins *instances) madeUpOtherwise(a *Answer) bool {
	p, _ := ins.contract.Pair(a.Operation, a.Code)
	return ins.contract.is(a, verdict.RolePattern) && p.Status == a.Status && !ins.fixture.Formed && ins.madeUp
}

// documentedOr checks for a documented pair with one of some statuses, or for one pair with another
// status.
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
		clause = pairs[0].Clause // a 404 is allowed as well
	}
	return re.documentedBy(clause, keep, false, want)
}

func (re *responses) documented(keep func(int) bool, successToo bool, want string) error {
	return re.documentedBy(re.rule(), keep, successToo, want)
}

// documentedBy checks for any documented pair whose status keep accepts, or for a success if
// successToo is set.
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
		if pair, _ := re.superseded(a); pair != nil { // superseded pairs are never among the documented ones
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

// theAnswerIsNoSuccess accepts any status but 200, because the documents say no more.
func (re *responses) theAnswerIsNoSuccess() error {
	a, err := re.last()
	if err != nil || !a.Succeeded() {
		return err
	}
	return re.finding(a, re.rule(), "status", "any status but 200", describe(a))
}

// within returns a function that reports whether a status is one of those named, or in a named
// class such as 4xx.
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

// isAccepted checks that the endpoint did not refuse the request because of its signature, its
// caller or its media type, depending on the party. Any other answer is allowed.
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

// mediaTypeIsAccepted returns a finding if the answer is 400 or 401 and the same call with the
// usual media type is answered differently. It allows any answer of an action whose list of error
// codes is open.
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

// theSameCallIsAnsweredSo repeats the last request and checks that the error stays the same. Some
// endpoints answer correctly only the first time.
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
		again = ch.either // when several errors apply, the endpoint may return a different one each time (protocol 9)
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
