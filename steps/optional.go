package steps

import "context"

// The sentence about an optional parameter that is sent without a value.
func optionalSentences() []Sentence {
	return []Sentence{
		say(`it counts as absent{empty}, or the answer is a documented {classes} error`, `视为未提供该参数{empty}，或返回文档所列的 {classes} 错误码`,
			func(w *World) any { return w.countsAsAbsent }, nil).describing(wants("200"), wantsClasses(1)),
	}
}

// empties are the further meanings of an empty string.
func empties() []wording {
	return []wording{{}, {en: " or as a value that nothing has", zh: "或没有实例具有的值"}}
}

// countsAsAbsent wants an optional parameter that has no value to make no difference, to be
// refused, or if it is the empty string to match nothing (protocol 9).
func (w *World) countsAsAbsent(_ context.Context, besides, classes string) error {
	a, err := w.last()
	if err != nil {
		return err
	}
	if !a.Succeeded() || besides != "" && a.Length("dataSet") == 0 {
		e := expectation{success: true, classes: classesIn(classes)}
		return w.documented(within(e.classes...), true, e.String())
	}
	w.session.Choice(w.rule(), "as if absent")
	rows := w.rowIDs(a)
	if w.altered == w.reader(a.Operation.Action).Filter {
		if len(rows) == 0 {
			return w.missed(a, w.rule(), "/response/dataSet", "instances, as without "+w.altered, "none")
		}
		return nil
	}
	if len(rows) > 0 { // listed, but not alone: that breaks the filter by id, not this rule
		return w.sameIDs(a, w.contract.Role(roleFilter, a.Operation.Action), rows)
	}
	return w.sameIDs(a, w.rule(), rows)
}
