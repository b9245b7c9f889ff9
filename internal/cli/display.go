package cli

import (
	"fmt"
	"io"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/table"
	"github.com/zec-tools/conformance/internal/verdict"
)

// detail is how much of a run is printed at its end.
type detail int

const (
	verdictOnly detail = iota
	asJSON             // one document, and nothing else on stdout
	countsOnly         // the verdict and the counts
	grouped            // the findings and reasons as well, each cause once
	everything         // every scenario
)

// show is how much of this run is printed at its end.
func (o *runOptions) show() detail {
	switch {
	case o.json:
		return asJSON
	case o.quiet:
		return verdictOnly
	case o.verbose:
		return everything
	default:
		return grouped
	}
}

// display shows the results of a run on stdout when it is over.
type display struct {
	out, err io.Writer
	detail   detail
	colours  report.Colours

	language     report.Language
	allowPartial bool // for the exit code that a document names
}

func newDisplay(sys System, d detail) *display {
	return &display{out: sys.Out, err: sys.Err, detail: d, colours: coloursFor(sys)}
}

// end prints what the run says of its target. What besides prints stands before the counts.
func (d *display) end(reader *report.Reader, files []string, besides func()) error {
	if d.detail == asJSON {
		return report.WriteOverview(d.out, reader, reader.Head.ExitCode(d.allowPartial), files)
	}
	if d.detail == verdictOnly {
		besides()
		fmt.Fprintln(d.out, reader.Head.Verdict)
		return nil
	}
	t, err := report.NewTerminal(d.out, reader, d.colours)
	if err != nil {
		besides()
		return err
	}
	t.Width = columnsOf(d.out)
	switch d.detail {
	case everything:
		err = t.Scenarios()
	case grouped:
		err = t.Causes()
	}
	besides()
	if err != nil {
		return err
	}
	return t.Conclusion(files)
}

// unrestored says, louder than anything else, what the run has left changed: on both
// streams, unless one terminal shows both.
func (d *display) unrestored(head verdict.Run) {
	streams := []io.Writer{d.out, d.err}
	if isTerminal(d.out) && isTerminal(d.err) {
		streams = streams[:1]
	}
	if d.detail == asJSON {
		streams = []io.Writer{d.err}
	}
	label, lines, commands := report.UnrestoredLines(head, d.language)
	for _, to := range streams {
		for _, text := range lines {
			shown := d.colours.As(report.Red, label)
			for _, line := range table.Fold(text, columnsOf(to)-table.Width(label)-2) {
				fmt.Fprintf(to, "%s  %s\n", shown, line)
				shown = table.Pad("", table.Width(label))
			}
		}
		for _, line := range commands { // whole, so that they can be copied
			fmt.Fprintf(to, "%s  %s\n", d.colours.As(report.Red, label), line)
		}
	}
}

// plural is a number of things in words: 1 finding, 2 findings.
func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, lifecycle.Plural(one))
}

func coloursFor(sys System) report.Colours {
	return report.Colours(isTerminal(sys.Out) && colourful(sys))
}

// colourful reports whether the environment lets terminals have colours.
func colourful(sys System) bool { return sys.Env("NO_COLOR") == "" && sys.Env("TERM") != "dumb" }
