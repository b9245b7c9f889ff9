package defects

import (
	"fmt"

	"github.com/zec-tools/conformance/internal/mock"
)

// instantDefects carry out a change at the moment of the call, so that the transient status is
// never shown. For a reboot, that is the same as ignoring it.
func instantDefects() []Defect {
	var all []Defect
	for _, c := range changers() {
		if c.name == mock.RebootName {
			continue
		}
		clause := "M-RESIZE-RESIZING"
		for _, p := range powers() {
			if p.name == c.name {
				clause = p.clause("TRANSIENT")
			}
		}
		all = append(all, confined(c.name, []Defect{{
			c.short + "-at-once", clause, fmt.Sprintf("The work of %s is over when the call is answered.", c.name),
			instantAffects(c),
			starting(c.name, func(_ *mock.Mock, _, next *mock.Record) { next.Transition.End = next.Transition.Start }),
		}})...)
	}
	return all
}

// instantAffects returns the clauses that are also affected if no change runs after the call.
func instantAffects(c changer) []string {
	if c.name == mock.ModifyType {
		return []string{"M-RESIZE-SAME-TYPE"} // it shows no status on the way either
	}
	return nil
}
