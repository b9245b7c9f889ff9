package mock

import "time"

// resizeVariants differ in what is seen of a resize.
func resizeVariants() []Variant {
	return append(openVariants(), shownVariants()...)
}

// shownVariants differ in what reads show of a resize, and in a resize to the same type.
func shownVariants() []Variant {
	const shown, first, same = "which type is shown while RESIZING", "is RESIZING visible in the very first read after the answer", "M-RESIZE-SAME-TYPE"
	return []Variant{
		{Name: "type-shown-early", Text: "The new type is shown as soon as an instance is RESIZING.", Freedom: shown, apply: displaying(modifyType, newType(0, 1))},
		{Name: "type-shown-halfway", Text: "The new type is shown from the middle of a resize on.", Freedom: shown, apply: displaying(modifyType, newType(0.5, 1))},
		{Name: "type-shown-now-and-then", Text: "The new type and the old one alternate while an instance is RESIZING.", Freedom: shown,
			apply: displaying(modifyType, func(in *Instance, r *record, now time.Time) {
				if now.UnixMilli()%2 == 0 {
					newType(0, 1)(in, r, now)
				}
			})},
		{Name: "resizing-shown-late", Text: "The first reads after the answer still show STOPPED.", Freedom: first, apply: displaying(modifyType, during(0, 0.2, Stopped))},
		{Name: "same-type-unsupported", Text: "A resize to the type that the instance has is refused as to one that is not supported.", Freedom: same, apply: adding(modifyType, typeUnsupported, sameType)},
		{Name: "same-type-value", Text: "A resize to the type that the instance has is refused as a value that is not allowed.", Freedom: same, apply: adding(modifyType, invalidValue, sameType)},
		{Name: "same-type-status", Text: "A resize to the type that the instance has is refused as not allowed in its status.", Freedom: same, apply: adding(modifyType, statusNotSupported, sameType)},
		{Name: "same-type-not-changed", Text: "A resize to the type that the instance has is refused with the superseded code for that.", Freedom: same, apply: adding(modifyType, typeNotChanged, sameType)},
	}
}

// newType shows the wanted type while a resize is between two shares of its time.
func newType(from, to float64) func(in *Instance, r *record, now time.Time) {
	return func(in *Instance, r *record, now time.Time) {
		if share := r.transition.share(now); share >= from && share < to {
			in.Type, in.CPU, in.Memory = r.transition.to, r.transition.gives.cpu, r.transition.gives.memory
		}
	}
}

// openVariants refuse every resize that should succeed with a superseded pair whose reason
// can hold: neither a pass nor a finding.
func openVariants() []Variant {
	var variants []Variant
	for name, r := range map[string]refusal{
		"instance-has-plan": planExists, "plan-processing": planProcessing, "zone-not-supported": zoneNotSupported,
		"product-not-found": productNotFound, "type-sold-out": soldOut,
	} {
		variants = append(variants, Variant{
			Name: name, Text: "Every resize that nothing else speaks against is refused with the superseded " + r.code + ".",
			Freedom: "any other superseded pair", Open: true, apply: adding(modifyType, r, func(t target) bool { return t.found }),
		})
	}
	return variants
}
