package account

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// allow reports whether an error response is a possible answer.
type allow func(verdict.Pair) bool

// reason is why a request must be refused.
type reason struct {
	clause string // the clause that a success violates
	other  string // the clause that a different error violates; "" means the same clause
	want   string
	allow  allow
}

// deserved describes the answers that a request may get.
type deserved struct {
	refused []reason // the faults of the request; an answer to any of them is right
	maybe   []allow  // answers that may be right because the traffic leaves something open
	loose   bool     // the action may refuse for a reason that the traffic does not show
	open    bool     // nothing can be said about the answer

	unchecked bool   // it is unknown whether the authentication is right
	authentic bool   // the authentication is right
	refusable reason // a known reason why the authentication may be refused
}

func (d *deserved) refuse(r reason)   { d.refused = append(d.refused, r) }
func (d *deserved) mayRefuse(a allow) { d.maybe = append(d.maybe, a) }

// unauthenticated notes that the authentication cannot be checked, so that the endpoint may refuse
// it.
func (d *deserved) unauthenticated() {
	d.unchecked = true
	d.mayRefuse(under(http.StatusUnauthorized))
}

func (d *deserved) right(p verdict.Pair) bool {
	if len(d.because(p)) > 0 {
		return true
	}
	for _, a := range d.maybe {
		if a(p) {
			return true
		}
	}
	return false
}

// because returns the reasons that an error response answers.
func (d *deserved) because(p verdict.Pair) []reason {
	var list []reason
	for _, r := range d.refused {
		if r.allow(p) {
			list = append(list, r)
		}
	}
	return list
}

func under(statuses ...int) allow {
	return func(p verdict.Pair) bool {
		for _, s := range statuses {
			if p.Status == s {
				return true
			}
		}
		return false
	}
}

func anyRefusal(p verdict.Pair) bool { return p.Status >= 400 && p.Status < 500 }

func exactly(want verdict.Pair) allow {
	return func(p verdict.Pair) bool { return p.Status == want.Status && p.Code == want.Code }
}

// pairOf returns the documented pair that the clause with a role states for an operation.
func (j *Judge) pairOf(e *event, role verdict.Role) (verdict.Pair, bool) {
	clause := j.clause(role, e.op)
	for _, p := range j.pairs[e.op] {
		if p.Clause == clause && clause != "" {
			return p, true
		}
	}
	return verdict.Pair{}, false
}

// refuseAs adds that a request must be refused with the pair of a role. A success violates the
// given clause, or that of the pair if none is given.
func (j *Judge) refuseAs(d *deserved, e *event, role verdict.Role, clause string) {
	p, stated := j.pairOf(e, role)
	if !stated {
		d.open = true
		return
	}
	if clause == "" {
		clause = p.Clause
	}
	d.refuse(reason{clause: clause, other: p.Clause, want: p.String(), allow: exactly(p)})
}

// refuseUnder adds that a request must be refused with a documented pair of one of the statuses.
func (j *Judge) refuseUnder(d *deserved, clause string, statuses ...int) {
	texts := make([]string, len(statuses))
	for i, s := range statuses {
		texts[i] = fmt.Sprint(s)
	}
	d.refuse(reason{clause: clause, want: "a documented " + strings.Join(texts, " or ") + " error", allow: under(statuses...)})
}

// judge judges one exchange and updates the model from it.
func (j *Judge) judge(e *event) {
	if !e.other && e.x.Received != nil && e.x.Received.Status == http.StatusInternalServerError && e.x.Cause == wire.CausePassing {
		j.failures[e.key()]++
	}
	if !e.x.Judgeable() || e.x.Received.Status == http.StatusTooManyRequests || e.x.Received.Status == http.StatusServiceUnavailable {
		j.unknown(e)
		return
	}
	if e.other || e.ask.twice {
		j.unknown(e)
		return
	}
	if e.faulty && (e.answer.Succeeded() || e.answer.Code == "") {
		j.unknown(e)
		return
	}
	d := &deserved{}
	j.caller(d, e)
	j.parameters(d, e)
	l, changing := j.contract.Lifecycle(e.op)
	if changing {
		j.change(d, e, l)
	}
	if changing && len(d.refused) == 0 && !d.open {
		j.count(e)
	}
	switch {
	case e.x.Received.Status >= http.StatusInternalServerError:
		j.failed(d, e)
		j.unknown(e)
	case e.answer.Succeeded():
		j.succeeded(d, e)
	default:
		j.refusal(d, e)
	}
}

