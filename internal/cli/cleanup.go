package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/spf13/cobra"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/table"
	"github.com/zec-tools/conformance/internal/target"
	"github.com/zec-tools/conformance/internal/verdict"
)

type cleanupOptions struct {
	targetOptions
	forget []string
}

func newCleanup(sys System) *cobra.Command {
	var o cleanupOptions
	cmd := &cobra.Command{
		Use:   "cleanup",
		Short: "Restore what a run that was killed has changed",
		Long: `Restore what a killed run has left changed. Each instance that a journal of the
target names gets back the type and the status that it had before, and is
watched until it has them. Three kinds of journal are read: the one in the
folder of the reports, the one that the report there names, and any other that
runs of this user have left open for the same endpoint and instances.

To take an instance out of the journal, because it was released or is to stay as
it is, use --forget. It says first what that means.

Exit code 3 when an instance could not be restored; its journal then stays.`,
		Example: `  conformance cleanup --target staging
  conformance cleanup --target staging --forget ins-a1`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), sys) },
	}
	o.flags(cmd)
	o.languageFlag(cmd)
	cmd.Flags().StringArrayVar(&o.forget, "forget", nil, "take an instance out of the journal, as it is; may be repeated")
	return cmd
}

// run processes the journals of the target. An interrupt does not end it, because cleanup does what
// an interrupted run would do.
func (o *cleanupOptions) run(ctx context.Context, sys System) error {
	for _, id := range o.forget {
		if err := named("--forget", id, "an instance that is in the journal"); err != nil {
			return err
		}
	}
	c, _, err := sys.contractOf(&o.targetOptions)
	if err != nil {
		return err
	}
	files, kind, err := o.journals(sys, c)
	if err != nil {
		return err
	}
	w := cleaning{options: o, sys: sys, in: o.in(), contract: c, kind: kind, forgotten: map[string]bool{}}
	if err := w.named(files); err != nil {
		return err
	}
	w.notice = sys.restores(ctx, w.in, w.restoring.Load, "looking for what is still to be restored", kind)
	for _, file := range files {
		err = errors.Join(err, w.journal(ctx, file))
	}
	if err != nil {
		return err
	}
	if !w.any && len(w.forgotten) == 0 && w.damaged == 0 {
		fmt.Fprintln(w.sys.Out, w.in.Say("nothing to restore at {0} ({1})", w.name, strings.Join(files, ", ")))
	}
	return w.conclude()
}

// named is an error if no journal names an instance to forget. It is checked before anything is sent,
// because a misspelt id would otherwise have the instance restored that was meant to stay as it is.
func (w *cleaning) named(files []string) error {
	if len(w.options.forget) == 0 {
		return nil
	}
	open := map[string]bool{}
	for _, file := range files {
		at := w.options.targetOptions
		at.journal = file
		remote, err := at.open(w.sys, w.contract)
		if err != nil {
			return err
		}
		for id := range remote.Left() {
			open[id] = true
		}
		if err := remote.Close(); err != nil {
			return harnessError(err)
		}
	}
	for _, id := range w.options.forget {
		if !open[id] {
			return usageError(errors.New(w.in.Say("--forget {0}: no journal of this target names the {1}", id, language.Word(w.kind))))
		}
	}
	return nil
}

// journals returns the journal files that may have open entries, with the target's own first, and
// the kind of the listed things.
func (o *cleanupOptions) journals(sys System, c *contract.Contract) (files []string, kind string, err error) {
	remote, err := o.open(sys, c)
	if err != nil {
		return nil, "", err
	}
	kind, _ = remote.Words()
	defer func() { err = errors.Join(err, harnessError(remote.Close())) }()
	files = []string{remote.Journal.Path()}
	if named := reported(o.out, remote.Config.Name); named != "" && !sameFile(named, files[0]) {
		files = append(files, named)
	}
	elsewhere, err := remote.Journal.Elsewhere()
	if err != nil {
		return nil, "", usageError(err)
	}
	for _, left := range elsewhere {
		if !slices.ContainsFunc(files, func(f string) bool { return sameFile(f, left.Journal) }) {
			files = append(files, left.Journal)
		}
	}
	return files, kind, nil
}

// reported returns the journal that the report in a folder names for a target, "" if there is none.
func reported(folder, target string) string {
	reader, err := report.Open(filepath.Join(folder, "report.json"))
	if err != nil || reader.Head.Target.Name != target {
		return ""
	}
	defer func() { _ = reader.Close() }()
	for _, u := range reader.Head.Unrestored {
		if _, err := os.Stat(u.Journal); u.Journal != "" && err == nil {
			return u.Journal
		}
	}
	return ""
}

func sameFile(a, b string) bool {
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(infoA, infoB)
}

