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

// The sentences that ask a read operation for instances and compare its list.
func listSentences() []Sentence {
	return []Sentence{
		say(`{action} is asked for (?:it|them)`, `通过 {action} 查询上述实例`,
			func(w *World) any { return w.theyAreListed }, nil).describing(sendsSubjects()),
		say(`the list holds (?:it|them) and no other`, `列表中有且仅有所查询的实例`,
			func(w *World) any { return w.theListHolds }, nil).describing(wants("200")),
		say(`the list holds those that exist and no other, or the answer is a documented 404 error`, `列表中有且仅有存在的实例，或返回文档所列的 404 错误码`,
			func(w *World) any { return w.theKnownAreListed }, nil).describing(wants("200", "404"), takes(404, "")),
		say(`the list is empty, or the answer is a documented {classes} error`, `列表为空，或返回文档所列的 {classes} 错误码`,
			func(w *World) any { return w.theListIsEmptyOr }, nil).describing(wants("200"), wantsClasses(0), takesNotFound),
		say(`the list shows the status of each (?:instance|[a-z]+)`, `列表如实显示每台实例的状态`,
			func(w *World) any { return w.theListShowsTheirStatus }, nil).describing(wants("200")).
			formerly(`the list shows the status each is in`),
		say(`the total is {number}`, `总数为 {number}`,
			func(w *World) any { return w.theTotalIs }, nil).describing(wants("200")),
	}
}

// lists ask a read operation for instances and compare its rows.
type lists struct{ *changes }

// takesNotFound adds every documented 404 error if the step allows no other error.
func takesNotFound(s *Metadata, args []string) {
	if args[0] == "404" {
		takes(404, "")(s, args)
	}
}

// theListIsEmptyOr checks for an empty list or a refusal, in answer to ids that do not exist or a
// filter value that matches nothing.
func (l *lists) theListIsEmptyOr(ctx context.Context, classes string) error {
	if l.filter != nil {
		return l.nothingMatches(classesIn(classes))
	}
	return l.noneIsListed(ctx, classesIn(classes))
}

// theyAreListed asks a read operation for the instances of the scenario.
func (l *lists) theyAreListed(ctx context.Context, action string) error {
	return l.send(ctx, l.reading(action, map[string]any{l.reader(action).Filter: ids(l.subjects)}))
}

// theListHolds checks that the list holds the named instances and no others, each once.
func (l *lists) theListHolds(context.Context) error {
	a, err := l.rowsOf()
	if err != nil {
		return err
	}
	return l.sameIDs(a, l.contract.Role(roleFilter, a.Operation.Action), l.rowIDs(a))
}

func (l *lists) sameIDs(a *Answer, clause string, got []string) error {
	want := ids(l.subjects)
	sort.Strings(want)
	sort.Strings(got)
	if slices.Equal(want, got) {
		return nil
	}
	return l.missed(a, clause, l.placeOfRows(a), listText(want), listText(got))
}

// theListShowsTheirStatus checks that the list shows every instance in its current status.
func (l *lists) theListShowsTheirStatus(ctx context.Context) error {
	a, err := l.rowsOf()
	if err != nil {
		return err
	}
	listed := l.rowIDs(a)
	for _, inst := range l.subjects {
		if !slices.Contains(listed, inst.ID) {
			return l.missed(a, l.contract.Role(roleFilter, a.Operation.Action), l.placeOfRows(a), "a row of "+inst.ID, listText(listed))
		}
	}
	return l.listedTruthfully(ctx, a)
}

// listedTruthfully checks that every instance in a list is shown in its current status.
func (l *lists) listedTruthfully(ctx context.Context, a *Answer) error {
	reader := l.reader(a.Operation.Action)
	shown := map[string]string{}
	for _, row := range a.Rows(reader.Rows) {
		shown[row[reader.Key]] = row[reader.Field]
	}
	for _, inst := range l.subjects {
		got, listed := shown[inst.ID]
		if !listed || got == inst.Status {
			continue
		}
		if !l.fixture.Certain && !strings.EqualFold(got, inst.Status) {
			differs, err := l.otherReadDiffers(ctx, a.Operation.Action, inst, got)
			if err != nil {
				return err
			}
			if !differs {
				return lacking("%s %s is %s, not %s as the configuration lists it", inst.noun(), inst.ID, verdict.Shown(got), inst.Status)
			}
		}
		return l.missed(a, l.contract.Role(roleTruthful, a.Operation.Action), l.placeOfRows(a)+" of "+inst.ID, inst.Status, got)
	}
	return nil
}

