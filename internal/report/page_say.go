package report

import (
	"fmt"
	"time"

	"github.com/zec-tools/conformance/internal/language"
)

// coded is a text that a phrase shows as code; linked is the id of a scenario or clause that it
// links to.
type (
	coded  string
	linked string
)

// say writes a phrase in every language. The style shows one of them.
func (p *page) say(t phrase, args ...any) *page {
	p.raw(`<span class="en">`).fill(English, t, args)
	return p.raw(`</span><span class="zh" lang="zh-Hans">`).fill(Chinese, t, args).raw(`</span>`)
}

// read writes an English text in every language of the catalogue, or unchanged if it is not in the
// catalogue.
func (p *page) read(said string) *page {
	if t := language.Read(said); t[0] != t[1] {
		return p.say(t)
	}
	return p.text(said)
}

// fill writes a phrase in one language with its arguments.
func (p *page) fill(l Language, t phrase, args []any) *page {
	language.Parts(t.Form(l, args), len(args), func(text string, place int) {
		if place < 0 {
			p.text(text)
			return
		}
		switch arg := args[place].(type) {
		case int:
			p.int(arg)
		case string:
			p.text(arg)
		case markup:
			p.raw(arg)
		case coded:
			p.code(string(arg))
		case linked:
			p.link(string(arg))
		case phrase:
			p.fill(l, arg, nil)
		default:
			p.text(fmt.Sprint(arg))
		}
	})
	return p
}

// draw writes a phrase inside a drawing.
func (p *page) draw(t phrase, args ...any) *page {
	if t[0] == t[1] {
		return p.text(t[0])
	}
	p.raw(`<tspan class="en">`).fill(English, t, args)
	return p.raw(`</tspan><tspan class="zh" lang="zh-Hans">`).fill(Chinese, t, args).raw(`</tspan>`)
}

// attribute writes a phrase as an attribute in the initial language. The other language is beside
// it for the script.
func (p *page) attribute(name markup, t phrase, args ...any) *page {
	first, other := p.lang, Chinese
	if first == Chinese {
		other = English
	}
	p.raw(" ").raw(name).raw(`="`).text(t.In(first, args...))
	return p.raw(`" data-`).raw(name).raw(`="`).text(t.In(other, args...)).raw(`"`)
}

// scroll begins a wide part that can be scrolled, including by keyboard.
func (p *page) scroll(name phrase) *page {
	return p.raw(`<div class="scroll" tabindex="0" role="group"`).attribute("aria-label", name).raw(">")
}

// table begins a table with an invisible caption and its head.
func (p *page) table(class markup, caption phrase, heads ...phrase) {
	p.raw("<table")
	if class != "" {
		p.raw(` class="`).raw(class).raw(`"`)
	}
	p.raw(`><caption class="hide">`).say(caption).raw("</caption><thead><tr>")
	for _, head := range heads {
		p.raw(`<th scope="col">`).say(head).raw("</th>")
	}
	p.raw("</tr></thead>\n<tbody>\n")
}

// time writes a time in a layout, and exactly for programs.
func (p *page) time(t time.Time, layout string) *page {
	p.instant(t)
	p.buf = t.UTC().AppendFormat(p.buf, layout)
	return p.raw(`</time>`)
}

// day writes the day of a time in each language's format.
func (p *page) day(t time.Time) *page {
	t = t.UTC()
	return p.instant(t).say(phrase{t.Format(textDay[0]), t.Format(textDay[1])}).raw("</time>")
}

func (p *page) instant(t time.Time) *page {
	p.raw(`<time datetime="`)
	p.buf = t.UTC().AppendFormat(p.buf, time.RFC3339Nano)
	return p.raw(`">`)
}
