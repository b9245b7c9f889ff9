package account

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// lasting records how long the changes of an operation took after their answer.
type lasting struct {
	watched         int           // changes watched from the answer to the end
	atLeast, atMost time.Duration // over all of them: the longest time that one certainly ran, and the shortest that one may have run
	late            time.Duration // the longest time after the answer at which one was still seen running
	quiet           []quiet
}

// quiet is a change that was polled closely and never seen running.
type quiet struct {
	event *event
	id    string
	got   string
}

// young is a call that was accepted for a subject while another change may have been running.
type young struct {
	event *event
	under *work
}

// enoughWatched is how many changes must have been watched before their duration says anything
// about another one.
const enoughWatched = 5

// lasted records the duration of a change that was watched to its end.
func (j *Judge) lasted(w *work, end observation) {
	if w.shared || w.ran <= 0 {
		return
	}
	op, most := w.event.op, end.shown.Sub(w.event.start())
	of := j.lasting[op]
	if of == nil {
		of = &lasting{atMost: most}
		j.lasting[op] = of
	}
	of.watched++
	of.atLeast, of.atMost, of.late = max(of.atLeast, w.ran), min(of.atMost, most), max(of.late, w.late)
}

// usual returns the minimum duration of an operation's changes if all watched changes agree,
// otherwise 0.
func (j *Judge) usual(op wire.Operation) time.Duration {
	of := j.lasting[op]
	if of == nil || of.watched < enoughWatched || of.atLeast > of.atMost {
		return 0
	}
	return of.atLeast
}

// quietFor is how many times the usual duration a change must have shown nothing for.
const quietFor = 5

// unseen records a change that was never seen running before the next one was accepted or the
// traffic ended, although it was polled so closely that it should have been seen.
func (j *Judge) unseen(s *subject) {
	w := s.work
	if w == nil || w.phase != waiting || w.stray != "" || !w.known || !j.options.Exclusive {
		return
	}
	of, usual := j.lasting[w.event.op], j.usual(w.event.op)
	if usual == 0 || w.gap > usual*3/4 || s.seen.asked.Sub(w.event.end()) < quietFor*(usual+of.late) {
		return
	}
	of.quiet = append(of.quiet, quiet{w.event, s.id, s.seen.status})
}

// idle reports whether an accepted change is certainly not running. Its subject is still in a start
// status that is not an end status, after so long a time that the change should have been seen
// running or ended.
func (j *Judge) idle(s *subject) bool {
	w := s.work
	if w == nil || w.phase != waiting || w.stray != "" || w.shared || !slices.Contains(w.l.Start, s.status) || slices.Contains(w.l.End, s.status) {
		return false
	}
	takes := w.event.took // known from the other subjects of the batch
	if usual := j.usual(w.event.op); usual > 0 {
		takes = max(takes, usual+j.lasting[w.event.op].late)
	}
	return w.blamed || takes > 0 && s.seen.asked.Sub(w.event.end()) >= quietFor*takes
}

// neverBegan judges changes that were accepted and never seen running. They count only if that
// happened several times, which rules out chance.
func (j *Judge) neverBegan() {
	for _, op := range j.contract.Operations() {
		of := j.lasting[op]
		if of == nil || len(of.quiet) < repetitionsNeeded {
			continue
		}
		one := of.quiet[0]
		l, _ := j.contract.Lifecycle(op)
		role := verdict.RoleCarriedOut
		if slices.Contains(l.End, one.got) {
			role = verdict.RoleTransient
		}
		j.find(one.event, j.clause(role, op), "trajectory of "+one.id, strings.Join(l.Transient, " or "),
			fmt.Sprintf("%s alone, closely watched, in %d changes", one.got, len(of.quiet)))
	}
}

// tooYoung judges calls that were accepted so soon after another call that its change must still
// have been running: within half of the shortest usual duration. They count only if that happened
// several times, because a single change may be far shorter than all others.
func (j *Judge) tooYoung() {
	soon := map[wire.Operation][]young{}
	for _, y := range j.young {
		op := y.under.event.op
		if !y.event.blamed && y.age() < j.usual(op)/2 {
			soon[op] = append(soon[op], y)
		}
	}
	for _, op := range j.contract.Operations() {
		if len(soon[op]) < repetitionsNeeded {
			continue
		}
		for _, y := range soon[op] {
			y.event.blamed = true
			j.find(y.event, j.clause(verdict.RoleLock, op), "status and /code", "a refusal while "+op.Action+" runs",
				fmt.Sprintf("success (200) %s after its call, when it takes %s at least", y.age().Round(time.Millisecond), j.usual(op).Round(time.Millisecond)))
		}
	}
}

