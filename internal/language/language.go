// Package language says what the program tells people, in English and in Chinese.
//
// A text stands in a catalogue in both languages and is named by its English form, so that code
// reads as what it says. It must not know what an endpoint, a feature or a step says: that is
// quoted as it is.
package language

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Language is a language in which people are told something. "" is English.
type Language string

// The languages. What an endpoint or a feature says is quoted as it is in each of them.
const (
	English Language = "en"
	Chinese Language = "zh"
)

// Of returns the language of a name: en or zh, alone or with a region, as zh-CN.
func Of(name string) (Language, error) {
	short, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(name), "_", "-"), "-")
	switch l := Language(short); l {
	case English, Chinese:
		return l, nil
	}
	return "", fmt.Errorf("no language %q: choose from %s, %s", name, English, Chinese)
}

// Tag is the language as HTML names it.
func (l Language) Tag() string {
	if l == Chinese {
		return "zh-Hans"
	}
	return "en"
}

// Phrase is a text in every language: in English, then in Chinese. Its places {0}, {1} stand for
// what differs. An English text whose form depends on the number in {0} has two forms, as
// "{0} scenario|{0} scenarios".
type Phrase [2]string

// Quoted is a text that is the same in every language.
func Quoted(text string) Phrase { return Phrase{text, text} }

// Form is the text in one language, its places not yet filled.
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

// In is the text in one language, with its places filled by texts, numbers and other phrases.
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

// With is a phrase with its places filled.
func (t Phrase) With(args ...any) Phrase {
	if len(args) == 0 {
		return t
	}
	return Phrase{t.In(English, args...), t.In(Chinese, args...)}
}

// And is a phrase and the next one, without a space between them.
func (t Phrase) And(next Phrase) Phrase { return Phrase{t[0] + next[0], t[1] + next[1]} }

// seam drops the space between two parts of a text where both are Chinese: it stands there for
// what is not.
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

// Parts yields the parts of a text in their order: its words with the place -1, and its
// places. A text without places is no pattern: a brace in it is a brace.
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
