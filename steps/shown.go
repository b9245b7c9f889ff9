package steps

import (
	"context"
	"fmt"

	"github.com/zec-tools/conformance/internal/lifecycle"
)

const (
	// changesShown is how many changes a read operation may show nothing of before that
	// counts, and between how many sights of each the change was seen running.
	changesShown = 3
	sightsShown  = 2
	// changesMet bounds how many are called until so many were met running.
	changesMet = 6
)

// theListingShowsAChange wants the read operation that shows types to show RESIZING too.
// It is asked between two sights of the other one that show the change running. A change
// that is over too soon to be met tells nothing.
func (w *World) theListingShowsAChange(ctx context.Context) error {
	if w.change == nil {
		return &SuiteFault{Reason: "no change was called: put a When step before this one"}
	}
	resume, hidden, got := func() {}, 0, ""
	defer func() { resume() }()
	for try := range changesMet {
		shown, between, status, err := w.shownMeanwhile(ctx)
		if err != nil {
			return err
		}
		if err := w.departures(); err != nil || shown {
			return err
		}
		if between >= sightsShown {
			hidden, got = hidden+1, status
		}
		if hidden == changesShown {
			running := w.law.Lifecycle.Transient
			want := fmt.Sprintf("%s while the change runs, as %s shows", running, statuses)
			return w.at(w.change.answer, w.law.Finding(w.rule(), "status of instance "+w.change.instance.ID, want, got+" throughout"))
		}
		if try == 0 { // a busy machine must not decide what is met
			resume = w.session.Quiet()
		}
		if err := w.theTypeIsChanged(ctx); err != nil {
			return err
		}
		if err := w.theAnswerIsASuccess(ctx); err != nil {
			return err
		}
	}
	return nil
}

// shownMeanwhile reads both operations in turn until the change is over, and reports
// whether the listing ever showed it, or else what it showed between two sights of it.
func (w *World) shownMeanwhile(ctx context.Context) (shown bool, between int, status string, err error) {
	c, running := w.change, w.law.Lifecycle.Transient
	defer w.keep(c)
	pending, pause := "", w.pauses()
	for {
		timing, err := w.sight(ctx, c)
		if err != nil {
			return false, 0, "", err
		}
		seen := c.track.Sights[len(c.track.Sights)-1].Status == running
		if pending != "" && seen {
			between, status = between+1, pending
		}
		if c.watch.Phase() > lifecycle.Running || timing.Finished().Sub(c.track.Start) > w.timing.ResizeTimeout {
			break
		}
		values, _, err := w.column(ctx, listing, w.held()[:1], statusMember(listing))
		if err != nil {
			return false, 0, "", err
		}
		if values[c.instance.ID] == running {
			shown = true
			break
		}
		if pending = ""; seen {
			pending = values[c.instance.ID]
		}
		if err := await(ctx, pause(c.watch.Phase())); err != nil {
			return false, 0, "", err
		}
	}
	return shown, between, status, w.until(ctx, c, lifecycle.Phase.Over)
}
