package verdict

import (
	"fmt"
	"slices"
	"strings"
)

// Finding is a clause broken by an exchange, a trajectory or a side effect.
type Finding struct {
	Clause    string `json:"clause"`
	Source    Source `json:"source"`
	Level     Level  `json:"level"`
	Where     string `json:"where"` // JSON pointer into the body, "status", "header Content-Type", "trajectory of instance ins-1"
	Want      string `json:"want"`
	Got       string `json:"got"`
	Rows      bool   `json:"rows,omitempty"`     // Where is a list of rows, by the contract
	Exchange  int    `json:"exchange,omitempty"` // 1-based position among the scenario's exchanges; 0: not one exchange alone
	RequestID string `json:"requestId,omitempty"`
	Place     string `json:"place,omitempty"`  // of a recorded exchange: the file and the number of the entry
	Waived    string `json:"waived,omitempty"` // why it does not fail the run, with owner and end
}

// Error makes a finding the error by which a step fails.
func (f Finding) Error() string {
	text := fmt.Sprintf("%s (%s): %s: want %s, got %s", f.Clause, f.Source, f.Where, Shown(f.Want), Shown(f.Got))
	if f.Place != "" {
		text += " (" + f.Place + ")"
	}
	if f.Waived != "" {
		text += " [waived: " + f.Waived + "]"
	}
	return text
}

// Shown is a value as people are told it: in quotes where it begins or ends with a space, or is nothing at all.
func Shown(value string) string {
	if value == "" || strings.TrimSpace(value) != value {
		return `"` + value + `"`
	}
	return value
}

// Teller returns the index of the step whose message tells of a finding, or -1 when none
// does: then the contract has found it, in whatever the step had sent.
func (s Scenario) Teller(f Finding) int {
	f.Waived = "" // said of it later
	text := f.Error()
	return slices.IndexFunc(s.Steps, func(step Step) bool { return strings.Contains(step.Message, text) })
}
