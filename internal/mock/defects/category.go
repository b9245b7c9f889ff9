package defects

import (
	"slices"
	"strings"
)

// Categories are the categories of defects, from the network protocol upwards.
func Categories() []string {
	return []string{"transport", "envelope", "authentication", "parameters", "pairs", "listing", "lifecycle", "concurrency", "intermittent"}
}

// kindOfClause determines the category of a defect by its clause. The first pattern that matches
// counts.
var kindOfClause = []struct {
	category string
	parts    []string // * stands for any text
}{
	{"concurrency", []string{"*-LOCK"}},
	{"transport", []string{"R-MEDIA-*", "R-METHOD-*", "R-UTF8", "S-MEDIA-*", "S-ACTION-*", "K-HEADER-*", "R-STATUS-200"}},
	{"envelope", []string{"R-JSON", "R-REQUEST-ID*", "R-SUCCESS-*", "R-FAILURE-*", "R-STATUS-FAILURE"}},
	{"authentication", []string{"S-AUTH-*", "S-SIGN-*", "K-AUTH-*", "E-AUTHORIZATION", "E-EXPIRED", "E-SIGNATURE"}},
	{"parameters", []string{
		"E-MAXIMUM", "E-MISSING", "E-TOO-LONG", "E-WRONG-TYPE", "R-BAD-PARAMETER", "R-BODY-*", "R-PARAMETER-*", "M-BODY", "M-INSTANCE-ID", "M-INSTANCE-TYPE",
		"*-IDS", "A-*-BODY", "*-OPTIONAL", "C-OPTIONAL-*", "A-STOP-FORCE",
	}},
	{"pairs", []string{"*-NOT-FOUND", "*-DENIED", "*-ABSENT", "*-RECYCLED", "M-TYPE-*", "E-RECYCLE", "E-ACTION-*", "A-REBOOT-REFUSED"}},
	{"listing", []string{"C-*", "D-*"}},
	{"lifecycle", []string{"M-*", "A-*", "R-REFUSED-*"}},
}

// Category returns the category of the defect, one of Categories.
func (d Defect) Category() string {
	named := func(list []Defect) bool {
		return slices.ContainsFunc(list, func(other Defect) bool { return other.Name == d.Name })
	}
	switch {
	case named(intermittentDefects()):
		return "intermittent"
	case named(concurrentDefects()), named(queuedDefects()):
		return "concurrency"
	}
	for _, kind := range kindOfClause {
		if slices.ContainsFunc(kind.parts, func(part string) bool { return fits(part, d.Clause) }) {
			return kind.category
		}
	}
	return ""
}

// fits reports whether a clause's id matches a pattern with at most one *.
func fits(pattern, id string) bool {
	before, after, wild := strings.Cut(pattern, "*")
	if !wild {
		return pattern == id
	}
	return len(id) >= len(before)+len(after) && strings.HasPrefix(id, before) && strings.HasSuffix(id, after)
}
