package mock

import "time"

// transition is the way of an instance from one status to another: the work that an
// action began, or what an instance was seeded in the middle of.
type transition struct {
	action     string // that began it; empty: the instance was seeded so
	start, end time.Time
	shows      []string // the statuses on the way, each for an equal share of the time
	ends       string   // the status that follows
	to         string   // the type that follows; empty: the one it had
	gives      spec     // what that type gives
}

// observe tells what a record looks like at a moment. Until its transition has ended it
// shows a status of the way and the old type, then what the transition leads to.
func observe(r *record, now time.Time) Instance {
	in := r.instance
	t := r.transition
	if t == nil {
		return in
	}
	in.Status = t.status(now)
	if t.to != "" && !now.Before(t.end) {
		in.Type, in.CPU, in.Memory = t.to, t.gives.cpu, t.gives.memory
	}
	return in
}

// status returns the status at a moment.
func (t *transition) status(now time.Time) string {
	if !now.Before(t.end) {
		return t.ends
	}
	step := int(t.share(now) * float64(len(t.shows)))
	return t.shows[min(step, len(t.shows)-1)] // a share just below 1 may round up to it
}

// share tells how far a transition is: 0 at its start, 1 at its end, and more afterwards.
// A read that came in before the start and looks after it finds it at its start.
func (t *transition) share(now time.Time) float64 {
	return max(0, float64(now.Sub(t.start))/float64(t.end.Sub(t.start)))
}

// by reports whether an action began the last transition of an instance.
func (r *record) by(action string) bool { return r.transition != nil && r.transition.action == action }

// transient says which status follows each that does not last (C and A name them, no document
// says what follows): an instance that is seeded in one of them goes on by itself.
func transient() map[string]string {
	return map[string]string{
		"DEPLOYING": Running, "REBUILDING": Running, "REBOOT": Running, booting: Running, "STARTING": Running,
		stopping: Stopped, "IMAGING": Stopped, Resizing: Stopped,
		"RELEASING": "RECYCLE", "RECYCLING": "RECYCLE",
	}
}
