package report

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/table"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// The labels of findings that fail nothing.
const (
	waivedLabel verdict.Outcome = "waived"
	shouldLabel verdict.Outcome = "should"
)

// The maximum number of groups of each kind on a terminal, so that they fit on a screen. The
// reports have all of them.
const (
	findingsShown = 8
	reasonsShown  = 8
)

// Terminal writes the result of a run to a terminal until the first error, which it stores.
type Terminal struct {
	Colours
	Width  int // of the terminal, for folding texts; commands are not folded, so that they can be copied. 0 means that there is no terminal
	w      io.Writer
	reader *Reader
	told   gathered
	lang   Language
	err    error
}

// NewTerminal reads what it will write.
func NewTerminal(w io.Writer, b *Reader, c Colours) (*Terminal, error) {
	told, err := gather(b)
	return &Terminal{Colours: c, w: w, reader: b, told: told, lang: b.language()}, err
}

// Scenarios lists every scenario.
func (t *Terminal) Scenarios() error {
	for s, err := range t.reader.some(every, outline) {
		if err != nil {
			return err
		}
		t.scenario(s)
	}
	t.printf("\n")
	return t.err
}

// Causes writes what is wrong and why scenarios were not judged, each cause once.
func (t *Terminal) Causes() error {
	findings := t.told.findings.list
	for _, g := range findings[:min(len(findings), findingsShown)] {
		t.finding(g)
	}
	if left := len(findings) - findingsShown + t.told.findings.left; left > 0 {
		t.say(ttyMoreFindings, left)
	}
	t.reasons(t.told.doubts)
	t.reasons(t.told.skipped)
	if len(findings)+len(t.told.doubts.list)+len(t.told.skipped.list) > 0 {
		t.printf("\n")
	}
	return t.err
}

// Conclusion writes the verdict, the run in numbers, and what to do next.
func (t *Terminal) Conclusion(files []string) error {
	t.counts(t.reader.Head)
	t.line(ttyReports, strings.Join(files, " "))
	t.next(files)
	return t.err
}

func (t *Terminal) printf(format string, args ...any) {
	if t.err == nil {
		_, t.err = fmt.Fprintf(t.w, format, args...)
	}
}

func (t *Terminal) in(text phrase, args ...any) string { return text.In(t.lang, args...) }

// say prints a text as a line.
func (t *Terminal) say(text phrase, args ...any) { t.printf("%s\n", t.in(text, args...)) }

// line prints a text after its name, which has its own column.
func (t *Terminal) line(name phrase, text string) {
	t.folded(table.Pad(t.in(name), nameColumns), nameColumns, text)
}

// command prints a command after its name, unfolded.
func (t *Terminal) command(name phrase, text string) {
	t.printf("%s%s\n", table.Pad(t.in(name), nameColumns), text)
}

// folded prints a text after a label of the given width, folded.
func (t *Terminal) folded(label string, cells int, text string) {
	for i, line := range table.Fold(text, t.Width-cells) {
		if i > 0 {
			label = table.Pad("", cells)
		}
		t.printf("%s%s\n", label, line)
	}
}

// indented prints a text that belongs to the line above.
func (t *Terminal) indented(text string) {
	const cells = 4
	t.folded(table.Pad("", cells), cells, text)
}

// labelled prints a text after an outcome.
func (t *Terminal) labelled(o verdict.Outcome, text string) {
	t.folded(t.outcome(o)+"  ", outcomeColumns+2, text)
}

// findingIn formats a finding.
func (t *Terminal) findingIn(f verdict.Finding) string {
	if t.lang != Chinese {
		return Plain(f.Error())
	}
	text := t.in(ttyFinding, f.Clause, f.Source, f.Where, verdict.Shown(f.Want), verdict.Shown(f.Got))
	if f.Place != "" {
		text += t.in(mdBrackets, f.Place)
	}
	if f.Waived != "" {
		text += t.in(mdBrackets, t.in(textWaivedFor, f.Waived))
	}
	return Plain(text)
}

// outcome formats an outcome as a column.
func (t *Terminal) outcome(o verdict.Outcome) string {
	return t.OutcomeAs(o, table.Pad(t.in(wordOf(string(o))), outcomeColumns))
}

