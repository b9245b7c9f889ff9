package verdict

import "fmt"

// Finding is a clause broken by an exchange, a trajectory or a side effect.
type Finding struct {
	Clause    string `json:"clause"`
	Source    Source `json:"source"`
	Level     Level  `json:"level"`
	Where     string `json:"where"` // JSON pointer into the body, "status", "header Content-Type", "trajectory", "instance ins-1"
	Want      string `json:"want"`
	Got       string `json:"got"`
	Exchange  int    `json:"exchange,omitempty"` // 1-based position among the scenario's exchanges; 0: not one exchange alone
	RequestID string `json:"requestId,omitempty"`
}

// Error makes a finding the error by which a step fails.
func (f Finding) Error() string {
	return fmt.Sprintf("%s (%s): %s: want %s, got %s", f.Clause, f.Source, f.Where, f.Want, f.Got)
}

// Fingerprint identifies the finding across runs: what is wrong, not where it was met.
func (f Finding) Fingerprint() string {
	return fmt.Sprintf("%s|%s|%s|%s", f.Clause, f.Where, f.Want, f.Got)
}
