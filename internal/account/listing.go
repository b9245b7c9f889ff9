package account

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/verdict"
)

// listing judges the rows of a listing by what the request asked for.
func (j *Judge) listing(e *event) {
	readers := j.readers[e.op]
	if len(readers) == 0 {
		return
	}
	by := readers[0]
	keys := e.keys(by.Reading)
	where := "/response/" + by.Rows
	size, given := j.pageSize(e)
	filter := j.clause(verdict.RoleFilter, e.op)
	seen := make(map[string]bool, len(keys))
	for i, id := range keys {
		switch {
		case len(e.ask.ids) > 0 && !slices.Contains(e.ask.ids, id):
			if len(keys) > len(e.ask.ids) && !slices.ContainsFunc(keys, func(key string) bool { return slices.Contains(e.ask.ids, key) }) && !j.anySeen(e.ask.ids) {
				filter = j.clause(verdict.RoleUnknown, e.op) // a filter that matches nothing may be ignored
			}
			j.find(e, filter, fmt.Sprintf("%s/%d/%s", where, i, by.Key), "the subjects named and no other", id)
			return
		case seen[id]:
			j.find(e, filter, fmt.Sprintf("%s/%d/%s", where, i, by.Key), "each subject once", id+" again")
			return
		}
		seen[id] = true
	}
	switch {
	case given && len(keys) > size:
		j.find(e, j.clause(verdict.RolePage, e.op), where, fmt.Sprintf("at most %d rows", size), fmt.Sprintf("%d rows", len(keys)))
		return
	case !given && size > 0 && len(keys) > size && len(e.ask.ids) == 0:
		j.find(e, j.clause(verdict.RolePageDefault, e.op), where, fmt.Sprintf("at most %d rows", size), fmt.Sprintf("%d rows", len(keys)))
		return
	}
	j.whole(e, by, keys, size)
	j.filtered(e, by)
	j.overlooked(e, by, keys, size)
	j.orders.note(e, keys)
	j.paged(e, by, keys)
}

// keys returns the ids of the rows of an answer. They are read once.
func (e *event) keys(by contract.Reading) []string {
	if e.rows == nil {
		e.rows = e.answer.Column(by.Rows, by.Key)
	}
	return e.rows
}

// follows reports whether any of these subjects should be followed. Without Others, all are.
func (j *Judge) follows(keys []string) bool {
	return !j.options.Others || slices.ContainsFunc(keys, func(id string) bool { return j.subjects[id] != nil })
}

// pageSize returns the maximum number of rows on the page, and whether the request set it.
func (j *Judge) pageSize(e *event) (size int, given bool) {
	if e.ask.size > 0 {
		return e.ask.size, true
	}
	schema, _ := j.contract.Request(e.op)
	for _, m := range schema.Members {
		if m.Schema.Paging == contract.PageSize {
			size, _ = strconv.Atoi(m.Schema.Default)
		}
	}
	return size, false
}

// whole judges a page that must hold everything that was asked for.
func (j *Judge) whole(e *event, by reader, keys []string, size int) {
	first := e.ask.page <= 1
	if !first || size == 0 || len(keys) >= size {
		return
	}
	if missing := j.missing(e, keys); missing != "" {
		j.find(e, j.clause(j.missingRole(e), e.op), "/response/"+by.Rows, "a row of "+missing, "none")
		return
	}
	total, counted := e.answer.Count(j.total(e))
	switch {
	case !counted:
	case total == len(keys):
		j.prove(verdict.RoleTotal, e.op)
	case len(e.ask.ids) == 0 && (!j.options.Exclusive || j.options.Others): // an instance may have appeared between the two reads
	case total >= size && len(e.ask.ids) == 0 && len(e.ask.filters) == 0 && e.ask.size > 0:
		j.find(e, j.clause(verdict.RolePage, e.op), "/response/"+by.Rows, fmt.Sprintf("%d rows of %d", size, total), fmt.Sprintf("%d rows", len(keys)))
	case total >= size && len(e.ask.ids) == 0 && len(e.ask.filters) == 0:
		j.find(e, j.clause(verdict.RolePageDefault, e.op), "/response/"+by.Rows, fmt.Sprintf("%d rows of %d", size, total), fmt.Sprintf("%d rows", len(keys)))
	default:
		j.find(e, j.clause(verdict.RoleTotal, e.op), "/response/"+j.total(e), strconv.Itoa(len(keys)), strconv.Itoa(total))
	}
	if len(keys) == 0 && len(e.ask.ids) == 0 && len(e.ask.filters) == 0 && j.options.Exclusive && j.anyThere() {
		role := verdict.RoleOptional
		if e.ask.empty {
			role = verdict.RoleOptionalEmpty
		}
		j.find(e, j.clause(role, e.op), "/response/"+by.Rows, "the account's subjects", "none")
	}
}

// missing returns a subject that the page must hold and does not.
func (j *Judge) missing(e *event, keys []string) string {
	if len(e.ask.filters) > 0 || !j.options.Exclusive {
		return ""
	}
	for _, id := range e.ask.ids {
		if s := j.subjects[id]; s != nil && s.exists && !j.mayLeave(s) && !slices.Contains(keys, id) && !j.overlapped(e, id) {
			return id
		}
	}
	return ""
}

// missingRole returns the role of the clause that a missing row violates.
func (j *Judge) missingRole(e *event) verdict.Role {
	switch {
	case !j.allSeen(e.ask.ids):
		return verdict.RoleUnknown
	case e.ask.size > 0 || e.ask.page > 0:
		return verdict.RolePage
	case e.ask.empty:
		return verdict.RoleOptionalEmpty
	}
	return verdict.RoleFilter
}

