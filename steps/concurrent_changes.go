package steps

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/operation"
	"github.com/zec-tools/conformance/internal/wire"
)

// triesToOverlap is how often two changes are called over each other. When both are
// accepted, or one is refused for another reason than that the first runs, that proves
// something only if the second one was answered while the first must still have been
// running: a first change that was over left the endpoint free.
const triesToOverlap = 6

// What is called late in a change is called again when the time since the call has grown by a quarter, or by half
// where requests cost something, as long as the change is seen running. A change may end between such a read and the call, so what is then accepted counts only
// when it was so timesLate times, each time well before the end of the shortest change of the run.
const (
	later       = 1.25
	laterCostly = 1.5
	timesLate   = 3
)

// over is what came of two changes that were called over each other.
type over struct {
	doubt bool          // they were not answered as they must be if the first one was running
	late  bool          // the second one was refused as it must be before, earlier in the first
	span  time.Duration // from the first call to the answer of the second
}

// overlapping calls two changes over each other by call, until one of them is refused as
// it has to be while a change runs, or the two were answered otherwise within less than
// the time that a change takes at least. After the first try everything else rests: a
// busy machine must not decide what is met.
func (w *World) overlapping(ctx context.Context, actions [2]string, call func(ctx context.Context, resume func()) (over, error)) error {
	d, second := w.contract.Lifecycles[actions[0]], w.contract.Lifecycles[actions[1]]
	tries, confirmed, futile := triesToOverlap, 0, 1
	if w.fixture.Certain { // a change of the mock costs nothing, and is short beside what a busy machine takes
		tries, futile = 4*tries, tries
	}
	for try := range tries {
		resume := func() {}
		if try > 0 {
			resume = sync.OnceFunc(w.session.Quiet())
		}
		o, err := call(ctx, resume)
		resume()
		if err != nil || !o.doubt {
			return err
		}
		if err := w.rest(ctx, d, second); err != nil { // the second one may have been carried out after the first
			return err
		}
		least, err := w.leastDuration(ctx, actions[0])
		if err != nil {
			return err
		}
		switch {
		case o.late && o.span < least*9/10:
			confirmed++
		case o.late: // the first one may have been over
			futile--
			w.early = futile <= 0
		case o.span < least/2:
			return nil
		}
		if confirmed == timesLate {
			return nil
		}
		if err := w.returnTo(ctx, d); err != nil {
			return err
		}
	}
	return &Inconclusive{Reason: "no two changes could be called over each other: one takes too short a time"}
}

// leastDuration carries out one change and returns how long it was seen running, or the shortest
// one of the run took: no change of this kind takes much less.
func (w *World) leastDuration(ctx context.Context, action string) (time.Duration, error) {
	answer, request, second := w.answer, w.request, w.change
	w.measuring = true
	defer func() { w.answer, w.request, w.change, w.measuring = answer, request, second, false }()
	if err := w.returnTo(ctx, w.contract.Lifecycles[action]); err != nil {
		return 0, err
	}
	if err := w.isCalled(ctx, action); err != nil {
		return 0, err
	}
	if err := w.theAnswerIsASuccess(ctx); err != nil {
		return 0, err
	}
	if err := w.goesThroughItsLifecycle(ctx); err != nil {
		return 0, err
	}
	least, _ := w.change.took()
	if shortest := w.session.Shortest(action); shortest > 0 {
		least = min(least, shortest)
	}
	return least, nil
}

// took returns the bounds of how long the change took that was seen to run longest, from its call: it was seen
// running so long after the answer, and running no more so long after the call. 0: it was not seen running.
func (c *change) took() (least, most time.Duration) {
	for _, s := range c.subjects {
		ran, over := time.Duration(0), time.Duration(0)
		for _, observation := range s.Track.Observations {
			switch {
			case slices.Contains(c.definition.Transient, observation.Status):
				ran, over = observation.Asked-s.Track.Answered, 0
			case ran > 0 && over == 0:
				over = observation.Seen - s.Track.Called
			}
		}
		if ran > least {
			least, most = ran, over
		}
	}
	return least, most
}

