package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/verdict"
)

// scenariosOpening writes the heading and, if the scenarios differ, the filter. The filter's inputs
// precede the features whose style depends on them, because the opposite selector would make a
// browser search the whole page.
func (p *htmlPage) scenariosOpening() {
	c := p.reader.Head.Summary.Scenarios
	p.raw(`<section id="scenarios">` + "\n<h2>").say(textCases).raw(` <span class="soft">`).int(c.Total).raw("</span></h2>\n")
	p.tools()
	if c.Total == c.Passed {
		return
	}
	p.choice("show-all", " checked", textAll)
	p.choice("show-open", "", textOpen)
	if c.Failed > 0 {
		p.choice("show-failed", "", wordOf(string(verdict.Failed)))
	}
}

func (p *htmlPage) choice(id, checked markup, name phrase) {
	p.raw(`<input type="radio" name="show" id="`).raw(id).raw(`"`).raw(checked).raw(`><label for="`).raw(id).raw(`"><span class="hide">`).say(textShow).raw("</span>").say(name).raw("</label>\n")
}

// tools writes the controls for finding and unfolding scenarios, which require the script.
func (p *htmlPage) tools() {
	p.raw(`<div class="tools" hidden><label for="find">`).say(textFind).raw(`</label> <input type="search" id="find"`).attribute("placeholder", textFindBy)
	p.raw(`><button type="button" id="unfold">`).say(textUnfold).raw(`</button><button type="button" id="fold">`).say(textFold)
	p.raw(`</button><span class="soft" role="status"><span id="found" hidden>`).say(textFoundOf, markup(`<b class="number"></b>`), p.reader.Len()).raw("</span></span></div>\n")
}

// dull returns, for each feature file, the filters that would leave nothing of it.
func (b *Reader) dull() map[string]markup {
	open, failed := map[string]bool{}, map[string]bool{}
	for _, e := range b.entries {
		open[e.file] = open[e.file] || e.outcome != verdict.Passed
		failed[e.file] = failed[e.file] || e.outcome == verdict.Failed
	}
	classes := map[string]markup{}
	for file := range open {
		if !open[file] {
			classes[file] += " all-passed"
		}
		if !failed[file] {
			classes[file] += " none-failed"
		}
	}
	return classes
}

func (p *htmlPage) scenario(s verdict.Scenario) {
	p.raw(`<details class="scenario o-`).text(string(s.Outcome)).raw(`">` + "\n<summary>").mark(string(s.Outcome))
	p.raw(` <span class="grow">`).text(s.Name).raw(` <span class="code id">`).text(s.ID).raw(`</span></span> <span class="soft num">`)
	p.say(textExchanges, len(s.Exchanges)).raw(" · ").text(brief(s.Duration)).raw("</span></summary>\n")
	p.raw(`<div class="inside" id="`).anchor(s.ID).raw(`">` + "\n")
	p.reason(s)
	p.shared(s)
	p.steps(s)
	p.loose(s)
	for _, t := range s.Trajectories {
		p.timeline(draw(t))
	}
	p.choices(s.Choices)
	p.evidence(s)
	if len(s.Clauses) > 0 {
		p.raw(`<p class="soft bears">`).say(textBears).raw(" ")
		for _, clause := range s.Clauses {
			p.link(clause).raw(" ")
		}
		p.raw("</p>\n")
	}
	p.raw(`<p class="repeat soft"><code>`).text(fmt.Sprintf("%s:%d", s.File, s.Line)).raw("</code>")
	if s.Repeat != "" {
		p.raw(" · ").say(textRepeatWith).raw(" <code>").text(s.Repeat).raw("</code>")
	}
	p.raw("</p>\n</div>\n</details>\n")
}

func (p *htmlPage) reason(s verdict.Scenario) {
	reason := untold(s)
	if reason == "" && s.Cause == "" && s.Fault == "" {
		return
	}
	p.raw(`<p class="reason">`).read(reason)
	if s.Cause != "" {
		p.raw(` <span class="code">(`).text(string(s.Cause)).raw(")</span>")
	}
	if s.Fault != "" {
		p.raw(` <span class="soft">`).say(textFaultOf, wordOf(string(s.Fault))).raw("</span>")
	}
	p.raw("</p>\n")
}

// shared names the scenario whose evidence this one was judged by.
func (p *htmlPage) shared(s verdict.Scenario) {
	if s.Shared != nil {
		p.raw(`<p class="soft">`).say(sharing(*s.Shared), linked(s.Shared.Scenario)).raw("</p>\n")
	}
}

// sharing describes what a scenario shares with another one.
func sharing(s verdict.Shared) phrase {
	switch s.How {
	case verdict.SharedChanges:
		return textSharedChanges
	case verdict.SharedSteps:
		return textSharedSteps
	default:
		return textSharedState
	}
}

