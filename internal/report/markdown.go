package report

import (
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/verdict"
)

// Size limits for report.md in bytes. GitHub rejects a job summary above 1 MiB; everything except
// the tables stays far below the remainder.
const (
	findingsBudget = 500 << 10
	listBudget     = 150 << 10
)

// writeMarkdown writes the run for a job summary: first what is wrong, each cause once.
func writeMarkdown(w io.Writer, b *Reader) error {
	told, err := gather(b)
	if err != nil {
		return err
	}
	m := markdown{language: b.language(), contract: b.Head.Contract}
	m.opening(b.Head)
	reasons := m.table(mdOutcome, mdReason, mdScenarios)
	m.section(textFindings, m.table(mdClause, textWhere, textWant, textGot, mdScenarios, textFingerprint, textRequestID), m.findingRows(told.findings, b.Head.Clauses))
	m.section(textUnjudged, reasons, m.reasonRows(told.doubts))
	m.section(mdViolated, "", m.clauseList(b.Head, verdict.Violated))
	m.section(mdUnproved, "", m.clauseList(b.Head, verdict.Unproved))
	m.section(mdSkipped, reasons, m.reasonRows(told.skipped))
	m.section(mdRepeat, "", repeats(told))
	m.closing(b.Head)
	_, err = io.WriteString(w, m.String())
	return err
}

// cutList collects rows up to a size limit, and counts those that did not fit.
type cutList struct {
	rows   strings.Builder
	budget int
	kept   int
	cut    int
}

// add adds a row that stands for n items. After a row that did not fit, it adds no further ones.
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

func (m *markdown) findingRows(found groups, clauses []verdict.ClauseResult) *cutList {
	list := &cutList{budget: findingsBudget}
	byID := map[string]verdict.Clause{}
	for _, c := range clauses {
		byID[c.ID] = c.Clause
	}
	for _, g := range found.list {
		list.add(g.total, func() string {
			f := g.finding
			clause := m.linked(byID[f.Clause], f.Clause)
			if f.Level == verdict.Should {
				clause = m.in(mdQualified, clause, textShould)
			}
			if f.Waived != "" {
				clause = m.in(mdQualified, clause, textWaived)
			}
			return row(clause, mdCode(f.Where), mdCode(verdict.Shown(f.Want)), mdCode(verdict.Shown(f.Got)), m.places(g), mdCode(f.Fingerprint()), mdCode(f.RequestID))
		})
	}
	list.cut += found.left
	return list
}

func (m *markdown) reasonRows(reasons groups) *cutList {
	list := &cutList{budget: listBudget}
	for _, g := range reasons.list {
		list.add(g.total, func() string {
			why := mdText(clip(language.Read(g.reason).In(m.language)))
			if advice := m.in(language.Advice(g.cause)); advice != "" {
				why += "<br>" + mdText(advice)
			}
			return row(mdText(m.in(wordOf(string(g.outcome)))), why, m.places(g))
		})
	}
	list.cut += reasons.left
	return list
}

// places lists the first scenarios of a group.
func (m *markdown) places(g *group) string {
	var names []string
	for _, at := range g.places {
		if name := mdCode(at.scenario); !slices.Contains(names, name) && len(names) < fewPlaces {
			names = append(names, name)
		}
	}
	text := strings.Join(names, " ")
	if g.among > len(names) {
		text += " " + m.in(mdMoreScenarios, g.among-len(names))
	}
	return text
}

// repeats lists the commands that run the first scenario of each cause again.
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

func (m *markdown) clauseList(head verdict.Run, status verdict.ClauseStatus) *cutList {
	list := &cutList{budget: listBudget / 2}
	for _, c := range head.Clauses {
		if c.Status == status {
			list.add(1, func() string {
				return "- **" + m.linked(c.Clause, c.ID) + "** " + mdText(m.stated(c.Clause)) + m.whence(head, c.Clause) + "\n"
			})
		}
	}
	return list
}

type markdown struct {
	strings.Builder
	language Language
	contract verdict.Document
}

func (m *markdown) in(t phrase, args ...any) string { return t.In(m.language, args...) }

// table returns the head of a table.
func (m *markdown) table(heads ...phrase) string {
	var cells []string
	for _, head := range heads {
		cells = append(cells, m.in(head))
	}
	return row(cells...) + strings.Repeat("|---", len(heads)) + "|\n"
}

// stated returns the text of a clause.
func (m *markdown) stated(c verdict.Clause) string {
	if m.language == Chinese && c.TextZh != "" {
		return c.TextZh
	}
	return c.Text
}

// linked returns the id of a clause, with a link to the contract's pages.
func (m *markdown) linked(c verdict.Clause, id string) string {
	if page := PageOf(m.contract, c, m.language); page != "" && c.ID == id {
		return "[" + mdText(id) + "](" + page + ")"
	}
	return mdText(id)
}

