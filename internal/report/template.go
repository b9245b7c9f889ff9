package report

import (
	"bytes"
	"cmp"
	"fmt"
	"html/template"
	"io"

	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/verdict"
)

// Template is the template of a page other than a report. It has the languages of the report, from
// the same catalogue, through these functions. A text is identified by its English form.
//
//	head TEXT ARG…            the document up to its body
//	languages                 the choice of the language
//	say TEXT ARG…             a text in every language
//	attribute NAME TEXT ARG…  an attribute in every language
//	word KIND                 the display name of an outcome or clause status
//	verdict VERDICT           the display name of a verdict
//	both ENGLISH CHINESE      a text from the data in both languages, or in English alone
//	scripts                   the end of the body
type Template struct {
	Text, Style string
	Functions   template.FuncMap // of the template itself
}

// Execute writes the whole page, or nothing after an error. The page begins in the language asked
// for, or else in the browser's.
func (t Template) Execute(w io.Writer, asked Language, data any) error {
	p := &page{whole: true, lang: cmp.Or(asked, English), asked: asked != ""}
	parsed, err := template.New("page").Funcs(functions(p, t.Style)).Funcs(t.Functions).Parse(t.Text)
	if err != nil {
		return err
	}
	var whole bytes.Buffer
	if err := parsed.Execute(&whole, data); err != nil {
		return err
	}
	_, err = whole.WriteTo(w)
	return err
}

func functions(p *page, style string) template.FuncMap {
	// taken returns what was written to the page, and empties it.
	taken := func() template.HTML {
		defer func() { p.buf = p.buf[:0] }()
		return template.HTML(p.buf) // the page has escaped it
	}
	said := func(t phrase, args ...any) template.HTML {
		p.say(t, args...)
		return taken()
	}
	return template.FuncMap{
		"languages": func() template.HTML { p.languages(); return taken() },
		"scripts":   func() template.HTML { p.scripts(""); return taken() },
		"word":      func(kind any) template.HTML { return said(wordOf(fmt.Sprint(kind))) },
		"verdict":   func(v verdict.Verdict) template.HTML { return said(titleOf(v)) },
		"head": func(text string, args ...any) (template.HTML, error) {
			t, err := language.Named(text)
			p.head(t.With(args...), style, "")
			return taken(), err
		},
		"say": func(text string, args ...any) (template.HTML, error) {
			t, err := language.Named(text)
			return said(t, args...), err
		},
		"both": func(en, zh string) template.HTML {
			if zh == "" {
				p.raw(`<span lang="en">`).text(en).raw("</span>")
				return taken()
			}
			return said(phrase{en, zh})
		},
		"attribute": func(name, text string, args ...any) (template.HTMLAttr, error) {
			t, err := language.Named(text)
			p.attribute(markup(name), t, args...)
			return template.HTMLAttr(taken()[len(" "):]), err
		},
	}
}
