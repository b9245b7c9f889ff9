package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/run"
	"github.com/zec-tools/conformance/internal/secret"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/target"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/waiver"
)

// mockParallel is how many scenarios run at once against the built-in mock, which shares the
// processors with them. It is large enough for waits to overlap, and small enough that a read does
// not queue for longer than a resize takes.
const mockParallel = 32

type runOptions struct {
	selection
	formatting
	targetOptions
	excusing
	asked                        func(flag string) bool // whether a flag was given
	parallel                     int
	seed                         int64
	allowPartial, quiet, verbose bool
	noPreflight, failFast, json  bool
	maxFindings                  int
	lastFailed, resume           bool
	shard                        shard
}

func newRun(sys System) *cobra.Command {
	var o runOptions
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Run the scenarios and write the reports",
		Long: `Run the scenarios against the built-in mock, or against a target of a
configuration file, write the reports, and exit by the verdict.`,
		Example: `  conformance run
  conformance run --tags "@resize and not @change"
  conformance run --config conformance.yaml --target staging
  conformance run --format html,ctrf,har`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o.asked = cmd.Flags().Changed
			return o.run(cmd.Context(), sys)
		},
	}
	o.selection.flags(cmd)
	o.formatting.flags(cmd)
	o.targetOptions.flags(cmd)
	o.lang = &o.language
	flags := cmd.Flags()
	flags.Lookup("target").Usage += "; without it, the built-in mock"
	flags.IntVar(&o.parallel, "parallel", 0, "scenarios at once; without it, as many as the target says")
	flags.Int64Var(&o.seed, "seed", 0, "shuffle the scenarios; 0: the order of the features")
	o.boundFlag(cmd)
	o.shard.flag(flags)
	flags.BoolVar(&o.allowPartial, "allow-partial", false, "exit 0 also when scenarios were skipped, if none failed")
	flags.BoolVar(&o.noPreflight, "no-preflight", false, "do not look first whether the target can be judged and is as configured")
	flags.BoolVar(&o.quiet, "quiet", false, "print the verdict alone")
	flags.BoolVar(&o.verbose, "verbose", false, "print every scenario, not only those that did not pass")
	flags.BoolVar(&o.lastFailed, "last-failed", false, "only the scenarios that did not pass in the last report, the one in --out")
	flags.BoolVar(&o.failFast, "fail-fast", false, "start no further scenario after the first finding; what runs ends in order")
	flags.IntVar(&o.maxFindings, "max-findings", 0, "start no further scenario after so many different findings; what runs ends in order; 0: run all")
	flags.BoolVar(&o.resume, "resume", false, "run what a run that was interrupted has left, the one whose report is in --out; its other scenarios are taken over")
	o.excuseFlags(cmd)
	cmd.MarkFlagsMutuallyExclusive("resume", "last-failed")
	cmd.MarkFlagsMutuallyExclusive("fail-fast", "max-findings")
	cmd.MarkFlagsMutuallyExclusive("last-failed", "scenario")
	flags.BoolVar(&o.json, "json", false, "print the end of the run as one JSON document, and nothing else on stdout")
	cmd.MarkFlagsMutuallyExclusive("quiet", "verbose", "json")
	return cmd
}

func (o *runOptions) run(ctx context.Context, sys System) (err error) {
	defer sys.collectSeldom()()
	c, from, err := sys.contractOf(&o.targetOptions)
	if err != nil {
		return err
	}
	if o.lastFailed {
		if o.scenarios, err = notPassed(filepath.Join(o.out, "report.json")); err != nil {
			return usageError(fmt.Errorf("--last-failed: %w", err))
		}
	}
	all, cases, err := o.selection.read(c, from)
	if err != nil {
		return err
	}
	sys.collectFor(len(all.Cases))
	if cases, err = o.shard.of(cases, sys.Env); err != nil {
		return err
	}
	if err := o.fits(); err != nil {
		return usageError(err)
	}
	if o.failFast {
		o.maxFindings = 1
	}
	if _, err := o.pick(); err != nil {
		return err
	}
	t, err := o.prepare(ctx, sys, c)
	if err != nil {
		return err
	}
	defer func() {
		if closing := t.close(); err == nil {
			err = harnessError(closing)
		}
	}()
	result, err := o.play(ctx, sys, c, all, cases, t)
	if err != nil {
		return err
	}
	if code := result.ExitCode(o.allowPartial); code != verdict.ExitConformant {
		return &exitError{code: code}
	}
	return nil
}

