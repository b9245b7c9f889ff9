package docs

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// Source is what the pages are made from.
type Source struct {
	Contract *contract.Contract
	Suite    *suite.Suite
	Results  *Results // nil: no run is told of
	Features string   // what links to feature files begin with, "": no links
	Report   string   // where the HTML report of the results stands, seen from the pages; "": nowhere
}

// everyOperation is the section of what all operations share.
const everyOperation = "every-operation"

// builder makes the view of one language.
type builder struct {
	Source
	lang   Language
	w      Words
	by     map[string][]suite.Case // the cases that bear a clause
	judged map[string]bool         // the clauses that answers are judged by without a step
}

func build(s Source, lang Language) view {
	b := &builder{Source: s, lang: lang, w: words(lang), by: map[string][]suite.Case{}, judged: map[string]bool{}}
	for _, c := range s.Suite.Cases {
		for _, id := range c.Clauses {
			b.by[id] = append(b.by[id], c)
		}
	}
	operations := s.Contract.Operations()
	names := make([]string, len(operations))
	for i, op := range operations {
		names[i] = op.Action
		for _, status := range s.Contract.Statuses(op) {
			for _, id := range s.Contract.Judged(op, status) {
				b.judged[id] = true
			}
		}
	}
	v := view{W: b.w, Lang: lang, OtherLang: English, Subtitle: strings.Join(names, "、"), Version: s.Contract.Version(), Run: b.run()}
	v.Suffix, v.OtherSuffix, v.WebSuffix, v.OtherWebSuffix = ".zh.md", ".md", ".zh.html", ".html"
	if lang == English {
		v.OtherLang, v.Subtitle = Chinese, s.Contract.Title()
		v.Suffix, v.OtherSuffix, v.WebSuffix, v.OtherWebSuffix = v.OtherSuffix, v.Suffix, v.OtherWebSuffix, v.WebSuffix
	}
	for _, mark := range b.marks() {
		v.Sources = append(v.Sources, b.source(mark))
	}
	for _, op := range operations {
		v.Sections = append(v.Sections, b.operation(op))
	}
	v.Sections = append(v.Sections, b.common(operations))
	return v
}

// in picks the text of the page's language.
func (b *builder) in(t contract.Text) string {
	if b.lang == Chinese && t.Zh != "" {
		return t.Zh
	}
	return t.En
}

func (b *builder) text(c verdict.Clause) string {
	if b.lang == Chinese {
		return c.TextZh
	}
	return c.Text
}

func (b *builder) yes(is bool) string {
	if is {
		return b.w.Yes
	}
	return b.w.No
}

// marks returns the sources in the order in which clauses first bear them.
func (b *builder) marks() []verdict.Source {
	var marks []verdict.Source
	for _, c := range b.Contract.Clauses() {
		if !slices.Contains(marks, c.Source) {
			marks = append(marks, c.Source)
		}
	}
	return marks
}

// source returns a source as pages show it.
func (b *builder) source(mark verdict.Source) source {
	s, _ := b.Contract.Source(mark)
	return source{Mark: string(mark), Name: b.in(s.Name), Read: strings.Replace(s.Read, "/", b.w.Until, 1), Addresses: s.Addresses}
}

func (b *builder) run() *runView {
	if b.Results == nil {
		return nil
	}
	head := b.Results.head
	s, c := head.Summary.Scenarios, head.Summary.Clauses
	r := &runView{
		Verdict: string(head.Verdict), Word: b.w.Verdicts[head.Verdict],
		Report: b.Report, Violated: b.violated(), Target: head.Target.Name + " (" + head.Target.Endpoint + ")", Started: head.Volatile.Started.UTC().Format(time.DateTime) + " UTC",
	}
	for _, o := range []struct {
		outcome verdict.Outcome
		count   int
	}{{verdict.Passed, s.Passed}, {verdict.Failed, s.Failed}, {verdict.Inconclusive, s.Inconclusive}, {verdict.Skipped, s.Skipped}, {verdict.Broken, s.Broken}} {
		if o.count > 0 {
			r.Scenarios = append(r.Scenarios, count{b.w.Outcomes[o.outcome], string(o.outcome), o.count})
		}
	}
	for _, o := range []struct {
		status verdict.ClauseStatus
		count  int
	}{{verdict.Proved, c.Proved}, {verdict.Violated, c.Broken}, {verdict.Unproved, c.Unproved}, {verdict.Untestable, c.Untestable}} {
		if o.count > 0 {
			r.Clauses = append(r.Clauses, count{b.w.Statuses[o.status], string(o.status), o.count})
		}
	}
	return r
}

// violated lists the clauses that the run found violated.
func (b *builder) violated() (list []violated) {
	for _, c := range b.Contract.Clauses() {
		if b.Results.statuses[c.ID] == verdict.Violated {
			list = append(list, violated{ID: c.ID, Anchor: anchor(c.ID), File: anchor(cmp.Or(c.Operation, everyOperation)), Text: b.text(c)})
		}
	}
	return list
}

