// Package derive writes the scenarios that follow from a contract as features in Gherkin: what each
// action must do, must refuse and must leave unchanged according to its documents.
//
// It only writes texts, with the sentences of the features. It runs no scenario, knows no action,
// status or code by name, and finds each clause by its role. If a contract has no clause with a
// role, or does not state what a scenario needs, that scenario is left out.
package derive

import (
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// Folder is the folder of the derived features within those of a contract.
const Folder = "derived"

// Features returns the features that follow from a contract, one file for each action, by path. The
// same contract always gives the same texts. The ids of scenarios depend only on the action and on
// what a scenario shows.
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

// feature is the feature of one action while it is being written.
type feature struct {
	contract  *contract.Contract
	operation wire.Operation
	lifecycle lifecycle.Definition // of the action, or of the subjects that it reads
	changes   bool                 // the lifecycle is the action's own
	read      bool                 // the action shows those subjects
	rules     []rule
}

// rule holds the scenarios of one clause.
type rule struct {
	clause    verdict.Clause
	scenarios []scenario
}

// scenario is one scenario, or an outline if it has rows.
type scenario struct {
	id, name string
	also     []verdict.Role // the roles of further clauses that it tests
	clauses  []string       // the ids of further clauses
	steps    []string
	columns  []string
	rows     [][]string
}

// text returns the feature, or nil if it has no scenarios.
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
		return nil // without a subject, nothing can be named or be checked for changes
	}
	f.parameters()
	f.authentication()
	f.transport()
	if len(f.rules) == 0 {
		return nil
	}
	return f.render()
}

// under adds scenarios to the rule of the first role with a testable clause.
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

// clause returns the action's clause with a role, if it is testable.
func (f *feature) clause(role verdict.Role) (verdict.Clause, bool) {
	c, has := f.contract.ByRole(role, f.operation)
	return c, has && c.Untestable == ""
}

// pair returns the error response that the action's clause with a role documents.
func (f *feature) pair(role verdict.Role) (string, bool) {
	c, has := f.clause(role)
	for _, p := range f.contract.Pairs(f.operation) {
		if has && p.Clause == c.ID {
			return p.String(), true
		}
	}
	return "", false
}

// a returns the step with a subject in a status.
func (f *feature) a(status string) string { return "Given " + article(status) + " " + f.lifecycle.Kind }

// absent returns the step with a subject that does not exist.
func (f *feature) absent() string {
	return "Given " + article(f.lifecycle.Kind) + " that does not exist"
}

// article adds the article to a word, depending on its first letter.
func article(word string) string {
	if strings.ContainsAny(word[:min(1, len(word))], "aeiouAEIOU") {
		return "an " + word
	}
	return "a " + word
}

// given returns the step with a subject in the first start status.
func (f *feature) given() string { return f.a(f.lifecycle.Start[0]) }

// unchanged returns the step that checks that a subject has not changed.
func (f *feature) unchanged() string { return "And the " + f.lifecycle.Kind + " is unchanged" }

// id returns the id of a scenario.
func (f *feature) id(of string) string { return kebab(f.operation.Action) + "-" + of }
