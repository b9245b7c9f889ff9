package selftest

import (
	"context"
	"slices"
	"time"

	"github.com/zec-tools/conformance/internal/verdict"
)

// few is the number of suites that run at once when mocks are measured again. Most of them wait.
const few = 4

// slowly is how many times longer a change takes when a mock is measured again: a machine so busy that it
// missed a change of the usual duration has to see this one.
const slowly = 5

// again measures once more what the load of the machine may have decided: a few at once, then each
// alone by the whole suite, then with longer changes.
func (o Options) again(ctx context.Context, score *Score) error {
	o.Done = nil // each of them was already reported
	for _, round := range []struct {
		atOnce  int
		all     bool
		changes time.Duration
	}{{few, false, resizeTime}, {1, true, resizeTime}, {1, true, slowly * resizeTime}} {
		o.All, o.changes = o.All || round.all, round.changes
		if err := o.undecided(ctx, score, round.atOnce); err != nil {
			return err
		}
	}
	slices.Sort(score.Again)
	score.Again = slices.Compact(score.Again)
	return nil
}

// undecided measures again each defect that was not detected and named, and each variant that could not be
// judged. A variant that was accused is not measured again, because one false alarm is one too many.
func (o Options) undecided(ctx context.Context, score *Score, atOnce int) error {
	var suites []func() error
	repeat := func(of *Result, measure func() (Result, error)) {
		score.Again = append(score.Again, of.Name)
		suites = append(suites, func() (err error) {
			before := of.Broken
			*of, err = measure()
			of.Broken = append(of.Broken, before...)
			return err
		})
	}
	for i, d := range o.Defects {
		if !score.Defects[i].Named {
			repeat(&score.Defects[i], func() (Result, error) { return o.againstDefect(ctx, d) })
		}
	}
	for i, v := range o.Variants {
		if !v.Open && score.Variants[i].Verdict == verdict.InconclusiveVerdict {
			repeat(&score.Variants[i], func() (Result, error) { return o.againstVariant(ctx, v) })
		}
	}
	queue := make(chan func() error, len(suites))
	for _, suite := range suites {
		queue <- suite
	}
	close(queue)
	return runAll(ctx, slices.Repeat([][]chan func() error{{queue}}, atOnce))
}
