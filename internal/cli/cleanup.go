package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/verdict"
)

func newCleanup(sys System) *cobra.Command {
	var a aiming
	cmd := &cobra.Command{
		Use:   "cleanup",
		Short: "Put back what a run that was killed has changed",
		Long: `Give every instance that the target's journal names the type it had before a run
that was killed, and see that it has it. Without a journal there is nothing to do.

Exit code 3 when an instance could not be put back; the journal then stays.`,
		Example: `  conformance cleanup --target staging`,
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cleanup(cmd.Context(), sys, &a) },
	}
	a.flags(cmd)
	return cmd
}

func cleanup(ctx context.Context, sys System, a *aiming) (err error) {
	c, err := law()
	if err != nil {
		return err
	}
	remote, err := a.open(sys, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, fault(remote.Close())) }()
	if len(remote.Unrestored()) == 0 {
		fmt.Fprintf(sys.Out, "nothing to put back at %s\n", remote.Config.Name)
		return nil
	}
	if err := remote.Hold(); err != nil {
		return misuse(err)
	}
	done, failed := remote.Cleanup(ctx, func(string, string) {})
	for _, id := range slices.Sorted(maps.Keys(done)) {
		fmt.Fprintf(sys.Out, "put back      instance %s has type %s\n", id, report.Plain(done[id]))
	}
	if len(failed) == 0 {
		return nil
	}
	for _, f := range failed {
		fmt.Fprintf(sys.Out, "NOT PUT BACK  %s\n", report.Plain(f.Error()))
	}
	return &ending{code: verdict.ExitInconclusive, err: fmt.Errorf("%d instances are not put back: mend the cause, then run %s again", len(failed), a.command("cleanup"))}
}