// isCalledMeanwhile calls a second action, for a third value, while the first one runs. The
// second answer is the one that Then steps compare; the first change is the one they follow.
func (w *World) isCalledMeanwhile(ctx context.Context, action, second string) error {
	return w.overlapping(ctx, [2]string{action, second}, func(ctx context.Context, resume func()) (over, error) {
		return w.callOver(ctx, resume, [2]string{action, second}, func(first *operation.Subject) string { return w.thirdValue(first.Track.From, first.Track.To) })
	})
}

// theSameIsCalledMeanwhile calls the same change once more while it runs.
func (w *World) theSameIsCalledMeanwhile(ctx context.Context, action string) error {
	return w.overlapping(ctx, [2]string{action, action}, func(ctx context.Context, resume func()) (over, error) {
		return w.callOver(ctx, resume, [2]string{action, action}, func(first *operation.Subject) string { return first.Track.To })
	})
}

// callOver calls the first of two actions and, as soon as it is seen running, the second; then that again, later
// and later in the first.
func (w *World) callOver(ctx context.Context, resume func(), actions [2]string, choose func(first *operation.Subject) string) (over, error) {
	second, has := w.contract.Lifecycles[actions[1]]
	if !has {
		return over{}, &SuiteError{Reason: fmt.Sprintf("the contract states no lifecycle of %s", actions[1])}
	}
	if err := w.isCalled(ctx, actions[0]); err != nil {
		return over{}, err
	}
	if err := w.theAnswerIsASuccess(ctx); err != nil {
		return over{}, err
	}
	first, called := w.change, w.answer.Timing
	if len(first.subjects) == 0 {
		return over{}, w.leftAlone(ctx, first)
	}
	running := func(p lifecycle.Phase) bool { return p == lifecycle.Running || p.Over() }
	if err := w.until(ctx, first, running); err != nil {
		return over{}, err
	}
	if first.phase() != lifecycle.Running {
		// Too short to be met, or never shown: which of the two, polling concurrently tells.
		resume() // which takes its own rest
		if err := w.goesThroughItsLifecycle(ctx); err != nil {
			return over{}, err
		}
		return over{doubt: true, span: w.timing.ResizeTimeout}, nil
	}
	wanted := ""
	if second.Wanted != "" {
		wanted = choose(first.subject())
	}
	w.refused = wanted
	for late := false; ; late = true {
		met, err := w.callSecond(ctx, second, wanted)
		if void := (*Inconclusive)(nil); late && errors.As(err, &void) { // it has been refused before, as it must be
			return over{true, late, w.timing.ResizeTimeout}, nil
		}
		if span := w.answer.Timing.Finished().Sub(called.Start); err != nil || !met {
			return over{!met && !w.neverAfter(first.definition, second), late, span}, err
		}
		next := w.later(time.Since(called.Start))
		if w.early || next > w.timing.ResizeTimeout/2 {
			return over{}, nil
		}
		err = w.until(ctx, first, func(p lifecycle.Phase) bool { return p != lifecycle.Running || time.Since(called.Start) >= next })
		if err != nil || first.phase() != lifecycle.Running {
			return over{}, err
		}
	}
}

// later returns when the second action is called again, since the first call.
func (w *World) later(since time.Duration) time.Duration {
	if w.fixture.Costly {
		return time.Duration(float64(since) * laterCostly)
	}
	return time.Duration(float64(since) * later)
}

// callSecond calls the second of two actions, and reports whether it was refused as it has to be while the first runs.
func (w *World) callSecond(ctx context.Context, second lifecycle.Definition, wanted string) (met bool, err error) {
	named := w.named(second)
	req := wire.Request{Operation: second.Operation, Body: encode(w.parametersOf(second, named, wanted)), Effect: wire.Refused}
	if err := w.send(ctx, req); err != nil {
		return false, err
	}
	w.meanwhile = &change{definition: second, instances: named, answer: w.answer}
	return w.deniedForStatus(w.answer) || len(w.meanwhile.failed()) == len(named) ||
		w.contract.Open[second.Operation.Action] && within("4xx")(w.answer.Status), nil
}