// cleaning is a cleanup in progress.
type cleaning struct {
	options   *cleanupOptions
	sys       System
	in        language.Language
	notice    *notice
	restoring atomic.Bool
	contract  *contract.Contract
	kind      string // of the listed things
	forgotten map[string]bool
	name      string   // of the target
	any       bool     // there were instances to restore
	failed    []string // the instances that were not restored
	damaged   int      // the number of damaged lines
}

// journal processes the open entries of one journal.
func (w *cleaning) journal(ctx context.Context, file string) (err error) {
	at := w.options.targetOptions
	at.journal = file
	remote, err := at.open(w.sys, w.contract)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, harnessError(remote.Close())) }()
	w.name = remote.Config.Name
	if err := remote.Lock(); err != nil && len(remote.Left())+len(w.options.forget) > 0 {
		return usageError(err)
	}
	if err := w.forget(ctx, remote); err != nil {
		return err
	}
	for _, line := range remote.Journal.Damaged() {
		w.damaged++
		w.line("DAMAGED", report.Plain(line))
	}
	if len(remote.Left()) == 0 {
		return nil
	}
	w.any = true
	kind := language.Word(w.kind)
	progress := newProgress(w.sys, w.in)
	progress.instances, progress.total = true, len(remote.Left())
	remote.WatchRestoring(progress.restoring)
	w.restoring.Store(true)
	defer w.restoring.Store(false)
	w.notice.restoring() // the interrupt may have come before it was known that there is something to restore
	stop := progress.start()
	done, failed := remote.Cleanup(context.WithoutCancel(ctx), func(instance string, what language.Phrase) {
		progress.say("conformance: " + w.in.Say("{0} {1}: {2}", kind, instance, report.Plain(what.In(w.in))))
	})
	stop()
	for _, id := range slices.Sorted(maps.Keys(done)) {
		w.line("restored", w.in.Say("{0} {1}: {2} ({3})", kind, id, report.Plain(done[id].In(w.in)), file))
	}
	for _, f := range failed {
		w.failed = append(w.failed, f.Instance)
		w.line("NOT RESTORED", w.in.Say("{0} ({1})", report.Plain(f.Said().In(w.in)), file))
	}
	return nil
}

// line prints a text after the result for its subject, which has its own column.
func (w *cleaning) line(became, text string) {
	const columns = 14
	label := w.in.Say(became)
	for _, line := range table.Fold(text, columnsOf(w.sys.Out)-columns) {
		fmt.Fprintf(w.sys.Out, "%s%s\n", table.Pad(label, columns), line)
		label = ""
	}
}

// forget removes the named instances from a journal, and says what that means. An interrupt ends
// it; the instances that it has not reached stay in the journal.
func (w *cleaning) forget(ctx context.Context, remote *target.Remote) error {
	named, restored := remote.Words()
	kind, value := language.Word(named), language.Word(restored)
	for _, id := range w.options.forget {
		old, open := remote.Left()[id]
		if !open {
			continue
		}
		status, shown, err := remote.Look(ctx, id)
		if ctx.Err() != nil {
			return &exitError{code: verdict.ExitInconclusive, err: errors.New(w.in.Say("interrupted: {0} {1} was not forgotten", kind, id))}
		}
		now := language.Said("the endpoint shows it with {0} {1}, {2}", value, shown, status)
		switch {
		case err != nil:
			now = language.Said("it could not be looked at: {0}", language.OfError(err))
		case shown == "":
			now = language.Said("the endpoint shows it as {0}", status)
		}
		fmt.Fprintln(w.sys.Out, w.in.Say("{0} {1} had {2} {3} before a run changed it; {4}. It is forgotten now: no run and no cleanup gives it that {2} again",
			kind, id, value, report.Plain(old), report.Plain(now.In(w.in))))
		if err := remote.Journal.Forget(id); err != nil {
			return harnessError(err)
		}
		w.forgotten[id] = true
		w.line("forgotten", w.in.Say("{0} {1} ({2})", kind, id, remote.Journal.Path()))
	}
	return nil
}

// conclude returns the exit code of the cleanup, and says what to do about what is left.
func (w *cleaning) conclude() error {
	if w.damaged > 0 {
		return &exitError{code: verdict.ExitInconclusive, err: errors.New(w.in.Say("{0} damaged line: do what they say, then run {1} again|{0} damaged lines: do what they say, then run {1} again", w.damaged, w.options.command("cleanup")))}
	}
	if len(w.failed) == 0 {
		return nil
	}
	left := w.kind
	if len(w.failed) > 1 {
		left = lifecycle.Plural(left)
	}
	return &exitError{code: verdict.ExitInconclusive, err: errors.New(w.in.Say("not restored: {0} {3}: fix the cause, then run {1} again; for {4} that is no more: {2}",
		len(w.failed), w.options.command("cleanup"), w.options.command("cleanup", "--forget", quote(w.failed[0])), language.Word(left), language.Word(lifecycle.A(w.kind))))}
}
