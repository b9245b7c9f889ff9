package cli

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/zec-tools/conformance/internal/plan"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/table"
	"github.com/zec-tools/conformance/internal/verdict"
)

// planWidth is how many columns the plan takes at most.
const planWidth = 80

// planPage writes lines of at most planWidth columns.
type planPage struct{ *bufio.Writer }

func (p planPage) line(format string, args ...any) {
	fmt.Fprintln(p, table.Cut(strings.TrimRight(fmt.Sprintf(format, args...), " "), planWidth))
}

// showPlan prints what a run costs, by groups.
func showPlan(out io.Writer, p plan.Plan) error {
	page := planPage{bufio.NewWriter(out)}
	own, changes, steps := shares(p)
	page.line("target     %s at %s", p.Target, p.Endpoint)
	page.line("scenarios  %d would run, %d would be skipped", len(p.Scenarios), len(p.Skipped))
	if changes+steps > 0 {
		page.line("           %d send requests, %d are judged by the changes of another,", own, changes)
		page.line("           %d repeat steps that another one performs", steps)
	}
	page.line("changes    %d of listed %s, and %s more to restore them", p.Resizes.Least, p.Several, p.Back)
	if p.Resizes.Least > 0 {
		page.line("           %d at most, then the run stops", p.Resizes.Most)
	}
	page.line("requests   about %d, plus about %d polls while changes run", p.Requests.Least, p.Polls)
	page.line("time       about %s at %g requests a second", seconds(p.Seconds.Least), p.Rate)
	if p.Resizes.Least > 0 {
		page.line("           %s for each change, %s", seconds(p.Usual.Seconds), sourceOf(p.Usual))
		page.line("           %s at most, if each change took all of resizeTimeout (%s)", seconds(p.Seconds.Most), seconds(p.Timeout))
	}
	showChanges(page, p)
	if err := showFeatures(page, p); err != nil {
		return err
	}
	showSkipped(page, p)
	showWithheld(page, p)
	page.line("")
	page.line("--verbose lists every scenario with its calls, --json gives all of it.")
	return page.Flush()
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

func sourceOf(u plan.Usual) string {
	if u.Source == "" {
		return "an assumption: there is no report yet"
	}
	return "as " + u.Source + " shows"
}

// showChanges lists the scenarios that change instances, with those that share that.
func showChanges(page planPage, p plan.Plan) {
	sharing := map[string]int{}
	for _, s := range p.Scenarios {
		if s.Shared != nil && s.Shared.How == string(verdict.SharedChanges) {
			sharing[s.Shared.Scenario]++
		}
	}
	first := true
	for _, s := range p.Scenarios {
		if s.Changes == 0 || s.Shared != nil {
			continue
		}
		if first {
			page.line("")
			page.line("CHANGES  BY")
			first = false
		}
		more := ""
		if n := sharing[s.ID]; n > 0 {
			more = fmt.Sprintf(", shared by %d more", n)
		}
		page.line("%7d  %s%s", s.Changes, s.ID, more)
	}
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
	if len(rows) == 0 {
		return nil
	}
	var cells [][]any
	for _, r := range rows {
		cells = append(cells, []any{r.file, r.scenarios, r.shared, r.changes, r.request})
	}
	page.line("")
	return table.Layout{Width: planWidth, Columns: []int{36}}.Write(page, []any{"feature", "scenarios", "sharing", "changes", "requests"}, cells)
}

// showSkipped groups what would be skipped by what would let it run.
func showSkipped(page planPage, p plan.Plan) {
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
	for i, g := range groups {
		if i == 0 {
			page.line("")
			page.line("SKIPPED  CONFIGURE THIS TO RUN THEM")
		}
		page.line("%7d  %s", g.count, cmp.Or(g.unlock, "none: "+g.reason))
	}
}

// showWithheld lists the scenarios with a call that may not leave: they end the run as broken.
func showWithheld(page planPage, p plan.Plan) {
	first := true
	for _, s := range p.Scenarios {
		i := slices.IndexFunc(s.Calls, func(c plan.Call) bool { return c.Withheld != "" })
		if i < 0 {
			continue
		}
		if first {
			page.line("")
			page.line("BLOCKED: the run would end as broken; --verbose shows the calls")
			first = false
		}
		page.line("%s: %s", s.ID, s.Calls[i].Withheld)
	}
}

// listPlan prints every scenario with its calls, on a terminal of so many columns; 0: no terminal.
func listPlan(out io.Writer, p plan.Plan, width int) error {
	if err := showPlan(out, p); err != nil {
		return err
	}
	fmt.Fprintln(out)
	var calls, skipped [][]any
	for _, s := range p.Scenarios {
		for _, c := range s.Calls {
			calls = append(calls, []any{s.ID, c.Action, c.Times, meant(c), to(c), on(p, c)})
		}
		switch {
		case s.Shared != nil:
			calls = append(calls, []any{s.ID, "none", "", sharing(*s.Shared)})
		case len(s.Calls) == 0:
			calls = append(calls, []any{s.ID, "reads only"})
		}
	}
	for _, s := range p.Skipped {
		skipped = append(skipped, []any{s.ID, s.Reason})
	}
	layout := table.Layout{Width: width, Columns: []int{width / 3, width / 4}}
	err := layout.Write(out, []any{"scenario", "calls", "times", "expected", "to", "on"}, calls)
	if err != nil || len(skipped) == 0 {
		return err
	}
	fmt.Fprintln(out)
	return layout.Write(out, []any{"skipped", "why"}, skipped)
}

func sharing(s plan.Shared) string {
	if s.How == string(verdict.SharedChanges) {
		return "judged by the changes of " + s.Scenario
	}
	return s.Scenario + " performs all of its steps"
}

func on(p plan.Plan, c plan.Call) string {
	switch {
	case c.Withheld != "":
		return "-"
	case len(c.Instances) == 0:
		return p.One + " that does not exist"
	case len(c.Instances) == 1:
		return c.Instances[0]
	default:
		return c.Instances[0] + " or, if it is in use, " + strings.Join(c.Instances[1:], ", ")
	}
}

func to(c plan.Call) string {
	if len(c.Types) == 0 {
		return c.To
	}
	return c.To + " of " + strings.Join(c.Types, ", ")
}

func meant(c plan.Call) string {
	switch {
	case c.Withheld != "":
		return "blocked: " + c.Withheld
	case c.Refused:
		return "a refusal"
	case c.Harmless:
		return "no change"
	default:
		return "a change, then a restore"
	}
}

// usualOf returns how long a change takes by the report in a folder, if it is one of the
// target: the median, from the call to the first status that then stayed.
func usualOf(folder, target string) plan.Usual {
	file := filepath.Join(folder, "report.json")
	read, err := report.Open(file)
	if err != nil {
		return plan.Usual{}
	}
	defer func() { _ = read.Close() }() // nothing was written
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
