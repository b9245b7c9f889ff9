package report

import (
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/verdict"
)

// findings writes the violations, each cause once with all its occurrences.
func (p *htmlPage) findings() {
	total := p.reader.Head.Summary.Findings
	found := p.told.findings
	p.raw(`<section id="findings">` + "\n<h2>").say(textFindings).raw(` <span class="soft">`)
	if len(found.list) > 0 && len(found.list) < total {
		p.say(textOfKinds, len(found.list), total)
	} else {
		p.int(total)
	}
	p.raw("</span></h2>\n")
	if total == 0 {
		p.raw(`<p`)
		if p.reader.Head.Summary.Scenarios.Passed > 0 {
			p.raw(` class="quiet"`) // if nothing was judged, this is not good news
		}
		p.raw(">").say(textNoFinding).raw("</p>\n")
	}
	for _, g := range found.list {
		p.finding(g)
		p.rest()
	}
	if found.left > 0 {
		p.raw(`<p class="soft">`).say(textMoreFindings, found.left).raw("</p>\n")
	}
	p.raw("</section>\n")
}

func (p *htmlPage) finding(g *group) {
	f := g.finding
	p.raw(`<article class="finding">` + "\n<h3>").link(f.Clause)
	if f.Level == verdict.Should {
		p.raw(` <span class="soft">`).say(textShould).raw("</span>")
	}
	if f.Waived != "" {
		p.raw(` <span class="mark c-skipped">`).say(textWaived).raw("</span>")
	}
	p.raw("</h3>\n")
	if c := p.clauses[f.Clause]; c.Text != "" {
		p.raw(`<p class="contract">`).stated(c).raw("</p>\n")
		p.whence(c)
	}
	p.wantGot(f)
	p.raw(`<p class="soft">`).say(textFingerprint).raw(" ").code(f.Fingerprint()).raw("</p>\n")
	if f.Waived != "" {
		p.raw(`<p class="soft">`).say(textWaivedFor, f.Waived).raw("</p>\n")
	}
	p.places(g)
	p.raw("</article>\n")
}

// wantGot writes a finding and marks the difference.
func (p *htmlPage) wantGot(f verdict.Finding) {
	want, got := differing(verdict.Shown(f.Want), verdict.Shown(f.Got))
	p.raw(`<dl class="wantgot" lang="en">` + "\n<div><dt>").say(textWhere).raw(`</dt><dd class="code">`).text(f.Where).raw("</dd></div>\n")
	p.raw(`<div class="want"><dt>`).say(textWant).raw(`</dt><dd class="code">`).marked(want).raw("</dd></div>\n")
	p.raw(`<div class="got"><dt>`).say(textGot).raw(`</dt><dd class="code">`).marked(got).raw("</dd></div>\n</dl>\n")
}

// fewPlaces is the number of occurrences that are shown; more are folded.
const fewPlaces = 3

// places writes the occurrences of a group.
func (p *htmlPage) places(g *group) {
	folded := g.total > fewPlaces
	if folded {
		p.raw(`<details class="places"><summary><span>`).say(textPlaces, g.total)
		p.raw(`</span> <span class="soft grow">`).say(textTheFirst, g.places[0].name).raw("</span></summary>\n")
	}
	p.raw(`<ul class="places">` + "\n")
	for _, at := range g.places {
		p.raw(`<li><a href="#`).anchor(at.scenario).raw(`">`).text(at.name).raw("</a> ").code(at.scenario)
		if at.exchange > 0 {
			p.raw(` <a href="#`).anchor(at.scenario).raw("-x").int(at.exchange).raw(`">`).say(textExchange, at.exchange).raw("</a>")
		}
		if at.requestID != "" {
			p.raw(` <span class="soft whole">`).say(textRequestID).raw(` <span class="code">`).text(short(oneLine(at.requestID), idShown)).raw("</span></span>")
		}
		p.raw("</li>\n")
	}
	if left := g.total - len(g.places); left > 0 {
		p.raw(`<li class="soft">`).say(textAndMore, left).raw("</li>\n")
	}
	p.raw("</ul>\n")
	if folded {
		p.raw("</details>\n")
	}
}

