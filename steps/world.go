package steps

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// World is the state of one scenario. It is made for the scenario and dropped with it.
type World struct {
	contract *Contract
	timing   Timing
	session  Session
	fixture  Fixture
	clauses  []string // the clauses the scenario bears, its rule's first
	seed     int64    // of what the scenario makes up

	claimed  int        // how many acquired instances the Given steps have named
	subjects []Instance // the instances named so far; the first is "the instance"

	before       snapshot       // every subject, as it was before the last request
	shot         snapshot       // every subject, as it was read last
	sent         time.Time      // when the last request that could change something was answered
	acts         bool           // a call is meant to be carried out: its subjects are read where they are observed
	KnownBy      string         // the scenario that has read how the instances were before; "": this one
	looked       wire.Timing    // when the statuses in a snapshot were read last
	either       []verdict.Pair // the error responses of which the last one compared was one
	answer       *Answer        // the last answer
	request      wire.Request   // that it answers
	judged       bool           // whether a Then step has compared it
	answers      []Answer       // of requests sent at the same moment
	alone        bool           // a call names the first instance alone, although it could name all
	acting       string         // the changing action that the scenario calls; "" if it has called none
	change       *change        // the change called last
	begun        []*change      // the changes that were not refused
	meanwhile    *change        // what was called while the change ran
	measuring    bool           // a change is followed closely, to know how long it takes
	early        bool           // it is called early in the change alone: later ones may have come after its end
	refused      string         // the value that a refused call meanwhile asked for
	further      map[string]any // optional parameters that every call of the change sends
	altered      string         // the parameter that a step gave a value of its own
	filter       *filter        // that the last request asked by
	madeUp       bool           // ids that do not exist have been made up
	contradicted string         // the further read operation that has shown a change when the other one did not
}

// NewWorld makes the state of a scenario. What it makes up, it makes up from the seed.
func NewWorld(contract *Contract, timing Timing, session Session, seed int64) *World {
	return &World{contract: contract, timing: timing, session: session, seed: seed}
}

// Play tells the state which clauses its scenario bears.
func (w *World) Play(clauses []string) { w.clauses = clauses }

// Use hands the scenario what its target lent it.
func (w *World) Use(fixture Fixture) { w.fixture = fixture }

// Unjudged reports whether the last answer was compared by no step: such a scenario
// proves nothing.
func (w *World) Unjudged() bool { return !w.judged }

// rule returns the clause of the rule the scenario stands under.
func (w *World) rule() string {
	if len(w.clauses) == 0 {
		return ""
	}
	return w.clauses[0]
}

// definition returns how the subjects of the scenario are observed.
func (w *World) definition() lifecycle.Definition {
	if w.acting == "" && len(w.subjects) > 0 {
		if d, known := w.contract.DefinitionOf(w.subjects[0].Kind); known {
			return d
		}
	}
	return w.contract.Definition(w.acting)
}

// send sends a request and makes its answer the one that Then steps compare.
func (w *World) send(ctx context.Context, req wire.Request) error {
	answer, err := w.session.Change(ctx, req, w.nothingBegan)
	w.acted(answer.Timing)
	if err != nil {
		return err
	}
	w.answer, w.request, w.judged = &answer, req, false
	return nil
}

// nothingBegan reports whether every instance that the scenario holds reads as it did before
// the request, so that a request which is no read may be sent again after a fault. While a
// change runs, one that still runs is as it was.
func (w *World) nothingBegan(ctx context.Context) bool {
	now, err := w.look(ctx)
	if err != nil {
		return false
	}
	for _, inst := range w.held() {
		was, is := w.before[inst.ID], now[inst.ID]
		running := w.change != nil && slices.Contains(w.definition().Passing, is.status)
		if !running && (!maps.Equal(was.values, is.values) || w.moved(was.status, is.status)) {
			return false
		}
	}
	return true
}

// last returns the last answer and marks it as judged.
func (w *World) last() (*Answer, error) {
	if w.answer == nil {
		return nil, &SuiteError{Reason: "no request was sent: put a When step before this one"}
	}
	w.judged = true
	return w.answer, nil
}

// finding makes a finding about one answer.
func (w *World) finding(a *Answer, clause, where, want, got string) error {
	if own, refused := w.refusedAuthentication(a); refused {
		clause, where, want = own, "status and /code", "the documented authentication to be accepted"
	}
	if pair, holds := w.superseded(a); holds {
		return openRefusal(pair)
	}
	return w.at(a, w.contract.Finding(clause, where, want, got))
}

// at says which answer a finding is about. Other errors stay as they are.
func (w *World) at(a *Answer, err error) error {
	var f verdict.Finding
	if !errors.As(err, &f) {
		return err
	}
	f.Exchange, f.RequestID = a.Exchange, a.RequestID
	return f
}

// refusedAuthentication names the clause an endpoint breaks that refuses a request whose
// signature and timestamp are right: whatever else a step wanted could not be seen.
func (w *World) refusedAuthentication(a *Answer) (clause string, refused bool) {
	p, known := w.contract.Pair(a.Operation, a.Code)
	documented := known && a.Status == p.Status
	switch {
	case !a.Unauthenticated && (!a.Usual || !documented):
		return "", false
	case a.Scheme == wire.SchemeBearer && a.Unauthenticated:
		return w.contract.Role(verdict.RoleTokenAccepted, ""), true
	case documented && w.contract.is(a, verdict.RoleExpired):
		return w.contract.Role(verdict.RoleClockAccepted, ""), true
	case a.Unauthenticated, w.contract.is(a, verdict.RoleSignatureRefused):
		return w.contract.Role(verdict.RoleSignatureAccepted, ""), true
	}
	return "", false
}

// missed makes a finding about what an answer lacks. Of an answer that the contract has
// found faulty it makes none: one fault, one finding.
func (w *World) missed(a *Answer, clause, where, want, got string) error {
	if a.Faulty {
		return &AlreadyFound{Missed: fmt.Sprintf("%s: want %s, got %s", where, want, got)}
	}
	return w.finding(a, clause, where, want, got)
}

// describe says an answer in the words of a finding.
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
