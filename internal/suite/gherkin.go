package suite

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	gherkin "github.com/cucumber/gherkin/go/v26"
	messages "github.com/cucumber/messages/go/v21"
)

// document parses a feature file.
func document(text []byte, newID func() string) (*messages.GherkinDocument, error) {
	builder := gherkin.NewAstBuilder(newID)
	parser := gherkin.NewParser(builder)
	parser.StopAtFirstError(false)
	err := parser.Parse(gherkin.NewScanner(bytes.NewReader(text)), tagMatcher{gherkin.NewMatcher(gherkin.DialectsBuiltin())})
	return builder.GetGherkinDocument(), err
}

// tagMatcher reads the usual lines of tags. The library compiles an expression for each tag
// every time that it looks at one, which is two fifths of its time.
type tagMatcher struct{ gherkin.Matcher }

// MatchTagLine reads a line of tags as the library does, which is asked when there is
// anything else in it.
func (m tagMatcher) MatchTagLine(line *gherkin.Line) (bool, *gherkin.Token, error) {
	tags, some := strings.CutPrefix(line.TrimmedLineText, gherkin.TagPrefix)
	if !some || strings.Contains(tags, gherkin.CommentPrefix) {
		return m.Matcher.MatchTagLine(line)
	}
	token := &gherkin.Token{
		Type: gherkin.TokenTypeTagLine, GherkinDialect: gherkin.DefaultDialect,
		Location: &gherkin.Location{Line: line.LineNumber, Column: line.Indent() + 1},
	}
	column := token.Location.Column
	for tag := range strings.SplitSeq(tags, gherkin.TagPrefix) {
		name := strings.TrimRightFunc(tag, unicode.IsSpace)
		if name == "" || strings.ContainsFunc(name, unicode.IsSpace) {
			return m.Matcher.MatchTagLine(line)
		}
		token.Items = append(token.Items, &gherkin.LineSpan{Column: column, Text: gherkin.TagPrefix + name})
		column += utf8.RuneCountInString(tag) + 1
	}
	return true, token, nil
}
