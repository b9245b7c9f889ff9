package report

import (
	"fmt"
	"strconv"
	"strings"
)

// Language is a language in which reports for people are written.
type Language string

// The languages. What an endpoint or a feature says is quoted as it is in each of them.
const (
	English Language = "en"
	Chinese Language = "zh"
)

// LanguageOf returns the language of a name: en or zh, alone or with a region, as zh-CN.
func LanguageOf(name string) (Language, error) {
	short, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(name), "_", "-"), "-")
	switch l := Language(short); l {
	case English, Chinese:
		return l, nil
	}
	return "", fmt.Errorf("no language %q: choose from %s, %s", name, English, Chinese)
}

// tag is the language as HTML names it.
func (l Language) tag() string {
	if l == Chinese {
		return "zh-Hans"
	}
	return "en"
}

// phrase is a text of a report in every language. Its places {0}, {1} stand for what
// differs. An English text whose form depends on the number in {0} has two forms, as
// "{0} scenario|{0} scenarios".
type phrase struct{ en, zh string }

// form is the text in one language, its places not yet filled.
func (t phrase) form(l Language, args []any) string {
	switch {
	case l == Chinese:
		return t.zh
	case len(args) == 0:
		return t.en
	}
	one, many, differ := strings.Cut(t.en, "|")
	if differ && args[0] != 1 {
		return many
	}
	return one
}

// in is the text in one language, with its places filled by texts, numbers and other phrases.
func (t phrase) in(l Language, args ...any) string {
	var b strings.Builder
	eachPart(t.form(l, args), len(args), func(text string, place int) {
		if place < 0 {
			b.WriteString(text)
			return
		}
		switch arg := args[place].(type) {
		case phrase:
			b.WriteString(arg.in(l))
		default:
			fmt.Fprint(&b, arg)
		}
	})
	return b.String()
}

// with is a phrase with its places filled.
func (t phrase) with(args ...any) phrase {
	return phrase{t.in(English, args...), t.in(Chinese, args...)}
}

// eachPart yields the parts of a text in their order: its words with the place -1, and its
// places. A text without places is no pattern: a brace in it is a brace.
func eachPart(text string, places int, yield func(text string, place int)) {
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
