package steps

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/verdict"
)

// largestPage is the largest page size that steps ask for. Most accounts fit on one such page.
const largestPage = 1000

// filterMembers maps a filter to the row member that shows its value, for filters that the contract
// does not show under their own name. The documents name no member for any other filter.
var filterMembers = map[string]string{"zoneId": "zoneId", "imageId": "imageId", "status": "status", "name": "instanceName"}

// nothingHas holds filter values that match no instance. The addresses are reserved for
// documentation (RFC 5737, RFC 3849).
var nothingHas = map[string]string{
	"zoneId": "no-such-zone", "imageId": "no-such-image", "status": "NO_SUCH_STATUS", "name": "no-such-name-of-conformance",
	"ipv4Address": "192.0.2.254", "ipv6Address": "2001:db8:ffff::fffe", "resourceGroupId": "no-such-group",
}

// filter is the filter of the last request, with the value that each instance has.
type filter struct {
	name, value string
	has         map[string]string // by instance
}

// The sentences about filters. They compare only the instances of the scenario, because the account
// may have others.
func filterSentences() []Sentence {
	sends := func(s *Metadata, args []string) { s.Parameters = append(s.Parameters, Parameter{Name: args[1]}) }
	both := func(s *Metadata, args []string) {
		s.Parameters = append(s.Parameters, Parameter{Name: "status"}, Parameter{Name: args[1]})
	}
	beside := func(s *Metadata, args []string) { sendsSubjects(args[1])(s, args) }
	return []Sentence{
		say(`{action} is asked for every (?:instance|[a-z]+) with the same {parameter}`, `通过 {action} 查询 {parameter} 与其相同的所有实例`,
			func(w *World) any { return filtered(w.filterByItsOwn, w.askedBy) }, nil).describing(sends, reads(2)).
			formerly(`{action} is asked for every instance that has its {parameter}`),
		say(`{action} is asked for an? {parameter} that no (?:instance|[a-z]+) has`, `通过 {action} 查询不存在的 {parameter}`,
			func(w *World) any { return filtered(w.filterByWhatNothingHas, w.askedBy) }, nil).describing(sends).
			formerly(`{action} is asked for a {parameter} that nothing has`),
		say(`{action} is asked for (?:it|them) and {part} {parameter}`, `通过 {action} 按 ID 及{part} {parameter} 查询该实例`,
			func(w *World) any { return w.askedByPart }, wildcardToo).describing(func(s *Metadata, args []string) { sendsSubjects(args[2])(s, args) }, reads(2)),
		say(`{action} is asked for (?:it|them) and a {parameter} that no (?:instance|[a-z]+) has`, `通过 {action} 按 ID 及不存在的 {parameter} 查询该实例`,
			func(w *World) any { return filtered(w.filterByWhatNothingHas, w.askedBeside) }, nil).describing(beside),
		say(`{action} is asked for every (?:instance|[a-z]+) with the same status and a {parameter} that no (?:instance|[a-z]+) has`, `通过 {action} 查询状态与其相同且具有不存在的 {parameter} 的实例`,
			func(w *World) any { return filtered(w.filterByWhatNothingHas, w.askedByStatusToo) }, nil).describing(both),
		say(`the list holds exactly those of the (?:instances|[a-z]+) that have it`, `列表包含其中所有具有该值的实例，且不包含其中其他实例`,
			func(w *World) any { return w.theListHoldsThoseThatHaveIt }, nil).describing(wants("200")).
			formerly(`the list holds those of them that have it and no other of them`),
	}
}

// filtered first takes a value for a filter, then sends the request.
func filtered(take func(ctx context.Context, action, parameter string) error, ask func(ctx context.Context, action string) error) any {
	return func(ctx context.Context, action, parameter string) error {
		if err := take(ctx, action, parameter); err != nil {
			return err
		}
		return ask(ctx, action)
	}
}

