package steps

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/wire"
)

const (
	hurried    = 8  // reads that follow on the answer without a pause: a short change must be seen
	leastReads = 40 // reads before the time of a change may be over: a machine that is busy reads seldom
)

// theInstanceGoesThrough follows the change to its end and judges its trajectory.
func (w *World) theInstanceGoesThrough(ctx context.Context) error {
	if w.change == nil {
		return &SuiteFault{Reason: "no change was called: put a When step before this one"}
	}
	var seen lifecycle.Seen
	for attempt := 1; ; attempt++ {
		c := w.change
		err := w.until(ctx, c, lifecycle.Phase.Over)
		w.keep(c)
		if err != nil {
			return err
		}
		if c.watch.Phase() != lifecycle.Waiting {
			c.seen = lifecycle.AfterAnswer
		}
		seen = max(seen, c.seen)
		if seen == lifecycle.AfterAnswer || c.watch.Phase() != lifecycle.Waiting || c.reached.IsZero() || attempt == attempts {
			break
		}
		if err := w.callAgainWatched(ctx, min(readers<<min(attempt-1, 8), mostReaders)); err != nil {
			return err
		}
	}
	return w.judgeChange(seen)
}

// judgeChange names what the trajectory of the last change breaks.
func (w *World) judgeChange(seen lifecycle.Seen) error {
	c := w.change
	if err := w.departures(); err != nil {
		return err
	}
	where := TrajectoryOf(c.instance.ID)
	running := w.law.Lifecycle.Transient
	switch {
	case seen == lifecycle.AfterAnswer && c.watch.Phase() == lifecycle.Settled:
		return nil
	case c.watch.Phase() == lifecycle.Waiting && c.reached.IsZero():
		got := fmt.Sprintf("%s and type %s for %s", w.law.Lifecycle.Start, c.from, w.timing.ResizeTimeout)
		return w.finding(c.answer, "M-RESIZE", where, running+", then the type "+c.to, got)
	case seen == lifecycle.BeforeAnswer:
		return w.finding(c.answer, "M-RESIZE-ASYNC", where, "an answer before the work is done", running+" only until the answer came")
	case w.contradicted:
		return w.finding(c.answer, "C-STATUS-TRUE", where, running+", as "+listing+" showed", w.law.Lifecycle.Start+" throughout")
	default:
		clause := "M-RESIZE-RESIZING"
		if c.from == c.to {
			clause = "M-RESIZE-SAME-TYPE"
		}
		got := fmt.Sprintf("%s throughout, in %d changes", w.law.Lifecycle.Start, attempts)
		return w.finding(c.answer, clause, where, running, got)
	}
}

// departures names the first status of the last change that should not have been seen.
func (w *World) departures() error {
	for _, f := range w.change.watch.Faults() {
		return w.at(w.change.answer, w.law.departure(f, w.change.instance.ID))
	}
	return nil
}

// until polls the status of a change's instance until done holds for its phase, the
// change has visibly happened without being seen, or its time is over.
func (w *World) until(ctx context.Context, c *change, done func(lifecycle.Phase) bool) error {
	pause := w.pauses()
	defer w.session.Waiting(c.instance.ID, "")
	for reads := 1; ; reads++ {
		timing, err := w.sight(ctx, c)
		if err != nil {
			return err
		}
		phase := c.watch.Phase()
		now := timing.Finished()
		if done(phase) || reads >= leastReads && now.Sub(c.track.Start)-c.track.Answered > w.timing.ResizeTimeout {
			return nil
		}
		if phase == lifecycle.Waiting && reads >= hurried {
			missed, err := w.passedUnseen(ctx, c, now)
			if missed || err != nil {
				return err
			}
		}
		if err := await(ctx, pause(phase)); err != nil {
			return err
		}
	}
}

// sight reads the status once and adds it to the trajectory.
func (w *World) sight(ctx context.Context, c *change) (wire.Timing, error) {
	values, timing, err := w.statusOf(ctx, w.held())
	if err != nil {
		return timing, err
	}
	c.see(values[c.instance.ID], timing)
	w.session.Waiting(c.instance.ID, values[c.instance.ID])
	for _, other := range w.held() {
		was := w.before[other.ID].status
		if other.ID != c.instance.ID && w.moved(was, values[other.ID]) {
			return timing, w.law.Finding("M-RESIZE-ONLY-NAMED", "status of instance "+other.ID, was, values[other.ID])
		}
	}
	return timing, nil
}

