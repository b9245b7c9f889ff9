package suite

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	messages "github.com/cucumber/messages/go/v21"

	"github.com/zec-tools/conformance/internal/typo"
	"github.com/zec-tools/conformance/steps"
)

var (
	clauseTag   = regexp.MustCompile(`^@[MSREKCDAO]-[A-Z0-9-]+$`)
	templateTag = regexp.MustCompile(`^@\{clauses\}-[A-Z0-9-]+$`) // the id of a template in clauses.yaml
	idTag       = regexp.MustCompile(`^@[a-z][a-z0-9]*(-[a-z0-9]+)+$`)
)

// tagKind is the meaning of a tag.
type tagKind int

const (
	groupTag   tagKind = iota // only for selecting scenarios
	oneClause                 // the clause that a scenario proves
	ofTemplate                // the clause of a template for the action that the scenario calls
	fixedID                   // the id of a scenario
)

// ofClause reports whether the tag names a clause.
func (k tagKind) ofClause() bool { return k == oneClause || k == ofTemplate }

// kind returns the meaning of a tag. It caches the result, because most tags are on many scenarios.
func (r *reader) kind(tag string) tagKind {
	kind, known := r.tags[tag]
	if known {
		return kind
	}
	switch {
	case clauseTag.MatchString(tag):
		kind = oneClause
	case templateTag.MatchString(tag):
		kind = ofTemplate
	case idTag.MatchString(tag):
		kind = fixedID
	}
	r.tags[tag] = kind
	return kind
}

// idOf returns the fixed id of a scenario: its only tag that is not a clause and, for a row of an
// outline, the first cell in brackets. An outline without such a tag has a column "id", in which
// <column> is replaced by a cell of the row; the part before the bracket becomes a tag of the row.
func (r *reader) idOf(node *messages.Scenario, row *messages.TableRow) (id string, err error) {
	var found []string
	for _, tag := range node.Tags {
		if r.kind(tag.Name) == fixedID {
			found = append(found, strings.TrimPrefix(tag.Name, "@"))
		}
	}
	if len(found) == 0 && row != nil {
		id, err = idCell(node, row)
		return id, err
	}
	if len(found) != 1 {
		return "", fmt.Errorf("scenario %q has %d id tags, not one: give it a tag of its own, of small letters with a hyphen in it, such as @running-refused", node.Name, len(found))
	}
	if row == nil {
		return found[0], nil
	}
	return fmt.Sprintf("%s[%s]", found[0], row.Cells[0].Value), nil
}

// idCell returns the cell of a row in the column "id".
func idCell(node *messages.Scenario, row *messages.TableRow) (string, error) {
	values := cellsOf(node, row)
	id := fillCells(values["id"], values)
	if !idTag.MatchString(idTagOf(id)) {
		return "", fmt.Errorf("outline %q has no id tag, and the row no id: give the outline a tag of its own such as @running-refused, or the table a column id", node.Name)
	}
	return id, nil
}

// cellsOf returns the cells of a row by column.
func cellsOf(node *messages.Scenario, row *messages.TableRow) map[string]string {
	values := map[string]string{}
	for _, table := range node.Examples {
		if row != nil && slices.Contains(table.TableBody, row) {
			for i, column := range table.TableHeader.Cells {
				values[column.Value] = row.Cells[i].Value
			}
		}
	}
	return values
}

// fillCells replaces the placeholders in a text with the cells of a row.
func fillCells(text string, values map[string]string) string {
	return placeholder.ReplaceAllStringFunc(text, func(place string) string {
		if value, has := values[strings.Trim(place, "<>")]; has {
			return value
		}
		return place
	})
}

// rowTags returns the tags of a case: those of its scenario, with <column> replaced, and the one at
// the beginning of its id.
func rowTags(tags []string, id string, node *messages.Scenario, row *messages.TableRow) ([]string, error) {
	for i, tag := range tags {
		if !strings.Contains(tag, "<") {
			continue
		}
		tags[i] = fillCells(tag, cellsOf(node, row))
		if m := placeholder.FindString(tags[i]); m != "" {
			return nil, fmt.Errorf("scenario %s has the tag %s, and its row no column %s", id, tag, m)
		}
	}
	if own := idTagOf(id); !slices.Contains(tags, own) {
		tags = append(tags, own)
	}
	return tags, nil
}

// idTagOf returns the tag that selects the scenarios with an id.
func idTagOf(id string) string {
	tag, _, _ := strings.Cut(id, "[")
	return "@" + tag
}

// clauses reads the clauses of a case: its rule's first, then its own.
func (r *reader) clauses(c *Case, rule *messages.Rule) error {
	if rule == nil {
		return fmt.Errorf("scenario %s stands under no rule: put it under the clause it proves", c.ID)
	}
	var ruled []string
	for _, tag := range rule.Tags {
		if r.kind(tag.Name).ofClause() {
			ruled = append(ruled, strings.TrimPrefix(tag.Name, "@"))
		}
	}
	if len(ruled) != 1 {
		return fmt.Errorf("the rule %q bears %d clauses, not one: tag it with the clause whose sentence it is", rule.Name, len(ruled))
	}
	template := ruled[0]
	own, has := r.instance(c, template)
	if !has {
		return foreign(fmt.Sprintf("scenario %s stands under the template %s, of which the action it calls has no clause", c.ID, template))
	}
	c.Clauses = []string{own}
	for i, tag := range c.Tags {
		if !r.kind(tag).ofClause() {
			continue
		}
		id, has := r.instance(c, strings.TrimPrefix(tag, "@"))
		if has && r.kind(tag) == ofTemplate {
			c.Tags[i] = "@" + id
		}
		if has && !slices.Contains(c.Clauses, id) {
			c.Clauses = append(c.Clauses, id)
		}
	}
	c.Tags = slices.DeleteFunc(c.Tags, func(tag string) bool { return r.kind(tag) == ofTemplate }) // the action has no such clause
	for _, id := range c.Clauses {
		clause, known := r.contract.Clauses[id]
		if !known {
			return foreign(fmt.Sprintf("scenario %s bears the clause %s, which the contract does not have", c.ID, id))
		}
		if clause.Untestable != "" {
			return fmt.Errorf("scenario %s bears the clause %s, which is untestable: %s", c.ID, id, clause.Untestable)
		}
	}
	text, clause := r.contract.Templates[template], r.contract.Clauses[own]
	name := rule.Name
	if clause.Template != template {
		text.En, text.Zh = clause.Text, clause.TextZh
		name = r.fill(name, clause.Operation)
	}
	if name != text.En && name != text.Zh {
		return fmt.Errorf("the rule of %s reads %q, the clause %q: a rule is its clause's full sentence", template, rule.Name, text.En)
	}
	if c.Rule = clause.Text; name == text.Zh {
		c.Rule = clause.TextZh
	}
	return nil
}