// filterByItsOwn takes the value that the instance's own row shows.
func (l *lists) filterByItsOwn(ctx context.Context, action, parameter string) error {
	member, shown := l.shownAs(action, parameter)
	if !shown {
		return &SuiteError{Reason: fmt.Sprintf("no document says where a row of %s shows the value of %s: describe a string of that name in the rows, "+
			"and let the clause with the role filters point at the parameter", action, parameter)}
	}
	inst, err := l.subject()
	if err != nil {
		return err
	}
	has, err := l.membersOf(ctx, action, member)
	if err != nil {
		return err
	}
	value := has[inst.ID]
	if value == "" {
		return lacking("%s shows no %s of %s %s", action, member, inst.noun(), inst.ID)
	}
	l.filter = &filter{parameter, value, has}
	return nil
}

// shownAs returns the row member that shows the value of a filter, if there is one.
func (sc *scenario) shownAs(action, parameter string) (string, bool) {
	if slices.Contains(sc.contract.Shown[action], parameter) {
		return parameter, true
	}
	member, shown := filterMembers[parameter]
	return member, shown
}

// parts are the texts for how much of the shown value a request filters by.
func parts() []wording {
	return []wording{{en: "its own", zh: "其"}, {en: "the beginning of its", zh: "只取开头部分的"}, {en: "more than its", zh: "多出文本的"}, {en: "a wildcard for its", zh: "以通配符代替的"}}
}

// wildcard matches every text where an endpoint puts a filter into a pattern as it is.
const wildcard = "%"

// wildcardToo marks the part that is a wildcard as sent only where generated requests are allowed,
// because it has a cost.
func wildcardToo(n *Needs, args []string) { n.Generated = n.Generated || parts()[3].in(args[1]) }

// part is the parameter type of parts.
func part() parameterType {
	t := wordings(parts())
	t.reads, t.readsZh = "its own", "其" // so that the form reads as a sentence
	return t
}

// askedByPart filters by the ids and by the shown value: the whole value, the value without its
// last character, the value with text appended, or a wildcard, which counts as a text like any
// other.
func (l *lists) askedByPart(ctx context.Context, action, part, parameter string) error {
	if err := l.filterByItsOwn(ctx, action, parameter); err != nil {
		return err
	}
	switch value := []rune(l.filter.value); {
	case parts()[0].in(part):
		return l.askedBeside(ctx, action)
	case parts()[2].in(part):
		l.filter.value += "-and-more"
	case parts()[3].in(part) && strings.Contains(l.filter.value, wildcard):
		return lacking("the %s %q has the text %q", parameter, l.filter.value, wildcard)
	case parts()[3].in(part):
		l.filter.value = wildcard
	case len(value) < 2:
		return lacking("the %s %q has no beginning to look for", parameter, l.filter.value)
	default:
		l.filter.value = string(value[:len(value)-1])
	}
	l.fixture.MakeUp(l.filter.value)
	return l.askedBeside(ctx, action)
}

func (l *lists) filterByWhatNothingHas(_ context.Context, action, parameter string) error {
	value, known := nothingHas[parameter]
	switch {
	case known:
	case slices.Contains(l.contract.Shown[action], parameter):
		value = "no-such-" + parameter
	default:
		return &SuiteError{Reason: "no value of " + parameter + " is known that nothing has"}
	}
	l.fixture.MakeUp(value)
	l.filter = &filter{name: parameter, value: value}
	return nil
}

// askedBeside filters by the value and by the ids, which together narrow the list.
func (l *lists) askedBeside(ctx context.Context, action string) error {
	return l.send(ctx, l.reading(action, map[string]any{l.filter.name: l.filter.value, l.reader(action).Filter: ids(l.subjects)}))
}

// askedBy filters by the value alone, and asks for the largest page.
func (l *lists) askedBy(ctx context.Context, action string) error {
	return l.send(ctx, l.reading(action, map[string]any{l.filter.name: l.filter.value, l.reader(action).Size: l.largest(action)}))
}

// askedByStatusToo filters by the value and by the status of the instance, which together narrow
// the list.
func (l *lists) askedByStatusToo(ctx context.Context, action string) error {
	inst, err := l.subject()
	if err != nil {
		return err
	}
	return l.send(ctx, l.reading(action, map[string]any{"status": inst.Status, l.filter.name: l.filter.value, l.reader(action).Size: l.largest(action)}))
}

