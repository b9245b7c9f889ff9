package cli

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/plan"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/table"
	"github.com/zec-tools/conformance/internal/verdict"
)

// planWidth is the maximum width of the plan.
const planWidth = 80

// planPage writes a plan in one language, at most planWidth columns wide.
type planPage struct {
	*bufio.Writer
	in language.Language
}

// nameColumns is the width of the column of names, which precedes the figures.
const nameColumns = 11

// line writes a text of the catalogue after a name, folded. Without a name, it continues the line
// above.
func (p planPage) line(name, text string, args ...any) {
	if name != "" {
		name = p.in.Say(name)
	}
	for _, part := range table.Fold(p.in.Say(text, args...), planWidth-nameColumns) {
		fmt.Fprintln(p, table.Pad(name, nameColumns)+part)
		name = ""
	}
}

// rows writes a table after a blank line, with a head in words of the catalogue. It writes nothing
// if there are no rows.
func (p planPage) rows(rows [][]any, layout table.Layout, head ...string) error {
	if len(rows) == 0 {
		return nil
	}
	fmt.Fprintln(p)
	var names []any
	for _, name := range head {
		names = append(names, p.in.Say(name))
	}
	return layout.Write(p, names, rows)
}

// folded folds a text of the last column. Its lines are read as one text.
func (p planPage) folded(text string) string {
	return strings.Join(table.Fold(text, planWidth-nameColumns), "\n")
}

// showPlan prints the cost of a run, by groups.
func showPlan(page planPage, p plan.Plan) error {
	own, changes, steps := shares(p)
	page.line("target", "{0} at {1}", p.Target, p.Endpoint)
	page.line("scenarios", "{0} would run, {1} would be skipped", len(p.Scenarios), len(p.Skipped))
	if changes+steps > 0 {
		page.line("", "{0} send requests, {1} are judged by the changes of another, {2} repeat steps that another one performs", own, changes, steps)
	}
	page.line("changes", "{0} of listed {1}, and {2} more to restore them", p.Resizes.Least, language.Word(p.Several), ranged(p.Back))
	if p.Resizes.Least > 0 {
		page.line("", "{0} at most, then the run stops", p.Resizes.Most)
	}
	page.line("requests", "about {0}, plus about {1} polls while changes run", p.Requests.Least, p.Polls)
	page.line("time", "about {0} at {1} requests a second", seconds(p.Seconds.Least), p.Rate)
	if p.Resizes.Least > 0 {
		page.line("", "{0} for each change, {1}", seconds(p.Usual.Seconds), sourceOf(p.Usual))
		page.line("", "{0} at most, if each change took all of resizeTimeout ({1})", seconds(p.Seconds.Most), seconds(p.Timeout))
	}
	err := errors.Join(showChanges(page, p), showFeatures(page, p), showSkipped(page, p), showWithheld(page, p))
	fmt.Fprintln(page)
	for _, line := range table.Fold(page.in.Say("--verbose lists every scenario with its calls, --json gives all of it."), planWidth) {
		fmt.Fprintln(page, line)
	}
	return errors.Join(err, page.Flush())
}

// ranged formats a number, or both ends of a range.
func ranged(r plan.Range) language.Phrase {
	if r.Least == r.Most {
		return language.Quoted(strconv.Itoa(r.Least))
	}
	return language.Said("{0} to {1}", r.Least, r.Most)
}

// shares counts the scenarios that send requests themselves, and those that do not.
func shares(p plan.Plan) (own, changes, steps int) {
	for _, s := range p.Scenarios {
		switch {
		case s.Shared == nil:
			own++
		case s.Shared.How == string(verdict.SharedChanges):
			changes++
		default:
			steps++
		}
	}
	return own, changes, steps
}

func seconds(n int) string { return (time.Duration(n) * time.Second).String() }

func sourceOf(u plan.Usual) language.Phrase {
	if u.Source == "" {
		return language.Said("an assumption: there is no report yet")
	}
	return language.Said("as {0} shows", u.Source)
}

// showChanges lists the scenarios that change instances, with those that share the changes.
func showChanges(page planPage, p plan.Plan) error {
	sharing := map[string]int{}
	for _, s := range p.Scenarios {
		if s.Shared != nil && s.Shared.How == string(verdict.SharedChanges) {
			sharing[s.Shared.Scenario]++
		}
	}
	var rows [][]any
	for _, s := range p.Scenarios {
		if s.Changes == 0 || s.Shared != nil {
			continue
		}
		by := s.ID
		if n := sharing[s.ID]; n > 0 {
			by = page.in.Say("{0}, shared by {1} more", s.ID, n)
		}
		rows = append(rows, []any{s.Changes, by})
	}
	return page.rows(rows, table.Layout{Width: planWidth}, "changes", "by")
}

// showFeatures adds up the scenarios of each file.
func showFeatures(page planPage, p plan.Plan) error {
	type row struct {
		file                                string
		scenarios, shared, changes, request int
	}
	var rows []*row
	for _, s := range p.Scenarios {
		i := slices.IndexFunc(rows, func(r *row) bool { return r.file == s.Feature })
		if i < 0 {
			i = len(rows)
			rows = append(rows, &row{file: s.Feature})
		}
		r := rows[i]
		r.scenarios++
		if s.Shared != nil {
			r.shared++
			continue
		}
		r.changes, r.request = r.changes+s.Changes, r.request+s.Requests
	}
	var cells [][]any
	for _, r := range rows {
		cells = append(cells, []any{r.file, r.scenarios, r.shared, r.changes, r.request})
	}
	return page.rows(cells, table.Layout{Width: planWidth, Columns: []int{36}}, "feature", "scenarios", "sharing", "changes", "requests")
}

