package verdict

import (
	"encoding/json"
	"time"
)

// Trajectory is the (time, status) sequence of an instance from just before a changing
// operation was called until it has settled.
type Trajectory struct {
	Instance     string        `json:"instance"`
	Action       string        `json:"action,omitempty"` // "" in a report of schema version 1
	Field        string        `json:"field,omitempty"`  // the value that the action changes, by its name in a row; "" if it changes none
	From         string        `json:"from,omitempty"`   // the value before
	To           string        `json:"to,omitempty"`     // the value asked for
	Called       time.Duration `json:"calledNs"`         // when the call was sent, from Start
	Answered     time.Duration `json:"answeredNs"`       // when its answer had arrived, from Start
	Settle       time.Duration `json:"settleNs"`         // how long the end had to hold to count as one
	Start        time.Time     `json:"start"`
	Observations []Observation `json:"sights"`
}

// UnmarshalJSON also reads the trajectories of schema version 1, which name the values
// by what they were of: fromType and toType.
func (t *Trajectory) UnmarshalJSON(data []byte) error {
	type plain Trajectory
	old := struct {
		*plain
		FromType string `json:"fromType"`
		ToType   string `json:"toType"`
	}{plain: (*plain)(t)}
	if err := json.Unmarshal(data, &old); err != nil {
		return err
	}
	if t.From == "" && t.To == "" {
		t.From, t.To = old.FromType, old.ToType
	}
	return nil
}

// Observation is one reading of an instance's status. The endpoint formed it at some
// moment between Asked and Seen.
type Observation struct {
	Asked  time.Duration `json:"askedNs"` // from the trajectory's Start
	Seen   time.Duration `json:"seenNs"`  // from the trajectory's Start
	Status string        `json:"status"`
}

// Took returns how long the work took, from its call to the first reading of the status that
// then stayed; 0 when no other status was read meanwhile.
func (t Trajectory) Took() time.Duration {
	for i := len(t.Observations) - 1; i > 0; i-- {
		if t.Observations[i-1].Status == t.Observations[i].Status {
			continue
		}
		return max(0, t.Observations[i].Seen-t.Called)
	}
	return 0
}
