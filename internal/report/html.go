package report

import (
	"cmp"
	"crypto/sha256"
	_ "embed" // the style sheet and the script are in their own files
	"encoding/base64"
	"errors"
	"io"
	"iter"
	"strings"
	"sync"

	"github.com/zec-tools/conformance/internal/verdict"
)

// The style and the language choice of every page.
var (
	//go:embed page/base.css
	baseStyle string
	//go:embed page/language.js
	languageScript string
)

//go:embed page/style.css
var pageStyle string

//go:embed page/script.js
var pageScript string

// writeHTML writes the run as a single page that works without a network and without its script.
func writeHTML(w io.Writer, b *Reader) error {
	told, err := gather(b)
	if err != nil {
		return err
	}
	p := &htmlPage{page: page{w: w, buf: make([]byte, 0, pageBuffer+pageBuffer/4), lang: b.language(), asked: b.Language != ""}, reader: b, told: told, clauses: map[string]verdict.Clause{}, latency: latency{}}
	for _, c := range b.Head.Clauses {
		p.clauses[c.ID] = c.Clause
	}
	p.opening()
	p.findings()
	p.waivers()
	p.unjudged()
	p.coverage()
	p.sources()
	p.scenarios()
	p.latencies()
	p.closing()
	p.flush()
	return p.err
}

// htmlPage is the page of a run.
type htmlPage struct {
	page
	reader  *Reader
	told    gathered
	clauses map[string]verdict.Clause // by id
	latency latency                   // collected while the scenarios are written
	scratch bodyShower
	parts   sync.Pool // of pages for writing single scenarios
}

func (p *htmlPage) scenarios() {
	p.scenariosOpening()
	dull := p.reader.dull()
	var last verdict.Scenario
	first := true
	for d, err := range p.drawn() {
		if p.err = errors.Join(p.err, err); p.err != nil {
			return
		}
		s := d.scenario
		turned := first || s.File != last.File
		if turned && !first {
			p.raw("</section>\n")
		}
		if turned {
			p.raw(`<section class="feature`).raw(dull[s.File]).raw(`"`)
			p.raw(` lang="`).text(cmp.Or(s.Language, "en")).raw("\">\n<h3>").text(s.Feature).raw(` <span class="soft code">`).text(s.File).raw("</span></h3>\n")
		}
		if turned || s.Rule != last.Rule {
			p.rule(s.Rule)
		}
		p.insert(d)
		p.latency.add(s.Exchanges)
		last, first = verdict.Scenario{File: s.File, Rule: s.Rule}, false
		p.rest()
	}
	if !first {
		p.raw("</section>\n")
	}
	p.raw("</section>\n")
}

// drawing is a scenario with its part of the page, which is nil if it has not been written yet.
type drawing struct {
	scenario verdict.Scenario
	part     *htmlPage
}

// drawn yields the scenarios. They are most of the page, so several are written concurrently. If
// any is large, they are written one by one, so that only one is in memory.
func (p *htmlPage) drawn() iter.Seq2[drawing, error] {
	all := p.reader.Scenarios()
	if p.reader.hasLarge() {
		return func(yield func(drawing, error) bool) {
			for s, err := range all {
				if !yield(drawing{scenario: s}, err) {
					return
				}
			}
		}
	}
	return ahead(all, func(s verdict.Scenario) drawing {
		part, again := p.parts.Get().(*htmlPage)
		if !again {
			part = &htmlPage{reader: p.reader, told: p.told, clauses: p.clauses, page: page{w: io.Discard, whole: true, lang: p.lang}}
		}
		part.scenario(s)
		return drawing{s, part}
	})
}

// insert writes a scenario to the page.
func (p *htmlPage) insert(d drawing) {
	if d.part == nil {
		p.scenario(d.scenario)
		return
	}
	p.buf = append(p.buf, d.part.buf...)
	d.part.buf = d.part.buf[:0]
	p.parts.Put(d.part)
}

func (p *htmlPage) rule(rule string) {
	p.raw(`<p class="rule`)
	if rule == "" {
		p.raw(` none`)
	}
	p.raw(`">`).text(rule).raw("</p>\n")
}

func unjudgedIn(c verdict.Counts) int { return c.Inconclusive + c.Broken + c.Skipped }

// Anchor returns the anchor of a scenario or clause in report.html.
func Anchor(id string) string { return anchor(id) }

// anchor converts the id of a scenario or clause to an anchor on the page.
func anchor(id string) string {
	for i := range len(id) {
		if id[i] <= ' ' || id[i] >= 0x7f {
			return strings.Join(strings.Fields(visible(id)), "_")
		}
	}
	return id
}

// digestOf returns the hash of a style sheet or script for the page's content security policy. No
// other style or script can take effect.
func digestOf(text string) markup {
	sum := sha256.Sum256([]byte(text))
	return markup("sha256-" + base64.StdEncoding.EncodeToString(sum[:]))
}
