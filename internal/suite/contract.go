package suite

import (
	"maps"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/steps"
)

// Contract holds the parts of a contract that a suite must agree with.
type Contract struct {
	Clauses   map[string]verdict.Clause
	Templates map[string]contract.Text // the texts of templates, by id
	Codes     map[string]bool          // every documented code
	Statuses  []string                 // every documented status
	Kinds     []string                 // the kinds of its actions' subjects
	Actions   []Action                 // in the order of the contract
}

// Action holds what a suite needs to know about an action.
type Action struct {
	Name   string
	Facts  steps.Facts
	Places map[string]string // the values of a template's placeholders, by name
	// Starts are the statuses in which the action is, or may be, carried out. Transient are those
	// while it runs.
	Starts, Transient []string
}

// ContractOf returns these parts of a contract.
func ContractOf(c *contract.Contract) Contract {
	loaded := Contract{Clauses: map[string]verdict.Clause{}, Templates: c.Templates(), Codes: map[string]bool{}}
	for _, clause := range c.Clauses() {
		loaded.Clauses[clause.ID] = clause
	}
	for _, op := range c.Operations() {
		for _, pair := range c.Pairs(op) {
			loaded.Codes[pair.Code] = true
		}
		a := Action{Name: op.Action, Facts: steps.Facts{Changes: c.Changes(op)}, Places: c.Places(op)}
		request, _ := c.Request(op)
		a.Facts.Required = request.Required
		for _, m := range request.Members {
			if m.Schema.Resource != "" {
				a.Facts.Subjects = append(a.Facts.Subjects, m.Name)
			}
			if m.Schema.Paging != "" {
				a.Facts.Paging = append(a.Facts.Paging, m.Name)
			}
		}
		if l, has := c.Lifecycle(op); has {
			a.Facts.Valued, a.Facts.Batch, a.Facts.Start, a.Facts.End = l.Wanted != "", l.Batch, l.Start, l.End
			a.Facts.Parameters = slices.DeleteFunc([]string{l.Subject, l.Wanted}, func(name string) bool { return name == "" })
			a.Facts.Parameters = append(a.Facts.Parameters, slices.Sorted(maps.Keys(l.Besides))...)
			a.Starts, a.Transient = slices.Concat(l.Start, l.Tolerated), l.Transient
			if !slices.Contains(loaded.Kinds, l.Kind) {
				loaded.Kinds = append(loaded.Kinds, l.Kind)
			}
			for _, state := range l.States {
				if !slices.Contains(loaded.Statuses, state) {
					loaded.Statuses = append(loaded.Statuses, state)
				}
			}
		}
		loaded.Actions = append(loaded.Actions, a)
	}
	return loaded
}

// facts returns the properties of actions that determine what a scenario needs, by action.
func (l Contract) facts() map[string]steps.Facts {
	facts := map[string]steps.Facts{}
	for _, a := range l.Actions {
		facts[a.Name] = a.Facts
	}
	return facts
}

// ofAction is the prefix of a tag that stands for the clause of an action.
const ofAction = "{clauses}-"

// instances returns the ids of the clauses for such tags, by tag and action: those made from the
// template, and those written with that id.
func (l Contract) instances() map[[2]string]string {
	begin := map[string]string{} // the prefixes of the actions' clause ids
	for _, a := range l.Actions {
		begin[a.Name] = a.Places["clauses"] + "-"
	}
	all := map[[2]string]string{}
	for id, clause := range l.Clauses {
		key := [2]string{clause.Template, clause.Operation}
		if clause.Template == "" {
			name, own := strings.CutPrefix(id, begin[clause.Operation])
			key[0] = ofAction + name
			if _, made := all[key]; made || !own || begin[clause.Operation] == "" {
				continue
			}
		}
		all[key] = id
	}
	return all
}
