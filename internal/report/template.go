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

// Template is the template of another page than a report's. It speaks every language as the
// report does, from the same catalogue, by these functions. A text is named by its English form.
//
//	head TEXT ARG…            the document up to its body
//	languages                 the choice of the language
//	say TEXT ARG…             a text in every language
//	attribute NAME TEXT ARG…  an attribute in every language
//	word KIND                 what an outcome or the status of a clause is called
//	verdict VERDICT           what a verdict is called
//	both ENGLISH CHINESE      a text that the data has in both languages, or in English alone
//	scripts                   what ends the body
type Template struct {
	Text, Style string
	Functions   template.FuncMap // of its own
}

// Execute writes the page, whole or not at all. It begins in the language asked for, or, where
// none is, in that of its reader.
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
	// taken returns what was written on the page, and lets go of it.
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
