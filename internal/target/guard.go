package target

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/guard"
	"github.com/zec-tools/conformance/internal/wire"
)

// Names that the features use for things that do not exist at any target.
const (
	absentType   = "no.such.type"
	absentAction = "NoSuchAction"
	absentValue  = "no-such-value"
)

// AbsentInstance is the id that the features use for an instance that does not exist.
const AbsentInstance = "no-such-instance"

// absentIDs makes up an id of something that does not exist, in the forms that ids commonly have. n
// and run make it unique.
func absentIDs(kind string, n int64, run string) []string {
	unique := strconv.FormatInt(n, 10)
	forms := []string{kind + "-no-such-" + kind + "-" + unique + "-" + run, kind + "-nosuch" + unique + run, "nosuch" + unique + run}
	if kind == instanceKind {
		return append([]string{"ins-" + AbsentInstance + "-" + unique + "-" + run}, forms...)
	}
	return forms
}

// absentID makes up an id of something that does not exist. If the contract says which form ids
// have, it has that form, if possible: where it has not, an endpoint may refuse it for its form
// (protocol 9).
func (c Config) absentID(api *contract.Contract, n int64, run string) string {
	forms := absentIDs(c.calls.kind, n, run)
	l, err := (&changer{kind: c.kind(), contract: api}).lifecycle()
	if err != nil {
		return forms[0]
	}
	request, _ := api.Request(l.Operation)
	subject, _ := request.Member(l.Subject)
	if subject.Items != nil {
		subject = *subject.Items
	}
	for _, id := range forms {
		if subject.Forbids(id) == "" {
			return id
		}
	}
	return forms[0]
}

// oddWords returns the words, member names and numbers with which the built-in features make a
// request odd. None of them names anything real.
func oddWords() []string {
	return []string{
		"hello", "text", "trailing", "and", "more", "a", "comment", "one", "ten", "x", "v", "id", "n", "Action", "action",
		"1", "2", "10", "20", "42", "100", "101", "1000", "1001",
	}
}

// Guard returns the guard that decides which requests may be sent to the target. The contract says
// what each operation does and which of its parameters carry ids. The configuration says which
// instances may be named and which actions may change them.
func (c Config) Guard(api *contract.Contract) *guard.Guard {
	types := c.InstanceTypes
	rules := guard.Rules{
		Allowed: c.Allow, One: c.words(api).an(),
		Words: slices.Concat(oddWords(), []string{absentType}, types.Resizable, types.Unsupported, types.GPU),
	}
	for _, in := range c.Instances {
		rules.Listed = append(rules.Listed, in.ID)
	}
	for _, key := range api.Operations() {
		rules.Operations = append(rules.Operations, guarded(api, key))
		l, _ := api.Lifecycle(key)
		for _, value := range l.Besides { // every call sends it
			rules.Words = append(rules.Words, fmt.Sprint(value))
		}
	}
	g := guard.New(rules)
	g.MakeUp(AbsentInstance, absentAction, absentValue)
	for _, op := range rules.Operations {
		if cut, unknown := api.CutOff(op.Key.Action); unknown {
			g.MakeUp(cut) // the body decides which action it could be mistaken for
		}
		if op.Reads { // a server that mistakes such a name for the action it contains only reads, too
			g.MakeUp(op.Key.Action+absentAction, absentAction+op.Key.Action)
		}
	}
	return g
}

// guarded returns what the guard needs to know about an operation.
func guarded(api *contract.Contract, key wire.Operation) guard.Operation {
	op := guard.Operation{Key: key, Reads: !api.Changes(key)}
	request, _ := api.Request(key)
	op.Required = request.Required
	for _, m := range request.Members {
		item := m.Schema
		if item.Items != nil {
			item = *item.Items
		}
		op.Parameters = append(op.Parameters, guard.Parameter{Name: m.Name, ID: m.Schema.Resource != "" || item.Resource != ""})
	}
	if l, observed := api.Lifecycle(key); observed && !op.Reads {
		op.Subject, op.Lasting = l.Subject, !l.Reversible()
		subject, _ := request.Member(l.Subject)
		op.Batch = subject.Type == "array"
	}
	return op
}