// fits refuses numbers that are too small, and flags without an effect where no target is given: whoever
// gives one of them believes that the run is against a target.
func (o *runOptions) fits() error {
	switch {
	case o.asked("parallel") && o.parallel < 1:
		return fmt.Errorf("--parallel %d: give 1 or more, or leave it out for the target's own", o.parallel)
	case o.asked("max-changes") && (o.maxChanges < 1 || o.local()):
		return fmt.Errorf("--max-changes %d: give 1 or more, for a --target: the built-in mock has nothing to save", o.maxChanges)
	case o.asked("max-findings") && o.maxFindings < 1:
		return fmt.Errorf("--max-findings %d: give 1 or more, or leave it out to run all", o.maxFindings)
	case o.local() && o.asked("confirm-host"):
		return fmt.Errorf("--confirm-host %s: give a --target, too: the built-in mock has no host to confirm", o.confirmHost)
	case o.local() && o.noPreflight:
		return errors.New("--no-preflight: give a --target, too: the built-in mock is not looked at first")
	}
	return nil
}

// local reports whether the run is against the built-in mock.
func (o *runOptions) local() bool { return o.target == "" && o.endpoint == "" && !o.asked("config") }

// prepare opens the target and prepares it.
func (o *runOptions) prepare(ctx context.Context, sys System, c *contract.Contract) (*readyTarget, error) {
	parallel := o.parallel
	if o.local() && o.origin.folder != "" {
		return openDouble(c, o.origin, parallel)
	}
	if o.local() {
		local, err := target.Mock(ctx, mock.Options{Seed: uint64(o.seed)})
		if err != nil {
			return nil, harnessError(err)
		}
		if parallel == 0 {
			parallel = mockParallel
		}
		none := func() []verdict.Unrestored { return nil }
		return &readyTarget{Target: local.Target, parallel: parallel, unrestored: none, close: local.Close}, nil
	}
	remote, err := o.open(sys, c)
	if err != nil {
		return nil, err
	}
	if err := o.ready(remote); err != nil {
		return nil, errors.Join(err, remote.Close())
	}
	lost, err := o.preflight(ctx, sys, remote)
	if err != nil {
		return nil, errors.Join(err, remote.Close())
	}
	if parallel == 0 {
		parallel = remote.Config.Parallel
	}
	kind, _ := remote.Words()
	n := sys.restores(ctx, o.in(), remote.Changing, "ending the run", kind)
	return &readyTarget{Target: remote.Target, stock: remote.Stock(), maxChanges: remote.Config.MaxChanges, bound: remote.BoundChanges, lost: lost, parallel: parallel, unrestored: func() []verdict.Unrestored { return finish(ctx, sys, remote, n) }, close: remote.Close, watch: n.watching(remote), recorded: remote.Recorded}, nil
}

// finish makes sure that every listed instance has its original type, and returns those that do
// not.
func finish(ctx context.Context, sys System, remote *target.Remote, n *notice) []verdict.Unrestored {
	if remote.Changing() {
		n.restoring()
	}
	strays := remote.Finish(context.WithoutCancel(ctx))
	kind, value := remote.Words()
	for _, id := range slices.Sorted(maps.Keys(strays)) {
		what, found := language.Word(value), strays[id].Type
		if found == "" {
			what, found = language.Said("status"), strays[id].Status
		}
		fmt.Fprintln(sys.Err, "conformance: "+n.in.Say("{0} {1} had another {2} after the run than before it, {3}, though no scenario held it: it was changed back",
			language.Word(kind), id, what, report.Plain(found)))
	}
	return remote.Unrestored()
}

// play runs the cases, writes the reports and shows the result.
func (o *runOptions) play(ctx context.Context, sys System, c *contract.Contract, all *suite.Suite, cases []suite.Case, t *readyTarget) (out verdict.Run, err error) {
	ledger, err := o.ledger(judgedBy{contract: c, target: t.Info, out: o.out}, idsOf(all))
	if err != nil {
		return out, err
	}
	keepNames(sys.filter, c, all)
	waive := func(s *verdict.Scenario) {
		s.Findings = secret.Clean(sys.filter, s.Findings) // first, so that the waivers refer to what is written
		if ledger != nil {
			ledger.Apply(s)
		}
	}
	this := secret.Clean(sys.filter, o.identity(c, all, t.Info))
	ended, done, err := o.takenOver(this)
	if err != nil {
		return out, err
	}
	defer done()
	spool, err := o.spool(this, t)
	if err != nil {
		return out, usageError(err)
	}
	defer func() { err = errors.Join(err, harnessError(spool.Close())) }()
	shown, progress := newDisplay(sys, o.show()), newProgress(sys, o.in())
	shown.allowPartial, shown.language = o.allowPartial, report.Language(o.language)
	defer context.AfterFunc(ctx, progress.end)()
	planned := t.schedule(cases, progress)
	stop := func() {}
	if !o.quiet {
		stop = progress.start()
	}
	out, err = run.Execute(ctx, run.Plan{
		Contract: c, Suite: all, Cases: cases, Schedule: planned, Tags: o.expression(), Named: o.scenarios, Shard: o.shard.part,
		Target: t.Target, Parallel: t.parallel, Seed: o.seed, Tool: version(), Waive: waive, Lost: t.lost, MaxFindings: o.maxFindings, GiveUpOnce: t.stock != nil, Ended: ended,
		Started: func(c suite.Case) { progress.started(c.ID) },
		Waiting: func(c suite.Case, instance, does string) { progress.waiting(c.ID, instance, does) },
		Done: func(index int, s verdict.Scenario) error {
			s.Repeat = o.repeat(s.ID)
			record, err := recordOf(sys.filter, s)
			if err != nil {
				return err
			}
			if !o.quiet {
				progress.done(all.Cases[index], record.Scenario)
			}
			return spool.Keep(index, record)
		},
	})
	out.Unrestored = t.unrestored()
	out.Fixture = t.fixture(ended != nil) // after restoring, so that it includes the calls for that
	out.Call, out.Repeat, out.Features.Folder = t.call(o), o.again(), o.root()
	stop()
	if err != nil {
		shown.unrestored(out)
		return out, harnessError(err)
	}
	if ledger != nil {
		out.Waivers = waived(ledger, len(cases) == len(all.Cases) && out.Selection.Ended == "")
	}
	return out, o.conclude(sys, spool, out, shown, ledger)
}

