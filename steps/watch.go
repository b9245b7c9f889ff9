package steps

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/operation"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// The roles of the clauses that a change can violate.
const (
	roleCarriedOut   = verdict.RoleCarriedOut
	roleAsynchronous = verdict.RoleAsynchronous
	roleTransient    = verdict.RoleTransient
	roleEnd          = verdict.RoleEnd
	roleChanged      = verdict.RoleChanged
	roleOnlyNamed    = verdict.RoleOnlyNamed
	roleLock         = verdict.RoleLock
	roleSameValue    = verdict.RoleSameValue
	roleBatch        = verdict.RoleBatch
	roleTruthful     = verdict.RoleTruthful
	roleFilter       = verdict.RoleFilter
	roleUnchanged    = verdict.RoleRefusedUnchanged
)

var errNoChange = &SuiteError{Reason: "no change was called: put a When step before this one"}

// goesThrough follows the last change to its end and judges its trajectory. The states
// that the sentence names are those of the contract, for readers; others are a mistake.
func (w *World) goesThrough(ctx context.Context, transient, end string) error {
	if w.change == nil {
		return errNoChange
	}
	d := w.change.definition
	if transient != lifecycle.States(d.Transient) || end != lifecycle.States(d.End) {
		return &SuiteError{Reason: fmt.Sprintf("%s goes through %s to %s: write that", d.Operation.Action, lifecycle.States(d.Transient), lifecycle.States(d.End))}
	}
	return w.goesThroughItsLifecycle(ctx)
}

// goesThroughItsLifecycle follows the last change to its end and judges its trajectory.
func (w *World) goesThroughItsLifecycle(ctx context.Context) error {
	if w.change == nil {
		return errNoChange
	}
	if err := w.leftAlone(ctx, w.change); err != nil || len(w.change.subjects) == 0 {
		return err
	}
	first := w.change
	seen, watched, err := w.untilSeen(ctx)
	if err != nil {
		return err
	}
	if w.change != first { // of the others that were not seen this time nothing can be said
		w.change.subjects = slices.DeleteFunc(w.change.subjects, func(s *operation.Subject) bool {
			return s.ID != watched && !s.Watch.Ran() && len(s.Watch.Violations()) == 0
		})
	}
	if err := w.judgeChange(seen); err != nil {
		return err
	}
	w.arrived(w.change.definition)
	if w.change != first { // the one that the scenario called is over, too
		w.arrived(first.definition)
	}
	return nil
}

// untilSeen follows the last change to its end. While it is not seen to run it is called again, with reads of
// one subject under way at any moment, until that has been done often enough to judge it, or in vain.
func (w *World) untilSeen(ctx context.Context) (seen lifecycle.Seen, watched string, err error) {
	var tries []*operation.Subject // of each change
	for attempt := 1; ; attempt++ {
		c := w.change
		err := w.until(ctx, c, lifecycle.Phase.Over)
		w.keep(c)
		if err != nil {
			return seen, watched, err
		}
		if c.allRan() {
			c.seen = lifecycle.AfterAnswer
		}
		seen = max(seen, c.seen)
		if _, most := c.took(); most > 0 {
			w.session.Took(c.action(), most)
		}
		unseen := c.firstUnseen()
		if unseen == nil || seen == lifecycle.AfterAnswer {
			return seen, watched, nil
		}
		if watched == "" {
			watched = unseen.ID
		}
		tries = append(tries, c.subjectWith(watched))
		c.close = operation.WouldHaveSeen(tries, conclusive, w.session.Shortest(""))
		if attempt >= attempts && (c.close || seen == lifecycle.BeforeAnswer || w.contradicted != "" || attempt >= w.mostAttempts()) {
			return seen, watched, nil
		}
		if c.retried != nil {
			return seen, watched, c.retried
		}
		w.arrived(c.definition)
		if err := w.undo(ctx); err != nil {
			return seen, watched, err
		}
		if err := w.callAgainWatched(ctx, watched, readers[(attempt-1)%len(readers)]); err != nil {
			return seen, watched, err
		}
	}
}

// mostAttempts is how often a change is called that nobody sees: more often where it costs nothing.
func (w *World) mostAttempts() int {
	if w.fixture.Certain {
		return 2 * attempts
	}
	return attempts
}

