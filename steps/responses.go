package steps

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// responses holds the answers to requests. The Then steps compare the last one.
type responses struct {
	*readings
	answer  *Answer
	request wire.Request   // the request of the last answer
	judged  bool           // a step has compared the last answer
	answers []Answer       // the answers to requests that belong together: pages, simultaneous calls
	either  []verdict.Pair // the alternatives that the last comparison allowed
	altered string         // the parameter that a step has set
	filter  *filter        // the filter of the last request
}

// last returns the last answer and marks it as judged.
func (re *responses) last() (*Answer, error) {
	if re.answer == nil {
		return nil, &SuiteError{Reason: "no request was sent: put a When step before this one"}
	}
	re.judged = true
	return re.answer, nil
}

// finding returns a finding about an answer.
func (re *responses) finding(a *Answer, clause, where, want, got string) error {
	if own, refused := re.refusedAuthentication(a); refused {
		clause, where, want = own, "status and /code", "the documented authentication to be accepted"
	}
	if pair, holds := re.superseded(a); holds {
		return openRefusal(pair)
	}
	return re.at(a, re.contract.Finding(clause, where, want, got))
}

// at adds the position of the answer to a finding. It returns other errors unchanged.
func (sc *scenario) at(a *Answer, err error) error {
	var f verdict.Finding
	if !errors.As(err, &f) {
		return err
	}
	f.Exchange, f.RequestID = a.Exchange, a.RequestID
	return f
}

// missed returns a finding about an answer, unless the contract has already found the exchange
// faulty: each fault is reported once.
func (re *responses) missed(a *Answer, clause, where, want, got string) error {
	if a.Faulty {
		return &AlreadyFound{Missed: fmt.Sprintf("%s: want %s, got %s", where, verdict.Shown(want), verdict.Shown(got))}
	}
	return re.finding(a, clause, where, want, got)
}

// refusedAuthentication returns the clause that an endpoint violates by refusing a valid signature,
// token or timestamp. After such a refusal, the step cannot judge anything else.
func (sc *scenario) refusedAuthentication(a *Answer) (clause string, refused bool) {
	p, known := sc.contract.Pair(a.Operation, a.Code)
	documented := known && a.Status == p.Status
	switch {
	case !a.Unauthenticated && (!a.Usual || !documented):
		return "", false
	case a.Scheme == wire.SchemeBearer && a.Unauthenticated:
		return sc.contract.Role(verdict.RoleTokenAccepted, ""), true
	case documented && sc.contract.is(a, verdict.RoleExpired):
		return sc.contract.Role(verdict.RoleClockAccepted, ""), true
	case a.Unauthenticated, sc.contract.is(a, verdict.RoleSignatureRefused):
		return sc.contract.Role(verdict.RoleSignatureAccepted, ""), true
	}
	return "", false
}

// send sends a request. The Then steps compare its answer.
func (ch *changes) send(ctx context.Context, req wire.Request) error {
	answer, err := ch.session.Change(ctx, req, ch.nothingBegan)
	ch.acted(answer.Timing)
	if err != nil {
		return err
	}
	ch.answer, ch.request, ch.judged = &answer, req, false
	return nil
}

// nothingBegan reports whether every instance is as it was before the request, so that the request
// may be retried. While a change runs, a running instance counts as unchanged.
func (ch *changes) nothingBegan(ctx context.Context) bool {
	now, err := ch.look(ctx)
	if err != nil {
		return false
	}
	for _, inst := range ch.held() {
		was, is := ch.before[inst.ID], now[inst.ID]
		running := ch.change != nil && slices.Contains(ch.definition().Passing, is.status)
		if !running && (!maps.Equal(was.values, is.values) || ch.moved(was.status, is.status)) {
			return false
		}
	}
	return true
}

// describe formats an answer for a finding.
func describe(a *Answer) string {
	switch {
	case a.Code != "":
		return fmt.Sprintf("%d %s", a.Status, a.Code)
	case a.Succeeded():
		return "success (200)"
	default:
		return fmt.Sprintf("%d without a code", a.Status)
	}
}

func pairsText(pairs []verdict.Pair) string {
	texts := make([]string, len(pairs))
	for i, p := range pairs {
		texts[i] = p.String()
	}
	return strings.Join(texts, " or ")
}

// Unjudged reports whether no step has compared the last answer, in which case the scenario proves
// nothing.
func (re *responses) Unjudged() bool { return !re.judged }

// deniedForStatus reports whether an answer refuses the action because of the instance's status.
func (sc *scenario) deniedForStatus(a *Answer) bool {
	denied := sc.contract.Lifecycles[a.Operation.Action].Denied.Start
	return denied.Code != "" && a.Status == denied.Status && a.Code == denied.Code
}
