package steps

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/operation"
	"github.com/zec-tools/conformance/internal/verdict"
)

// The sentence about the result of a change.
func valueSentences() []Sentence {
	return []Sentence{
		say(`the (?:instance|[a-z]+) has the value asked for{search}`, `实例具有所请求的值{search}`,
			func(w *World) any { return w.hasTheValueIn }, searchesToo).describing(observesOrSearches),
	}
}

// searches are the further reads by which a sentence can look for the value.
func searches() []wording {
	return []wording{{}, {en: ", and shows it in a list of its status", zh: "，且按状态查询的列表中亦然"}}
}

// searchesToo marks the sentence with a further read as sent only where generated requests are
// allowed, because it has a cost.
func searchesToo(n *Needs, args []string) { n.Generated = n.Generated || args[0] != "" }

// observesOrSearches keeps a scenario that searches from making the changes of others: its list holds
// the instances that were only lent to read for these, and that others may change by then.
func observesOrSearches(s *Metadata, args []string) {
	if s.Observes = args[0] == ""; !s.Observes {
		s.Reads = 1
	}
}

// hasTheValueIn checks that the instance has the requested value, and perhaps that a list that does
// not name the instance shows it, too. An endpoint may keep an index for such lists.
func (ch *changes) hasTheValueIn(ctx context.Context, search string) error {
	if err := ch.hasTheValue(ctx); err != nil || search == "" {
		return err
	}
	return ch.listsTheValue(ctx)
}

// listsTheValue asks for the instances of the status in which the change has ended. Only a row that
// shows that status counts, and the list may have no row of the instance: that is a matter of the
// filter.
func (ch *changes) listsTheValue(ctx context.Context) error {
	d, s := ch.change.definition, ch.change.subject()
	action := d.Changed.Operation.Action
	status, shows := d.StatusAt(d.Changed.Operation)
	if d.Wanted == "" || !shows {
		return &SuiteError{Reason: fmt.Sprintf("no list of a status shows a value that %s sets", ch.change.action())}
	}
	a, err := ch.session.Send(ctx, ch.reading(action, map[string]any{status.Field: d.End[0], ch.reader(action).Size: ch.largest(action)}))
	if err != nil {
		return err
	}
	for _, row := range a.Rows(d.Changed.Rows) {
		if row[d.Changed.Key] == s.ID && row[status.Field] == d.End[0] && row[d.Changed.Field] != s.Trajectory.To {
			return ch.at(&a, ch.contract.Violated(roleChanged, ch.change.action(), verdict.PlaceOf(d.Changed.Field, d.Kind, s.ID)+" in a list of its status", s.Trajectory.To, row[d.Changed.Field]))
		}
	}
	return nil
}

// thirdValue returns the last value in the list that is not given. An endpoint is unlikely to
// choose that one by mistake, as it might choose the next one.
func (ins *instances) thirdValue(values ...string) string {
	return ins.thirdValueOf(ins.definition(), values...)
}

// thirdValueOf returns such a value for a call of an action.
func (ins *instances) thirdValueOf(d lifecycle.Definition, values ...string) string {
	if onlyForward(d) { // the last value would leave none for a later change
		return ins.valueAfter(values...)
	}
	for _, t := range slices.Backward(ins.fixture.Resizable) {
		if !slices.Contains(values, t) {
			return t
		}
	}
	return ins.firstValue()
}

// onlyForward reports whether an action takes a value and no action undoes it.
func onlyForward(d lifecycle.Definition) bool { return d.Wanted != "" && d.Inverse == "" }

// valueAfter returns the value that is listed after all given ones, or "". A disk that can only
// grow takes the values in the order of the list.
func (ins *instances) valueAfter(values ...string) string {
	after := 0
	for i, t := range ins.fixture.Resizable {
		if slices.Contains(values, t) {
			after = i + 1
		}
	}
	if after == len(ins.fixture.Resizable) {
		return ""
	}
	return ins.fixture.Resizable[after]
}

