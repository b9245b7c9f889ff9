package suite

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
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

// tagMatcher parses ordinary lines of tags. The library compiles a regular expression for each tag,
// which takes two fifths of its time.
type tagMatcher struct{ gherkin.Matcher }

// MatchTagLine parses a line of tags with the same result as the library. It leaves lines that
// contain anything else to the library.
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

var position = regexp.MustCompile(`\((\d+):(\d+)\): (.*)`)

// parseFault reduces the errors of the parser to one line about the first.
func parseFault(file string, err error) error {
	m := position.FindStringSubmatch(err.Error())
	if m == nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	var line int
	if _, scanErr := fmt.Sscan(m[1], &line); scanErr != nil {
		return errors.Join(err, scanErr)
	}
	return &Error{File: file, Line: line, What: plainly(m[3])}
}

// The parser's errors that name its own tokens or begin with a capital letter.
var (
	misplaced = regexp.MustCompile(`^expected: (.*), got '(.*)'$`)
	tooShort  = regexp.MustCompile(`^unexpected end of file, expected: (.*)$`)
	unspoken  = regexp.MustCompile(`^Language not supported: (.*)$`)
)

// tokens are the names of the parser's tokens for authors of features, except those allowed
// anywhere.
var tokens = map[string]string{
	"#FeatureLine": "Feature:", "#BackgroundLine": "Background:", "#RuleLine": "Rule:", "#ScenarioLine": "Scenario:", "#ExamplesLine": "Examples:",
	"#StepLine": "a step", "#TableRow": "a row of a table", "#TagLine": "a tag", "#DocStringSeparator": `"""`, "#Other": "a text",
}

// plainly rewords an error of the parser in the terms of a feature file.
func plainly(complaint string) string {
	if m := misplaced.FindStringSubmatch(complaint); m != nil {
		return fmt.Sprintf("%q cannot stand here: want %s", strings.TrimSpace(m[2]), wanted(m[1]))
	}
	if m := tooShort.FindStringSubmatch(complaint); m != nil {
		return "the file ends too early: want " + wanted(m[1])
	}
	if m := unspoken.FindStringSubmatch(complaint); m != nil {
		return fmt.Sprintf("there is no language %q: write # language: zh-CN, or no such line for English", m[1])
	}
	first, size := utf8.DecodeRuneInString(complaint)
	return string(unicode.ToLower(first)) + complaint[size:]
}

// wanted lists what the parser expected.
func wanted(list string) string {
	var words []string
	for token := range strings.SplitSeq(list, ", ") {
		if word, known := tokens[token]; known {
			words = append(words, word)
		}
	}
	if last := len(words) - 1; last > 0 {
		return strings.Join(words[:last], ", ") + " or " + words[last]
	}
	return strings.Join(words, "")
}
