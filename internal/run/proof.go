package run

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// maxWaiting limits the scenarios, and their evidence in memory, that wait for proof that an
// operation accepts any request at all.
const maxWaiting = 500

// ended is a scenario that has ended, with further results of its evidence.
type ended struct {
	scene   suite.Case
	result  verdict.Scenario
	suspect bool                 // it was announced to the limit
	overdue []verdict.Trajectory // of changes that did not end in the time allowed
	unseen  []string             // clauses for which repeated changes were never seen running
	judged  map[string]int       // the number of exchanges judged, by clause
	calls
}

// calls records the calls of a scenario by the outcome that was expected.
type calls struct {
	refusals map[use]bool    // calls that had to be refused, and were
	changes  map[string]bool // correct changes that were refused, by action
}

// note records what a judged answer says about the call.
func (c *calls) note(req wire.Request, scheme wire.Scheme, status int) {
	switch {
	case status < http.StatusBadRequest:
	case req.Effect == wire.Refused, req.Effect != wire.Changes && status == http.StatusUnauthorized && !req.Usual(): // a read that was refused because of its caller
		if c.refusals == nil {
			c.refusals = map[use]bool{}
		}
		c.refusals[use{req.Operation.Action, scheme}] = true
	case req.Effect == wire.Changes && right(req):
		if c.changes == nil {
			c.changes = map[string]bool{}
		}
		c.changes[req.Operation.Action] = true
	}
}

// proof says whether the refusals that a scenario expected prove anything. An endpoint that refuses
// every request gives them, too.
type proof int

const (
	proved proof = iota
	unproved
	awaited // no change is called just for a proof, because another scenario may provide it
)

// proof checks whether the operations that refused have accepted a correct call in this run. For
// reads without such a call, it makes one.
func (r *runner) proof(ctx context.Context, refusals map[use]bool) (proof, string) {
	waits := ""
	for u := range refusals {
		switch p := r.access.proof(ctx, u); p {
		case unproved:
			return unproved, u.action
		case awaited:
			waits = u.action
		}
	}
	if waits != "" {
		return awaited, waits
	}
	return proved, ""
}

func (a *access) proof(ctx context.Context, u use) proof {
	op, known := a.operations[u.action]
	reading := false
	for _, read := range a.reads {
		reading = reading || read == op
	}
	switch {
	case known && !reading && a.hasServed(use{u.action, ""}), reading && a.hasServed(u):
		return proved
	case known && !reading:
		return awaited
	case !known: // for an unknown action, any accepted read shows that not everything is refused
		op = a.reads[0]
	}
	var unrecorded []wire.Exchange
	if a.hasServed(use{op.Action, u.scheme}) || a.read(ctx, op, wire.Auth{Scheme: u.scheme}, &unrecorded) == http.StatusOK {
		return proved
	}
	return unproved
}

// settle counts a scenario and hands it over, or lets it wait for its proof.
func (r *runner) settle(ctx context.Context, e ended) {
	p, action := proved, ""
	if e.result.Outcome == verdict.Passed && len(e.refusals) > 0 {
		r.quiet.RLock()
		p, action = r.proof(ctx, e.refusals)
		r.quiet.RUnlock()
	}
	r.mu.Lock()
	if e.result.Outcome != verdict.Passed {
		for action := range e.changes {
			r.failed[action] = true
		}
	}
	if p == awaited && len(r.waiting) < maxWaiting {
		r.waiting = append(r.waiting, e)
		r.mu.Unlock()
		return
	}
	ready := r.served()
	r.mu.Unlock()
	if p != proved {
		e.result = refusalsAlone(e.result, action)
	}
	for _, e := range append(ready, e) {
		r.finish(e)
	}
}

// served removes and returns the waiting scenarios whose proof has come. The caller holds mu.
func (r *runner) served() []ended {
	var ready []ended
	r.waiting = slices.DeleteFunc(r.waiting, func(e ended) bool {
		served := r.allServed(e)
		if served {
			ready = append(ready, e)
		}
		return served
	})
	return ready
}

func (r *runner) allServed(e ended) bool {
	for u := range e.refusals {
		if !r.access.hasServed(use{u.action, ""}) {
			return false
		}
	}
	return true
}

// settleRest ends the waiting of the scenarios without proof. If correct calls of an operation were
// all refused, its refusals prove nothing. If no correct call was made, it is enough that another
// operation accepts one, which shows that not everything is refused.
func (r *runner) settleRest(ctx context.Context) {
	for _, e := range r.waiting {
		for u := range e.refusals {
			instead := use{r.access.reads[0].Action, u.scheme}
			if r.access.hasServed(use{u.action, ""}) {
				continue
			}
			if r.failed[u.action] || r.access.proof(ctx, instead) != proved {
				e.result = refusalsAlone(e.result, u.action)
			}
		}
		r.finish(e)
	}
	r.waiting = nil
}

func refusalsAlone(s verdict.Scenario, action string) verdict.Scenario {
	s.Outcome, s.Cause = verdict.Inconclusive, wire.CauseRefusalsAlone
	s.Reason = fmt.Sprintf("the refusal proves nothing: no right call of %s has been served in this run, so it may refuse whatever it is asked", action)
	return s
}
