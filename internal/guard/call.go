package guard

import (
	"net/http"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/wire"
)

// actionHeader names the operation (S).
const actionHeader = "X-ZC-Action"

// harmlessHeaders are the headers that a request may have: the protocol's own with those of the
// SDKs (S, K), HTTP's headers about the client and its preferences, and those for tracing. Others
// could change what a server does or what it does it to, such as X-HTTP-Method-Override.
var harmlessHeaders = []string{
	"x-zc-action", "x-zc-version", "x-zc-timestamp", "x-zc-signature-method", "x-zc-signature-version",
	"x-zc-service", "x-zc-sdk-version", "x-zc-sdk-lang", "x-zc-request-client",
	"accept", "accept-charset", "accept-encoding", "accept-language", "authorization", "cache-control", "connection", "content-length",
	"content-type", "date", "expect", "host", "pragma", "traceparent", "tracestate", "user-agent",
}

// call is what a request asks for, as strict or lenient servers may read it.
type call struct {
	known   bool        // the contract has the operation in the header
	couldBe []Operation // the changes that the request could be mistaken for
	listed  []string    // the listed ids in the body, each once
	alike   []string    // the listed ids with which a made-up id begins
	madeUp  bool        // the body contains a made-up id
}

// call reads a request. It returns a *Refusal if it cannot account for a part of it.
func (g *Guard) call(req wire.Request) (call, error) {
	action, named := req.Operation.Action, false
	for name, value := range req.Header {
		if !slices.Contains(harmlessHeaders, strings.ToLower(name)) {
			return call{}, refuse("the header %s could mean more to the endpoint than to the contract", quoted(name))
		}
		if strings.EqualFold(name, actionHeader) {
			if named {
				return call{}, refuse("the header %s stands in two spellings: an endpoint could read either", actionHeader)
			}
			action, named = value, true
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
	return call{known: known, couldBe: g.couldBe(op, known, r), listed: r.listed, alike: r.alike, madeUp: r.madeUp}, nil
}

// operation returns the contract's operation for an action, as a lenient server would find it.
func (g *Guard) operation(action string) (Operation, bool) {
	op, known := g.byAction[strings.ToLower(strings.TrimSpace(action))]
	return op, known
}

// couldBe returns the changes that a request could be mistaken for: the operation in its header;
// operations whose subject is in the body without being a parameter of the called operation; and
// operations named in the URL or the body, if their subject is there or is optional. For a made-up
// action, a server that goes by the body could choose any change that the body fits.
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
		return all // it is unknown what a made-up action would do to it
	}
	return changes
}

// readsBy reports whether a read still only reads with a method: the documented one, or one that
// HTTP defines as safe.
func readsBy(method string) bool {
	return method == "" || method == http.MethodPost || method == http.MethodGet || method == http.MethodHead
}

// checkMethod rejects methods that mean a change in HTTP, whatever the action, unless the request
// only names what the run made up.
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
