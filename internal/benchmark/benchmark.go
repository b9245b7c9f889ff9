package benchmark

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"time"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/run"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/target"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/spec"
)

// guard is how far beyond its goal a value may be before the command fails: the machine
// may be busy with other things.
const guard = 2.0

// Row is one value that was measured.
type Row struct {
	What     string
	Value    string
	Goal     string  // in words; "": there is none
	Over     float64 // the value as a multiple of its goal; 0: it has no goal
	Unbound  bool    // an absolute time or size: shown, but never a reason to fail
	Baseline string  // what it is compared with
}

// Section is one of the measurements.
type Section struct {
	Title string
	About string
	Rows  []Row
}

// Result is what one run measured.
type Result struct {
	Machine  Machine
	Sections []Section
	Profiles []Profile
	Took     time.Duration
}

// Fails returns the rows that are further beyond their goals than the guard allows.
func (r Result) Fails() []Row {
	var failed []Row
	for _, s := range r.Sections {
		for _, row := range s.Rows {
			if !row.Unbound && row.Over > guard {
				failed = append(failed, row)
			}
		}
	}
	return failed
}

// Bench is one run of the benchmark.
type Bench struct {
	Root string    // the folder of the module
	Log  io.Writer // is told what is measured

	temp     string
	contract *contract.Contract
}

// Measure makes every measurement. An error means that one could not be made.
func (b *Bench) Measure(ctx context.Context) (Result, error) {
	started := time.Now()
	result := Result{Machine: machine()}
	var err error
	if b.temp, err = os.MkdirTemp("", "conformance-bench-*"); err != nil {
		return result, fmt.Errorf("make a folder to measure in: %w", err)
	}
	defer func() { _ = os.RemoveAll(b.temp) }()
	if b.contract, err = contract.Load(spec.Files); err != nil {
		return result, fmt.Errorf("read the contract: %w", err)
	}
	// Whole processes first: what a child is said to use at its peak is never less than
	// what its parent used when it was started.
	for _, measure := range []func(context.Context) (Section, error){
		b.process, b.growth, b.least, b.marginal, b.judging, b.serving, b.parallel, b.proxying, b.account,
	} {
		section, err := measure(ctx)
		if err != nil {
			return result, fmt.Errorf("measure %q: %w", section.Title, err)
		}
		fmt.Fprintf(b.Log, "measured: %s\n", section.Title)
		result.Sections = append(result.Sections, section)
	}
	slices.SortFunc(result.Sections, func(a, b Section) int { return int(a.Title[0]) - int(b.Title[0]) })
	if result.Profiles, err = b.profiles(ctx); err != nil {
		return result, err
	}
	result.Took = time.Since(started)
	return result, nil
}

// play runs the features of a folder, one scenario after another unless parallel says
// otherwise, from their text to the record of every exchange.
func (b *Bench) play(ctx context.Context, features fs.FS, options mock.Options, parallel int) (verdict.Run, []verdict.Scenario, error) { //nolint:unparam // who measures more needs the run
	local, err := target.Mock(ctx, options)
	if err != nil {
		return verdict.Run{}, nil, err
	}
	out, scenarios, err := b.playAt(ctx, features, local.Target, parallel)
	if closing := local.Close(); err == nil {
		err = closing
	}
	return out, scenarios, err
}

func (b *Bench) playAt(ctx context.Context, features fs.FS, at run.Target, parallel int) (verdict.Run, []verdict.Scenario, error) {
	all, err := suite.Load(features, suiteContract(b.contract))
	if err != nil {
		return verdict.Run{}, nil, err
	}
	kept, err := keep(b.temp)
	if err != nil {
		return verdict.Run{}, nil, err
	}
	defer kept.close()
	out, err := run.Execute(ctx, run.Plan{
		Contract: b.contract, Suite: all, Cases: all.Cases, Target: at, Parallel: parallel, Done: kept.done,
	})
	if err == nil && out.Summary.Scenarios.Passed != len(all.Cases) {
		err = fmt.Errorf("%d of %d scenarios passed: %s", out.Summary.Scenarios.Passed, len(all.Cases), kept.trouble)
	}
	return out, kept.brief, err
}

func suiteContract(c *contract.Contract) suite.Contract {
	loaded := suite.ContractOf(c)
	return loaded
}
