package verdict

import (
	"encoding/json"
	"time"
)

// Trajectory is the sequence of an instance's statuses, from just before a changing call until the
// status has settled.
type Trajectory struct {
	Instance     string        `json:"instance"`
	Action       string        `json:"action,omitempty"` // "" in a report of schema version 1
	Field        string        `json:"field,omitempty"`  // the row member that the action changes; "" if it changes none
	From         string        `json:"from,omitempty"`   // the value before
	To           string        `json:"to,omitempty"`     // the requested value
	Called       time.Duration `json:"calledNs"`         // when the call was sent, relative to Start
	Answered     time.Duration `json:"answeredNs"`       // when its answer had arrived, relative to Start
	Settle       time.Duration `json:"settleNs"`         // how long the end status had to hold
	Start        time.Time     `json:"start"`
	Observations []Observation `json:"sights"`
}

// UnmarshalJSON also reads trajectories of schema version 1, which have fromType and toType instead
// of from and to.
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
	Asked  time.Duration `json:"askedNs"` // relative to the trajectory's Start
	Seen   time.Duration `json:"seenNs"`  // relative to the trajectory's Start
	Status string        `json:"status"`
}

// Took returns the time from the call to the first observation of the final status; 0 if no other
// status was observed in between.
func (t Trajectory) Took() time.Duration {
	for i := len(t.Observations) - 1; i > 0; i-- {
		if t.Observations[i-1].Status == t.Observations[i].Status {
			continue
		}
		return max(0, t.Observations[i].Seen-t.Called)
	}
	return 0
}
