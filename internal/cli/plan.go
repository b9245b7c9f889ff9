package cli

import (
	"bufio"
	"encoding/json"

	"github.com/spf13/cobra"

	"github.com/zec-tools/conformance/internal/plan"
)

type planOptions struct {
	selection
	targetOptions
	json, verbose bool
}

func newPlan(sys System) *cobra.Command {
	var o planOptions
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Show what a run would do at a target, and its cost; send nothing",
		Long: `Show what a run would do at a target: the changes of listed instances, the
requests, the time, what would be skipped, and the line of the configuration
that would let it run. Nothing is sent, and no credentials are needed: a
variable that the configuration names counts as set. How long a change takes is
read from the last report of the target.

--verbose lists every scenario with each call that is not known to read alone,
and why one of them may not leave.

The numbers are those of calls. One that is answered with 429, or with 503 while
its instance is as it was, has begun nothing: it is sent again, up to three
times.`,
		Example: `  conformance plan --target staging
  conformance plan --target staging --max-changes 5
  conformance plan --target staging --tags @resize --json`,
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error { return o.run(sys) },
	}
	o.selection.flags(cmd)
	o.targetOptions.flags(cmd)
	o.languageFlag(cmd)
	o.boundFlag(cmd)
	cmd.Flags().BoolVar(&o.json, "json", false, "print the plan as JSON")
	cmd.Flags().BoolVar(&o.verbose, "verbose", false, "list every scenario with its calls")
	cmd.MarkFlagsMutuallyExclusive("json", "verbose")
	return cmd
}

func (o *planOptions) run(sys System) error {
	c, from, err := sys.contractOf(&o.targetOptions)
	if err != nil {
		return err
	}
	_, cases, err := o.selection.read(c, from)
	if err != nil {
		return err
	}
	config, err := o.targetOptions.read(sys, c)
	if err != nil {
		return err
	}
	p, err := plan.Make(cases, config.Named(), plan.Options{API: c, Usual: usualOf(o.out, config.Name)})
	if err != nil {
		return harnessError(err)
	}
	switch {
	case o.json:
		encoder := json.NewEncoder(sys.Out)
		encoder.SetIndent("", "  ")
		return harnessError(encoder.Encode(p))
	case o.verbose:
		return harnessError(listPlan(planPage{bufio.NewWriter(sys.Out), o.in()}, p, columnsOf(sys.Out)))
	}
	return harnessError(showPlan(planPage{bufio.NewWriter(sys.Out), o.in()}, p))
}
