package mock

import "time"

// Transition is the course of an instance from one status to another: a change that an action
// began, or one that the instance was seeded in the middle of.
type Transition struct {
	action     string // the action that began it; empty if the instance was seeded in it
	Start, End time.Time
	shows      []string // the transient statuses, each for an equal share of the time
	Ends       string   // the status after it
	To         string   // the type after it; empty if it does not change
	Gives      Spec     // the resources of that type
}

// Observe returns what reads show of a record at a moment: a transient status and the old type
// during its transition, then the result of the transition.
func Observe(r *Record, now time.Time) Instance {
	in := r.Instance
	t := r.Transition
	if t == nil {
		return in
	}
	in.Status = t.status(now)
	if t.To != "" && !now.Before(t.End) {
		in.Type, in.CPU, in.Memory = t.To, t.Gives.CPU, t.Gives.Memory
	}
	return in
}

// status returns the status at a moment.
func (t *Transition) status(now time.Time) string {
	if !now.Before(t.End) {
		return t.Ends
	}
	step := int(t.Share(now) * float64(len(t.shows)))
	return t.shows[min(step, len(t.shows)-1)] // a share just below 1 may be rounded up to 1
}

// Share returns the progress of a transition: 0 at its start, 1 at its end, and more afterwards. A
// read that arrived before the start sees it at its start.
func (t *Transition) Share(now time.Time) float64 {
	return max(0, float64(now.Sub(t.Start))/float64(t.End.Sub(t.Start)))
}

// By reports whether an action began the last transition of an instance.
func (r *Record) By(action string) bool { return r.Transition != nil && r.Transition.action == action }

// transient maps each transient status to the status that follows it. C and A name them, but no
// document says what follows. An instance that is seeded in one of them moves on by itself.
func transient() map[string]string {
	return map[string]string{
		"DEPLOYING": Running, "REBUILDING": Running, "REBOOT": Running, Booting: Running, "STARTING": Running,
		Stopping: Stopped, "IMAGING": Stopped, Resizing: Stopped,
		"RELEASING": "RECYCLE", "RECYCLING": "RECYCLE",
	}
}
