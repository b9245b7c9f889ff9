package selftest

import (
	"cmp"
	"slices"

	"github.com/zec-tools/conformance/internal/mock/defects"
	"github.com/zec-tools/conformance/internal/suite"
)

// portions returns the lists of scenarios to run against a defect, one after the other until one
// names it: a sample, then every scenario about it, then every one that can detect it. If the
// second list adds nothing to the first, or the third nothing to the second, there are only two.
// With All there is a single list, the whole suite.
func (o Options) portions(d defects.Defect) [][]suite.Case {
	if o.All {
		return [][]suite.Case{o.Suite.Cases}
	}
	meeting := o.meeting(d.Action())
	first := sample(meeting, d.Clause)
	about := o.about(d, meeting)
	if len(about) <= len(first) || len(about) == len(meeting) {
		return [][]suite.Case{first, meeting}
	}
	return [][]suite.Case{first, about, meeting}
}

// about returns the scenarios that bear the clause of a defect, and those that call its action or
// that of the clause by name. If neither is of a single action, it adds the first scenario of each
// rule.
func (o Options) about(d defects.Defect, cases []suite.Case) []suite.Case {
	clause, _ := o.Contract.Clause(d.Clause)
	action := cmp.Or(d.Action(), clause.Operation)
	calls := func(c suite.Case) bool { return o.calls(c, action) }
	if action == "" {
		first := firstOfEachRule(cases)
		calls = func(c suite.Case) bool {
			return slices.ContainsFunc(first, func(f suite.Case) bool { return f.ID == c.ID })
		}
	}
	return slices.DeleteFunc(slices.Clone(cases), func(c suite.Case) bool { return !slices.Contains(c.Clauses, d.Clause) && !calls(c) })
}

// variantCases returns the scenarios to run against a variant: every one that can be affected by
// it.
func (o Options) variantCases(v defects.Variant) []suite.Case {
	if o.All {
		return o.Suite.Cases
	}
	return o.traces.showing(v, o.meeting(v.Actions...))
}

// many is the number of scenarios of a clause from which a sample is limited.
const many = 100

// sample returns the scenarios of a clause. If there are many, or none because every answer is
// judged by the clause, it returns the first scenario of each rule.
func sample(cases []suite.Case, clause string) []suite.Case {
	bearing := slices.DeleteFunc(slices.Clone(cases), func(c suite.Case) bool { return !slices.Contains(c.Clauses, clause) })
	switch {
	case len(bearing) == 0:
		return firstOfEachRule(cases)
	case len(bearing) > many:
		return firstOfEachRule(bearing)
	}
	return bearing
}

func firstOfEachRule(cases []suite.Case) []suite.Case {
	type rule struct{ file, name string }
	seen := map[rule]bool{}
	return slices.DeleteFunc(slices.Clone(cases), func(c suite.Case) bool {
		of := rule{c.File, c.Rule}
		again := seen[of]
		seen[of] = true
		return again
	})
}

// meeting returns the scenarios that can be affected by a defect or variant of certain actions:
// those that call one of them. To any other scenario, the mock answers like the correct one, as
// tests of the mock ensure (TestADefectOfAnActionNeedsItsCalls,
// TestAVariantOfAnActionNeedsItsCalls). Such a scenario can neither detect a defect, nor name a
// clause for it, nor accuse a variant. A defect or variant without actions affects any scenario. If
// the suite never calls the actions, all scenarios run, to show that they cannot detect the defect.
func (o Options) meeting(actions ...string) []suite.Case {
	if slices.ContainsFunc(actions, func(action string) bool { // all scenarios that seed instances are affected by the content of a listing
		op, _ := o.Contract.Operation(action)
		return action == "" || !o.Contract.Changes(op)
	}) {
		return o.Suite.Cases
	}
	calling := slices.DeleteFunc(slices.Clone(o.Suite.Cases), func(c suite.Case) bool {
		return !slices.ContainsFunc(actions, func(action string) bool { return o.calls(c, action) })
	})
	if len(calling) == 0 {
		return o.Suite.Cases
	}
	return calling
}

// calls reports whether a scenario calls an action by name, or to undo another one.
func (o Options) calls(c suite.Case, action string) bool {
	for _, step := range c.Steps {
		for _, name := range slices.Concat(step.Match.Metadata().Actions, c.Needs.Changes) {
			if name == action {
				return true
			}
			op, _ := o.Contract.Operation(name)
			if l, has := o.Contract.Lifecycle(op); has && l.Inverse == action {
				return true
			}
		}
	}
	return false
}
