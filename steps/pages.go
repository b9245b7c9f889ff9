package steps

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/zec-tools/conformance/internal/verdict"
)

// The sentences about pages of a list.
func pageSentences() []Sentence {
	return []Sentence{
		say(`{action} is asked for them in pages of {number}`, `通过 {action} 分页查询上述实例，每页 {number} 条`,
			func(w *World) any { return w.theyAreListedInPages }, nil).describing(sendsSubjects(), sendsPaging, reads(3)),
		say(`no page holds more than {number}, and together they hold each (?:instance|[a-z]+) once`, `每页不超过 {number} 条，且各页合起来每台实例恰好出现一次`,
			func(w *World) any { return w.thePagesHold }, nil).describing(wants("200")),
		say(`the list holds at most {number} (?:instances|[a-z]+)`, `列表最多包含 {number} 台实例`,
			func(w *World) any { return w.noMoreRowsThan }, nil).describing(wants("200")),
		say(`no page follows if it holds fewer than {number}`, `若不足 {number} 条，则没有下一页`,
			func(w *World) any { return w.noPageFollows }, nil).describing(sendsPaging),
		say(`the list is as long as a page of {number}`, `列表与每页 {number} 条时一样长`,
			func(w *World) any { return w.itIsAsLongAsAPageOf }, nil).describing(wants("200"), func(s *Metadata, _ []string) { s.Again = 2 }),
	}
}

// theyAreListedInPages asks for the instances page by page.
func (l *lists) theyAreListedInPages(ctx context.Context, action string, size int) error {
	pages := (len(l.subjects) + size - 1) / size
	for page := 1; page <= pages+1; page++ {
		r := l.reader(action)
		parameters := map[string]any{r.Filter: ids(l.subjects), r.Size: size, r.Number: page}
		if err := l.send(ctx, l.reading(action, parameters)); err != nil {
			return err
		}
		l.answers = append(l.answers, *l.answer)
	}
	l.answer = &l.answers[pages-1] // a page after the last one may be refused
	return nil
}

// thePagesHold checks that no page exceeds its size, and that together the pages hold the named
// instances, each once, with their current status. The page after the last one must be empty or
// refused.
//
// No document promises an order of rows. So if one instance is shown twice and another is missing,
// that proves nothing as long as the whole list comes in a different order each time.
func (l *lists) thePagesHold(ctx context.Context, size int) error {
	last := len(l.answers) - 1
	about := &l.answers[max(last-1, 0)]
	var all []string
	for i := range l.answers {
		l.answer = &l.answers[i]
		if l.answer.Faulty {
			about = l.answer
		}
		if i == last && !l.answer.Succeeded() {
			break
		}
		a, err := l.rowsOf()
		if err != nil {
			return err
		}
		rows := l.rowIDs(a)
		if len(rows) > size {
			want, got := fmt.Sprintf("at most %d rows", size), fmt.Sprintf("%d rows", len(rows))
			return l.missed(a, l.contract.Role(verdict.RolePage, a.Operation.Action), l.placeOfRows(a), want, got)
		}
		all = append(all, rows...)
		if err := l.listedTruthfully(ctx, a); err != nil {
			return err
		}
	}
	l.judged = true
	for _, id := range all {
		if !slices.Contains(ids(l.subjects), id) {
			return l.missed(about, l.contract.Role(roleFilter, about.Operation.Action), l.placeOfRows(about), "the "+l.contract.called(about.Operation.Action)+" asked for", id)
		}
	}
	missed := l.sameIDs(about, l.contract.Role(verdict.RolePage, about.Operation.Action), all)
	if missed == nil {
		return nil
	}
	return cmp.Or(l.unordered(ctx), missed)
}

// unordered asks for all instances in one page until they come in a different order.
func (l *lists) unordered(ctx context.Context) error {
	action := l.answers[0].Operation.Action
	r := l.reader(action)
	var before []string
	for range looksAtAPage {
		a, err := l.session.Send(ctx, l.reading(action, map[string]any{r.Filter: ids(l.subjects), r.Size: len(l.subjects)}))
		if err != nil {
			return err
		}
		rows := l.rowIDs(&a)
		if !sameSet(rows, ids(l.subjects)) {
			return nil // the list is wrong even without pages
		}
		if before != nil && !slices.Equal(before, rows) {
			return &Inconclusive{Reason: fmt.Sprintf("%s lists the same rows in another order each time, so its pages cannot be compared", action)}
		}
		before = rows
	}
	return nil
}

// sameSet reports whether two lists have the same elements, in any order.
func sameSet(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// noMoreRowsThan checks that a page does not exceed its size.
func (l *lists) noMoreRowsThan(_ context.Context, size int) error {
	a, err := l.rowsOf()
	if err != nil {
		return err
	}
	if rows := l.length(a); rows > size {
		return l.missed(a, l.rule(), l.placeOfRows(a), "at most "+strconv.Itoa(size)+" rows", strconv.Itoa(rows)+" rows")
	}
	return nil
}

// noPageFollows checks that no rows follow a page that is not full. Only a list whose total exceeds
// its rows can have another page. Instances of the account come and go, so a following page counts
// only if it is there every time.
func (l *lists) noPageFollows(ctx context.Context, size int) error {
	a, err := l.rowsOf()
	if err != nil {
		return err
	}
	action := a.Operation.Action
	r := l.reader(action)
	var rows, more int
	for range looksAtAPage {
		if rows = l.length(a); rows >= size || l.complete(a) {
			return nil
		}
		next, err := l.session.Send(ctx, l.reading(action, map[string]any{r.Size: size, r.Number: 2}))
		if err != nil {
			return err
		}
		if more = l.length(&next); more == 0 {
			return nil
		}
		again, err := l.session.Send(ctx, l.reading(action, map[string]any{r.Size: size}))
		if err != nil {
			return err
		}
		a = &again
	}
	return l.missed(a, l.rule(), l.placeOfRows(a), fmt.Sprintf("at least %d rows, as page 2 has %d more", min(size, rows+more), more), fmt.Sprintf("%d rows", rows))
}

// itIsAsLongAsAPageOf checks that a list without a page size has as many rows as a page of the
// given size. Instances of the account come and go, so the list counts as too short only if the
// page is longer every time than the lists read before and after it.
func (l *lists) itIsAsLongAsAPageOf(ctx context.Context, size int) error {
	a, err := l.rowsOf()
	if err != nil {
		return err
	}
	action := a.Operation.Action
	r := l.reader(action)
	var short, long int
	for range looksAtAPage {
		first := l.length(a)
		page, err := l.session.Send(ctx, l.reading(action, map[string]any{r.Size: size}))
		if err != nil {
			return err
		}
		last, err := l.session.Send(ctx, l.reading(action, map[string]any{}))
		if err != nil {
			return err
		}
		a, short, long = &last, max(first, l.length(&last)), l.length(&page)
		if long <= short || !last.Succeeded() {
			return nil
		}
	}
	return l.missed(a, l.rule(), l.placeOfRows(a), fmt.Sprintf("%d rows, as with %s %d", long, r.Size, size), fmt.Sprintf("%d rows", short))
}

// looksAtAPage is the number of times that a page must be longer than the list.
const looksAtAPage = 8
