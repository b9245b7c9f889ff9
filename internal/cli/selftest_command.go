package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/foreign"
	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wholefile"
	"github.com/zec-tools/conformance/spec"
)

// foreignOptions are for measuring another program in place of the suite.
type foreignOptions struct {
	command string
	limit   time.Duration
	resize  time.Duration
	sample  int
	atOnce  int
}

func (f *foreignOptions) flags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.command, "command", "", "measure another program: `CMD` is run by sh against each mock, with {url} and {contract} filled in and the credentials in its environment")
	flags.DurationVar(&f.limit, "limit", time.Minute, "of --command: the time that each run may take")
	flags.DurationVar(&f.resize, "resize-time", time.Second, "of --command: how long a change takes; long enough that the program can call during one")
	flags.IntVar(&f.sample, "sample", 0, "of --command: so many defects of each category, and variants, at most; 0: all")
	flags.IntVar(&f.atOnce, "at-once", 4, "of --command: so many runs at once")
}

// check rejects an empty program, and the flags of a program without one.
func (f *foreignOptions) check(given func(flag string) bool) error {
	if given("command") {
		if strings.TrimSpace(f.command) == "" {
			return usageError(errors.New("--command: it is empty: give the program that is to be measured, or leave it out to measure the suite"))
		}
		return nil
	}
	for _, flag := range []string{"sample", "limit", "at-once", "resize-time"} {
		if given(flag) {
			return usageError(fmt.Errorf("--%s is of --command: give both", flag))
		}
	}
	return nil
}

// measure runs the program, and prints which defects it detected.
func (o *selftestOptions) measure(ctx context.Context, sys System, c *contract.Contract) (err error) {
	f := o.foreign
	switch {
	case f.limit <= 0 || f.resize <= 0 || f.sample < 0 || f.atOnce < 1:
		return usageError(errors.New("--limit, --resize-time, --sample and --at-once: give times above zero, 0 or more, 1 or more"))
	case o.runs != 0 || o.passive || o.list || o.traffic != "" || o.seed != 0 || len(o.folders) > 0:
		return usageError(errors.New("--command measures another program: give no flag beside it but --all, --defect, --limit, --resize-time, --sample, --at-once, --json and --html"))
	}
	cases := foreign.Cases(f.sample)
	if len(o.defects) > 0 {
		if _, err := defectsNamed(o.defects); err != nil {
			return usageError(err)
		}
		cases = foreign.Only(foreign.Cases(0), o.defects)
	}
	folder, remove, err := contractFolder(c)
	if err != nil {
		return harnessError(err)
	}
	defer func() { err = errors.Join(err, harnessError(remove())) }()
	start, progress := time.Now(), counter{to: sys.Err, in: language.Language(o.language), live: clearsLines(sys), total: len(cases) - 1}
	options := foreign.Options{Command: f.command, Contract: folder, Env: os.Environ(), Cases: cases, Limit: f.limit, Resize: f.resize, AtOnce: f.atOnce, All: o.all || len(o.defects) > 0}
	options.Done = func(foreign.Result) { progress.ended("{0} of {1} runs done") }
	results, err := foreign.Measure(ctx, options)
	progress.clear()
	if err != nil {
		return usageError(err)
	}
	return o.tellForeign(sys, foreign.ScoreOf(f.command, results, time.Since(start)))
}

func (o *selftestOptions) tellForeign(sys System, score foreign.Score) error {
	if o.html != "" {
		var page bytes.Buffer
		if err := score.WriteHTML(&page, report.Language(o.language)); err != nil {
			return harnessError(err)
		}
		if err := wholefile.Write(o.html, page.Bytes(), 0o644); err != nil {
			return usageError(fmt.Errorf("write the score: %w", err))
		}
	}
	write := func(w io.Writer) error { return score.WriteTable(w, report.Language(o.language)) }
	if o.json {
		write = score.WriteJSON
	}
	if err := write(sys.Out); err != nil {
		return harnessError(err)
	}
	if score.Defects.Right < score.Defects.Total || score.Variants.Right < score.Variants.Total {
		return &exitError{code: verdict.ExitNonConformant}
	}
	return nil
}

// contractFolder writes the contract to a folder for another program: openapi.yaml, and a plain
// OpenAPI document for each action.
func contractFolder(c *contract.Contract) (folder string, remove func() error, err error) {
	folder, err = os.MkdirTemp("", "conformance-contract-*")
	if err != nil {
		return "", nil, err
	}
	remove = func() error { return os.RemoveAll(folder) }
	text, err := spec.Files.ReadFile("openapi.yaml")
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, "openapi.yaml"), text, 0o600)
	}
	for op := range slices.Values(c.Operations()) {
		if err == nil {
			text, err = c.Export(op.Action)
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, op.Action+".yaml"), text, 0o600)
		}
	}
	if err != nil {
		return "", nil, errors.Join(err, remove())
	}
	return folder, remove, nil
}
