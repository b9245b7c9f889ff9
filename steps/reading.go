package steps

import (
	"regexp"
	"strings"
)

// Forms returns the sentence in English and in Chinese, with a word in angle brackets in place of
// each argument.
func (s Sentence) Forms() (en, zh string) { return readable(s.En), readable(s.Zh) }

var (
	// choice matches alternatives that are not captured, such as (?:it|them).
	choice = regexp.MustCompile(`\(\?:([^()|]+)\|[^()]+\)`)
	// between matches an optional space between Chinese and Latin letters.
	between = regexp.MustCompile(`([^>]) \?(\p{Han})`)
)

// readable turns a form into a sentence as an author of features would type it.
func readable(form *Form) string {
	types := parameterTypes()
	text := argument.ReplaceAllStringFunc(form.String(), func(name string) string {
		return types[name[1:len(name)-1]].readable(name[1:len(name)-1], form.language)
	})
	text = choice.ReplaceAllString(text, "$1")
	text = between.ReplaceAllString(text, "$1$2")
	return strings.NewReplacer("an? instance", "an instance", "an? ", "a ", " ?", " ").Replace(text)
}

func (t parameterType) readable(name string, l language) string {
	switch {
	case t.reads == "":
		return "<" + name + ">"
	case l == chinese && t.readsZh != "":
		return t.readsZh
	}
	return t.reads
}

// Values returns the texts, in English and in Chinese, of each argument that is an enumeration, by
// the name that Forms shows for the argument.
func (s Sentence) Values() map[string][][2]string {
	types, values := parameterTypes(), map[string][][2]string{}
	for _, name := range s.En.argumentTypes() {
		for _, word := range types[name].words {
			values[name] = append(values[name], [2]string{word.en, strings.TrimSpace(word.zh)})
		}
	}
	return values
}
