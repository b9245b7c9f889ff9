package steps

import (
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"
)

// Form is how a sentence reads in one language: a regular expression with its arguments in
// braces, as Cucumber expressions have them. It is compiled when a text may be an instance of
// it: a start of the program needs few of them.
type Form struct {
	pattern  string
	language language
	plain    bool   // the pattern is no more than a text
	before   string // a text that every instance begins with
	landmark string // a text that every instance holds
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

// meta are the characters of a pattern that do not stand for themselves.
const meta = `()[]{}?*+.|\^$`

// argument is an argument of a form: the name of its type in braces.
var argument = regexp.MustCompile(`\{([a-z ]+)\}`)

// argumentTypes returns the names of the types of a form's arguments, in order.
func (f *Form) argumentTypes() []string { return f.types() }

func argumentTypes(pattern string) []string {
	var names []string
	for _, m := range argument.FindAllStringSubmatch(pattern, -1) {
		names = append(names, m[1])
	}
	return names
}

// expression puts the expressions of the arguments into a pattern.
func expression(pattern string, l language) string {
	types := parameterTypes()
	return argument.ReplaceAllStringFunc(pattern, func(name string) string {
		t, known := types[name[1:len(name)-1]]
		if !known {
			panic("no parameter type is called " + name) // a sentence is written wrongly: every test meets it
		}
		if l == chinese && t.zh != "" {
			return "(" + t.zh + ")"
		}
		return "(" + t.en + ")"
	})
}

// String returns the pattern, whole.
func (f *Form) String() string { return f.pattern }

// Regexp returns the compiled expression.
func (f *Form) Regexp() *regexp.Regexp { return f.compiled() }

// arguments returns the arguments of a text, nil when it is no instance of the form.
func (f *Form) arguments(text string) []string {
	if !strings.HasPrefix(text, f.before) || !strings.Contains(text, f.landmark) {
		return nil // nearly all end here, without the machinery of a match
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

// before returns the text that every instance of a pattern begins with, "" when there is none.
func before(pattern string) string {
	at := strings.IndexAny(pattern, meta)
	switch {
	case at < 0:
		return pattern
	case strings.Contains(pattern, "|") && landmark(pattern) == "": // one of several patterns
		return ""
	case pattern[at] == '?' || pattern[at] == '*': // what stands before it may be missing
		_, size := utf8.DecodeLastRuneInString(pattern[:at])
		at -= size
	}
	return pattern[:at]
}

// landmark returns the longest text outside of all groups that every instance of a pattern
// holds, "" when there is none.
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
		case '?', '*': // what stands before it may be missing
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
