package steps

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// Need is an instance that a scenario asks of its target.
type Need struct {
	Kind   string // what it is, such as disk; "" is an instance
	Status string
	GPU    bool
}

// Needs is all that a scenario asks of its target. It is known before the scenario
// starts, so that everything is acquired together and no two scenarios wait for each other.
type Needs struct {
	Instances   []Need
	Resizable   int      // how many types the instances can be moved between
	Unsupported bool     // a type that exists, but not for these instances
	GPUTypes    int      // how many types of GPU instances
	Changes     []string // the actions that could change a acquired instance, each once
	Generated   bool     // sends requests that are made up, many of them
	Bearer      bool     // needs a bearer token
	HMAC        bool     // needs a signing key
	State       bool     // compares the instances with their state before a request

	facts  map[string]Facts // by action, while needs are added
	valued bool             // the action called last asks for a value, likewise
}

// takenFor adds the actions that a call of one action with a body of another one could be taken for: those that
// change what the body names in a parameter that is none of the action's own. A body under a made-up name is taken for
// what it fits: one that lacks what an action requires is that of another action.
func (n *Needs) takenFor(action, other string) {
	own, known := n.facts[action]
	body := n.facts[other]
	if !known && !body.Changes {
		return // the body names nothing real
	}
	for _, name := range slices.Sorted(maps.Keys(n.facts)) {
		foreign := func(parameter string) bool {
			return slices.Contains(body.Subjects, parameter) && !slices.Contains(own.Subjects, parameter)
		}
		facts := n.facts[name]
		fits := known || subset(facts.Required, body.Parameters)
		if facts.Changes && fits && slices.ContainsFunc(facts.Subjects, foreign) && !slices.Contains(n.Changes, name) {
			n.Changes = append(n.Changes, name)
		}
	}
}

// call adds an action that the scenario calls on its instances.
func (n *Needs) call(action string) {
	facts := n.facts[action]
	if !facts.Changes {
		return
	}
	if !slices.Contains(n.Changes, action) {
		n.Changes = append(n.Changes, action)
	}
	n.valued = facts.Valued
}

// Add adds what the step needs of the target.
func (n *Needs) Add(m Match) {
	if m.Sentence.needs == nil {
		return
	}
	n.facts = m.Facts
	m.Sentence.needs(n, m.Args)
	n.facts, n.valued = nil, false
}

// value requires so many values to move instances between, if the action called last takes one.
func (n *Needs) value(count int) {
	if n.valued {
		n.Resizable = max(n.Resizable, count)
	}
}

// Instance is one acquired instance, as the target lists it, or one that does not exist.
type Instance struct {
	ID     string
	Kind   string // what it is, such as disk; "" is an instance
	Status string
	GPU    bool
	Type   string // when the fixture is certain: the type it has when the scenario starts
	Origin string // the value it had when the run began, "" when that is not known
	Absent bool   // made up: the endpoint has no such instance
}

// noun is what messages call it.
func (i Instance) noun() string { return cmp.Or(i.Kind, ofInstances) }

// place names it where a finding says what it lacks: an instance by itself, as waivers have it, others by what of them
// is wrong.
func (i Instance) place(what string) string {
	if i.Kind == "" {
		return ofInstances + " " + i.ID
	}
	return verdict.PlaceOf(what, i.Kind, i.ID)
}

// typeUnknown reports whether a read shows no type: that of a GPU instance may be null
// (protocol 7) and reads as "".
func (i Instance) typeUnknown(shown string) bool { return i.GPU && shown == "" }

