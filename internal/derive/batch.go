package derive

import (
	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/verdict"
)

// batch adds the scenarios of calls on several subjects.
func (f *feature) batch() {
	l, action := f.lifecycle, f.operation.Action
	if !l.Batch {
		return
	}
	called, another := "When "+action+" is called on them", "And another "+l.Start[0]+" "+l.Kind
	several := scenario{
		id: "several", name: action + " is carried out on several " + lifecycle.Plural(l.Kind) + " in one call",
		steps: []string{
			"Given 3 " + l.Start[0] + " " + lifecycle.Plural(l.Kind), called, "Then the answer is a success",
			"And the " + lifecycle.Plural(l.Kind) + " go through " + lifecycle.States(l.Transient) + " to " + lifecycle.States(l.End) + " and stay there",
		},
	}
	if l.Wanted != "" {
		several.steps = append(several.steps, "And each "+l.Kind+" has the value asked for")
	}
	if f.takes(3) {
		f.under(verdict.RoleBatch, several)
	}
	f.under(verdict.RoleBatch, scenario{
		id: "empty", name: action + " with an empty list does nothing", also: refusedUnchanged,
		steps: []string{f.given(), "When " + action + " is called with " + l.Subject + " as []", "Then the answer is a success or a documented 4xx error", f.unchanged()},
	})
	if l.Failed == "" || !f.takes(4) {
		return // no document says how some of several subjects are refused, or a call cannot name so many
	}
	mixed := func(with string, pair verdict.Pair) []string {
		return []string{
			f.given(), with, another, called,
			"Then the invalid ones are listed as failed and the others are carried out, or it is refused with " + refusal(pair) + " and nothing changes",
		}
	}
	f.under(verdict.RoleBatch, scenario{
		id: "some-not-in-start-status", name: action + " is called on several " + lifecycle.Plural(l.Kind) + ", one of them <status>",
		steps:   mixed("And another <status> "+l.Kind, l.Denied.Start),
		columns: []string{"status"}, rows: column(f.resting()),
	}, scenario{
		id: "some-absent", name: action + " is called on several " + lifecycle.Plural(l.Kind) + ", two of which do not exist",
		steps: mixed("And 2 "+lifecycle.Plural(l.Kind)+" that do not exist", l.Denied.Absent),
	})
}

// refusal returns the text of an error response, or of any error if the documents state none.
func refusal(pair verdict.Pair) string {
	if pair.Code == "" {
		return "a documented 4xx error"
	}
	return pair.String()
}
