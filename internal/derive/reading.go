package derive

import (
	"fmt"
	"slices"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/verdict"
)

// listed adds the scenarios of a read that shows subjects.
func (f *feature) listed() {
	l, action := f.lifecycle, f.operation.Action
	asked, success := "When "+action+" is asked for them", "Then the answer is a success"
	several := []string{"Given 2 " + l.Start[0] + " " + lifecycle.Plural(l.Kind), asked, success}
	none := f.absent()
	f.ofTwo(verdict.RoleFilter, scenario{
		id: "several", name: action + " is asked for several " + lifecycle.Plural(l.Kind), steps: append(slices.Clone(several), "And the list holds them and no other"),
	})
	f.ofTwo(verdict.RoleTotal, scenario{
		id: "total", name: action + " counts the " + lifecycle.Plural(l.Kind) + " it is asked for", steps: append(slices.Clone(several), "And the total is 2"),
	})
	if _, shows := l.StatusAt(f.operation); shows {
		f.under(verdict.RoleTruthful, scenario{
			id: "status", name: action + " shows " + article(l.Kind) + " that is <status>",
			steps:   []string{f.a("<status>"), "When " + action + " is asked for it", success, "And the list shows the status of each " + l.Kind},
			columns: []string{"status"}, rows: column(l.States),
		})
	}
	f.under(verdict.RoleUnknown, scenario{
		id: "unknown", name: action + " is asked for " + article(l.Kind) + " that does not exist",
		steps: []string{none, "When " + action + " is asked for it", "Then the list is empty, or the answer is a documented 404 error"},
	})
	f.ofTwo(verdict.RoleUnknown, scenario{
		id: "unknown-among-known", name: action + " is asked for " + article(l.Kind) + " that exists and one that does not",
		steps: []string{f.given(), "And " + article(l.Kind) + " that does not exist", asked, "Then the list holds those that exist and no other, or the answer is a documented 404 error"},
	})
	f.filters()
	f.defaultPage()
	if f.paged() {
		f.ofTwo(verdict.RolePage, scenario{
			id: "pages", name: action + " gives two " + lifecycle.Plural(l.Kind) + " in pages of 1",
			steps: []string{several[0], "When " + action + " is asked for them in pages of 1", success, "And no page holds more than 1, and together they hold each " + l.Kind + " once"},
		})
	}
}

// ofTwo adds a scenario that asks for two subjects at once, if a request may name so many.
func (f *feature) ofTwo(role verdict.Role, s scenario) {
	if f.takes(2) {
		f.under(role, s)
	}
}

// takes reports whether the parameter that names subjects may name so many.
func (f *feature) takes(subjects int) bool {
	name := f.lifecycle.Subject
	if r, reads := f.lifecycle.ReadingAt(f.operation); f.read && reads {
		name = r.Filter
	}
	request, _ := f.contract.Request(f.operation)
	m, _ := request.Member(name)
	return m.MaxItems == 0 || m.MaxItems >= subjects
}

// filters adds the scenarios of the filters whose value a row shows: with the value of an existing
// subject, and with a value that none has.
func (f *feature) filters() {
	l, action := f.lifecycle, f.operation.Action
	another := ""
	if status := f.another(); status != "" {
		another = "And another " + status + " " + l.Kind
	}
	request, _ := f.contract.Request(f.operation)
	for _, name := range f.contract.Shown(f.operation) {
		f.under(verdict.RoleFilters, scenario{
			id: kebab(name) + "-of-one", name: action + " finds " + article(l.Kind) + " by its " + name,
			steps: []string{
				f.given(), another, "When " + action + " is asked for every " + l.Kind + " with the same " + name,
				"Then the list holds exactly those of the " + lifecycle.Plural(l.Kind) + " that have it",
			},
		})
		if m, _ := request.Member(name); len(m.Enum) > 0 || m.Pattern != "" {
			continue // a made-up value could also have the wrong format
		}
		f.under(verdict.RoleFilters, scenario{
			id: kebab(name) + "-of-none", name: action + " finds nothing by " + article(name) + " that nothing has",
			steps: []string{
				f.given(), "When " + action + " is asked for " + article(name) + " that no " + l.Kind + " has",
				"Then the list is empty, or the answer is a documented 400 or 404 error",
			},
		})
	}
}

// another returns a status besides the given one that a subject stays in, "" if there is none. It
// prefers one that an action leads from or to, because accounts have such subjects.
func (f *feature) another() string {
	l := f.lifecycle
	stays := func(s string) bool {
		return s != l.Start[0] && !slices.Contains(l.Passing, s) && !slices.Contains(l.Transient, s) && !slices.Contains(l.Recycled, s)
	}
	all := l.States
	for _, op := range f.contract.Operations() {
		if d, has := f.contract.Lifecycle(op); has && d.Kind == l.Kind {
			all = slices.Concat(d.Start, d.End, all)
		}
	}
	if i := slices.IndexFunc(all, stays); i >= 0 {
		return all[i]
	}
	return ""
}

// defaultPage adds the scenario of a read without a page size. It names no subject, so the list
// contains whatever there is. With fewer rows than the default, any complete list is right.
func (f *feature) defaultPage() {
	r, _ := f.lifecycle.ReadingAt(f.operation)
	action, rows := f.operation.Action, r.Page
	if rows == 0 {
		return // no document states the default
	}
	f.under(verdict.RolePageDefault, scenario{
		id: "default-page", name: fmt.Sprintf("%s gives %d rows by default", action, rows),
		steps: []string{
			"When " + action + " is called with no parameters", "Then the answer is a success",
			fmt.Sprintf("And the list holds at most %d %s", rows, lifecycle.Plural(f.lifecycle.Kind)), fmt.Sprintf("And the list is as long as a page of %d", rows),
		},
	})
}

// paged reports whether the action has parameters for the page size and the page number.
func (f *feature) paged() bool {
	var size, number bool
	request, _ := f.contract.Request(f.operation)
	for _, m := range request.Members {
		size, number = size || m.Schema.Paging == contract.PageSize, number || m.Schema.Paging == contract.PageNumber
	}
	return size && number
}
