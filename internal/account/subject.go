package account

import (
	"container/heap"
	"slices"
	"time"

	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// subject is what is known about one subject.
type subject struct {
	id     string
	named  bool        // a request has named it
	exists bool        // a row or a change has shown it
	absent *event      // a listing that must hold it did not
	status string      // the last status shown, "" while unknown
	value  string      // likewise, the value that a change sets
	seen   observation // the last observation
	recent []observation
	doubt  bool // a call may have begun a change whose end nobody has seen
	leaves bool // a call that is not judged may have removed it
	midway bool // a change may have been running when the recording began, which one reader may show late
	work   *work

	previous *work                                // the previous change, while a reader may lag behind its end
	lagging  bool                                 // a reader lagged behind when it was last read
	since    []refusedCall                        // calls refused since it was last seen
	asOf     int                                  // the number of accepted changes when it was last seen
	taken    []string                             // values that were accepted for it
	rows     map[wire.Operation]map[string]string // the last row of each listing; a change invalidates them
}

// refusedCall is a call that must not change a subject.
type refusedCall struct {
	op     wire.Operation
	failed bool // the answer is a success that lists the subject as failed
}

// observation is a status shown by one read, formed at some moment between asked and shown.
type observation struct {
	asked, shown time.Time
	by           wire.Operation
	status       string
}

// recentObservations is the number of observations to keep per subject, for calls that overlap
// them.
const recentObservations = 32

func (j *Judge) subject(id string) *subject {
	s := j.subjects[id]
	if s == nil {
		s = &subject{id: id}
		j.subjects[id] = s
	}
	return s
}

// change is a call that may change subjects, from its sending to its answer.
type change struct {
	event *event
	ids   []string
}

// begin records a changing call when it is sent, so that exchanges that overlap it can be
// recognised.
func (j *Judge) begin(e *event) {
	for _, id := range e.ask.ids {
		j.subject(id).named = true
	}
	if j.contract.Changes(e.op) {
		j.changes = append(j.changes, &change{e, e.ask.ids})
	}
}

// forget drops calls that no later exchange can overlap.
func (j *Judge) forget(start time.Time) {
	for _, e := range j.pending {
		if e.start().Before(start) {
			start = e.start()
		}
	}
	j.changes = slices.DeleteFunc(j.changes, func(c *change) bool { return c.event.end().Before(start) })
}

// overlapped reports whether another call that may change a subject was pending at the time.
func (j *Judge) overlapped(e *event, id string) bool {
	return slices.ContainsFunc(j.changes, func(c *change) bool {
		return c.event != e && slices.Contains(c.ids, id) && c.event.start().Before(e.end()) && c.event.end().After(e.start())
	})
}

// unknown records a call whose outcome is unknown. If it is also unknown what the call named, it
// may have been any subject.
func (j *Judge) unknown(e *event) {
	if !e.other && !j.contract.Changes(e.op) {
		return
	}
	everything := !e.ask.valid && (e.other || !e.x.Judgeable())
	for id, s := range j.subjects {
		if e.other {
			s.absent = nil // the call may have created it
		}
		if everything || slices.Contains(e.ask.ids, id) {
			s.doubt, s.status, s.value, s.work, s.previous = true, "", "", nil, nil
			s.leaves = s.leaves || e.other
		}
	}
}

// Other takes an exchange that cannot be judged, because its action is not in the contract or has
// another version. Unless it was refused, it may have changed, created or removed whatever its
// request names.
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

// mayLeave reports whether a subject may be gone although no judged call removes any: it is in the
// recycle bin, is being changed by somebody else, or was named in a call that the contract does not
// have.
func (j *Judge) mayLeave(s *subject) bool {
	return s.leaves || j.inBin[s.status] || s.work == nil && s.status != "" && !j.stable[s.status]
}

// refused records a refused call, which must not change anything.
func (j *Judge) refused(e *event) {
	if !j.contract.Changes(e.op) {
		return
	}
	for _, id := range e.ask.ids {
		s := j.subject(id)
		s.since = append(s.since, refusedCall{op: e.op})
	}
}

// accepted records an accepted call.
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
