package run

import (
	"context"
	"fmt"
	"net/http"

	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// maxWaiting is how many scenarios may wait for the proof that an operation serves anybody,
// with their evidence in memory.
const maxWaiting = 500

// ended is a scenario that has ended, with what its evidence says besides.
type ended struct {
	scene   suite.Case
	result  verdict.Scenario
	suspect bool                 // it was announced to the limit
	overdue []verdict.Trajectory // of changes that did not end in the time allowed
	unseen  []string             // clauses that changes were called again and again for in vain
	judged  map[string]int       // exchanges judged, by clause
	calls
}

// calls are the calls of a scenario by what was wanted of them.
type calls struct {
	refusals map[use]bool    // to be refused, and refused
	changes  map[string]bool // right calls that were to change something, and were refused; by action
}

// note keeps what a judged answer says of the call.
func (c *calls) note(req wire.Request, scheme wire.Scheme, status int) {
	switch {
	case status < http.StatusBadRequest:
	case req.Effect == wire.Refused, req.Effect != wire.Changes && status == http.StatusUnauthorized && !req.Usual(): // a read refused for its caller
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

// proof is whether the refusals that a scenario wanted prove anything: an endpoint that
// refuses everything gives them, too.
type proof int

const (
	proved proof = iota
	unproved
	awaited // a change is not called for the sake of a proof: another scenario may succeed with one
)

// proof looks whether the operations that refused have served a right call in this run. A
// read is asked for where none has been.
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
	case !known: // an action that does not exist: any read shows that not everything is refused
		op = a.reads[0]
	}
	var unrecorded []wire.Exchange
	if a.hasServed(use{op.Action, u.scheme}) || a.read(ctx, op, wire.Auth{Scheme: u.scheme}, &unrecorded) == http.StatusOK {
		return proved
	}
	return unproved
}

// settle counts a scenario and hands it over, or has it wait for its proof.
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

// served takes those out of the waiting that wait no more. The caller holds mu.
func (r *runner) served() []ended {
	var ready, waiting []ended
	for _, e := range r.waiting {
		if r.allServed(e) {
			ready = append(ready, e)
		} else {
			waiting = append(waiting, e)
		}
	}
	r.waiting = waiting
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

// settleRest ends the waiting of those whose proof has not come. An operation that
// was called as the documents say, and served nobody, proves nothing by refusing. Of one
// that was not called so, another one that is served shows that not everything is refused.
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
