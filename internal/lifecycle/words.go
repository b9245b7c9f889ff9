package lifecycle

import (
	"slices"
	"strings"
)

// A is what people call a subject, with its article.
func A(kind string) string {
	if strings.ContainsAny(kind[:1], "aeiou") {
		return "an " + kind
	}
	return "a " + kind
}

// Plural is the plural of what people call a subject or a value. A value such as replicas is called by its plural already.
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
