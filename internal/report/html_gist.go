package report

import (
	"slices"

	"github.com/zec-tools/conformance/internal/verdict"
)

// gistLines is how many lines of a kind the first screen has room for.
const gistLines = 4

// gist says on the first screen what was broken, and why something was not judged.
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
		p.raw("<li>").mark(c.Status.String()).raw(" <span>").link(c.ID).raw(" ").text(c.Text).raw("</span></li>\n")
	}
	p.further(len(broken), "#clauses", "violated clause", "violated clauses")
	for _, g := range reasons[:min(len(reasons), gistLines)] {
		p.raw("<li>").mark(string(g.outcome)).raw(" <span>").text(count(g.total, "scenario", "scenarios")).raw(": ").text(short(oneLine(g.reason), 160)).raw("</span></li>\n")
	}
	p.further(len(reasons)+p.told.doubts.left+p.told.skipped.left, "#unjudged", "reason", "reasons")
	p.waiverGist(head)
	p.raw("</ul>\n")
}

// further says that there is more than the first screen shows, and where.
func (p *htmlPage) further(n int, place markup, one, many string) {
	if n > gistLines {
		p.raw(`<li><span></span> <a href="`).raw(place).raw(`">`).text(count(n-gistLines, "more "+one, "more "+many)).raw("</a></li>\n")
	}
}

// waiverGist says whether waivers excuse what failed, and which of them do not hold.
func (p *htmlPage) waiverGist(head verdict.Run) {
	if s := head.Summary.Scenarios; s.Waived > 0 {
		p.raw(`<li><span class="mark c-skipped">waived</span> <span>`).int(s.Waived).raw(" of ").text(count(s.Failed, "scenario", "scenarios")).raw(" that failed</span></li>\n")
	}
	rotten := 0
	for _, w := range head.Waivers {
		if !w.Holds() {
			rotten++
		}
	}
	if rotten > 0 {
		p.raw(`<li><span class="mark c-failed">waivers</span> <span><a href="#waivers">`).text(count(rotten, "waiver does", "waivers do")).raw("</a> not hold, which fails the run</span></li>\n")
	}
}

// unrestored writes the instances that were not restored: nothing in a report matters more.
func (p *htmlPage) unrestored(head verdict.Run) {
	if len(head.Unrestored) == 0 {
		return
	}
	p.raw(`<section class="unrestored" role="alert">` + "\n<h2>Not restored: ").text(count(len(head.Unrestored), "instance", "instances")).raw("</h2>\n<ul>\n")
	for _, u := range head.Unrestored {
		p.raw("<li>").code(u.Instance).raw(" is to have type ").code(u.Type).raw(" again: ").text(u.Reason).raw("</li>\n")
	}
	p.raw("</ul>\n")
	for _, command := range Cleanups(head) {
		p.raw("<p>Finish with <code>").text(command).raw("</code></p>\n")
	}
	p.raw("</section>\n")
}

// sections writes the links to the sections that the page has, which stay in observation.
func (p *htmlPage) sections(head verdict.Run) {
	p.raw(`<nav aria-label="Sections"><a class="home" href="#top">`).text(verdictTitle(head.Verdict)).raw("</a>")
	p.section("findings", "Findings", head.Summary.Findings)
	if n := len(head.Waivers); n > 0 {
		p.section("waivers", "Waivers", n)
	}
	if n := unjudgedIn(head.Summary.Scenarios); n > 0 {
		p.section("unjudged", "Not judged", n)
	}
	p.section("coverage", "Coverage", -1)
	p.section("clauses", "Clauses", head.Summary.Clauses.Total)
	p.section("scenarios", "Scenarios", head.Summary.Scenarios.Total)
	p.section("latency", "Latency", -1)
	p.section("run", "This run", -1)
	p.raw("</nav>\n")
}

func (p *htmlPage) section(place, name string, n int) {
	p.raw(` <a href="#`).text(place).raw(`">`).text(name)
	if n >= 0 {
		p.raw(` <span class="soft num">`).int(n).raw("</span>")
	}
	p.raw("</a>")
}
