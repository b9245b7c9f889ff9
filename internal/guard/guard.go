// Package guard decides which requests may be sent to a real endpoint. It allows what it knows to
// be harmless and refuses everything else. So a mistake in the selection of scenarios, in a step,
// in a feature, or in a body typed by hand cannot affect an instance that the target does not list,
// or make a change that is not allowed.
//
// What each operation does, which of its parameters carry ids, and what the target allows is passed
// in as values. The package knows no operation, parameter or error code by name, sends nothing, and
// judges no answer.
package guard

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/zec-tools/conformance/internal/wire"
)

// Rules are the rules by which a Guard checks requests.
type Rules struct {
	Operations []Operation // those of the contract
	Listed     []string    // the ids of the only real instances that a request may name
	Allowed    []string    // the actions that may change a listed instance
	One        string      // the word for a listed instance in refusals; "" means "an instance"
	// Words are texts that name no instance and are allowed wherever an id is: the types in use,
	// and the odd words and numbers of the built-in features.
	Words []string
}

// Operation is what the contract says about an operation.
type Operation struct {
	Key   wire.Operation
	Reads bool // it is marked as a read; every other operation counts as a change
	// Subject is the parameter that names what is changed. It is "" if the contract does not say
	// how the change is observed, so that it could not be undone.
	Subject string
	// Batch means that the subject is a list. A call without it could mean all instances.
	Batch bool
	// Lasting means that nothing undoes the change, so that no target can allow the action.
	Lasting    bool
	Parameters []Parameter
	Required   []string // the names of the required parameters
}

// Parameter is one member of an operation's request.
type Parameter struct {
	Name string
	ID   bool // its value, or each of its items, is an id
}

// has reports whether the operation has a parameter with exactly this name.
func (o Operation) has(name string) bool {
	return slices.ContainsFunc(o.Parameters, func(p Parameter) bool { return p.Name == name })
}

// subjects returns the parameters that tell the operation what to work on.
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

// Guard checks requests. Its Check is meant for client.Options.Guard. It is safe for concurrent
// use.
type Guard struct {
	operations []Operation
	byAction   map[string]Operation // by action name in lower case
	ids        map[string]bool      // every parameter's name, and whether any operation has ids in it
	listed     map[string]bool
	allowed    map[string]bool
	words      map[string]bool
	one, kind  string // the word for a listed instance in refusals, with and without its article

	mu     sync.RWMutex
	madeUp map[string]bool
}

// New returns a guard with the given rules.
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

// MakeUp allows texts that the run made up and that name nothing real: ids, names of actions and
// members, generated values. They are recognised by their value, so they are allowed in a feature,
// too.
func (g *Guard) MakeUp(texts ...string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, text := range texts {
		g.madeUp[text] = true
	}
}

// Check returns a *Refusal if req must not be sent. A request may be sent only if
//
//   - the contract has its operation, or the run made the operation's name up;
//   - each member, string and number of its body is accounted for: a parameter of the contract,
//     a value of a parameter that carries no id, a listed id, a known word, or something that the
//     run made up;
//   - every operation that it could be mistaken for only reads, or is allowed at the target, or
//     names nothing but what the run made up;
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

// checkChange decides whether a request that could be mistaken for a change may be sent.
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
	if op.Lasting {
		return refuse("%s %s, and nothing undoes what it does, so no target can allow it: it may name only what the run made up", action, what)
	}
	return refuse("%s %s: add %s to allow in the target's configuration if that is meant", action, what, action)
}

// Reads reports whether req only reads, whatever operation the endpoint mistakes it for. Only then
// may it be retried like a read.
func (g *Guard) Reads(req wire.Request) bool {
	g.mu.RLock()
	defer g.mu.RUnlock()
	c, err := g.call(req)
	return err == nil && c.known && len(c.couldBe) == 0 && readsBy(req.Method)
}

// Touched returns the listed instances that req could change if the endpoint accepted it, whatever
// else is wrong with it: those that it names, once each and in the order of the body, and those with
// whose id one begins that the run made up, because an endpoint may look at no more of it.
func (g *Guard) Touched(req wire.Request) (named, alike []string) {
	g.mu.RLock()
	defer g.mu.RUnlock()
	c, err := g.call(req)
	if err != nil || len(c.couldBe) == 0 {
		return nil, nil // a request in error is not sent
	}
	return c.listed, c.alike
}