// untold returns the part of a scenario's reason that the messages of its steps do not contain.
func untold(s verdict.Scenario) string {
	var lines []string
	for line := range strings.SplitSeq(s.Reason, "\n") {
		told := slices.ContainsFunc(s.Steps, func(step verdict.Step) bool { return strings.Contains(step.Message, line) })
		if !told || s.Outcome != verdict.Failed {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

func (p *htmlPage) steps(s verdict.Scenario) {
	p.raw(`<ol class="steps">` + "\n")
	before := 0
	for _, step := range s.Steps {
		p.raw(`<li class="o-`).text(string(step.Outcome)).raw(`"><span class="kw">`).text(step.Keyword).raw("</span> ").text(step.Text).raw(" ")
		if step.Outcome == verdict.Passed {
			p.raw(`<span class="hide">`).say(wordOf(string(verdict.Passed))).raw("</span>")
		} else {
			p.mark(string(step.Outcome))
		}
		if from := before + 1; step.Exchanges > before {
			p.raw(` <span class="xref"><a href="#`).anchor(s.ID).raw("-x").int(from)
			if p.raw(`">`); from == step.Exchanges {
				p.say(textExchange, from)
			} else {
				p.say(textExchangesTo, from, step.Exchanges)
			}
			p.raw("</a></span>")
			before = step.Exchanges
		}
		if step.Message != "" {
			p.raw(`<p class="message code">`).text(step.Message).raw("</p>")
		}
		p.raw("</li>\n")
	}
	p.raw("</ol>\n")
}

// loose writes the findings that no step's message contains.
func (p *htmlPage) loose(s verdict.Scenario) {
	opened := false
	for _, f := range s.Findings {
		if s.Teller(f) >= 0 {
			continue
		}
		if !opened {
			p.raw(`<ul class="loose">`)
			opened = true
		}
		p.raw(`<li class="code">`).text(f.Error()).raw("</li>")
	}
	if opened {
		p.raw("</ul>\n")
	}
}

func (p *htmlPage) choices(choices []verdict.Choice) {
	if len(choices) == 0 {
		return
	}
	p.raw(`<p class="soft choices">`).say(textChose).raw(" ")
	for i, c := range choices {
		if i > 0 {
			p.raw("; ")
		}
		p.link(c.Clause).raw(" ").text(c.Answer)
	}
	p.raw("</p>\n")
}

func (p *htmlPage) timeline(t timeline) {
	p.raw(`<figure class="timeline">` + "\n<figcaption>").code(t.Instance)
	if t.Action != "" {
		p.raw(" ").code(t.Action)
	}
	if t.From != t.To {
		p.raw(" ").say(textFromTo, coded(t.From), coded(t.To))
	}
	p.raw("</figcaption>\n")
	p.scroll(textTimeline).raw("\n" + `<svg viewBox="0 0 `).num(t.Width).raw(" ").num(t.Height)
	p.raw(`" width="`).num(t.Width).raw(`" height="`).num(t.Height).raw(`" role="img"`).attribute("aria-label", t.Say).raw(">\n")
	for _, g := range t.Grid {
		p.line("grid", g.X, t.Top, t.Axis)
		p.raw(`<text class="axis" x="`).num(g.X).raw(`" y="`).num(t.AxisText).raw(`" text-anchor="`).text(g.Anchor).raw(`">`).text(g.Text).raw("</text>\n")
	}
	p.raw(`<line class="unknown" x1="`).num(t.Left).raw(`" x2="`).num(t.Right).raw(`" y1="`).num(t.Mid).raw(`" y2="`).num(t.Mid).raw(`"/>` + "\n")
	for _, s := range t.Segments {
		p.raw(`<rect class="k`).int(s.Kind).raw(`" x="`).num(s.X).raw(`" width="`).num(s.W).raw(`" y="`).num(t.Bar).raw(`" height="`).int(t.BarHeight).raw(`" rx="2"/>` + "\n")
	}
	for _, l := range t.Labels {
		p.line("lead", l.X, l.Y1, l.Y2)
		p.raw(`<text class="label" x="`).num(l.TextX).raw(`" y="`).num(l.TextY).raw(`">`).draw(l.Text, l.args...).raw("</text>\n")
	}
	for _, x := range t.Ticks {
		p.line("tick", x, t.TickTop, t.TickEnd)
	}
	p.raw("</svg>\n</div>\n"+`<details class="readings"><summary>`).say(textReadings, len(t.Observations)).raw("</summary>\n")
	p.table("", textReadingsOf, textAsked, textSeen, textStatusSeen)
	for _, s := range t.Observations {
		p.raw(`<tr><td class="num">`).text(brief(s.Asked)).raw(`</td><td class="num">`).text(brief(s.Seen)).raw(`</td><td class="code">`).text(s.Status).raw("</td></tr>\n")
	}
	p.raw("</tbody></table></details>\n</figure>\n")
}

// line draws a vertical line.
func (p *htmlPage) line(class markup, x, from, to float64) {
	p.raw(`<line class="`).raw(class).raw(`" x1="`).num(x).raw(`" x2="`).num(x).raw(`" y1="`).num(from).raw(`" y2="`).num(to).raw(`"/>`)
}
