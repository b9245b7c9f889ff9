package cli

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"github.com/zec-tools/conformance/internal/wholefile"
)

func newMan(sys System) *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "man",
		Short: "Write the manual pages",
		Long: `Write the manual pages, one for each command, from the same words that --help
prints. The same program writes the same bytes.`,
		Example: `  conformance man --out man && man -l man/conformance-run.1`,
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := named("--out", out, "the folder that the pages are written to"); err != nil {
				return err
			}
			if err := wholefile.Folder(out); err != nil {
				return usageError(fmt.Errorf("make the folder of the manual pages: %w", err))
			}
			return pages(sys, cmd.Root(), out)
		},
	}
	cmd.Flags().StringVar(&out, "out", "man", "the folder that the pages are written to")
	return cmd
}

// pages writes the manual page of a command and those of its subcommands.
func pages(sys System, cmd *cobra.Command, dir string) error {
	text, err := page(cmd)
	if err != nil {
		return harnessError(err)
	}
	file := filepath.Join(dir, strings.ReplaceAll(cmd.CommandPath(), " ", "-")+".1")
	if err := wholefile.Write(file, text, 0o644); err != nil {
		return usageError(fmt.Errorf("write a manual page: %w", err))
	}
	fmt.Fprintln(sys.Out, file)
	for _, below := range cmd.Commands() {
		if !below.IsAvailableCommand() {
			continue
		}
		if err := pages(sys, below, dir); err != nil {
			return err
		}
	}
	return nil
}

// page returns the manual page of one command. It has no date, because the date of generation would
// not be the date of a change.
func page(cmd *cobra.Command) ([]byte, error) {
	cmd.DisableAutoGenTag = true
	var never time.Time
	header := &doc.GenManHeader{Date: &never, Source: "zec-conformance " + cmd.Root().Version, Manual: "zec-conformance"}
	var text bytes.Buffer
	if err := doc.GenMan(cmd, header, &text); err != nil {
		return nil, fmt.Errorf("write the manual page of %s: %w", cmd.CommandPath(), err)
	}
	return bytes.Replace(text.Bytes(), []byte(`"`+never.Format("Jan 2006")+`"`), []byte(`""`), 1), nil
}
