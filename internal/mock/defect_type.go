package mock

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// typeDefects get wrong what a resize leaves behind: the type, and other instances.
func typeDefects() []Defect {
	return []Defect{
		{"type-unchanged", "M-RESIZE-TYPE", "A resize ends and the type is the old one.",
			nil, starting(modifyType, func(m *Mock, _, resized *record) { redirect(m, resized, resized.instance.Type) })},
		{"another-type", "M-RESIZE-TYPE", "A resize ends with the next larger type.",
			nil, starting(modifyType, func(m *Mock, _, resized *record) {
				list := m.catalogue.types.Resizable
				redirect(m, resized, list[(slices.Index(list, resized.transition.to)+1)%len(list)])
			})},
		{"type-changes-late", "M-RESIZE-TYPE", "The type is the old one long after a resize has ended.",
			nil, displaying(modifyType, oldType(1, 5))},
		{"type-reverts", "M-RESIZE-TYPE", "The type goes back to the old one some time after a resize has ended.",
			nil, observing(modifyType, oldType(1.5, forever))},
		{"downsize-keeps-type", "M-RESIZE-TYPE", "A resize to a smaller type ends and the type is the old one.",
			nil, starting(modifyType, func(m *Mock, _, resized *record) {
				if resized.transition.gives.cpu < resized.instance.CPU {
					redirect(m, resized, resized.instance.Type)
				}
			})},
		{"neighbour-type-changed", "M-RESIZE-ONLY-NAMED", "A resize changes the type of the instances created before and after, too.",
			watchedNeighbour(), neighbouring(modifyType, Stopped, func(m *Mock, id, to string, now time.Time) { retype(m, id, to, now) })},
		{"neighbour-resizing", "M-RESIZE-ONLY-NAMED", "A resize takes the instances created before and after through RESIZING, too.",
			watchedNeighbour(), neighbouring(modifyType, Stopped, func(m *Mock, id, _ string, now time.Time) { begin(m, modifyType, id, "", now) })},
	}
}

// redirect has a resize lead to another type.
func redirect(m *Mock, resized *record, to string) {
	resized.transition.to, resized.transition.gives = to, m.catalogue.specs[to]
}

// oldType shows the old type while a resize is between two shares of its time.
func oldType(from, to float64) func(in *Instance, r *record, now time.Time) {
	return func(in *Instance, r *record, now time.Time) {
		if share := r.transition.share(now); share >= from && share < to {
			in.Type, in.CPU, in.Memory = r.instance.Type, r.instance.CPU, r.instance.Memory
		}
	}
}

// watchedNeighbour is also affected to defects that reach other instances: somebody may be
// looking at one of them because of something else, such as a refusal.
func watchedNeighbour() []string { return []string{"R-REFUSED-UNCHANGED"} }

// neighbouring does something to the instances seeded next to one whose change begins.
// It spares those in another status, GPU instances, and those that the action has ever named.
func neighbouring(action, status string, do func(m *Mock, id, to string, now time.Time)) injection {
	return func(m *Mock) {
		var named sync.Map
		performing(action, func(_ *Mock, next perform) perform {
			return func(m *Mock, c *call, p params) outcome {
				ids := append(slices.Clone(p.instanceIDs), p.instanceID)
				for _, id := range ids {
					named.Store(id, true)
				}
				o := next(m, c, p)
				if o.refusal.refused() {
					return o
				}
				for _, id := range ids {
					for _, other := range besides(id) {
						_, spared := named.Load(other)
						if !spared && holds(m, other, c, func(in Instance) bool { return in.Status == status && !in.GPU }) {
							do(m, other, p.instanceType, c.now)
						}
					}
				}
				return o
			}
		})(m)
	}
}

// besides returns the ids that Seed gives before and after one.
func besides(id string) []string {
	var number uint64
	if _, err := fmt.Sscanf(strings.TrimPrefix(id, "ins-"), "%d", &number); err != nil {
		return nil
	}
	return []string{fmt.Sprintf("ins-%06d", number-1), fmt.Sprintf("ins-%06d", number+1)}
}