// conclude writes the reports of a run and shows how it ended.
func (o *runOptions) conclude(sys System, spool *report.Spool, out verdict.Run, shown *display, ledger *waiver.Ledger) error {
	reader, formats, failed := o.write(sys, spool, out)
	if reader == nil {
		shown.unrestored(out)
		return harnessError(failed)
	}
	err := o.end(sys, shown, written{reader, formats}, func() {
		shown.unrestored(out)
		if ledger != nil {
			shown.excused(out.Waivers, ledger.Fixed())
		}
	})
	return harnessError(errors.Join(failed, err))
}

// written holds the reports of a run.
type written struct {
	reader  *report.Reader
	formats []report.Format
}

// end prints the verdict, and the formats that are printed.
func (o *runOptions) end(sys System, shown *display, w written, besides func()) error {
	if o.quiet { // the verdict is the last line, whatever a format prints
		err := report.Print(sys.Out, w.reader, w.formats)
		return errors.Join(err, shown.end(w.reader, nil, besides))
	}
	err := shown.end(w.reader, files(o.out, w.formats), besides)
	return errors.Join(err, report.Print(o.printTo(sys), w.reader, w.formats))
}

// printTo returns the stream for printed formats. A JSON document has stdout to itself.
func (o *runOptions) printTo(sys System) io.Writer {
	if o.json {
		return sys.Err
	}
	return sys.Out
}

// write writes the reports before anything is shown. It returns the reader even if writing fails.
func (o *runOptions) write(sys System, spool *report.Spool, out verdict.Run) (*report.Reader, []report.Format, error) {
	out = secret.Clean(sys.filter, out)
	reader, err := spool.Reader(out)
	if err != nil {
		return nil, nil, err
	}
	always := []string{"json"}
	if sys.Env("GITHUB_ACTIONS") == "true" {
		always = append(always, "annotations")
	}
	formats, err := o.pick(always...)
	if err != nil {
		return nil, nil, err
	}
	reader.Language = report.Language(o.language)
	if err := report.Write(reader, o.out, formats); err != nil {
		return reader, formats, err
	}
	return reader, formats, report.RemoveUnfinished(o.out)
}

// again returns the command that repeats this run.
func (o *runOptions) again() string {
	words := append([]string{"run"}, o.selection.words()...)
	if o.seed != 0 {
		words = append(words, "--seed", strconv.FormatInt(o.seed, 10))
	}
	if o.parallel != 0 {
		words = append(words, "--parallel", strconv.Itoa(o.parallel))
	}
	if o.maxChanges != 0 {
		words = append(words, "--max-changes", strconv.Itoa(o.maxChanges))
	}
	words = append(words, o.excusing.words()...)
	if o.maxFindings != 0 {
		words = append(words, "--max-findings", strconv.Itoa(o.maxFindings))
	}
	if o.noPreflight {
		words = append(words, "--no-preflight")
	}
	if o.allowPartial {
		words = append(words, "--allow-partial")
	}
	if part := o.shard.part; part != nil {
		words = append(words, "--shard", fmt.Sprintf("%d/%d", part.Index, part.Total))
	}
	return o.command(words...)
}

// repeat returns the command that runs one scenario again. It signs again, so it works on any later
// day.
func (o *runOptions) repeat(id string) string {
	words := append([]string{"run", "--scenario", quote(id)}, o.folderWords()...)
	if o.seed != 0 { // the generated requests depend on it
		words = append(words, "--seed", strconv.FormatInt(o.seed, 10))
	}
	if o.noPreflight {
		words = append(words, "--no-preflight")
	}
	return o.command(words...)
}
