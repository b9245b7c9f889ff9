package defects

import (
	"maps"
	"slices"
	"time"

	"github.com/zec-tools/conformance/internal/mock"
)

// resizeVariants differ in what a resize shows.
func resizeVariants() []Variant {
	variants := append(openVariants(), shownVariants()...)
	for i := range variants {
		variants[i].Actions = resizes()
	}
	return variants
}

// resizes are the actions of a variant that only resizes show.
func resizes() []string { return []string{mock.ModifyType} }

// changes are the actions of a variant that any change shows.
func changes() []string { return slices.Sorted(maps.Keys(mock.Changes())) }

// shownVariants differ in what reads show of a resize, and in a resize to the current type.
func shownVariants() []Variant {
	const shown, first, same = "which type is shown while RESIZING", "is RESIZING visible in the very first read after the answer", "M-RESIZE-SAME-TYPE"
	const row = "the type in a DescribeInstances row after a resize"
	return []Variant{
		{Name: "type-shown-early", Text: "The new type is shown as soon as an instance is RESIZING.", Freedom: shown, apply: displaying(mock.ModifyType, newType(0, 1))},
		{Name: "type-shown-halfway", Text: "The new type is shown from the middle of a resize on.", Freedom: shown, apply: displaying(mock.ModifyType, newType(0.5, 1))},
		{Name: "type-shown-now-and-then", Text: "The new type and the old one alternate while an instance is RESIZING.", Freedom: shown,
			apply: displaying(mock.ModifyType, func(in *mock.Instance, r *mock.Record, now time.Time) {
				if now.UnixMilli()%2 == 0 {
					newType(0, 1)(in, r, now)
				}
			})},
		{Name: "resizing-shown-late", Text: "The first reads after the answer still show STOPPED.", Freedom: first, apply: displaying(mock.ModifyType, during(0, 0.2, mock.Stopped))},
		{Name: "listing-lags", Text: "DescribeInstances still shows RESIZING and the old type for a while after a resize has ended.", Freedom: row, apply: lagging(1, 4)},
		{Name: "same-type-unsupported", Text: "A resize to the type that the instance has is refused as to one that is not supported.", Freedom: same, apply: adding(mock.ModifyType, mock.TypeUnsupported, sameType)},
		{Name: "same-type-value", Text: "A resize to the type that the instance has is refused as a value that is not allowed.", Freedom: same, apply: adding(mock.ModifyType, mock.InvalidValue, sameType)},
		{Name: "same-type-status", Text: "A resize to the type that the instance has is refused as not allowed in its status.", Freedom: same, apply: adding(mock.ModifyType, mock.StatusNotSupported, sameType)},
		{Name: "same-type-not-changed", Text: "A resize to the type that the instance has is refused with the superseded code for that.", Freedom: same, apply: adding(mock.ModifyType, mock.TypeNotChanged, sameType)},
	}
}

// lagging makes DescribeInstances show a resize as running while it is between two shares of its
// time.
func lagging(from, to float64) injection {
	return performing(mock.DescribeInstances, func(_ *mock.Mock, next mock.Perform) mock.Perform {
		return func(m *mock.Mock, c *mock.Call, p mock.Params) mock.Outcome {
			o := next(m, c, p)
			o.Rows = slices.Clone(o.Rows)
			for i, in := range o.Rows {
				e := m.Store.Find(in.ID)
				if e == nil {
					continue
				}
				if r := e.Record.Load(); r != nil && r.By(mock.ModifyType) {
					if share := r.Transition.Share(c.Now); share >= from && share < to {
						o.Rows[i].Status = mock.Resizing
						oldType(from, to)(&o.Rows[i], r, c.Now)
					}
				}
			}
			return o
		}
	})
}

// newType shows the new type while a resize is between two shares of its time.
func newType(from, to float64) func(in *mock.Instance, r *mock.Record, now time.Time) {
	return func(in *mock.Instance, r *mock.Record, now time.Time) {
		if share := r.Transition.Share(now); share >= from && share < to {
			in.Type, in.CPU, in.Memory = r.Transition.To, r.Transition.Gives.CPU, r.Transition.Gives.Memory
		}
	}
}

// openVariants refuse every resize that should succeed with a superseded pair whose reason may
// apply, so that the result is neither a pass nor a finding.
func openVariants() []Variant {
	var variants []Variant
	for name, r := range map[string]mock.Refusal{
		"instance-has-plan": mock.PlanExists, "plan-processing": mock.PlanProcessing, "zone-not-supported": mock.ZoneNotSupported,
		"product-not-found": mock.ProductNotFound, "type-sold-out": mock.SoldOut,
	} {
		variants = append(variants, Variant{
			Name: name, Text: "Every resize that nothing else speaks against is refused with the superseded " + r.Code + ".",
			Freedom: "any other superseded pair", Open: true, apply: adding(mock.ModifyType, r, func(t mock.Target) bool { return t.Found }),
		})
	}
	return variants
}
