package steps

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/operation"
	"github.com/zec-tools/conformance/internal/verdict"
)

// The sentence about a change that two read operations show.
func consistencySentences() []Sentence {
	return []Sentence{
		say(`{action} shows the change while it runs`, `{action} 在变更过程中如实显示状态`,
			func(w *World) any { return w.alsoShowsTheChange }, nil).describing(observes, callsReaders),
	}
}

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
	retried bool   // a reading was sent again: of the time before it nothing is known
}

// alsoShowsTheChange wants a further read operation to show the transient status too. It
// is asked between two readings of the one that shows the change running. A change that is
// over too soon to be met tells nothing.
func (ch *changes) alsoShowsTheChange(ctx context.Context, action string) error {
	if ch.change == nil {
		return errNoChange
	}
	d := ch.change.definition
	also, shows := d.StatusAt(ch.contract.Operation(action))
	if !shows || also == d.Observed {
		return &SuiteError{Reason: fmt.Sprintf("%s is no further reader in the lifecycle of %s: name one under also", action, d.Operation.Action)}
	}
	resume, hidden, got := func() {}, 0, ""
	defer func() { resume() }()
	for try := range changesMet {
		if err := ch.hasSubjects(ctx); err != nil {
			return err
		}
		met, err := ch.readBoth(ctx, also)
		if err != nil {
			return err
		}
		if err := ch.departures(ch.change); err != nil {
			return err
		}
		if err := ch.showTheEnd(ctx, ch.change); err != nil {
			return err
		}
		if met.shown {
			return ch.alsoShowsTheEnd(ctx, also)
		}
		ch.arrived(d)
		if met.between >= observationsBetween && !met.retried && ch.change.retried == nil {
			hidden, got = hidden+1, met.status
		}
		if hidden == changesShown {
			want := fmt.Sprintf("%s while the change runs, as %s shows", lifecycle.States(d.Transient), d.Observed.Operation.Action)
			where := verdict.PlaceOf("status", d.Kind, ch.change.subject().ID)
			return ch.at(ch.change.answer, ch.contract.Violated(roleTruthful, action, where, want, got+" throughout"))
		}
		if unseen := ch.change.firstUnseen(); unseen != nil {
			if err := ch.unseenElsewhere(ch.change, unseen); err != nil {
				return err
			}
		}
		if try == 0 { // a busy machine must not decide what is met
			resume = ch.session.Quiet()
		}
		if err := ch.undo(ctx); err != nil {
			return err
		}
		if err := ch.isCalled(ctx, d.Operation.Action); err != nil {
			return err
		}
		if err := ch.theAnswerIsASuccess(ctx); err != nil {
			return err
		}
	}
	return nil
}

// alsoShowsTheEnd wants a further read operation to show the end of the last change, too. Where that
// changes a value, the row with the value has shown it.
func (ch *changes) alsoShowsTheEnd(ctx context.Context, also lifecycle.Reading) error {
	c := ch.change
	if c.definition.Wanted != "" || c.phase() != lifecycle.Settled {
		return nil
	}
	_, err := ch.rowShowingTheEnd(ctx, also, c.subject().ID)
	return err
}

// rowShowingTheEnd reads an instance until its row shows the end of the last change. A row may lag behind, but not
// for all the time that a change may take.
func (ch *changes) rowShowingTheEnd(ctx context.Context, r lifecycle.Reading, id string) (row map[string]string, err error) {
	d, start := ch.change.definition, time.Now()
	err = ch.pace().Poll(ctx, func(ctx context.Context) (operation.Next, error) {
		rows, _, err := ch.rows(ctx, r, []string{id})
		if row = rows[id]; err != nil || slices.Contains(d.End, row[r.Field]) {
			return operation.Done, err
		}
		if time.Since(start) < ch.timing.ResizeTimeout {
			return operation.Again, nil
		}
		return operation.Done, ch.neverShowsTheEnd(ctx, r, ch.change.subjectWith(id), row[r.Field])
	})
	return row, interrupted(err)
}

// neverShowsTheEnd returns the finding about a row that has shown another status for all the time allowed, while
// the change has come to its end and stays there.
func (ch *changes) neverShowsTheEnd(ctx context.Context, r lifecycle.Reading, s *operation.Subject, got string) error {
	d := ch.change.definition
	observed, _, err := ch.rows(ctx, d.Observed, []string{s.ID})
	if is := observed[s.ID][d.Observed.Field]; err != nil || !slices.Contains(d.End, is) {
		return cmp.Or(err, error(&Inconclusive{Reason: fmt.Sprintf("%s %s has not stayed %s, it is %s", ch.subjects[0].noun(), s.ID, lifecycle.States(d.End), is)}))
	}
	ch.session.Overdue(s.Trajectory)
	want := fmt.Sprintf("%s, as %s shows", lifecycle.States(d.End), d.Observed.Operation.Action)
	return ch.contract.Violated(roleTruthful, r.Operation.Action, verdict.PlaceOf("status", d.Kind, s.ID), want, fmt.Sprintf("%s for %s", cmp.Or(got, "none"), ch.timing.ResizeTimeout))
}

// readBoth reads both operations in turn until the change has ended or has passed unseen.
func (ch *changes) readBoth(ctx context.Context, also lifecycle.Reading) (met consistency, err error) {
	c := ch.change
	defer ch.keep(c)
	f := ch.follower(c)
	seen, read := f.Watch, ch.readAlso(c, also, &met)
	f.Watch = func(ctx context.Context, status map[string]string) error {
		if err := seen(ctx, status); err != nil {
			return err
		}
		return read(ctx, status)
	}
	return met, interrupted(f.Until(ctx, lifecycle.Phase.Over))
}

// callsReaders adds the calls of a change that is repeated until a further read has shown it.
func callsReaders(s *Metadata, _ []string) {
	s.Calls = append(s.Calls, Call{To: ToAnother, Most: changesMet})
}
