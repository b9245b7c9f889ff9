package cli

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/zec-tools/conformance/internal/difference"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/verdict"
)

type diffOptions struct {
	json   bool
	slower float64
}

func newDiff(sys System) *cobra.Command {
	var o diffOptions
	cmd := &cobra.Command{
		Use:   "diff REPORT REPORT",
		Short: "Say what differs between two recorded runs",
		Long: `Say what fails in the second run that did not in the first, what no longer
fails, what still does, what is slower, and what is answered differently. It
exits 1 when something new fails, and 0 otherwise: times and answers alone are
no failure.`,
		Example: `  conformance diff yesterday.json reports/report.json
  conformance diff --slower 1.5 --json a.json b.json`,
		Args: cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, args []string) error { return o.run(sys, args[0], args[1]) },
	}
	cmd.Flags().BoolVar(&o.json, "json", false, "print the result as JSON")
	cmd.Flags().Float64Var(&o.slower, "slower", difference.DefaultRatio, "how many times as long counts as slower")
	return cmd
}

func (o *diffOptions) run(sys System, first, second string) (err error) {
	if !(o.slower > 1) || math.IsInf(o.slower, 0) { // NaN is not above 1, either
		return usageError(fmt.Errorf("--slower %v: give a number above 1", o.slower))
	}
	a, err := sys.openReport(first)
	if err != nil {
		return usageError(err)
	}
	defer func() { err = errors.Join(err, harnessError(a.Close())) }()
	b, err := sys.openReport(second)
	if err != nil {
		return usageError(err)
	}
	defer func() { err = errors.Join(err, harnessError(b.Close())) }()
	result, err := difference.Compare(a, b, o.slower)
	if err != nil {
		return usageError(err)
	}
	if o.json {
		err = printJSON(sys.Out, result)
	} else {
		err = showDifference(sys, result)
	}
	if err != nil {
		return harnessError(err)
	}
	if result.Worse() {
		return &exitError{code: verdict.ExitNonConformant}
	}
	return nil
}

func showDifference(sys System, r difference.Result) error {
	out := &text{w: sys.Out}
	out.printf("%s at %s, was %s at %s\n", report.Plain(string(r.B.Verdict)), report.Plain(r.B.Target.Endpoint), report.Plain(string(r.A.Verdict)), report.Plain(r.A.Target.Endpoint))
	if r.A.Contract.SHA256 != r.B.Contract.SHA256 {
		out.printf("another contract: what differs may be its doing\n")
	}
	if r.A.Features.SHA256 != r.B.Features.SHA256 {
		out.printf("other features: what differs may be their doing\n")
	}
	out.failures("new", r.New)
	out.failures("fixed", r.Fixed)
	out.failures("still failing", r.StillFailing)
	out.failures("not judged any more", r.Unjudged)
	out.list("only in the first", r.OnlyA)
	out.list("only in the second", r.OnlyB)
	out.list(fmt.Sprintf("slower (%.3g times as long or more)", r.Ratio), each(r.Slower, func(s difference.Slower) string {
		return fmt.Sprintf("%s%s  %s, was %s (%.1f times)", s.Operation, report.Plain(s.Scenario), s.Now.Round(10*time.Microsecond), s.Was.Round(10*time.Microsecond), s.Ratio)
	}))
	out.list("answered differently", each(r.Answers, func(a difference.Answered) string {
		return fmt.Sprintf("%s:%d: %s: %s\n      %s, was %s", a.File, a.Line, a.Scenario, a.Step, strings.Join(a.Now, " and "), strings.Join(a.Was, " and "))
	}))
	out.list("chosen differently", each(r.Choices, func(c difference.Choice) string {
		return fmt.Sprintf("%s, %s: %s, was %s", c.Scenario, c.Clause, c.Now, c.Was)
	}))
	if r.Same() {
		out.printf("no difference in what was found and answered\n")
	}
	return out.err
}

func (t *text) failures(title string, failures []difference.Failure) {
	t.list(title, each(failures, func(f difference.Failure) string {
		line := fmt.Sprintf("%s  %s", f.Scenario, f.Name)
		if f.Was == "" {
			line += fmt.Sprintf(" (%s, was not there)", f.Now)
		} else if f.Was != f.Now {
			line += fmt.Sprintf(" (%s, was %s)", f.Now, f.Was)
		}
		for _, found := range f.Findings {
			line += "\n      " + report.Plain(found.Error())
		}
		return line
	}))
}

// list prints a titled list, or nothing if it is empty. The endpoint may have provided some of the
// words in its lines.
func (t *text) list(title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	t.printf("\n%s (%d)\n", title, len(lines))
	for _, line := range lines {
		for part := range strings.Lines(line) {
			t.printf("  %s%s\n", part[:len(part)-len(strings.TrimLeft(part, " "))], report.Plain(strings.TrimSpace(part)))
		}
	}
}

func each[T any](items []T, say func(T) string) []string {
	lines := make([]string, len(items))
	for i, item := range items {
		lines[i] = say(item)
	}
	return lines
}
