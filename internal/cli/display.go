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
	asJSON             // a single JSON document on stdout
	countsOnly         // the verdict and the counts
	grouped            // also the findings and reasons, one per cause
	everything         // every scenario
)

// show returns how much of this run is printed at its end.
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

// display shows the results of a run on stdout at its end.
type display struct {
	out, err io.Writer
	detail   detail
	colours  report.Colours

	language     report.Language
	allowPartial bool // for the exit code in the JSON document
}

func newDisplay(sys System, d detail) *display {
	return &display{out: sys.Out, err: sys.Err, detail: d, colours: coloursFor(sys)}
}

// end prints the results of the run. It calls besides, which may print more, before the counts.
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

// unrestored prints what the run has left changed, in the most visible way: on both streams, unless
// both are the same terminal.
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
		for _, line := range commands { // not folded, so that they can be copied
			fmt.Fprintf(to, "%s  %s\n", d.colours.As(report.Red, label), line)
		}
	}
}

// plural formats a number of things: 1 finding, 2 findings.
func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, lifecycle.Plural(one))
}

func coloursFor(sys System) report.Colours {
	return report.Colours(isTerminal(sys.Out) && colourful(sys))
}

// colourful reports whether the environment allows colours on terminals.
func colourful(sys System) bool { return sys.Env("NO_COLOR") == "" && sys.Env("TERM") != "dumb" }
