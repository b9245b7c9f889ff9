package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zec-tools/conformance/internal/difference"
	"github.com/zec-tools/conformance/internal/merge"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/verdict"
)

type mergeOptions struct {
	formatting
	selection
	out          string
	waivers      []string
	json         bool
	allowPartial bool
}

func newMerge(sys System) *cobra.Command {
	var o mergeOptions
	cmd := &cobra.Command{
		Use:   "merge REPORT...",
		Short: "Join the shards of a run, or compare the runs of several targets",
		Long: `Join the report.json files of all shards of one run into one report, which is
written to --out. Reports of several targets are compared instead, clause by
clause, and the comparison is printed; the shards of each target are joined
first.

The exit code is that of the verdict, or of the gravest verdict of several
targets. It is 2 when a shard is missing or the reports do not belong together.`,
		Example: `  conformance merge shard-1/report.json shard-2/report.json --out reports
  conformance merge staging/report.json production/report.json
  conformance merge --json staging/report.json production/report.json`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, paths []string) error { return o.run(sys, paths) },
	}
	o.formatting.flags(cmd)
	o.folderFlag(cmd)
	cmd.Flags().StringVar(&o.out, "out", "reports", "the folder that a joined report is written to")
	cmd.Flags().StringArrayVar(&o.waivers, "waivers", nil, "a file of waivers that the shards ran with: one that waives nothing in any of them fails the whole; repeated: all of them")
	cmd.Flags().BoolVar(&o.json, "json", false, "print the comparison as JSON")
	cmd.Flags().BoolVar(&o.allowPartial, "allow-partial", false, "exit 0 also when scenarios were skipped, if none failed")
	return cmd
}

func (o *mergeOptions) run(sys System, paths []string) (err error) {
	var parts []merge.Part
	defer func() {
		for _, p := range parts {
			err = errors.Join(err, harnessError(p.Reader.Close()))
		}
	}()
	for _, path := range paths {
		reader, err := sys.openReport(path)
		if err != nil {
			return usageError(err)
		}
		parts = append(parts, merge.Part{Path: path, Reader: reader})
	}
	groups := merge.Groups(parts)
	runs := make([]verdict.Run, len(groups))
	for i, group := range groups {
		if runs[i], err = merge.Head(group); err != nil {
			return usageError(err)
		}
	}
	if err := o.excuse(sys, groups, runs); err != nil {
		return err
	}
	switch {
	case len(groups) == 1 && o.json:
		return usageError(fmt.Errorf("--json prints a comparison: give reports of several targets, or read the report.json that --out gets"))
	case len(groups) == 1:
		err = o.write(sys, groups[0], runs[0])
	default:
		err = o.compare(sys, runs)
	}
	if err != nil {
		return err
	}
	if code := gravest(runs, o.allowPartial); code != verdict.ExitConformant {
		return &exitError{code: code}
	}
	return nil
}

// excuse applies the waivers of each run's target to it. Waivers may name any scenario of the
// features and any in the reports.
func (o *mergeOptions) excuse(sys System, groups [][]merge.Part, runs []verdict.Run) error {
	if len(o.waivers)+len(o.folders) == 0 {
		return nil
	}
	c, from, err := sys.contract("")
	if err != nil {
		return err
	}
	all, _, err := o.read(c, from)
	if err != nil {
		return err
	}
	for i := range runs {
		if len(o.folders) > 0 {
			if all.SHA256 != runs[i].Features.SHA256 {
				return usageError(fmt.Errorf("--features %s: %s was not run with these features: give those that the shards ran with", strings.Join(o.folders, ", "), groups[i][0].Path))
			}
			runs[i].Features.Folder = o.root()
		}
		if len(o.waivers) == 0 {
			continue
		}
		ids, err := merge.IDs(groups[i])
		if err != nil {
			return usageError(err)
		}
		by := judgedBy{contract: c, target: runs[i].Target, out: o.out}
		ledger, err := (&excusing{waivers: o.waivers}).ledger(by, append(ids, idsOf(all)...))
		if err != nil {
			return err
		}
		merge.Excuse(&runs[i], ledger.Results())
	}
	return nil
}

// write writes the merged report.
func (o *mergeOptions) write(sys System, parts []merge.Part, run verdict.Run) (err error) {
	formats, err := o.pick("json")
	if err != nil {
		return err
	}
	spool, err := report.Create(o.out)
	if err != nil {
		return usageError(err)
	}
	defer func() { err = errors.Join(err, harnessError(spool.Close())) }()
	if err := merge.Scenarios(parts, spool.Add); err != nil {
		return usageError(err)
	}
	reader, err := spool.Reader(run)
	if err != nil {
		return usageError(err)
	}
	reader.Language = report.Language(o.language)
	if err := report.Write(reader, o.out, formats); err != nil {
		return usageError(err)
	}
	shown := newDisplay(sys, countsOnly)
	shown.language = reader.Language
	err = shown.end(reader, files(o.out, formats), func() {
		shown.unrestored(run)
		shown.excused(run.Waivers, nil)
	})
	if err != nil {
		return harnessError(err)
	}
	return harnessError(report.Print(sys.Out, reader, formats))
}

func (o *mergeOptions) compare(sys System, runs []verdict.Run) error {
	comparison, err := difference.Targets(runs)
	if err != nil {
		return usageError(err)
	}
	if !o.json {
		return harnessError(comparison.WriteMarkdown(sys.Out))
	}
	encoder := json.NewEncoder(sys.Out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(comparison); err != nil {
		return harnessError(fmt.Errorf("print the comparison: %w", err))
	}
	return nil
}

// gravest returns the exit code of the worst run. A finding decides, whatever else happened.
func gravest(runs []verdict.Run, allowPartial bool) int {
	codes := map[int]bool{}
	for _, r := range runs {
		codes[r.ExitCode(allowPartial)] = true
	}
	for _, code := range []int{verdict.ExitNonConformant, verdict.ExitHarness, verdict.ExitUsage, verdict.ExitInconclusive} {
		if codes[code] {
			return code
		}
	}
	return verdict.ExitConformant
}
