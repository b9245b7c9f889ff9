package suite

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	gherkin "github.com/cucumber/gherkin/go/v26"
	messages "github.com/cucumber/messages/go/v21"

	"github.com/zec-tools/conformance/internal/typo"
)

// structure checks for what Gherkin accepts but ignores: an outline without rows, a rule or a file
// without scenarios, a table or text that no sentence takes, a cell after the last bar, a misspelt
// keyword that becomes a description.
type structure struct {
	file    string
	lines   []string
	dialect *gherkin.Dialect
}

// check returns the first error in a file.
func (s structure) check(feature *messages.Feature) error {
	if err := s.described(feature.Location, feature.Description, false); err != nil {
		return err
	}
	found := false
	for _, child := range feature.Children {
		var err error
		switch {
		case child.Background != nil:
			err = s.background(child.Background)
		case child.Scenario != nil:
			found, err = true, s.scenario(child.Scenario)
		case child.Rule != nil:
			found, err = true, s.rule(child.Rule)
		}
		if err != nil {
			return err
		}
	}
	if !found {
		return s.fault(feature.Location, "the feature has no scenario: write one, or remove the file")
	}
	return nil
}

func (s structure) rule(rule *messages.Rule) error {
	if err := s.described(rule.Location, rule.Description, false); err != nil {
		return err
	}
	found := false
	for _, child := range rule.Children {
		var err error
		if child.Background != nil {
			err = s.background(child.Background)
		} else if child.Scenario != nil {
			found, err = true, s.scenario(child.Scenario)
		}
		if err != nil {
			return err
		}
	}
	if !found {
		return s.fault(rule.Location, "the rule %q has no scenario: write one, or remove the rule", rule.Name)
	}
	return nil
}

func (s structure) background(b *messages.Background) error {
	if err := s.described(b.Location, b.Description, true); err != nil {
		return err
	}
	return s.steps(b.Steps)
}

func (s structure) scenario(sc *messages.Scenario) error {
	if err := s.described(sc.Location, sc.Description, true); err != nil {
		return err
	}
	if err := s.steps(sc.Steps); err != nil {
		return err
	}
	if len(sc.Examples) == 0 && slices.Contains(s.dialect.ScenarioOutlineKeywords(), sc.Keyword) {
		return s.fault(sc.Location, "the outline %q has no table of examples: give it one, or make it a scenario", sc.Name)
	}
	columns := map[string]bool{}
	for _, table := range sc.Examples {
		if table.TableHeader == nil || len(table.TableBody) == 0 {
			return s.fault(sc.Location, "the outline %q has a table of examples without a row, in line %d: give it one, or remove the table", sc.Name, table.Location.Line)
		}
		if err := s.examples(table, columns); err != nil {
			return err
		}
	}
	return s.placeholders(sc, columns)
}

// examples checks a table of an outline, and adds its columns.
func (s structure) examples(table *messages.Examples, columns map[string]bool) error {
	if err := s.described(table.Location, table.Description, true); err != nil {
		return err
	}
	for _, row := range append([]*messages.TableRow{table.TableHeader}, table.TableBody...) {
		if err := s.row(row); err != nil {
			return err
		}
	}
	own := map[string]bool{}
	for _, cell := range table.TableHeader.Cells {
		if own[cell.Value] {
			return s.fault(table.TableHeader.Location, "the column %q stands twice: give each its own name", cell.Value)
		}
		own[cell.Value], columns[cell.Value] = true, true
	}
	return nil
}

// row checks that each cell of a row ends with a bar, because Gherkin ignores the text after the
// last one.
func (s structure) row(row *messages.TableRow) error {
	line := strings.TrimSpace(s.line(row.Location))
	if len(row.Cells) == 0 || !strings.HasSuffix(line, "|") || strings.HasSuffix(line, `\|`) {
		return s.fault(row.Location, "the row is not closed: end it with |")
	}
	return nil
}

func (s structure) steps(list []*messages.Step) error {
	for _, step := range list {
		switch {
		case step.DataTable != nil:
			return s.fault(step.DataTable.Location, "the step %q takes no table: remove it, or write a sentence that says it", step.Text)
		case step.DocString != nil:
			return s.fault(step.DocString.Location, "the step %q takes no text below it: remove it, or write a sentence that says it", step.Text)
		}
	}
	return nil
}

var placeholder = regexp.MustCompile(`<([^<>]+)>`)

// placeholders checks that each placeholder in an outline's steps and name has a column.
func (s structure) placeholders(sc *messages.Scenario, columns map[string]bool) error {
	if len(columns) == 0 {
		return nil
	}
	check := func(at *messages.Location, text string) error {
		for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
			if !columns[m[1]] {
				return s.fault(at, "no table of examples has the column %q", m[1])
			}
		}
		return nil
	}
	if err := check(sc.Location, sc.Name); err != nil {
		return err
	}
	for _, step := range sc.Steps {
		if err := check(step.Location, step.Text); err != nil {
			return err
		}
	}
	return nil
}

var heading = regexp.MustCompile(`^\s*([\pL ]+?)\s*[:：]`)

// described checks that no line of a description was meant as a step or a heading. The description
// of a feature or rule may begin a line with a word such as "and".
func (s structure) described(at *messages.Location, text string, steps bool) error {
	if text == "" {
		return nil
	}
	line := int(at.Line) + 1
	for line <= len(s.lines) && strings.TrimSpace(s.lines[line-1]) == "" {
		line++
	}
	for i, content := range strings.Split(text, "\n") {
		place := &messages.Location{Line: int64(line + i)}
		if m := heading.FindStringSubmatch(content); m != nil && s.isHeading(m[1]) {
			return s.fault(place, "%q is no keyword, so this line is read as a description: write the keyword as Gherkin has it, with a colon", m[1])
		}
		if word := strings.ToLower(strings.TrimSpace(content)); steps && s.isStep(word) {
			return s.fault(place, "%q is read as a description and not as a step: write the keyword as Gherkin has it", strings.TrimSpace(content))
		}
	}
	return nil
}

// isHeading reports whether a word is a structural keyword, or nearly one.
func (s structure) isHeading(word string) bool {
	for _, kind := range []string{"feature", "rule", "background", "scenario", "scenarioOutline", "examples"} {
		for _, keyword := range s.dialect.Keywords[kind] {
			if mistyped(strings.ToLower(word), strings.ToLower(keyword)) {
				return true
			}
		}
	}
	return false
}

func (s structure) isStep(line string) bool {
	for _, keyword := range s.dialect.StepKeywords() {
		if keyword := strings.ToLower(keyword); keyword != "* " && strings.HasPrefix(line, keyword) {
			return true
		}
	}
	return false
}

func (s structure) line(at *messages.Location) string { return s.lines[at.Line-1] }

func (s structure) fault(at *messages.Location, format string, args ...any) error {
	return &Error{File: s.file, Line: int(at.Line), What: fmt.Sprintf(format, args...)}
}

// mistyped reports whether a word is a misspelling of another one. In words long enough not to be
// confused with ordinary ones, two letters may be wrong, missing or added.
func mistyped(word, meant string) bool {
	const long = 7
	if len([]rune(meant)) < long {
		return word == meant
	}
	return typo.Distance(word, meant) <= 2
}
