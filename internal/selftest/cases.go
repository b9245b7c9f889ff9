package selftest

import (
	"slices"

	"github.com/zec-tools/conformance/internal/mock/defects"
	"github.com/zec-tools/conformance/internal/suite"
)

// portions returns the scenarios that are played against a defect, one list after the other
// until one names it: a sample, then every scenario that can meet the defect. With All there
// is one list: the suite.
func (o Options) portions(d defects.Defect) [][]suite.Case {
	if o.All {
		return [][]suite.Case{o.Suite.Cases}
	}
	meeting := o.meeting(d.Action())
	return [][]suite.Case{sample(meeting, d.Clause), meeting}
}

// variantCases returns the scenarios that are played against a variant: every one that can meet it.
func (o Options) variantCases(v defects.Variant) []suite.Case {
	if o.All {
		return o.Suite.Cases
	}
	return o.meeting(v.Actions...)
}

// many is how many scenarios of one clause are more than a sample needs.
const many = 100

// sample returns the scenarios that bear a clause. When many do, and when none does because
// every answer is judged by it, the sample is the first of each rule.
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

// meeting returns the scenarios that can meet what a defect or a variant does in the calls of
// some actions: those that call one. A scenario that calls none gets the answers of the right
// mock, which tests of the mock hold (TestADefectOfAnActionNeedsItsCalls,
// TestAVariantOfAnActionNeedsItsCalls), so it can neither detect a defect, nor name a clause for
// it, nor accuse a variant. Any scenario can meet what is of no action; and a suite that never
// calls the actions is played whole, to show that it cannot detect the defect.
func (o Options) meeting(actions ...string) []suite.Case {
	if slices.ContainsFunc(actions, func(action string) bool { // what a listing holds is met by all that seed it
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

// calls reports whether a scenario calls an action: by name, or as the one that leads back
// from another.
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
