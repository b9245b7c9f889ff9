package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/typo"
)

// formatting holds the formats of the reports, and the language of those for people.
type formatting struct {
	names    []string
	language languageFlag
}

// languageFlag is the value of --lang, "" if it was not given.
type languageFlag language.Language

// Set implements pflag.Value.
func (l *languageFlag) Set(name string) error {
	named, err := language.Of(name)
	*l = languageFlag(named)
	return err
}

// flag adds --lang. of says what is in that language.
func (l *languageFlag) flag(cmd *cobra.Command, of string) {
	cmd.Flags().Var(l, "lang", "the language of "+of+": en or zh; without it, English, and a page in the language of its reader")
}

func (l *languageFlag) String() string { return string(*l) }

// Type implements pflag.Value.
func (l *languageFlag) Type() string { return "language" }

// words returns the flags that a command needs to write reports in the same language.
func (l languageFlag) words() []string {
	if l == "" {
		return nil
	}
	return []string{"--lang", string(l)}
}

func (f *formatting) flags(cmd *cobra.Command) {
	var known []string
	for _, format := range report.Formats() {
		known = append(known, format.Name)
	}
	cmd.Flags().StringSliceVar(&f.names, "format", []string{"html", "junit", "md"},
		"the formats to write, of "+strings.Join(known, ", "))
	f.language.flag(cmd, "what is printed, report.md and report.html")
}

// pick returns the named formats, and those that are always written.
func (f *formatting) pick(always ...string) ([]report.Format, error) {
	picked, err := report.Pick(append(always, f.names...)...)
	if err != nil {
		var known []string
		for _, format := range report.Formats() {
			known = append(known, format.Name)
		}
		for _, name := range f.names {
			if meant, near := typo.Meant(name, known); near && meant != name {
				err = fmt.Errorf("%w: did you mean %s?", err, meant)
			}
		}
		return nil, usageError(fmt.Errorf("--format: %w", err))
	}
	return picked, nil
}

// files returns the file names of formats.
func files(dir string, formats []report.Format) []string {
	var names []string
	for _, format := range formats {
		if format.File != "" {
			names = append(names, filepath.Join(dir, format.File))
		}
	}
	return names
}

type reportOptions struct {
	formatting
	from, out, folder string
}

func newReport(sys System) *cobra.Command {
	var o reportOptions
	cmd := &cobra.Command{
		Use:   "report",
		Short: "Write the reports of a run that is over from its report.json",
		Long: `Write the reports of a run that is over from its report.json. It always ends
with exit code 0 when they are written, whatever the verdict of that run was.`,
		Example: `  conformance report --from reports/report.json --format html,ctrf
  conformance report --from report.json --format annotations`,
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error { return o.write(sys) },
	}
	o.flags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&o.from, "from", "", "the report.json of the run")
	flags.StringVar(&o.out, "out", "", "the folder that the reports are written to; without it, the folder of --from")
	flags.StringVar(&o.folder, "features", "", "the folder of the feature files, as the repository's readers see it; without it, the one that the report names")
	_ = cmd.MarkFlagRequired("from")
	return cmd
}

func (o *reportOptions) write(sys System) (err error) {
	formats, err := o.pick()
	if err != nil {
		return err
	}
	reader, err := sys.openReport(o.from)
	if err != nil {
		return usageError(err)
	}
	defer func() { err = errors.Join(err, harnessError(reader.Close())) }()
	if o.folder != "" {
		reader.Features = o.folder
	}
	reader.Language = report.Language(o.language)
	dir := o.out
	if dir == "" {
		dir = filepath.Dir(o.from)
	}
	written := files(dir, formats)
	if len(written) > 0 {
		if err := report.Write(reader, dir, formats); err != nil {
			return usageError(err)
		}
	}
	if err := report.Print(sys.Out, reader, formats); err != nil {
		return harnessError(err)
	}
	// The file names are for people, not for programs that read the printed formats.
	if printed := slices.ContainsFunc(formats, func(f report.Format) bool { return f.File == "" }); !printed {
		fmt.Fprintln(sys.Out, strings.Join(written, "\n"))
	}
	return nil
}
