package steps

import (
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"
)

// Form is how a sentence reads in one language. Its expression is compiled when a text may
// be an instance of it: a start of the program needs few of them.
type Form struct {
	pattern  string
	landmark string // a text that every instance holds
	compiled func() *regexp.Regexp
}

func newForm(pattern string) *Form {
	return &Form{
		pattern: pattern, landmark: landmark(pattern),
		compiled: sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("^" + pattern + "$") }),
	}
}

// String returns the expression that instances match, whole.
func (f *Form) String() string { return f.pattern }

// Regexp returns the compiled expression.
func (f *Form) Regexp() *regexp.Regexp { return f.compiled() }

// arguments returns the arguments of a text, nil when it is no instance of the form.
func (f *Form) arguments(text string) []string {
	if !strings.Contains(text, f.landmark) {
		return nil // nearly all end here, without the machinery of a match
	}
	m := f.compiled().FindStringSubmatch(text)
	if m == nil {
		return nil
	}
	return m[1:]
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
		case '(', '[':
			end(i)
			depth++
		case ')', ']':
			depth--
		case '?', '*', '{': // what stands before it may be missing
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
		case '+', '.', '^', '$', '}':
			end(i)
		default:
			continue
		}
		start = i + 1
	}
	end(len(pattern))
	return longest
}