// showSkipped groups the skipped scenarios by what would let them run.
func showSkipped(page planPage, p plan.Plan) error {
	type group struct {
		unlock, reason string
		count          int
	}
	var groups []*group
	for _, s := range p.Skipped {
		i := slices.IndexFunc(groups, func(g *group) bool {
			return g.unlock == s.Unlock && (s.Unlock != "" || g.reason == s.Reason)
		})
		if i < 0 {
			i = len(groups)
			groups = append(groups, &group{unlock: s.Unlock, reason: s.Reason})
		}
		groups[i].count++
	}
	slices.SortStableFunc(groups, func(a, b *group) int { return cmp.Compare(b.count, a.count) })
	var rows [][]any
	for _, g := range groups {
		rows = append(rows, []any{g.count, page.folded(cmp.Or(g.unlock, page.in.Say("none: {0}", language.Read(g.reason))))})
	}
	return page.rows(rows, table.Layout{Width: planWidth}, "skipped", "configure this to run them")
}

// showWithheld lists the scenarios with a call that may not be sent. They end the run as broken.
func showWithheld(page planPage, p plan.Plan) error {
	var rows [][]any
	for _, s := range p.Scenarios {
		if i := slices.IndexFunc(s.Calls, func(c plan.Call) bool { return c.Withheld != "" }); i >= 0 {
			rows = append(rows, []any{page.folded(s.ID + ": " + s.Calls[i].Withheld)})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	fmt.Fprintf(page, "\n%s\n", page.in.Say("BLOCKED: the run would end as broken; --verbose shows the calls"))
	return table.Layout{Width: planWidth}.Write(page, nil, rows)
}

// listPlan prints every scenario with its calls, on a terminal of the given width; 0 means that
// there is no terminal.
func listPlan(page planPage, p plan.Plan, width int) error {
	if err := showPlan(page, p); err != nil {
		return err
	}
	var calls, skipped [][]any
	for _, s := range p.Scenarios {
		for _, c := range s.Calls {
			calls = append(calls, []any{s.ID, c.Action, ranged(c.Times).In(page.in), meant(c).In(page.in), to(c).In(page.in), on(p, c).In(page.in)})
		}
		switch {
		case s.Shared != nil:
			calls = append(calls, []any{s.ID, page.in.Say("none"), "", sharing(*s.Shared).In(page.in)})
		case len(s.Calls) == 0:
			calls = append(calls, []any{s.ID, page.in.Say("reads only")})
		}
	}
	for _, s := range p.Skipped {
		skipped = append(skipped, []any{s.ID, language.Read(s.Reason).In(page.in)})
	}
	layout := table.Layout{Width: width, Columns: []int{width / 3, width / 4}}
	err := page.rows(calls, layout, "scenario", "calls", "times", "expected", "to", "on")
	return errors.Join(err, page.rows(skipped, layout, "skipped", "why"), page.Flush())
}

func sharing(s plan.Shared) language.Phrase {
	if s.How == string(verdict.SharedChanges) {
		return language.Said("judged by the changes of {0}", s.Scenario)
	}
	return language.Said("{0} performs all of its steps", s.Scenario)
}

func on(p plan.Plan, c plan.Call) language.Phrase {
	switch {
	case c.Withheld != "":
		return language.Quoted("-")
	case len(c.Instances) == 0:
		return language.Said("{0} that does not exist", language.Word(p.One))
	case len(c.Instances) == 1:
		return language.Quoted(c.Instances[0])
	default:
		return language.Said("{0} or, if it is in use, {1}", c.Instances[0], strings.Join(c.Instances[1:], ", "))
	}
}

func to(c plan.Call) language.Phrase {
	what := language.Word(c.To)
	if len(c.Types) == 0 {
		return what
	}
	return language.Said("{0} of these: {1}", what, strings.Join(c.Types, ", "))
}

func meant(c plan.Call) language.Phrase {
	switch {
	case c.Withheld != "":
		return language.Said("blocked: {0}", c.Withheld)
	case c.Refused:
		return language.Said("a refusal")
	case c.Harmless:
		return language.Said("no change")
	default:
		return language.Said("a change, then a restore")
	}
}

// usualOf returns how long a change usually takes according to the report in a folder, if the
// report is about the target. It is the median time from the call to the final status.
func usualOf(folder, target string) plan.Usual {
	file := filepath.Join(folder, "report.json")
	read, err := report.Open(file)
	if err != nil {
		return plan.Usual{}
	}
	defer func() { _ = read.Close() }() // it was only read
	if read.Head.Target.Name != target {
		return plan.Usual{}
	}
	var took []time.Duration
	for s, err := range read.Scenarios() {
		if err != nil {
			return plan.Usual{}
		}
		for _, t := range s.Trajectories {
			if d := t.Took(); d > 0 && s.Outcome == verdict.Passed {
				took = append(took, d)
			}
		}
	}
	if len(took) == 0 {
		return plan.Usual{}
	}
	slices.Sort(took)
	return plan.Usual{Seconds: int((took[len(took)/2] + time.Second - 1) / time.Second), Source: file}
}
