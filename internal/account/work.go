package account

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// phase is how far a change has been seen to proceed.
type phase int

const (
	waiting phase = iota // it was accepted, and nothing was seen of it
	running              // a transient status was seen
	ended                // an end status was seen after that
)

// work is an accepted change.
type work struct {
	l            contract.Lifecycle
	event        *event
	from, wanted string
	phase        phase
	stray        string // a status that does not belong to the change
	blamed       bool   // it has its finding
	shared       bool   // another change was accepted before this one was seen to end
	endedBy      observation
	confirmed    bool                    // another reader has shown the end, too
	certain      bool                    // the reader that showed the end has also shown the change running, or a status that cannot be a start
	before       string                  // the status last shown before the call, "" if it proves nothing
	under        *work                   // another change that may still have been running when this one was accepted
	meanwhile    string                  // the status of that other change shown after this call, "" if none was
	ran          time.Duration           // how long after the answer it certainly ran
	late         time.Duration           // how long after the answer it was last seen running
	known        bool                    // it certainly began in a start status
	gap          time.Duration           // the longest time between two reads
	began        map[wire.Operation]bool // the readers that have shown it running or over
	trajectory   verdict.Trajectory
}

// maxObservations limits the length of a trajectory.
const maxObservations = 2000

// start begins the change of a subject.
func (j *Judge) start(e *event, l contract.Lifecycle, s *subject) {
	w := &work{l: l, event: e, from: s.value, wanted: e.ask.wanted, began: map[wire.Operation]bool{}}
	open := s.doubt || j.overlapped(e, s.id)
	under := s.work
	switch {
	case under == nil:
	case j.idle(s):
		j.departs(under.event, s, j.clause(verdict.RoleCarriedOut, under.event.op), under.l.Rules(0).Path(),
			fmt.Sprintf("%s for %s", s.status, s.seen.asked.Sub(under.event.end()).Round(time.Millisecond)))
		under = nil
	case under.phase == ended:
		under = nil
	}
	w.shared = under != nil || open
	if !open {
		j.beganIn(w, s, under)
		w.known = under == nil && slices.Contains(l.Start, j.steady(e, s))
	}
	w.trajectory = verdict.Trajectory{Instance: s.id, Action: e.op.Action, Field: l.Changed.Field, From: w.from, To: w.wanted, Start: e.start(), Answered: e.x.Timing.End}
	if under == nil && s.work != nil && s.work.lagged() {
		s.previous = s.work
	}
	j.close(s)
	s.work, s.exists, s.absent, s.since, s.rows, s.midway, s.leaves = w, true, nil, nil, nil, false, false
	s.doubt = s.doubt || e.blamed // what follows from it is no further finding
	if l.Wanted != "" && !slices.Contains(s.taken, w.wanted) {
		s.taken = append(s.taken, w.wanted)
	}
	j.during(s, w)
}

// answered records when the changes of an action were answered, as far as it was seen.
type answered struct {
	before []*event // the change had run and ended before the answer
	after  int      // the change ran after the answer
}

func (j *Judge) of(e *event) *answered {
	a := j.answered[e.op]
	if a == nil {
		a = &answered{}
		j.answered[e.op] = a
	}
	return a
}

// lateAnswers is how many changes of an action must have been answered after the work was done, and
// none before, for that to count. A single answer may just have been slow to arrive.
const lateAnswers = 3

// asynchronous judges whether calls are answered before the work is done.
func (j *Judge) asynchronous() {
	for op, a := range j.answered {
		if j.options.Exclusive && a.after == 0 && len(a.before) >= lateAnswers {
			j.find(a.before[0], j.clause(verdict.RoleAsynchronous, op), "trajectory", "an answer before the work is done",
				fmt.Sprintf("the work over before the answer, in %d changes", len(a.before)))
		}
	}
}

// during takes over what was seen while the call was pending.
func (j *Judge) during(s *subject, w *work) {
	var ran time.Time // when the last read that showed the change running ended
	for _, seen := range s.recent {
		if seen.asked.Before(w.event.start()) || !seen.shown.Before(w.event.end()) {
			continue
		}
		j.note(w, seen)
		switch {
		case slices.Contains(w.l.Transient, seen.status):
			w.phase = running
			if seen.shown.After(ran) {
				ran = seen.shown
			}
		case !ran.IsZero() && !seen.asked.Before(ran) && slices.Contains(w.l.End, seen.status):
			w.phase = ended
			j.of(w.event).before = append(j.of(w.event).before, w.event)
		}
	}
	if len(s.recent) > 0 && w.phase == waiting {
		s.seen = s.recent[len(s.recent)-1]
	}
}

// note adds an observation to a change.
func (j *Judge) note(w *work, seen observation) {
	running := slices.Contains(w.l.Transient, seen.status)
	if running {
		j.showsRunning[watching{w.event.op, seen.by}] = true
	}
	if running || slices.Contains(w.l.End, seen.status) && !slices.Contains(w.l.Start, seen.status) {
		w.began[seen.by] = true
	}
	if len(w.trajectory.Observations) < maxObservations {
		w.trajectory.Observations = append(w.trajectory.Observations, verdict.Observation{
			Asked: seen.asked.Sub(w.trajectory.Start), Seen: seen.shown.Sub(w.trajectory.Start), Status: seen.status,
		})
	}
}

