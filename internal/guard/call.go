package guard

import (
	"net/http"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/wire"
)

// actionHeader names the operation (S).
const actionHeader = "X-ZC-Action"

// harmlessHeaders are those that a request may add besides the protocol's own, which
// begin with X-ZC-: those of HTTP itself that say who asks and how, and those of tracing.
// Others could tell a server to act otherwise, such as X-HTTP-Method-Override.
var harmlessHeaders = []string{
	"accept", "accept-charset", "accept-encoding", "accept-language", "authorization", "cache-control", "connection", "content-length",
	"content-type", "date", "expect", "host", "pragma", "traceparent", "tracestate", "user-agent",
}

// call is what a request asks for, as strict and as lenient servers could read it.
type call struct {
	known   bool        // the contract has the operation that the header names
	couldBe []Operation // changes that the request could be taken for
	listed  []string    // listed ids in the body, each once
	madeUp  bool        // a made-up id stands in the body
}

// call reads a request. What it cannot account for is a *Refusal.
func (g *Guard) call(req wire.Request) (call, error) {
	action := req.Operation.Action
	for name, value := range req.Header {
		lower := strings.ToLower(name)
		switch {
		case strings.EqualFold(name, actionHeader):
			action = value
		case !strings.HasPrefix(lower, "x-zc-") && !slices.Contains(harmlessHeaders, lower):
			return call{}, refuse("the header %s could mean more to the endpoint than to the contract", quoted(name))
		}
	}
	op, known := g.operation(action)
	if !known && action == "" {
		return call{}, refuse("no header %s names an action: send it", actionHeader)
	}
	if !known && !g.madeUp[action] {
		return call{}, refuse("the contract has no action %s, and it is none that is made up: nobody can say what it would do", quoted(action))
	}
	if !slices.ContainsFunc(g.operations, func(o Operation) bool { return o.Key.Path == req.Operation.Path }) {
		return call{}, refuse("the path %s is none of the contract's", quoted(req.Operation.Path))
	}
	r := &reader{guard: g, op: op, members: map[string]bool{}, mentioned: map[string]bool{}}
	if err := r.query(req.Query); err != nil {
		return call{}, err
	}
	if err := r.body(req.Body); err != nil {
		return call{}, err
	}
	return call{known: known, couldBe: g.couldBe(op, known, r), listed: r.listed, madeUp: r.madeUp}, nil
}

// operation returns the contract's operation of an action, as a lenient server finds it.
func (g *Guard) operation(action string) (Operation, bool) {
	op, known := g.byAction[strings.ToLower(strings.TrimSpace(action))]
	return op, known
}

// couldBe returns the changes that a request could be taken for: the one its header names,
// those whose subject stands in its body without being a parameter of the operation called,
// and those named in its URL or body whose subject stands there or may be left out. A server that goes by the body of a
// made-up action takes it for a change that the body fits, if it fits one.
func (g *Guard) couldBe(op Operation, known bool, r *reader) []Operation {
	nothingNamed := len(r.listed) == 0 && !r.madeUp
	var all, changes, fitted []Operation
	for _, o := range g.operations {
		if o.Reads {
			continue
		}
		all = append(all, o)
		subject, foreign := false, false
		for _, name := range o.subjects() {
			own := op.has(name)
			subject = subject || r.members[name]
			foreign = foreign || r.members[name] && !own
		}
		named := r.mentioned[o.Key.Action] && (subject || nothingNamed && o.Batch)
		if known && o.Key == op.Key || foreign || named {
			changes = append(changes, o)
			if named || r.holds(o.Required) {
				fitted = append(fitted, o)
			}
		}
	}
	if !known && len(fitted) > 0 {
		return fitted
	}
	if !known && len(r.listed) > 0 && len(changes) == 0 {
		return all // nothing says what a made-up action would do to it
	}
	return changes
}

// readsBy reports whether a request that reads still does so with a method: with the
// documented one, and with those that are safe by HTTP.
func readsBy(method string) bool {
	return method == "" || method == http.MethodPost || method == http.MethodGet || method == http.MethodHead
}

// checkMethod refuses methods that mean a change to HTTP itself, whatever the action: with
// them only what the run made up may be named.
func (g *Guard) checkMethod(method string, c call) error {
	switch {
	case readsBy(method):
		return nil
	case len(c.listed) > 0:
		return refuse("%s could change the listed %s %s: with another method than POST or GET only what the run made up may be named", method, g.kind, quoted(c.listed[0]))
	case !c.madeUp:
		return refuse("%s names no %s, so an endpoint could take it for all of them", method, g.kind)
	}
	return nil
}
