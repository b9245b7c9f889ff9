// Package selftest measures the quality of the harness. It runs the suite against every named
// defect of the mock and against every conformant variant of it.
//
// A variant is tested with every scenario that it can affect. A defect is tested with a sample of
// those first, then with those about it, and with the others only if neither has named it. With
// Options.All, each is tested with the whole suite.
//
// It judges the harness, never an endpoint. It does not know how a defect is injected or which
// scenario should detect it.
package selftest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sort"
	"sync"
	"time"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mock/defects"
	"github.com/zec-tools/conformance/internal/run"
	"github.com/zec-tools/conformance/internal/schedule"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/target"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// Options configure a measurement.
type Options struct {
	Contract *contract.Contract
	Suite    *suite.Suite
	Defects  []defects.Defect
	Variants []defects.Variant
	Runs     int               // the number of additional shuffled runs against the unaltered mock
	AtOnce   int               // the number of concurrent suites, at least 1
	Parallel int               // the number of concurrent scenarios in each suite, at least 1
	Seed     int64             // for the order of the scenarios
	All      bool              // run the whole suite against every defect, without a sample first
	Passive  bool              // also judge the traffic of each suite as a recording
	Traffic  string            // the folder for the traffic of each suite; "" means none
	changes  time.Duration     // how long a change takes; 0: resizeTime
	traces   traces            // empty if no variant needs them
	Done     func(name string) // called at the end of each suite; may be nil
}

// resizeTime is long compared with the answers of a busy machine, so that the effects of a defect
// during a resize or just after it are seen in every measurement.
const resizeTime = 80 * time.Millisecond

// Score is what the suite detects, and what it wrongly accuses.
type Score struct {
	Defects  []Result      `json:"defects"`
	Variants []Result      `json:"variants"`
	Detected int           `json:"caught"`                 // defects with the verdict non-conformant
	Named    int           `json:"named"`                  // defects whose clause was named, without any unrelated clause
	Seen     int           `json:"seen,omitempty"`         // defects that the traffic alone shows with their own clause
	Besides  int           `json:"alsoAffected,omitempty"` // defects that the traffic alone shows with another clause that they violate
	Accused  []string      `json:"accused,omitempty"`      // variants that the traffic alone accuses
	Cleared  int           `json:"cleared"`                // variants found conformant, or inconclusive if that is allowed
	Broken   []string      `json:"broken,omitempty"`       // scenarios in which the harness failed, each with the mock and the reason
	Again    []string      `json:"again,omitempty"`        // measured more than once
	Sampled  int           `json:"sampled"`                // defects that fewer scenarios than can detect them were enough to name
	Duration time.Duration `json:"durationNs"`
}

// Result is the result of one suite against one mock.
type Result struct {
	Name     string          `json:"name"`
	Clause   string          `json:"clause,omitempty"` // the clause that the defect violates
	Text     string          `json:"text"`             // the mistake, or the freedom that is used
	Verdict  verdict.Verdict `json:"verdict"`
	Open     bool            `json:"open,omitempty"` // a variant that may be inconclusive or partial
	Detected bool            `json:"caught"`
	Passive  *Passive        `json:"passive,omitempty"` // what the traffic alone shows
	Named    bool            `json:"named"`
	Sampled  bool            `json:"sampled,omitempty"` // fewer scenarios than can detect it were enough
	Played   int             `json:"played"`            // the number of scenarios behind the verdict
	Findings []Blame         `json:"findings,omitempty"`
	Trouble  []string        `json:"trouble,omitempty"` // scenarios that neither passed nor failed, with the reason
	Broken   []string        `json:"-"`                 // those in which the harness failed, in any measurement
	Duration time.Duration   `json:"durationNs"`
}

// Cleared reports whether a variant was found conformant, or not judged if that is allowed.
func (r Result) Cleared() bool {
	switch r.Verdict {
	case verdict.Conformant, verdict.SelectedPassed:
		return true
	case verdict.InconclusiveVerdict, verdict.Partial:
		return r.Open
	}
	return false
}

// Blame is a clause named by findings, with the scenarios of the findings.
type Blame struct {
	Clause    string   `json:"clause"`
	Unrelated bool     `json:"unrelated,omitempty"` // neither the defect's clause nor one that is also affected
	Scenarios []string `json:"scenarios"`
	Example   string   `json:"example"`
}

// Passed reports whether no defect survived or was misnamed, no variant was accused, and the
// harness did not fail.
func (s Score) Passed() bool {
	return len(s.Accused) == 0 && len(s.Broken) == 0 && s.Detected == len(s.Defects) && s.Named == len(s.Defects) && s.Cleared == len(s.Variants)
}

