package report

import (
	"slices"

	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/verdict"
)

// gistLines is the number of lines per section on the first screen.
const gistLines = 4

// gist writes a summary of the violations, and of the reasons why scenarios were not judged.
func (p *htmlPage) gist(head verdict.Run) {
	var broken []verdict.ClauseResult
	for _, c := range head.Clauses {
		if c.Status == verdict.Violated {
			broken = append(broken, c)
		}
	}
	reasons := slices.Concat(p.told.doubts.list, p.told.skipped.list)
	if len(broken) == 0 && len(reasons) == 0 && head.Summary.Scenarios.Waived == 0 && len(head.Waivers) == 0 {
		return
	}
	p.raw(`<ul class="gist">` + "\n")
	for _, c := range broken[:min(len(broken), gistLines)] {
		p.raw("<li>").mark(c.Status.String()).raw(" <span>").link(c.ID).raw(" ").stated(c.Clause).raw("</span></li>\n")
	}
	p.further(len(broken), "#clauses", textMoreViolated)
	for _, g := range reasons[:min(len(reasons), gistLines)] {
		reason := language.Read(oneLine(g.reason))
		p.raw("<li>").mark(string(g.outcome)).raw(" <span>").say(textReasonOf, g.total, phrase{short(reason[0], 160), short(reason[1], 160)}).raw("</span></li>\n")
	}
	p.further(len(reasons)+p.told.doubts.left+p.told.skipped.left, "#unjudged", textMoreReasons)
	p.waiverGist(head)
	p.raw("</ul>\n")
}

// further links to the entries that are not on the first screen.
func (p *htmlPage) further(n int, place markup, more phrase) {
	if n > gistLines {
		p.raw(`<li><span></span> <a href="`).raw(place).raw(`">`).say(more, n-gistLines).raw("</a></li>\n")
	}
}

// waiverGist says whether waivers cover the failures, and which of them do not hold.
func (p *htmlPage) waiverGist(head verdict.Run) {
	if s := head.Summary.Scenarios; s.Waived > 0 {
		p.raw(`<li><span class="mark c-skipped">`).say(textWaived).raw("</span> <span>").say(textWaivedOf, s.Waived, s.Failed).raw("</span></li>\n")
	}
	rotten := 0
	for _, w := range head.Waivers {
		if !w.Holds() {
			rotten++
		}
	}
	if rotten > 0 {
		p.raw(`<li><span class="mark c-failed">`).say(textWaivers).raw(`</span> <span><a href="#waivers">`).say(textWaiversNot, rotten).raw("</a></span></li>\n")
	}
}

// unrestored writes the instances that were not restored. Nothing in a report is more important.
func (p *htmlPage) unrestored(head verdict.Run) {
	if len(head.Unrestored) == 0 {
		return
	}
	p.raw(`<section class="unrestored" role="alert">`+"\n<h2>").say(of(head.Unrestored[0], textUnrestored, textKindsLeft), len(head.Unrestored), head.Unrestored[0].Kind).raw("</h2>\n<ul>\n")
	for _, u := range head.Unrestored {
		p.raw("<li>").say(leftOn(u, textIsUnlike, textIsToHave, textValueIsToBe), coded(u.Instance), coded(u.Type), whyLeft(u), u.Value).raw("</li>\n")
	}
	p.raw("</ul>\n")
	for _, command := range Cleanups(head) {
		p.raw("<p>").say(textFinish, coded(command)).raw("</p>\n")
	}
	p.raw("</section>\n")
}

// sections writes the links to the sections of the page, which remain visible.
func (p *htmlPage) sections(head verdict.Run) {
	p.raw("<nav").attribute("aria-label", textSections).raw(`><a class="home" href="#top">`).say(titleOf(head.Verdict)).raw("</a>")
	p.section("findings", textFindings, head.Summary.Findings)
	if n := len(head.Waivers); n > 0 {
		p.section("waivers", textWaivers, n)
	}
	if n := unjudgedIn(head.Summary.Scenarios); n > 0 {
		p.section("unjudged", textUnjudged, n)
	}
	p.section("coverage", textCoverage, -1)
	p.section("clauses", textClauses, head.Summary.Clauses.Total)
	p.section("scenarios", textCases, head.Summary.Scenarios.Total)
	p.section("latency", textLatency, -1)
	p.section("run", textThisRun, -1)
	p.raw("</nav>\n")
}

func (p *htmlPage) section(place markup, name phrase, n int) {
	p.raw(` <a href="#`).raw(place).raw(`">`).say(name)
	if n >= 0 {
		p.raw(` <span class="soft num">`).int(n).raw("</span>")
	}
	p.raw("</a>")
}
