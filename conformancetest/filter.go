package conformancetest

import (
	"flag"
	"regexp"
	"strings"
	"unicode"
)

// wanted reports whether go test's -run and -skip take a subtest of a test. It decides what
// is played; which subtests run, package testing decides itself.
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

// subtest is the name that package testing gives a subtest.
func subtest(id string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return '_'
		}
		return r
	}, id)
}

// matches reports whether a pattern takes a name: an alternative between its bars of which
// each element, between slashes, matches that of the name. whole demands that the pattern is
// as long as the name, as for what is skipped.
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
			ok = ok && (err != nil || re.MatchString(elements[i])) // what is wrong, package testing says
		}
		if ok {
			return true
		}
	}
	return false
}

// split cuts a pattern where a byte stands outside brackets and groups.
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