// paged judges the pages of one listing: no subject may be on two of them. It judges only listings
// of subjects that the request names, because only those stay the same.
func (j *Judge) paged(e *event, by reader, keys []string) {
	if !j.options.Exclusive || len(e.ask.ids) == 0 || e.ask.size == 0 {
		return
	}
	number := max(e.ask.page, 1)
	if want, sure := j.rowsOf(e, number); sure && want != len(keys) {
		j.find(e, j.clause(verdict.RolePage, e.op), "/response/"+by.Rows, fmt.Sprintf("%d rows on page %d", want, number), fmt.Sprintf("%d rows", len(keys)))
		return
	}
	key := fmt.Sprint(e.op.Action, e.ask.size, e.ask.filters, e.ask.ids)
	known := j.pages[key]
	if known == nil || j.changedSince(e.ask.ids, known.since) {
		if len(j.pages) >= maxPages {
			clear(j.pages)
		}
		known = &pages{rows: map[string]int{}, since: e.start()}
		j.pages[key] = known
	}
	for i, id := range keys {
		if before, seen := known.rows[id]; seen && before != number {
			j.orders.hold(e, fmt.Sprintf("/response/%s/%d/%s", by.Rows, i, by.Key), fmt.Sprintf("%s on page %d, and on page %d before", id, number, before))
			return
		}
		known.rows[id] = number
	}
}

// pages holds the rows of the pages of one listing.
type pages struct {
	rows  map[string]int // the page number by id
	since time.Time      // when the first page was requested
}

// maxPages limits the number of listings that are kept.
const maxPages = 64

// rowsOf returns the number of rows on a page whose subjects are all known to exist.
func (j *Judge) rowsOf(e *event, number int) (rows int, sure bool) {
	if len(e.ask.filters) > 0 || !j.allExist(e.ask.ids) {
		return 0, false
	}
	distinct := map[string]bool{}
	for _, id := range e.ask.ids {
		distinct[id] = true
	}
	if number > len(distinct) {
		return 0, true
	}
	return min(max(len(distinct)-(number-1)*e.ask.size, 0), e.ask.size), true
}

// changedSince reports whether a change of any of these subjects was called since a time, which may
// have moved it in the listing.
func (j *Judge) changedSince(ids []string, since time.Time) bool {
	return slices.ContainsFunc(ids, func(id string) bool {
		s := j.subjects[id]
		return s != nil && (s.doubt || s.work != nil && s.work.event.end().After(since))
	})
}

// total returns the response member with the number of matching rows.
func (j *Judge) total(e *event) string {
	body, _ := j.contract.Response(e.op, 200)
	response, _ := body.Member("response")
	for _, m := range response.Members {
		if m.Schema.Paging == contract.PageTotal {
			return m.Name
		}
	}
	return ""
}

// filtered judges the rows of subjects that the traffic names by the additional filters: a row with
// a different value does not match. It ignores filters that are searches and filters whose value no
// member of a row shows.
func (j *Judge) filtered(e *event, by reader) {
	schema, _ := j.contract.Request(e.op)
	for _, name := range e.ask.filters {
		param, _ := schema.Member(name)
		want := e.ask.members[name]
		if want.Type != gjson.String || want.Str == "" || param.Search {
			continue
		}
		for i, row := range e.answer.Rows(by.Rows) {
			s := j.subjects[row[by.Key]]
			if got, shown := row[name]; shown && got != want.Str && s != nil && s.named {
				j.find(e, param.Clause, fmt.Sprintf("/response/%s/%d/%s", by.Rows, i, name), want.Str, got)
				return
			}
		}
	}
}

// overlooked judges a page that must hold every match. It looks for missing subjects whose row
// matched the filters before, and which nothing has changed since.
func (j *Judge) overlooked(e *event, by reader, keys []string, size int) {
	if !j.options.Exclusive || len(e.ask.filters) == 0 || e.ask.page > 1 || len(keys) >= size {
		return
	}
	schema, _ := j.contract.Request(e.op)
	for _, name := range e.ask.filters {
		if param, _ := schema.Member(name); param.Search || e.ask.members[name].Type != gjson.String {
			return
		}
	}
	for _, id := range e.ask.ids {
		s := j.subjects[id]
		if s == nil || s.doubt || s.work != nil && s.work.phase != ended || !j.stable[s.status] || j.overlapped(e, id) || slices.Contains(keys, id) {
			continue
		}
		row := s.rows[e.op]
		if row == nil || slices.ContainsFunc(e.ask.filters, func(name string) bool {
			value, shown := row[name]
			return !shown || value != e.ask.members[name].Str
		}) {
			continue
		}
		param, _ := schema.Member(e.ask.filters[0])
		j.find(e, param.Clause, "/response/"+by.Rows, "a row of "+id+", which matches", "none")
		return
	}
}

// allExist reports whether all of these subjects are known to exist now.
func (j *Judge) allExist(ids []string) bool {
	return j.options.Exclusive && j.allSeen(ids) && !slices.ContainsFunc(ids, func(id string) bool { return j.mayLeave(j.subject(id)) })
}

// anyThere reports whether any subject certainly exists.
func (j *Judge) anyThere() bool {
	for _, s := range j.subjects {
		if s.exists && j.stable[s.status] && (s.named || !j.options.Others) {
			return true
		}
	}
	return false
}

// anySeen reports whether any of these subjects has ever been seen.
func (j *Judge) anySeen(ids []string) bool {
	return slices.ContainsFunc(ids, func(id string) bool { s := j.subjects[id]; return s != nil && s.exists })
}

// allSeen reports whether all of these subjects have been seen.
func (j *Judge) allSeen(ids []string) bool {
	return !slices.ContainsFunc(ids, func(id string) bool { s := j.subjects[id]; return s == nil || !s.exists })
}
