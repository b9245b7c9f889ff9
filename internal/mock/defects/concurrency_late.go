package defects

import (
	"fmt"

	"github.com/zec-tools/conformance/internal/mock"
)

// lateDefects release the lock of an action after half of its time. A call in the second half is
// carried out and replaces the running change.
func lateDefects() []Defect {
	var all []Defect
	for _, running := range changers() {
		for _, second := range changers() {
			if running.name == mock.StopName && second.name == mock.StopName {
				continue // a second stop may be taken (C)
			}
			also := append(append([]string{}, second.rules...), second.path...)
			all = append(all, confined(second.name, []Defect{{
				second.short + "-late-in-" + running.short + "-accepted", lockOf(running.name),
				fmt.Sprintf("%s is accepted in the second half of the work of %s, and takes its place.", second.name, running.name),
				without(lockOf(running.name), append(also, running.path...)), // the first one is not completed
				exempting(second.name, second.denial, func(t mock.Target) bool {
					return t.Found && t.Record.By(running.name) && t.Instance.Status != t.Record.Transition.Ends && t.Record.Transition.Share(t.Now) >= 0.5
				}),
			}})...)
		}
	}
	return all
}
