package report

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// How many groups of a kind the end of a run shows on a terminal: a screen has room for
// them, and the reports have them all.
const (
	findingsShown = 8
	reasonsShown  = 8
)

// Terminal tells the end of a run on a terminal, until the first error, which it keeps.
type Terminal struct {
	Colours
	w      io.Writer
	reader *Reader
	told   gathered
	err    error
}

// NewTerminal reads what there is to tell.
func NewTerminal(w io.Writer, b *Reader, c Colours) (*Terminal, error) {
	told, err := gather(b)
	return &Terminal{Colours: c, w: w, reader: b, told: told}, err
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

// Causes says what is wrong and why scenarios were not judged, each cause once.
func (t *Terminal) Causes() error {
	findings := t.told.findings.list
	for _, g := range findings[:min(len(findings), findingsShown)] {
		t.finding(g)
	}
	if left := len(findings) - findingsShown + t.told.findings.left; left > 0 {
		t.printf("and %s more (--verbose lists them)\n", count(left, "finding", "findings"))
	}
	t.reasons(t.told.doubts)
	t.reasons(t.told.skipped)
	if len(findings)+len(t.told.doubts.list)+len(t.told.skipped.list) > 0 {
		t.printf("\n")
	}
	return t.err
}

// Conclusion says the verdict, the run in numbers, and what to do next.
func (t *Terminal) Conclusion(files []string) error {
	t.counts(t.reader.Head)
	t.printf("reports    %s\n", strings.Join(files, " "))
	t.next(files)
	return t.err
}

func (t *Terminal) printf(format string, args ...any) {
	if t.err == nil {
		_, t.err = fmt.Fprintf(t.w, format, args...)
	}
}

// scenario says how one scenario ended, with each finding in one form.
func (t *Terminal) scenario(s verdict.Scenario) {
	t.printf("%s  %s  %s\n", t.Outcome(s.Outcome), Plain(s.ID), Plain(s.Name))
	if s.Reason != "" && s.Outcome != verdict.Failed {
		t.printf("    %s\n", Plain(s.Reason))
	}
	for _, f := range s.Findings {
		t.printf("    %s\n", Plain(f.Error()))
		t.printf("    request id %s, fingerprint %s\n", cmp.Or(Plain(f.RequestID), "none"), f.Fingerprint())
	}
	if s.Outcome != verdict.Passed {
		t.printf("    %s:%d   again: %s\n", Plain(s.File), s.Line, Plain(s.Repeat))
	}
}

func (t *Terminal) finding(g *group) {
	label := verdict.Failed
	switch {
	case g.finding.Waived != "":
		label = "waived"
	case g.finding.Level == verdict.Should:
		label = "should"
	}
	t.printf("%s  %s\n", t.Outcome(label), Plain(g.finding.Error()))
	first := g.places[0]
	t.printf("    %s  %s\n", Plain(first.scenario), Plain(first.name))
	if more := g.among - 1; more > 0 {
		t.printf("    and %s: %s\n", count(more, "scenario more", "scenarios more"), t.others(g))
	}
	t.printf("    request id %s, fingerprint %s\n", cmp.Or(Plain(g.finding.RequestID), "none"), g.finding.Fingerprint())
	t.printf("    %s   again: %s\n", Plain(g.at), Plain(g.repeat))
}

// others names the scenarios of a group behind the first, as far as a line has room.
func (t *Terminal) others(g *group) string {
	const room = 60 // characters, in a line of 80
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

// reasons says why scenarios were not judged, a line for each reason.
func (t *Terminal) reasons(told groups) {
	list := slices.SortedStableFunc(slices.Values(told.list), func(a, b *group) int { return cmp.Compare(b.total, a.total) })
	for _, g := range list[:min(len(list), reasonsShown)] {
		where := Plain(g.places[0].scenario)
		if g.among > 1 {
			where = count(g.among, "scenario", "scenarios")
		}
		t.printf("%s  %s: %s\n", t.Outcome(g.outcome), where, Plain(g.reason))
		if g.outcome == verdict.Broken {
			t.printf("    %s   again: %s\n", Plain(g.at), Plain(g.repeat))
		}
	}
	left := told.left
	for _, g := range list[min(len(list), reasonsShown):] {
		left += g.total
	}
	if left > 0 {
		t.printf("%s  %s, for other reasons (--verbose lists them)\n", t.Outcome(list[0].outcome), count(left, "scenario more", "scenarios more"))
	}
}

// counts says the verdict and the run in numbers.
func (t *Terminal) counts(r verdict.Run) {
	s, c := r.Summary.Scenarios, r.Summary.Clauses
	t.printf("%s  %s at %s\n", t.Verdict(r.Verdict), Plain(r.Target.Name), Plain(r.Target.Endpoint))
	if r.Verdict == verdict.SelectedPassed {
		t.printf("selected   %d of %d scenarios; %d of %d testable clauses are not proved: this does not make the endpoint conformant\n",
			r.Selection.Selected, r.Selection.Available, c.Unproved, c.Total-c.Untestable)
	}
	if r.Recording != nil {
		t.recording(*r.Recording, c)
		return
	}
	if n := r.Selection.Resumed; n > 0 {
		t.printf("resumed    %s, as they ended in the run that was interrupted\n", count(n, "scenario was taken over", "scenarios were taken over"))
	}
	if r.Selection.Ended != "" {
		t.printf("ended      %s, as it was told to: other scenarios were not started\n", r.Selection.Ended)
	}
	t.printf("scenarios  %s\n", counted(s.Total, s.Passed, "passed", s.Failed, "failed",
		s.Inconclusive, "inconclusive", s.Skipped, "skipped", s.Broken, "broken"))
	t.printf("clauses    %s\n", counted(c.Total, c.Proved, "proved", c.Broken, "violated",
		c.Unproved, "unproved", c.Untestable, "untestable"))
	t.printf("exchanges  %d in %s\n", r.Summary.Exchanges, r.Volatile.Duration.Round(time.Millisecond))
}

// recording says what recorded traffic shows, and what it does not.
func (t *Terminal) recording(r verdict.Recording, c verdict.ClauseCounts) {
	t.printf("entries    %s\n", counted(r.Entries, r.Judged, "judged", r.Others, "of other paths or actions", r.Duplicates, "recorded twice"))
	for _, cause := range slices.Sorted(maps.Keys(r.NoEvidence)) {
		t.printf("           %d say nothing: %s\n", r.NoEvidence[cause], cause)
	}
	for _, text := range r.Unshown {
		t.printf("not shown  %s\n", Plain(text))
	}
	t.printf("clauses    %s\n", counted(c.Total, c.Proved, "judged by the traffic and kept", c.Broken, "violated",
		c.Unproved, "not asked", c.Untestable, "untestable"))
}

// next says what to do about the first thing that is wrong: what to read, which command
// repeats it, which report to open.
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
	read, repeat := g.reason, cmp.Or(t.reader.Head.Repeat, g.repeat)
	switch {
	case g.finding.Clause != "":
		read, repeat = g.finding.Clause+": "+t.clause(g.finding.Clause), g.repeat
	case g.cause != "":
		read = string(g.cause) + ": no word about the endpoint; docs/faults.md says what it is and what to do"
	case g.outcome == verdict.Skipped:
		read = "what the target lacks stands above, behind skipped"
	}
	if g.among == 1 {
		repeat = g.repeat
	}
	if g.cause == wire.CauseInterrupted && t.reader.Head.Repeat != "" {
		repeat = t.reader.Head.Repeat + " --resume"
	}
	t.printf("\nread       %s\nrepeat     %s\nopen       %s\n", Plain(read), Plain(repeat), open)
}

// clause returns the text of a clause.
func (t *Terminal) clause(id string) string {
	for _, c := range t.reader.Head.Clauses {
		if c.ID == id {
			return c.Text
		}
	}
	return ""
}

// counted joins numbers and their names, leaving out those that are zero.
func counted(total int, rest ...any) string {
	text := fmt.Sprintf("%d in all", total)
	for i := 0; i+1 < len(rest); i += 2 {
		if n, isInt := rest[i].(int); isInt && n > 0 {
			text += fmt.Sprintf(", %d %s", n, rest[i+1])
		}
	}
	return text
}
