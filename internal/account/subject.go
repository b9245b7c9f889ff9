package account

import (
	"slices"
	"time"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// subject is what is known of one subject.
type subject struct {
	id     string
	named  bool        // a request has named it
	exists bool        // a row or a change has shown it
	absent *event      // a listing that had to hold it did not
	status string      // shown last; "" while it is not known
	value  string      // likewise, of the field that a change changes
	seen   observation // the last one
	recent []observation
	doubt  bool // a call may have begun something that nobody has seen end
	work   *work
	since  []wire.Operation // refused calls on it since it was seen last
	others []wire.Operation // changes of other subjects since it was seen last
	taken  []string         // values that were accepted for it
}

// observation is a status as one read showed it, at some moment between asked and shown.
type observation struct {
	asked, shown time.Time
	by           wire.Operation
	status       string
}

// recentObservations is how many observations of a subject are kept for a call that was under way.
const recentObservations = 32

func (j *Judge) subject(id string) *subject {
	s := j.subjects[id]
	if s == nil {
		s = &subject{id: id}
		j.subjects[id] = s
	}
	return s
}

// change is a call that may change subjects, from when it left to when it was answered.
type change struct {
	event *event
	ids   []string
}

// begin notes a changing call when it leaves, so that what overlaps it is known to.
func (j *Judge) begin(e *event) {
	for _, id := range e.ask.ids {
		j.subject(id).named = true
	}
	if j.contract.Changes(e.op) {
		j.changes = append(j.changes, &change{e, e.ask.ids})
	}
}

// forget drops calls that nothing to come can overlap.
func (j *Judge) forget(start time.Time) {
	for _, e := range j.pending {
		if e.start().Before(start) {
			start = e.start()
		}
	}
	j.changes = slices.DeleteFunc(j.changes, func(c *change) bool { return c.event.end().Before(start) })
}

// overlapped reports whether another call that may change a subject was under way.
func (j *Judge) overlapped(e *event, id string) bool {
	return slices.ContainsFunc(j.changes, func(c *change) bool {
		return c.event != e && slices.Contains(c.ids, id) && c.event.start().Before(e.end()) && c.event.end().After(e.start())
	})
}

// steady returns the status that a subject surely had while a call was under way; "": it is
// not known.
func (j *Judge) steady(e *event, s *subject) string {
	if !j.options.Exclusive || s.doubt || s.work != nil && s.work.phase != ended || !j.stable[s.status] || j.overlapped(e, s.id) {
		return ""
	}
	// A read that was under way at the same time may show what the call itself began.
	before := ""
	for _, one := range s.recent {
		switch {
		case !one.shown.After(e.start()):
			before = one.status
		case one.status != before:
			return ""
		}
	}
	if before != s.status {
		return ""
	}
	return before
}

// change says what a changing call deserves.
func (j *Judge) change(d *deserved, e *event, l contract.Lifecycle) {
	failed := e.answer.Strings(l.Failed)
	for _, id := range e.ask.ids {
		s := j.subject(id)
		status := j.steady(e, s)
		switch {
		case j.options.Exclusive && s.absent != nil && !s.exists:
			d.refuse(denial(l.Denied.Absent, l.Denied.Absent.Clause))
			d.mayRefuse(j.otherThan(l))
		case status == "" || slices.Contains(l.Tolerated, status):
			d.mayRefuse(j.ofTheAction)
			if !s.exists {
				d.mayRefuse(j.ofAValue) // an id made up may not have the form of one
			}
		case !slices.Contains(l.Start, status):
			if e.answer.Succeeded() && slices.Contains(failed, id) {
				continue // a documented way to refuse it
			}
			d.refuse(denial(l.Denied.Start, j.clause(verdict.RoleStart, e.op)))
			d.mayRefuse(j.otherThan(l))
		case l.Wanted != "" && (s.value == "" || s.value == e.ask.wanted):
			d.mayRefuse(anyRefusal)
		case l.Wanted != "" && !slices.Contains(s.taken, e.ask.wanted):
			d.mayRefuse(j.otherThan(l)) // whether the value may be asked for is not known
		}
	}
}

// denial is the refusal that a lifecycle documents, or any where it documents none.
func denial(p verdict.Pair, clause string) reason {
	if p.Code == "" {
		return reason{clause: clause, want: "a documented 4xx error", allow: anyRefusal}
	}
	return reason{clause: clause, other: p.Clause, want: p.String(), allow: exactly(p)}
}

// ofTheAction allows what an action may answer for reasons of its own: every refusal that
// finds no fault with the request itself.
func (j *Judge) ofTheAction(p verdict.Pair) bool {
	c, _ := j.contract.Clause(p.Clause)
	return anyRefusal(p) && p.Status != 401 && (p.Status != 400 || c.Operation != "" || c.Role == verdict.RoleRecycled)
}

// otherThan allows the same but for the refusals whose reason is known not to hold.
func (j *Judge) otherThan(l contract.Lifecycle) allow {
	return func(p verdict.Pair) bool {
		return j.ofTheAction(p) && !exactly(l.Denied.Start)(p) && !exactly(l.Denied.Absent)(p)
	}
}

// unknown notes a call of which nobody knows what came.
func (j *Judge) unknown(e *event) {
	if !j.contract.Changes(e.op) {
		return
	}
	for _, id := range e.ask.ids {
		s := j.subject(id)
		s.doubt, s.status, s.value, s.work = true, "", "", nil
	}
}

// refused notes a call that was refused: it must change nothing.
func (j *Judge) refused(e *event) {
	if !j.contract.Changes(e.op) {
		return
	}
	for _, id := range e.ask.ids {
		s := j.subject(id)
		s.since = append(s.since, e.op)
	}
}

// accepted notes a call that was accepted.
func (j *Judge) accepted(e *event) {
	l, has := j.contract.Lifecycle(e.op)
	if !has {
		j.unknown(e)
		return
	}
	failed := e.answer.Strings(l.Failed)
	for _, id := range failed {
		if !slices.Contains(e.ask.ids, id) {
			j.find(e, j.clause(verdict.RoleBatch, e.op), "/response/"+l.Failed, "subjects that the request names", id)
		}
	}
	for _, id := range e.ask.ids {
		if slices.Contains(failed, id) {
			j.subject(id).since = append(j.subject(id).since, e.op)
			continue
		}
		j.start(e, l, j.subject(id))
	}
	for _, s := range j.subjects {
		if !slices.Contains(e.ask.ids, s.id) && s.status != "" && len(s.others) < len(j.readers) {
			s.others = append(s.others, e.op)
		}
	}
}
