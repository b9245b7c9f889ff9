package steps

import (
	"regexp"
	"strings"
	"unicode"
)

// Forms returns how the sentence reads in English and in Chinese, with a word in angle
// brackets in place of each argument.
func (s Sentence) Forms() (en, zh string) { return readable(s.En), readable(s.Zh) }

// placeholders are the words for what an argument may be, by the expression that captures it.
var placeholders = map[string]string{
	status:      "<status>",
	anyStates:   "<statuses>",
	other:       "<action>",
	anyPairs:    "<HTTP status> <code>",
	class:       "<400|4xx>",
	action:      "<action>",
	number:      "<number>",
	kind:        ofInstances,
	pairHTTP:    "<HTTP status>",
	pairCode:    "<code>",
	parameter:   "<parameter>",
	anything:    "<value>",
	mediaType:   "<media type>",
	httpMethods: "<GET|PUT|DELETE>",
}

// choice is what a form leaves open without capturing it, such as (?:it|them).
var choice = regexp.MustCompile(`\(\?:([^()|]+)\|[^()]+\)`)

// readable turns a form into the sentence that a writer of features would type.
func readable(form *Form) string {
	text := form.String()
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) && !strings.ContainsRune(kind, r) }) {
		text = strings.Replace(text, kind, "实例", 1)
	}
	for _, fragment := range captures(text) {
		text = strings.Replace(text, fragment, placeholders[fragment], 1)
	}
	text = choice.ReplaceAllString(text, "$1")
	return strings.ReplaceAll(text, "an? ", "a ")
}
