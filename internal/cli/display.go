package cli

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/verdict"
)

// detail is how much of a run is printed.
type detail int

const (
	verdictOnly detail = iota
	failures           // the verdict, and each scenario that did not pass
	everything         // every scenario
)

// display shows the results of a run on stdout when it is over, in the order of the features.
type display struct {
	out, err io.Writer
	detail   detail
	paint    paint

	mu   sync.Mutex
	kept []entry
}

// entry is what the results say of one scenario.
type entry struct {
	index int
	text  string
}

func newDisplay(sys System, d detail) *display {
	return &display{out: sys.Out, err: sys.Err, detail: d, paint: paintFor(sys)}
}

func (d *display) done(index int, s verdict.Scenario) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.detail == everything || d.detail == failures && (s.Outcome != verdict.Passed || len(s.Findings) > 0) {
		d.kept = append(d.kept, entry{index, d.describe(s)})
	}
}

func (d *display) finish() {
	d.mu.Lock()
	defer d.mu.Unlock()
	slices.SortFunc(d.kept, func(a, b entry) int { return cmp.Compare(a.index, b.index) })
	for _, s := range d.kept {
		fmt.Fprint(d.out, s.text)
	}
	if len(d.kept) > 0 {
		fmt.Fprintln(d.out)
	}
}

// describe says how a scenario ended, with each finding in one form.
func (d *display) describe(s verdict.Scenario) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s  %s\n", d.paint.outcome(s.Outcome), report.Plain(s.ID), report.Plain(s.Name))
	if s.Reason != "" && s.Outcome != verdict.Failed {
		fmt.Fprintf(&b, "    %s\n", report.Plain(s.Reason))
	}
	for _, f := range s.Findings {
		fmt.Fprintf(&b, "    %s\n", report.Plain(f.Error()))
		fmt.Fprintf(&b, "    request id %s, fingerprint %s\n", cmp.Or(report.Plain(f.RequestID), "none"), f.Fingerprint())
	}
	if s.Outcome != verdict.Passed {
		fmt.Fprintf(&b, "    %s:%d   again: %s\n", report.Plain(s.File), s.Line, report.Plain(s.Repeat))
	}
	return b.String()
}

// unrestored says, louder than anything else, what the run has left changed.
func (d *display) unrestored(head verdict.Run) {
	for _, to := range []io.Writer{d.out, d.err} {
		for _, u := range head.Unrestored {
			fmt.Fprintf(to, "%s  instance %s is to have type %s again: %s\n", d.paint.as(red, "NOT PUT BACK"), u.Instance, report.Plain(u.Type), report.Plain(u.Reason))
		}
		for _, cleanup := range report.Cleanups(head) {
			fmt.Fprintf(to, "%s  finish with: %s\n", d.paint.as(red, "NOT PUT BACK"), cleanup)
		}
	}
}

// verdict prints what the run says of its target.
func (d *display) verdict(r verdict.Run, files []string) {
	if d.detail == verdictOnly {
		fmt.Fprintln(d.out, r.Verdict)
		return
	}
	s, c := r.Summary.Scenarios, r.Summary.Clauses
	fmt.Fprintf(d.out, "%s  %s at %s\n", d.paint.verdict(r.Verdict), r.Target.Name, r.Target.Endpoint)
	if r.Verdict == verdict.SelectedPassed {
		fmt.Fprintf(d.out, "selected   %d of %d scenarios; %d of %d testable clauses are not proved: this does not make the endpoint conformant\n",
			r.Selection.Selected, r.Selection.Available, c.Unproved, c.Total-c.Untestable)
	}
	if r.Recording != nil {
		d.recording(*r.Recording, c)
		fmt.Fprintf(d.out, "reports    %s\n", strings.Join(files, " "))
		return
	}
	fmt.Fprintf(d.out, "scenarios  %s\n", counted(s.Total, s.Passed, "passed", s.Failed, "failed",
		s.Inconclusive, "inconclusive", s.Skipped, "skipped", s.Broken, "broken"))
	fmt.Fprintf(d.out, "clauses    %s\n", counted(c.Total, c.Proved, "proved", c.Broken, "broken",
		c.Unproved, "unproved", c.Untestable, "untestable"))
	fmt.Fprintf(d.out, "exchanges  %d in %s\n", r.Summary.Exchanges, r.Volatile.Duration.Round(time.Millisecond))
	fmt.Fprintf(d.out, "reports    %s\n", strings.Join(files, " "))
}

// plural is a number of things in words: 1 finding, 2 findings.
func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}

// recording prints what recorded traffic shows, and what it does not.
func (d *display) recording(r verdict.Recording, c verdict.ClauseCounts) {
	fmt.Fprintf(d.out, "entries    %s\n", counted(r.Entries, r.Judged, "judged", r.Others, "of other paths or actions", r.Duplicates, "recorded twice"))
	for _, cause := range slices.Sorted(maps.Keys(r.NoEvidence)) {
		fmt.Fprintf(d.out, "           %d say nothing: %s\n", r.NoEvidence[cause], cause)
	}
	fmt.Fprintf(d.out, "clauses    %s\n", counted(c.Total, c.Proved, "held against the traffic and kept", c.Broken, "broken",
		c.Unproved, "not asked", c.Untestable, "untestable"))
}

// counted joins numbers and their names, leaving out those that are zero.
func counted(total int, rest ...any) string {
	parts := []string{fmt.Sprintf("%d in all", total)}
	for i := 0; i+1 < len(rest); i += 2 {
		if rest[i] != 0 {
			parts = append(parts, fmt.Sprintf("%d %s", rest[i], rest[i+1]))
		}
	}
	return strings.Join(parts, ", ")
}

// paint colours words where stdout is a terminal.
type paint bool

const (
	red    = "31"
	green  = "32"
	yellow = "33"
)

func paintFor(sys System) paint { return paint(isTerminal(sys.Out) && colourful(sys)) }

// colourful reports whether the environment lets terminals have colours.
func colourful(sys System) bool { return sys.Env("NO_COLOR") == "" && sys.Env("TERM") != "dumb" }

func (p paint) as(colour, text string) string {
	if !p {
		return text
	}
	return "\x1b[1;" + colour + "m" + text + "\x1b[0m"
}

func (p paint) outcome(o verdict.Outcome) string {
	text := fmt.Sprintf("%-12s", o)
	switch o {
	case verdict.Passed:
		return p.as(green, text)
	case verdict.Failed, verdict.Broken:
		return p.as(red, text)
	default:
		return p.as(yellow, text)
	}
}

func (p paint) verdict(v verdict.Verdict) string {
	switch v {
	case verdict.Conformant:
		return p.as(green, string(v))
	case verdict.NonConformant, verdict.BrokenVerdict:
		return p.as(red, string(v))
	default:
		return p.as(yellow, string(v))
	}
}
