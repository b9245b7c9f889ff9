package cli

import (
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/waiver"
)

// excusing holds the sources of findings that do not fail a run.
type excusing struct {
	waivers  []string
	baseline string
}

func (e *excusing) excuseFlags(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&e.waivers, "waivers", nil, "a file of waivers: findings that are known, each with reason, owner and end; repeated: all of them")
	cmd.Flags().StringVar(&e.baseline, "baseline", "", "an earlier report.json of this target: only findings that it does not have fail the run")
}

// words returns the flags that set the same sources again.
func (e *excusing) words() []string {
	var words []string
	for _, file := range e.waivers {
		words = append(words, "--waivers", quote(file))
	}
	if e.baseline != "" {
		words = append(words, "--baseline", quote(e.baseline))
	}
	return words
}

// known returns which clauses and scenarios a waiver may name.
func known(c *contract.Contract, scenarios []string) waiver.Known {
	return waiver.Known{
		Clause: func(id string) bool { _, has := c.Clause(id); return has },
		Scenario: func(id string) bool {
			return slices.ContainsFunc(scenarios, func(scenario string) bool { return waiver.Names(id, scenario) })
		},
	}
}

// idsOf returns the ids of all scenarios of the features.
func idsOf(all *suite.Suite) []string {
	ids := make([]string, len(all.Cases))
	for i, c := range all.Cases {
		ids[i] = c.ID
	}
	return ids
}

// judgedBy is what a baseline must agree with.
type judgedBy struct {
	contract *contract.Contract
	target   verdict.Target
	out      string // the folder for the reports of the run
}

// ledger reads the waivers and the baseline of the target; it returns nil if there are none.
func (e *excusing) ledger(by judgedBy, scenarios []string) (*waiver.Ledger, error) {
	if len(e.waivers) == 0 && e.baseline == "" {
		return nil, nil
	}
	waivers, err := waiver.Read(e.waivers, known(by.contract, scenarios))
	if err != nil {
		return nil, usageError(err)
	}
	ledger := waiver.NewLedger(waivers, by.target.Name, time.Now())
	if e.baseline == "" {
		return ledger, nil
	}
	if err := e.compare(by, ledger); err != nil {
		return nil, usageError(fmt.Errorf("--baseline %s: %w", e.baseline, err))
	}
	return ledger, nil
}

// compare takes over the findings of the baseline. The baseline must have the same target and
// contract, and must not be a file that this run will overwrite.
func (e *excusing) compare(by judgedBy, ledger *waiver.Ledger) (err error) {
	own := filepath.Join(by.out, "report.json")
	if sameFile(e.baseline, own) {
		return errors.New("this run would overwrite it, and take its own findings for known the next time: keep a copy, or give another --out")
	}
	reader, err := report.Open(e.baseline)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	head := reader.Head
	switch {
	case head.Target.Name != by.target.Name || by.target.Endpoint != "" && host(head.Target) != host(by.target):
		return fmt.Errorf("it is of the target %s at %s, this run is of %s at %s: give a report of this target",
			report.Plain(head.Target.Name), report.Plain(head.Target.Endpoint), by.target.Name, by.target.Endpoint)
	case head.Contract.SHA256 != by.contract.SHA256():
		return fmt.Errorf("it was judged by another contract (%.12s, now %.12s): run once without it, and keep that report as the new baseline",
			report.Plain(head.Contract.SHA256), by.contract.SHA256())
	}
	for s, err := range reader.Scenarios() {
		if err != nil {
			return err
		}
		for _, f := range s.Findings {
			ledger.Baseline(s.ID, f)
		}
	}
	return nil
}

// host returns the part of a target's address that is the same in each run. For a mock that
// excludes the port.
func host(t verdict.Target) string {
	if u, err := url.Parse(t.Endpoint); err == nil {
		return u.Hostname()
	}
	return t.Endpoint
}

// waived returns the results of the waivers. A run of only some scenarios says nothing about
// waivers for others.
func waived(ledger *waiver.Ledger, whole bool) []verdict.WaiverResult {
	results := ledger.Results()
	if whole {
		return results
	}
	return slices.DeleteFunc(results, func(r verdict.WaiverResult) bool { return r.State == verdict.WaiverUnmatched })
}

// excused prints the effect of the waivers and the baseline.
func (d *display) excused(results []verdict.WaiverResult, fixed []string) {
	if d.detail == verdictOnly || d.detail == asJSON {
		return
	}
	for _, r := range results {
		fmt.Fprintln(d.out, report.Plain(excuse(r)))
	}
	for _, id := range fixed {
		fmt.Fprintf(d.out, "fixed      %s, since the baseline\n", id)
	}
}

// excuse describes the result of one waiver, and what to do about it.
func excuse(r verdict.WaiverResult) string {
	what, now := r.Clause+r.Scenario, strings.Join(r.Now, ", ")
	switch r.State {
	case verdict.WaiverApplied:
		text := fmt.Sprintf("waived     %s: %s, %s (%s, until %s UTC)", what, plural(r.Findings, "finding"), r.Reason, r.Owner, r.Expires)
		if now != "" {
			text += fmt.Sprintf("; its fingerprint %s is of an earlier release: write %s instead", r.Fingerprint, now)
		}
		return text
	case verdict.WaiverExpired:
		return fmt.Sprintf("waiver     %s expired at the end of %s (UTC): fix the endpoint or renew it", what, r.Expires)
	case verdict.WaiverChanged:
		return fmt.Sprintf("waiver     %s: it fails for another cause now, fingerprint %s: look at the finding, then renew or remove the waiver", what, now)
	case verdict.WaiverNotMet:
		return fmt.Sprintf("waiver     %s: not met in this run, as it may be (%s, until %s UTC)", what, r.Owner, r.Expires)
	}
	return fmt.Sprintf("waiver     %s waives nothing: remove it", what)
}
