package cli

import (
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/zec-tools/conformance/features"
	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/suite"
)

// selection is which scenarios a command is about.
type selection struct {
	folder    string
	tags      string
	scenarios []string
}

func (s *selection) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&s.tags, "tags", "", `only scenarios that bear the tags, as "@resize and not @change"`)
	cmd.Flags().StringArrayVar(&s.scenarios, "scenario", nil, "only the scenario with this id; may be repeated")
	s.folderFlag(cmd)
}

func (s *selection) folderFlag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&s.folder, "features", "", "read the features from a folder instead of those built in")
}

// read reads the features and selects.
func (s *selection) read(c *contract.Contract) (*suite.Suite, []suite.Case, error) {
	var source fs.FS = features.FS
	if s.folder != "" {
		if _, err := os.Stat(s.folder); err != nil {
			return nil, nil, misuse(err)
		}
		source = os.DirFS(s.folder)
	}
	all, err := suite.Load(source, suiteLaw(c))
	if err != nil {
		return nil, nil, misuse(err)
	}
	cases, err := all.Select(s.tags, s.scenarios)
	return all, cases, misuse(err)
}
