package verdict

import (
	"fmt"
	"slices"
	"strings"
)

// Finding is a violation of a clause by an exchange, a trajectory or a side effect.
type Finding struct {
	Clause    string `json:"clause"`
	Source    Source `json:"source"`
	Level     Level  `json:"level"`
	Where     string `json:"where"` // JSON pointer into the body, "status", "header Content-Type", "trajectory of instance ins-1"
	Want      string `json:"want"`
	Got       string `json:"got"`
	Rows      bool   `json:"rows,omitempty"`     // the contract says that Where is a list of rows
	Exchange  int    `json:"exchange,omitempty"` // 1-based position among the scenario's exchanges; 0 if it is not about a single exchange
	RequestID string `json:"requestId,omitempty"`
	Place     string `json:"place,omitempty"`  // for recorded traffic: the file and the number of the entry
	Waived    string `json:"waived,omitempty"` // why it does not fail the run, with owner and end
}

// Error returns the finding as the error of a failed step.
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

// Shown returns a value for display: in quotes if it is empty or begins or ends with a space.
func Shown(value string) string {
	if value == "" || strings.TrimSpace(value) != value {
		return `"` + value + `"`
	}
	return value
}

// Teller returns the index of the step whose message contains a finding, or -1 if there is none. In
// that case the contract found the violation, in any of the requests.
func (s Scenario) Teller(f Finding) int {
	f.Waived = "" // set after the step has ended
	text := f.Error()
	return slices.IndexFunc(s.Steps, func(step Step) bool { return strings.Contains(step.Message, text) })
}
