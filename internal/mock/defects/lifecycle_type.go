package defects

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/zec-tools/conformance/internal/mock"
)

// typeDefects are mistakes in the result of a resize: the type, and other instances.
func typeDefects() []Defect {
	return []Defect{
		{"type-unchanged", "M-RESIZE-TYPE", "A resize ends and the type is the old one.",
			nil, starting(mock.ModifyType, func(m *mock.Mock, _, resized *mock.Record) { redirect(m, resized, resized.Instance.Type) })},
		{"another-type", "M-RESIZE-TYPE", "A resize ends with the next larger type.",
			nil, starting(mock.ModifyType, func(m *mock.Mock, _, resized *mock.Record) {
				list := m.Specifications.Types.Resizable
				redirect(m, resized, list[(slices.Index(list, resized.Transition.To)+1)%len(list)])
			})},
		{"type-changes-late", "M-RESIZE-TYPE", "The type is the old one long after a resize has ended.",
			nil, displaying(mock.ModifyType, oldType(1, 5))},
		{"type-reverts", "M-RESIZE-TYPE", "The type goes back to the old one some time after a resize has ended.",
			nil, observing(mock.ModifyType, oldType(1.5, forever))},
		{"downsize-keeps-type", "M-RESIZE-TYPE", "A resize to a smaller type ends and the type is the old one.",
			nil, starting(mock.ModifyType, func(m *mock.Mock, _, resized *mock.Record) {
				if resized.Transition.Gives.CPU < resized.Instance.CPU {
					redirect(m, resized, resized.Instance.Type)
				}
			})},
		{"large-step-cut-short", "M-RESIZE-TYPE", "A resize by two sizes or more ends one size short.",
			nil, starting(mock.ModifyType, func(m *mock.Mock, _, resized *mock.Record) {
				list := m.Specifications.Types.Resizable
				switch from, to := slices.Index(list, resized.Instance.Type), slices.Index(list, resized.Transition.To); {
				case to-from >= 2:
					redirect(m, resized, list[to-1])
				case from-to >= 2:
					redirect(m, resized, list[to+1])
				}
			})},
		{"lists-show-old-type", "M-RESIZE-TYPE", "DescribeInstances shows the new type only to who names the instance: every other list comes from an index that no resize updates.",
			nil, unnamed(mock.ModifyType, oldType(1, forever))},
		{"neighbour-type-changed", "M-RESIZE-ONLY-NAMED", "A resize changes the type of the instances created before and after, too.",
			watchedNeighbour(), neighbouring(mock.ModifyType, mock.Stopped, func(m *mock.Mock, id, to string, now time.Time) { retype(m, id, to, now) })},
		{"neighbour-resizing", "M-RESIZE-ONLY-NAMED", "A resize takes the instances created before and after through RESIZING, too.",
			watchedNeighbour(), neighbouring(mock.ModifyType, mock.Stopped, func(m *mock.Mock, id, _ string, now time.Time) { begin(m, mock.ModifyType, id, "", now) })},
	}
}

// keptDefects lose the result of a resize when another action follows, or carry out a refused
// resize then.
func keptDefects() []Defect {
	return []Defect{
		{"start-reverts-type", "M-RESIZE-TYPE", "A start brings back the type that the instance had before it was resized.",
			nil, reverting(mock.StartName)},
		{"stop-reverts-type", "M-RESIZE-TYPE", "A stop brings back the type that the instance had before it was resized.",
			nil, reverting(mock.StopName)},
		{"refused-until-stopped", "R-REFUSED-UNCHANGED", "A resize refused because the instance runs is carried out when that is stopped.",
			[]string{"M-RESIZE-TYPE"}, // it has another type than the resize that was accepted has set
			injection(func(m *mock.Mock) {
				var refused sync.Map
				afterwards(mock.ModifyType, mock.StatusNotSupported, func(m *mock.Mock, c *mock.Call, p mock.Params) {
					if holds(m, p.InstanceID, c, func(in mock.Instance) bool { return in.Status == mock.Running }) {
						refused.Store(p.InstanceID, p.InstanceType)
					}
				})(m)
				starting(mock.StopName, func(m *mock.Mock, _, next *mock.Record) {
					if wanted, is := refused.LoadAndDelete(next.Instance.ID); is {
						give(m, &next.Instance, wanted.(string))
					}
				})(m)
			})},
	}
}

