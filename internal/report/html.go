package report

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"
	"time"

	"github.com/zec-tools/conformance/internal/verdict"
)

//go:embed page
var pageFiles embed.FS

// writeHTML writes the run as one page that needs no network and no script. It is
// written section by section, so that a page may be larger than memory.
func writeHTML(w io.Writer, b *Book) error {
	style, err := pageFiles.ReadFile("page/style.css")
	if err != nil {
		return err
	}
	sections, err := template.New("page").Funcs(pageFuncs()).ParseFS(pageFiles, "page/*.tmpl")
	if err != nil {
		return err
	}
	p := &page{w: w, sections: sections, clauses: map[string]string{}}
	for _, c := range b.Head.Clauses {
		p.clauses[c.ID] = c.Text
	}
	p.section("opening", openingView(b.Head, string(style)))
	p.findings(b)
	p.unjudged(b)
	p.section("clauses", sourceViews(b.Head.Clauses))
	p.scenarios(b)
	p.section("closing", b.Head)
	return p.err
}

// page executes templates one after the other until the first error, which it keeps.
type page struct {
	w        io.Writer
	sections *template.Template
	clauses  map[string]string // clause id to its text
	text     bytes.Buffer
	err      error
}

// section writes one template. Whatever text went into it, no control character comes out.
func (p *page) section(name string, data any) {
	if p.err != nil {
		return
	}
	p.text.Reset()
	if p.err = p.sections.ExecuteTemplate(&p.text, name, data); p.err == nil {
		_, p.err = io.WriteString(p.w, visible(p.text.String()))
	}
}

// each calls show with every scenario until the first error.
func (p *page) each(b *Book, show func(verdict.Scenario)) {
	for s, err := range b.Scenarios() {
		if err != nil && p.err == nil {
			p.err = err
		}
		if p.err != nil {
			return
		}
		show(s)
	}
}

func (p *page) findings(b *Book) {
	p.section("findings-open", b.Head.Summary.Findings)
	p.each(b, func(s verdict.Scenario) {
		for _, f := range s.Findings {
			p.section("finding", findingView{Finding: f, Text: p.clauses[f.Clause], Scenario: s})
		}
	})
	p.section("section-close", nil)
}

func (p *page) unjudged(b *Book) {
	count := unjudgedIn(b.Head.Summary.Scenarios)
	if count == 0 {
		return
	}
	p.section("unjudged-open", count)
	p.each(b, func(s verdict.Scenario) {
		if s.Outcome != verdict.Passed && s.Outcome != verdict.Failed {
			p.section("unjudged", s)
		}
	})
	p.section("unjudged-close", nil)
}

func (p *page) scenarios(b *Book) {
	p.section("scenarios-open", b.Head.Summary.Scenarios)
	var last verdict.Scenario
	first := true
	p.each(b, func(s verdict.Scenario) {
		turned := first || s.File != last.File
		if turned && !first {
			p.section("section-close", nil)
		}
		if turned {
			p.section("feature-open", s)
		}
		if turned || s.Rule != last.Rule {
			p.section("rule", s.Rule)
		}
		p.section("scenario", scenarioViewOf(s))
		last, first = verdict.Scenario{File: s.File, Rule: s.Rule}, false
	})
	if !first {
		p.section("section-close", nil)
	}
	p.section("section-close", nil)
}

func unjudgedIn(c verdict.Counts) int { return c.Inconclusive + c.Broken + c.Skipped }

func pageFuncs() template.FuncMap {
	return template.FuncMap{
		"anchor":     anchor,
		"brief":      brief,
		"unrestored": unrestoredText,
		"count":      count,
		"day":        func(t time.Time) string { return t.UTC().Format("2006-01-02") },
		"moment":     func(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04:05 UTC") },
		"clock":      func(t time.Time) string { return t.UTC().Format("15:04:05.000") },
		"stamp":      func(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) },
	}
}

// anchor makes an id of a scenario or clause the name of a place on the page.
func anchor(id string) string { return strings.Join(strings.Fields(visible(id)), "_") }

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// styleHash names the style sheet to the page's own security policy, under which
// nothing else can style it and nothing at all can run.
func styleHash(style string) string {
	sum := sha256.Sum256([]byte(style))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
