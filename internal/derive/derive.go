// Package derive writes the scenarios that a contract implies as features in Gherkin: what
// each action has to do, to refuse and to leave alone, as its documents state it.
//
// It writes texts in the sentences of the features and nothing else: it runs no scenario,
// knows no action, status or code by name, and finds each clause by its role. Where a
// contract has no clause in a role, or does not say what a scenario needs, there is no such
// scenario.
package derive

import (
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// Folder is where the derived features lie among those of a contract.
const Folder = "derived"

// Features returns the features that a contract implies: one file for each action, by path.
// The same contract gives the same texts, and the ids of scenarios depend on the action and
// on what a scenario shows alone.
func Features(c *contract.Contract) map[string][]byte {
	files := map[string][]byte{}
	for _, op := range c.Operations() {
		f := feature{contract: c, operation: op}
		f.lifecycle, f.changes = c.Lifecycle(op)
		if !f.changes {
			f.lifecycle, f.read = subjectOf(c, op)
		}
		if text := f.text(); text != nil {
			files[Folder+"/"+op.Action+".feature"] = text
		}
	}
	return files
}

// subjectOf returns a lifecycle whose subjects a read shows, and whether there is one.
func subjectOf(c *contract.Contract, op wire.Operation) (lifecycle.Definition, bool) {
	for _, other := range c.Operations() {
		if l, has := c.Lifecycle(other); has {
			if _, shows := l.ReadingAt(op); shows {
				return l, true
			}
		}
	}
	return lifecycle.Definition{}, false
}

// feature is the feature of one action, as far as it is written.
type feature struct {
	contract  *contract.Contract
	operation wire.Operation
	lifecycle lifecycle.Definition // of the action, or of the subjects that it reads
	changes   bool                 // it has that lifecycle itself
	read      bool                 // it shows those subjects
	rules     []rule
}

// rule holds the scenarios of one clause.
type rule struct {
	clause    verdict.Clause
	scenarios []scenario
}

// scenario is one scenario, or with rows an outline.
type scenario struct {
	id, name string
	also     []verdict.Role // of further clauses that it shows
	clauses  []string       // further ones by id
	steps    []string
	columns  []string
	rows     [][]string
}

// text writes the feature, or returns nil when there is nothing to show.
func (f *feature) text() []byte {
	switch {
	case f.changes:
		f.carriedOut()
		f.refused()
		f.batch()
		f.meanwhile()
	case f.read:
		f.listed()
	default:
		return nil // without a subject nothing can be named, nor seen to be unchanged
	}
	f.parameters()
	f.authentication()
	f.transport()
	if len(f.rules) == 0 {
		return nil
	}
	return f.render()
}

// under adds scenarios to the rule of the first role that a testable clause has.
func (f *feature) under(role verdict.Role, scenarios ...scenario) {
	if clause, has := f.clause(role); has {
		f.underClause(clause, scenarios...)
	}
}

func (f *feature) underClause(clause verdict.Clause, scenarios ...scenario) {
	i := slices.IndexFunc(f.rules, func(r rule) bool { return r.clause.ID == clause.ID })
	if i < 0 {
		i, f.rules = len(f.rules), append(f.rules, rule{clause: clause})
	}
	for _, s := range scenarios {
		if len(s.columns) == 0 || len(s.rows) > 0 {
			f.rules[i].scenarios = append(f.rules[i].scenarios, s)
		}
	}
	if len(f.rules[i].scenarios) == 0 {
		f.rules = slices.Delete(f.rules, i, i+1)
	}
}

// clause returns the clause of the action in a role, if it can be tested.
func (f *feature) clause(role verdict.Role) (verdict.Clause, bool) {
	c, has := f.contract.ByRole(role, f.operation)
	return c, has && c.Untestable == ""
}

// pair returns the error response that the clause in a role documents for the action.
func (f *feature) pair(role verdict.Role) (string, bool) {
	c, has := f.clause(role)
	for _, p := range f.contract.Pairs(f.operation) {
		if has && p.Clause == c.ID {
			return p.String(), true
		}
	}
	return "", false
}

// a names a subject in a status.
func (f *feature) a(status string) string { return "Given " + article(status) + " " + f.lifecycle.Kind }

// absent names a subject that does not exist.
func (f *feature) absent() string {
	return "Given " + article(f.lifecycle.Kind) + " that does not exist"
}

// article puts the article before a word, by its first letter.
func article(word string) string {
	if strings.ContainsAny(word[:min(1, len(word))], "aeiouAEIOU") {
		return "an " + word
	}
	return "a " + word
}

// given names a subject in the first start status.
func (f *feature) given() string { return f.a(f.lifecycle.Start[0]) }

// unchanged is the step that nothing was changed, where the action could have.
func (f *feature) unchanged() string { return "And the " + f.lifecycle.Kind + " is unchanged" }

// id makes the id of a scenario.
func (f *feature) id(of string) string { return kebab(f.operation.Action) + "-" + of }
