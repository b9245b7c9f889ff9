package suite

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	messages "github.com/cucumber/messages/go/v21"

	"github.com/zec-tools/conformance/steps"
)

var (
	clauseTag   = regexp.MustCompile(`^@[MSREKCDAO]-[A-Z0-9-]+$`)
	templateTag = regexp.MustCompile(`^@\{clauses\}-[A-Z0-9-]+$`) // the id of a template in clauses.yaml
	idTag       = regexp.MustCompile(`^@[a-z][a-z0-9]*(-[a-z0-9]+)+$`)
	allCaps     = regexp.MustCompile(`^[A-Z][A-Z_]{3,}$`) // a code or a status; methods are shorter
)

// ownID returns the scenario's fixed id: the one tag of its own that is no clause.
func ownID(node *messages.Scenario) (string, error) {
	var found []string
	for _, tag := range node.Tags {
		if idTag.MatchString(tag.Name) {
			found = append(found, strings.TrimPrefix(tag.Name, "@"))
		}
	}
	if len(found) != 1 {
		return "", fmt.Errorf("scenario %q has %d id tags, not one: give it a tag of its own such as @running-refused", node.Name, len(found))
	}
	return found[0], nil
}

// clauses reads the clauses a case bears: its rule's first, then its own.
func (r *reader) clauses(c *Case, rule *messages.Rule) error {
	if rule == nil {
		return fmt.Errorf("scenario %s stands under no rule: put it under the clause it proves", c.ID)
	}
	var ruled []string
	for _, tag := range rule.Tags {
		if clauseTag.MatchString(tag.Name) || templateTag.MatchString(tag.Name) {
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
		if !clauseTag.MatchString(tag) && !templateTag.MatchString(tag) {
			continue
		}
		id, has := r.instance(c, strings.TrimPrefix(tag, "@"))
		if has && templateTag.MatchString(tag) {
			c.Tags[i] = "@" + id
		}
		if has && !slices.Contains(c.Clauses, id) {
			c.Clauses = append(c.Clauses, id)
		}
	}
	c.Tags = slices.DeleteFunc(c.Tags, templateTag.MatchString) // the action has no such clause
	for _, id := range c.Clauses {
		clause, known := r.contract.Clauses[id]
		if !known {
			return foreign(fmt.Sprintf("scenario %s bears the clause %s, which the contract does not have", c.ID, id))
		}
		if clause.Untestable != "" {
			return fmt.Errorf("scenario %s bears the clause %s, which is untestable: %s", c.ID, id, clause.Untestable)
		}
	}
	text := r.contract.Templates[template]
	clause := r.contract.Clauses[own]
	if template == own {
		text.En, text.Zh = clause.Text, clause.TextZh
	}
	if rule.Name != text.En && rule.Name != text.Zh {
		return fmt.Errorf("the rule of %s reads %q, the clause %q: a rule is its clause's full sentence", template, rule.Name, text.En)
	}
	if c.Rule = clause.Text; rule.Name == text.Zh {
		c.Rule = clause.TextZh
	}
	return nil
}

// instance returns the clause that a tag stands for in a case: that of the tag itself, or
// for a template that of the action which the case calls first.
func (r *reader) instance(c *Case, tag string) (id string, has bool) {
	if _, template := r.contract.Templates[tag]; !template {
		return tag, true
	}
	for _, step := range c.Steps {
		for _, action := range step.Match.Metadata().Actions {
			for _, clause := range r.contract.Clauses {
				if clause.Template == tag && clause.Operation == action {
					return clause.ID, true
				}
			}
		}
	}
	return "", false
}

// foreign says that a feature names what the contract does not have.
type foreign string

func (f foreign) Error() string { return string(f) }

// located gives an error its place.
func located(file string, line int, err error) error {
	var alien foreign
	return &Error{File: file, Line: line, What: err.Error(), Foreign: errors.As(err, &alien)}
}

// words makes sure that every code and status a step names is one of the contract.
func (r *reader) words(m steps.Match) error {
	for _, arg := range m.Args {
		if allCaps.MatchString(arg) && arg != http.MethodDelete && !r.contract.Codes[arg] && !slices.Contains(r.contract.Statuses, arg) {
			return foreign(fmt.Sprintf("%s is neither a code nor a status of the contract", arg))
		}
	}
	return nil
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

var position = regexp.MustCompile(`\((\d+):(\d+)\): (.*)`)

// parseFault turns the parser's list of complaints into one line: the first.
func parseFault(file string, err error) error {
	m := position.FindStringSubmatch(err.Error())
	if m == nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	var line int
	if _, scanErr := fmt.Sscan(m[1], &line); scanErr != nil {
		return errors.Join(err, scanErr)
	}
	return &Error{File: file, Line: line, What: m[3]}
}
