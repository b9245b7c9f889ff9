package steps

import (
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"
)

// Form is the text of a sentence in one language: a regular expression with arguments in braces,
// like a Cucumber expression. It is compiled only when a text may match it, because a run needs few
// of the forms.
type Form struct {
	pattern  string
	language language
	plain    bool   // the pattern is literal text
	before   string // a text that every match begins with
	landmark string // a text that every match contains
	compiled func() *regexp.Regexp
	types    func() []string
}

type language int

const (
	english language = iota
	chinese
)

func newForm(pattern string, l language) *Form {
	return &Form{
		pattern: pattern, language: l, plain: !strings.ContainsAny(pattern, meta), before: before(pattern), landmark: landmark(pattern),
		compiled: sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("^" + expression(pattern, l) + "$") }),
		types:    sync.OnceValue(func() []string { return argumentTypes(pattern) }),
	}
}

// meta holds the characters with a special meaning in a pattern.
const meta = `()[]{}?*+.|\^$`

// argument matches an argument of a form: the name of its type in braces.
var argument = regexp.MustCompile(`\{([a-z ]+)\}`)

// argumentTypes returns the type names of a form's arguments, in order.
func (f *Form) argumentTypes() []string { return f.types() }

func argumentTypes(pattern string) []string {
	var names []string
	for _, m := range argument.FindAllStringSubmatch(pattern, -1) {
		names = append(names, m[1])
	}
	return names
}

// expression replaces the arguments in a pattern with their regular expressions.
func expression(pattern string, l language) string {
	types := parameterTypes()
	return argument.ReplaceAllStringFunc(pattern, func(name string) string {
		t, known := types[name[1:len(name)-1]]
		if !known {
			panic("no parameter type is called " + name) // a mistake in a sentence, which any test meets
		}
		if l == chinese && t.zh != "" {
			return "(" + t.zh + ")"
		}
		return "(" + t.en + ")"
	})
}

// String returns the pattern.
func (f *Form) String() string { return f.pattern }

// Regexp returns the compiled expression.
func (f *Form) Regexp() *regexp.Regexp { return f.compiled() }

// arguments returns the arguments in a text, or nil if it does not match the form.
func (f *Form) arguments(text string) []string {
	if !strings.HasPrefix(text, f.before) || !strings.Contains(text, f.landmark) {
		return nil // most texts are rejected here, without a regular expression
	}
	if f.plain {
		if text == f.pattern {
			return []string{}
		}
		return nil
	}
	m := f.compiled().FindStringSubmatch(text)
	if m == nil {
		return nil
	}
	return m[1:]
}

// before returns the text that every match of a pattern begins with, or "".
func before(pattern string) string {
	at := strings.IndexAny(pattern, meta)
	switch {
	case at < 0:
		return pattern
	case strings.Contains(pattern, "|") && landmark(pattern) == "": // the pattern is an alternation
		return ""
	case pattern[at] == '?' || pattern[at] == '*': // the previous character is optional
		_, size := utf8.DecodeLastRuneInString(pattern[:at])
		at -= size
	}
	return pattern[:at]
}

// landmark returns the longest text outside of all groups that every match of a pattern contains,
// or "".
func landmark(pattern string) string {
	longest, start, depth := "", 0, 0
	end := func(at int) {
		if depth == 0 && at-start > len(longest) {
			longest = pattern[start:at]
		}
	}
	for i := 0; i < len(pattern); i++ {
		switch pattern[i] {
		case '(', '[', '{':
			end(i)
			depth++
		case ')', ']', '}':
			depth--
		case '?', '*': // the previous character is optional
			if i > start {
				_, size := utf8.DecodeLastRuneInString(pattern[:i])
				end(i - size)
			}
		case '|':
			if depth == 0 {
				return ""
			}
		case '\\':
			end(i)
			i++
		case '+', '.', '^', '$':
			end(i)
		default:
			continue
		}
		start = i + 1
	}
	end(len(pattern))
	return longest
}
