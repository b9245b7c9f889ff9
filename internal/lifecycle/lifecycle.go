// Package lifecycle says what a long-running operation does to its subjects, as data, and
// judges the trajectory of one: the statuses it was seen in, from just before the
// operation was called until it has settled.
//
// It is pure: it neither polls nor waits, and knows no operation, state or clause by name.
package lifecycle

import (
	"slices"
	"strings"
	"time"

	"github.com/zec-tools/conformance/internal/verdict"
)

// Rules is what a trajectory is judged by (M, of a resize: STOPPED, then RESIZING, then
// STOPPED), and how long its end must hold.
type Rules struct {
	Start     []string      // statuses in which the operation may be called
	Transient []string      // statuses while it runs
	End       []string      // statuses when it has succeeded
	Failure   []string      // statuses when it has failed
	Passing   []string      // statuses that a subject leaves by itself, whatever runs
	Known     []string      // every documented status; none: nobody knows
	Settle    time.Duration // how long the end must hold to count as one
}

// Phase is how far a change has come, as far as it was seen.
type Phase int

const (
	Waiting  Phase = iota // only Start was seen: the change may not have begun, or nobody saw it
	Running               // Transient was seen and still holds
	Settling              // End was seen and Start was left, for less than Settle
	Settled               // End has held for Settle
	Passing               // a status that is none of the three, which passes by itself: an end is still to come
	Astray                // a status that is none of the three, not held for Settle yet
	Lost                  // a status that is none of the three, held for Settle or hopeless
	Relapsed              // End was left again
)

// Over reports whether nothing that comes later can change the judgement.
func (p Phase) Over() bool { return p == Settled || p == Lost || p == Relapsed }

// Watch follows one change, observation by observation.
type Watch struct {
	rules Rules
	phase Phase
	since time.Duration // when the phase was first seen
	stray []string      // statuses seen that are none of the three
	now   string        // the status seen last
	ran   bool          // Transient was seen
}

// Follow starts watching a change.
func Follow(rules Rules) *Watch { return &Watch{rules: rules} }

// Phase returns how far the change has come.
func (w *Watch) Phase() Phase { return w.phase }

// See takes the next observation in the order of time and returns the phase it leads to.
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
	case w.phase == Waiting && is(w.rules.Start): // also when it is an end: nothing was seen to begin
		return Waiting
	case is(w.rules.End):
		return Settling
	case is(w.rules.Passing), len(w.rules.Known) > 0 && !is(w.rules.Known): // of one that no document names, nobody knows that it stays
		return Passing
	default:
		return Astray
	}
}

// Ran reports whether a transient status was seen.
func (w *Watch) Ran() bool { return w.ran }

// Seen is what became visible of the running change in relation to its answer.
type Seen int

const (
	Never        Seen = iota // the running change was never seen
	BeforeAnswer             // only while the call had not been answered: the call waited for the work
	AfterAnswer              // after the answer, as it should be
)

// SeenRunning tells when the running change was visible. A observation whose question was
// still on its way when the call was answered counts as seen after it, unless the
// change had been visible for much longer than a read takes: then the call waited.
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

// Violation is one way in which a trajectory departs from the rules.
type Violation struct {
	Kind      Kind
	Want, Got string
}

// Kind says which rule a trajectory breaks, for the caller to name the clause.
type Kind int

const (
	NotTransient Kind = iota // while the change ran another status was shown
	NotEnded                 // End was not reached, or not kept
)

// Path says which way a trajectory takes, in words; Kept, that its end stays.
func (r Rules) Path() string { return States(r.Transient) + ", then " + States(r.End) }

// Kept says that the end of a trajectory stays.
func (r Rules) Kept() string { return States(r.End) + " to stay" }

// States says a set of states: one of them is right.
func States(set []string) string { return strings.Join(set, " or ") }

// Violations judges what was seen until now. A change of which nothing was seen is the
// caller's to judge: it takes more than the statuses to tell a fast one from none.
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
