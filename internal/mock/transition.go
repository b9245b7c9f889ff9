package mock

import "time"

// Transition is the way of an instance from one status to another: the work that an
// action began, or what an instance was seeded in the middle of.
type Transition struct {
	action     string // that began it; empty: the instance was seeded so
	Start, End time.Time
	shows      []string // the statuses on the way, each for an equal share of the time
	Ends       string   // the status that follows
	To         string   // the type that follows; empty: the one it had
	Gives      Spec     // what that type gives
}

// Observe tells what a record looks like at a moment. Until its transition has ended it
// shows a status of the way and the old type, then what the transition leads to.
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
	return t.shows[min(step, len(t.shows)-1)] // a share just below 1 may round up to it
}

// Share tells how far a transition is: 0 at its start, 1 at its end, and more afterwards.
// A read that came in before the start and looks after it finds it at its start.
func (t *Transition) Share(now time.Time) float64 {
	return max(0, float64(now.Sub(t.Start))/float64(t.End.Sub(t.Start)))
}

// By reports whether an action began the last transition of an instance.
func (r *Record) By(action string) bool { return r.Transition != nil && r.Transition.action == action }

// transient says which status follows each that does not last (C and A name them, no document
// says what follows): an instance that is seeded in one of them goes on by itself.
func transient() map[string]string {
	return map[string]string{
		"DEPLOYING": Running, "REBUILDING": Running, "REBOOT": Running, Booting: Running, "STARTING": Running,
		Stopping: Stopped, "IMAGING": Stopped, Resizing: Stopped,
		"RELEASING": "RECYCLE", "RECYCLING": "RECYCLE",
	}
}
