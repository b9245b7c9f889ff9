package cli

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/zec-tools/conformance/internal/wholefile"
)

func newFeatures(sys System) *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "features",
		Short: "Write the contract's features to a folder, to be edited",
		Long: `Write the features of the contract to a folder, to be edited: those that are
written by hand, and those that are derived from the documents of another
contract. A file that is there already is left as it is, and named.

In the folder features of a contract, a file takes the place of the derived one
with the same path.`,
		Example: `  conformance features --out my-features
  conformance features --contract examples/disks --out examples/disks/features`,
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error {
			if err := named("--out", out, "the folder that the features are written to"); err != nil {
				return err
			}
			c, from, err := sys.contract("")
			if err != nil {
				return err
			}
			texts, err := from.texts(c)
			if err != nil {
				return usageError(err)
			}
			if err := wholefile.Folder(out); err != nil {
				return usageError(fmt.Errorf("make the folder of the features: %w", err))
			}
			for _, name := range slices.Sorted(maps.Keys(texts)) {
				if err := writeNew(sys, filepath.Join(out, filepath.FromSlash(name)), texts[name]); err != nil {
					return usageError(err)
				}
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&out, "out", "features", "the folder that the features are written to")
	return cmd
}

// writeNew writes a file that must not exist yet, completely or not at all: what is half-written
// would be left as it is the next time.
func writeNew(sys System, file string, text []byte) error {
	if _, err := os.Lstat(file); err == nil {
		fmt.Fprintf(sys.Err, "conformance: %s is there already and was left as it is\n", file)
		return nil
	}
	if err := wholefile.Folder(filepath.Dir(file)); err != nil {
		return fmt.Errorf("make the folder of the features: %w", err)
	}
	if err := wholefile.Write(file, text, 0o644); err != nil {
		return fmt.Errorf("write a feature: %w", err)
	}
	fmt.Fprintln(sys.Out, file)
	return nil
}
