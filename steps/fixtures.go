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

// Need is an instance that a scenario requires of its target.
type Need struct {
	Kind   string // what it is, such as disk; "" means instance
	Status string
	GPU    bool
}

// Needs is everything that a scenario requires of its target. It is known before the scenario
// starts, so that everything is acquired together and no two scenarios deadlock.
type Needs struct {
	Instances   []Need
	Resizable   int      // the number of types that the instances can be moved between
	Unsupported bool     // a type that exists but does not suit these instances
	GPUTypes    int      // the number of GPU instance types
	Changes     []string // the actions that could change an acquired instance, each once
	Generated   bool     // it sends many generated requests
	Bearer      bool     // it needs a bearer token
	HMAC        bool     // it needs a signing key
	State       bool     // it compares the instances with their state before a request

	facts  map[string]Facts // by action; used only while needs are added
	valued bool             // the last action called takes a value; used only while needs are added
}

// takenFor adds the actions that an endpoint could carry out by mistake when one action is called
// with the body of another: actions that change what the body names in a parameter that the called
// action does not have. If the called action is unknown, only actions whose required parameters are
// all in the body count.
func (n *Needs) takenFor(action, other string) {
	own, known := n.facts[action]
	body := n.facts[other]
	if !known && !body.Changes {
		return // the body names nothing that exists
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

// Add adds the needs of a step.
func (n *Needs) Add(m Match) {
	if m.Sentence.needs == nil {
		return
	}
	n.facts = m.Facts
	m.Sentence.needs(n, m.Args)
	n.facts, n.valued = nil, false
}

// value requires a number of values to move instances between, if the last action called takes one.
func (n *Needs) value(count int) {
	if n.valued {
		n.Resizable = max(n.Resizable, count)
	}
}

// Instance is an acquired instance as the target lists it, or a made-up one that does not exist.
type Instance struct {
	ID     string
	Kind   string // what it is, such as disk; "" means instance
	Status string
	GPU    bool
	Type   string // the type at the start of the scenario, if the fixture is certain
	Origin string // the value at the start of the run, "" if unknown
	Absent bool   // made up: the endpoint has no such instance
}

// noun returns the word for it in messages.
func (i Instance) noun() string { return cmp.Or(i.Kind, ofInstances) }

// place names it in a finding: an instance by its id alone, as waivers do, any other kind also by
// the property that is wrong.
func (i Instance) place(what string) string {
	if i.Kind == "" {
		return ofInstances + " " + i.ID
	}
	return verdict.PlaceOf(what, i.Kind, i.ID)
}

// typeUnknown reports whether a read shows no type. The type of a GPU instance may be null
// (protocol 7), and is then read as "".
func (i Instance) typeUnknown(shown string) bool { return i.GPU && shown == "" }

// Fixture is what a target provides to one scenario.
type Fixture struct {
	Instances   []Instance // in the order of Needs.Instances
	Bystanders  []Instance // further instances, which only scenarios that share the changes read
	Shared      bool       // other scenarios judge the same changes
	Certain     bool       // the target has set the statuses itself, rather than only listing them
	Resizable   []string   // types the instances can be moved between
	Unsupported string
	GPUTypes    []string              // types of GPU instances
	AbsentType  string                // a made-up type id that does not exist
	AbsentID    func() string         // returns a made-up instance id that does not exist
	Formed      bool                  // made-up ids have the format of the account's own ids
	MakeUp      func(texts ...string) // registers made-up texts, so that requests may contain them
	// GiveUp reports that a change of an instance has not ended in the time allowed, so that
	// Release does not wait for it again. It may be nil.
	GiveUp func(instance string)
	// Free releases all but the first keep instances before the scenario ends. They need not be
	// restored. It may be nil.
	Free func(keep int)
	// Requested returns an instance of another scenario for which the run has requested a value
	// since this fixture was acquired, or "". It may be nil.
	Requested func(value string) string
	// Known holds instance states that an earlier scenario has read, by id.
	Known map[string]State
	// Keep replaces Release: it leaves the instances as they are for the next scenario and reports
	// whether it could. It may be nil.
	Keep    func(map[string]State) bool
	Release func(context.Context) error // restores the instances to their original state
}

// Fixtures provides scenarios with what they need. The mock creates it; a real endpoint takes it
// from its configuration, or returns *Lacking.
type Fixtures interface {
	Acquire(ctx context.Context, needs Needs) (Fixture, error)
}

type observing struct{}

// Observing returns a context in which a target reports the exchanges that it makes itself to
// acquire and restore instances.
func Observing(ctx context.Context, see func([]wire.Exchange)) context.Context {
	return context.WithValue(ctx, observing{}, see)
}

// Observe passes exchanges to the function set by Observing, if any.
func Observe(ctx context.Context, exchanges []wire.Exchange) {
	if see, wanted := ctx.Value(observing{}).(func([]wire.Exchange)); wanted {
		see(exchanges)
	}
}

// Timing is how long a target's changes may take and how closely they are polled.
type Timing struct {
	ResizeTimeout time.Duration // the limit for one resize, from its answer to its end
	PollInterval  time.Duration // the longest pause between two reads of a status
	Settle        time.Duration // how long the end status must hold
}

// Answer is the last answer to a request, ready to be compared.
type Answer struct {
	wire.Answer
	Operation wire.Operation
	Exchange  int // its 1-based position among the exchanges of the scenario
	Timing    wire.Timing
	Scheme    wire.Scheme // the scheme of the request's credential, or else of the target's
	// Unauthenticated reports that a correctly authenticated request was refused with 401, and that
	// all such requests are refused, or the same one is sometimes accepted and sometimes not.
	Unauthenticated bool
	Usual           bool       // form and authentication were as usual, so refusing them is a fault of the endpoint
	Faulty          bool       // the contract has found that the exchange violates a clause of level must
	Retried         wire.Cause // why the request had to be retried, "" if it was not
}

// Session is a scenario's connection to its endpoint. It records every exchange and has the
// contract judge it.
type Session interface {
	// Send sends a request and returns its answer. If the answer says nothing about conformance,
	// the error is *Inconclusive.
	Send(ctx context.Context, req wire.Request) (Answer, error)
	// Change sends a request that changes something. If the answer leaves open whether the change
	// began, Change retries only if unstarted proves that it did not.
	Change(ctx context.Context, req wire.Request, unstarted func(context.Context) bool) (Answer, error)
	// Quiet pauses every other scenario until the returned function is called.
	Quiet() (resume func())
	// Waiting reports the current status of an instance whose change the scenario waits for; ""
	// means that the wait is over.
	Waiting(instance, status string)
	// Took records an upper bound for the duration of a change that was seen running. Shortest
	// returns the lowest one of the run for an action, or for any action if it is ""; 0 means that
	// none was seen running.
	Took(action string, d time.Duration)
	Shortest(action string) time.Duration
	// Overdue records that a subject has not reached the end of its change in the time allowed.
	Overdue(verdict.Trajectory)
	// Unseen records that repeated changes were never seen running, for the clause that requires
	// it. UnseenIn returns a scenario that ended that way, or "". RepeatAlone waits while another
	// scenario repeats such changes for the clause, because each of them costs something.
	Unseen(clause string)
	UnseenIn(clause string) (scenario string)
	RepeatAlone(ctx context.Context, clause string)
	// Trajectory and Choice record evidence for the report.
	Trajectory(verdict.Trajectory)
	Choice(clause, answer string)
}
