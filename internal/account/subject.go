package account

import (
	"container/heap"
	"slices"
	"time"

	"github.com/tidwall/gjson"

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
	leaves bool // a call that is not judged may have removed it
	midway bool // it may have been at work when the recording began, which one reader or the other shows late
	work   *work

	previous *work                                // that before, while one of the readers may lag behind its end
	lagging  bool                                 // one did, when it was last read
	since    []refusedCall                        // refused calls on it since it was seen last
	asOf     int                                  // how many changes were accepted when it was seen last
	taken    []string                             // values that were accepted for it
	rows     map[wire.Operation]map[string]string // the last of each listing; a change makes them void
}

// refusedCall is a call that must not change a subject.
type refusedCall struct {
	op     wire.Operation
	failed bool // the answer is a success that names the subject among those not carried out
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

// unknown notes a call of which nobody knows what came. Where nobody knows either what it named,
// that was any subject.
func (j *Judge) unknown(e *event) {
	if !e.other && !j.contract.Changes(e.op) {
		return
	}
	everything := !e.ask.valid && (e.other || !e.x.Judgeable())
	for id, s := range j.subjects {
		if e.other {
			s.absent = nil // it may have been made
		}
		if everything || slices.Contains(e.ask.ids, id) {
			s.doubt, s.status, s.value, s.work, s.previous = true, "", "", nil, nil
			s.leaves = s.leaves || e.other
		}
	}
}

// Other takes an exchange that cannot be judged: of an action that the contract does not have, or
// of another version of one. It may change, make and remove whatever its request names, unless it
// was refused.
func (j *Judge) Other(x wire.Exchange) {
	if x.Judgeable() && anyRefusal(verdict.Pair{Status: x.Received.Status}) {
		return
	}
	j.added++
	j.judgeUntil(x.Timing.Start)
	e := &event{number: j.added, x: x, op: x.Operation, other: true}
	if e.ask.valid = gjson.ValidBytes(x.Sent.Body); e.ask.valid {
		e.ask.ids = texts(gjson.ParseBytes(x.Sent.Body))
	}
	j.changes = append(j.changes, &change{e, e.ask.ids})
	heap.Push(&j.pending, e)
}

// texts returns every string in a value.
func texts(value gjson.Result) []string {
	if value.Type == gjson.String {
		return []string{value.Str}
	}
	var list []string
	if value.IsObject() || value.IsArray() {
		value.ForEach(func(_, inner gjson.Result) bool {
			list = append(list, texts(inner)...)
			return true
		})
	}
	return list
}

// mayLeave reports whether a subject may be gone although no call that is judged removes any: it
// is in the recycle bin, at work that nobody in the traffic began, or an action that the contract does not have named it.
func (j *Judge) mayLeave(s *subject) bool {
	return s.leaves || j.inBin[s.status] || s.work == nil && s.status != "" && !j.stable[s.status]
}

// refused notes a call that was refused: it must change nothing.
func (j *Judge) refused(e *event) {
	if !j.contract.Changes(e.op) {
		return
	}
	for _, id := range e.ask.ids {
		s := j.subject(id)
		s.since = append(s.since, refusedCall{op: e.op})
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
			j.subject(id).since = append(j.subject(id).since, refusedCall{op: e.op, failed: true})
			continue
		}
		j.start(e, l, j.subject(id))
	}
	j.changed++
	j.lastChange[e.op] = j.changed
}
