package report

import (
	"path"

	"github.com/zec-tools/conformance/internal/verdict"
)

// stated writes the text of a clause.
func (p *page) stated(c verdict.Clause) *page {
	if c.TextZh == "" {
		return p.text(c.Text)
	}
	return p.say(phrase{c.Text, c.TextZh})
}

// titled returns the name of a source: the one in the report, otherwise a default.
func (p *htmlPage) titled(mark verdict.Source, ours phrase) phrase {
	if doc, has := documentOf(p.reader.Head, mark); has {
		return titled(doc)
	}
	return ours
}

// whence links a clause to the document that states it and to the contract's pages.
func (p *htmlPage) whence(c verdict.Clause) {
	doc, has := documentOf(p.reader.Head, c.Source)
	page := PageOf(p.reader.Head.Contract, c, English)
	if !has && page == "" {
		return
	}
	p.raw(`<p class="soft whence">`)
	if has {
		p.say(textSource).raw(" ").documents(doc, c.Operation)
	}
	if page != "" {
		p.raw(`<span class="en"><a href="`).text(page).raw(`">`).text(textManual[0]).raw(`</a></span><span class="zh" lang="zh-Hans"><a href="`)
		p.text(PageOf(p.reader.Head.Contract, c, Chinese)).raw(`">`).text(textManual[1]).raw("</a></span>")
	}
	p.raw("</p>\n")
}

// documents writes a source with links to its addresses, and when it was read.
func (p *page) documents(doc verdict.SourceDocument, operation string) *page {
	switch addresses := addressesOf(doc, operation); len(addresses) {
	case 0:
		p.say(titled(doc))
	case 1:
		p.raw(`<a href="`).text(addresses[0]).raw(`">`).say(titled(doc)).raw("</a>")
	default:
		p.say(titled(doc))
		for _, a := range addresses {
			p.raw(` <a href="`).text(a).raw(`">`).text(path.Base(a)).raw("</a>")
		}
	}
	if doc.Read != "" {
		p.say(mdBrackets, readAt(doc))
	}
	return p.raw(" ")
}
