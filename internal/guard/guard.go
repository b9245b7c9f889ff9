// Package guard decides which requests may leave for a real endpoint. It lets out what it
// knows to be harmless, and refuses everything else: a mistake in choosing scenarios, in a
// step, in a feature, or in a body typed by hand then cannot reach an instance that the
// target does not list, or change one that may not be changed.
//
// What an operation does, which of its parameters carry ids, and what the target allows is
// passed in as values. The package knows no operation, parameter or error code by name,
// sends nothing, and judges no answer.
package guard

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/zec-tools/conformance/internal/wire"
)

// Rules are what a Guard checks requests against.
type Rules struct {
	Operations []Operation // the contract's
	Listed     []string    // ids of the only real instances that a request may name
	Allowed    []string    // the actions that may change a listed instance
	One        string      // what refusals call one of those listed; "": an instance
	// Words are texts that name no instance and may stand wherever an id may: the types in
	// use, and the odd words and numbers of the built-in features.
	Words []string
}

// Operation is what the contract says of one operation.
type Operation struct {
	Key   wire.Operation
	Reads bool // marked as reading; every other operation is taken for one that changes
	// Subject is the parameter that names what a change works on; "" when the contract
	// does not say how the change is observed, so that nobody could restore it.
	Subject string
	// Batch says that the subject is a list. A call without any could mean all there are.
	Batch      bool
	Parameters []Parameter
	Required   []string // the names of those that have to be there
}

// Parameter is one member of an operation's request.
type Parameter struct {
	Name string
	ID   bool // its value, or each item of it, is an id
}

// has reports whether the operation has a parameter of the exact name.
func (o Operation) has(name string) bool {
	return slices.ContainsFunc(o.Parameters, func(p Parameter) bool { return p.Name == name })
}

// subjects returns the names by which the operation is told what to work on.
func (o Operation) subjects() []string {
	if o.Subject != "" {
		return []string{o.Subject}
	}
	var names []string
	for _, p := range o.Parameters {
		if p.ID {
			names = append(names, p.Name)
		}
	}
	return names
}

// Guard checks requests. Give its Check to client.Options.Guard. It is safe for
// concurrent use.
type Guard struct {
	operations []Operation
	byAction   map[string]Operation // by the name in lower case
	ids        map[string]bool      // every parameter's name, and whether any operation takes ids by it
	listed     map[string]bool
	allowed    map[string]bool
	words      map[string]bool
	one, kind  string // what refusals call one of those listed, with its article and without

	mu     sync.RWMutex
	madeUp map[string]bool
}

// New returns the guard of the rules.
func New(r Rules) *Guard {
	g := &Guard{
		operations: r.Operations,
		byAction:   map[string]Operation{},
		ids:        map[string]bool{},
		listed:     set(r.Listed),
		allowed:    set(r.Allowed),
		words:      set(r.Words),
		one:        cmp.Or(r.One, "an instance"),
		madeUp:     map[string]bool{},
	}
	_, g.kind, _ = strings.Cut(g.one, " ")
	for _, op := range r.Operations {
		g.byAction[strings.ToLower(op.Key.Action)] = op
		for _, p := range op.Parameters {
			g.ids[p.Name] = g.ids[p.Name] || p.ID
		}
	}
	return g
}

func set(items []string) map[string]bool {
	out := make(map[string]bool, len(items))
	for _, item := range items {
		out[item] = true
	}
	return out
}

// MakeUp lets texts leave that the run made up and that name nothing real: ids, names of
// actions and members, generated values. They are known by their value, so a feature that
// writes one of them asks for nothing else than the run does.
func (g *Guard) MakeUp(texts ...string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, text := range texts {
		g.madeUp[text] = true
	}
}

// Check returns a *Refusal when req may not leave. A request leaves only when
//
//   - the contract has its operation, or the run made the operation's name up;
//   - each member, text and number of its body is accounted for: a parameter of the
//     contract, a value of a parameter that carries no id, a listed id, a known word, or
//     something that the run made up;
//   - every operation that it could be taken for only reads, or is allowed at the target,
//     or names nothing but what the run made up;
//   - its method is POST or GET, or it names nothing but what the run made up.
func (g *Guard) Check(req wire.Request) error {
	g.mu.RLock()
	defer g.mu.RUnlock()
	c, err := g.call(req)
	if err != nil {
		return err
	}
	if err := g.checkMethod(req.Method, c); err != nil {
		return err
	}
	for _, op := range c.couldBe {
		if err := g.checkChange(op, c); err != nil {
			return err
		}
	}
	return nil
}

// checkChange decides whether a request that could be taken for a change may leave.
func (g *Guard) checkChange(op Operation, c call) error {
	action := op.Key.Action
	if len(c.listed) == 0 && c.madeUp || op.Subject != "" && g.allowed[action] {
		return nil
	}
	what := "names no " + g.kind + ", so an endpoint could take it for all of them"
	if len(c.listed) > 0 {
		what = "could change the listed " + g.kind + " " + quoted(c.listed[0])
	}
	if op.Subject == "" {
		return refuse("%s %s, and the contract does not say how such a change is observed: it may name only what the run made up", action, what)
	}
	return refuse("%s %s: add %s to allow in the target's configuration if that is meant", action, what, action)
}

// Reads reports whether req only reads, whatever the endpoint takes it for: only such a
// request may be sent again as a read is.
func (g *Guard) Reads(req wire.Request) bool {
	g.mu.RLock()
	defer g.mu.RUnlock()
	c, err := g.call(req)
	return err == nil && c.known && len(c.couldBe) == 0 && readsBy(req.Method)
}

// Touched returns the listed instances that req could change if the endpoint accepted it,
// whatever else is wrong with it: each once, in the order they stand in the body.
func (g *Guard) Touched(req wire.Request) []string {
	g.mu.RLock()
	defer g.mu.RUnlock()
	c, err := g.call(req)
	if err != nil || len(c.couldBe) == 0 {
		return nil // a request in error does not leave
	}
	return c.listed
}
