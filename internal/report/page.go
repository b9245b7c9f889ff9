package report

import (
	"io"
	"strconv"
	"unicode/utf8"
)

// markup is HTML from this program. There is no conversion from other texts: the method text
// escapes them.
type markup string

// page writes HTML until the first error, which it stores. It writes piece by piece, so that a page
// may be larger than memory, and without templates, which took half the time of a run's reports.
type page struct {
	w     io.Writer
	buf   []byte
	err   error
	whole bool     // the page stays in buf until it is taken from there
	lang  Language // the initial language
	asked bool     // the user asked for the language, so the page does not switch to the browser's
}

const pageBuffer = 64 << 10

// raw writes markup unchanged.
func (p *page) raw(m markup) *page {
	p.buf = append(p.buf, m...)
	return p
}

// text writes a text that is only displayed, whether in an element or in a quoted attribute. It
// replaces control characters.
func (p *page) text(text string) *page {
	kept := 0 // how much of text is in buf
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf && !special[c] {
			i++
			continue
		}
		size, shown := 1, ""
		switch c {
		case '<':
			shown = "&lt;"
		case '>':
			shown = "&gt;"
		case '&':
			shown = "&amp;"
		case '"':
			shown = "&#34;"
		case '\'':
			shown = "&#39;"
		default:
			var r rune
			r, size = utf8.DecodeRuneInString(text[i:])
			if r == '\r' && i+1 < len(text) && text[i+1] == '\n' {
				break
			}
			if shown = picture(r, size); shown == text[i:i+size] {
				i += size
				continue
			}
		}
		p.buf = append(append(p.buf, text[kept:i]...), shown...)
		i += size
		kept = i
	}
	p.buf = append(p.buf, text[kept:]...)
	return p
}

// special are the ASCII characters that text escapes or replaces.
var special = func() (set [utf8.RuneSelf]bool) {
	for c := range set {
		set[c] = c < ' ' && c != '\n' && c != '\t' || c == 0x7f
	}
	for _, c := range `<>&"'` {
		set[c] = true
	}
	return set
}()

// int writes a number.
func (p *page) int(n int) *page {
	p.buf = strconv.AppendInt(p.buf, int64(n), 10)
	return p
}

// num writes a coordinate.
func (p *page) num(x float64) *page {
	p.buf = strconv.AppendFloat(p.buf, x, 'f', -1, 64)
	return p
}

// anchor writes the anchor of a scenario or clause.
func (p *page) anchor(id string) *page { return p.text(anchor(id)) }

// code writes a text as code.
func (p *page) code(text string) *page {
	return p.raw(`<span class="code">`).text(text).raw(`</span>`)
}

// soft writes a less important text.
func (p *page) soft(text string) *page {
	return p.raw(`<span class="soft">`).text(text).raw(`</span>`)
}

// link writes a link to a scenario or clause by its id.
func (p *page) link(id string) *page {
	return p.raw(`<a class="code" href="#`).anchor(id).raw(`">`).text(id).raw(`</a>`)
}

// mark writes an outcome or the status of a clause.
func (p *page) mark(outcome string) *page {
	return p.raw(`<span class="mark c-`).text(outcome).raw(`">`).say(wordOf(outcome)).raw(`</span>`)
}

// rest flushes the buffer if it is large enough.
func (p *page) rest() {
	if len(p.buf) >= pageBuffer && !p.whole {
		p.flush()
	}
}

func (p *page) flush() {
	if p.err == nil {
		_, p.err = p.w.Write(p.buf)
	}
	p.buf = p.buf[:0]
}
