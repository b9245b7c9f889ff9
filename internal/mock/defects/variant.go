package defects

import (
	"cmp"
	"slices"
	"time"

	"github.com/zec-tools/conformance/internal/mock"
)

// Variant is a freedom that the documents leave, taken otherwise than the mock does of
// itself. A mock with one keeps every documented fact.
type Variant struct {
	Name    string // speaking, in kebab-case
	Text    string // one sentence: what is done otherwise
	Freedom string // what leaves it open: a clause's id, or the words of the question no document answers
	TLS     bool   // it takes a mock that is served over TLS to see it
	// ResizeTime is how long a resize takes, when that is what the variant is about; else 0.
	ResizeTime time.Duration

	// Actions are the changing actions whose calls alone show it: without one, every answer is
	// that of the mock without the variant. Empty: any call may show it.
	Actions []string

	// Open says that the suite cannot judge some of what it does: inconclusive is right, and
	// partial where something is not shown.
	Open bool

	apply injection
}

// Variants returns all variants, sorted by name.
func Variants() []Variant {
	variants := slices.Concat(formVariants(), deliveryVariants(), resizeVariants(), refusalVariants(), readVariants(), paceVariants(), signatureVariants(), powerVariants())
	slices.SortFunc(variants, func(a, b Variant) int { return cmp.Compare(a.Name, b.Name) })
	return variants
}

// VariantNamed returns the variant of a name. The error for a name that there is not
// says which one may have been meant.
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

// Alter makes a mock the variant: see the option of that name.
func (v Variant) Alter(m *mock.Mock) {
	if v.ResizeTime != 0 {
		m.Takes = v.ResizeTime
	}
	if v.apply != nil {
		v.apply(m)
	}
}
