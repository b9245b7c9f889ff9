package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/zec-tools/conformance/internal/verdict"
)

// Budgets of report.md in bytes. GitHub refuses a job summary above 1 MiB; what is
// not a table stays far below what is left.
const (
	findingsBudget = 500 << 10
	listBudget     = 150 << 10
)

// writeMarkdown writes the run for a job summary: what is wrong first, each thing once.
func writeMarkdown(w io.Writer, b *Reader) error {
	told, err := gather(b)
	if err != nil {
		return err
	}
	m := markdown{}
	m.opening(b.Head)
	m.section("Findings", "| clause | where | want | got | scenarios | fingerprint | request id |\n|---|---|---|---|---|---|---|\n", findingRows(told.findings))
	m.section("Not judged", "| outcome | why | scenarios |\n|---|---|---|\n", reasonRows(told.doubts))
	m.section("Broken clauses", "", clauseList(b.Head.Clauses, verdict.Violated))
	m.section("Clauses without proof", "", clauseList(b.Head.Clauses, verdict.Unproved))
	m.section("Skipped", "| outcome | why | scenarios |\n|---|---|---|\n", reasonRows(told.skipped))
	m.section("Repeat", "", repeats(told))
	m.closing(b.Head)
	_, err = io.WriteString(w, m.String())
	return err
}

// cutList collects rows up to a budget and counts what found no place.
type cutList struct {
	rows   strings.Builder
	budget int
	kept   int
	cut    int
}

// add keeps one row that stands for n things; once a row found no place, no later one is made.
func (l *cutList) add(n int, make func() string) {
	if l.cut > 0 {
		l.cut += n
		return
	}
	row := make()
	if l.rows.Len()+len(row) > l.budget {
		l.cut += n
		return
	}
	l.rows.WriteString(row)
	l.kept += n
}

func findingRows(found groups) *cutList {
	list := &cutList{budget: findingsBudget}
	for _, g := range found.list {
		list.add(g.total, func() string {
			f := g.finding
			clause := f.Clause
			if f.Level == verdict.Should {
				clause += " (should)"
			}
			if f.Waived != "" {
				clause += " (waived)"
			}
			return row(mdText(clause), mdCode(f.Where), mdCode(f.Want), mdCode(f.Got), mdPlaces(g), mdCode(f.Fingerprint()), mdCode(f.RequestID))
		})
	}
	list.cut += found.left
	return list
}

func reasonRows(reasons groups) *cutList {
	list := &cutList{budget: listBudget}
	for _, g := range reasons.list {
		list.add(g.total, func() string { return row(mdText(string(g.outcome)), mdText(clip(g.reason)), mdPlaces(g)) })
	}
	list.cut += reasons.left
	return list
}

// mdPlaces names the first scenarios of a group.
func mdPlaces(g *group) string {
	var names []string
	for _, at := range g.places {
		if name := mdCode(at.scenario); !slices.Contains(names, name) && len(names) < fewPlaces {
			names = append(names, name)
		}
	}
	text := strings.Join(names, " ")
	if g.among > len(names) {
		text += fmt.Sprintf(" and %d more", g.among-len(names))
	}
	return text
}

// repeats are the commands that run the first scenario of each thing again.
func repeats(told gathered) *cutList {
	list := &cutList{budget: listBudget / 3}
	said := map[string]bool{}
	for _, g := range slices.Concat(told.findings.list, told.doubts.list) {
		if !said[g.repeat] {
			said[g.repeat] = true
			list.add(1, func() string { return "- " + mdCode(g.repeat) + "\n" })
		}
	}
	return list
}

func clauseList(clauses []verdict.ClauseResult, status verdict.ClauseStatus) *cutList {
	list := &cutList{budget: listBudget / 2}
	for _, c := range clauses {
		if c.Status == status {
			list.add(1, func() string { return "- **" + mdText(c.ID) + "** " + mdText(c.Text) + "\n" })
		}
	}
	return list
}

type markdown struct{ strings.Builder }

