// Package steps is the vocabulary of the features: each sentence, in English and in
// Chinese, with what it needs of the target and the short call that carries it out.
//
// A step forms requests and compares answers; it never signs, sends or judges an
// envelope, and knows neither the mock nor the file the contract is written in: what
// the contract says reaches it as the values of Contract.
package steps

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/zec-tools/conformance/internal/generate"
	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// Contract is what the contract says, as values to compare answers with.
type Contract struct {
	Actions    []string                           // in the order of the contract
	Operations map[string]wire.Operation          // by action
	Reading    map[string]bool                    // by action: the contract marks it as reading
	Open       map[string]bool                    // by action: it may refuse with further 4xx codes, which no document lists
	Pairs      []verdict.Pair                     // every documented pair of every operation
	Common     []verdict.Pair                     // those that an action unknown to the contract may be answered with
	Superseded []verdict.Superseded               // pairs that older editions list, of every operation
	Clauses    map[string]verdict.Clause          // by id
	Lifecycles map[string]lifecycle.Definition    // by action
	Parameters map[string][]generate.Parameter    // of each action's request, without pools
	Shown      map[string][]string                // by action: the filters whose value a row shows under the same name
	Statuses   []string                           // every documented status of a subject
	roles      map[string]map[verdict.Role]string // clause ids by action, "" for all actions
}

// AddClause adds a clause of the contract.
func (l *Contract) AddClause(c verdict.Clause) {
	if l.Clauses == nil {
		l.Clauses = map[string]verdict.Clause{}
	}
	l.Clauses[c.ID] = c
	if c.Role == "" {
		return
	}
	if l.roles == nil {
		l.roles = map[string]map[verdict.Role]string{}
	}
	if l.roles[c.Operation] == nil {
		l.roles[c.Operation] = map[verdict.Role]string{}
	}
	l.roles[c.Operation][c.Role] = c.ID
}

// Role returns the id of an action's clause in a role: its own, else the one that speaks
// of all actions; "" if there is none.
func (l *Contract) Role(role verdict.Role, action string) string {
	if id, own := l.roles[action][role]; own {
		return id
	}
	return l.roles[""][role]
}

// is reports whether an answer's code is documented by the clause in a role.
func (l *Contract) is(a *Answer, role verdict.Role) bool {
	p, known := l.Pair(a.Operation, a.Code)
	return known && p.Clause != "" && p.Clause == l.Role(role, a.Operation.Action)
}

// Operation returns the operation of an action. An action the contract does not know
// is sent on the path of the others: that is how an unknown action is asked for.
func (l *Contract) Operation(action string) wire.Operation {
	if op, known := l.Operations[action]; known {
		return op
	}
	if len(l.Actions) == 0 {
		return wire.Operation{Action: action}
	}
	op := l.Operations[l.Actions[0]]
	op.Action = action
	return op
}

// Effect returns what a request with an action may do: only what the contract marks as
// reading reads.
func (l *Contract) Effect(action string) wire.Effect {
	if l.Reading[action] {
		return wire.Reads
	}
	return wire.Refused
}

// Definition returns how a subject of an action is observed: by the action's own
// lifecycle, or for a reading action by one that it is read for. The zero Definition
// means that the contract states none.
func (l *Contract) Definition(action string) lifecycle.Definition {
	if d, has := l.Lifecycles[action]; has {
		return d
	}
	first := lifecycle.Definition{}
	for _, name := range l.Actions {
		d, has := l.Lifecycles[name]
		if !has {
			continue
		}
		if _, shows := d.ReadingAt(l.Operations[action]); shows {
			return d
		}
		if first.Subject == "" {
			first = d
		}
	}
	return first
}

// leading returns the action that leads from a status to one in which an action may be
// called, and changes no value: the action's own inverse, or another one.
func (l *Contract) leading(to lifecycle.Definition, from string) (lifecycle.Definition, bool) {
	for _, name := range append([]string{to.Inverse}, l.Actions...) {
		d, has := l.Lifecycles[name]
		if has && d.Wanted == "" && d.Observed == to.Observed && slices.Contains(d.Start, from) && subset(d.End, to.Start) {
			return d, true
		}
	}
	return lifecycle.Definition{}, false
}

// Changed returns where the values that actions change are read, for subjects of the
// same kind as those of a definition, each value once.
func (l *Contract) Changed(of lifecycle.Definition) []lifecycle.Reading {
	var list []lifecycle.Reading
	for _, name := range l.Actions {
		d := l.Lifecycles[name]
		if d.Wanted != "" && d.Observed == of.Observed && !slices.Contains(list, d.Changed) {
			list = append(list, d.Changed)
		}
	}
	return list
}