// Fixture is what a target lends one scenario.
type Fixture struct {
	Instances   []Instance // in the order of Needs.Instances
	Bystanders  []Instance // further ones, read only, for scenarios that share the changes
	Shared      bool       // other scenarios share the changes
	Certain     bool       // the target brought their statuses about; else it only lists them
	Resizable   []string   // types the instances can be moved between
	Unsupported string
	GPUTypes    []string              // types of GPU instances
	AbsentType  string                // a type id made up not to exist
	AbsentID    func() string         // makes up an instance id that does not exist
	Formed      bool                  // such an id has the form of the account's own
	MakeUp      func(texts ...string) // registers made-up texts, so that requests may hold them
	// GiveUp says that a change of an instance has not ended in the time allowed: Release does
	// not wait for it again. It may be nil.
	GiveUp func(instance string)
	// Free returns all but the first keep instances before the scenario ends. They need not be
	// restored. It may be nil.
	Free func(keep int)
	// Requested returns an instance of another scenario for which the run has requested a value since the
	// fixture was acquired; "" if there is none. It may be nil.
	Requested func(value string) string
	// Known is the state of instances as an earlier scenario has read it, by id.
	Known map[string]State
	// Keep, in place of Release, leaves the instances as they are for now, if it can. It may be nil.
	Keep    func(map[string]State) bool
	Release func(context.Context) error // restores the instances as they were
}

// Fixtures lends scenarios what they need. The mock seeds it; a real endpoint takes it
// from its configuration, or returns *Lacking.
type Fixtures interface {
	Acquire(ctx context.Context, needs Needs) (Fixture, error)
}

type observing struct{}

// Observing returns a context in which a target hands on what it exchanges of its own accord to
// acquire and to restore instances.
func Observing(ctx context.Context, see func([]wire.Exchange)) context.Context {
	return context.WithValue(ctx, observing{}, see)
}

// Observe hands exchanges to whoever wants to see them.
func Observe(ctx context.Context, exchanges []wire.Exchange) {
	if see, wanted := ctx.Value(observing{}).(func([]wire.Exchange)); wanted {
		see(exchanges)
	}
}

// Timing is how long a target's changes may take and how closely they are watched.
type Timing struct {
	ResizeTimeout time.Duration // one resize, from its answer until it has ended
	PollInterval  time.Duration // the longest pause between two reads of a status
	Settle        time.Duration // how long the end of a resize must hold
}

// Answer is the last answer to a request, ready to be compared.
type Answer struct {
	wire.Answer
	Operation wire.Operation
	Exchange  int // 1-based position among the scenario's exchanges
	Timing    wire.Timing
	Scheme    wire.Scheme // of the credential that the request carries, or that the target has for it
	// Unauthenticated says that a request that is authenticated as the documents say was
	// refused with 401, as any such request is, or as the same one is by turns.
	Unauthenticated bool
	Usual           bool       // formed and authenticated as usual: a refusal of that is the endpoint's fault
	Faulty          bool       // the contract has found the exchange itself to break a must
	Retried         wire.Cause // why the request had to be sent again before; "" when the first sending was answered
}

// Session is what one scenario talks to its endpoint through. It records every
// exchange and has each of them judged by the contract.
type Session interface {
	// Send sends a request and returns its answer. An answer that says nothing about
	// conformance comes back as *Inconclusive.
	Send(ctx context.Context, req wire.Request) (Answer, error)
	// Change sends a request that changes something. After an answer that leaves open
	// whether the change began, it is sent again only when unstarted proves that it did not.
	Change(ctx context.Context, req wire.Request, unstarted func(context.Context) bool) (Answer, error)
	// Quiet holds back every other scenario until the returned function is called.
	Quiet() (resume func())
	// Waiting tells which status an instance shows whose change is waited for; none:
	// it is waited for no more.
	Waiting(instance, status string)
	// Took tells that a change by an action, which was seen running, took no longer than so long,
	// Shortest the least of the run by that action, or by any; 0: none was seen running.
	Took(action string, d time.Duration)
	Shortest(action string) time.Duration
	// Overdue tells that a subject has not shown the end of its change for all the time allowed.
	Overdue(verdict.Trajectory)
	// Unseen tells that changes were called again and again to judge the clause that they are to be seen
	// running, and that none was. UnseenIn names a scenario that has ended so; "": none has.
	Unseen(clause string)
	UnseenIn(clause string) (scenario string)
	// Trajectory and Choice record evidence for the report.
	Trajectory(verdict.Trajectory)
	Choice(clause, answer string)
}