// age is the time from the first call to the answer of the second.
func (y young) age() time.Duration { return y.event.end().Sub(y.under.event.start()) }

// beganIn records in which situation a change was accepted. The next read shows whether accepting
// it was right.
func (j *Judge) beganIn(w *work, s *subject, under *work) {
	if under != nil {
		tolerated := slices.ContainsFunc(w.l.Tolerated, func(status string) bool { return slices.Contains(under.l.Transient, status) })
		if under.shared || tolerated || under.event.end().After(w.event.start()) {
			return
		}
		w.under = under
		j.young = append(j.young, young{w.event, under})
		return
	}
	// A read that overlaps the call may already show what the call began.
	if shown := s.before(w.event); shown != "" && !j.stable[shown] && !slices.Contains(w.l.Start, shown) && !slices.Contains(w.l.Tolerated, shown) {
		w.before = shown
	}
}

// before returns the last status that a read showed for a subject before a call was sent, or "" if
// there was none.
func (s *subject) before(e *event) (status string) {
	for _, one := range s.recent {
		if !one.shown.After(e.start()) {
			status = one.status
		}
	}
	return status
}

// beganWrongly judges the acceptance of a change by the first read after it. If the subject still
// shows the same status as before, it was not in a status that allows the change.
func (j *Judge) beganWrongly(s *subject, seen observation) {
	w := s.work
	if seen.asked.Before(w.event.end()) {
		return
	}
	if w.meanwhile != "" && !slices.Contains(w.under.l.Transient, seen.status) {
		j.endedUnder(s, seen)
		return
	}
	under, before := w.under, w.before
	w.under, w.before = nil, ""
	if !j.options.Exclusive || w.event.blamed || slices.Contains(w.l.Transient, seen.status) || slices.Contains(w.l.End, seen.status) {
		return
	}
	switch {
	case under != nil && slices.Contains(under.l.Transient, seen.status):
		w.under, w.meanwhile = under, seen.status
	case before != "" && before == seen.status:
		j.wronglyAccepted(s, j.clause(verdict.RoleStart, w.event.op), seen.status)
	}
}

// endedUnder judges a change that was accepted while another one seemed to be running, by the
// status that follows. If that status belongs to the accepted change, the other one may have ended
// before the call, and the status in between may have been part of the accepted change.
func (j *Judge) endedUnder(s *subject, seen observation) {
	w := s.work
	under, status := w.under, w.meanwhile
	w.under, w.meanwhile = nil, ""
	if !slices.Contains(w.l.Transient, seen.status) {
		j.wronglyAccepted(s, j.clause(verdict.RoleLock, under.event.op), status)
	}
}

// wronglyAccepted makes the finding about a change that should have been refused.
func (j *Judge) wronglyAccepted(s *subject, clause, status string) {
	if clause == "" || s.work.event.blamed {
		return
	}
	s.work.event.blamed, s.doubt = true, true
	j.find(s.work.event, clause, "status and /code", "a refusal of "+s.id+", which is "+status, "success (200)")
}

// lastAsked returns when the subject was last read, or when its change was called.
func (w *work) lastAsked(s *subject) time.Time {
	if s.seen.asked.Before(w.event.start()) {
		return w.event.start()
	}
	return s.seen.asked
}

// overdue judges a change that has not ended in the time allowed.
func (j *Judge) overdue(e *event, s *subject, seen observation) {
	w := s.work
	if j.options.Within == 0 || w.phase == ended || seen.asked.Sub(w.event.end()) < j.options.Within {
		return
	}
	role, want := verdict.RoleEnd, strings.Join(w.l.End, " or ")
	if w.phase == waiting {
		returns := slices.Contains(w.l.End, seen.status)
		usual := j.usual(w.event.op)
		switch {
		case w.stray != "":
			role, want = verdict.RoleTransient, strings.Join(w.l.Transient, " or ")
		case returns && (usual == 0 || w.gap > usual*3/4):
			return // the change may have run between two reads
		case returns:
			role, want = verdict.RoleTransient, strings.Join(w.l.Transient, " or ")
		default:
			role, want = verdict.RoleCarriedOut, strings.Join(w.l.Transient, " or ")
		}
	}
	j.departs(e, s, j.clause(role, w.event.op), want+" within "+j.options.Within.String(), seen.status+" still")
}