// sets reports whether an action that changes a value is under way in one of these statuses: which value is shown
// then, no document says (protocol 9).
func (l *Contract) sets(field string, statuses ...string) bool {
	for _, d := range l.Lifecycles {
		if d.Wanted != "" && d.Changed.Field == field && slices.ContainsFunc(statuses, func(s string) bool { return slices.Contains(d.Transient, s) }) {
			return true
		}
	}
	return false
}

// called is what messages call the subjects of an action, several of them.
func (l *Contract) called(action string) string {
	return lifecycle.Plural(cmp.Or(l.Definition(action).Kind, ofInstances))
}

// kinds returns what the contract calls the subjects of its actions.
func (l *Contract) kinds() []string {
	var kinds []string
	for _, name := range l.Actions {
		if d, has := l.Lifecycles[name]; has && !slices.Contains(kinds, d.Kind) {
			kinds = append(kinds, d.Kind)
		}
	}
	return kinds
}

// DefinitionOf returns how a subject of a kind is observed, and whether the contract says.
func (l *Contract) DefinitionOf(kind string) (lifecycle.Definition, bool) {
	for _, name := range l.Actions {
		if d, has := l.Lifecycles[name]; has && sameKind(d.Kind, kind) {
			return d, true
		}
	}
	return lifecycle.Definition{}, false
}

// numeric reports whether the wanted value of an action is a number.
func (l *Contract) numeric(d lifecycle.Definition) bool {
	return slices.ContainsFunc(l.Parameters[d.Operation.Action], func(p generate.Parameter) bool {
		return p.Name == d.Wanted && (p.Type == "integer" || p.Type == "number")
	})
}

// typed returns a wanted value as the JSON type that its parameter has.
func (l *Contract) typed(d lifecycle.Definition, value string) any {
	if l.numeric(d) && json.Valid([]byte(value)) {
		return json.Number(value)
	}
	return value
}

// Documented returns the pairs of an operation under the statuses for which keep holds.
func (l *Contract) Documented(op wire.Operation, keep func(status int) bool) []verdict.Pair {
	all := l.Pairs
	if l.Operations[op.Action] != op {
		all, op = l.Common, wire.Operation{}
	}
	var pairs []verdict.Pair
	for _, p := range all {
		if p.Operation == op && keep(p.Status) {
			pairs = append(pairs, p)
		}
	}
	return pairs
}

// Pair returns the documented pair of an operation that has the code.
func (l *Contract) Pair(op wire.Operation, code string) (verdict.Pair, bool) {
	i := slices.IndexFunc(l.Pairs, func(p verdict.Pair) bool { return p.Operation == op && p.Code == code })
	if i < 0 {
		return verdict.Pair{}, false
	}
	return l.Pairs[i], true
}

// Violated makes a finding on the clause of an action in a role.
func (l *Contract) Violated(role verdict.Role, action, where, want, got string) error {
	if id := l.Role(role, action); id != "" {
		return l.Finding(id, where, want, got)
	}
	return &SuiteError{Reason: fmt.Sprintf("no clause of %s in the contract has the role %s: add it to clauses.yaml", action, role)}
}

// Finding makes a finding on a clause. A clause the contract does not have is a
// fault of the suite, and is reported as one.
func (l *Contract) Finding(clause, where, want, got string) error {
	c, known := l.Clauses[clause]
	if !known {
		return &SuiteError{Reason: fmt.Sprintf("no clause %s in the contract: fix the scenario or clauses.yaml", clause)}
	}
	f := verdict.Finding{Clause: c.ID, Source: c.Source, Level: c.Level, Where: where, Want: want, Got: got}
	for _, d := range l.Lifecycles {
		f.Rows = f.Rows || d.Lists(where)
	}
	return f
}

// The roles of the clauses that a change can violate.
const (
	roleCarriedOut   = verdict.RoleCarriedOut
	roleAsynchronous = verdict.RoleAsynchronous
	roleTransient    = verdict.RoleTransient
	roleEnd          = verdict.RoleEnd
	roleChanged      = verdict.RoleChanged
	roleOnlyNamed    = verdict.RoleOnlyNamed
	roleLock         = verdict.RoleLock
	roleSameValue    = verdict.RoleSameValue
	roleBatch        = verdict.RoleBatch
	roleTruthful     = verdict.RoleTruthful
	roleFilter       = verdict.RoleFilter
	roleUnchanged    = verdict.RoleRefusedUnchanged
)
