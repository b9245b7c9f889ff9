package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/zec-tools/conformance/internal/plan"
)

type planOptions struct {
	selection
	targetOptions
	json bool
}

func newPlan(sys System) *cobra.Command {
	var o planOptions
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Show what a run would do at a target, without sending anything",
		Long: `Show every scenario that a run would play at a target, every call of theirs that is
not known to read alone, what would be skipped and why, and how long it would take.
Nothing is sent. A call that may not leave is shown with the reason.

The numbers are those of calls. One that is answered with 429, or with 503 while its
instance is as it was, has begun nothing: it is sent again, up to three times.`,
		Example: `  conformance plan --target staging
  conformance plan --target staging --tags @resize --json`,
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error { return o.run(sys) },
	}
	o.selection.flags(cmd)
	o.targetOptions.flags(cmd)
	o.boundFlag(cmd)
	cmd.Flags().BoolVar(&o.json, "json", false, "print the plan as JSON")
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
	inventory, err := config.Inventory(sys.Env)
	if err != nil {
		return usageError(err)
	}
	p, err := plan.Make(cases, inventory, c)
	if err != nil {
		return harnessError(err)
	}
	if o.json {
		encoder := json.NewEncoder(sys.Out)
		encoder.SetIndent("", "  ")
		return harnessError(encoder.Encode(p))
	}
	return harnessError(showPlan(sys.Out, p))
}

func showPlan(out io.Writer, p plan.Plan) error {
	fmt.Fprintf(out, "target     %s at %s\n", p.Target, p.Endpoint)
	fmt.Fprintf(out, "scenarios  %d would run, %d would be skipped\n", len(p.Scenarios), len(p.Skipped))
	fmt.Fprintf(out, "calls      %s that could change an instance, %s of them meant to be carried out\n", p.Calls, p.Resizes)
	fmt.Fprintf(out, "restored   by %s further ones; where the endpoint does not do as it is told, by %d at most for an instance\n", p.Back, p.BackTries)
	fmt.Fprintf(out, "requests   about %s\n", p.Requests)
	fmt.Fprintf(out, "time       %s\n", estimate(p))
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "\nSCENARIO\tCALLS\tON\tTO\tTIMES\tMEANT\n")
	for _, s := range p.Scenarios {
		for _, c := range s.Calls {
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", s.ID, c.Action, on(c), to(c), c.Times, meant(c))
		}
		if len(s.Calls) == 0 {
			fmt.Fprintf(table, "%s\treads alone\t\t\t\t\n", s.ID)
		}
	}
	for i, s := range p.Skipped {
		if i == 0 {
			fmt.Fprintf(table, "\nSKIPPED\tWHY\t\t\t\t\n")
		}
		fmt.Fprintf(table, "%s\t%s\t\t\t\t\n", s.ID, s.Reason)
	}
	return table.Flush()
}

// estimate says how long it takes, as far as that can be known before.
func estimate(p plan.Plan) string {
	least, most := time.Duration(p.Seconds.Least)*time.Second, time.Duration(p.Seconds.Most)*time.Second
	if p.Resizes.Most == 0 {
		return "about " + most.String()
	}
	return fmt.Sprintf("%s besides the resizes, %d at least; %s if all that could be called were, and took resizeTimeout", least, p.Resizes.Least, most)
}

func on(c plan.Call) string {
	switch {
	case c.Withheld != "":
		return "-"
	case len(c.Instances) == 0:
		return "an instance that does not exist"
	case len(c.Instances) == 1:
		return c.Instances[0]
	default:
		return c.Instances[0] + " or, when it is taken, " + strings.Join(c.Instances[1:], ", ")
	}
}

func to(c plan.Call) string {
	if len(c.Types) == 0 {
		return c.To
	}
	return c.To + " of " + strings.Join(c.Types, ", ")
}

func meant(c plan.Call) string {
	switch {
	case c.Withheld != "":
		return "nothing: it may not leave: " + c.Withheld
	case c.Refused:
		return "to be refused"
	case c.Harmless:
		return "to change nothing"
	default:
		return "to change it; it is restored"
	}
}