// scenario prints the result of a scenario and each of its findings.
func (t *Terminal) scenario(s verdict.Scenario) {
	t.labelled(s.Outcome, Plain(s.ID)+"  "+Plain(s.Name))
	if s.Reason != "" && s.Outcome != verdict.Failed {
		t.indented(Plain(language.Read(s.Reason).In(t.lang)))
	}
	for _, f := range s.Findings {
		t.indented(t.findingIn(f))
		t.identified(f)
	}
	if s.Outcome != verdict.Passed {
		t.again(fmt.Sprintf("%s:%d", s.File, s.Line), s.Repeat)
	}
}

func (t *Terminal) finding(g *group) {
	label := verdict.Failed
	switch {
	case g.finding.Waived != "":
		label = waivedLabel
	case g.finding.Level == verdict.Should:
		label = shouldLabel
	}
	t.labelled(label, t.findingIn(g.finding))
	first := g.places[0]
	t.indented(Plain(first.scenario) + "  " + Plain(first.name))
	if more := g.among - 1; more > 0 {
		t.indented(t.in(ttyMoreCases, more, t.others(g)))
	}
	t.identified(g.finding)
	t.again(g.at, g.repeat)
}

// identified prints the request id of a finding for logs, and its fingerprint for waivers.
func (t *Terminal) identified(f verdict.Finding) {
	t.indented(t.in(ttyRequestID, cmp.Or(Plain(f.RequestID), t.in(ttyNone)), f.Fingerprint()))
}

// again prints the location of a scenario, and the command that runs it again.
func (t *Terminal) again(at, repeat string) {
	t.printf("    %s\n", t.in(ttyAgain, Plain(at), Plain(repeat)))
}

// others lists the scenarios of a group after the first, as far as a line has room.
func (t *Terminal) others(g *group) string {
	const room = 60 // characters on a line of 80
	var names []string
	length := 0
	for _, at := range g.places {
		name := Plain(at.scenario)
		if at.scenario == g.places[0].scenario || slices.Contains(names, name) {
			continue
		}
		if length += len(name) + 2; length > room && len(names) > 0 {
			return strings.Join(names, ", ") + ", …"
		}
		names = append(names, name)
	}
	if g.among-1 > len(names) {
		names = append(names, "…")
	}
	return strings.Join(names, ", ")
}

// reasons prints why scenarios were not judged, one line for each reason.
func (t *Terminal) reasons(told groups) {
	list := slices.SortedStableFunc(slices.Values(told.list), func(a, b *group) int { return cmp.Compare(b.total, a.total) })
	for _, g := range list[:min(len(list), reasonsShown)] {
		where := Plain(g.places[0].scenario)
		if g.among > 1 {
			where = t.in(textScenarios, g.among)
		}
		t.labelled(g.outcome, t.in(ttyBecause, where, Plain(language.Read(g.reason).In(t.lang))))
		if g.outcome == verdict.Broken {
			t.again(g.at, g.repeat)
		}
	}
	left := told.left
	for _, g := range list[min(len(list), reasonsShown):] {
		left += g.total
	}
	if left > 0 {
		t.labelled(list[0].outcome, t.in(ttyMoreReasons, left))
	}
}

// counts prints the verdict and the run in numbers.
func (t *Terminal) counts(r verdict.Run) {
	s, c := r.Summary.Scenarios, r.Summary.Clauses
	at := ttyAt
	if r.Target.Endpoint == "" { // the recording has no requests to the API
		at = ttyNowhere
	}
	t.say(at, t.VerdictAs(r.Verdict, Verdict(r.Verdict, t.lang)), Plain(r.Target.Name), Plain(r.Target.Endpoint))
	if r.Verdict == verdict.SelectedPassed {
		t.line(ttySelected, t.in(ttySelectedSays, r.Selection.Selected, r.Selection.Available, c.Unproved, c.Total-c.Untestable))
	}
	if r.Recording != nil {
		t.recording(*r.Recording, c)
		return
	}
	if n := r.Selection.Resumed; n > 0 {
		t.line(ttyResumed, t.in(ttyResumedSays, n))
	}
	if r.Selection.Ended != "" {
		t.line(ttyEnded, t.in(ttyEndedSays, language.Read(r.Selection.Ended)))
	}
	t.line(ttyScenarios, t.counted(s.Total, scenarioParts(s)))
	t.line(ttyClauses, t.counted(c.Total, clauseParts(c)))
	t.line(ttyExchanges, t.in(ttyExchangesIn, r.Summary.Exchanges, r.Volatile.Duration.Round(time.Millisecond)))
}

