package target

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/guard"
	"github.com/zec-tools/conformance/internal/wire"
)

// Names that the features use for things that do not exist, at whatever target.
const (
	absentType   = "no.such.type"
	absentAction = "NoSuchAction"
	absentValue  = "no-such-value"
)

// AbsentInstance is the id by which the features name an instance that does not exist.
const AbsentInstance = "no-such-instance"

// absentID makes up an instance id that does not exist.
func absentID(n int64) string { return "ins-" + AbsentInstance + "-" + strconv.FormatInt(n, 10) }

// oddWords are the words, member names and numbers by which the built-in features make a
// request odd. None of them names anything real.
func oddWords() []string {
	return []string{
		"hello", "text", "trailing", "and", "more", "a", "comment", "one", "ten", "x", "v", "id", "n", "Action", "action",
		"1", "2", "10", "20", "42", "100", "101", "1000", "1001",
	}
}

// Guard returns what decides which requests may leave for the target. The contract says
// what each operation does and which of its parameters carry ids, the configuration which
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
		for _, value := range l.Besides { // each call sends it
			rules.Words = append(rules.Words, fmt.Sprint(value))
		}
	}
	g := guard.New(rules)
	g.MakeUp(AbsentInstance, absentAction, absentValue)
	for _, op := range rules.Operations {
		if cut, unknown := api.CutOff(op.Key.Action); unknown {
			g.MakeUp(cut) // what it could be taken for, the body says
		}
		if op.Reads { // a server that takes such a name for the one in it reads, too
			g.MakeUp(op.Key.Action+absentAction, absentAction+op.Key.Action)
		}
	}
	return g
}

// guarded returns what the guard has to know of an operation.
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
		op.Subject = l.Subject
		subject, _ := request.Member(l.Subject)
		op.Batch = subject.Type == "array"
	}
	return op
}
