package report

import (
	"fmt"
	"strings"

	messages "github.com/cucumber/messages/go/v21"

	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// gherkinFile is a feature file reconstructed from its scenarios that ran.
type gherkinFile struct {
	file     string
	document *messages.GherkinDocument
	pickles  []*messages.Pickle
	rule     *messages.Rule // the current rule
}

func newGherkinFile(first verdict.Scenario, uri string) *gherkinFile {
	language := first.Language
	if language == "" {
		language = "en"
	}
	return &gherkinFile{file: first.File, document: &messages.GherkinDocument{
		Uri: uri, Comments: []*messages.Comment{},
		Feature: &messages.Feature{
			Location: &messages.Location{Line: 1}, Tags: []*messages.Tag{}, Language: language,
			Keyword: "Feature", Name: visible(first.Feature), Children: []*messages.FeatureChild{},
		},
	}}
}

// add appends a scenario and its pickle to the document, under its rule.
func (g *gherkinFile) add(number int, s verdict.Scenario) {
	id := messageID(number)
	node := &messages.Scenario{
		Id: id("scenario"), Location: &messages.Location{Line: messageLine(s.Line)}, Keyword: "Scenario",
		Name: visible(s.ID + ": " + s.Name), Tags: []*messages.Tag{}, Steps: []*messages.Step{}, Examples: []*messages.Examples{},
	}
	pickle := &messages.Pickle{
		Id: id("pickle"), Uri: g.document.Uri, Name: node.Name, Language: g.document.Feature.Language,
		Steps: []*messages.PickleStep{}, Tags: []*messages.PickleTag{}, AstNodeIds: []string{node.Id},
	}
	for i, tag := range s.Tags {
		node.Tags = append(node.Tags, &messages.Tag{Id: id("tag", i), Name: visible(tag), Location: node.Location})
		pickle.Tags = append(pickle.Tags, &messages.PickleTag{Name: visible(tag), AstNodeId: id("tag", i)})
	}
	for i, step := range s.Steps {
		text := visible(step.Text)
		node.Steps = append(node.Steps, &messages.Step{
			Id: id("step", i), Location: &messages.Location{Line: messageLine(step.Line)},
			Keyword: visible(step.Keyword) + " ", KeywordType: messages.StepKeywordType_UNKNOWN, Text: text,
		})
		pickle.Steps = append(pickle.Steps, &messages.PickleStep{
			Id: id("picklestep", i), AstNodeIds: []string{id("step", i)}, Type: messages.PickleStepType_UNKNOWN, Text: text,
		})
	}
	g.pickles = append(g.pickles, pickle)
	g.place(number, s.Rule, node)
}

// place adds a scenario to its rule, and begins a new rule if necessary.
func (g *gherkinFile) place(number int, rule string, node *messages.Scenario) {
	feature := g.document.Feature
	if rule == "" {
		g.rule = nil
		feature.Children = append(feature.Children, &messages.FeatureChild{Scenario: node})
		return
	}
	if g.rule == nil || g.rule.Name != visible(rule) {
		g.rule = &messages.Rule{
			Id: messageID(number)("rule"), Location: node.Location, Tags: []*messages.Tag{}, Keyword: "Rule",
			Name: visible(rule), Children: []*messages.RuleChild{},
		}
		feature.Children = append(feature.Children, &messages.FeatureChild{Rule: g.rule})
	}
	g.rule.Children = append(g.rule.Children, &messages.RuleChild{Scenario: node})
}

// exchangeText formats an exchange as text.
func exchangeText(x wire.Exchange) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n", x.Sent.Method, x.Sent.URL)
	writeMessageText(&b, headerLines(x.Sent.Header), x.Sent.Body)
	if x.Received == nil {
		fmt.Fprintf(&b, "\nno answer: %s %s\n", x.Cause, x.Detail)
		return visible(b.String())
	}
	fmt.Fprintf(&b, "\n%s %d\n", x.Received.Proto, x.Received.Status)
	writeMessageText(&b, headerLines(x.Received.Header), x.Received.Body)
	return visible(b.String())
}

func writeMessageText(b *strings.Builder, header []headerLine, body wire.Body) {
	for _, line := range header {
		fmt.Fprintf(b, "%s: %s\n", line.Name, line.Value)
	}
	if len(body) > 0 {
		fmt.Fprintf(b, "\n%s\n", bodyText(body))
	}
}

// messageLine converts a line number to the schema's minimum of 1.
func messageLine(line int) int64 { return int64(max(line, 1)) }
