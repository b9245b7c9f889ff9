package report

// closing writes the parameters of the run, how to repeat it, and the script.
func (p *htmlPage) closing() {
	head := p.reader.Head
	s := head.Selection
	p.raw(`<section id="run">` + "\n<h2>").say(textThisRun).raw("</h2>\n" + `<dl class="facts">` + "\n")
	p.fact(textHarness).text(head.Tool.Name).raw(" ").text(head.Tool.Version)
	if head.Tool.Commit != "" {
		p.raw(" · ").say(textCommit).raw(" ").code(head.Tool.Commit)
	}
	p.raw(" · ").text(head.Tool.Go).raw("</dd></div>\n")
	p.fact(textSelection).say(textOfScenarios, s.Selected, s.Available)
	if s.Tags != "" {
		p.raw(" · ").say(textTags).raw(" ").code(s.Tags)
	}
	for _, id := range s.Scenarios {
		p.raw(" · ").code(id)
	}
	p.raw("</dd></div>\n")
	p.fact(textOrder).say(textSeed, int(s.Seed), s.Parallel).raw("</dd></div>\n")
	p.raw(`<div class="long"><dt>`).say(textContractSum).raw(`</dt><dd class="code">`).text(head.Contract.SHA256).raw("</dd></div>\n")
	p.raw(`<div class="long"><dt>`).say(textFeaturesSum).raw(`</dt><dd class="code">`).text(head.Features.SHA256).raw("</dd></div>\n</dl>\n")
	p.raw("<h3>").say(textRepeatIt).raw("</h3>\n" + `<dl class="commands">` + "\n")
	if head.Repeat != "" {
		p.command(textRunAgain, head.Repeat)
	}
	p.command(textRejudge, "conformance rejudge report.json")
	p.command(textDiff, "conformance diff report.json other.json")
	p.raw("</dl>\n" + `<p class="soft">`).say(textSecrets).raw("</p>\n</section>\n</main>\n")
	p.copier()
	p.scripts(pageScript)
	p.raw("</body>\n</html>\n")
}

// fact begins a row with its name.
func (p *htmlPage) fact(name phrase) *page {
	return p.raw("<div><dt>").say(name).raw("</dt><dd>")
}

func (p *htmlPage) command(what phrase, command string) {
	p.raw("<div><dt>").say(what).raw("</dt><dd><code>").text(command).raw("</code></dd></div>\n")
}

// copier writes the button that the script adds to everything that can be copied.
func (p *htmlPage) copier() {
	p.raw(`<template id="copier"><button type="button" class="copy"><span>`).say(textCopy)
	p.raw(`</span><span hidden>`).say(textCopied).raw(`</span><span hidden>`).say(textNoCopy).raw("</span></button></template>\n")
}
