package steps

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/zec-tools/conformance/internal/verdict"
)

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

// theAnswerIsTheError wants one documented pair.
func (w *World) theAnswerIsTheError(status int, code string) error {
	return w.oneOf(w.pairs(status, code))
}

// theAnswerIsEitherError wants one of two documented pairs: the documents allow both.
func (w *World) theAnswerIsEitherError(status int, code string, otherStatus int, otherCode string) error {
	return w.oneOf(append(w.pairs(status, code), w.pairs(otherStatus, otherCode)...))
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

// theAnswerIsADocumentedError wants any documented pair under a status such as 400, or 4xx.
func (w *World) theAnswerIsADocumentedError(class string) error {
	return w.documented(within(class), false, "a documented "+class+" error")
}

// theAnswerIsADocumentedErrorOr also allows one pair of another status.
func (w *World) theAnswerIsADocumentedErrorOr(class string, status int, code string) error {
	keep := within(class)
	a := w.answer
	if a != nil && a.Status == status && a.Code == code {
		return w.oneOf(w.pairs(status, code))
	}
	if a != nil && keep(http.StatusNotFound) && w.madeUpOtherwise(a) {
		w.session.Choice(w.rule(), describe(a))
		w.judged = true
		return nil
	}
	clause := w.rule()
	if pairs := w.pairs(status, code); keep(http.StatusNotFound) && len(pairs) > 0 && !a.Succeeded() {
		clause = pairs[0].Clause // the refusal that is due; not found is one that is right too
	}
	return w.documentedBy(clause, keep, false, fmt.Sprintf("a documented %s error or %d %s", class, status, code))
}

// theAnswerIsASuccessOrADocumentedError allows both: the documents leave it open.
func (w *World) theAnswerIsASuccessOrADocumentedError(class string) error {
	return w.documented(within(class), true, "success (200) or a documented "+class+" error")
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

// theAnswerIsADocumented400Or401 wants a refusal of the request or of who sends it.
func (w *World) theAnswerIsADocumented400Or401(context.Context) error {
	keep := func(status int) bool { return status == http.StatusBadRequest || status == http.StatusUnauthorized }
	return w.documented(keep, false, "a documented 400 or 401 error")
}

// theAnswerIsNoSuccess wants any status but 200: nothing more is documented.
func (w *World) theAnswerIsNoSuccess(context.Context) error {
	a, err := w.last()
	if err != nil || !a.Succeeded() {
		return err
	}
	return w.finding(a, w.rule(), "status", "any status but 200", describe(a))
}

// within returns whether a status is the one named, or in the class named, as 4xx.
func within(class string) func(status int) bool {
	return func(status int) bool {
		if class == "4xx" {
			return status >= http.StatusBadRequest && status < http.StatusInternalServerError
		}
		return class == fmt.Sprint(status)
	}
}

// theSignatureIsAccepted wants any answer but the one to a signature that does not fit.
func (w *World) theSignatureIsAccepted(context.Context) error {
	a, err := w.last()
	if err != nil {
		return err
	}
	if w.contract.is(a, verdict.RoleSignatureRefused) {
		return w.finding(a, w.rule(), "status and /code", "any answer but that of a signature that does not match", describe(a))
	}
	return nil
}

// theCallerIsAccepted wants any answer but a refusal of who asks.
func (w *World) theCallerIsAccepted(context.Context) error {
	a, err := w.last()
	if err != nil || a.Status != http.StatusUnauthorized {
		return err
	}
	return w.missed(a, w.rule(), "status", "any status but 401", describe(a))
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

// itCountsAsAbsent wants an optional parameter that is null or an empty list to make no
// difference, or to be refused (protocol 9).
func (w *World) itCountsAsAbsent(context.Context) error {
	a, err := w.last()
	if err != nil {
		return err
	}
	if !a.Succeeded() {
		return w.documented(within("400"), true, "success (200) or a documented 400 error")
	}
	w.session.Choice(w.rule(), "as if absent")
	rows := w.rowIDs(a)
	if w.altered == w.reader(a.Operation.Action).Filter {
		if len(rows) == 0 {
			return w.missed(a, w.rule(), "/response/dataSet", "instances, as without "+w.altered, "none")
		}
		return nil
	}
	if len(rows) > 0 { // listed, but not alone: that breaks the filter by id, not this rule
		return w.sameIDs(a, w.contract.Role(roleFilter, a.Operation.Action), rows)
	}
	return w.sameIDs(a, w.rule(), rows)
}

// itCountsAsAbsentOrMatchesNothing wants the same of an optional parameter that is the
// empty text, which may besides be a value like any other that nothing has (protocol 9).
func (w *World) itCountsAsAbsentOrMatchesNothing(ctx context.Context) error {
	a, err := w.last()
	if err != nil {
		return err
	}
	if a.Succeeded() && a.Length("dataSet") > 0 {
		return w.itCountsAsAbsent(ctx)
	}
	keep := func(status int) bool { return status == http.StatusBadRequest || status == http.StatusNotFound }
	return w.documented(keep, true, "success (200) or a documented 400 or 404 error")
}
