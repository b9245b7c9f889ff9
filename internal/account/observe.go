package account

import (
	"fmt"
	"slices"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// observe updates the model from a listing, and judges what the listing must show.
func (j *Judge) observe(e *event) {
	readers := j.readers[e.op]
	if len(readers) == 0 {
		return
	}
	keys := e.keys(readers[0].Reading)
	shown := map[string]bool{}
	if j.follows(keys) {
		shown = j.rows(e, readers)
	}
	size, _ := j.pageSize(e)
	if len(e.ask.filters) == 0 && e.ask.page <= 1 && len(keys) < size {
		for _, id := range e.ask.ids {
			if s := j.subject(id); !shown[id] && !s.exists {
				s.absent = e
			}
		}
	}
}

// rows takes over what a listing shows of each followed subject, and returns the listed ids.
func (j *Judge) rows(e *event, readers []reader) (shown map[string]bool) {
	shown = map[string]bool{}
	for _, row := range e.answer.Rows(readers[0].Rows) {
		id := row[readers[0].Key]
		if id == "" || shown[id] || !j.follows([]string{id}) {
			continue
		}
		shown[id] = true
		s := j.subject(id)
		if s.absent != nil && !s.exists && s.named && j.options.Exclusive {
			j.find(s.absent, j.clause(verdict.RoleFilter, s.absent.op), "/response/"+j.readers[s.absent.op][0].Rows, "a row of "+id, "none")
		}
		s.exists, s.absent, s.leaves = true, nil, false
		j.row(e, s, readers, row)
	}
	return shown
}

// row takes over what one row shows of a subject.
func (j *Judge) row(e *event, s *subject, readers []reader, row map[string]string) {
	status := ""
	for _, r := range readers {
		if value, has := row[r.Field]; has && !r.value {
			status = value
		}
	}
	now := observation{asked: e.start(), shown: e.end(), by: e.op, status: status}
	inOrder := !now.asked.Before(s.seen.shown)
	if !j.overlapped(e, s.id) {
		if w := s.behind(now); w != nil {
			j.lags(e, s, w, now)
			return
		}
	}
	if status != "" {
		s.recent = append(s.recent, now)
		if len(s.recent) > recentObservations {
			s.recent = s.recent[1:]
		}
		if inOrder {
			j.status(e, s, now)
		}
	}
	for _, r := range readers {
		if value, has := row[r.Field]; has && r.value && inOrder && (s.work != nil || !slices.Contains(r.open, status)) {
			j.value(e, s, r.Reading, status, value)
		}
	}
	if inOrder {
		s.since, s.asOf = nil, j.changed
		if s.named && !s.doubt && !j.overlapped(e, s.id) {
			if s.rows == nil {
				s.rows = map[wire.Operation]map[string]string{}
			}
			s.rows[e.op] = row
		}
	}
}

// status takes over the next status of a subject.
func (j *Judge) status(e *event, s *subject, now observation) {
	overlapped := j.overlapped(e, s.id)
	if s.work == nil && j.running[now.status] && !j.explained(s, now.status) {
		s.midway = true
	}
	switch {
	case s.work != nil && !overlapped && j.options.Single && e.op != s.work.l.Observed.Operation:
		// only the reader that the lifecycle names shows how a change proceeds
	case s.work != nil && !overlapped:
		j.sees(e, s, now)
	case s.work == nil && !overlapped && !s.doubt && s.status != now.status && j.stable[s.status]:
		j.unexplained(e, s, "status", s.status, now.status)
	}
	if j.options.Moved != nil && s.status != now.status {
		j.options.Moved(s.id, s.status, now.status)
	}
	s.status, s.seen = now.status, now
}

// value takes over the next value of the member that a change sets.
func (j *Judge) value(e *event, s *subject, r contract.Reading, status, now string) {
	w := s.work
	switch {
	case j.overlapped(e, s.id) || s.doubt:
	case w != nil && w.phase == ended && !w.surelyEnded(s, e.op):
		return
	case w != nil && w.l.Wanted != "" && w.phase == ended && slices.Contains(w.l.End, status) && now == w.wanted:
		j.prove(verdict.RoleChanged, w.event.op)
	case w == nil && s.value != "" && s.value != now:
		j.unexplained(e, s, r.Field, s.value, now)
	case w != nil && w.l.Wanted != "" && w.phase == ended && slices.Contains(w.l.End, status) && now != w.wanted:
		j.departs(e, s, j.clause(verdict.RoleChanged, w.event.op), r.Field+" "+w.wanted, now)
	case w != nil && (w.l.Wanted == "" || w.phase != ended):
		return // the value shown during a change is not judged
	}
	s.value = now
}

// unexplained judges a subject that differs from before although no known call changed it. The
// finding names the clause of the likeliest cause: a refused call, otherwise a change of another
// subject, otherwise a wrong read.
func (j *Judge) unexplained(e *event, s *subject, field, was, now string) {
	if !j.options.Exclusive || !s.named {
		return // an account has other subjects, which come, go and change at any time
	}
	if !j.options.Others && s.midway && !j.explained(s, now) || j.inBin[was] && j.inBin[now] {
		return
	}
	clause := j.clause(verdict.RoleTruthful, e.op)
	if call, refused := j.cause(s, now); refused && call.failed {
		clause = j.clause(verdict.RoleBatch, call.op)
	} else if refused {
		clause = j.clause(verdict.RoleRefusedUnchanged, call.op)
	} else if op, is := j.neighbour(s, now); is && (field != "status" || s.shownBy(e.op) == was) {
		clause = j.clause(verdict.RoleOnlyNamed, op)
	} else if j.options.Single && (s.seen.by != e.op || field != "status") {
		s.doubt = true // the reader may be wrong, or a change may have been made before this was last shown
		return
	}
	if field == "status" && s.seen.by != e.op {
		was += ", as " + s.seen.by.Action + " shows" // either of the two readers may be wrong
	}
	j.find(e, clause, fmt.Sprintf("%s of %s", field, s.id), was, now)
	s.doubt = true
}

// explained reports whether a call explains what a subject shows now.
func (j *Judge) explained(s *subject, now string) bool {
	_, refused := j.cause(s, now)
	_, changed := j.neighbour(s, now)
	return refused || changed
}

// shownBy returns the previous status that a reader showed, "" if none is known.
func (s *subject) shownBy(by wire.Operation) (status string) {
	for _, one := range s.recent[:max(0, len(s.recent)-1)] {
		if one.by == by {
			status = one.status
		}
	}
	return status
}

// cause returns the refused call on a subject that best explains what it shows now.
func (j *Judge) cause(s *subject, now string) (refusedCall, bool) {
	for _, call := range s.since {
		if j.leadsTo(call.op, now) {
			return call, true
		}
	}
	if len(s.since) > 0 {
		return s.since[0], true
	}
	return refusedCall{}, false
}

// neighbour returns the change of other subjects that best explains what a subject shows now.
func (j *Judge) neighbour(s *subject, now string) (wire.Operation, bool) {
	for _, op := range j.contract.Operations() {
		l, _ := j.contract.Lifecycle(op)
		isStatus := slices.Contains(l.States, now)
		if j.lastChange[op] > s.asOf && (j.leadsTo(op, now) || !isStatus && (l.Wanted != "" || len(l.States) == 0)) {
			return op, true
		}
	}
	return wire.Operation{}, false
}

// leadsTo reports whether a status is a transient or end status of an operation's change.
func (j *Judge) leadsTo(op wire.Operation, status string) bool {
	l, has := j.contract.Lifecycle(op)
	return has && (slices.Contains(l.Transient, status) || slices.Contains(l.End, status))
}