// reverting makes an action restore the type that an instance had before its first resize.
func reverting(action string) injection {
	return func(m *mock.Mock) {
		var before sync.Map
		starting(mock.ModifyType, func(_ *mock.Mock, asked, _ *mock.Record) {
			before.LoadOrStore(asked.Instance.ID, asked.Instance.Type)
		})(m)
		starting(action, func(m *mock.Mock, _, next *mock.Record) {
			if was, resized := before.Load(next.Instance.ID); resized {
				give(m, &next.Instance, was.(string))
			}
		})(m)
	}
}

// give sets the type of an instance, with everything that depends on it.
func give(m *mock.Mock, in *mock.Instance, to string) {
	spec := m.Specifications.Specs[to]
	in.Type, in.CPU, in.Memory = to, spec.CPU, spec.Memory
}

// redirect makes a resize lead to another type.
func redirect(m *mock.Mock, resized *mock.Record, to string) {
	resized.Transition.To, resized.Transition.Gives = to, m.Specifications.Specs[to]
}

// oldType shows the old type while a resize is between two shares of its time.
func oldType(from, to float64) func(in *mock.Instance, r *mock.Record, now time.Time) {
	return func(in *mock.Instance, r *mock.Record, now time.Time) {
		if share := r.Transition.Share(now); share >= from && share < to {
			in.Type, in.CPU, in.Memory = r.Instance.Type, r.Instance.CPU, r.Instance.Memory
		}
	}
}

// unnamed alters the rows of lists that are not of named instances, if the action was the last on
// the instance.
func unnamed(action string, alter func(in *mock.Instance, r *mock.Record, now time.Time)) injection {
	return performing(mock.DescribeInstances, func(_ *mock.Mock, next mock.Perform) mock.Perform {
		return func(m *mock.Mock, c *mock.Call, p mock.Params) mock.Outcome {
			o := next(m, c, p)
			if len(p.InstanceIDs) > 0 {
				return o
			}
			o.Rows = slices.Clone(o.Rows)
			for i, in := range o.Rows {
				if r := m.Store.Find(in.ID).Record.Load(); r != nil && r.By(action) {
					alter(&o.Rows[i], r, c.Now)
				}
			}
			return o
		}
	})
}

// watchedNeighbour returns the clauses that are also affected by defects that change other
// instances, because another scenario may be observing one of these, for example after a refusal.
func watchedNeighbour() []string { return []string{"R-REFUSED-UNCHANGED"} }

// neighbouring runs a function on the instances seeded next to one whose change begins. It omits
// those in another status, GPU instances, and those that the action has ever named.
func neighbouring(action, status string, do func(m *mock.Mock, id, to string, now time.Time)) injection {
	return func(m *mock.Mock) {
		var named sync.Map
		performing(action, func(_ *mock.Mock, next mock.Perform) mock.Perform {
			return func(m *mock.Mock, c *mock.Call, p mock.Params) mock.Outcome {
				ids := append(slices.Clone(p.InstanceIDs), p.InstanceID)
				for _, id := range ids {
					named.Store(id, true)
				}
				o := next(m, c, p)
				if o.Refusal.Refused() {
					return o
				}
				for _, id := range ids {
					for _, other := range besides(id) {
						_, spared := named.Load(other)
						if !spared && holds(m, other, c, func(in mock.Instance) bool { return in.Status == status && !in.GPU }) {
							do(m, other, p.InstanceType, c.Now)
						}
					}
				}
				return o
			}
		})(m)
	}
}

// besides returns the ids that Seed assigns before and after an id.
func besides(id string) []string {
	var number uint64
	if _, err := fmt.Sscanf(strings.TrimPrefix(id, "ins-"), "%d", &number); err != nil {
		return nil
	}
	return []string{fmt.Sprintf("ins-%06d", number-1), fmt.Sprintf("ins-%06d", number+1)}
}
