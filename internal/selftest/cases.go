package selftest

import (
	"slices"

	"github.com/zec-tools/conformance/internal/suite"
)

// cases returns the scenarios that are played against a defect of an action: those that
// call it, or could. A scenario that does not call it meets the mock as it is, which the
// mock's own tests hold, so it can neither detect the defect nor name a clause for it.
// Without an action, which is a defect that any call may meet, all are played; so are those
// of a suite that never calls the action, which shows that it cannot detect the defect.
func (o Options) cases(action string) []suite.Case {
	op, _ := o.Contract.Operation(action)
	if action == "" || !o.Contract.Changes(op) { // what a listing holds is met by all that seed it
		return o.Suite.Cases
	}
	var played []suite.Case
	for _, c := range o.Suite.Cases {
		if o.calls(c, action) {
			played = append(played, c)
		}
	}
	if len(played) == 0 {
		return o.Suite.Cases
	}
	return played
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
