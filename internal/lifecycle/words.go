package lifecycle

import "strings"

// A is what people call a subject, with its article.
func A(kind string) string {
	if strings.ContainsAny(kind[:1], "aeiou") {
		return "an " + kind
	}
	return "a " + kind
}

// Plural is the plural of what people call a subject or a value.
func Plural(word string) string {
	switch stem, y := strings.CutSuffix(word, "y"); {
	case y && !strings.HasSuffix(stem, "a") && !strings.HasSuffix(stem, "e"):
		return stem + "ies"
	case strings.HasSuffix(word, "s"), strings.HasSuffix(word, "x"):
		return word + "es"
	}
	return word + "s"
}
