package mock

import (
	"context"
	"net"
	"net/http"
	"time"
)

// Behaviour is how the stages of an answer work. Each mock has a copy of its own, so
// that one mock can differ from the documents in one place and no other mock does.
type Behaviour struct {
	// Listen and connect stand between a served mock and its connections.
	Listen  func(l net.Listener) net.Listener
	Connect func(ctx context.Context, c net.Conn) context.Context

	// Admit refuses what no action looks at: another path, method, an endless body.
	Admit func(c *Call) Refusal
	// Authenticate decides whether the caller is who the request says.
	Authenticate func(known Credentials, c *Call) Refusal
	// Dispatch finds the action that a call selects.
	Dispatch func(actions map[string]Action, c *Call) (Action, Refusal)
	// Parse checks the content and reads the action's parameters from it.
	Parse func(a Action, c *Call) (Params, Refusal)

	// Actions are what can be called, by name.
	Actions map[string]Action
	// Changes are what the actions that change instances do to them, by name.
	Changes map[string]*Work
	// Batch refuses a call as a whole, given what it names and what speaks against each.
	Batch func(targets []Target) Refusal
	// Start replaces the record of an instance by that of its transition, if it is still
	// the one that the rules were asked about.
	Start func(e *Entry, asked, next *Record) bool
	// State tells what an instance is at a moment: what the rules ask and a change begins from.
	State func(r *Record, now time.Time) Instance
	// Observe tells what reads find of it.
	Observe func(r *Record, now time.Time) Instance
	// Filters are the parameters that narrow a listing.
	Filters []Filter
	// Page tells which matching instances a page holds: those at [from, to).
	Page func(p *Params) (from, to int)

	// RequestID gives each request an id of its own.
	RequestID func() string
	// Wrap puts an outcome into the envelope's members.
	Wrap func(requestID string, o Outcome) Envelope
	// encode appends the envelope as JSON.
	encode func(dst []byte, e Envelope) []byte
	// Deliver writes the answer. It keeps nothing of it afterwards.
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
