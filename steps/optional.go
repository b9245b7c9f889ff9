package steps

import "context"

// The sentence about an optional parameter without a value.
func optionalSentences() []Sentence {
	return []Sentence{
		say(`it counts as absent{empty}, or the answer is a documented {classes} error`, `视为未提供该参数{empty}，或返回文档所列的 {classes} 错误码`,
			func(w *World) any { return w.countsAsAbsent }, nil).describing(wants("200"), wantsClasses(1)),
	}
}

// empties are the other interpretations of an empty string that a sentence can allow.
func empties() []wording {
	return []wording{{}, {en: " or as a value that nothing has", zh: "或没有实例具有的值"}}
}

// countsAsAbsent checks that an optional parameter without a value is ignored or refused. An empty
// string may also match nothing (protocol 9).
func (l *lists) countsAsAbsent(_ context.Context, besides, classes string) error {
	a, err := l.last()
	if err != nil {
		return err
	}
	if !a.Succeeded() || besides != "" && l.length(a) == 0 {
		e := expectation{success: true, classes: classesIn(classes)}
		return l.documented(within(e.classes...), true, e.String())
	}
	l.session.Choice(l.rule(), "as if absent")
	rows := l.rowIDs(a)
	if l.altered == l.reader(a.Operation.Action).Filter {
		if len(rows) == 0 {
			return l.missed(a, l.rule(), l.placeOfRows(a), l.contract.called(a.Operation.Action)+", as without "+l.altered, "none")
		}
		return nil
	}
	if len(rows) > 0 { // the instance is listed, but with others: that violates the filter by id, not this rule
		return l.sameIDs(a, l.contract.Role(roleFilter, a.Operation.Action), rows)
	}
	return l.sameIDs(a, l.rule(), rows)
}
