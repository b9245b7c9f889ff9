package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

func newSteps(sys System) *cobra.Command {
	s := selection{}
	cmd := &cobra.Command{
		Use:   "steps",
		Short: "List the sentences that features are written in",
		Long: `List the sentences that features are written in: each in English and in Chinese, how
often the features use it, and in which files. Words in angle brackets stand for
arguments. A sentence that no feature uses is marked.`,
		Example: `  conformance steps
  conformance steps --features my-features`,
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error {
			c, from, err := sys.contract("")
			if err != nil {
				return err
			}
			all, _, err := s.read(c, from)
			if err != nil {
				return err
			}
			for _, use := range all.Uses() {
				en, zh := use.Sentence.Forms()
				where := "unused"
				if use.Count > 0 {
					where = fmt.Sprintf("%d in %s", use.Count, strings.Join(use.Files, ", "))
				}
				fmt.Fprintf(sys.Out, "%s\n%s\n    %s\n", en, zh, where)
			}
			return nil
		},
	}
	s.folderFlag(cmd)
	return cmd
}
