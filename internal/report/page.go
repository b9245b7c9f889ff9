package report

import (
	"io"
	"strconv"
	"unicode/utf8"
)

// markup is HTML that stands in this program. A text that came from elsewhere is no
// markup without a conversion, and there is none: text escapes it.
type markup string

// page writes HTML until the first error, which it keeps. It is written piece by piece,
// so that a page may be larger than memory; and by hand, since templates took half the
// time of a run's reports.
type page struct {
	w     io.Writer
	buf   []byte
	err   error
	whole bool     // it stays in buf until somebody takes it from there
	lang  Language // the one that shows until a reader chooses
	asked bool     // it was asked for: the page does not change to its reader's own
}

const pageBuffer = 64 << 10

// raw writes markup as it stands.
func (p *page) raw(m markup) *page {
	p.buf = append(p.buf, m...)
	return p
}

// text writes a text so that it shows and does nothing else, wherever it stands: in an
// element or in a quoted attribute. Nothing in it is a control character.
func (p *page) text(text string) *page {
	kept := 0 // how much of text stands in buf
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

// special are the characters of ASCII that text does not write as they stand.
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

// anchor writes the name of the place of a scenario or clause.
func (p *page) anchor(id string) *page { return p.text(anchor(id)) }

// code writes a text as code.
func (p *page) code(text string) *page {
	return p.raw(`<span class="code">`).text(text).raw(`</span>`)
}

// soft writes a text that matters less.
func (p *page) soft(text string) *page {
	return p.raw(`<span class="soft">`).text(text).raw(`</span>`)
}

// link writes a link to a scenario or clause by its id.
func (p *page) link(id string) *page {
	return p.raw(`<a class="code" href="#`).anchor(id).raw(`">`).text(id).raw(`</a>`)
}

// mark writes an outcome or a clause's status.
func (p *page) mark(outcome string) *page {
	return p.raw(`<span class="mark c-`).text(outcome).raw(`">`).say(wordOf(outcome)).raw(`</span>`)
}

// rest lets go of what was written, when enough of it has gathered.
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
