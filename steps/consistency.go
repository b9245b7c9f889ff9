package steps

import (
	"context"
	"fmt"

	"github.com/zec-tools/conformance/internal/lifecycle"
)

const (
	// changesShown is how many changes a read operation may show nothing of before that
	// counts, and observationsBetween between how many readings of the other one.
	changesShown        = 3
	observationsBetween = 2
	// changesMet bounds how many are called until so many were met running.
	changesMet = 6
)

// consistency is what one change has shown of a read operation.
type consistency struct {
	shown   bool   // it has shown a transient status
	between int    // readings of it between two that showed the change running
	status  string // what they showed
}

// alsoShowsTheChange wants a further read operation to show the transient status too. It
// is asked between two readings of the one that shows the change running. A change that is
// over too soon to be met tells nothing.
func (w *World) alsoShowsTheChange(ctx context.Context, action string) error {
	if w.change == nil {
		return errNoChange
	}
	d := w.change.definition
	also, shows := d.StatusAt(w.contract.Operation(action))
	if !shows || also == d.Observed {
		return &SuiteError{Reason: fmt.Sprintf("%s is no further reader in the lifecycle of %s: name one under also", action, d.Operation.Action)}
	}
	resume, hidden, got := func() {}, 0, ""
	defer func() { resume() }()
	for try := range changesMet {
		met, err := w.readBoth(ctx, also)
		if err != nil {
			return err
		}
		if err := w.departures(w.change); err != nil || met.shown {
			return err
		}
		w.arrived(d)
		if met.between >= observationsBetween {
			hidden, got = hidden+1, met.status
		}
		if hidden == changesShown {
			want := fmt.Sprintf("%s while the change runs, as %s shows", lifecycle.States(d.Transient), d.Observed.Operation.Action)
			where := "status of instance " + w.change.subject().ID
			return w.at(w.change.answer, w.contract.Violated(roleTruthful, action, where, want, got+" throughout"))
		}
		if try == 0 { // a busy machine must not decide what is met
			resume = w.session.Quiet()
		}
		if err := w.undo(ctx); err != nil {
			return err
		}
		if err := w.isCalled(ctx, d.Operation.Action); err != nil {
			return err
		}
		if err := w.theAnswerIsASuccess(ctx); err != nil {
			return err
		}
	}
	return nil
}

// readBoth reads both operations in turn until the change has ended or has passed unseen.
func (w *World) readBoth(ctx context.Context, also lifecycle.Reading) (met consistency, err error) {
	c := w.change
	defer w.keep(c)
	f := w.follower(c)
	seen, read := f.Watch, w.readAlso(c, also, &met)
	f.Watch = func(ctx context.Context, status map[string]string) error {
		if err := seen(ctx, status); err != nil {
			return err
		}
		return read(ctx, status)
	}
	return met, interrupted(f.Until(ctx, lifecycle.Phase.Over))
}
