package cli

import (
	"fmt"

	"github.com/spf13/cobra"
)

func newSpec(sys System) *cobra.Command {
	var action string
	cmd := &cobra.Command{
		Use:   "spec",
		Short: "Export one action as a plain OpenAPI document",
		Long: `Export one action as a plain OpenAPI document for mocks, viewers and generators
that cannot tell operations on one path apart: it stands under its real path,
and its header X-ZC-Action has one value.`,
		Example: `  conformance spec --action ModifyInstanceType > modify.yaml
  npx @stoplight/prism-cli mock modify.yaml`,
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error {
			c, _, err := sys.contract("")
			if err != nil {
				return err
			}
			document, err := c.Export(action)
			if err != nil {
				return usageError(fmt.Errorf("--action: %w", err))
			}
			_, err = sys.Out.Write(document)
			return harnessError(err)
		},
	}
	cmd.Flags().StringVar(&action, "action", "", "the action to export")
	_ = cmd.MarkFlagRequired("action") // fails only if there is no such flag
	return cmd
}
