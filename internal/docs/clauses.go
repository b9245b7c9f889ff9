package docs

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/steps"
)

// groups returns the wanted clauses by source.
func (b *builder) groups(wanted func(verdict.Clause) bool) []group {
	var groups []group
	for _, mark := range b.marks() {
		g := group{Source: b.source(mark)}
		for _, c := range b.Contract.Clauses() {
			if c.Source == mark && wanted(c) {
				g.Clauses = append(g.Clauses, b.clause(c))
			}
		}
		if len(g.Clauses) > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

func (b *builder) clause(c verdict.Clause) clause {
	out := clause{
		ID: c.ID, Anchor: anchor(c.ID), Text: b.text(c), Source: string(c.Source), Level: b.w.Must, Untestable: b.in(b.Contract.Untestable(c.ID)), Judged: b.judged[c.ID],
		Scenarios: b.scenarios(b.by[c.ID]), Example: b.example(c),
	}
	if c.Level == verdict.Should {
		out.Level = b.w.Should
	}
	if b.Results != nil {
		status := b.Results.statuses[c.ID]
		out.Status, out.StatusWord = string(status), b.w.Statuses[status]
	}
	return out
}

// scenarios folds the rows of an outline into one.
func (b *builder) scenarios(cases []suite.Case) []scenario {
	var list []scenario
	for _, c := range cases {
		id, _, isRow := strings.Cut(c.ID, "[")
		if last := len(list) - 1; isRow && last >= 0 && list[last].ID == id {
			list[last].Rows++
			list[last].More = fmt.Sprintf(b.w.More, list[last].Rows)
			b.worse(&list[last], c.ID)
			continue
		}
		s := scenario{ID: id, Name: c.Name, Lang: c.Language, File: c.File}
		if b.Features != "" {
			s.Link = b.Features + c.File
		}
		for _, line := range c.Steps {
			s.Steps = append(s.Steps, step{line.Keyword, line.Text})
		}
		b.worse(&s, c.ID)
		list = append(list, s)
	}
	slices.SortStableFunc(list, func(x, y scenario) int { // those in the page's language first
		return cmp.Compare(b.foreign(x.Lang), b.foreign(y.Lang))
	})
	return list
}

func (b *builder) foreign(lang string) int {
	if lang == string(b.lang) {
		return 0
	}
	return 1
}

// worse notes the outcome of one more row if it is worse than those before.
func (b *builder) worse(s *scenario, id string) {
	if b.Results == nil {
		return
	}
	order := []verdict.Outcome{"", verdict.Passed, verdict.Skipped, verdict.Inconclusive, verdict.Broken, verdict.Failed}
	if row, isRow := strings.CutPrefix(id, s.ID+"["); isRow && b.Results.outcomes[id] == verdict.Failed {
		failed := failedRow{Name: strings.TrimSuffix(row, "]")}
		if b.Report != "" {
			failed.Link = b.Report + "#" + report.Anchor(id)
		}
		s.Failed = append(s.Failed, failed)
	}
	if o := b.Results.outcomes[id]; slices.Index(order, o) > slices.Index(order, verdict.Outcome(s.Outcome)) {
		s.Outcome, s.OutcomeWord = string(o), b.w.Outcomes[o]
	}
}

// example shows a clause: by an exchange of the run, or by the description's named examples.
func (b *builder) example(c verdict.Clause) *example {
	if b.Results != nil {
		if e, has := b.Results.examples[c.ID]; has {
			return &example{Request: e.request, Response: e.response, Recorded: true}
		}
	}
	op, status, code := b.shownBy(c)
	d, known := b.Contract.Describe(op)
	if !known {
		return nil
	}
	nothing := slices.ContainsFunc(b.metadataOf(c).Parameters, func(p steps.Parameter) bool { return p.How == steps.Unknown })
	var best *contract.Example
	for _, r := range d.Responses {
		for _, e := range r.Examples {
			if r.Status != status || code != "" && e.Code != code {
				continue
			}
			if best == nil || nothing && strings.Contains(e.JSON, "[]") { // what does not exist is in no list
				best = &e
			}
		}
	}
	if best == nil {
		return nil
	}
	return &example{Request: b.request(c, op, d), Response: statusLine(status) + "\nContent-Type: application/json\n\n" + best.JSON}
}

// shownBy finds the operation, status and code by which a clause is best shown: those
// of the pair it documents, those its scenario wants, those of the response it points into, or a success.
func (b *builder) shownBy(c verdict.Clause) (op wire.Operation, status int, code string) {
	operations := b.Contract.Operations()
	if own, has := b.Contract.Operation(c.Operation); has {
		operations = []wire.Operation{own}
	}
	metadata := b.metadataOf(c)
	if len(metadata.Actions) > 0 && c.Operation == "" {
		if called, known := b.Contract.Operation(metadata.Actions[0]); known { // the operation that the scenario calls comes first
			operations = append([]wire.Operation{called}, operations...)
		}
	}
	for _, op := range operations {
		for _, p := range b.Contract.Pairs(op) {
			if p.Clause == c.ID && b.hasExample(op, p.Code) {
				return op, p.Status, p.Code
			}
		}
	}
	for _, op := range operations {
		for _, p := range metadata.Pairs {
			if p.Code != "" && b.hasExample(op, p.Code) {
				return op, p.Status, p.Code
			}
		}
	}
	for _, op := range operations {
		d, _ := b.Contract.Describe(op)
		for _, r := range d.Responses {
			if slices.ContainsFunc(c.Pointers, func(p string) bool { return p == r.Pointer || strings.HasPrefix(p, r.Pointer+"/") }) {
				return op, r.Status, ""
			}
		}
	}
	for _, status := range b.Contract.Statuses(operations[0]) {
		if len(metadata.Statuses) > 0 && within(metadata.Statuses[0], status) {
			return operations[0], status, ""
		}
	}
	return operations[0], 200, ""
}

// hasExample reports whether the description has a named example of an operation's error.
func (b *builder) hasExample(op wire.Operation, code string) bool {
	d, _ := b.Contract.Describe(op)
	return slices.ContainsFunc(d.Responses, func(r contract.ResponseExcerpt) bool {
		return slices.ContainsFunc(r.Examples, func(e contract.Example) bool { return e.Code == code })
	})
}

// metadataOf returns what the first scenario under the clause's rule, or that bears it, says.
func (b *builder) metadataOf(c verdict.Clause) steps.Metadata {
	cases := b.by[c.ID]
	if len(cases) == 0 {
		return steps.Metadata{}
	}
	first := cases[0]
	if i := slices.IndexFunc(cases, func(s suite.Case) bool { return s.Clauses[0] == c.ID }); i >= 0 {
		first = cases[i]
	}
	var all steps.Metadata
	for _, s := range first.Steps {
		one := s.Match.Metadata()
		all.Actions = append(all.Actions, one.Actions...)
		all.Statuses = append(all.Statuses, one.Statuses...)
		all.Pairs = append(all.Pairs, one.Pairs...)
		all.Parameters = append(all.Parameters, one.Parameters...)
	}
	return all
}

// within reports whether a status is the one named, or of the class named, as 4xx.
func within(class string, status int) bool {
	return class == strconv.Itoa(status/100)+"xx" || class == strconv.Itoa(status)
}

// request writes the operation's named example of a request, altered as the clause's
// scenario says: a parameter left out, or sent with another value.
func (b *builder) request(c verdict.Clause, op wire.Operation, d contract.Description) string {
	lines := []string{"POST " + op.Path}
	for _, h := range d.Headers {
		if h.Required {
			lines = append(lines, h.Name+": "+h.Example)
		}
	}
	lines = append(lines, "Content-Type: application/json", "")
	if len(d.Examples) > 0 {
		lines = append(lines, alter(d.Examples[0].JSON, b.metadataOf(c).Parameters))
	}
	return strings.Join(lines, "\n")
}

func alter(body string, parameters []steps.Parameter) string {
	members := map[string]json.RawMessage{}
	if json.Unmarshal([]byte(body), &members) != nil {
		return body
	}
	for _, p := range parameters {
		switch {
		case p.How == steps.Absent && p.Name == "":
			clear(members)
		case p.How == steps.Absent:
			delete(members, p.Name)
		case p.How == steps.AsJSON && len(p.JSON) <= alteredLimit:
			members[p.Name] = json.RawMessage(p.JSON)
		}
	}
	text, err := json.Marshal(members)
	if err != nil {
		return body
	}
	return readable(text)
}

// alteredLimit is how long a value may be that an example shows, in bytes: the point of
// a longer one is its length.
const alteredLimit = 80