// whence names the document that states a clause, with links.
func (m *markdown) whence(head verdict.Run, c verdict.Clause) string {
	doc, has := documentOf(head, c.Source)
	if !has {
		return ""
	}
	text := mdText(m.in(titled(doc)))
	switch addresses := addressesOf(doc, c.Operation); len(addresses) {
	case 0:
	case 1:
		text = "[" + text + "](" + addresses[0] + ")"
	default:
		for _, a := range addresses {
			text += " [" + mdText(path.Base(a)) + "](" + a + ")"
		}
	}
	if doc.Read != "" {
		text += m.in(mdComma) + mdText(m.in(readAt(doc)))
	}
	return m.in(mdBrackets, text)
}

func (m *markdown) opening(head verdict.Run) {
	fmt.Fprintf(m, "# %s\n\n", m.in(mdTitle, titleOf(head.Verdict), mdText(head.Target.Name)))
	for _, u := range head.Unrestored {
		fmt.Fprintf(m, "> [!CAUTION]\n> **%s**\n\n", mdText(m.in(leftOn(u, textLeft, textNotRestored, textKindLeft), u.Instance, u.Type, whyLeft(u), u.Value, kindOf(u))))
	}
	fmt.Fprintf(m, "%s\n\n", m.in(meaningOf(head.Verdict)))
	fmt.Fprintf(m, "%s\n\n", m.in(mdWhen, mdCode(head.Target.Endpoint), head.Volatile.Started.UTC().Format("2006-01-02 15:04:05 UTC"), brief(head.Volatile.Duration)))
	s, c := head.Summary.Scenarios, head.Summary.Clauses
	fmt.Fprintf(m, "| | %s | | | | | |\n|---|---|---|---|---|---|---|\n", m.in(mdTotal))
	m.WriteString(row(m.in(mdScenarios), strconv.Itoa(s.Total), m.number(s.Passed, verdict.Passed), m.number(s.Failed, verdict.Failed),
		m.number(s.Inconclusive, verdict.Inconclusive), m.number(s.Skipped, verdict.Skipped), m.number(s.Broken, verdict.Broken)))
	fmt.Fprintf(m, "| %s | %d |", m.in(mdClauses), c.Total)
	for _, part := range clauseParts(c) {
		fmt.Fprintf(m, " %s |", m.in(textKindN, part.n, wordOf(part.kind)))
	}
	m.WriteString(" |\n\n")
}

func (m *markdown) number(n int, o verdict.Outcome) string {
	return m.in(textKindN, n, wordOf(string(o)))
}

// section writes a list under its heading, or nothing if it is empty.
func (m *markdown) section(title phrase, table string, list *cutList) {
	if list.kept == 0 && list.cut == 0 {
		return
	}
	fmt.Fprintf(m, "## %s\n\n%s%s\n", m.in(mdHeading, title, list.kept+list.cut), table, list.rows.String())
	if list.cut > 0 {
		fmt.Fprintf(m, "**%s**\n\n", m.in(mdLeftOut, list.cut))
	}
}

func (m *markdown) closing(head verdict.Run) {
	fmt.Fprintf(m, "---\n\n%s\n", m.in(mdMadeBy, mdText(head.Tool.Name), mdText(head.Tool.Version), mdText(head.Contract.Title), mdText(head.Contract.Version),
		digest(head.Contract.SHA256), digest(head.Features.SHA256), head.Selection.Selected, head.Selection.Available, head.Selection.Seed))
}

func row(cells ...string) string { return "| " + strings.Join(cells, " | ") + " |\n" }

// mdText escapes a text inside a line of Markdown: no markup, no HTML, no mentions, no end of a
// table cell.
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
			if strings.HasSuffix(b.String(), ":") { // ::error would be a command if a log shows it
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

// mdCode formats a text as code. If the text has pipes, backticks or HTML, which a code span in a
// table cannot contain, it uses an element in which all special characters are entities.
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

// clip shortens a text to one line that fits into a table cell.
func clip(text string) string {
	const cell = 600 // characters
	return short(oneLine(text[:min(len(text), 8*cell)]), cell)
}

func isWord(r rune) bool {
	return r == ' ' || r == '-' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
}

// digest shortens a SHA-256 to what distinguishes two texts.
func digest(sha string) string { return mdCode(short(sha, 13)) }

// brief rounds a duration for display.
func brief(d time.Duration) string {
	switch {
	case d < 10*time.Millisecond:
		return d.Round(10 * time.Microsecond).String()
	case d < 10*time.Second:
		return d.Round(time.Millisecond).String()
	}
	return d.Round(100 * time.Millisecond).String()
}
