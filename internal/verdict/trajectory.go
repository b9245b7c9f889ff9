package verdict

import "time"

// Trajectory is the (time, status) sequence of an instance from just before a
// resize until it has settled.
type Trajectory struct {
	Instance string        `json:"instance"`
	FromType string        `json:"fromType"`
	ToType   string        `json:"toType"`
	Called   time.Duration `json:"calledNs"`   // when the resize call was sent, from Start
	Answered time.Duration `json:"answeredNs"` // when its answer had arrived, from Start
	Settle   time.Duration `json:"settleNs"`   // how long the end had to hold to count as one
	Start    time.Time     `json:"start"`
	Sights   []Sight       `json:"sights"`
}

// Sight is one reading of an instance's status. The endpoint formed it at some
// moment between Asked and Seen.
type Sight struct {
	Asked  time.Duration `json:"askedNs"` // from the trajectory's Start
	Seen   time.Duration `json:"seenNs"`  // from the trajectory's Start
	Status string        `json:"status"`
}