// neverAfter reports whether the second action is not carried out at the end of the first one either.
func (w *World) neverAfter(first, second lifecycle.Definition) bool {
	return !slices.ContainsFunc(first.End, func(s string) bool {
		return slices.Contains(second.Start, s) || slices.Contains(second.Tolerated, s)
	})
}

// twoAtOnce sends two calls of an action on one instance at the same moment.
func (w *World) twoAtOnce(ctx context.Context, action string) error {
	return w.overlapping(ctx, [2]string{action, action}, func(ctx context.Context, _ func()) (over, error) { return w.callTwoAtOnce(ctx, action) })
}

func (w *World) callTwoAtOnce(ctx context.Context, action string) (over, error) {
	w.acting = action
	inst, err := w.subject()
	if err != nil {
		return over{}, err
	}
	w.acts = true
	if err := w.remember(ctx); err != nil {
		return over{}, err
	}
	d := w.contract.Lifecycles[action]
	values := []string{w.anotherValue(inst), w.thirdValue(w.valueOf(inst), w.anotherValue(inst))}
	changes := make([]*change, len(values))
	w.answers = make([]Answer, len(values))
	errs := make([]error, len(values))
	var sent sync.WaitGroup
	for i, wanted := range values {
		changes[i] = w.newChange(d, []Instance{inst}, wanted)
		sent.Go(func() {
			w.answers[i], errs[i] = w.session.Change(ctx, w.changing(d, []Instance{inst}, wanted), w.unstarted(changes[i]))
		})
	}
	sent.Wait()
	for i := range w.answers {
		w.acted(w.answers[i].Timing)
	}
	w.change = nil
	accepted, begun, ended := 0, w.answers[0].Timing.Start, time.Time{}
	for i, a := range w.answers {
		var void *Inconclusive
		if errors.As(errs[i], &void) && void.Cause == wire.CauseUnavailable {
			return over{doubt: true, span: w.timing.ResizeTimeout}, nil // it may not be sent again while the other one runs
		}
		if errs[i] != nil {
			return over{}, errs[i]
		}
		if a.Timing.Start.Before(begun) {
			begun = a.Timing.Start
		}
		if a.Timing.Finished().After(ended) {
			ended = a.Timing.Finished()
		}
		changes[i].answered(&w.answers[i])
		if changes[i].begun() {
			accepted++
			w.change = changes[i]
			w.begun = append(w.begun, changes[i])
		}
	}
	w.answer, w.judged = &w.answers[0], false
	return over{doubt: accepted == len(values), span: ended.Sub(begun)}, nil
}

// begun reports whether an answer says that the work of one subject at least has begun.
func (c *change) begun() bool { return c.answer.Succeeded() && len(c.subjects) > 0 }

// atMostOneIsAccepted compares the answers of calls sent at the same moment, and follows
// the one that was accepted.
func (w *World) atMostOneIsAccepted(ctx context.Context) error {
	if len(w.answers) == 0 {
		return &SuiteError{Reason: "no calls were sent at the same moment: put that When step before this one"}
	}
	w.judged = true
	accepted := 0
	for i := range w.answers {
		a := &w.answers[i]
		c := &change{definition: w.contract.Lifecycles[a.Operation.Action], answer: a}
		if a.Succeeded() && len(c.failed()) == 0 {
			accepted++
			continue
		}
		if a.Faulty {
			return &AlreadyFound{Missed: fmt.Sprintf("no more can be said of the answer %s", describe(a))}
		}
	}
	switch accepted {
	case 0:
		return w.unchanged(ctx, w.contract.Role(roleUnchanged, w.acting), w.held())
	case 1:
		if err := w.goesThroughItsLifecycle(ctx); err != nil {
			return err
		}
		return w.hasTheValue(ctx)
	default:
		return w.finding(&w.answers[1], w.contract.Role(roleLock, w.acting), "status", "one of two calls at once to be refused", "both accepted")
	}
}
