package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/waiver"
)

type waiveOptions struct {
	from, to string
	entry    waiver.Waiver
	findings []met
}

// met is a finding of the report, and where it was found.
type met struct {
	scenario string
	verdict.Finding
}

func newWaive(sys System) *cobra.Command {
	var o waiveOptions
	cmd := &cobra.Command{
		Use:   "waive [FINGERPRINT]",
		Short: "Add a waiver for a finding of a report to a file of waivers",
		Long: `Add a waiver for a finding of a report to a file of waivers. The fingerprint may
be left out where the report has findings of one fingerprint alone. The waiver
is of the clause; with --scenario, of the scenario or the outline that is named.`,
		Example: `  conformance waive 3f9a1c0b7d22 --reason "known, fixed in 2.4" --owner api-team --expires 2999-12-31`,
		Args:    cobra.MaximumNArgs(1),
		RunE:    func(_ *cobra.Command, args []string) error { return o.run(sys, args) },
	}
	flags := cmd.Flags()
	flags.StringVar(&o.from, "from", "reports/report.json", "the report.json of the run")
	flags.StringVar(&o.to, "waivers", "waivers.yaml", "the file that the waiver is added to")
	flags.StringVar(&o.entry.Scenario, "scenario", "", "waive it in this scenario or outline alone")
	flags.StringVar(&o.entry.Reason, "reason", "", "why the finding is accepted")
	flags.StringVar(&o.entry.Owner, "owner", "", "who answers for it")
	flags.StringVar(&o.entry.Expires, "expires", "", "the last day it holds, in UTC, as 2026-12-31")
	flags.BoolVar(&o.entry.Intermittent, "intermittent", false, "the finding is not met in every run")
	for _, name := range []string{"reason", "owner", "expires"} {
		_ = cmd.MarkFlagRequired(name) // fails only if there is no such flag
	}
	return cmd
}

func (o *waiveOptions) run(sys System, args []string) error {
	c, _, err := sys.contract("")
	if err != nil {
		return err
	}
	known, err := o.read(sys)
	if err != nil {
		return usageError(err)
	}
	found, err := o.choose(args)
	if err != nil {
		return usageError(err)
	}
	o.entry.Fingerprint = found.Fingerprint()
	if o.entry.Scenario == "" {
		o.entry.Clause = found.Clause
	}
	isClause := func(id string) bool { _, has := c.Clause(id); return has }
	if err := waiver.Add(o.to, o.entry, waiver.Known{Clause: isClause, Scenario: known}, time.Now()); err != nil {
		return usageError(err)
	}
	_, err = fmt.Fprintf(sys.Out, "%s: %s of %s is waived until %s UTC: %s\n",
		o.to, o.entry.Fingerprint, o.entry.Clause+o.entry.Scenario, o.entry.Expires, report.Plain(found.Error()))
	return harnessError(err)
}

// read reads the findings of the report, and returns a function that reports whether it contains a
// scenario.
func (o *waiveOptions) read(sys System) (known func(id string) bool, err error) {
	reader, err := sys.openReport(o.from)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	o.entry.Target = reader.Head.Target.Name
	var ids []string
	for s, err := range reader.Scenarios() {
		if err != nil {
			return nil, err
		}
		ids = append(ids, s.ID)
		for _, f := range s.Findings {
			o.findings = append(o.findings, met{s.ID, f})
		}
	}
	return func(id string) bool {
		return slices.ContainsFunc(ids, func(scenario string) bool { return waiver.Names(id, scenario) })
	}, nil
}

// choose returns the finding that the arguments select.
func (o *waiveOptions) choose(args []string) (met, error) {
	all := slices.DeleteFunc(slices.Clone(o.findings), func(f met) bool {
		return o.entry.Scenario != "" && !waiver.Names(o.entry.Scenario, f.scenario)
	})
	var prints []string
	for _, f := range all {
		if len(args) == 1 && f.Fingerprint() == args[0] {
			return f, nil
		}
		if !slices.Contains(prints, f.Fingerprint()) {
			prints = append(prints, f.Fingerprint())
		}
	}
	where := o.from
	if o.entry.Scenario != "" {
		where += " has of " + o.entry.Scenario
	} else {
		where += " has"
	}
	switch {
	case len(prints) == 0:
		return met{}, fmt.Errorf("%s no finding", where)
	case len(args) == 0 && len(prints) == 1:
		return all[0], nil
	case len(args) == 1:
		return met{}, fmt.Errorf("%s no finding with the fingerprint %q, but %s", where, args[0], strings.Join(prints, ", "))
	}
	return met{}, fmt.Errorf("%s findings of several fingerprints: name one of %s", where, strings.Join(prints, ", "))
}