// recording prints what recorded traffic shows, and what it does not.
func (t *Terminal) recording(r verdict.Recording, c verdict.ClauseCounts) {
	t.line(ttyEntries, t.numbers(r.Entries, []named{{r.Judged, ttyJudged}, {r.Others, ttyOthers}, {r.Duplicates, ttyTwice}}))
	for _, cause := range slices.Sorted(maps.Keys(r.NoEvidence)) {
		t.line(phrase{"", ""}, t.in(ttySayNothing, r.NoEvidence[cause], cause))
	}
	for _, text := range r.Unreadable {
		t.line(ttyUnreadable, Plain(text))
	}
	if r.Judged == 0 {
		t.line(phrase{"", ""}, t.in(ttyNothingSaid))
	}
	for _, text := range r.Unshown {
		t.line(ttyNotShown, Plain(text))
	}
	t.line(ttyClauses, t.numbers(c.Total, []named{{c.Proved, ttyKept}, {c.Broken, wordOf(verdict.Violated.String())},
		{c.Unproved, ttyNotAsked}, {c.Untestable, wordOf(string(verdict.Untestable))}}))
}

// next prints what to do about the first problem: what to read, the command that repeats it, the
// report to open.
func (t *Terminal) next(files []string) {
	first := slices.Concat(t.told.findings.list, t.told.doubts.list, t.told.skipped.list)
	if len(first) == 0 || len(files) == 0 {
		return
	}
	open := files[0]
	for _, file := range files {
		if strings.HasSuffix(file, ".html") {
			open = file
		}
	}
	g := first[0]
	name, read, repeat := ttyRead, language.Read(g.reason).In(t.lang), cmp.Or(t.reader.Head.Repeat, g.repeat)
	switch {
	case g.finding.Clause != "":
		read, repeat = t.in(ttyReadClause, g.finding.Clause, t.clause(g.finding.Clause)), g.repeat
	case g.cause != "":
		name, read = ttyFix, t.in(ttyReadClause, string(g.cause), cmp.Or(t.in(language.Advice(g.cause)), t.in(ttyNoWord)))
	case g.outcome == verdict.Skipped:
		read = t.in(ttyLacks)
	}
	if g.among == 1 && g.outcome != verdict.Skipped { // it would be skipped again
		repeat = g.repeat
	}
	if g.cause == wire.CauseInterrupted && t.reader.Head.Repeat != "" {
		repeat = t.reader.Head.Repeat + " --resume"
	}
	t.printf("\n")
	t.line(name, Plain(read))
	t.command(ttyRepeat, Plain(repeat))
	t.command(ttyOpen, open)
}

// clause returns the text of a clause.
func (t *Terminal) clause(id string) string {
	for _, c := range t.reader.Head.Clauses {
		if c.ID == id {
			if t.lang == Chinese && c.TextZh != "" {
				return c.TextZh
			}
			return c.Text
		}
	}
	return ""
}

// named is a number with the name of what it counts.
type named struct {
	n    int
	what phrase
}

func (t *Terminal) counted(total int, parts []part) string {
	var all []named
	for _, p := range parts {
		all = append(all, named{p.n, wordOf(p.kind)})
	}
	return t.numbers(total, all)
}

// numbers joins numbers with their names, omitting zeros.
func (t *Terminal) numbers(total int, parts []named) string {
	texts := []string{t.in(ttyInAll, total)}
	for _, p := range parts {
		if p.n > 0 {
			texts = append(texts, t.in(textKindN, p.n, p.what))
		}
	}
	return strings.Join(texts, t.in(ttyComma))
}

// The columns of the terminal output.
const (
	nameColumns    = 11
	outcomeColumns = 12
)
