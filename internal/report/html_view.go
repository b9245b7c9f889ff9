package report

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// shownBody is how many bytes of a body the page shows; report.json has them all.
const shownBody = 64 << 10

type (
	// opening is the first screen.
	opening struct {
		Head           verdict.Run
		Title, Meaning string
		Style          template.CSS
		StyleHash      string
		Bars           []bar
		Unjudged       int
	}
	// bar is a set of counts drawn to scale, 1000 wide.
	bar struct {
		Title, Say string
		Total      int
		Parts      []part
		Scenarios  bool // broken is then the harness's fault and not the endpoint's
	}
	part struct {
		Kind string
		N    int
		X, W float64
	}
	findingView struct {
		verdict.Finding
		Text     string
		Scenario verdict.Scenario
	}
	sourceView struct {
		Source  verdict.Source
		Title   string
		Open    bool
		Parts   []part
		Clauses []verdict.ClauseResult
	}
	scenarioView struct {
		verdict.Scenario
		Steps    []stepView
		Loose    []verdict.Finding // those that no step's message shows
		Lines    []timeline
		Evidence []exchangeView
	}
	stepView struct {
		verdict.Step
		From, To int // its exchanges; 0 when it made none
	}
	exchangeView struct {
		wire.Exchange
		N                             int
		Anchor, Code, Reason          string
		Class                         int // the status's first digit
		Accused                       bool
		RequestHeader, ResponseHeader []headerLine
		RequestBody, ResponseBody     string
	}
	headerLine struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
)

func openingView(head verdict.Run, style string) opening {
	s, c := head.Summary.Scenarios, head.Summary.Clauses
	return opening{
		Head: head, Title: verdictTitle(head.Verdict), Meaning: verdictMeaning(head.Verdict),
		Style: template.CSS(style), StyleHash: styleHash(style), Unjudged: unjudgedIn(s),
		Bars: []bar{
			{"Clauses", provedText(c), c.Total, scaled(clauseParts(c)), false},
			{"Scenarios", ranText(head), s.Total, scaled([]part{
				{Kind: "passed", N: s.Passed}, {Kind: "failed", N: s.Failed}, {Kind: "inconclusive", N: s.Inconclusive},
				{Kind: "skipped", N: s.Skipped}, {Kind: "broken", N: s.Broken},
			}), true},
		},
	}
}

func provedText(c verdict.ClauseCounts) string {
	testable := c.Total - c.Untestable
	if c.Proved == testable && testable > 0 {
		return "Every clause that can be tested from outside was proved."
	}
	return fmt.Sprintf("%d of the %d clauses that can be tested from outside were proved.", c.Proved, testable)
}

func ranText(head verdict.Run) string {
	if head.Selection.Selected == head.Selection.Available {
		return "Every scenario of the features was selected."
	}
	return fmt.Sprintf("%d of the %d scenarios of the features were selected.", head.Selection.Selected, head.Selection.Available)
}

func clauseParts(c verdict.ClauseCounts) []part {
	return []part{
		{Kind: "proved", N: c.Proved}, {Kind: "broken", N: c.Broken},
		{Kind: "unproved", N: c.Unproved}, {Kind: "untestable", N: c.Untestable},
	}
}

// scaled lays parts side by side.
func scaled(parts []part) []part {
	total := 0
	for _, p := range parts {
		total += p.N
	}
	x := 0.0
	for i := range parts {
		parts[i].X = x
		parts[i].W = round(1000 * float64(parts[i].N) / float64(max(total, 1)))
		x = round(x + parts[i].W)
	}
	return parts
}

// sourceViews groups clauses by source, in the order in which the sources are read.
func sourceViews(clauses []verdict.ClauseResult) []sourceView {
	var views []sourceView
	for _, source := range []struct {
		mark  verdict.Source
		title string
	}{
		{verdict.SourceM, "The action's API page"}, {verdict.SourceS, "Signature method v2"},
		{verdict.SourceR, "Request and response structure, data types"}, {verdict.SourceE, "Common error codes"},
		{verdict.SourceK, "The official SDKs"}, {verdict.SourceC, "The official command line's API definitions"},
	} {
		view := sourceView{Source: source.mark, Title: source.title}
		var counts verdict.ClauseCounts
		for _, c := range clauses {
			if c.Source == source.mark {
				counts.Add(c.Status)
				view.Clauses = append(view.Clauses, c)
			}
		}
		view.Parts, view.Open = clauseParts(counts), counts.Broken > 0
		if counts.Total > 0 {
			views = append(views, view)
		}
	}
	return views
}

func scenarioViewOf(s verdict.Scenario) scenarioView {
	view := scenarioView{Scenario: s}
	before := 0
	for _, step := range s.Steps {
		v := stepView{Step: step}
		if step.Exchanges > before {
			v.From, v.To = before+1, step.Exchanges
			before = step.Exchanges
		}
		view.Steps = append(view.Steps, v)
	}
	for _, t := range s.Trajectories {
		view.Lines = append(view.Lines, draw(t))
	}
	accused := map[int]bool{}
	for _, f := range s.Findings {
		accused[f.Exchange] = true
		if s.Teller(f) < 0 {
			view.Loose = append(view.Loose, f)
		}
	}
	for i, e := range s.Exchanges {
		view.Evidence = append(view.Evidence, exchangeViewOf(e, i+1, s.ID, accused[i+1]))
	}
	return view
}

func exchangeViewOf(e wire.Exchange, n int, scenario string, accused bool) exchangeView {
	view := exchangeView{
		Exchange: e, N: n, Anchor: fmt.Sprintf("%s-x%d", anchor(scenario), n), Accused: accused,
		RequestHeader: headerLines(e.Sent.Header), RequestBody: bodyText(e.Sent.Body),
	}
	if e.Received != nil {
		view.Code = short(oneLine(wire.ReadAnswer(*e.Received).Code), 60)
		view.Class, view.Reason = e.Received.Status/100, http.StatusText(e.Received.Status)
		view.ResponseHeader, view.ResponseBody = headerLines(e.Received.Header), bodyText(e.Received.Body)
	}
	return view
}

func headerLines(h http.Header) []headerLine {
	var lines []headerLine
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, value := range h[name] {
			lines = append(lines, headerLine{name, value})
		}
	}
	return lines
}

// bodyText shows a body: JSON indented, other text as it is, other bytes as a dump.
func bodyText(body wire.Body) string {
	shown := body[:min(len(body), shownBody)]
	var text string
	var pretty bytes.Buffer
	switch {
	case len(shown) == len(body) && json.Valid(body) && json.Indent(&pretty, body, "", "  ") == nil:
		text = pretty.String()
	case utf8.Valid(body):
		text = strings.ToValidUTF8(string(shown), "")
	default:
		shown = shown[:min(len(shown), shownBody/16)]
		text = "not valid UTF-8:\n" + hex.Dump(shown)
	}
	if len(shown) < len(body) {
		text += fmt.Sprintf("\n… %d of %d bytes are shown, report.json has them all", len(shown), len(body))
	}
	return text
}
