package report

import (
	"strings"

	"github.com/zec-tools/conformance/internal/verdict"
)

type (
	// bar is a set of counts drawn to scale, with a total width of 1000.
	bar struct {
		title, say phrase
		args       []any // the arguments for say
		total      int
		parts      []part
		scenarios  bool // the counts are of scenarios, where broken means that the harness failed
	}
	part struct {
		kind string
		n    int
		x, w float64
	}
)

// opening writes the head and the first screen.
func (p *htmlPage) opening() {
	head := p.reader.Head
	title := textPageName.With(titleOf(head.Verdict), head.Target.Name, head.Volatile.Started.UTC().Format("2006-01-02"))
	p.head(title, pageStyle, pageScript)
	p.raw(`<body class="is-`).text(strings.ReplaceAll(string(head.Verdict), " ", "-")).raw(`">` + "\n" + `<a class="skip" href="#main">`).say(textSkip).raw("</a>\n" + `<header class="top" id="top">` + "\n")
	p.languages()
	p.raw(`<p class="over">`).say(textReport).raw("</p>\n")
	p.raw("<h1>").say(titleOf(head.Verdict)).raw("</h1>\n" + `<p class="meaning">`).say(meaningOf(head.Verdict)).raw("</p>\n")
	p.unrestored(head)
	p.gist(head)
	p.raw(`<dl class="facts">` + "\n<div><dt>").say(textTarget).raw("</dt><dd>").text(head.Target.Name)
	if head.Target.Kind == "mock" && head.Target.Name == "mock" { // a double has a different name
		p.raw(` <span class="soft">`).say(textBuiltIn).raw("</span>")
	}
	p.raw("<br>").code(head.Target.Endpoint).raw("</dd></div>\n<div><dt>").say(textWhen).raw("</dt><dd>")
	p.day(head.Volatile.Started).raw("<br>").text(head.Volatile.Started.UTC().Format("15:04:05 UTC"))
	p.raw("</dd></div>\n<div><dt>").say(textEvidence).raw("</dt><dd>")
	p.say(textExchanges, head.Summary.Exchanges).raw("<br>").say(textTook, brief(head.Volatile.Duration))
	p.raw("</dd></div>\n<div><dt>").say(textContract).raw("</dt><dd>").text(head.Contract.Title).raw("<br>").text(head.Contract.Version).raw("</dd></div>\n</dl>\n")
	p.raw(`<div class="proof">` + "\n")
	for _, b := range bars(head) {
		p.bar(b)
	}
	p.raw("</div>\n</header>\n")
	p.sections(head)
	p.raw(`<main id="main">` + "\n")
}

func bars(head verdict.Run) []bar {
	s, c := head.Summary.Scenarios, head.Summary.Clauses
	proved, testable := textSomeProved, c.Total-c.Untestable
	if c.Proved == testable && testable > 0 {
		proved = textAllProved
	}
	ran := textAllSelected
	switch {
	case head.Recording != nil:
		ran = textByOperation
	case head.Selection.Selected != head.Selection.Available:
		ran = textSelected
	}
	return []bar{
		{textClauses, proved, []any{c.Proved, testable}, c.Total, scaled(clauseParts(c)), false},
		{textCases, ran, []any{head.Selection.Selected, head.Selection.Available}, s.Total, scaled(scenarioParts(s)), true},
	}
}

func (p *htmlPage) bar(b bar) {
	p.raw("<section")
	if b.scenarios {
		p.raw(` class="scenarios"`)
	}
	p.raw(">\n<h2>").say(b.title).raw(` <span class="soft">`).int(b.total).raw("</span></h2>\n")
	p.stripe(b.parts)
	p.raw(`<ul class="legend">`)
	for _, part := range b.parts {
		if part.n > 0 {
			p.raw(`<li class="c-`).text(part.kind).raw(`"><b>`).int(part.n).raw("</b> ").say(wordOf(part.kind)).raw("</li>")
		}
	}
	p.raw("</ul>\n"+`<p class="soft">`).say(b.say, b.args...)
	if waived := p.reader.Head.Summary.Scenarios.Waived; b.scenarios && waived > 0 {
		p.say(textSomeWaived, waived)
	}
	p.raw("</p>\n</section>\n")
}

// stripe draws parts side by side.
func (p *htmlPage) stripe(parts []part) {
	p.raw(`<svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">`)
	for _, part := range parts {
		if part.n > 0 {
			p.raw(`<rect class="f-`).text(part.kind).raw(`" x="`).num(part.x).raw(`" width="`).num(part.w).raw(`" height="10"/>`)
		}
	}
	p.raw("</svg>\n")
}

func scenarioParts(s verdict.Counts) []part {
	return []part{
		{kind: "passed", n: s.Passed}, {kind: "failed", n: s.Failed}, {kind: "inconclusive", n: s.Inconclusive},
		{kind: "skipped", n: s.Skipped}, {kind: "broken", n: s.Broken},
	}
}

func clauseParts(c verdict.ClauseCounts) []part {
	return []part{
		{kind: "proved", n: c.Proved}, {kind: "violated", n: c.Broken},
		{kind: "unproved", n: c.Unproved}, {kind: "untestable", n: c.Untestable},
	}
}

// scaled computes the widths of parts.
func scaled(parts []part) []part {
	total := 0
	for _, p := range parts {
		total += p.n
	}
	x := 0.0
	for i := range parts {
		parts[i].x = x
		parts[i].w = round(1000 * float64(parts[i].n) / float64(max(total, 1)))
		x = round(x + parts[i].w)
	}
	return parts
}

// quoted quotes a text as one word for a shell.
func quoted(text string) string {
	return "'" + strings.ReplaceAll(oneLine(text), "'", `'\''`) + "'"
}