// marking is a text with a marked part.
type marking struct{ before, part, after string }

func (p *page) marked(m marking) *page {
	p.text(m.before)
	if m.part != "" {
		p.raw("<mark>").text(m.part).raw("</mark>")
	}
	return p.text(m.after)
}

// differing marks the difference between two texts, by whole words. If they have no word in common,
// it marks nothing, because everything differs.
func differing(want, got string) (marking, marking) {
	a, b := words(want), words(got)
	from := 0
	for from < len(a) && from < len(b) && a[from] == b[from] {
		from++
	}
	toA, toB := len(a), len(b)
	for toA > from && toB > from && a[toA-1] == b[toB-1] {
		toA, toB = toA-1, toB-1
	}
	if from == 0 && toA == len(a) {
		return marking{before: want}, marking{before: got}
	}
	cut := func(words []string, to int) marking {
		return marking{strings.Join(words[:from], ""), strings.Join(words[from:to], ""), strings.Join(words[to:], "")}
	}
	return cut(a, toA), cut(b, toB)
}

// words splits a text after its separators, without losing any characters.
func words(text string) []string {
	var list []string
	from := 0
	for i, r := range text {
		if strings.ContainsRune(" _-,:/.\n", r) {
			list = append(list, text[from:i], text[i:i+1])
			from = i + 1
		}
	}
	return append(list, text[from:])
}

func (p *htmlPage) waivers() {
	waivers := p.reader.Head.Waivers
	if len(waivers) == 0 {
		return
	}
	p.raw(`<section id="waivers">` + "\n<h2>").say(textWaivers).raw(` <span class="soft">`).int(len(waivers)).raw("</span></h2>\n")
	p.scroll(textWaivers).table("plain", textWaiversOf, textState, textWhat, textWhy, textOwner, textUntil)
	for _, w := range waivers {
		class := markup("c-failed")
		if w.Holds() {
			class = "c-skipped"
		}
		p.raw(`<tr><td><span class="mark `).raw(class).raw(`">`).say(wordOf(string(w.State))).raw("</span></td><td>")
		if w.Clause != "" {
			p.link(w.Clause).raw(" ")
		}
		if w.Scenario != "" {
			p.link(w.Scenario).raw(" ")
		}
		p.raw(`<br><span class="soft">`).say(textFingerprint).raw(" </span>").code(w.Fingerprint)
		for _, now := range w.Now {
			p.raw(`<span class="soft">`).say(textNow).raw("</span>").code(now)
		}
		p.raw(`<span class="soft">`).say(textWaives, w.Findings).raw("</span>")
		p.raw("</td><td>").text(w.Reason).raw("</td><td>").text(w.Owner).raw(`</td><td class="num">`).text(w.Expires).raw("</td></tr>\n")
	}
	p.raw("</tbody></table></div>\n")
	p.raw(`<p class="soft">`).say(textWaiverRotten).raw("</p>\n</section>\n")
}

// unjudged writes the reasons why scenarios were not judged, each with its scenarios.
func (p *htmlPage) unjudged() {
	total := unjudgedIn(p.reader.Head.Summary.Scenarios)
	if total == 0 {
		return
	}
	p.raw(`<section id="unjudged">` + "\n<h2>").say(textUnjudged).raw(` <span class="soft">`).int(total).raw("</span></h2>\n")
	for _, g := range slices.Concat(p.told.doubts.list, p.told.skipped.list) {
		p.raw(`<article class="finding">` + "\n<h3>").mark(string(g.outcome)).raw(" ").read(g.reason).raw("</h3>\n")
		if advice := language.Advice(g.cause); advice[0] != "" {
			p.raw("<p>").say(advice).raw("</p>\n")
		}
		p.places(g)
		p.raw("</article>\n")
		p.rest()
	}
	if left := p.told.doubts.left + p.told.skipped.left; left > 0 {
		p.raw(`<p class="soft">`).say(textMoreUnjudged, left).raw("</p>\n")
	}
	p.raw("</section>\n")
}
