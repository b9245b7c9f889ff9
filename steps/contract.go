// Package steps is the vocabulary of the features. It holds each sentence in English and in
// Chinese, what the sentence needs of the target, and the function that carries it out.
//
// A step builds requests and compares answers. It never signs or sends a request itself, and never
// judges an envelope. It knows neither the mock nor the format of the contract files: it receives
// the contract as the values of Contract.
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

// Contract is the contract in the form that steps use: values to compare answers with.
type Contract struct {
	Actions    []string                           // in the order of the contract
	Operations map[string]wire.Operation          // by action
	Reading    map[string]bool                    // by action: the contract marks it as a read
	Open       map[string]bool                    // by action: it may refuse with 4xx codes that no document lists
	Pairs      []verdict.Pair                     // every documented pair of every operation
	Common     []verdict.Pair                     // the pairs that an action unknown to the contract may return
	Superseded []verdict.Superseded               // pairs that only older editions of the documents list, of every operation
	Clauses    map[string]verdict.Clause          // by id
	Lifecycles map[string]lifecycle.Definition    // by action
	Parameters map[string][]generate.Parameter    // the request parameters of each action, without value pools
	Shown      map[string][]string                // by action: the filters whose value a row shows in a member of the same name
	Statuses   []string                           // every documented status of a subject
	roles      map[string]map[verdict.Role]string // clause ids by action; "" stands for all actions
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

// Role returns the id of the clause with a role: the action's own, otherwise the one for all
// actions, otherwise "".
func (l *Contract) Role(role verdict.Role, action string) string {
	if id, own := l.roles[action][role]; own {
		return id
	}
	return l.roles[""][role]
}

// is reports whether the clause with a role documents the code of an answer.
func (l *Contract) is(a *Answer, role verdict.Role) bool {
	p, known := l.Pair(a.Operation, a.Code)
	return known && p.Clause != "" && p.Clause == l.Role(role, a.Operation.Action)
}

// Operation returns the operation of an action. An action that the contract does not know gets the
// path of the others, so that a scenario can call an unknown action.
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

// Effect returns what a request to an action may do. Only actions that the contract marks as reads
// are reads.
func (l *Contract) Effect(action string) wire.Effect {
	if l.Reading[action] {
		return wire.Reads
	}
	return wire.Refused
}

// Definition returns how the subjects of an action are observed: by the action's own lifecycle or,
// for a read, by the lifecycle of a change that it shows. It returns the zero Definition if the
// contract states none.
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

// leading returns an action that leads from a status to one that allows another action, and changes
// no value: the action's own inverse, or a different action.
func (l *Contract) leading(to lifecycle.Definition, from string) (lifecycle.Definition, bool) {
	for _, name := range append([]string{to.Inverse}, l.Actions...) {
		d, has := l.Lifecycles[name]
		if has && d.Wanted == "" && d.Observed == to.Observed && slices.Contains(d.Start, from) && subset(d.End, to.Start) {
			return d, true
		}
	}
	return lifecycle.Definition{}, false
}

// Changed returns the readings of the values that actions change, each value once, for subjects of
// the same kind as a definition's.
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

// sets reports whether one of these statuses belongs to a running change of a value. No document
// says which value is shown meanwhile (protocol 9).
func (l *Contract) sets(field string, statuses ...string) bool {
	for _, d := range l.Lifecycles {
		if d.Wanted != "" && d.Changed.Field == field && slices.ContainsFunc(statuses, func(s string) bool { return slices.Contains(d.Transient, s) }) {
			return true
		}
	}
	return false
}

// called returns the plural noun that messages use for the subjects of an action.
func (l *Contract) called(action string) string {
	return lifecycle.Plural(cmp.Or(l.Definition(action).Kind, ofInstances))
}

// kinds returns the nouns that the contract uses for the subjects of its actions.
func (l *Contract) kinds() []string {
	var kinds []string
	for _, name := range l.Actions {
		if d, has := l.Lifecycles[name]; has && !slices.Contains(kinds, d.Kind) {
			kinds = append(kinds, d.Kind)
		}
	}
	return kinds
}

// DefinitionOf returns how subjects of a kind are observed, and whether the contract says so.
func (l *Contract) DefinitionOf(kind string) (lifecycle.Definition, bool) {
	for _, name := range l.Actions {
		if d, has := l.Lifecycles[name]; has && sameKind(d.Kind, kind) {
			return d, true
		}
	}
	return lifecycle.Definition{}, false
}

// numeric reports whether the value that an action asks for is a number.
func (l *Contract) numeric(d lifecycle.Definition) bool {
	return slices.ContainsFunc(l.Parameters[d.Operation.Action], func(p generate.Parameter) bool {
		return p.Name == d.Wanted && (p.Type == "integer" || p.Type == "number")
	})
}

// typed converts a value to the JSON type of its parameter.
func (l *Contract) typed(d lifecycle.Definition, value string) any {
	if l.numeric(d) && json.Valid([]byte(value)) {
		return json.Number(value)
	}
	return value
}

// Documented returns the pairs of an operation whose status keep accepts.
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

// Pair returns the documented pair of an operation with a code.
func (l *Contract) Pair(op wire.Operation, code string) (verdict.Pair, bool) {
	i := slices.IndexFunc(l.Pairs, func(p verdict.Pair) bool { return p.Operation == op && p.Code == code })
	if i < 0 {
		return verdict.Pair{}, false
	}
	return l.Pairs[i], true
}

// Violated returns a finding on the clause that has a role for an action.
func (l *Contract) Violated(role verdict.Role, action, where, want, got string) error {
	if id := l.Role(role, action); id != "" {
		return l.Finding(id, where, want, got)
	}
	return &SuiteError{Reason: fmt.Sprintf("no clause of %s in the contract has the role %s: add it to clauses.yaml", action, role)}
}

// Finding returns a finding on a clause. An unknown clause is an error of the suite, and is
// reported as such.
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
