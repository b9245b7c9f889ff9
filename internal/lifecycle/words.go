package lifecycle

import (
	"slices"
	"strings"
)

// A returns the word for a subject with its article.
func A(kind string) string {
	if strings.ContainsAny(kind[:1], "aeiou") {
		return "an " + kind
	}
	return "a " + kind
}

// Plural returns the plural of the word for a subject or a value. A value such as replicas is
// already a plural.
func Plural(word string) string {
	switch stem, y := strings.CutSuffix(word, "y"); {
	case y && !strings.HasSuffix(stem, "a") && !strings.HasSuffix(stem, "e"):
		return stem + "ies"
	case slices.ContainsFunc([]string{"ss", "us", "x", "ch", "sh"}, func(end string) bool { return strings.HasSuffix(word, end) }):
		return word + "es"
	case strings.HasSuffix(word, "s"):
		return word
	}
	return word + "s"
}
