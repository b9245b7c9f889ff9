package derive

import (
	"slices"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/verdict"
)

// refusedUnchanged is the role that every refusal of a changing action also tests.
var refusedUnchanged = []verdict.Role{verdict.RoleRefusedUnchanged}

// through returns the steps that check that a call is carried out.
func (f *feature) through() []string {
	l := f.lifecycle
	steps := []string{
		"Then the answer is a success",
		"And the " + l.Kind + " goes through " + lifecycle.States(l.Transient) + " to " + lifecycle.States(l.End) + " and stays there",
	}
	if l.Wanted != "" {
		steps = append(steps, "And the "+l.Kind+" has the value asked for")
	}
	return steps
}

// carriedOut adds the scenarios of calls that succeed.
func (f *feature) carriedOut() {
	l, action := f.lifecycle, f.operation.Action
	called := "When " + action + " is called on it"
	one := called
	if l.Batch {
		one = "When " + action + " is called on the first one"
	}
	shows := []verdict.Role{verdict.RoleAsynchronous, verdict.RoleTransient, verdict.RoleEnd, verdict.RoleChanged}
	for _, role := range append([]verdict.Role{verdict.RoleCarriedOut}, shows...) {
		if _, has := f.clause(role); !has {
			continue
		}
		f.under(role, scenario{
			id: "carried-out", name: action + " is carried out on " + article(l.Kind) + " that is <status>", also: shows,
			steps:   append([]string{f.a("<status>"), called}, f.through()...),
			columns: []string{"status"}, rows: column(l.Start),
		})
		break
	}
	f.under(verdict.RoleOnlyNamed, scenario{
		id: "bystander", name: action + " leaves another " + l.Kind + " that is <status> as it was",
		steps: append(append([]string{f.given(), "And another <status> " + l.Kind, one}, f.through()...),
			"And the other "+l.Kind+" is unchanged"),
		columns: []string{"status"}, rows: column(append([]string{l.Start[0]}, f.resting()...)),
	})
	if l.Repeats() {
		f.under(verdict.RoleEnd, scenario{
			id: "repeated", name: action + " is carried out several times in a row", also: shows,
			steps: append([]string{f.given(), called + " 3 times in a row"}, f.through()...),
		})
		f.shownByOthers()
	}
	if l.Wanted == "" {
		return
	}
	if l.Inverse == action {
		f.under(verdict.RoleChanged, scenario{
			id: "there-and-back", name: action + " is carried out, then undone",
			steps: append([]string{f.given(), called + " and then for the value it had"}, f.through()...),
		})
	}
	f.under(verdict.RoleSameValue, scenario{
		id: "same-value", name: action + " is called for the value that is there",
		steps: []string{f.given(), called + " for the value it has", "Then the change is carried out, or refused with a documented 4xx error"},
	})
}

// shownByOthers adds the scenarios of the additional reads that show the status. Each of them must
// show the change, too.
func (f *feature) shownByOthers() {
	action := f.operation.Action
	for _, r := range f.lifecycle.Also {
		clause, has := f.contract.ByRole(verdict.RoleTruthful, r.Operation)
		if !has || clause.Untestable != "" {
			continue
		}
		reads := r.Operation.Action
		f.underClause(clause, scenario{
			id: "shown-by-" + kebab(reads), name: reads + " shows that " + action + " runs, as " + f.lifecycle.Observed.Operation.Action + " does",
			steps: []string{f.given(), "When " + action + " is called on it", "Then the answer is a success", "And " + reads + " shows the change while it runs"},
		})
	}
}

// resting returns one status that a subject does not leave on its own and in which the action is
// refused, if there is one.
func (f *feature) resting() []string {
	l := f.lifecycle
	for _, s := range l.States {
		if !slices.Contains(l.Passing, s) && !slices.Contains(l.Start, s) && !slices.Contains(l.Transient, s) &&
			!slices.Contains(l.Tolerated, s) && !slices.Contains(l.Recycled, s) {
			return []string{s}
		}
	}
	return nil
}

