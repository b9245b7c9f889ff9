package cli

import (
	"bytes"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/zec-tools/conformance/internal/history"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/wholefile"
)

type historyOptions struct {
	out      string
	json     bool
	language languageFlag
}

func newHistory(sys System) *cobra.Command {
	var o historyOptions
	cmd := &cobra.Command{
		Use:   "history DIR",
		Short: "Show what a folder of reports tells over time",
		Long: `Make one page of all reports below a folder: the verdicts over time, when each
clause was violated and kept again, how long changes took (median and 95 %), and
which scenarios are flaky. Reports of several targets are told apart.

Exit code 0 when the page is written, whatever the verdicts were, 2 when there
is no report.`,
		Example: `  conformance history kept --out history.html
  conformance history kept --lang zh
  conformance history kept --json`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return o.run(sys, args[0]) },
	}
	cmd.Flags().StringVar(&o.out, "out", "history.html", "the file that the page is written to")
	cmd.Flags().BoolVar(&o.json, "json", false, "print the history as JSON, and write no page")
	cmd.Flags().Var(&o.language, "lang", "the language of the page: en or zh; without it, that of its reader")
	cmd.MarkFlagsMutuallyExclusive("out", "json")
	cmd.MarkFlagsMutuallyExclusive("lang", "json")
	return cmd
}

func (o *historyOptions) run(sys System, dir string) error {
	if err := named("--out", o.out, "the file that the page is written to"); err != nil {
		return err
	}
	h, err := history.Read(dir)
	if err != nil {
		return usageError(err)
	}
	if o.json {
		return harnessError(printJSON(sys.Out, h))
	}
	for _, left := range h.LeftOut {
		fmt.Fprintf(sys.Err, "conformance: left out: %s\n", report.Plain(left.String()))
	}
	var page bytes.Buffer
	if err := h.WriteHTML(&page, report.Language(o.language)); err != nil {
		return harnessError(err)
	}
	if err := wholefile.Write(o.out, page.Bytes(), 0o644); err != nil {
		return usageError(fmt.Errorf("write the history: %w", err))
	}
	fmt.Fprintln(sys.Out, o.out)
	return nil
}