// membersOf returns one member of each instance's row, or "" if a row does not have it.
func (l *lists) membersOf(ctx context.Context, action, member string) (map[string]string, error) {
	r := l.reader(action)
	a, err := l.session.Send(ctx, l.reading(action, map[string]any{r.Filter: ids(l.held())}))
	if err != nil {
		return nil, err
	}
	if !a.Succeeded() {
		return nil, l.missed(&a, l.contract.Role(roleFilter, action), "status", "the "+l.contract.called(action)+" asked for", describe(&a))
	}
	values := map[string]string{}
	for _, row := range a.Rows(r.Rows) {
		values[row[r.Key]] = row[member]
	}
	return values, nil
}

// theListHoldsThoseThatHaveIt checks that the list holds exactly those instances of the scenario
// that have the value. It skips an instance whose value has changed meanwhile. The account may have
// other instances.
func (l *lists) theListHoldsThoseThatHaveIt(ctx context.Context) error {
	a, err := l.rowsOf()
	if err != nil {
		return err
	}
	listed := l.rowIDs(a)
	var after map[string]string
	for _, inst := range l.held() {
		had, certain := l.filter.has[inst.ID], l.fixture.Certain && l.filter.name == "status"
		if certain {
			had = inst.Status
		}
		right := had == l.filter.value
		if had == "" || slices.Contains(listed, inst.ID) == right || l.fuzzy(had) {
			continue
		}
		if right && !l.all(a) {
			return lacking("a page of %d does not show all %s that have the %s %s", l.largest(a.Operation.Action), l.contract.called(a.Operation.Action), l.filter.name, verdict.Shown(had))
		}
		if after == nil && !certain {
			member, _ := l.shownAs(a.Operation.Action, l.filter.name)
			if after, err = l.membersOf(ctx, a.Operation.Action, member); err != nil {
				return err
			}
		}
		if !certain && had != after[inst.ID] {
			continue // the value has changed meanwhile
		}
		want := "no row of " + inst.ID + ", which has " + verdict.Shown(had)
		if right {
			want = "a row of " + inst.ID
		}
		return l.missed(a, l.contract.Role(verdict.RoleFilters, a.Operation.Action), l.placeOfRows(a)+" with "+l.filter.name+" "+verdict.Shown(l.filter.value), want, listText(listed))
	}
	return nil
}

// fuzzy reports whether the last filter may also match other names. The documents do not say that a
// search for names matches only whole names (protocol 9).
func (l *lists) fuzzy(name string) bool { return l.filter.name == "name" && name != l.filter.value }

// complete reports whether an answer holds every matching row.
func (sc *scenario) complete(a *Answer) bool {
	total, counted := a.Count(sc.reader(a.Operation.Action).Total)
	return !counted || total <= sc.length(a)
}

// all reports whether an answer with the largest page size holds every row. If the answer has no
// total, a full page proves nothing.
func (l *lists) all(a *Answer) bool {
	r := l.reader(a.Operation.Action)
	if r.Total == "" && (r.Size != "" || r.Page > 0) {
		return l.length(a) < l.largest(a.Operation.Action)
	}
	return l.complete(a)
}

// largest returns the largest page size to ask of a read operation.
func (sc *scenario) largest(action string) int {
	r := sc.reader(action)
	if r.Size == "" && r.Page > 0 {
		return r.Page
	}
	for _, p := range sc.contract.Parameters[action] {
		if p.Name == r.Size && p.Maximum != nil {
			return min(largestPage, int(*p.Maximum))
		}
	}
	return largestPage
}

// nothingMatches checks that an unknown value matches no row. A search for names is fuzzy, so there
// the list only must not hold an instance of the scenario.
func (l *lists) nothingMatches(classes []string) error {
	a, err := l.last()
	if err != nil {
		return err
	}
	clause := l.contract.Role(verdict.RoleFilters, a.Operation.Action)
	if !a.Succeeded() {
		return l.documentedBy(clause, within(classes...), false, "an empty list or "+expectation{classes: classes}.String())
	}
	l.session.Choice(clause, "an empty list")
	rows := l.rowIDs(a)
	if l.filter.name == "name" {
		held := ids(l.held())
		rows = slices.DeleteFunc(rows, func(id string) bool { return !slices.Contains(held, id) })
	}
	if len(rows) > 0 {
		return l.missed(a, clause, l.placeOfRows(a)+" with "+l.filter.name+" "+verdict.Shown(l.filter.value), "no row", listText(rows))
	}
	return nil
}
