// Package lifecycle describes, as data, what a long-running operation does to its subjects, and
// judges their trajectories: the statuses in which a subject was seen, from just before the call
// until it has settled.
//
// It is pure: it neither polls nor waits, and knows no operation, state or clause by name.
package lifecycle

import (
	"slices"
	"strings"
	"time"

	"github.com/zec-tools/conformance/internal/verdict"
)

// Rules are what a trajectory is judged by (for a resize, M says STOPPED, then RESIZING, then
// STOPPED), and how long its end must hold.
type Rules struct {
	Start     []string      // statuses in which the operation may be called
	Transient []string      // statuses while it runs
	End       []string      // statuses when it has succeeded
	Failure   []string      // statuses when it has failed
	Passing   []string      // statuses that a subject leaves on its own
	Known     []string      // every documented status; empty if unknown
	Settle    time.Duration // how long the end status must hold
}

// Phase is how far a change has been seen to proceed.
type Phase int

const (
	Waiting  Phase = iota // only Start was seen: the change has not begun, or was not seen
	Running               // Transient was seen and still holds
	Settling              // End was seen after another status, for less than Settle
	Settled               // End has held for Settle
	Passing               // a different status that passes on its own: an end is still to come
	Astray                // a different status, for less than Settle
	Lost                  // a different status, held for Settle or known to be final
	Relapsed              // End was left again
)

// Over reports whether later observations can no longer change the judgement.
func (p Phase) Over() bool { return p == Settled || p == Lost || p == Relapsed }

// Watch follows one change, observation by observation.
type Watch struct {
	rules Rules
	phase Phase
	since time.Duration // when the phase was first seen
	stray []string      // the statuses seen that are neither Start, Transient nor End
	now   string        // the last status seen
	ran   bool          // Transient was seen
}

// Follow starts watching a change.
func Follow(rules Rules) *Watch { return &Watch{rules: rules} }

// Phase returns how far the change has come.
func (w *Watch) Phase() Phase { return w.phase }

// See takes the next observation in the order of time, and returns the resulting phase.
func (w *Watch) See(s verdict.Observation) Phase {
	if w.phase.Over() {
		return w.phase
	}
	w.now = s.Status
	w.ran = w.ran || slices.Contains(w.rules.Transient, s.Status)
	next := w.next(s)
	further := (next == Astray || next == Passing) && !slices.Contains(w.stray, s.Status)
	if next != w.phase || further {
		w.since = s.Seen
	}
	if further {
		w.stray = append(w.stray, s.Status)
	}
	if next == Settling && s.Asked-w.since >= w.rules.Settle {
		next = Settled
	}
	if next == Astray && s.Asked-w.since >= w.rules.Settle || further && slices.Contains(w.rules.Failure, s.Status) {
		next = Lost
	}
	w.phase = next
	return next
}

func (w *Watch) next(s verdict.Observation) Phase {
	is := func(states []string) bool { return slices.Contains(states, s.Status) }
	switch {
	case w.phase == Settling && !is(w.rules.End):
		return Relapsed
	case is(w.rules.Transient):
		return Running
	case w.phase == Waiting && is(w.rules.Start): // also if it is an end status, because nothing was seen to begin
		return Waiting
	case is(w.rules.End):
		return Settling
	case is(w.rules.Passing), len(w.rules.Known) > 0 && !is(w.rules.Known): // an undocumented status may or may not be final
		return Passing
	default:
		return Astray
	}
}

// Ran reports whether a transient status was seen.
func (w *Watch) Ran() bool { return w.ran }

// Seen says when the running change was visible in relation to the answer of the call.
type Seen int

const (
	Never        Seen = iota // the change was never seen running
	BeforeAnswer             // only before the answer: the call waited for the work
	AfterAnswer              // after the answer, as it should be
)

// SeenRunning reports when the running change was visible. An observation whose read was pending
// when the call was answered counts as after the answer. It does not if the change had been visible
// for much longer than a read takes, because then the call waited.
func SeenRunning(rules Rules, t verdict.Trajectory) Seen {
	var observations []verdict.Observation
	for _, s := range t.Observations {
		if slices.Contains(rules.Transient, s.Status) {
			observations = append(observations, s)
		}
	}
	if len(observations) == 0 {
		return Never
	}
	first := observations[0].Seen
	for _, s := range observations {
		first = min(first, s.Seen)
		if s.Asked >= t.Answered {
			return AfterAnswer
		}
	}
	const readsOfGrace = 3
	if t.Answered-first > readsOfGrace*usualRead(observations) {
		return BeforeAnswer
	}
	return AfterAnswer
}

// usualRead returns the median time of a read.
func usualRead(observations []verdict.Observation) time.Duration {
	times := make([]time.Duration, len(observations))
	for i, s := range observations {
		times[i] = s.Seen - s.Asked
	}
	slices.Sort(times)
	return times[len(times)/2]
}

// Violation is one way in which a trajectory violates the rules.
type Violation struct {
	Kind      Kind
	Want, Got string
}

// Kind says which rule a trajectory violates, so that the caller can name the clause.
type Kind int

const (
	NotTransient Kind = iota // a different status was shown while the change ran
	NotEnded                 // End was not reached, or did not last
)

// Path describes the required trajectory.
func (r Rules) Path() string { return States(r.Transient) + ", then " + States(r.End) }

// Kept describes the requirement that the end stays.
func (r Rules) Kept() string { return States(r.End) + " to stay" }

// States formats a set of states, each of which is allowed.
func States(set []string) string { return strings.Join(set, " or ") }

// Violations judges what has been seen so far. A change of which nothing was seen is left to the
// caller, because statuses alone cannot distinguish a fast change from none.
func (w *Watch) Violations() []Violation {
	r := w.rules
	path, kept := r.Path(), r.Kept()
	strayed := strings.Join(w.stray, ", ")
	switch {
	case w.phase == Settled && len(w.stray) > 0:
		return []Violation{{NotTransient, path, strayed + " on the way"}}
	case w.phase == Settled:
		return nil
	case w.phase == Relapsed:
		return []Violation{{NotEnded, kept, w.now + " after it"}}
	case w.phase == Lost, w.phase == Astray:
		return []Violation{{NotEnded, path, w.now + " at the end"}}
	case w.phase == Running, w.phase == Passing:
		return []Violation{{NotEnded, path, w.now + " when the time allowed for it was over"}}
	default:
		return nil
	}
}
