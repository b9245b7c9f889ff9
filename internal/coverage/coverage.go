// Package coverage compares the contract with the features, without running either. It shows, for
// each thing that the contract states, which scenarios test it, and for each thing that the
// features name, whether the contract has it.
//
// It takes operations, parameters, codes and statuses from the contract, and what a scenario covers
// from the sentences of its steps. It sends nothing. It cannot see whether the steps compare
// enough; injected defects show that.
package coverage

import (
	"slices"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/suite"
)

// Criterion is a kind of thing that the contract states.
type Criterion string

// The criteria. Each is reported separately for every operation. Clauses are reported under the
// operation that they are about, or under none.
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

// Criteria returns all criteria in the order of the report.
func Criteria() []Criterion {
	return []Criterion{Statuses, Pairs, Parameters, Values, Members, States, Transitions, Instances, Clauses}
}

// State says whether a thing is tested.
type State string

// The states of an item.
const (
	Covered    State = "covered"
	Uncovered  State = "uncovered" // testable, but no scenario tests it
	Untestable State = "untestable"
)

// Item is one thing that the contract states.
type Item struct {
	Criterion Criterion `json:"criterion"`
	Operation string    `json:"operation,omitempty"` // its action; "" for a clause about all actions
	Name      string    `json:"name"`
	State     State     `json:"state"`
	Scenarios []string  `json:"scenarios,omitempty"` // the ids of the scenarios that cover it, in order
	Reason    string    `json:"reason,omitempty"`    // why it is untestable
}

// UnknownReference is something that a scenario names but the contract does not have.
type UnknownReference struct {
	Scenario string `json:"scenario"`
	File     string `json:"file"` // relative to the features folder
	Line     int    `json:"line"`
	What     string `json:"what"`
}

// Report is the result of the comparison.
type Report struct {
	Items   []Item             `json:"items"`
	Unknown []UnknownReference `json:"strangers"`
}

// Complete reports whether everything testable is tested and there are no unknown references.
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
	untestable string // why no scenario can cover it
	covers     func(scene) bool
}
