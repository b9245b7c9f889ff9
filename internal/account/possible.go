package account

import (
	"cmp"
	"slices"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/verdict"
)

// possible returns the statuses by which the endpoint may decide a call on a subject, or none if
// nothing is known. While a change may be running, these are its transient statuses and the ones it
// can end in.
func (j *Judge) possible(e *event, s *subject) []string {
	if !j.options.Exclusive || s.doubt || s.lagging || j.overlapped(e, s.id) {
		return nil
	}
	if w := s.work; w != nil && w.phase != ended && !j.idle(s) {
		if w.shared || w.stray != "" || w.event.end().After(e.start()) {
			return nil
		}
		return slices.Concat(w.l.Transient, w.l.End, w.l.Failure)
	}
	if w := s.work; w != nil && w.phase == ended && !w.certain && !w.confirmed {
		return nil // its reader may still show the start
	}
	if status := j.steady(e, s); status != "" {
		return []string{status}
	}
	return nil
}

// steady returns the status that a subject certainly had during a call, "" if it is not known.
func (j *Judge) steady(e *event, s *subject) string {
	if !j.stable[s.status] {
		return ""
	}
	// A read that overlaps the call may already show what the call began.
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

// change determines what a changing call deserves.
func (j *Judge) change(d *deserved, e *event, l contract.Lifecycle) {
	failed := e.answer.Strings(l.Failed)
	if list := e.ask.members[l.Subject]; list.IsArray() && len(list.Array()) == 0 {
		d.loose = true // if no subject is named, any refusal is right
	}
	if len(e.ask.ids) == 0 && e.ask.wanted != "" {
		d.mayRefuse(j.otherThan(l)) // the value may be refused, too, not only the wrong id
	}
	for _, id := range e.ask.ids {
		s := j.subject(id)
		possible := j.possible(e, s)
		may := func(list []string) bool {
			return slices.ContainsFunc(possible, func(status string) bool { return slices.Contains(list, status) })
		}
		named := e.answer.Succeeded() && slices.Contains(failed, id) // listing it as failed is a documented way to refuse it
		if j.mayLeave(s) {
			d.mayRefuse(exactly(l.Denied.Absent))
		}
		if s.has(e.ask.wanted) {
			d.mayRefuse(anyRefusal) // the value that it has or is about to have
		}
		switch {
		case j.options.Exclusive && s.absent != nil && !s.exists:
			if named {
				continue
			}
			d.loose = true
			d.refuse(j.denial(e, l.Denied.Absent, verdict.RoleDenied))
			d.mayRefuse(j.otherThan(l))
		case possible == nil:
			d.loose = true
			d.mayRefuse(j.ofTheAction(l, s))
			if !s.exists {
				d.mayRefuse(j.ofAValue) // a made-up id may have the wrong format
			}
			if absent := l.Denied.Absent; !s.exists && absent.Code != "" && e.answer.Status == absent.Status {
				d.refusable = j.denial(e, absent, verdict.RoleDenied)
			}
		case may(l.Tolerated):
			d.loose = true
			d.mayRefuse(j.ofTheAction(l, s))
		case !may(l.Start):
			if named {
				continue
			}
			d.loose = true
			d.refuse(j.locked(e, l, s))
			d.mayRefuse(j.otherThan(l))
		case s.work != nil && s.work.phase != ended:
			d.loose = true
			d.mayRefuse(j.ofTheAction(l, s)) // its change may have ended
			d.refusable = j.denial(e, l.Denied.Start, verdict.RoleStart)
		case l.Wanted != "" && s.value == "":
			d.mayRefuse(anyRefusal) // it may already have the value
		case l.Wanted != "" && !slices.Contains(s.taken, e.ask.wanted):
			d.mayRefuse(j.otherThan(l)) // it is unknown whether the value may be requested
		}
	}
}

// has reports whether a subject has a value, or is being changed to it.
func (s *subject) has(wanted string) bool {
	return wanted != "" && (s.value == wanted || s.work != nil && s.work.wanted == wanted)
}

// locked returns why a call is refused for a subject that is not in a start status.
func (j *Judge) locked(e *event, l contract.Lifecycle, s *subject) reason {
	if slices.Contains(l.Recycled, s.status) {
		return j.recycled(e, l)
	}
	r := j.denial(e, l.Denied.Start, verdict.RoleStart)
	if w := s.work; w != nil && w.phase != ended && len(e.ask.ids) == 1 {
		r.clause = cmp.Or(j.clause(verdict.RoleLock, w.event.op), r.clause)
	}
	return r
}

// recycled returns why a call is refused for a subject in the recycle bin.
func (j *Judge) recycled(e *event, l contract.Lifecycle) reason {
	if l.Denied.Start.Code == "" {
		return j.denial(e, l.Denied.Start, verdict.RoleDenied)
	}
	r := j.denial(e, l.Denied.Start, verdict.RoleStart)
	clause := j.clause(verdict.RoleRecycled, e.op)
	if clause == "" {
		r.want, r.allow = "a documented 4xx error", anyRefusal // no clause says which other errors are right
	} else {
		r.clause, r.other, r.want = clause, clause, "a documented refusal of what is in the recycle bin"
		r.allow = func(p verdict.Pair) bool {
			c, _ := j.contract.Clause(p.Clause)
			return exactly(l.Denied.Start)(p) || c.Role == verdict.RoleRecycled
		}
	}
	return r
}

// denial returns the refusal that a lifecycle documents, or any refusal if it documents none. A
// success violates the clause with the role. A success of a batch violates the batch clause instead
// if it does not list the subject as failed.
func (j *Judge) denial(e *event, p verdict.Pair, role verdict.Role) reason {
	clause := cmp.Or(j.clause(role, e.op), p.Clause)
	if len(e.ask.ids) > 1 {
		clause = cmp.Or(j.clause(verdict.RoleBatch, e.op), clause)
	}
	if p.Code == "" {
		return reason{clause: clause, other: j.clause(verdict.RoleDenied, e.op), want: "a documented 4xx error", allow: anyRefusal}
	}
	return reason{clause: clause, other: p.Clause, want: p.String(), allow: exactly(p)}
}

// ofTheAction allows refusals for an action's own reasons, which do not reject the request itself.
// The ones that its lifecycle states are among them, even if several actions share their clause. An
// existing subject must not be refused as unknown; an unknown one is refused as the page of the
// action says.
func (j *Judge) ofTheAction(l contract.Lifecycle, s *subject) allow {
	return func(p verdict.Pair) bool {
		c, _ := j.contract.Clause(p.Clause)
		switch {
		case j.options.Exclusive && s.exists && l.Denied.Absent.Code != "" && exactly(l.Denied.Absent)(p):
			return false
		case p.Status == l.Denied.Absent.Status && c.Operation == "" && !exactly(l.Denied.Absent)(p): // an error that several actions may share
			return false
		}
		own := c.Operation != "" || c.Role == verdict.RoleRecycled || exactly(l.Denied.Start)(p) || exactly(l.Denied.Absent)(p)
		return anyRefusal(p) && p.Status != 401 && (p.Status != 400 || own)
	}
}

// otherThan allows the same, except for refusals whose reason is known not to apply.
func (j *Judge) otherThan(l contract.Lifecycle) allow {
	of := j.ofTheAction(l, &subject{})
	return func(p verdict.Pair) bool {
		return of(p) && !exactly(l.Denied.Start)(p) && !exactly(l.Denied.Absent)(p)
	}
}