// Measure runs the suites. An error means that the harness failed or that the context was
// cancelled. In the latter case there is no result, because stopped suites prove nothing.
func Measure(ctx context.Context, o Options) (Score, error) {
	started := time.Now()
	score := Score{Defects: make([]Result, len(o.Defects)), Variants: make([]Result, len(o.Variants)+o.Runs)}
	if !o.All && slices.ContainsFunc(o.Variants, func(v defects.Variant) bool { return v.Shows != nil }) {
		var err error
		if o.traces, err = o.trace(ctx); err != nil {
			return score, err
		}
	}
	againstDefects, againstOthers := o.suites(ctx, &score)
	workers := make([][]chan func() error, max(1, o.AtOnce))
	for i := range workers {
		workers[i] = []chan func() error{againstDefects, againstOthers}
		if i < len(workers)/4 { // suites that mostly wait for changes and suites that keep the processor busy run at the same time
			slices.Reverse(workers[i])
		}
	}
	errs := []error{runAll(ctx, workers)}
	errs = append(errs, o.again(ctx, &score), ctx.Err())
	score.count()
	score.Duration = time.Since(started)
	return score, errors.Join(errs...)
}

// runAll runs the suites of closed queues. Each worker takes from its own queues, one after the
// other.
func runAll(ctx context.Context, workers [][]chan func() error) error {
	errs := make([]error, len(workers))
	var group sync.WaitGroup
	for i, queues := range workers {
		group.Go(func() {
			for _, queue := range queues {
				for suite := range queue {
					if ctx.Err() == nil {
						errs[i] = errors.Join(errs[i], suite())
					}
				}
			}
		})
	}
	group.Wait()
	return errors.Join(errs...)
}

// suites returns two closed queues: the suites against the defects, which spend most of their time
// waiting, and those against conformant mocks, which run every scenario.
func (o Options) suites(ctx context.Context, score *Score) (againstDefects, againstOthers chan func() error) {
	againstDefects = make(chan func() error, len(score.Defects))
	for i, d := range o.Defects {
		againstDefects <- func() (err error) {
			score.Defects[i], err = o.againstDefect(ctx, d)
			return err
		}
	}
	againstOthers = make(chan func() error, len(score.Variants))
	for i, v := range o.Variants {
		againstOthers <- func() (err error) {
			score.Variants[i], err = o.againstVariant(ctx, v)
			return err
		}
	}
	for i := range o.Runs {
		againstOthers <- func() (err error) {
			score.Variants[len(o.Variants)+i], err = o.shuffled(ctx, int64(i+1))
			return err
		}
	}
	close(againstDefects)
	close(againstOthers)
	return againstDefects, againstOthers
}

func (s *Score) count() {
	for _, r := range s.Defects {
		if r.Detected {
			s.Detected++
		}
		if r.Named {
			s.Named++
		}
		if r.Sampled {
			s.Sampled++
		}
		if r.Passive != nil && r.Passive.Named {
			s.Seen++
		}
		if r.Passive != nil && r.Passive.Besides {
			s.Besides++
		}
	}
	for _, r := range s.Variants {
		if r.Passive != nil && r.Passive.Seen {
			s.Accused = append(s.Accused, fmt.Sprintf("%s: %v", r.Name, r.Passive.Clauses))
		}
		if r.Cleared() {
			s.Cleared++
		}
	}
	for _, r := range slices.Concat(s.Defects, s.Variants) {
		for _, b := range r.Broken {
			s.Broken = append(s.Broken, r.Name+": "+b)
		}
	}
	slices.Sort(s.Broken)
	s.Broken = slices.Compact(s.Broken) // a mock can be affected in several ways by one scenario
}

// againstDefect runs one portion of the suite after the other against a mock with the defect, until
// one names it. If the traffic is judged, it must name the defect, too.
func (o Options) againstDefect(ctx context.Context, d defects.Defect) (r Result, err error) {
	defer func() { o.tell(d.Name) }()
	portions := o.portions(d)
	for _, cases := range portions {
		r = Result{Name: d.Name, Clause: d.Clause, Text: d.Text, Broken: r.Broken}
		err := o.against(ctx, o.served(d.Alter), cases, &r, related(o.Contract, d))
		if err != nil {
			return r, fmt.Errorf("the suite against the defect %s: %w", d.Name, err)
		}
		r.Detected = r.Verdict == verdict.NonConformant
		r.Named = r.Detected && slices.ContainsFunc(r.Findings, func(b Blame) bool { return b.Clause == d.Clause }) &&
			!slices.ContainsFunc(r.Findings, func(b Blame) bool { return b.Unrelated })
		if r.Named && (r.Passive == nil || r.Passive.Named) {
			r.Sampled = len(cases) < len(portions[len(portions)-1])
			break
		}
	}
	return r, nil
}

