package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zec-tools/conformance/internal/difference"
	"github.com/zec-tools/conformance/internal/rejudge"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/run"
	"github.com/zec-tools/conformance/internal/verdict"
)

type rejudgeOptions struct{ json, allowPartial bool }

func newRejudge(sys System) *cobra.Command {
	var o rejudgeOptions
	cmd := &cobra.Command{
		Use:   "rejudge REPORT",
		Short: "Judge a recorded run again with the contract of today",
		Long: `Judge the recorded exchanges and trajectories of a run again, offline, with the
contract of this program, say what changed, and exit by the new verdict. What a
step found because it knew what was asked stands: that cannot be seen from the
record.`,
		Example: "  conformance rejudge reports/report.json",
		Args:    cobra.ExactArgs(1),
		RunE:    func(_ *cobra.Command, args []string) error { return o.run(sys, args[0]) },
	}
	cmd.Flags().BoolVar(&o.json, "json", false, "print the result as JSON")
	cmd.Flags().BoolVar(&o.allowPartial, "allow-partial", false, "exit 0 also when scenarios were skipped, if none failed")
	return cmd
}

func (o *rejudgeOptions) run(sys System, path string) (err error) {
	c, _, err := sys.contract("")
	if err != nil {
		return err
	}
	reader, err := sys.openReport(path)
	if err != nil {
		return usageError(err)
	}
	defer func() { err = errors.Join(err, harnessError(reader.Close())) }()
	result, err := rejudge.Run(c, run.StepsContract(c), reader)
	if err != nil {
		return usageError(err)
	}
	if o.json {
		err = printJSON(sys.Out, rejudged(result))
	} else {
		err = showRejudged(sys, result)
	}
	if err != nil {
		return harnessError(err)
	}
	if code := result.Now.ExitCode(o.allowPartial); code != verdict.ExitConformant {
		return &exitError{code: code}
	}
	return nil
}

// printJSON prints a value as an indented JSON document.
func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// turn is a value before and after.
type turn[T any] struct {
	Was T `json:"was"`
	Now T `json:"now"`
}

// rejudgement is a result in the form that --json prints.
type rejudgement struct {
	Verdict      turn[verdict.Verdict]     `json:"verdict"`
	Contract     turn[verdict.Document]    `json:"contract"`
	Summary      turn[verdict.Summary]     `json:"summary"`
	Exchanges    int                       `json:"exchanges"`
	Trajectories int                       `json:"trajectories"`
	Scenarios    []rejudge.Change          `json:"scenarios"`
	Clauses      []difference.ClauseChange `json:"clauses"`
}

func rejudged(r rejudge.Result) rejudgement {
	return rejudgement{
		Verdict:   turn[verdict.Verdict]{r.Was.Verdict, r.Now.Verdict},
		Contract:  turn[verdict.Document]{r.Was.Contract, r.Now.Contract},
		Summary:   turn[verdict.Summary]{r.Was.Summary, r.Now.Summary},
		Exchanges: r.Exchanges, Trajectories: r.Trajectories,
		Scenarios: append([]rejudge.Change{}, r.Scenarios...), Clauses: append([]difference.ClauseChange{}, r.Clauses...),
	}
}

func showRejudged(sys System, r rejudge.Result) error {
	p := coloursFor(sys)
	out := &text{w: sys.Out}
	for _, s := range r.Scenarios {
		out.printf("%s  %s  %s", p.Outcome(s.Now), report.Plain(s.ID), report.Plain(s.Name))
		if s.Was != s.Now {
			out.printf(" (was %s)", report.Plain(string(s.Was)))
		}
		out.printf("\n")
		for _, f := range s.New {
			out.printf("    new:  %s\n", report.Plain(f.Error()))
		}
		for _, f := range s.Gone {
			out.printf("    gone: %s\n", report.Plain(f.Error()))
		}
	}
	out.clauses(r.Clauses)
	if len(r.Scenarios)+len(r.Clauses) > 0 {
		out.printf("\n")
	}
	out.printf("%s  %s, was %s\n", p.Verdict(r.Now.Verdict), report.Plain(r.Now.Target.Name), report.Plain(string(r.Was.Verdict)))
	trajectories := plural(r.Trajectories, "trajectory")
	if r.Trajectories != 1 {
		trajectories = fmt.Sprintf("%d trajectories", r.Trajectories)
	}
	out.printf("judged     %s, %s\n", plural(r.Exchanges, "exchange"), trajectories)
	if r.Was.Contract.SHA256 == r.Now.Contract.SHA256 {
		out.printf("contract   the same\n")
	} else {
		out.printf("contract   %s %.12s, was %s %.12s\n", r.Now.Contract.Version, r.Now.Contract.SHA256,
			report.Plain(r.Was.Contract.Version), report.Plain(r.Was.Contract.SHA256))
	}
	if len(r.Scenarios) == 0 && len(r.Clauses) == 0 {
		out.printf("nothing changed\n")
	}
	return out.err
}

// clauses prints how the statuses of clauses changed. Clauses that only one of the two contracts
// has are listed together on one line.
func (t *text) clauses(changes []difference.ClauseChange) {
	var added, removed []string
	for _, c := range changes {
		switch {
		case c.Now == verdict.Violated && c.Was == "":
			t.printf("clause %s: %s, was not in the contract\n", c.ID, c.Now)
		case c.Was == "":
			added = append(added, c.ID)
		case c.Now == "":
			removed = append(removed, c.ID)
		default:
			t.printf("clause %s: %s, was %s\n", c.ID, c.Now, report.Plain(string(c.Was)))
		}
	}
	if len(added) > 0 {
		t.printf("new in the contract: %s\n", strings.Join(added, " "))
	}
	if len(removed) > 0 {
		t.printf("no more in the contract: %s\n", report.Plain(strings.Join(removed, " ")))
	}
}

// text prints until the first error, which it stores.
type text struct {
	w   io.Writer
	err error
}

func (t *text) printf(format string, args ...any) {
	if t.err == nil {
		_, t.err = fmt.Fprintf(t.w, format, args...)
	}
}