// valueOtherThan returns a value that is not given. If no action undoes the change, it returns one
// that is listed after the given ones.
func (ins *instances) valueOtherThan(values ...string) string {
	if onlyForward(ins.definition()) {
		return ins.valueAfter(values...)
	}
	for _, t := range ins.fixture.Resizable {
		if !slices.Contains(values, t) {
			return t
		}
	}
	return ins.firstValue()
}

func (ins *instances) firstValue() string {
	if len(ins.fixture.Resizable) == 0 {
		return ""
	}
	return ins.fixture.Resizable[0]
}

// value chooses the value of a call.
type value func(Instance) string

// anotherValue returns the original value of an instance if it has a different one now, which saves
// the change that restores it. Otherwise it returns another valid value.
func (rd *readings) anotherValue(inst Instance) string {
	now := rd.valueOf(inst)
	if d := rd.definition(); d.Inverse != "" && inst.Origin != "" && inst.Origin != now && slices.Contains(rd.fixture.Resizable, inst.Origin) {
		return inst.Origin
	}
	others := slices.DeleteFunc(slices.Clone(rd.fixture.Resizable), func(v string) bool { return v == now })
	if rd.definition().Inverse == "" || len(others) == 0 {
		return rd.valueOtherThan(now)
	}
	hash := fnv.New32a()
	hash.Write([]byte(inst.ID)) // each instance gets a different value, and gets the same one in every scenario that shares its change
	return others[hash.Sum32()%uint32(len(others))]
}

// unsetValue chooses a value that is neither the current one nor one of those that the instance had
// before, so that several changes in a row set as many values as are listed. If there is none, it
// chooses another value.
func (rd *readings) unsetValue(had []string) value {
	return func(inst Instance) string {
		all := append(slices.Clone(had), rd.valueOf(inst))
		if unset := rd.thirdValue(all...); unset != "" && !onlyForward(rd.definition()) && !slices.Contains(all, unset) {
			return unset
		}
		return rd.anotherValue(inst)
	}
}

// meanwhileValue returns the value for a second call while the change of a subject runs. It is
// neither the current value nor the one that the change sets, because for those another error may
// apply, and any error that applies is right (protocol 9).
func (rd *readings) meanwhileValue(second lifecycle.Definition, first *operation.Subject) string {
	shown, set := rd.before[first.ID].values[second.Changed.Field], first.Trajectory.To
	return rd.thirdValueOf(second, shown, set)
}

func (rd *readings) itsOwnValue(inst Instance) string { return rd.valueOf(inst) }

func (ins *instances) anAbsentValue(Instance) string { return ins.fixture.AbsentType }

func (ins *instances) anUnsupportedValue(Instance) string {
	return ins.fixture.Unsupported
}

// valueOf returns the changed value of an instance as last read.
func (rd *readings) valueOf(inst Instance) string {
	return rd.before[inst.ID].values[rd.changedField()]
}

// changedField returns the row member that the actions of this scenario change.
func (ins *instances) changedField() string {
	for _, r := range ins.contract.Changed(ins.definition()) {
		return r.Field
	}
	return ""
}

// aGPUValue returns a value for GPU instances that differs from the instance's own.
func (rd *readings) aGPUValue(inst Instance) string {
	i := slices.IndexFunc(rd.fixture.GPUTypes, func(t string) bool { return t != rd.valueOf(inst) })
	return rd.fixture.GPUTypes[max(i, 0)]
}

// keepEarlier keeps the last change that set a value, and the value of a call that was refused
// since. No later call may undo the change or carry out the refused call.
func (ch *changes) keepEarlier() {
	switch c := ch.change; {
	case c == nil || c.definition.Wanted == "":
	case c.begun():
		ch.earlier = c
	case ch.earlier != nil:
		ch.earlier.refused = c.wanted
	}
}

