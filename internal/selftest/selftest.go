// Package selftest measures what the harness is worth: it runs the suite against every
// named defect of the mock and against every conformant variant of it.
//
// A variant meets every scenario that can meet what it does. A defect meets a sample of those
// first, and the rest only when the sample has not named it. With Options.All, each meets the
// whole suite.
//
// It judges the harness, never an endpoint, and knows neither how a defect is injected
// nor which scenario should catch it.
package selftest

import (
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

// Options are what to measure.
type Options struct {
	Contract *contract.Contract
	Suite    *suite.Suite
	Defects  []defects.Defect
	Variants []defects.Variant
	Runs     int               // so many more runs against the mock as it is, each shuffled anew
	AtOnce   int               // suites at once, at least 1
	Parallel int               // scenarios at once in each suite, at least 1
	Seed     int64             // of the order of the scenarios
	All      bool              // play the whole suite against every defect, not a sample first
	Passive  bool              // judge the traffic of each suite as a recording, too
	Traffic  string            // the folder that the traffic of each suite is written to; "": none
	Done     func(name string) // told of each suite as it ends; may be nil
}

// resizeTime is long beside the answers of a busy machine, so that what a defect does
// during a resize or just after it is met at every measurement.
const resizeTime = 80 * time.Millisecond

// Score is what the suite catches, and whom it accuses wrongly.
type Score struct {
	Defects  []Result      `json:"defects"`
	Variants []Result      `json:"variants"`
	Detected int           `json:"caught"`                 // defects that turned the verdict
	Named    int           `json:"named"`                  // defects whose clause was named, and no unrelated one
	Seen     int           `json:"seen,omitempty"`         // defects that the traffic alone shows under their own clause
	Besides  int           `json:"alsoAffected,omitempty"` // defects that it shows under a clause that they break besides
	Accused  []string      `json:"accused,omitempty"`      // variants that the traffic alone accuses
	Cleared  int           `json:"cleared"`                // variants found conformant, or inconclusive where that is right
	Broken   []string      `json:"broken,omitempty"`       // scenarios that the harness broke, each with the mock and the reason
	Again    []string      `json:"again,omitempty"`        // measured twice, the second time alone
	Sampled  int           `json:"sampled"`                // defects that met a sample of the suite alone, which named them
	Duration time.Duration `json:"durationNs"`
}

// Result is one suite against one mock.
type Result struct {
	Name     string          `json:"name"`
	Clause   string          `json:"clause,omitempty"` // that the defect breaks
	Text     string          `json:"text"`             // what is wrong, or which freedom is taken
	Verdict  verdict.Verdict `json:"verdict"`
	Open     bool            `json:"open,omitempty"` // a variant that may be inconclusive or partial
	Detected bool            `json:"caught"`
	Passive  *Passive        `json:"passive,omitempty"` // what the traffic alone shows
	Named    bool            `json:"named"`
	Sampled  bool            `json:"sampled,omitempty"` // it met a sample of the suite alone
	Played   int             `json:"played"`            // scenarios that the verdict is of
	Findings []Blame         `json:"findings,omitempty"`
	Trouble  []string        `json:"trouble,omitempty"` // scenarios that neither passed nor failed, with their reason
	Broken   []string        `json:"-"`                 // those of them that the harness broke, in any measurement
	Duration time.Duration   `json:"durationNs"`
}

// Cleared reports whether a variant was found conformant, or not judged where that is right.
func (r Result) Cleared() bool {
	switch r.Verdict {
	case verdict.Conformant, verdict.SelectedPassed:
		return true
	case verdict.InconclusiveVerdict, verdict.Partial:
		return r.Open
	}
	return false
}

// Blame is a clause that findings named, with the scenarios they were made in.
type Blame struct {
	Clause    string   `json:"clause"`
	Unrelated bool     `json:"unrelated,omitempty"` // neither the defect's clause nor one that it affects besides
	Scenarios []string `json:"scenarios"`
	Example   string   `json:"example"`
}

// Passed reports whether nothing survived, was misnamed, was accused or was broken by the harness.
func (s Score) Passed() bool {
	return len(s.Accused) == 0 && len(s.Broken) == 0 && s.Detected == len(s.Defects) && s.Named == len(s.Defects) && s.Cleared == len(s.Variants)
}

// Measure runs the suites. An error is a fault of the harness, or that of a context that
// was cancelled: then nothing is measured, since what was stopped tells nothing.
func Measure(ctx context.Context, o Options) (Score, error) {
	started := time.Now()
	score := Score{Defects: make([]Result, len(o.Defects)), Variants: make([]Result, len(o.Variants)+o.Runs)}
	againstDefects, againstOthers := o.suites(ctx, &score)
	errs := make([]error, max(1, o.AtOnce))
	var workers sync.WaitGroup
	for i := range errs {
		queues := []chan func() error{againstDefects, againstOthers}
		if i < len(errs)/4 { // suites that wait for a change and suites that keep the processor busy share the time
			slices.Reverse(queues)
		}
		workers.Go(func() {
			for _, queue := range queues {
				for suite := range queue {
					if ctx.Err() == nil {
						errs[i] = errors.Join(errs[i], suite())
					}
				}
			}
		})
	}
	workers.Wait()
	errs = append(errs, o.again(ctx, &score), ctx.Err())
	score.count()
	score.Duration = time.Since(started)
	return score, errors.Join(errs...)
}

// suites returns two closed queues of what is to be played: against the defects, most of whose
// time is waiting, and against the mocks that keep the contract, which play every scenario.
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

// again measures once more, with nothing else under way, what the machine may have decided:
// a defect that was not detected and named, and a variant that could not be judged. A variant
// that was accused is not asked twice: one false alarm is one too many.
func (o Options) again(ctx context.Context, score *Score) error {
	o.Done, o.All = nil, true // told of each of them already
	for i, d := range o.Defects {
		if score.Defects[i].Named || ctx.Err() != nil {
			continue
		}
		score.Again = append(score.Again, d.Name)
		before := score.Defects[i].Broken
		var err error
		if score.Defects[i], err = o.againstDefect(ctx, d); err != nil {
			return err
		}
		score.Defects[i].Broken = append(score.Defects[i].Broken, before...)
	}
	for i, v := range o.Variants {
		if v.Open || score.Variants[i].Verdict != verdict.InconclusiveVerdict || ctx.Err() != nil {
			continue
		}
		score.Again = append(score.Again, v.Name)
		before := score.Variants[i].Broken
		var err error
		if score.Variants[i], err = o.againstVariant(ctx, v); err != nil {
			return err
		}
		score.Variants[i].Broken = append(score.Variants[i].Broken, before...)
	}
	return nil
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
	s.Broken = slices.Compact(s.Broken) // a mock meets a scenario several times
}

// againstDefect runs one portion of the suite after the other against a mock with the
// defect, until one names it, and its traffic does if that is judged.
func (o Options) againstDefect(ctx context.Context, d defects.Defect) (r Result, err error) {
	defer func() { o.tell(d.Name) }()
	portions := o.portions(d)
	for _, cases := range portions {
		r = Result{Name: d.Name, Clause: d.Clause, Text: d.Text, Broken: r.Broken}
		err := o.against(ctx, served(d.Alter), cases, &r, related(o.Contract, d))
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
	serve := served(v.Alter)
	if v.TLS {
		serve = func(ctx context.Context) (*target.Local, error) {
			return target.MockOverTLS(ctx, mock.Options{Alter: v.Alter, ResizeTime: resizeTime})
		}
	}
	if err := o.against(ctx, serve, o.variantCases(v), &r, nil); err != nil {
		return r, fmt.Errorf("the suite against the variant %s: %w", v.Name, err)
	}
	o.tell(v.Name)
	return r, nil
}

// shuffled runs the suite against the mock as it is, in the order of a seed.
func (o Options) shuffled(ctx context.Context, seed int64) (Result, error) {
	r := Result{Name: fmt.Sprintf("seed-%d", seed), Text: "the mock as it is, the scenarios in another order"}
	o.Seed = seed
	if err := o.against(ctx, served(nil), o.Suite.Cases, &r, nil); err != nil {
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

// server starts a mock.
type server func(ctx context.Context) (*target.Local, error)

// served starts a mock that is altered; nil: it keeps every documented fact.
func served(alter func(*mock.Mock)) server {
	return func(ctx context.Context) (*target.Local, error) {
		return target.Mock(ctx, mock.Options{Alter: alter, ResizeTime: resizeTime})
	}
}

// against runs scenarios against one mock of their own.
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
		Contract: o.Contract, Suite: o.Suite, Cases: cases, Schedule: schedule.Make(cases, schedule.Plenty{}, 0), // as where changes cost something
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
		if r.Passive, err = heard.judge(o.Contract, r.Clause, related); err != nil {
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