// count counts a call that has no known fault.
func (j *Judge) count(e *event) {
	calls := j.right[e.op]
	if calls == nil {
		calls = &rightCalls{}
		j.right[e.op] = calls
	}
	switch {
	case e.answer.Succeeded():
		calls.served++
	case e.x.Received.Status >= http.StatusInternalServerError && len(calls.failed) < repetitionsNeeded:
		calls.failed = append(calls.failed, e)
	}
}

// success is the answer to a request without a fault.
const success = "success (200)"

// repetitionsNeeded is how often in a row something must happen before it counts. A single internal
// error of the service, for example, is allowed by the documents.
const repetitionsNeeded = 3

// failed judges an internal error. If the same request keeps failing, the error is a finding.
func (j *Judge) failed(d *deserved, e *event) {
	j.failures[e.key()]++
	if j.failures[e.key()] != repetitionsNeeded || d.open {
		return
	}
	clause, _ := j.likely(e)
	want := success
	if clause != j.successClause(e) {
		want = "a documented answer"
	}
	if len(d.refused) > 0 {
		want, clause = d.refused[0].want, cmp.Or(d.refused[0].other, d.refused[0].clause)
	}
	j.find(e, clause, "status", want, fmt.Sprintf("%d %s, %d times in a row", e.answer.Status, e.answer.Code, repetitionsNeeded))
}

func (j *Judge) succeeded(d *deserved, e *event) {
	delete(j.failures, e.key())
	if len(d.refused) > 0 && !d.open {
		r := d.refused[0]
		j.find(e, r.clause, "status and /code", r.want, success)
		e.blamed = true
	}
	if j.contract.Changes(e.op) {
		j.accepted(e)
		return
	}
	if !d.open && len(d.refused) == 0 {
		j.proved[j.successClause(e)]++
		j.listing(e)
	}
	j.observe(e)
}

func (j *Judge) refusal(d *deserved, e *event) {
	delete(j.failures, e.key())
	defer j.refused(e)
	p, documented := j.documented(e)
	if j.superseded(e) {
		return // an older edition documents the answer, so it is neither right nor a finding
	}
	if because := d.because(p); documented && !d.open && len(because) == len(d.refused) {
		for _, r := range because {
			j.proved[r.clause]++
			if r.other != "" && r.other != r.clause {
				j.proved[r.other]++
			}
		}
	}
	// If the list of error codes is open, any refusal that can have a reason is right.
	further := j.contract.Open(e.op) && e.answer.Status >= 400 && e.answer.Status < 500 && d.loose
	got := fmt.Sprintf("%d %s", e.answer.Status, e.answer.Code)
	if further || d.open || documented && d.right(p) {
		return
	}
	if d.unchecked && e.answer.Status == http.StatusUnauthorized {
		return // an answer that no document lists is judged elsewhere
	}
	if !documented && len(d.refused) == 0 && d.refusable.other != "" {
		j.find(e, d.refusable.other, "status and /code", d.refusable.want+", or "+success, got)
		return
	}
	if !documented && len(d.refused) == 0 && !j.contract.Open(e.op) {
		return // an answer that no document lists is judged elsewhere
	}
	if accepted := j.authenticated(d, e, p); accepted != "" {
		j.find(e, accepted, "status and /code", "an answer to what was authenticated", got)
		return
	}
	if len(d.refused) > 0 {
		r := d.refused[0]
		clause := r.other
		if clause == "" {
			clause = r.clause
		}
		j.find(e, clause, "status and /code", r.want, got)
		return
	}
	if j.options.Single && j.unknownValue(e) {
		return // it may be refused, and no clause says how
	}
	clause, want := j.likely(e)
	if limit := j.limited(e, p); limit != "" {
		clause, want = limit, verdict.Pair{}
	}
	if want.Code != "" { // it may be refused, but not in this way
		j.find(e, want.Clause, "status and /code", want.String()+", or "+success, got)
		return
	}
	j.find(e, clause, "status and /code", success, got)
}

// unknownValue reports whether a change asks for a value that has not appeared in the traffic.
func (j *Judge) unknownValue(e *event) bool {
	return e.ask.wanted != "" && !slices.ContainsFunc(e.ask.ids, func(id string) bool {
		s := j.subject(id)
		return s.has(e.ask.wanted) || slices.Contains(s.taken, e.ask.wanted)
	})
}