// reader returns what a read operation shows of the scenario's instances: their status, otherwise a
// value that actions change.
func (sc *scenario) reader(action string) lifecycle.Reading {
	d := sc.contract.Definition(action)
	if r, shows := d.ReadingAt(sc.contract.Operation(action)); shows {
		return r
	}
	return d.Observed
}

// otherReadDiffers reports whether another read operation shows the instance as the list does,
// while the observing operation keeps showing it differently. In that case the list is not to
// blame.
func (l *lists) otherReadDiffers(ctx context.Context, action string, inst Instance, got string) (bool, error) {
	d, this := l.contract.Definition(action), l.reader(action)
	all := append([]lifecycle.Reading{d.Observed}, d.Also...)
	at := slices.IndexFunc(all, func(r lifecycle.Reading) bool { return r != this })
	if at < 0 {
		return false, nil
	}
	for _, look := range []struct {
		reading lifecycle.Reading
		want    string
	}{{all[at], inst.Status}, {this, got}, {all[at], inst.Status}} {
		rows, _, err := l.rows(ctx, look.reading, []string{inst.ID})
		if err != nil || rows[inst.ID][look.reading.Field] != look.want {
			return false, err
		}
		if err := await(ctx, l.timing.Settle); err != nil {
			return false, err
		}
	}
	return true, nil
}

// theTotalIs checks that the total of a list is the number of matching instances.
func (l *lists) theTotalIs(_ context.Context, want int) error {
	a, err := l.rowsOf()
	if err != nil {
		return err
	}
	total := l.reader(a.Operation.Action).Total
	got, isNumber := a.Count(total)
	if isNumber && got == want {
		return nil
	}
	text := "no number"
	if isNumber {
		text = fmt.Sprint(got)
	}
	return l.missed(a, l.contract.Role(verdict.RoleTotal, a.Operation.Action), "/response/"+total, fmt.Sprint(want), text)
}

// noneIsListed checks for an empty list or a documented 404 pair (protocol 9).
func (l *lists) noneIsListed(ctx context.Context, classes []string) error {
	a, err := l.last()
	if err != nil {
		return err
	}
	if a.Succeeded() {
		if rows := l.rowIDs(a); len(rows) > 0 {
			return l.missed(a, l.contract.Role(verdict.RoleUnknown, a.Operation.Action), l.placeOfRows(a), "no row", listText(rows))
		}
		if l.reader(a.Operation.Action).Total != "" {
			if err := l.theTotalIs(ctx, 0); err != nil {
				return err
			}
		}
		l.session.Choice(l.rule(), "an empty list")
		return nil
	}
	return l.refusedAsUnknown(a, "an empty list", classes...)
}

// refusedAsUnknown checks for a documented pair with one of some statuses, in answer to ids that do
// not exist.
func (l *lists) refusedAsUnknown(a *Answer, want string, classes ...string) error {
	if l.madeUpOtherwise(a) {
		l.session.Choice(l.rule(), describe(a))
		return nil
	}
	clause := l.contract.Role(verdict.RoleUnknown, a.Operation.Action)
	if l.contract.is(a, verdict.RoleTooLong) {
		clause = l.rule() // the request was refused for its number of ids, not because they are unknown
	}
	return l.documentedBy(clause, within(classes...), false, want+" or "+expectation{classes: classes}.String())
}

// theKnownAreListed checks that the list holds the instances that exist and no others, each once,
// or that the answer is a documented 404 pair for the unknown ones (protocol 9).
func (l *lists) theKnownAreListed(context.Context) error {
	a, err := l.last()
	if err != nil {
		return err
	}
	if !a.Succeeded() {
		return l.refusedAsUnknown(a, "the known ones", "404")
	}
	l.session.Choice(l.rule(), "the known ones")
	want, got := ids(l.held()), l.rowIDs(a)
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(want, got) {
		return l.missed(a, l.contract.Role(verdict.RoleUnknown, a.Operation.Action), l.placeOfRows(a), listText(want), listText(got))
	}
	return nil
}

// rowsOf returns the last answer, which must be a success with rows.
func (l *lists) rowsOf() (*Answer, error) {
	a, err := l.last()
	if err != nil {
		return nil, err
	}
	if !a.Succeeded() {
		return nil, l.refusedWrongly(a)
	}
	return a, nil
}

// placeOfRows returns the JSON pointer of the rows in an answer.
func (sc *scenario) placeOfRows(a *Answer) string {
	return "/response/" + sc.reader(a.Operation.Action).Rows
}

// length returns the number of rows in an answer.
func (sc *scenario) length(a *Answer) int { return a.Length(sc.reader(a.Operation.Action).Rows) }

func (sc *scenario) rowIDs(a *Answer) []string {
	reader := sc.reader(a.Operation.Action)
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
