package cli

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zec-tools/conformance/internal/docs"
)

type docsOptions struct {
	selection
	out, from string
	check     bool
}

func newDocs(sys System) *cobra.Command {
	var o docsOptions
	cmd := &cobra.Command{
		Use:   "docs",
		Short: "Write the contract's pages for readers, in English and in Chinese",
		Long: `Write the contract's pages for readers, in English and in Chinese: README.md for
a repository browser, index.html for a web browser. Each operation stands there
with its parameters, responses and errors, each clause with its source, the
scenarios that prove it and an example. With --report, examples and results are
those of a run.`,
		Example: `  conformance docs --out docs/contract
  conformance docs --out site --report reports/report.json
  conformance docs --check`,
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error { return o.run(sys) },
	}
	flags := cmd.Flags()
	flags.StringVar(&o.out, "out", filepath.FromSlash("docs/contract"), "the folder that the pages are written to")
	flags.StringVar(&o.from, "report", "", "a report.json: tell its results, and take the examples from it")
	o.folderFlag(cmd)
	flags.BoolVar(&o.check, "check", false, "write nothing; fail when the Markdown in --out is stale")
	_ = cmd.MarkFlagDirname("out")
	cmd.MarkFlagsMutuallyExclusive("check", "report")
	return cmd
}

func (o *docsOptions) run(sys System) error {
	if err := named("--out", o.out, "the folder of the pages"); err != nil {
		return err
	}
	source, err := o.source(sys)
	if err != nil {
		return err
	}
	files, err := docs.Files(source)
	if err != nil {
		return harnessError(err)
	}
	if o.check {
		stale, err := docs.Stale(o.out, files)
		if err == nil && len(stale) > 0 {
			err = fmt.Errorf("stale: %s; write them again with: conformance docs --out %s", strings.Join(stale, ", "), o.out)
		}
		return usageError(err)
	}
	if err := docs.Write(o.out, files); err != nil {
		return usageError(err)
	}
	for _, f := range files {
		fmt.Fprintln(sys.Out, filepath.Join(o.out, f.Name))
	}
	return nil
}

// source collects what the pages are made from.
func (o *docsOptions) source(sys System) (source docs.Source, err error) {
	c, from, err := sys.contract("")
	if err != nil {
		return source, err
	}
	all, _, err := o.read(c, from)
	if err != nil {
		return source, err
	}
	source = docs.Source{Contract: c, Suite: all, Features: o.links()}
	if o.from == "" {
		return source, nil
	}
	reader, err := sys.openReport(o.from)
	if err != nil {
		return source, usageError(err)
	}
	defer func() { err = errors.Join(err, harnessError(reader.Close())) }()
	source.Report = relative(o.out, filepath.Join(filepath.Dir(o.from), "report.html"))
	source.Results, err = docs.ReadResults(reader, all)
	return source, usageError(err)
}

// links returns the path from the pages to the feature files, if there are any.
func (o *docsOptions) links() string {
	if way := relative(o.out, cmp.Or(o.root(), "features")); way != "" {
		return way + "/"
	}
	return ""
}

// relative returns the relative path from a folder to a file or folder, "" if there is none.
func relative(from, to string) string {
	if _, err := os.Stat(to); err != nil {
		return ""
	}
	from, err := filepath.Abs(from)
	if err != nil {
		return ""
	}
	if to, err = filepath.Abs(to); err != nil {
		return ""
	}
	way, err := filepath.Rel(from, to)
	if err != nil {
		return ""
	}
	return filepath.ToSlash(way)
}
