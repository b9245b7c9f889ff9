package mock

import (
	"context"
	"net"
	"net/http"
	"time"
)

// behaviour is how the stages of an answer work. Each mock has a copy of its own, so
// that one mock can differ from the documents in one place and no other mock does.
type behaviour struct {
	// listen and connect stand between a served mock and its connections.
	listen  func(l net.Listener) net.Listener
	connect func(ctx context.Context, c net.Conn) context.Context

	// admit refuses what no action looks at: another path, method, an endless body.
	admit func(c *call) refusal
	// authenticate decides whether the caller is who the request says.
	authenticate func(known Credentials, c *call) refusal
	// dispatch finds the action that a call selects.
	dispatch func(actions map[string]action, c *call) (action, refusal)
	// parse checks the content and reads the action's parameters from it.
	parse func(a action, c *call) (params, refusal)

	// actions are what can be called, by name.
	actions map[string]action
	// changes are what the actions that change instances do to them, by name.
	changes map[string]*change
	// batch refuses a call as a whole, given what it names and what speaks against each.
	batch func(targets []target) refusal
	// start replaces the record of an instance by that of its transition, if it is still
	// the one that the rules were asked about.
	start func(e *entry, asked, next *record) bool
	// state tells what an instance is at a moment: what the rules ask and a change begins from.
	state func(r *record, now time.Time) Instance
	// observe tells what reads find of it.
	observe func(r *record, now time.Time) Instance
	// filters are the parameters that narrow a listing.
	filters []filter
	// page tells which matching instances a page holds: those at [from, to).
	page func(p *params) (from, to int)

	// requestID gives each request an id of its own.
	requestID func() string
	// wrap puts an outcome into the envelope's members.
	wrap func(requestID string, o outcome) envelope
	// encode appends the envelope as JSON.
	encode func(dst []byte, e envelope) []byte
	// deliver writes the answer. It keeps nothing of it afterwards.
	deliver func(w http.ResponseWriter, c *call, a answer)
}

// documented returns the behaviour that the documents describe.
func documented(seed uint64) behaviour {
	return behaviour{
		listen:       func(l net.Listener) net.Listener { return l },
		connect:      func(ctx context.Context, _ net.Conn) context.Context { return ctx },
		admit:        admit,
		authenticate: authenticate,
		dispatch:     dispatch,
		parse:        parse,
		actions:      actions(),
		changes:      changes(),
		batch:        batch,
		start:        start,
		state:        observe,
		observe:      observe,
		filters:      filters(),
		page:         page,
		requestID:    newRequestIDs(seed).next,
		wrap:         wrap,
		encode:       encode,
		deliver:      deliver,
	}
}