func (m *markdown) opening(head verdict.Run) {
	fmt.Fprintf(m, "# %s: %s\n\n", verdictTitle(head.Verdict), mdText(head.Target.Name))
	for _, u := range head.Unrestored {
		fmt.Fprintf(m, "> [!CAUTION]\n> **%s**\n\n", mdText(unrestoredText(u)))
	}
	fmt.Fprintf(m, "%s\n\n", verdictMeaning(head.Verdict))
	fmt.Fprintf(m, "%s, %s, took %s.\n\n", mdCode(head.Target.Endpoint),
		head.Volatile.Started.UTC().Format("2006-01-02 15:04:05 UTC"), brief(head.Volatile.Duration))
	s, c := head.Summary.Scenarios, head.Summary.Clauses
	m.WriteString("| | total | | | | | |\n|---|---|---|---|---|---|---|\n")
	fmt.Fprintf(m, "| scenarios | %d | %d passed | %d failed | %d inconclusive | %d skipped | %d broken |\n",
		s.Total, s.Passed, s.Failed, s.Inconclusive, s.Skipped, s.Broken)
	fmt.Fprintf(m, "| clauses | %d | %d proved | %d violated | %d unproved | %d untestable | |\n\n",
		c.Total, c.Proved, c.Broken, c.Unproved, c.Untestable)
}

// section writes a list under its heading, or nothing when there is nothing to list.
func (m *markdown) section(title, table string, list *cutList) {
	if list.kept == 0 && list.cut == 0 {
		return
	}
	fmt.Fprintf(m, "## %s (%d)\n\n%s%s\n", title, list.kept+list.cut, table, list.rows.String())
	if list.cut > 0 {
		fmt.Fprintf(m, "**%d more are left out here to keep this page small: report.json and report.html have them all.**\n\n", list.cut)
	}
}

func (m *markdown) closing(head verdict.Run) {
	fmt.Fprintf(m, "---\n\n%s %s, contract %s %s (%s), features %s, %d of %d scenarios selected, seed %d.\n",
		mdText(head.Tool.Name), mdText(head.Tool.Version), mdText(head.Contract.Title), mdText(head.Contract.Version),
		digest(head.Contract.SHA256), digest(head.Features.SHA256), head.Selection.Selected, head.Selection.Available, head.Selection.Seed)
}

func row(cells ...string) string { return "| " + strings.Join(cells, " | ") + " |\n" }

// mdText escapes a text for a line of Markdown that it does not begin: no markup,
// no HTML, no mention, no end of a table's cell.
func mdText(text string) string {
	var b strings.Builder
	for _, r := range oneLine(text) {
		switch r {
		case '\\', '`', '*', '_', '[', ']', '|', '~', '#', '$', '!':
			b.WriteByte('\\')
			b.WriteRune(r)
		case '<':
			b.WriteString("&lt;")
		case '>':
			b.WriteString("&gt;")
		case '&':
			b.WriteString("&amp;")
		case '@':
			b.WriteString("&#64;")
		case ':':
			if strings.HasSuffix(b.String(), ":") { // ::error is a command when a log shows it
				b.WriteString("&#58;")
				continue
			}
			b.WriteByte(':')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// mdCode shows a text as it is, as code. What a code span cannot hold inside a
// table or should not, pipes, backticks and HTML, is written as an element with every mark an entity.
func mdCode(text string) string {
	text = clip(text)
	if text == "" {
		return ""
	}
	if !strings.ContainsAny(text, "`|<>&") && !strings.Contains(text, "::") {
		return "`" + text + "`"
	}
	var b strings.Builder
	b.WriteString("<code>")
	for _, r := range text {
		if r < utf8.RuneSelf && !isWord(r) {
			fmt.Fprintf(&b, "&#%d;", r)
		} else {
			b.WriteRune(r)
		}
	}
	b.WriteString("</code>")
	return b.String()
}

// clip makes a text one line that fits into a cell.
func clip(text string) string {
	const cell = 600 // characters
	return short(oneLine(text[:min(len(text), 8*cell)]), cell)
}

func isWord(r rune) bool {
	return r == ' ' || r == '-' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
}

// digest shortens a SHA-256 to what tells two texts apart.
func digest(sha string) string { return mdCode(short(sha, 13)) }

// brief rounds a duration to what a reader takes in.
func brief(d time.Duration) string {
	switch {
	case d < 10*time.Millisecond:
		return d.Round(10 * time.Microsecond).String()
	case d < 10*time.Second:
		return d.Round(time.Millisecond).String()
	}
	return d.Round(100 * time.Millisecond).String()
}
