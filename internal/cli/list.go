package cli

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
)

func newList(sys System) *cobra.Command {
	var s selection
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the scenarios with the clauses they prove",
		Example: `  conformance list --tags @resize`,
		Args:    noArguments,
		RunE: func(*cobra.Command, []string) error {
			c, from, err := sys.contract("")
			if err != nil {
				return err
			}
			_, cases, err := s.read(c, from)
			if err != nil {
				return err
			}
			table := tabwriter.NewWriter(sys.Out, 0, 0, 2, ' ', 0)
			for _, c := range cases {
				fmt.Fprintf(table, "%s\t%s\t%s\n", c.ID, strings.Join(c.Clauses, " "), c.Name)
			}
			return harnessError(table.Flush())
		},
	}
	s.flags(cmd)
	return cmd
}