// fill replaces the placeholders of a rule with the values for an action.
func (r *reader) fill(rule, action string) string {
	i := slices.IndexFunc(r.contract.Actions, func(a Action) bool { return a.Name == action })
	if i < 0 {
		return rule
	}
	for place, value := range r.contract.Actions[i].Places {
		rule = strings.ReplaceAll(rule, "{"+place+"}", value)
	}
	return rule
}

// instance returns the clause for a tag of a case: the tag's own, or that of the action which the
// case calls first, whether it was made from the template or written with that id.
func (r *reader) instance(c *Case, tag string) (id string, has bool) {
	if !strings.HasPrefix(tag, ofAction) {
		return tag, true
	}
	for _, step := range c.Steps {
		for _, action := range step.Match.Metadata().Actions {
			if id, has := r.instances[[2]string{tag, action}]; has {
				return id, true
			}
		}
	}
	return "", false
}

// foreign is the error about a feature that names something that the contract does not have.
type foreign string

func (f foreign) Error() string { return string(f) }

// located adds a location to an error.
func located(file string, line int, err error) error {
	var alien foreign
	return &Error{File: file, Line: line, What: err.Error(), Foreign: errors.As(err, &alien)}
}

// words checks that the contract has every code and status that a step names.
func (r *reader) words(m steps.Match) error {
	metadata := m.Metadata()
	names := slices.Clone(metadata.States)
	for _, set := range metadata.Path {
		names = append(names, strings.Split(set, " or ")...)
	}
	for _, pair := range metadata.Pairs {
		if pair.Code != "" {
			names = append(names, pair.Code)
		}
	}
	for _, name := range names {
		if !r.contract.Codes[name] && !slices.Contains(r.contract.Statuses, name) {
			return foreign(fmt.Sprintf("%s is neither a code nor a status of the contract", name) + r.meant(name))
		}
	}
	return nil
}

// actions checks that the contract has every action that a step cannot do without.
func (r *reader) actions(m steps.Match) error {
	var known []string
	for _, a := range r.contract.Actions {
		known = append(known, a.Name)
	}
	for _, name := range m.Named() {
		if slices.Contains(known, name) {
			continue
		}
		if meant, near := typo.Meant(name, known); near {
			return foreign(fmt.Sprintf("the contract has no action %q: did you mean %s?", name, meant))
		}
		return foreign(fmt.Sprintf("the contract has no action %q: it has %s", name, strings.Join(known, ", ")))
	}
	return nil
}

// meant suggests the status or code that a misspelt one was meant to be, or returns "".
func (r *reader) meant(name string) string {
	known := append(slices.Clone(r.contract.Statuses), slices.Sorted(maps.Keys(r.contract.Codes))...)
	if word, near := typo.Meant(name, known); near {
		return ": did you mean " + word + "?"
	}
	return ""
}

// dissected is a parsed feature with its parts by id.
type dissected struct {
	feature   *messages.Feature
	rules     map[string]*messages.Rule // by scenario id
	scenarios map[string]*messages.Scenario
	steps     map[string]*messages.Step
	rows      map[string]*messages.TableRow
}

func dissect(doc *messages.GherkinDocument) dissected {
	d := dissected{
		feature: doc.Feature, rules: map[string]*messages.Rule{}, scenarios: map[string]*messages.Scenario{},
		steps: map[string]*messages.Step{}, rows: map[string]*messages.TableRow{},
	}
	for _, child := range doc.Feature.Children {
		d.background(child.Background)
		d.scenario(child.Scenario, nil)
		if child.Rule == nil {
			continue
		}
		for _, inner := range child.Rule.Children {
			d.background(inner.Background)
			d.scenario(inner.Scenario, child.Rule)
		}
	}
	return d
}

func (d dissected) background(b *messages.Background) {
	if b != nil {
		d.addSteps(b.Steps)
	}
}

func (d dissected) scenario(s *messages.Scenario, rule *messages.Rule) {
	if s == nil {
		return
	}
	d.scenarios[s.Id], d.rules[s.Id] = s, rule
	d.addSteps(s.Steps)
	for _, table := range s.Examples {
		for _, row := range table.TableBody {
			d.rows[row.Id] = row
		}
	}
}

func (d dissected) addSteps(list []*messages.Step) {
	for _, step := range list {
		d.steps[step.Id] = step
	}
}

func tagNames(tags []*messages.PickleTag) []string {
	names := make([]string, len(tags))
	for i, tag := range tags {
		names[i] = tag.Name
	}
	return names
}