func (o Options) againstVariant(ctx context.Context, v defects.Variant) (Result, error) {
	r := Result{Name: v.Name, Text: v.Text, Open: v.Open}
	serve := o.served(v.Alter)
	if v.TLS {
		serve = func(ctx context.Context) (*target.Local, error) {
			return target.MockOverTLS(ctx, mock.Options{Alter: v.Alter, ResizeTime: o.duration()})
		}
	}
	if err := o.against(ctx, serve, o.variantCases(v), &r, nil); err != nil {
		return r, fmt.Errorf("the suite against the variant %s: %w", v.Name, err)
	}
	o.tell(v.Name)
	return r, nil
}

// shuffled runs the suite against the unaltered mock, in the order of a seed.
func (o Options) shuffled(ctx context.Context, seed int64) (Result, error) {
	r := Result{Name: fmt.Sprintf("seed-%d", seed), Text: "the mock as it is, the scenarios in another order"}
	o.Seed = seed
	if err := o.against(ctx, o.served(nil), o.Suite.Cases, &r, nil); err != nil {
		return r, fmt.Errorf("the suite in the order of seed %d: %w", seed, err)
	}
	o.tell(r.Name)
	return r, nil
}

func (o Options) tell(name string) {
	if o.Done != nil {
		o.Done(name)
	}
}

// duration returns how long a change takes at the mocks.
func (o Options) duration() time.Duration { return cmp.Or(o.changes, resizeTime) }

// server starts a mock.
type server func(ctx context.Context) (*target.Local, error)

// served returns a function that starts an altered mock. If alter is nil, the mock keeps every
// documented fact.
func (o Options) served(alter func(*mock.Mock)) server {
	return func(ctx context.Context) (*target.Local, error) {
		return target.Mock(ctx, mock.Options{Alter: alter, ResizeTime: o.duration()})
	}
}

// against runs scenarios against a new mock.
func (o Options) against(ctx context.Context, serve server, cases []suite.Case, r *Result, related []string) (err error) {
	local, err := serve(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, local.Close()) }()
	var mu sync.Mutex
	blames := map[string]*Blame{}
	var heard traffic
	var exchange func(wire.Exchange)
	if o.Passive || o.Traffic != "" {
		exchange = heard.add
	}
	out, err := run.Execute(ctx, run.Plan{
		Exchange: exchange,
		Contract: o.Contract, Suite: o.Suite, Cases: cases, Schedule: schedule.Make(cases, schedule.Plenty{}, 0), // as if changes had a cost
		Target: local.Target, Parallel: max(1, o.Parallel), Seed: o.Seed,
		Done: func(_ int, s verdict.Scenario) error {
			mu.Lock()
			defer mu.Unlock()
			for _, f := range s.Findings {
				blame(blames, f, s.ID)
			}
			if s.Outcome != verdict.Passed && s.Outcome != verdict.Failed {
				r.Trouble = append(r.Trouble, fmt.Sprintf("%s %s: %s", s.Outcome, s.ID, s.Reason))
			}
			if s.Outcome == verdict.Broken {
				r.Broken = append(r.Broken, s.ID+": "+s.Reason)
			}
			return nil
		},
	})
	if err != nil {
		return err
	}
	if o.Traffic != "" {
		if err := heard.write(filepath.Join(o.Traffic, r.Name+".ndjson")); err != nil {
			return err
		}
	}
	if o.Passive {
		if r.Passive, err = heard.judge(o.Contract, o.duration(), r.Clause, related); err != nil {
			return err
		}
	}
	r.Played = len(cases)
	r.Verdict, r.Duration = out.Verdict, out.Volatile.Duration
	for _, b := range blames {
		b.Unrelated = !slices.Contains(related, b.Clause)
		sort.Strings(b.Scenarios)
		r.Findings = append(r.Findings, *b)
	}
	slices.SortFunc(r.Findings, func(a, b Blame) int { return len(b.Scenarios) - len(a.Scenarios) })
	sort.Strings(r.Trouble)
	return nil
}

func blame(blames map[string]*Blame, f verdict.Finding, scenario string) {
	b := blames[f.Clause]
	if b == nil {
		b = &Blame{Clause: f.Clause, Example: f.Error()}
		blames[f.Clause] = b
	}
	if !slices.Contains(b.Scenarios, scenario) {
		b.Scenarios = append(b.Scenarios, scenario)
	}
}