// authenticated returns the clause that a refusal violates by rejecting a correct authentication.
// It returns "" if the refusal has another reason or the authentication is not known to be correct.
func (j *Judge) authenticated(d *deserved, e *event, p verdict.Pair) string {
	if !d.authentic || p.Status != http.StatusUnauthorized {
		return ""
	}
	if strings.HasPrefix(sent(e.x, "Authorization"), bearer) {
		return j.clause(verdict.RoleTokenAccepted, e.op)
	}
	for refused, accepted := range map[verdict.Role]verdict.Role{
		verdict.RoleSignatureRefused:       verdict.RoleSignatureAccepted,
		verdict.RoleAuthorizationMalformed: verdict.RoleSignatureAccepted,
		verdict.RoleExpired:                verdict.RoleClockAccepted,
	} {
		if p.Clause == j.clause(refused, e.op) {
			return j.clause(accepted, e.op)
		}
	}
	return ""
}

// documented returns the documented pair of an answer.
func (j *Judge) documented(e *event) (verdict.Pair, bool) {
	for _, p := range j.pairs[e.op] {
		if p.Status == e.answer.Status && p.Code == e.answer.Code {
			return p, true
		}
	}
	return verdict.Pair{}, false
}

// superseded reports whether only an older edition documents an answer.
func (j *Judge) superseded(e *event) bool {
	return slices.ContainsFunc(j.contract.Superseded(e.op), func(p verdict.Superseded) bool {
		return p.Status == e.answer.Status && p.Code == e.answer.Code
	})
}

// likely returns the clause for an answer that is wrong whatever the request deserves. It assumes
// that everything is still as last seen. refused is the error response that would then be right, or
// the zero Pair if none is documented.
func (j *Judge) likely(e *event) (clause string, refused verdict.Pair) {
	l, changing := j.contract.Lifecycle(e.op)
	switch {
	case !changing && !e.ask.empty && len(e.ask.ids) > 0 && !j.allSeen(e.ask.ids):
		return j.clause(verdict.RoleUnknown, e.op), verdict.Pair{}
	case !changing:
		return j.successClause(e), verdict.Pair{}
	case e.answer.Status == l.Denied.Absent.Status && len(e.ask.ids) > 0 && !j.allSeen(e.ask.ids):
		return l.Denied.Absent.Clause, l.Denied.Absent
	case e.ask.empty && len(e.ask.ids) > 0:
		return cmp.Or(j.clause(verdict.RoleOptionalEmpty, e.op), j.successClause(e)), verdict.Pair{}
	case e.ask.empty:
		schema, _ := j.contract.Request(e.op)
		named, _ := schema.Member(l.Subject)
		return cmp.Or(named.Clause, j.successClause(e)), verdict.Pair{}
	}
	for _, id := range e.ask.ids {
		switch s := j.subject(id); {
		case !s.exists:
			return cmp.Or(j.clause(verdict.RoleDenied, e.op), l.Denied.Absent.Clause, j.successClause(e)), l.Denied.Absent
		case s.work != nil && s.work.phase != ended:
			return cmp.Or(j.clause(verdict.RoleLock, s.work.event.op), l.Denied.Start.Clause), l.Denied.Start
		case slices.Contains(l.Recycled, s.status):
			return cmp.Or(j.clause(verdict.RoleDenied, e.op), j.clause(verdict.RoleRecycled, e.op)), verdict.Pair{}
		case s.status != "" && !slices.Contains(l.Start, s.status):
			return cmp.Or(j.clause(verdict.RoleDenied, e.op), l.Denied.Start.Clause, j.successClause(e)), l.Denied.Start
		}
	}
	return j.successClause(e), verdict.Pair{}
}

// successClause returns the clause that the refusal of a correct request violates.
func (j *Judge) successClause(e *event) string {
	if j.contract.Changes(e.op) {
		return j.clause(verdict.RoleCarriedOut, e.op)
	}
	if e.ask.empty {
		return j.clause(verdict.RoleOptionalEmpty, e.op)
	}
	if j.anyAbsent(e.ask.ids) {
		return j.clause(verdict.RoleUnknown, e.op)
	}
	if len(e.ask.ids) > 0 {
		return j.clause(verdict.RoleFilter, e.op)
	}
	return j.clause(verdict.RoleOptional, e.op)
}

// limited returns the clause of the parameter that a refusal rejects as too large although it is
// not.
func (j *Judge) limited(e *event, p verdict.Pair) string {
	schema, _ := j.contract.Request(e.op)
	for _, m := range schema.Members {
		given := e.ask.members[m.Name].Exists()
		long := m.Schema.MaxItems > 0 && p.Clause == j.clause(verdict.RoleTooLong, e.op)
		great := m.Schema.Maximum != nil && p.Clause == j.clause(verdict.RoleMaximum, e.op)
		if given && (long || great) {
			return m.Schema.Clause
		}
	}
	return ""
}

func (j *Judge) anyAbsent(ids []string) bool {
	return slices.ContainsFunc(ids, func(id string) bool { s := j.subjects[id]; return s != nil && s.absent != nil })
}
