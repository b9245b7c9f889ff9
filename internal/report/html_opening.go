package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/zec-tools/conformance/internal/verdict"
)

type (
	// bar is a set of counts drawn to scale, 1000 wide.
	bar struct {
		title, say string
		total      int
		parts      []part
		scenarios  bool // broken is then the harness's fault and not the endpoint's
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
	p.head(head)
	p.raw(`<body class="is-`).text(strings.ReplaceAll(string(head.Verdict), " ", "-")).raw(`">` + "\n" + `<a class="skip" href="#main">To the results</a>` + "\n" + `<header class="top" id="top">` + "\n")
	p.raw(`<p class="over">Conformance report</p>` + "\n")
	p.raw("<h1>").text(verdictTitle(head.Verdict)).raw("</h1>\n" + `<p class="meaning">`).text(verdictMeaning(head.Verdict)).raw("</p>\n")
	p.unrestored(head)
	p.gist(head)
	p.raw(`<dl class="facts">` + "\n<div><dt>Target</dt><dd>").text(head.Target.Name)
	if head.Target.Kind == "mock" && head.Target.Name == "mock" { // a double has a name of its own
		p.raw(` <span class="soft">(built-in mock)</span>`)
	}
	p.raw("<br>").code(head.Target.Endpoint).raw("</dd></div>\n<div><dt>When</dt><dd>")
	p.time(head.Volatile.Started, "2 January 2006<br>15:04:05 UTC").raw("</dd></div>\n<div><dt>Evidence</dt><dd>")
	p.text(count(head.Summary.Exchanges, "exchange", "exchanges")).raw("<br>in ").text(brief(head.Volatile.Duration))
	p.raw("</dd></div>\n<div><dt>Contract</dt><dd>").text(head.Contract.Title).raw("<br>").text(head.Contract.Version).raw("</dd></div>\n</dl>\n")
	p.raw(`<div class="proof">` + "\n")
	for _, b := range bars(head) {
		p.bar(b)
	}
	p.raw("</div>\n</header>\n")
	p.sections(head)
	p.raw(`<main id="main">` + "\n")
}

// head writes the document's head, with the policy that lets nothing in.
func (p *htmlPage) head(head verdict.Run) {
	p.raw(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '`).raw(digestOf(pageStyle)).raw(`'; script-src '`).raw(digestOf(pageScript)).raw(`'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>`).text(verdictTitle(head.Verdict)).raw(": ").text(head.Target.Name).raw(", ").text(head.Volatile.Started.UTC().Format("2006-01-02"))
	p.raw("</title>\n<style>").raw(markup(pageStyle)).raw("</style>\n</head>\n")
}

// time writes a moment in a layout of its own and exactly for programs.
func (p *htmlPage) time(t time.Time, layout string) *page {
	p.raw(`<time datetime="`)
	p.buf = t.UTC().AppendFormat(p.buf, time.RFC3339Nano)
	p.raw(`">`)
	p.buf = t.UTC().AppendFormat(p.buf, layout)
	return p.raw(`</time>`)
}

func bars(head verdict.Run) []bar {
	s, c := head.Summary.Scenarios, head.Summary.Clauses
	return []bar{
		{"Clauses", provedText(c), c.Total, scaled(clauseParts(c)), false},
		{"Scenarios", ranText(head), s.Total, scaled([]part{
			{kind: "passed", n: s.Passed}, {kind: "failed", n: s.Failed}, {kind: "inconclusive", n: s.Inconclusive},
			{kind: "skipped", n: s.Skipped}, {kind: "broken", n: s.Broken},
		}), true},
	}
}

func (p *htmlPage) bar(b bar) {
	p.raw("<section")
	if b.scenarios {
		p.raw(` class="scenarios"`)
	}
	p.raw(">\n<h2>").text(b.title).raw(" ").soft(fmt.Sprint(b.total)).raw("</h2>\n")
	p.stripe(b.parts)
	p.raw(`<ul class="legend">`)
	for _, part := range b.parts {
		if part.n > 0 {
			p.raw(`<li class="c-`).text(part.kind).raw(`"><b>`).int(part.n).raw("</b> ").text(part.kind).raw("</li>")
		}
	}
	p.raw("</ul>\n" + `<p class="soft">`).text(b.say).raw("</p>\n</section>\n")
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

func provedText(c verdict.ClauseCounts) string {
	testable := c.Total - c.Untestable
	if c.Proved == testable && testable > 0 {
		return "Every clause that can be tested from outside was proved."
	}
	return fmt.Sprintf("%d of the %d clauses that can be tested from outside were proved.", c.Proved, testable)
}

func ranText(head verdict.Run) string {
	text := "Every scenario of the features was selected."
	if head.Selection.Selected != head.Selection.Available {
		text = fmt.Sprintf("%d of the %d scenarios of the features were selected.", head.Selection.Selected, head.Selection.Available)
	}
	if waived := head.Summary.Scenarios.Waived; waived > 0 {
		text += fmt.Sprintf(" %d of those that failed are waived.", waived)
	}
	return text
}

func clauseParts(c verdict.ClauseCounts) []part {
	return []part{
		{kind: "proved", n: c.Proved}, {kind: "violated", n: c.Broken},
		{kind: "unproved", n: c.Unproved}, {kind: "untestable", n: c.Untestable},
	}
}

// scaled lays parts side by side.
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

// closing writes what ran, how to repeat it, and the script.
func (p *htmlPage) closing() {
	head := p.reader.Head
	s := head.Selection
	p.raw(`<section id="run">` + "\n<h2>This run</h2>\n" + `<dl class="facts">` + "\n<div><dt>Harness</dt><dd>").text(head.Tool.Name).raw(" ").text(head.Tool.Version)
	if head.Tool.Commit != "" {
		p.raw(", commit ").code(head.Tool.Commit)
	}
	p.raw(", ").text(head.Tool.Go).raw("</dd></div>\n<div><dt>Selection</dt><dd>").int(s.Selected).raw(" of ").int(s.Available).raw(" scenarios")
	if s.Tags != "" {
		p.raw(", tags ").code(s.Tags)
	}
	for _, id := range s.Scenarios {
		p.raw(", ").code(id)
	}
	p.raw("</dd></div>\n<div><dt>Order</dt><dd>seed ").text(fmt.Sprint(s.Seed)).raw(", ").int(s.Parallel).raw(" at once</dd></div>\n")
	p.raw(`<div class="long"><dt>Contract, SHA-256</dt><dd class="code">`).text(head.Contract.SHA256).raw("</dd></div>\n")
	p.raw(`<div class="long"><dt>Features, SHA-256</dt><dd class="code">`).text(head.Features.SHA256).raw("</dd></div>\n</dl>\n")
	p.raw("<h3>Repeat it</h3>\n" + `<dl class="commands">` + "\n")
	if head.Repeat != "" {
		p.command("Run it again", head.Repeat)
	}
	p.command("Judge these exchanges again, offline", "conformance rejudge report.json")
	p.command("Compare it with another run", "conformance diff report.json other.json")
	p.raw("</dl>\n" + `<p class="soft">Secrets were removed before anything was recorded. All times are UTC; the same run for programs is report.json.</p>` + "\n")
	p.raw("</section>\n</main>\n<script>").raw(markup(pageScript)).raw("</script>\n</body>\n</html>\n")
}

func (p *htmlPage) command(what, command string) {
	p.raw("<div><dt>").text(what).raw("</dt><dd><code>").text(command).raw("</code></dd></div>\n")
}

// quoted makes a text one word of a shell.
func quoted(text string) string {
	return "'" + strings.ReplaceAll(oneLine(text), "'", `'\''`) + "'"
}
