// Package coverage compares the contract with the features, without running either:
// for each thing that the contract states, which scenarios put it to the test, and for
// each thing that the features name, whether the contract has it.
//
// It takes operations, parameters, codes and statuses as they come from the contract,
// and what a scenario speaks of from the sentences of its steps. It sends nothing.
// What it cannot see is whether a scenario's steps compare enough: that is what
// injected defects are for.
package coverage

import (
	"slices"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/suite"
)

// Criterion is a kind of thing that the contract states.
type Criterion string

// The criteria. Each is reported for every operation by itself; clauses are reported
// under the operation they speak of, or under none.
const (
	Statuses    Criterion = "status codes"
	Pairs       Criterion = "status and code pairs"
	Parameters  Criterion = "parameters"
	Values      Criterion = "parameter values"
	Members     Criterion = "response members"
	States      Criterion = "lifecycle states"
	Transitions Criterion = "lifecycle transitions"
	Instances   Criterion = "instance statuses"
	Clauses     Criterion = "clauses"
)

// Criteria returns all criteria, in the order in which they are reported.
func Criteria() []Criterion {
	return []Criterion{Statuses, Pairs, Parameters, Values, Members, States, Transitions, Instances, Clauses}
}

// State is whether a thing is put to the test.
type State string

// The states of an item.
const (
	Covered    State = "covered"
	Uncovered  State = "uncovered" // testable, and no scenario tests it
	Untestable State = "untestable"
)

// Item is one thing that the contract states.
type Item struct {
	Criterion Criterion `json:"criterion"`
	Operation string    `json:"operation,omitempty"` // its action; "" for a clause that speaks of all
	Name      string    `json:"name"`
	State     State     `json:"state"`
	Scenarios []string  `json:"scenarios,omitempty"` // the ids of those that cover it, in their order
	Reason    string    `json:"reason,omitempty"`    // why it is untestable
}

// UnknownReference is something that a scenario names and the contract does not have.
type UnknownReference struct {
	Scenario string `json:"scenario"`
	File     string `json:"file"` // relative to the features folder
	Line     int    `json:"line"`
	What     string `json:"what"`
}

// Report is what the comparison shows.
type Report struct {
	Items   []Item             `json:"items"`
	Unknown []UnknownReference `json:"strangers"`
}

// Complete reports whether all that can be tested is, and nothing is named that is not there.
func (r Report) Complete() bool {
	return len(r.Unknown) == 0 && !slices.ContainsFunc(r.Items, func(i Item) bool { return i.State == Uncovered })
}

// Compare compares the contract with all scenarios of a suite.
func Compare(c *contract.Contract, s *suite.Suite) Report {
	report := Report{Items: []Item{}, Unknown: []UnknownReference{}}
	scenes := make([]scene, len(s.Cases))
	for i, one := range s.Cases {
		scenes[i] = read(one)
		report.Unknown = append(report.Unknown, unknownReferences(c, scenes[i])...)
	}
	for _, w := range wanted(c) {
		item := Item{Criterion: w.criterion, Operation: w.operation, Name: w.name}
		for _, scene := range scenes {
			if w.covers(scene) {
				item.Scenarios = append(item.Scenarios, scene.origin.ID)
			}
		}
		switch {
		case len(item.Scenarios) > 0:
			item.State = Covered
		case w.untestable != "":
			item.State, item.Reason = Untestable, w.untestable
		default:
			item.State = Uncovered
		}
		report.Items = append(report.Items, item)
	}
	return report
}

// want is one thing that a scenario should cover.
type want struct {
	criterion  Criterion
	operation  string
	name       string
	untestable string // why no scenario can
	covers     func(scene) bool
}
