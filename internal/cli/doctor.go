package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/table"
	"github.com/zec-tools/conformance/internal/target"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

func newDoctor(sys System) *cobra.Command {
	var a targetOptions
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Check that a target is ready for a run; send nothing but reads",
		Long: `Check that a target is ready for a run: the endpoint answers, the clock is
right, the credentials are accepted, and each listed instance is as the
configuration lists it. Nothing but read requests is sent. Each failed check
says how to fix it.

Exit code 0 when all is ok, 2 when the configuration needs a fix, 3 when the
endpoint or a credential could not be judged.`,
		Example: `  conformance doctor --target staging`,
		Args:    noArguments,
		RunE:    func(cmd *cobra.Command, _ []string) error { return doctor(cmd.Context(), sys, &a, asJSON) },
	}
	a.flags(cmd)
	a.languageFlag(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print what was found as JSON")
	return cmd
}

func doctor(ctx context.Context, sys System, a *targetOptions, asJSON bool) (err error) {
	c, _, err := sys.contractOf(a)
	if err != nil {
		return err
	}
	a.waits.Store(true)
	remote, err := a.open(sys, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, harnessError(remote.Close())) }()
	checks, err := remote.Examine(ctx)
	if asJSON && err == nil {
		err = printJSON(sys.Out, examined(remote, checks))
	} else {
		tell(sys.Out, checks, telling{a.in(), coloursFor(sys)})
	}
	if err != nil {
		return harnessError(err)
	}
	if code := codeOf(checks); code != verdict.ExitConformant {
		return &exitError{code: code}
	}
	return nil
}

// examination is the result of doctor in the form that --json prints.
type examination struct {
	Target   string        `json:"target"`
	Endpoint string        `json:"endpoint"`
	ExitCode int           `json:"exitCode"`
	Checks   []checkResult `json:"checks"`
}

type checkResult struct {
	Name  string     `json:"name"`
	OK    bool       `json:"ok"`
	Found string     `json:"found"`
	Fix   string     `json:"fix,omitempty"`
	Cause wire.Cause `json:"cause,omitempty"`
}

func examined(remote *target.Remote, checks []target.Check) examination {
	e := examination{Target: remote.Config.Name, Endpoint: remote.Config.Endpoint, ExitCode: codeOf(checks), Checks: []checkResult{}}
	for _, c := range checks {
		e.Checks = append(e.Checks, checkResult{Name: c.Name.In(language.English), OK: c.OK(), Found: report.Plain(c.Found.In(language.English)), Fix: c.Fix.In(language.English), Cause: c.Cause})
	}
	return e
}

// telling is the language of the output, and whether it has colours.
type telling struct {
	language.Language
	colours report.Colours
}

// labelColumns is the width of the column with the results of the checks.
const labelColumns = 6

// tell prints the checks of an examination, folded to the width of a terminal.
func tell(out io.Writer, checks []target.Check, t telling) {
	width := columnsOf(out)
	line := func(label, text string) {
		if strings.Contains(text, "conformance cleanup") { // not folded, so that it can be copied
			fmt.Fprintf(out, "%s%s\n", label, text)
			return
		}
		for i, part := range table.Fold(text, width-labelColumns) {
			if i > 0 {
				label = table.Pad("", labelColumns)
			}
			fmt.Fprintf(out, "%s%s\n", label, part)
		}
	}
	for _, check := range checks {
		label := t.colours.As(report.Green, table.Pad(t.Say("ok"), labelColumns))
		if !check.OK() {
			label = t.colours.As(report.Red, table.Pad(t.Say("fail"), labelColumns))
		}
		line(label, t.Say("{0}: {1}", check.Name, report.Plain(check.Found.In(t.Language))))
		if !check.OK() {
			line(table.Pad("", labelColumns), t.Say("fix: {0}", check.Fix))
		}
	}
}

// codeOf returns the exit code for the checks. If endpoint or credential cannot be judged, the
// other checks mean nothing.
func codeOf(checks []target.Check) int {
	code := verdict.ExitConformant
	for _, check := range checks {
		switch {
		case check.Cause != "":
			return verdict.ExitInconclusive
		case !check.OK():
			code = verdict.ExitUsage
		}
	}
	return code
}
