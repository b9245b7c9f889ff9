package suite

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/typo"
)

// expression is a Cucumber tag expression: @a and not (@b or @c).
type expression func(tags []string) bool

var tagToken = regexp.MustCompile(`\s*(\(|\)|@[^\s()]+|\S+)`)

// tagParser parses a tag expression. The selection is made here, because godog's filter takes "@a
// and not @b" for a single tag and silently selects nothing.
type tagParser struct {
	tokens []string
	known  []string // tags, in order
}

// parseTags parses a tag expression. A tag that no scenario has is an error.
func parseTags(text string, known []string) (expression, error) {
	p := &tagParser{known: known}
	for _, m := range tagToken.FindAllStringSubmatch(text, -1) {
		p.tokens = append(p.tokens, m[1])
	}
	e, err := p.or()
	if err == nil && len(p.tokens) > 0 {
		err = fmt.Errorf("unexpected %q", p.tokens[0])
	}
	if err != nil {
		var unknown unknownTag
		if !errors.As(err, &unknown) {
			err = fmt.Errorf("%w; write it as \"@resize and not @slow\"", err)
		}
		return nil, fmt.Errorf("tag expression %q: %w", text, err)
	}
	return e, nil
}

// unknownTag is the error about a tag that no scenario has.
type unknownTag string

func (u unknownTag) Error() string { return string(u) }

func (p *tagParser) take(token string) bool {
	if len(p.tokens) == 0 || p.tokens[0] != token {
		return false
	}
	p.tokens = p.tokens[1:]
	return true
}

func (p *tagParser) or() (expression, error) {
	left, err := p.and()
	for err == nil && p.take("or") {
		var right expression
		a := left
		if right, err = p.and(); err == nil {
			left = func(tags []string) bool { return a(tags) || right(tags) }
		}
	}
	return left, err
}

func (p *tagParser) and() (expression, error) {
	left, err := p.not()
	for err == nil && p.take("and") {
		var right expression
		a := left
		if right, err = p.not(); err == nil {
			left = func(tags []string) bool { return a(tags) && right(tags) }
		}
	}
	return left, err
}

func (p *tagParser) not() (expression, error) {
	switch {
	case p.take("not"):
		e, err := p.not()
		return func(tags []string) bool { return !e(tags) }, err
	case p.take("("):
		e, err := p.or()
		if err == nil && !p.take(")") {
			err = fmt.Errorf("a closing bracket is missing")
		}
		return e, err
	case len(p.tokens) == 0:
		return nil, fmt.Errorf("a tag is missing")
	}
	tag := p.tokens[0]
	p.tokens = p.tokens[1:]
	if !strings.HasPrefix(tag, "@") {
		return nil, fmt.Errorf("unexpected %q", tag)
	}
	if _, borne := slices.BinarySearch(p.known, tag); !borne {
		if meant, near := typo.Meant(tag, p.known); near {
			return nil, unknownTag(fmt.Sprintf("no scenario bears the tag %s: did you mean %s?", tag, meant))
		}
		return nil, unknownTag(fmt.Sprintf("no scenario bears the tag %s: conformance list shows the scenarios", tag))
	}
	return func(tags []string) bool { return slices.Contains(tags, tag) }, nil
}
