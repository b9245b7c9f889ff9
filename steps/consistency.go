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

// The sentence about a change that two read operations must both show.
func consistencySentences() []Sentence {
	return []Sentence{
		say(`{action} shows the change while it runs`, `{action} 在变更过程中如实显示状态`,
			func(w *World) any { return w.alsoShowsTheChange }, nil).describing(observes, callsReaders),
	}
}

const (
	// changesShown is the number of changes that a read operation must have missed before that
	// counts; observationsBetween is the number of readings it takes to miss one, between two
	// readings of the other operation.
	changesShown        = 3
	observationsBetween = 2
	// changesMet limits the calls until enough changes were seen running.
	changesMet = 6
)

// consistency is what a second read operation showed during one change.
type consistency struct {
	shown   bool   // it showed a transient status
	between int    // its readings between two that showed the change running
	status  string // the status in those readings
	retried bool   // a reading was retried, so nothing is known about the time before
}

// alsoShowsTheChange checks that a second read operation shows the transient status, too. It is
// called between two readings that show the change running. A change that ends too soon proves
// nothing.
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
		if try == 0 { // a busy machine must not decide the result
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

// alsoShowsTheEnd checks that a second read operation shows the end of the last change. If the
// action changes a value, the row with the value has already shown the end.
func (ch *changes) alsoShowsTheEnd(ctx context.Context, also lifecycle.Reading) error {
	c := ch.change
	if c.definition.Wanted != "" || c.phase() != lifecycle.Settled {
		return nil
	}
	_, err := ch.rowShowingTheEnd(ctx, also, c.subject().ID)
	return err
}

// rowShowingTheEnd reads an instance until its row shows the end of the last change. A row may lag
// behind, but not for longer than a change may take.
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

// neverShowsTheEnd returns the finding about a row that kept showing another status for the whole
// time allowed, although the change has ended.
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

// readBoth reads both operations in turn until the change has ended, or was over before a read
// could show it.
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

// callsReaders adds the calls of a change that is repeated until a second read operation shows it.
func callsReaders(s *Metadata, _ []string) {
	s.Calls = append(s.Calls, Call{To: ToAnother, Most: changesMet})
}