// firstUnseen returns the first subject that has come to its end without being seen to
// change, or nil.
func (c *change) firstUnseen() *operation.Subject {
	for _, s := range c.subjects {
		if !s.Watch.Ran() && (s.Watch.Phase() == lifecycle.Settled || s.Watch.Phase() == lifecycle.Waiting && !s.Reached.IsZero()) {
			return s
		}
	}
	return nil
}

// subjectWith returns the subject of an id, or the first one.
func (c *change) subjectWith(id string) *operation.Subject {
	for _, s := range c.subjects {
		if s.ID == id {
			return s
		}
	}
	return c.subject()
}

func (c *change) allRan() bool {
	return !slices.ContainsFunc(c.subjects, func(s *operation.Subject) bool {
		return !s.Watch.Ran() && s.Watch.Phase() != lifecycle.Astray && s.Watch.Phase() != lifecycle.Lost
	})
}

// arrived notes the statuses in which the last change has left its subjects.
func (w *World) arrived(d lifecycle.Definition) {
	for _, s := range w.change.subjects {
		if slices.Contains(d.End, s.Status()) {
			w.isNow(s.ID, s.Status())
		}
	}
}

// isNow notes the status of an instance.
func (w *World) isNow(id, status string) {
	for i := range w.subjects {
		if w.subjects[i].ID == id {
			w.subjects[i].Status = status
		}
	}
}

// follower returns what follows a change.
func (w *World) follower(c *change) *operation.Follower {
	pace := w.pace()
	pace.Dense = c.watched || w.measuring
	f := &operation.Follower{
		Definition: c.definition, Subjects: c.subjects, Limit: w.timing.ResizeTimeout, Pace: pace,
		Read: func(ctx context.Context, r lifecycle.Reading, ids []string) (operation.Rows, wire.Timing, error) {
			rows, a, err := w.rows(ctx, r, ids)
			if err == nil {
				c.noteRead(r, a)
			}
			return rows, a.Timing, err
		},
		Watch: func(ctx context.Context, status map[string]string) error {
			for _, s := range c.subjects {
				w.session.Waiting(s.ID, status[s.ID])
			}
			if err := w.bystanders(c, status); err != nil {
				return err
			}
			return w.hiddenByFailures(ctx, c)
		},
	}
	for _, inst := range w.held() {
		if !slices.ContainsFunc(c.subjects, func(s *operation.Subject) bool { return s.ID == inst.ID }) {
			f.Beside = append(f.Beside, inst.ID)
		}
	}
	return f
}

func (w *World) pace() operation.Pace {
	return operation.Pace{Interval: w.timing.PollInterval, Settle: w.timing.Settle}
}

// noteRead notes a status that could be read only after the request had been sent again.
func (c *change) noteRead(r lifecycle.Reading, a *Answer) {
	if r == c.definition.Observed && a.Retried != "" {
		c.retried = &Inconclusive{Cause: a.Retried, Reason: fmt.Sprintf("%s: no read between the answer and the end of %s was answered", a.Retried, c.action())}
	}
}

// hiddenByFailures ends the scenario when a change has come to its end while its status
// could not be read: whether it was shown nobody can say. A change that has not happened
// yet is still to be seen.
func (w *World) hiddenByFailures(ctx context.Context, c *change) error {
	d := c.definition
	if c.retried == nil || d.Wanted == "" {
		return nil
	}
	for _, s := range c.subjects {
		if s.Watch.Phase() != lifecycle.Waiting || s.Track.From == s.Track.To {
			continue
		}
		rows, _, err := w.rows(ctx, d.Changed, []string{s.ID})
		if err != nil {
			return err
		}
		if rows[s.ID][d.Changed.Field] == s.Track.To {
			return c.retried
		}
	}
	c.retried = nil
	return nil
}

// until polls a change until done holds, it has visibly happened without being seen, or
// its time is over.
func (w *World) until(ctx context.Context, c *change, done func(lifecycle.Phase) bool) error {
	defer func() {
		for _, s := range c.subjects {
			w.session.Waiting(s.ID, "")
		}
	}()
	f := w.follower(c)
	seen, further := f.Watch, w.observeFully(c)
	f.Watch = func(ctx context.Context, status map[string]string) error {
		if err := seen(ctx, status); err != nil {
			return err
		}
		further(ctx, status)
		return nil
	}
	return interrupted(f.Until(ctx, done))
}

