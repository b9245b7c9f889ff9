package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/verdict"
)

func newDoctor(sys System) *cobra.Command {
	var a aiming
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Look whether a target has what a run needs, by reading alone",
		Long: `Look whether a target has what a run needs: the endpoint answers, the clock is right,
the credentials are accepted, and each listed instance is as the file lists it. It reads
alone. Each line that is not well says what to do.

Exit code 0 when all is well, 2 when something has to be mended, 3 when the endpoint
did not answer.`,
		Example: `  conformance doctor --target staging`,
		Args:    noArguments,
		RunE:    func(cmd *cobra.Command, _ []string) error { return doctor(cmd.Context(), sys, &a) },
	}
	a.flags(cmd)
	return cmd
}

func doctor(ctx context.Context, sys System, a *aiming) (err error) {
	c, err := law()
	if err != nil {
		return err
	}
	remote, err := a.open(sys, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, fault(remote.Close())) }()
	checks, err := remote.Examine(ctx)
	code, paint := verdict.ExitConformant, paint(isTerminal(sys.Out) && sys.Env("NO_COLOR") == "")
	for _, check := range checks {
		mark := paint.as(green, "well  ")
		if check.Fix != "" {
			mark, code = paint.as(red, "mend  "), max(code, verdict.ExitUsage)
		}
		if check.Silence {
			code = verdict.ExitInconclusive
		}
		fmt.Fprintf(sys.Out, "%s%s: %s\n", mark, check.Name, report.Plain(check.Said))
		if check.Fix != "" {
			fmt.Fprintf(sys.Out, "      do: %s\n", check.Fix)
		}
	}
	if err != nil {
		return fault(err)
	}
	if code != verdict.ExitConformant {
		return &ending{code: code}
	}
	return nil
}
