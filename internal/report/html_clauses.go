package report

import (
	"slices"

	"github.com/zec-tools/conformance/internal/verdict"
)

// sources are the documents that state clauses, in the order in which they are read.
var sources = []struct {
	mark         verdict.Source
	brief, title string
}{
	{verdict.SourceM, "API page", "The action's API page"}, {verdict.SourceS, "Signature", "Signature method v2"},
	{verdict.SourceR, "Structure", "Request and response structure, data types"}, {verdict.SourceE, "Errors", "Common error codes"},
	{verdict.SourceK, "SDKs", "The official SDKs"}, {verdict.SourceC, "Command line", "The official command line's API definitions"},
	{verdict.SourceD, "Reads", "The API pages of the read actions"}, {verdict.SourceA, "Power", "The API pages of StartInstances, StopInstances and RebootInstances"},
	{verdict.SourceO, "Superseded", "Older editions of the action's API page"},
}

// coverage writes how many of the clauses each document states were proved, by operation.
func (p *htmlPage) coverage() {
	counts := map[string]map[verdict.Source]*verdict.ClauseCounts{}
	var operations []string
	heard := sources[:0:0] // documents that state a clause
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
	p.raw(`<section id="coverage">` + "\n<h2>Coverage " + `<span class="soft">clauses proved, of those that can be tested</span></h2>` + "\n")
	p.raw(`<div class="scroll" tabindex="0" role="group" aria-label="Coverage"><table class="coverage"><caption class="hide">Clauses proved, by operation and document</caption><thead><tr><th scope="col">Operation</th>`)
	for _, source := range heard {
		p.raw(`<th scope="col"><b>`).text(string(source.mark)).raw("</b> ").text(source.brief).raw("</th>")
	}
	p.raw("</tr></thead>\n<tbody>\n")
	for _, operation := range operations {
		p.raw(`<tr><th scope="row">`)
		if operation == "" {
			operation = "all operations"
			p.raw("all operations")
		} else {
			p.code(operation)
		}
		p.raw("</th>")
		for _, source := range heard {
			key := operation
			if key == "all operations" {
				key = ""
			}
			p.covered(counts[key][source.mark])
		}
		p.raw("</tr>\n")
	}
	p.raw("</tbody></table></div>\n</section>\n")
}

// covered writes one cell: how many were proved, of how many, drawn and in numbers.
func (p *htmlPage) covered(c *verdict.ClauseCounts) {
	if c == nil {
		p.raw(`<td></td>`)
		return
	}
	p.raw(`<td class="num">`)
	switch testable := c.Total - c.Untestable; testable {
	case 0:
		p.raw(`<span class="soft">untestable</span>`)
	default:
		p.int(c.Proved).raw(" of ").int(testable)
		if c.Broken > 0 {
			p.raw(`, <span class="c-violated">`).int(c.Broken).raw(" violated</span>")
		}
	}
	p.stripe(scaled(clauseParts(*c)[:3])) // without the untestable
	p.raw("</td>")
}

// sources writes the clauses by the document that states them.
func (p *htmlPage) sources() {
	p.raw(`<section id="clauses">` + "\n<h2>Clauses " + `<span class="soft">by the document that states them</span></h2>` + "\n")
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
		p.raw(">\n" + `<summary><span class="badge">`).text(string(source.mark)).raw(`</span> <span class="grow">`).text(source.title).raw(`</span> <span class="tally">`)
		for _, part := range clauseParts(counts) {
			if part.n > 0 {
				p.raw(`<span class="c-`).text(part.kind).raw(`">`).int(part.n).raw(" ").text(part.kind).raw("</span> ")
			}
		}
		p.raw("</span></summary>\n<table>\n" + `<caption class="hide">Clauses of: `).text(source.title).raw(`</caption><thead><tr><th scope="col">Status</th><th scope="col">Clause</th><th scope="col">Proof</th></tr></thead>` + "\n<tbody>\n")
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
		p.raw(` <span class="soft">should</span>`)
	}
	p.raw("<p>").text(c.Text).raw("</p>")
	if c.TextZh != "" {
		p.raw(`<p lang="zh-Hans" class="soft">`).text(c.TextZh).raw("</p>")
	}
	if c.Untestable != "" {
		p.raw(`<p class="soft">Not testable: `).text(c.Untestable).raw(".</p>")
	}
	p.raw("</td>\n" + `<td class="proofs">`)
	switch many := len(c.Scenarios); {
	case many > 3:
		p.raw("<details><summary>").int(many).raw(" scenarios</summary>")
		p.links(c.Scenarios)
		p.raw("</details>")
	case many > 0:
		p.links(c.Scenarios)
	}
	if c.Exchanges > 0 {
		p.soft(count(c.Exchanges, "exchange", "exchanges"))
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