// nextValue returns another value. If a different action has followed a change, the value also
// differs from the one before that change, so that it shows which call has set it.
func (ch *changes) nextValue(inst Instance) string {
	if ch.earlier != nil && ch.earlier != ch.change {
		had := ch.earlier.subject().Trajectory
		if third := ch.thirdValue(had.From, had.To); third != ch.valueOf(inst) {
			return third
		}
	}
	return ch.anotherValue(inst)
}

// stillHasTheValue checks the value set by an earlier change after a different action has followed
// it. It reads a row that shows the end of the last change, because any other row may be older.
func (ch *changes) stillHasTheValue(ctx context.Context) error {
	if ch.earlier == nil || ch.earlier.definition.Wanted == "" {
		return nil
	}
	d, s := ch.earlier.definition, ch.earlier.subject()
	status, shows := ch.change.definition.StatusAt(d.Changed.Operation)
	if !shows {
		return lacking("%s shows no status beside %s", d.Changed.Operation.Action, d.Changed.Field)
	}
	row, err := ch.rowShowingTheEnd(ctx, status, s.ID)
	got := row[d.Changed.Field]
	if err != nil || got == s.Trajectory.To {
		return err
	}
	if err := ch.refusedValue(ch.earlier, s, got); err != nil {
		return err
	}
	if got != s.Trajectory.From {
		if err := ch.foreignValue(Instance{ID: s.ID, Kind: kindOf(d.Kind)}, d.Changed.Field, got); err != nil {
			return err
		}
	}
	return ch.contract.Violated(roleChanged, ch.earlier.action(), verdict.PlaceOf(d.Changed.Field, d.Kind, s.ID), s.Trajectory.To, got)
}

// hasTheValue checks that the instance has the requested value.
func (ch *changes) hasTheValue(ctx context.Context) error {
	if ch.change == nil {
		return errNoChange
	}
	d := ch.change.definition
	if d.Wanted == "" {
		return ch.stillHasTheValue(ctx)
	}
	for _, s := range ch.change.subjects {
		row, err := ch.rowAtEnd(ctx, s)
		if err != nil {
			return err
		}
		got := row[d.Changed.Field]
		if got == s.Trajectory.To || s.EndValue == s.Trajectory.To && !d.ValueCounts(row) {
			continue
		}
		if err := ch.refusedValue(ch.change, s, got); err != nil {
			return err
		}
		if s.EndValue == s.Trajectory.To { // the value was there when the change ended
			if err := ch.foreignValue(Instance{ID: s.ID, Kind: kindOf(d.Kind)}, d.Changed.Field, got); err != nil {
				return err
			}
		}
		return ch.contract.Violated(roleChanged, ch.change.action(), verdict.PlaceOf(d.Changed.Field, d.Kind, s.ID), s.Trajectory.To, got)
	}
	return nil
}

// rowAtEnd reads the row that shows the changed value of a subject. The value counts only in a row
// that shows the end of the change. A row that does not show the end in all the time allowed shows
// a wrong status.
func (ch *changes) rowAtEnd(ctx context.Context, s *operation.Subject) (map[string]string, error) {
	d := ch.change.definition
	rows, a, err := ch.rows(ctx, d.Changed, []string{s.ID})
	if err != nil {
		return nil, err
	}
	status, shows := d.StatusAt(d.Changed.Operation)
	if at := rows[s.ID][status.Field]; shows && s.EndValue == "" && s.Watch.Phase() == lifecycle.Settled && !slices.Contains(d.End, at) {
		return nil, ch.at(a, ch.neverShowsTheEnd(ctx, status, s, at))
	}
	return rows[s.ID], nil
}

// showTheEnd checks that the rows with the changed value have shown the end of a settled change.
func (ch *changes) showTheEnd(ctx context.Context, c *change) error {
	for _, s := range c.subjects {
		if c.definition.Wanted == "" || s.EndValue != "" || s.Watch.Phase() != lifecycle.Settled {
			continue
		}
		if _, err := ch.rowAtEnd(ctx, s); err != nil {
			return err
		}
	}
	return nil
}