// refused adds the scenarios of calls on a subject that is not in a start status or does not exist.
func (f *feature) refused() {
	l, action := f.lifecycle, f.operation.Action
	called := "When " + action + " is called on it"
	var others, open []string
	for _, s := range l.States {
		switch {
		case slices.Contains(l.Start, s) || slices.Contains(l.Tolerated, s):
		case slices.Contains(l.Recycled, s) || l.Denied.Start.Code == "":
			open = append(open, s)
		default:
			others = append(others, s)
		}
	}
	denied := f.denied(l.Denied.Start)
	again := ""
	if !l.Batch {
		again = "And the same call gets the same answer 2 more times"
	}
	name := action + " is refused for " + article(l.Kind) + " that is <status>"
	f.under(verdict.RoleStart, scenario{
		id: "not-in-start-status", name: name, also: refusedUnchanged, clauses: []string{l.Denied.Start.Clause},
		steps:   []string{f.a("<status>"), called, denied, f.unchanged(), again},
		columns: []string{"status"}, rows: column(others),
	}, scenario{
		id: "not-in-start-status-later", name: "A refused " + action + " has no delayed effect on " + article(l.Kind) + " that is <status>", also: refusedUnchanged,
		steps:   []string{f.a("<status>"), called, denied, "And the " + l.Kind + " stays unchanged"},
		columns: []string{"status"}, rows: column(among(f.resting(), others)),
	})
	whatever := "Then the answer is a documented 4xx error"
	if l.Batch {
		whatever = "Then it is refused with a documented 4xx error, or listed as failed"
	}
	f.under(verdict.RoleStart, scenario{
		id: "refused-for-any-reason", name: name + ", for whatever reason", also: refusedUnchanged,
		steps:   []string{f.a("<status>"), called, whatever, f.unchanged()},
		columns: []string{"status"}, rows: column(open),
	})
	if clause, has := f.contract.Clause(l.Denied.Absent.Clause); has && clause.Untestable == "" {
		f.underClause(clause, scenario{
			id: "absent", name: action + " is called for " + article(l.Kind) + " that does not exist",
			steps: []string{f.absent(), called, f.denied(l.Denied.Absent), again},
		})
		f.longer(clause)
	}
}

// longer adds the scenario of an id that begins with a subject's id.
func (f *feature) longer(absent verdict.Clause) {
	l, action := f.lifecycle, f.operation.Action
	id, answer := `"its own id and more"`, "Then the answer is a documented 400 error or the error "+l.Denied.Absent.String()
	if l.Batch {
		id, answer = "["+id+"]", "Then it is refused with a documented 4xx error, or listed as failed"
	}
	f.underClause(absent, scenario{
		id: "longer-id", name: action + " does not take a longer id for that of " + article(l.Kind), also: refusedUnchanged,
		steps: []string{f.given(), "When " + action + " is called with " + l.Subject + " as " + id, answer, f.unchanged()},
	})
}

// denied returns the step that checks a refusal. A batch may list its subject as failed instead.
func (f *feature) denied(pair verdict.Pair) string {
	if f.lifecycle.Batch {
		return "Then it is refused with " + refusal(pair) + ", or listed as failed"
	}
	return "Then the answer is the error " + pair.String()
}

// meanwhile adds the scenarios of calls while the action is running.
func (f *feature) meanwhile() {
	l, action := f.lifecycle, f.operation.Action
	called := "When " + action + " is called on it"
	for _, op := range f.contract.Operations() {
		other, has := f.contract.Lifecycle(op)
		if !has || other.Kind != l.Kind || other.Denied.Start.Code == "" ||
			overlap(l.Transient, other.Start) || overlap(l.Transient, other.Tolerated) {
			continue
		}
		s := scenario{
			id: kebab(op.Action) + "-meanwhile", name: op.Action + " does nothing while " + action + " runs", clauses: []string{other.Denied.Start.Clause},
			steps: append([]string{
				f.given(), called + ", and " + op.Action + " while it runs",
				"Then it is refused with " + other.Denied.Start.String() + ", or listed as failed",
			}, f.through()[1:]...),
		}
		if op.Action == f.operation.Action && !l.Batch {
			same := s
			same.id, same.name = "same-meanwhile", "The same call of "+action+" does nothing while the first one runs"
			same.steps = append([]string{
				f.given(), called + ", and the same call is repeated while it runs",
				"Then the answer is the error " + other.Denied.Start.String(),
			}, f.through()[1:]...)
			f.under(verdict.RoleLock, same)
		}
		f.under(verdict.RoleLock, s)
	}
}

func column(values []string) [][]string {
	rows := make([][]string, len(values))
	for i, v := range values {
		rows[i] = []string{v}
	}
	return rows
}

func overlap(a, b []string) bool { return len(among(a, b)) > 0 }

// among returns the values that are in both lists.
func among(some, others []string) []string {
	var both []string
	for _, s := range some {
		if slices.Contains(others, s) {
			both = append(both, s)
		}
	}
	return both
}