// passedUnseen reports whether the change has happened between two reads: the wanted type is
// there, and the running change has not become visible for a settle time since.
func (w *World) passedUnseen(ctx context.Context, c *change, now time.Time) (bool, error) {
	if !c.reached.IsZero() {
		return now.Sub(c.reached) >= w.timing.Settle, nil
	}
	values, err := w.typeOf(ctx, []Instance{c.instance})
	if err == nil && values[c.instance.ID] == c.to {
		c.reached = now
	}
	return false, err
}

// pauses returns the pause before the next read: none at first, then longer and longer up
// to the poll interval. While an end settles it is an eighth of the settle time: an end that
// is left for longer than that is seen.
func (w *World) pauses() func(lifecycle.Phase) time.Duration {
	reads, pause := 0, w.timing.PollInterval/16
	return func(p lifecycle.Phase) time.Duration {
		reads++
		switch {
		case p == lifecycle.Settling || p == lifecycle.Astray:
			return min(w.timing.Settle/8, w.timing.PollInterval)
		case reads <= hurried:
			return 0
		}
		pause = min(pause*3/2, w.timing.PollInterval)
		return pause
	}
}

// rest waits until the instance is in the lifecycle's end again and has been there for a
// settle time, whatever led there.
func (w *World) rest(ctx context.Context) error {
	inst, err := w.subject()
	if err != nil {
		return err
	}
	pause := w.pauses()
	defer w.session.Waiting(inst.ID, "")
	var start, since time.Time
	for {
		values, timing, err := w.statusOf(ctx, []Instance{inst})
		if err != nil {
			return err
		}
		w.session.Waiting(inst.ID, values[inst.ID])
		if start.IsZero() {
			start = timing.Start
		}
		phase := lifecycle.Running
		switch got := values[inst.ID]; {
		case got == w.law.Lifecycle.End && since.IsZero():
			phase, since = lifecycle.Settling, timing.Start
		case got == w.law.Lifecycle.End:
			if phase = lifecycle.Settling; timing.Finished().Sub(since) >= w.timing.Settle {
				return nil
			}
		case timing.Finished().Sub(start) > w.timing.ResizeTimeout || slices.Contains(hopeless, got):
			return w.finding(w.answer, "M-RESIZE-STOPPED", TrajectoryOf(inst.ID), w.law.Lifecycle.End, got)
		default:
			since = time.Time{}
		}
		if err := await(ctx, pause(phase)); err != nil {
			return err
		}
	}
}

// theInstanceHasTheType reads back the type that the change was to lead to.
func (w *World) theInstanceHasTheType(ctx context.Context) error {
	if w.change == nil {
		return &SuiteFault{Reason: "no change was called: put a When step before this one"}
	}
	values, err := w.typeOf(ctx, []Instance{w.change.instance})
	if err != nil {
		return err
	}
	got := values[w.change.instance.ID]
	if w.refused != "" && got == w.refused && got != w.change.to {
		return w.law.Finding("R-REFUSED-UNCHANGED", "type of instance "+w.change.instance.ID, w.change.to, got+", which the refused call asked for")
	}
	if got != w.change.to {
		return w.law.Finding("M-RESIZE-TYPE", "type of instance "+w.change.instance.ID, w.change.to, got)
	}
	return nil
}

// await waits, or ends the scenario when the run is interrupted.
func await(ctx context.Context, d time.Duration) error {
	interrupted := &Inconclusive{Cause: wire.CauseInterrupted, Reason: "the run was interrupted"}
	if d <= 0 {
		if ctx.Err() != nil {
			return interrupted
		}
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return interrupted
	case <-timer.C:
		return nil
	}
}

// carriedOutOrRefused judges a change to the type the instance has: a resize, or a
// refusal that leaves the instance as it was (protocol 9).
func (w *World) carriedOutOrRefused(ctx context.Context) error {
	a, err := w.last()
	if err != nil {
		return err
	}
	if !a.Succeeded() {
		if err := w.refusedForSameType(a); err != nil {
			return err
		}
		return w.unchanged(ctx, w.rule(), w.held())
	}
	w.session.Choice(w.rule(), "carried out")
	if err := w.theInstanceGoesThrough(ctx); err != nil {
		return err
	}
	return w.theInstanceHasTheType(ctx)
}
