package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

func newSteps(sys System) *cobra.Command {
	s := selection{}
	cmd := &cobra.Command{
		Use:   "steps",
		Short: "List the sentences that features are written in",
		Long: `List the sentences that features are written in: each in English and in Chinese,
how often the features use it, and in which files. Words in angle brackets stand
for arguments; below the sentence stands what each can be, where it is written
in words. A sentence that no feature uses is marked.`,
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
				values := use.Sentence.Values()
				for _, name := range slices.Sorted(maps.Keys(values)) {
					for _, value := range values[name] {
						if value[0] != "" {
							fmt.Fprintf(sys.Out, "    <%s>: %s | %s\n", name, strings.TrimSpace(value[0]), value[1])
						}
					}
				}
			}
			return nil
		},
	}
	s.folderFlag(cmd)
	return cmd
}
