package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/target"
	"github.com/zec-tools/conformance/internal/verdict"
)

func newDoctor(sys System) *cobra.Command {
	var a targetOptions
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Look whether a target has what a run needs, by reading alone",
		Long: `Look whether a target has what a run needs: the endpoint answers, the clock is right,
the credentials are accepted, and each listed instance is as the file lists it. It reads
alone. Each line that is not ok says how to fix that.

Exit code 0 when all is ok, 2 when the configuration has to be fixed, 3 when the endpoint
or a credential could not be judged.`,
		Example: `  conformance doctor --target staging`,
		Args:    noArguments,
		RunE:    func(cmd *cobra.Command, _ []string) error { return doctor(cmd.Context(), sys, &a) },
	}
	a.flags(cmd)
	return cmd
}

func doctor(ctx context.Context, sys System, a *targetOptions) (err error) {
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
	tell(sys.Out, checks, coloursFor(sys))
	if err != nil {
		return harnessError(err)
	}
	if code := codeOf(checks); code != verdict.ExitConformant {
		return &exitError{code: code}
	}
	return nil
}

// tell prints what an examination found.
func tell(out io.Writer, checks []target.Check, colours report.Colours) {
	for _, check := range checks {
		if check.Fix == "" {
			fmt.Fprintf(out, "%s%s: %s\n", colours.As(report.Green, "ok    "), check.Name, report.Plain(check.Found))
			continue
		}
		fmt.Fprintf(out, "%s%s: %s\n      fix: %s\n", colours.As(report.Red, "fail  "), check.Name, report.Plain(check.Found), check.Fix)
	}
}

// codeOf is the exit code that checks come to: where endpoint or credential cannot be
// judged, nothing is known of the rest.
func codeOf(checks []target.Check) int {
	code := verdict.ExitConformant
	for _, check := range checks {
		switch {
		case check.Cause != "":
			return verdict.ExitInconclusive
		case check.Fix != "":
			code = verdict.ExitUsage
		}
	}
	return code
}
