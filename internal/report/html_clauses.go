package report

import (
	"cmp"
	"slices"

	"github.com/zec-tools/conformance/internal/verdict"
)

// sources are the documents that state clauses, in their order on the page, with default names for
// reports that do not name them.
var sources = []struct {
	mark         verdict.Source
	brief, title phrase
}{
	{verdict.SourceM, textBriefM, textSourceM}, {verdict.SourceS, textBriefS, textSourceS}, {verdict.SourceR, textBriefR, textSourceR},
	{verdict.SourceE, textBriefE, textSourceE}, {verdict.SourceK, textBriefK, textSourceK}, {verdict.SourceC, textBriefC, textSourceC},
	{verdict.SourceD, textBriefD, textSourceD}, {verdict.SourceA, textBriefA, textSourceA}, {verdict.SourceO, textBriefO, textSourceO},
}

// coverage writes how many clauses of each document were proved, by operation.
func (p *htmlPage) coverage() {
	counts := map[string]map[verdict.Source]*verdict.ClauseCounts{}
	var operations []string
	heard := sources[:0:0] // the documents that state a clause
	for _, c := range p.reader.Head.Clauses {
		if counts[c.Operation] == nil {
			counts[c.Operation] = map[verdict.Source]*verdict.ClauseCounts{}
			operations = append(operations, c.Operation)
		}
		if counts[c.Operation][c.Source] == nil {
			counts[c.Operation][c.Source] = &verdict.ClauseCounts{}
		}
		counts[c.Operation][c.Source].Add(c.Status)
	}
	slices.Sort(operations)
	for _, source := range sources {
		if slices.ContainsFunc(operations, func(op string) bool { return counts[op][source.mark] != nil }) {
			heard = append(heard, source)
		}
	}
	p.raw(`<section id="coverage">` + "\n<h2>").say(textCoverage).raw(` <span class="soft">`).say(textCoverageOf).raw("</span></h2>\n")
	p.scroll(textCoverage).raw(`<table class="coverage"><caption class="hide">`).say(textCoverageTable).raw(`</caption><thead><tr><th scope="col">`).say(textOperation).raw("</th>")
	for _, source := range heard {
		p.raw(`<th scope="col"><b>`).text(string(source.mark)).raw("</b> ").say(source.brief).raw("</th>")
	}
	p.raw("</tr></thead>\n<tbody>\n")
	for _, operation := range operations {
		if p.raw(`<tr><th scope="row">`); operation == "" {
			p.say(textAllOperations)
		} else {
			p.code(operation)
		}
		p.raw("</th>")
		for _, source := range heard {
			p.covered(counts[operation][source.mark])
		}
		p.raw("</tr>\n")
	}
	p.raw("</tbody></table></div>\n</section>\n")
}

// covered writes a table cell with a bar and the numbers of proved and of all clauses.
func (p *htmlPage) covered(c *verdict.ClauseCounts) {
	if c == nil {
		p.raw(`<td></td>`)
		return
	}
	p.raw(`<td class="num">`)
	switch testable := c.Total - c.Untestable; testable {
	case 0:
		p.raw(`<span class="soft">`).say(wordOf(string(verdict.Untestable))).raw("</span>")
	default:
		p.say(textProvedOf, c.Proved, testable)
		if c.Broken > 0 {
			p.say(mdComma).raw(`<span class="c-violated">`).say(textViolatedN, c.Broken).raw("</span>")
		}
	}
	p.stripe(scaled(clauseParts(*c)[:3])) // without the untestable ones
	p.raw("</td>")
}

// sources writes the clauses, grouped by the document that states them.
func (p *htmlPage) sources() {
	p.raw(`<section id="clauses">` + "\n<h2>").say(textClauses).raw(` <span class="soft">`).say(textByDocument).raw("</span></h2>\n")
	for _, source := range sources {
		var counts verdict.ClauseCounts
		var clauses []verdict.ClauseResult
		for _, c := range p.reader.Head.Clauses {
			if c.Source == source.mark {
				counts.Add(c.Status)
				clauses = append(clauses, c)
			}
		}
		if counts.Total == 0 {
			continue
		}
		p.raw(`<details class="source"`)
		if counts.Broken > 0 {
			p.raw(" open")
		}
		p.raw(">\n" + `<summary><span class="badge">`).text(string(source.mark)).raw(`</span> <span class="grow">`).say(p.titled(source.mark, source.title)).raw(`</span> <span class="tally">`)
		for _, part := range clauseParts(counts) {
			if part.n > 0 {
				p.raw(`<span class="c-`).text(part.kind).raw(`">`).say(textKindN, part.n, wordOf(part.kind)).raw("</span> ")
			}
		}
		p.raw("</span></summary>\n")
		p.table("", textClausesOf.With(p.titled(source.mark, source.title)), textStatus, textClause, textProof)
		for _, c := range clauses {
			p.clause(c)
		}
		p.raw("</tbody>\n</table>\n</details>\n")
		p.rest()
	}
	p.raw("</section>\n")
}

func (p *htmlPage) clause(c verdict.ClauseResult) {
	p.raw(`<tr id="`).anchor(c.ID).raw(`"><td>`).mark(c.Status.String()).raw("</td>\n" + `<td><span class="code id">`).text(c.ID).raw("</span>")
	if c.Operation != "" {
		p.raw(" ").soft(c.Operation)
	}
	if c.Level == verdict.Should {
		p.raw(` <span class="soft">`).say(textShould).raw("</span>")
	}
	p.raw("<p>").stated(c.Clause).raw("</p>")
	if c.Untestable != "" {
		p.raw(`<p class="soft">`).say(textNotTestable, phrase{c.Untestable, cmp.Or(c.UntestableZh, c.Untestable)}).raw("</p>")
	}
	p.whence(c.Clause)
	p.raw("</td>\n" + `<td class="proofs">`)
	switch many := len(c.Scenarios); {
	case many > 3:
		p.raw("<details><summary>").say(textScenarios, many).raw("</summary>")
		p.links(c.Scenarios)
		p.raw("</details>")
	case many > 0:
		p.links(c.Scenarios)
	}
	if c.Exchanges > 0 {
		p.raw(`<span class="soft">`).say(textExchanges, c.Exchanges).raw("</span>")
	}
	p.raw("</td></tr>\n")
}

func (p *htmlPage) links(ids []string) {
	p.raw(`<ul class="ids">`)
	for _, id := range ids {
		p.raw("<li>").link(id).raw("</li>")
	}
	p.raw("</ul>")
}