// rest waits until the subject of two actions is in an end of one of them and has been
// there for a settle time, whatever led there.
func (w *World) rest(ctx context.Context, d, second lifecycle.Definition) error {
	ends := slices.Concat(d.End, second.End)
	passing := slices.Concat(d.Start, d.Transient, second.Start, second.Transient)
	inst, err := w.subject()
	if err != nil {
		return err
	}
	defer w.session.Waiting(inst.ID, "")
	clock := operation.StartClock()
	defer clock.Stop()
	var since, astray time.Time
	return interrupted(w.pace().Poll(ctx, func(ctx context.Context) (operation.Next, error) {
		rows, a, err := w.rows(ctx, d.Observed, []string{inst.ID})
		if err != nil {
			return operation.Done, err
		}
		got := rows[inst.ID][d.Observed.Field]
		w.session.Waiting(inst.ID, got)
		switch {
		case slices.Contains(ends, got):
			if since.IsZero() {
				since = a.Timing.Start
			}
			if a.Timing.Finished().Sub(since) >= w.timing.Settle {
				w.isNow(inst.ID, got)
				return operation.Done, nil
			}
			return operation.Closely, nil
		case clock.Elapsed() > w.timing.ResizeTimeout, !astray.IsZero() && a.Timing.Start.Sub(astray) >= w.timing.Settle:
			return operation.Done, w.finding(w.answer, w.contract.Role(roleEnd, d.Operation.Action), TrajectoryOf(inst.ID), lifecycle.States(d.End), got)
		}
		if since = (time.Time{}); slices.Contains(passing, got) {
			astray = time.Time{}
		} else if astray.IsZero() {
			astray = a.Timing.Start
		}
		return operation.Again, nil
	}))
}

// hasTheValue reads back the value that the change was to lead to.
func (w *World) hasTheValue(ctx context.Context) error {
	if w.change == nil {
		return errNoChange
	}
	d := w.change.definition
	if d.Wanted == "" {
		return nil
	}
	for _, s := range w.change.subjects {
		rows, _, err := w.rows(ctx, d.Changed, []string{s.ID})
		if err != nil {
			return err
		}
		got := rows[s.ID][d.Changed.Field]
		if got == s.Track.To {
			continue
		}
		if err := w.refusedValue(s, got); err != nil {
			return err
		}
		if s.Shown == s.Track.To { // it was there at the end
			if err := w.foreignValue(Instance{ID: s.ID}, d.Changed.Field, got); err != nil {
				return err
			}
		}
		return w.contract.Violated(roleChanged, w.change.action(), d.Changed.Field+" of instance "+s.ID, s.Track.To, got)
	}
	return nil
}

// await waits, or ends the scenario when the run is interrupted.
func await(ctx context.Context, d time.Duration) error {
	return interrupted(operation.Wait(ctx, d))
}

// carriedOutOrRefused judges a change to the value the instance has: carried out, or
// refused and left as it was (protocol 9).
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
	if err := w.goesThroughItsLifecycle(ctx); err != nil {
		return err
	}
	return w.hasTheValue(ctx)
}

// rows reads the rows of instances by a read operation.
func (w *World) rows(ctx context.Context, r lifecycle.Reading, of []string) (operation.Rows, *Answer, error) {
	a, err := w.session.Send(ctx, wire.Request{Operation: r.Operation, Body: encode(map[string]any{r.Filter: w.beside(of)}), Effect: wire.Reads})
	if err != nil {
		return nil, &a, err
	}
	filter := w.contract.Role(roleFilter, r.Operation.Action)
	if !a.Succeeded() {
		return nil, &a, w.missed(&a, filter, "status", "the instances asked for", describe(&a))
	}
	rows, err := operation.ReadRows(a.Answer, r, of)
	if missing := (*operation.Missing)(nil); errors.As(err, &missing) {
		return nil, &a, w.missed(&a, filter, missing.Where, missing.Want, missing.Got)
	}
	return rows, &a, err
}
