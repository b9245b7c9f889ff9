package steps

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/verdict"
)

// theyAreListed asks a read operation for the instances the scenario names.
func (w *World) theyAreListed(ctx context.Context, action string) error {
	return w.send(ctx, w.reading(action, map[string]any{w.reader(action).Filter: ids(w.subjects)}))
}

// theyAreListedInPages asks for the instances page by page.
func (w *World) theyAreListedInPages(ctx context.Context, action string, size int) error {
	pages := (len(w.subjects) + size - 1) / size
	for page := 1; page <= pages+1; page++ {
		parameters := map[string]any{w.reader(action).Filter: ids(w.subjects), "pageSize": size, "pageNum": page}
		if err := w.send(ctx, w.reading(action, parameters)); err != nil {
			return err
		}
		w.answers = append(w.answers, *w.answer)
	}
	w.answer = &w.answers[pages-1] // a page after the last need not be a success
	return nil
}

// theListHolds wants the instances named and no other, each once.
func (w *World) theListHolds(context.Context) error {
	a, err := w.rowsOf()
	if err != nil {
		return err
	}
	return w.sameIDs(a, w.contract.Role(roleFilter, a.Operation.Action), w.rowIDs(a))
}

// thePagesHold wants each page within its size, and together the instances named, each
// once. The page after the last holds none, if it is a success at all.
func (w *World) thePagesHold(_ context.Context, size int) error {
	last := len(w.answers) - 1
	about := &w.answers[max(last-1, 0)]
	var all []string
	for i := range w.answers {
		w.answer = &w.answers[i]
		if w.answer.Faulty {
			about = w.answer
		}
		if i == last && !w.answer.Succeeded() {
			break
		}
		a, err := w.rowsOf()
		if err != nil {
			return err
		}
		rows := w.rowIDs(a)
		if len(rows) > size {
			want, got := fmt.Sprintf("at most %d rows", size), fmt.Sprintf("%d rows", len(rows))
			return w.missed(a, w.contract.Role(verdict.RolePage, a.Operation.Action), "/response/dataSet", want, got)
		}
		all = append(all, rows...)
	}
	w.judged = true
	for _, id := range all {
		if !slices.Contains(ids(w.subjects), id) {
			return w.missed(about, w.contract.Role(roleFilter, about.Operation.Action), "/response/dataSet", "the instances asked for", id)
		}
	}
	return w.sameIDs(about, w.contract.Role(verdict.RolePage, about.Operation.Action), all)
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
func (w *World) theListShowsTheirStatus(ctx context.Context) error {
	a, err := w.rowsOf()
	if err != nil {
		return err
	}
	reader := w.reader(a.Operation.Action)
	shown := map[string]string{}
	for _, row := range a.Rows(reader.Rows) {
		shown[row[reader.Key]] = row[reader.Field]
	}
	for _, inst := range w.subjects {
		got, listed := shown[inst.ID]
		if !listed {
			return w.missed(a, w.contract.Role(roleFilter, a.Operation.Action), "/response/dataSet", "a row of "+inst.ID, listText(w.rowIDs(a)))
		}
		if got == inst.Status {
			continue
		}
		if !w.fixture.Certain && !strings.EqualFold(got, inst.Status) {
			differs, err := w.otherReadDiffers(ctx, a.Operation.Action, inst, got)
			if err != nil {
				return err
			}
			if !differs {
				return lacking("instance %s is %s, not %s as the configuration lists it", inst.ID, got, inst.Status)
			}
		}
		return w.missed(a, w.contract.Role(roleTruthful, a.Operation.Action), "/response/dataSet of "+inst.ID, inst.Status, got)
	}
	return nil
}

// reader returns how a read operation shows the status of the scenario's instances.
func (w *World) reader(action string) lifecycle.Reading {
	d := w.contract.Definition(action)
	if r, shows := d.StatusAt(w.contract.Operation(action)); shows {
		return r
	}
	return d.Observed
}

// otherReadDiffers reports whether another read operation shows an instance as it is
// listed, while this one goes on to show it otherwise: then the list is not to blame.
func (w *World) otherReadDiffers(ctx context.Context, action string, inst Instance, got string) (bool, error) {
	d, this := w.contract.Definition(action), w.reader(action)
	all := append([]lifecycle.Reading{d.Observed}, d.Also...)
	at := slices.IndexFunc(all, func(r lifecycle.Reading) bool { return r != this })
	if at < 0 {
		return false, nil
	}
	for _, look := range []struct {
		reading lifecycle.Reading
		want    string
	}{{all[at], inst.Status}, {this, got}, {all[at], inst.Status}} {
		rows, _, err := w.rows(ctx, look.reading, []string{inst.ID})
		if err != nil || rows[inst.ID][look.reading.Field] != look.want {
			return false, err
		}
		if err := await(ctx, w.timing.Settle); err != nil {
			return false, err
		}
	}
	return true, nil
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
	return w.missed(a, w.contract.Role(verdict.RoleTotal, a.Operation.Action), "/response/totalCount", fmt.Sprint(want), text)
}

// theListIsEmptyOrNotFound wants an empty list or a documented 404 pair (protocol 9).
func (w *World) theListIsEmptyOrNotFound(ctx context.Context) error {
	a, err := w.last()
	if err != nil {
		return err
	}
	if a.Succeeded() {
		if rows := w.rowIDs(a); len(rows) > 0 {
			return w.missed(a, w.contract.Role(verdict.RoleUnknown, a.Operation.Action), "/response/dataSet", "no row", listText(rows))
		}
		if err := w.theTotalIs(ctx, 0); err != nil {
			return err
		}
		w.session.Choice(w.rule(), "an empty list")
		return nil
	}
	return w.refusedAsUnknown(a, "an empty list or a documented 404 error")
}

// refusedAsUnknown wants a documented 404 pair in answer to ids that do not exist.
func (w *World) refusedAsUnknown(a *Answer, want string) error {
	if w.madeUpOtherwise(a) {
		w.session.Choice(w.rule(), describe(a))
		return nil
	}
	clause := w.contract.Role(verdict.RoleUnknown, a.Operation.Action)
	if w.contract.is(a, verdict.RoleTooLong) {
		clause = w.rule() // refused for their number, not for being unknown
	}
	return w.documentedBy(clause, within("404"), false, want)
}

// theKnownAreListed wants the instances that exist and no other, each once, or a
// documented 404 pair for those that do not (protocol 9).
func (w *World) theKnownAreListed(context.Context) error {
	a, err := w.last()
	if err != nil {
		return err
	}
	if !a.Succeeded() {
		return w.refusedAsUnknown(a, "the known ones or a documented 404 error")
	}
	w.session.Choice(w.rule(), "the known ones")
	want, got := ids(w.held()), w.rowIDs(a)
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(want, got) {
		return w.missed(a, w.contract.Role(verdict.RoleUnknown, a.Operation.Action), "/response/dataSet", listText(want), listText(got))
	}
	return nil
}

// itIsAsLongAsAPageOf wants the list, for which no page size was named, to be as long as a
// page of so many. Instances of the account come and go: only if the page is longer every
// time, with a list before and after it, is the list too short.
func (w *World) itIsAsLongAsAPageOf(ctx context.Context, size int) error {
	a, err := w.rowsOf()
	if err != nil {
		return err
	}
	action := a.Operation.Action
	var short, long int
	for range looksAtAPage {
		first := a.Length("dataSet")
		page, err := w.session.Send(ctx, w.reading(action, map[string]any{"pageSize": size}))
		if err != nil {
			return err
		}
		last, err := w.session.Send(ctx, w.reading(action, map[string]any{}))
		if err != nil {
			return err
		}
		a, short, long = &last, max(first, last.Length("dataSet")), page.Length("dataSet")
		if long <= short || !last.Succeeded() {
			return nil
		}
	}
	return w.missed(a, w.rule(), "/response/dataSet", fmt.Sprintf("%d rows, as with pageSize %d", long, size), fmt.Sprintf("%d rows", short))
}

// looksAtAPage is how often a page has to be longer than the list.
const looksAtAPage = 8

// rowsOf returns the last answer when it is a success, whose rows can be compared.
func (w *World) rowsOf() (*Answer, error) {
	a, err := w.last()
	if err != nil {
		return nil, err
	}
	if !a.Succeeded() {
		return nil, w.refusedWrongly(a)
	}
	return a, nil
}

func (w *World) rowIDs(a *Answer) []string {
	reader := w.reader(a.Operation.Action)
	var list []string
	for _, row := range a.Rows(reader.Rows) {
		list = append(list, row[reader.Key])
	}
	return list
}

func listText(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}
