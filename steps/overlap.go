package steps

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// triesToOverlap is how often two changes are called over each other. When both are
// accepted, or one is refused for another reason than that the first runs, that proves
// something only if the second one was answered while the first must still have been
// running: a first change that was over left the endpoint free.
const triesToOverlap = 6

// overlapping calls two changes over each other by call, until one of them is refused as
// it has to be while a change runs, or the two were answered otherwise within less than
// the time that a change takes at least. After the first try everything else rests: a
// busy machine must not decide what is met.
func (w *World) overlapping(ctx context.Context, call func(ctx context.Context, resume func()) (doubt bool, span time.Duration, err error)) error {
	for try := range triesToOverlap {
		resume := func() {}
		if try > 0 {
			resume = sync.OnceFunc(w.session.Quiet())
		}
		doubt, span, err := call(ctx, resume)
		resume()
		if err != nil || !doubt {
			return err
		}
		if err := w.rest(ctx); err != nil {
			return err
		}
		least, err := w.leastDuration(ctx)
		if err != nil || span < least/2 {
			return err
		}
	}
	return &Inconclusive{Reason: "no two changes could be called over each other: one takes too short a time"}
}

// leastDuration carries out one change and returns how long it was seen running: no
// change of this kind takes much less.
func (w *World) leastDuration(ctx context.Context) (time.Duration, error) {
	answer, second := w.answer, w.change
	defer func() { w.answer, w.change = answer, second }()
	if err := w.theTypeIsChanged(ctx); err != nil {
		return 0, err
	}
	if err := w.theAnswerIsASuccess(ctx); err != nil {
		return 0, err
	}
	if err := w.theInstanceGoesThrough(ctx); err != nil {
		return 0, err
	}
	var first, last *verdict.Sight
	for i, s := range w.change.track.Sights {
		if s.Status == w.law.Lifecycle.Transient {
			if first == nil {
				first = &w.change.track.Sights[i]
			}
			last = &w.change.track.Sights[i]
		}
	}
	if first == nil {
		return 0, nil
	}
	return last.Asked - first.Seen, nil
}

// theTypeIsChangedAgainMeanwhile calls a second change, to a third type, while the first
// one runs. The second answer is the one that Then steps compare; the first change is the
// one they follow.
func (w *World) theTypeIsChangedAgainMeanwhile(ctx context.Context) error {
	return w.overlapping(ctx, func(ctx context.Context, resume func()) (bool, time.Duration, error) {
		return w.callOver(ctx, resume, func(first *change) string { return w.thirdType(first.from, first.to) })
	})
}

// theSameChangeIsCalledMeanwhile calls the same change once more while it runs.
func (w *World) theSameChangeIsCalledMeanwhile(ctx context.Context) error {
	return w.overlapping(ctx, func(ctx context.Context, resume func()) (bool, time.Duration, error) {
		return w.callOver(ctx, resume, func(first *change) string { return first.to })
	})
}

// callOver calls a change and, as soon as it is seen running, a second one.
func (w *World) callOver(ctx context.Context, resume func(), choose func(first *change) string) (doubt bool, span time.Duration, err error) {
	if err := w.theTypeIsChanged(ctx); err != nil {
		return false, 0, err
	}
	if err := w.theAnswerIsASuccess(ctx); err != nil {
		return false, 0, err
	}
	first, called := w.change, w.answer.Timing
	running := func(p lifecycle.Phase) bool { return p == lifecycle.Running || p.Over() }
	if err := w.until(ctx, first, running); err != nil {
		return false, 0, err
	}
	if first.watch.Phase() != lifecycle.Running {
		// Too short to be met, or never shown: which of the two, a closer look tells.
		resume() // which takes its own rest
		if err := w.theInstanceGoesThrough(ctx); err != nil {
			return false, 0, err
		}
		return true, w.timing.ResizeTimeout, nil
	}
	w.refused = choose(first)
	req := w.changing(first.instance, w.refused)
	req.Effect = wire.Refused
	if err := w.send(ctx, req); err != nil {
		return false, 0, err
	}
	p, _ := w.law.Pair(w.answer.Operation, w.answer.Code)
	return p.Clause != "M-STATUS-DENIED" || p.Status != w.answer.Status, w.answer.Timing.Finished().Sub(called.Start), nil
}

// twoChangesAtOnce sends two changes of one instance at the same moment.
func (w *World) twoChangesAtOnce(ctx context.Context) error {
	return w.overlapping(ctx, func(ctx context.Context, _ func()) (bool, time.Duration, error) { return w.callTwoAtOnce(ctx) })
}

func (w *World) callTwoAtOnce(ctx context.Context) (bothAccepted bool, span time.Duration, err error) {
	inst, err := w.subject()
	if err != nil {
		return false, 0, err
	}
	if err := w.remember(ctx); err != nil {
		return false, 0, err
	}
	to := w.anotherType(inst)
	types := []string{to, w.thirdType(w.before[inst.ID].kind, to)}
	w.answers = make([]Answer, len(types))
	errs := make([]error, len(types))
	var sent sync.WaitGroup
	for i, to := range types {
		sent.Go(func() { w.answers[i], errs[i] = w.session.Change(ctx, w.changing(inst, to), w.unstarted(inst)) })
	}
	sent.Wait()
	w.change = nil
	accepted, begun, ended := 0, w.answers[0].Timing.Start, time.Time{}
	for i, a := range w.answers {
		var void *Inconclusive
		if errors.As(errs[i], &void) && void.Cause == wire.CauseUnavailable {
			return true, w.timing.ResizeTimeout, nil // it may not be sent again while the other one runs
		}
		if errs[i] != nil {
			return false, 0, errs[i]
		}
		if a.Timing.Start.Before(begun) {
			begun = a.Timing.Start
		}
		if a.Timing.Finished().After(ended) {
			ended = a.Timing.Finished()
		}
		if a.Succeeded() {
			accepted++
			w.change = w.newChange(inst, types[i])
			w.change.answered(&w.answers[i])
		}
	}
	w.answer, w.judged = &w.answers[0], false
	return accepted == len(types), ended.Sub(begun), nil
}

// atMostOneIsAccepted compares the answers of changes sent at the same moment, and
// follows the one that was accepted.
func (w *World) atMostOneIsAccepted(ctx context.Context) error {
	if len(w.answers) == 0 {
		return &SuiteFault{Reason: "no changes were sent at the same moment: put that When step before this one"}
	}
	w.judged = true
	accepted := 0
	for i := range w.answers {
		a := &w.answers[i]
		if a.Succeeded() {
			accepted++
			continue
		}
		if a.Faulty {
			return &AlreadyFound{Missed: fmt.Sprintf("no more can be said of the answer %s", describe(a))}
		}
	}
	switch accepted {
	case 0:
		return w.unchanged(ctx, "R-REFUSED-UNCHANGED", w.held())
	case 1:
		if err := w.theInstanceGoesThrough(ctx); err != nil {
			return err
		}
		return w.theInstanceHasTheType(ctx)
	default:
		return w.finding(&w.answers[1], "M-RESIZE-LOCK", "status", "one of two changes at once to be refused", "both accepted")
	}
}
