package cli

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/waiver"
)

// excusing is which findings are known and do not fail a run.
type excusing struct {
	waivers  string
	baseline string
}

func (e *excusing) excuseFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&e.waivers, "waivers", "", "a file of waivers: findings that are known, each with reason, owner and end")
	cmd.Flags().StringVar(&e.baseline, "baseline", "", "an earlier report.json: only findings that it does not have fail the run")
}

// ledger reads what is known of the target; nil when nothing is.
func (e *excusing) ledger(c *contract.Contract, all *suite.Suite, target string) (*waiver.Ledger, error) {
	if e.waivers == "" && e.baseline == "" {
		return nil, nil
	}
	var waivers []waiver.Waiver
	if e.waivers != "" {
		known := waiver.Known{
			Clause: func(id string) bool { _, has := c.Clause(id); return has },
			Scenario: func(id string) bool {
				return slices.ContainsFunc(all.Cases, func(c suite.Case) bool { return c.ID == id })
			},
		}
		var err error
		if waivers, err = waiver.Read(e.waivers, known); err != nil {
			return nil, misuse(err)
		}
	}
	ledger := waiver.NewLedger(waivers, target, time.Now())
	if e.baseline == "" {
		return ledger, nil
	}
	book, err := report.Open(e.baseline)
	if err != nil {
		return nil, misuse(fmt.Errorf("--baseline: %w", err))
	}
	for s, err := range book.Scenarios() {
		if err != nil {
			return nil, misuse(errors.Join(fmt.Errorf("--baseline %s: %w", e.baseline, err), book.Close()))
		}
		for _, f := range s.Findings {
			ledger.Baseline(s.ID, f)
		}
	}
	return ledger, fault(book.Close())
}

// waived tells what became of the waivers. A run of some scenarios only says nothing of
// those whose scenario did not run.
func waived(ledger *waiver.Ledger, whole bool) []verdict.WaiverResult {
	results := ledger.Results()
	if whole {
		return results
	}
	return slices.DeleteFunc(results, func(r verdict.WaiverResult) bool { return r.State == verdict.WaiverUnmatched })
}

// excused prints what the waivers and the baseline did.
func (d *display) excused(results []verdict.WaiverResult, fixed []string) {
	if d.detail == verdictOnly {
		return
	}
	for _, r := range results {
		what := r.Clause + r.Scenario
		switch r.State {
		case verdict.WaiverApplied:
			fmt.Fprintf(d.out, "waived     %s: %d findings, %s (%s, until %s)\n", what, r.Findings, r.Reason, r.Owner, r.Expires)
		case verdict.WaiverExpired:
			fmt.Fprintf(d.out, "waiver     %s expired on %s: mend the endpoint or renew it\n", what, r.Expires)
		case verdict.WaiverChanged:
			fmt.Fprintf(d.out, "waiver     %s: it fails for another cause now: look at the finding, then renew or remove it\n", what)
		case verdict.WaiverUnmatched:
			fmt.Fprintf(d.out, "waiver     %s waives nothing: remove it\n", what)
		}
	}
	for _, id := range fixed {
		fmt.Fprintf(d.out, "fixed      %s, since the baseline\n", id)
	}
}
