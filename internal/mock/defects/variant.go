package defects

import (
	"cmp"
	"slices"
	"time"

	"github.com/zec-tools/conformance/internal/mock"
)

// Variant is a freedom that the documents leave, used differently from the plain mock. A mock with
// a variant keeps every documented fact.
type Variant struct {
	Name    string // descriptive, in kebab-case
	Text    string // one sentence about the difference
	Freedom string // what leaves it open: a clause's id, or the question that no document answers
	TLS     bool   // it shows only in a mock that is served over TLS
	// ResizeTime is how long a resize takes, if the variant is about that; otherwise 0.
	ResizeTime time.Duration

	// Actions are the changing actions whose calls alone show the variant. If empty, any call may
	// show it.
	Actions []string

	// Shows selects the calls that may show the variant. If nil, any call may show it.
	Shows func(c *mock.Call) bool

	// Open means that the suite cannot judge some of it: inconclusive is right, and partial if
	// something is not shown.
	Open bool

	apply injection
}

// Variants returns all variants, sorted by name.
func Variants() []Variant {
	variants := slices.Concat(formVariants(), deliveryVariants(), resizeVariants(), refusalVariants(), readVariants(), paceVariants(), signatureVariants(), powerVariants())
	slices.SortFunc(variants, func(a, b Variant) int { return cmp.Compare(a.Name, b.Name) })
	return variants
}

// VariantNamed returns the variant with a name. The error for an unknown name suggests the one that
// may have been meant.
func VariantNamed(name string) (Variant, error) {
	variants := Variants()
	names := make([]string, len(variants))
	for i, v := range variants {
		if names[i] = v.Name; v.Name == name {
			return v, nil
		}
	}
	return Variant{}, unknown("variant", name, names)
}

// MayShow reports whether a call may show the variant. If none of its actions is called in such a
// way, every answer is the same as the plain mock's.
func (v Variant) MayShow(c *mock.Call) bool {
	return (len(v.Actions) == 0 || slices.Contains(v.Actions, c.Action())) && (v.Shows == nil || v.Shows(c))
}

// Alter turns a mock into the variant: see the option of that name.
func (v Variant) Alter(m *mock.Mock) {
	if v.ResizeTime != 0 {
		m.Takes = v.ResizeTime
	}
	if v.apply != nil {
		v.apply(m)
	}
}
