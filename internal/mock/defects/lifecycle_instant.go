package defects

import (
	"fmt"

	"github.com/zec-tools/conformance/internal/mock"
)

// instantDefects have the work done at the moment of the call: the status on the way is never shown.
// A reboot that is over at once is one that is ignored.
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

// instantAffects returns what is also not kept where nothing runs after the call.
func instantAffects(c changer) []string {
	if c.name == mock.ModifyType {
		return []string{"M-RESIZE-SAME-TYPE"} // it shows no status on the way either
	}
	return nil
}
