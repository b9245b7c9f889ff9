package account

import (
	"fmt"
	"slices"

	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// orders records the order of rows in listings. No document promises one. If the same rows come in
// different orders, a subject may legitimately be on two pages.
type orders struct {
	last    map[string][]string       // the rows of a listing of named subjects, by request
	changes map[wire.Operation]bool   // the same rows came in a different order
	held    map[wire.Operation]repeat // the first subject that was on two pages
}

// repeat is a subject on two pages.
type repeat struct {
	event      *event
	where, got string
}

func newOrders() orders {
	return orders{last: map[string][]string{}, changes: map[wire.Operation]bool{}, held: map[wire.Operation]repeat{}}
}

// note compares the rows of a listing with those of the same listing before.
func (o *orders) note(e *event, rows []string) {
	if len(e.ask.ids) == 0 || len(rows) < 2 || o.changes[e.op] {
		return
	}
	key := fmt.Sprint(e.op.Action, e.ask.size, e.ask.page, e.ask.filters, e.ask.ids)
	if before, known := o.last[key]; known && !slices.Equal(before, rows) && slices.Equal(sorted(before), sorted(rows)) {
		o.changes[e.op] = true
	}
	if len(o.last) >= maxPages {
		clear(o.last)
	}
	o.last[key] = rows
}

func (o *orders) hold(e *event, where, got string) {
	if _, known := o.held[e.op]; !known {
		o.held[e.op] = repeat{e, where, got}
	}
}

func sorted(rows []string) []string { return slices.Sorted(slices.Values(rows)) }

// repeated makes the findings about subjects on two pages, once all listings are known.
func (j *Judge) repeated() {
	for _, op := range j.contract.Operations() {
		if r, held := j.orders.held[op]; held && !j.orders.changes[op] {
			j.find(r.event, j.clause(verdict.RolePage, op), r.where, "each subject on one page", r.got)
		}
	}
}
