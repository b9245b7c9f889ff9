package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/table"
	"github.com/zec-tools/conformance/internal/target"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/steps"
)

// preflight checks by reading whether a run would be pointless. A wrong configuration is an error.
// If the endpoint or the credential cannot be judged, it returns the result for every scenario, so
// that the reports are still written. What the endpoint itself seems to do wrong only causes a
// warning, because the run judges it.
func (o *runOptions) preflight(ctx context.Context, sys System, remote *target.Remote) (*steps.Inconclusive, error) {
	if o.noPreflight {
		return nil, nil
	}
	o.waits.Store(true)
	defer o.waits.Store(false)
	failed, doubts, err := remote.Preflight(ctx)
	if err != nil {
		return nil, harnessError(err)
	}
	if !o.quiet {
		warn(sys.Err, doubts, o.in())
	}
	switch codeOf(failed) {
	case verdict.ExitConformant:
		return nil, nil
	case verdict.ExitUsage:
		tell(sys.Err, failed, telling{Language: o.in()})
		return nil, usageError(errors.New(o.in().Say("the target is not as the configuration says, and nothing was changed: set it right, or skip this with --no-preflight")))
	}
	if !o.quiet {
		tell(o.printTo(sys), failed, telling{o.in(), coloursFor(sys) && !report.Colours(o.json)})
	}
	for _, check := range failed {
		if check.Cause != "" {
			return &steps.Inconclusive{Cause: check.Cause, Reason: fmt.Sprintf("preflight: %s: %s", check.Name.In(language.English), report.Plain(check.Found.In(language.English)))}, nil
		}
	}
	return nil, nil
}

// warn prints one line for each thing that the endpoint seems to do wrong, however often it does.
func warn(out io.Writer, doubts []target.Check, l language.Language) {
	count := map[language.Phrase]int{}
	for _, check := range doubts {
		count[check.Found]++
	}
	for _, check := range doubts {
		name := check.Name
		if n := count[check.Found] - 1; n > 0 {
			name = language.Said("{0} and {1} more", name, n)
		}
		if count[check.Found] > 0 {
			fmt.Fprintf(out, "%s%s\n", table.Pad(l.Say("warn"), labelColumns), l.Say("{0}: {1}", name, report.Plain(check.Found.In(l))))
		}
		delete(count, check.Found)
	}
}

// retrying reports that a request will be retried after a wait, if nothing else shows that the
// command is still working.
func (a *targetOptions) retrying(sys System) func(wire.Exchange, time.Duration) {
	return func(e wire.Exchange, wait time.Duration) {
		if a.waits == nil || !a.waits.Load() {
			return
		}
		text, what := "{0} got no answer ({1}): sent again in {2}", any(e.Cause)
		if e.Received != nil {
			text, what = "{0} answered with status {1}: sent again in {2}", e.Received.Status
		}
		fmt.Fprintln(sys.Err, "conformance: "+a.in().Say(text, e.Operation, what, wait.Round(time.Second/10)))
	}
}
