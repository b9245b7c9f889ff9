package steps

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"
)

// theyAreListed asks a read operation for the instances the scenario names.
func (w *World) theyAreListed(ctx context.Context, action string) error {
	return w.send(ctx, w.reading(action, map[string]any{"instanceIds": ids(w.subjects)}))
}

// theyAreListedInPages asks for the instances page by page.
func (w *World) theyAreListedInPages(ctx context.Context, action string, size int) error {
	pages := (len(w.subjects) + size - 1) / size
	for page := 1; page <= pages; page++ {
		parameters := map[string]any{"instanceIds": ids(w.subjects), "pageSize": size, "pageNum": page}
		if err := w.send(ctx, w.reading(action, parameters)); err != nil {
			return err
		}
		w.answers = append(w.answers, *w.answer)
	}
	return nil
}

// theListHolds wants the instances named and no other, each once.
func (w *World) theListHolds(context.Context) error {
	a, err := w.rowsOf()
	if err != nil {
		return err
	}
	return w.sameIDs(a, readClause(a.Operation.Action, "FILTER"), rowIDs(a))
}

// thePagesHold wants each page within its size, and together the instances named, each once.
func (w *World) thePagesHold(_ context.Context, size int) error {
	var all []string
	for i := range w.answers {
		w.answer = &w.answers[i]
		a, err := w.rowsOf()
		if err != nil {
			return err
		}
		rows := rowIDs(a)
		if len(rows) > size {
			want, got := fmt.Sprintf("at most %d rows", size), fmt.Sprintf("%d rows", len(rows))
			return w.missed(a, readClause(a.Operation.Action, "PAGE"), "/response/dataSet", want, got)
		}
		all = append(all, rows...)
	}
	a, err := w.last()
	if err != nil {
		return err
	}
	for _, id := range all {
		if !slices.Contains(ids(w.subjects), id) {
			return w.missed(a, readClause(a.Operation.Action, "FILTER"), "/response/dataSet", "the instances asked for", id)
		}
	}
	return w.sameIDs(a, readClause(a.Operation.Action, "PAGE"), all)
}

func (w *World) sameIDs(a *Answer, clause string, got []string) error {
	want := ids(w.subjects)
	sort.Strings(want)
	sort.Strings(got)
	if slices.Equal(want, got) {
		return nil
	}
	return w.missed(a, clause, "/response/dataSet", listText(want), listText(got))
}

// theListShowsTheirStatus wants every instance in the status it is in.
func (w *World) theListShowsTheirStatus(context.Context) error {
	a, err := w.rowsOf()
	if err != nil {
		return err
	}
	member := "status"
	if a.Operation.Action == statuses {
		member = "instanceStatus"
	}
	shown := map[string]string{}
	for _, row := range a.Rows("dataSet") {
		shown[row["instanceId"]] = row[member]
	}
	for _, inst := range w.subjects {
		got, listed := shown[inst.ID]
		if !listed {
			return w.missed(a, readClause(a.Operation.Action, "FILTER"), "/response/dataSet", "a row of "+inst.ID, listText(rowIDs(a)))
		}
		if got == inst.Status {
			continue
		}
		if !w.lease.Certain && slices.Contains(w.law.Statuses, got) {
			return lacking("instance %s is %s, not %s as the configuration lists it", inst.ID, got, inst.Status)
		}
		return w.missed(a, readClause(a.Operation.Action, "TRUE"), "/response/dataSet of "+inst.ID, inst.Status, got)
	}
	return nil
}

// theTotalIs wants the number of matching instances, which one page holds all.
func (w *World) theTotalIs(_ context.Context, want int) error {
	a, err := w.rowsOf()
	if err != nil {
		return err
	}
	got, isNumber := a.Count("totalCount")
	if isNumber && got == want {
		return nil
	}
	text := "no number"
	if isNumber {
		text = fmt.Sprint(got)
	}
	return w.missed(a, readClause(a.Operation.Action, "TOTAL-MATCHES"), "/response/totalCount", fmt.Sprint(want), text)
}

// theListIsEmptyOrNotFound wants an empty list or a documented 404 pair (protocol 9).
func (w *World) theListIsEmptyOrNotFound(context.Context) error {
	a, err := w.last()
	if err != nil {
		return err
	}
	if a.Succeeded() {
		if rows := rowIDs(a); len(rows) > 0 {
			return w.missed(a, readClause(a.Operation.Action, "UNKNOWN"), "/response/dataSet", "no row", listText(rows))
		}
		w.session.Choice(w.rule(), "an empty list")
		return nil
	}
	clause := readClause(a.Operation.Action, "UNKNOWN")
	if p, known := w.law.Pair(a.Operation, a.Code); known && p.Clause == "E-TOO-LONG" {
		clause = w.rule() // refused for their number, not for being unknown
	}
	return w.documentedBy(clause, within("404"), false, "an empty list or a documented 404 error")
}

// rowsOf returns the last answer when it is a success, whose rows can be compared.
func (w *World) rowsOf() (*Answer, error) {
	a, err := w.last()
	if err != nil {
		return nil, err
	}
	if !a.Succeeded() {
		return nil, w.missed(a, w.rule(), "status", "success (200)", describe(a))
	}
	return a, nil
}

func rowIDs(a *Answer) []string {
	var list []string
	for _, row := range a.Rows("dataSet") {
		list = append(list, row["instanceId"])
	}
	return list
}

func listText(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}
