package conformancetest

import (
	"flag"
	"regexp"
	"strings"
	"unicode"
)

// wanted reports whether go test's -run and -skip select a subtest of a test. It decides which
// scenarios run; package testing decides which subtests run.
func wanted(test, id string) bool {
	name := test + "/" + subtest(id)
	if pattern := flagValue("test.run"); pattern != "" && !matches(pattern, name, false) {
		return false
	}
	pattern := flagValue("test.skip")
	return pattern == "" || !matches(pattern, name, true)
}

func flagValue(name string) string {
	if f := flag.Lookup(name); f != nil {
		return f.Value.String()
	}
	return ""
}

// subtest returns the name that package testing gives to a subtest.
func subtest(id string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return '_'
		}
		return r
	}, id)
}

// matches reports whether a pattern matches a name: in one of its alternatives, separated by bars,
// each element, separated by slashes, must match that of the name. whole requires the pattern to
// have as many elements as the name, as for -skip.
func matches(pattern, name string, whole bool) bool {
	elements := strings.Split(name, "/")
	for _, alternative := range split(pattern, '|') {
		parts := split(alternative, '/')
		if whole && len(parts) > len(elements) {
			continue
		}
		ok := true
		for i, part := range parts {
			if i >= len(elements) {
				break
			}
			re, err := regexp.Compile(subtest(part))
			ok = ok && (err != nil || re.MatchString(elements[i])) // package testing reports an invalid pattern
		}
		if ok {
			return true
		}
	}
	return false
}

// split splits a pattern at a byte outside brackets and groups.
func split(pattern string, at byte) (parts []string) {
	depth, class, start := 0, 0, 0
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '\\':
			i++
		case c == '[':
			class++
		case c == ']':
			class = max(0, class-1)
		case class == 0 && c == '(':
			depth++
		case class == 0 && c == ')':
			depth--
		case class == 0 && depth == 0 && c == at:
			parts = append(parts, pattern[start:i])
			start = i + 1
		}
	}
	return append(parts, pattern[start:])
}