func (b *builder) operation(op wire.Operation) section {
	d, _ := b.Contract.Describe(op)
	s := section{Anchor: anchor(op.Action), Title: op.Action, About: b.in(d.About), Operation: true}
	if request, has := b.Contract.Request(op); has {
		s.Parameters = b.members(request, "")
	}
	for _, r := range d.Responses {
		s.Answers = append(s.Answers, answerRow{r.Status, b.in(r.About)})
		if body, has := b.Contract.Response(op, r.Status); has && r.Status == 200 {
			s.Members = b.members(body, "")
		}
	}
	s.Errors = b.errors(op, func(c verdict.Clause) bool { return c.Operation == op.Action })
	s.Groups = b.groups(func(c verdict.Clause) bool { return c.Operation == op.Action })
	return s
}

// common is what all operations share.
func (b *builder) common(operations []wire.Operation) section {
	s := section{Anchor: everyOperation, Title: b.w.EveryOperation, About: b.w.EveryOperationAbout}
	if len(operations) == 0 {
		return s
	}
	d, _ := b.Contract.Describe(operations[0])
	for _, h := range d.Headers {
		s.Headers = append(s.Headers, row{Name: h.Name, Required: b.yes(h.Required), About: b.in(h.About)})
	}
	shared := func(c verdict.Clause) bool { return c.Operation == "" }
	seen := map[string]bool{}
	for _, op := range operations {
		for _, e := range b.errors(op, shared) {
			if key := fmt.Sprint(e.Status, e.Code); !seen[key] {
				seen[key] = true
				s.Errors = append(s.Errors, e)
			}
		}
	}
	b.inOrder(s.Errors)
	s.Groups = b.groups(shared)
	return s
}

// errors returns the documented pairs of an operation whose clause is wanted, in the
// order of the clauses, which is that of the API's own pages.
func (b *builder) errors(op wire.Operation, wanted func(verdict.Clause) bool) []errorRow {
	var rows []errorRow
	for _, p := range b.Contract.Pairs(op) {
		if c, _ := b.Contract.Clause(p.Clause); wanted(c) {
			rows = append(rows, errorRow{Status: p.Status, Code: p.Code, Clause: p.Clause, Anchor: anchor(p.Clause), When: b.when(c, p)})
		}
	}
	b.inOrder(rows)
	return rows
}

// when says when an error comes: the clause's text without the pair, which stands beside it.
func (b *builder) when(c verdict.Clause, p verdict.Pair) string {
	text := b.text(c)
	if before, _, ends := strings.Cut(text, b.w.AnsweredWith+p.String()); ends {
		return before + b.w.FullStop
	}
	return text
}

func (b *builder) inOrder(rows []errorRow) {
	place := map[string]int{}
	for i, c := range b.Contract.Clauses() {
		place[c.ID] = i
	}
	slices.SortStableFunc(rows, func(x, y errorRow) int { return cmp.Compare(place[x.Clause], place[y.Clause]) })
}

// members lists the members of an object and of what is in it, by path.
func (b *builder) members(s contract.Schema, prefix string) []row {
	var rows []row
	for _, m := range s.Members {
		inner, name, kind := m.Schema, prefix+m.Name, b.kind(m.Schema)
		rows = append(rows, row{Name: name, Required: b.yes(slices.Contains(s.Required, m.Name)), Type: kind, About: b.limits(inner)})
		if inner.Items != nil {
			name, inner = name+"[]", *inner.Items
		}
		rows = append(rows, b.members(inner, name+".")...)
	}
	return rows
}

func (b *builder) kind(s contract.Schema) string {
	switch {
	case s.Type == "":
		return b.w.Any
	case s.Items != nil && s.Items.Type != "":
		return fmt.Sprintf(b.w.ArrayOf, s.Type, s.Items.Type)
	default:
		return s.Type
	}
}

// limits is a value's description with what is stated of its range.
func (b *builder) limits(s contract.Schema) string {
	var parts []string
	if s.Maximum != nil {
		parts = append(parts, b.w.AtMost+" "+strconv.FormatFloat(*s.Maximum, 'f', -1, 64))
	}
	if s.MaxItems > 0 {
		parts = append(parts, fmt.Sprintf("%s %d %s", b.w.AtMost, s.MaxItems, b.w.Items))
	}
	if s.Default != "" {
		parts = append(parts, b.w.Default+" "+s.Default)
	}
	if len(s.Enum) > 0 {
		parts = append(parts, b.w.OneOf+" "+strings.Join(s.Enum, ", "))
	}
	if len(s.Values) > 0 {
		parts = append(parts, b.w.Documented+" "+strings.Join(s.Values, ", "))
	}
	about := b.in(s.Description)
	if len(parts) == 0 {
		return about
	}
	if b.lang == Chinese {
		return about + strings.Join(parts, "；") + "。"
	}
	rest := strings.Join(parts, "; ")
	return about + " " + strings.ToUpper(rest[:1]) + rest[1:] + "."
}

func anchor(id string) string { return strings.ToLower(id) }
