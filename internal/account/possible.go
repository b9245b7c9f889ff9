package account

import (
	"cmp"
	"slices"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/verdict"
)

// possible returns the statuses in which a subject may be open to a call while that was
// under way; none: nothing is known. While work runs the subject is open to nothing, so it
// is what the work ends in, or still what it passes through.
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
		return nil // its reader may show the start still
	}
	if status := j.steady(e, s); status != "" {
		return []string{status}
	}
	return nil
}

// steady returns the status that a subject surely had while a call was under way; "": it is
// not known.
func (j *Judge) steady(e *event, s *subject) string {
	if !j.stable[s.status] {
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
	if list := e.ask.members[l.Subject]; list.IsArray() && len(list.Array()) == 0 {
		d.loose = true // any refusal is right where nothing is named
	}
	if len(e.ask.ids) == 0 && e.ask.wanted != "" {
		d.mayRefuse(j.otherThan(l)) // the value asked for may be refused as well as what stands in place of an id
	}
	for _, id := range e.ask.ids {
		s := j.subject(id)
		possible := j.possible(e, s)
		may := func(list []string) bool {
			return slices.ContainsFunc(possible, func(status string) bool { return slices.Contains(list, status) })
		}
		named := e.answer.Succeeded() && slices.Contains(failed, id) // a documented way to refuse it
		if j.mayLeave(s) {
			d.mayRefuse(exactly(l.Denied.Absent))
		}
		if s.has(e.ask.wanted) {
			d.mayRefuse(anyRefusal) // what it has, or is about to have
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
				d.mayRefuse(j.ofAValue) // an id made up may not have the form of one
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
			d.mayRefuse(j.ofTheAction(l, s)) // it may have ended
			d.refusable = j.denial(e, l.Denied.Start, verdict.RoleStart)
		case l.Wanted != "" && s.value == "":
			d.mayRefuse(anyRefusal) // it may be what it has
		case l.Wanted != "" && !slices.Contains(s.taken, e.ask.wanted):
			d.mayRefuse(j.otherThan(l)) // whether the value may be asked for is not known
		}
	}
}

// has reports whether a value is the one that a subject has, or gets by a change of it.
func (s *subject) has(wanted string) bool {
	return wanted != "" && (s.value == wanted || s.work != nil && s.work.wanted == wanted)
}

// locked is why a subject that is in no start status is refused.
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

// recycled is why a subject in the recycle bin is refused.
func (j *Judge) recycled(e *event, l contract.Lifecycle) reason {
	if l.Denied.Start.Code == "" {
		return j.denial(e, l.Denied.Start, verdict.RoleDenied)
	}
	r := j.denial(e, l.Denied.Start, verdict.RoleStart)
	clause := j.clause(verdict.RoleRecycled, e.op)
	if clause == "" {
		r.want, r.allow = "a documented 4xx error", anyRefusal // no clause says which others are right
	} else {
		r.clause, r.other, r.want = clause, clause, "a documented refusal of what is in the recycle bin"
		r.allow = func(p verdict.Pair) bool {
			c, _ := j.contract.Clause(p.Clause)
			return exactly(l.Denied.Start)(p) || c.Role == verdict.RoleRecycled
		}
	}
	return r
}

// denial is the refusal that a lifecycle documents, or any where it documents none. A
// success breaks the clause in a role, or that of batches, where it names none of several
// subjects as failed that had to.
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

// ofTheAction allows what an action may answer for reasons of its own: every refusal that
// finds no fault with the request itself. A subject that is there is not denied as absent,
// and one that is not is denied as the action's own page says.
func (j *Judge) ofTheAction(l contract.Lifecycle, s *subject) allow {
	return func(p verdict.Pair) bool {
		c, _ := j.contract.Clause(p.Clause)
		switch {
		case j.options.Exclusive && s.exists && l.Denied.Absent.Code != "" && exactly(l.Denied.Absent)(p):
			return false
		case p.Status == l.Denied.Absent.Status && c.Operation == "" && !exactly(l.Denied.Absent)(p): // which several actions may share
			return false
		}
		return anyRefusal(p) && p.Status != 401 && (p.Status != 400 || c.Operation != "" || c.Role == verdict.RoleRecycled)
	}
}

// otherThan allows the same but for the refusals whose reason is known not to hold.
func (j *Judge) otherThan(l contract.Lifecycle) allow {
	of := j.ofTheAction(l, &subject{})
	return func(p verdict.Pair) bool {
		return of(p) && !exactly(l.Denied.Start)(p) && !exactly(l.Denied.Absent)(p)
	}
}
