package mock

import (
	"context"
	"net"
	"net/http"
	"time"
)

// Behaviour holds the functions of the stages of an answer. Each mock has its own copy, so that one
// mock can deviate from the documents in one place without affecting others.
type Behaviour struct {
	// Listen and connect wrap the listener and the connections of a served mock.
	Listen  func(l net.Listener) net.Listener
	Connect func(ctx context.Context, c net.Conn) context.Context

	// Admit refuses what no action handles: another path or method, or a body that is too large.
	Admit func(c *Call) Refusal
	// Authenticate decides whether the request's credentials are valid.
	Authenticate func(known Credentials, c *Call) Refusal
	// Dispatch finds the action that a call selects.
	Dispatch func(actions map[string]Action, c *Call) (Action, Refusal)
	// Parse checks the content and extracts the action's parameters.
	Parse func(a Action, c *Call) (Params, Refusal)

	// Actions are the available actions, by name.
	Actions map[string]Action
	// Changes holds what the changing actions do to instances, by name.
	Changes map[string]*Work
	// Batch decides whether to refuse a whole call, given the instances and the reasons against
	// each.
	Batch func(targets []Target) Refusal
	// Start replaces the record of an instance with that of its transition, unless the record has
	// changed since the rules were checked.
	Start func(e *Entry, asked, next *Record) bool
	// State returns the state of an instance at a moment, as rules check it and changes begin from
	// it.
	State func(r *Record, now time.Time) Instance
	// Observe returns the state of an instance at a moment, as reads show it.
	Observe func(r *Record, now time.Time) Instance
	// Filters are the parameters that narrow a listing.
	Filters []Filter
	// Page returns which matching instances a page holds: those at [from, to).
	Page func(p *Params) (from, to int)

	// RequestID returns a new id for each request.
	RequestID func() string
	// Wrap puts an outcome into an envelope.
	Wrap func(requestID string, o Outcome) Envelope
	// encode appends the envelope as JSON.
	encode func(dst []byte, e Envelope) []byte
	// Deliver writes the answer. It must not keep any of it.
	Deliver func(w http.ResponseWriter, c *Call, a Answer)
}

// documented returns the behaviour that the documents describe.
func documented(seed uint64) Behaviour {
	return Behaviour{
		Listen:       func(l net.Listener) net.Listener { return l },
		Connect:      func(ctx context.Context, _ net.Conn) context.Context { return ctx },
		Admit:        admit,
		Authenticate: authenticate,
		Dispatch:     dispatch,
		Parse:        parse,
		Actions:      Actions(),
		Changes:      Changes(),
		Batch:        batch,
		Start:        start,
		State:        Observe,
		Observe:      Observe,
		Filters:      filters(),
		Page:         Page,
		RequestID:    NewRequestIDs(seed).Next,
		Wrap:         wrap,
		encode:       Encode,
		Deliver:      deliver,
	}
}