// sees takes over the next status of a subject that a change was called on.
func (j *Judge) sees(e *event, s *subject, seen observation) {
	w := s.work
	j.note(w, seen)
	j.beganWrongly(s, seen)
	w.gap = max(w.gap, seen.shown.Sub(w.lastAsked(s)))
	is := func(list []string) bool { return slices.Contains(list, seen.status) }
	w.confirm(seen)
	switch {
	case is(w.l.Failure):
		w.phase, w.blamed = ended, true
	case is(w.l.Transient) && w.phase == ended:
		j.relapsed(e, s, seen)
	case is(w.l.Transient):
		if w.phase == waiting {
			w.late = max(0, seen.shown.Sub(w.event.end()))
		}
		w.phase = running
		w.ran = max(w.ran, seen.asked.Sub(w.event.end()))
		j.of(w.event).after++
	case is(w.l.End) && w.phase == running, is(w.l.End) && !is(w.l.Start), is(w.l.End) && w.stray != "" && w.known:
		if w.phase != ended && w.stray != "" {
			j.departs(e, s, j.clause(verdict.RoleTransient, w.event.op), w.l.Rules(0).Path(), w.stray+" on the way")
		}
		if w.phase != ended {
			if w.phase == running && w.stray == "" {
				j.prove(verdict.RoleTransient, w.event.op)
				j.prove(verdict.RoleEnd, w.event.op)
				j.lasted(w, seen)
			}
			w.phase, w.endedBy, w.certain, s.doubt = ended, seen, w.began[seen.by], false
			w.event.took = max(w.event.took, seen.shown.Sub(w.event.end()))
		}
	case w.phase == ended && !is(w.l.End):
		j.relapsed(e, s, seen)
	case w.phase == waiting && is(w.l.Start):
	case !is(w.l.End) && !is(w.l.Start) || w.phase == running:
		w.stray = seen.status
	}
	j.overdue(e, s, seen)
}

// confirm records that another reader shows the end, too. A reader that has shown the change
// running knows its end better than one that may only have shown the start.
func (w *work) confirm(seen observation) {
	if w.phase != ended || w.confirmed || seen.by == w.endedBy.by || !slices.Contains(w.l.End, seen.status) {
		return
	}
	if !w.certain && w.began[seen.by] {
		w.endedBy, w.certain = seen, true
		return
	}
	w.confirmed = true
}

// relapsed judges a status that follows an end. If the other reader shows the change running again,
// the question stays open, because either reader may lag. If the same reader shows the change
// running for the first time, what it showed before was the start.
func (j *Judge) relapsed(e *event, s *subject, seen observation) {
	w := s.work
	if seen.by == w.endedBy.by && !w.certain && !w.confirmed && slices.Contains(w.l.Transient, seen.status) {
		w.phase, w.certain = running, true
		return
	}
	if seen.by == w.endedBy.by || !slices.Contains(w.l.Transient, seen.status) {
		j.departs(e, s, j.clause(verdict.RoleEnd, w.event.op), strings.Join(w.l.End, " or ")+" to stay", seen.status+" after it")
	}
}

// surelyEnded reports whether a change has ended for a reader: another reader shows the end, or
// this reader has shown the change running itself. A reader that never shows changes running proves
// nothing about their end.
func (w *work) surelyEnded(s *subject, by wire.Operation) bool {
	return w.confirmed || w.endedBy.by != by || w.showedBy(s, w.endedBy)
}

// showedBy reports whether the reader of an observation has ever shown this change running.
func (w *work) showedBy(s *subject, by observation) bool {
	return slices.ContainsFunc(s.recent, func(r observation) bool {
		return r.by == by.by && !r.asked.Before(w.event.end()) && slices.Contains(w.l.Transient, r.status)
	})
}

// departs makes the finding about a change, once.
func (j *Judge) departs(e *event, s *subject, clause, want, got string) {
	j.departsOf(e, s, s.work, clause, want, got)
}

func (j *Judge) departsOf(e *event, s *subject, w *work, clause, want, got string) {
	if !j.options.Exclusive || w.shared || w.blamed || w.event.blamed {
		return
	}
	w.blamed = true
	j.find(e, clause, "trajectory of "+s.id, want, got)
}

// close completes the record of a subject's change.
func (j *Judge) close(s *subject) {
	j.unseen(s)
	if w := s.work; w != nil {
		if w.meanwhile != "" && !j.options.Single {
			j.wronglyAccepted(s, j.clause(verdict.RoleLock, w.under.event.op), w.meanwhile)
		}
		j.trajectories = append(j.trajectories, w.trajectory)
	}
	s.work = nil
}

// finish judges the changes whose end nobody saw. Only a status that does not belong to the change,
// and that stayed, is a finding.
func (j *Judge) finish() {
	j.repeated()
	if !j.options.Single {
		j.asynchronous()
		j.neverCarriedOut()
		j.tooYoung()
		j.neverShowsRunning()
		defer j.neverBegan()
	}
	for _, s := range j.subjects {
		if w := s.work; w != nil && w.phase != ended && w.stray != "" && w.stray == s.status {
			j.departs(w.event, s, j.clause(verdict.RoleEnd, w.event.op), w.l.Rules(0).Path(), w.stray+" at the end")
		}
		j.close(s)
	}
}

// neverCarriedOut judges an action that answers every correct request with an internal error.
func (j *Judge) neverCarriedOut() {
	for op, list := range j.right {
		if len(list.failed) >= repetitionsNeeded && list.served == 0 {
			j.find(list.failed[0], j.successClause(list.failed[0]), "status", "success (200)", fmt.Sprintf("%d, in all %d calls", list.failed[0].answer.Status, len(list.failed)))
			delete(j.right, op)
		}
	}
}

// rightCalls are the calls of a changing action that have no known fault.
type rightCalls struct {
	failed []*event // the calls answered with an internal error
	served int
}
