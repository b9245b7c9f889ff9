// Package language contains the texts of the program for people, in English and in Chinese.
//
// A text is in a catalogue in both languages and is identified by its English form, so that the
// code shows what is printed. The package must not know the texts of endpoints, features or steps,
// which are quoted unchanged.
package language

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Language is a language for people. "" means English.
type Language string

// The languages. Texts of an endpoint or a feature are quoted unchanged in each of them.
const (
	English Language = "en"
	Chinese Language = "zh"
)

// Of returns the language with a name: en or zh, alone or with a region, such as zh-CN.
func Of(name string) (Language, error) {
	short, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(name), "_", "-"), "-")
	switch l := Language(short); l {
	case English, Chinese:
		return l, nil
	}
	return "", fmt.Errorf("no language %q: choose from %s, %s", name, English, Chinese)
}

// Tag returns the language code for HTML.
func (l Language) Tag() string {
	if l == Chinese {
		return "zh-Hans"
	}
	return "en"
}

// Phrase is a text in every language: English, then Chinese. It may contain the placeholders {0},
// {1}. If the English text depends on the number in {0}, it has two forms, as in "{0} scenario|{0}
// scenarios".
type Phrase [2]string

// Quoted returns a phrase with the same text in every language.
func Quoted(text string) Phrase { return Phrase{text, text} }

// Form returns the text in one language, with its placeholders.
func (t Phrase) Form(l Language, args []any) string {
	switch {
	case l == Chinese:
		return t[1]
	case len(args) == 0:
		return t[0]
	}
	one, many, differ := strings.Cut(t[0], "|")
	if differ && args[0] != 1 {
		return many
	}
	return one
}

// In returns the text in one language, with its placeholders replaced by texts, numbers and other
// phrases.
func (t Phrase) In(l Language, args ...any) string {
	text, filled := "", false
	Parts(t.Form(l, args), len(args), func(part string, place int) {
		if place >= 0 {
			if arg, is := args[place].(Phrase); is {
				part = arg.In(l)
			} else {
				part = fmt.Sprint(args[place])
			}
		}
		if filled || place >= 0 {
			text, part = seam(text, part)
		}
		text, filled = text+part, place >= 0
	})
	return text
}

// With returns a phrase with its placeholders replaced.
func (t Phrase) With(args ...any) Phrase {
	if len(args) == 0 {
		return t
	}
	return Phrase{t.In(English, args...), t.In(Chinese, args...)}
}

// And joins two phrases without a space.
func (t Phrase) And(next Phrase) Phrase { return Phrase{t[0] + next[0], t[1] + next[1]} }

// seam removes the space between two parts of a text if both are Chinese, because it is needed only
// next to other text.
func seam(before, after string) (string, string) {
	chinese := func(r rune) bool {
		return unicode.Is(unicode.Han, r) || strings.ContainsRune("，。：；、（）“”", r)
	}
	last := func(s string) rune { r, _ := utf8.DecodeLastRuneInString(s); return r }
	first := func(s string) rune { r, _ := utf8.DecodeRuneInString(s); return r }
	if cut, spaced := strings.CutSuffix(before, " "); spaced && chinese(last(cut)) && chinese(first(after)) {
		return cut, after
	}
	if cut, spaced := strings.CutPrefix(after, " "); spaced && chinese(last(before)) && chinese(first(cut)) {
		return before, cut
	}
	return before, after
}

// Parts yields the parts of a text in order: text with the place -1, and placeholders. A text
// without placeholders is not a pattern, so that its braces are literal.
func Parts(text string, places int, yield func(text string, place int)) {
	for text != "" {
		before, rest, more := strings.Cut(text, "{")
		if places == 0 || !more {
			yield(text, -1)
			return
		}
		if before != "" {
			yield(before, -1)
		}
		number, after, _ := strings.Cut(rest, "}")
		if place, err := strconv.Atoi(number); err == nil && place < places {
			yield("", place)
		}
		text = after
	}
}
