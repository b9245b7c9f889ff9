package steps

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/operation"
	"github.com/zec-tools/conformance/internal/wire"
)

var errNoChange = &SuiteError{Reason: "no change was called: put a When step before this one"}

// The sentences that follow a change to its end.
func lifecycleSentences() []Sentence {
	return []Sentence{
		say(`the (?:instance goes|instances go|[a-z]+ goes|[a-z]+ go) through {statuses} to {statuses} and (?:stays|stay) there`, `实例状态由 {statuses} 变为 {statuses}，此后保持不变`,
			func(w *World) any { return w.goesThroughStates }, nil).describing(observes, calls(ToAnother, 0, again)),
		say(`the change is carried out, or refused with a documented 4xx error`, `变更得以完成，或返回文档所列的 4xx 错误码`,
			func(w *World) any { return w.carriedOutOrRefused }, nil).describing(wants("200", "4xx"), calls(ToAnother, 0, again)),
	}
}

// goesThrough follows the last change to its end and judges its trajectory. The sentence repeats
// the statuses of the contract for the reader. If they differ from the contract, the feature is
// wrong.
func (ch *changes) goesThrough(ctx context.Context, transient, end string) error {
	if ch.change == nil {
		return errNoChange
	}
	d := ch.change.definition
	if transient != lifecycle.States(d.Transient) || end != lifecycle.States(d.End) {
		return &SuiteError{Reason: fmt.Sprintf("%s goes through %s to %s: write that", d.Operation.Action, lifecycle.States(d.Transient), lifecycle.States(d.End))}
	}
	return ch.goesThroughItsLifecycle(ctx)
}

// goesThroughItsLifecycle follows the last change to its end and judges its trajectory.
func (ch *changes) goesThroughItsLifecycle(ctx context.Context) error {
	if ch.change == nil {
		return errNoChange
	}
	if err := ch.leftAlone(ctx, ch.change); err != nil || len(ch.change.subjects) == 0 {
		return err
	}
	first := ch.change
	seen, watched, err := ch.untilSeen(ctx)
	if err != nil {
		return err
	}
	if ch.change != first { // the subjects of a repeated change are judged only if they were seen
		ch.change.subjects = slices.DeleteFunc(ch.change.subjects, func(s *operation.Subject) bool {
			return s.ID != watched && !s.Watch.Ran() && len(s.Watch.Violations()) == 0
		})
	}
	if err := ch.judgeChange(ctx, seen); err != nil {
		return err
	}
	ch.arrived(ch.change.definition)
	if ch.change != first { // the change that the scenario called is over, too
		ch.arrived(first.definition)
	}
	return nil
}

// untilSeen follows the last change to its end. If no read showed the change running, untilSeen
// calls it again and polls one subject concurrently, until the change is seen, has been polled
// often enough to be judged, or the attempts are used up.
func (ch *changes) untilSeen(ctx context.Context) (seen lifecycle.Seen, watched string, err error) {
	var tries []*operation.Subject // one subject for each call
	for attempt := 1; ; attempt++ {
		c := ch.change
		err := ch.until(ctx, c, lifecycle.Phase.Over)
		ch.keep(c)
		if err != nil {
			return seen, watched, err
		}
		if c.allRan() {
			c.seen = lifecycle.AfterAnswer
		}
		seen = max(seen, c.seen)
		if _, most := c.took(); most > 0 {
			ch.session.Took(c.action(), most)
		}
		unseen := c.firstUnseen()
		if unseen == nil || seen == lifecycle.AfterAnswer || c.departed() { // a departure is already a finding
			return seen, watched, nil
		}
		if watched == "" {
			watched = unseen.ID
		}
		tries = append(tries, c.subjectWith(watched))
		c.close = operation.WouldHaveSeen(tries, conclusive, ch.session.Shortest(""))
		if attempt >= attempts && (c.close || seen == lifecycle.BeforeAnswer || ch.contradicted != "" || attempt >= ch.mostAttempts()) {
			return seen, watched, nil
		}
		if c.retried != nil {
			return seen, watched, c.retried
		}
		ch.session.RepeatAlone(ctx, ch.transientRule(c, unseen))
		if err := ch.unseenElsewhere(c, unseen); err != nil {
			return seen, watched, err
		}
		ch.arrived(c.definition)
		if err := ch.undo(ctx); err != nil {
			return seen, watched, err
		}
		if err := ch.callAgainWatched(ctx, watched, readers[(attempt-1)%len(readers)]); err != nil {
			return seen, watched, err
		}
	}
}

// unseenElsewhere ends the scenario if its change was not seen running and another scenario has
// already repeated such a change without ever seeing it run.
func (ch *changes) unseenElsewhere(c *change, s *operation.Subject) error {
	scenario := ch.session.UnseenIn(ch.transientRule(c, s))
	if scenario == "" {
		return nil
	}
	return &Inconclusive{Cause: wire.CauseUnseen, Reason: fmt.Sprintf("%s: no read showed %s after %s, which %s has called again and again to see it",
		wire.CauseUnseen, lifecycle.States(c.definition.Transient), c.action(), scenario)}
}

// mostAttempts limits the calls of a change that is never seen running. The limit is higher where
// calls cost nothing.
func (ins *instances) mostAttempts() int {
	if ins.fixture.Certain {
		return 2 * attempts
	}
	return attempts
}

// arrived records the final statuses of the last change.
func (ch *changes) arrived(d lifecycle.Definition) {
	for _, s := range ch.change.subjects {
		if slices.Contains(d.End, s.Status()) {
			ch.setStatus(s.ID, s.Status())
		}
	}
}

// follower returns the poller of a change.
func (ch *changes) follower(c *change) *operation.Follower {
	pace := ch.pace()
	pace.Dense = c.watched || ch.measuring
	f := &operation.Follower{
		Definition: c.definition, Subjects: c.subjects, Limit: ch.timing.ResizeTimeout, Pace: pace,
		Read: func(ctx context.Context, r lifecycle.Reading, ids []string) (operation.Rows, wire.Timing, error) {
			rows, a, err := ch.rows(ctx, r, ids)
			if err == nil {
				c.noteRead(r, a)
			}
			return rows, a.Timing, err
		},
		Watch: func(ctx context.Context, status map[string]string) error {
			for _, s := range c.subjects {
				ch.session.Waiting(s.ID, status[s.ID])
			}
			if err := ch.bystanders(c, status); err != nil {
				return err
			}
			return ch.hiddenByFailures(ctx, c)
		},
	}
	for _, inst := range ch.held() {
		if !slices.ContainsFunc(c.subjects, func(s *operation.Subject) bool { return s.ID == inst.ID }) {
			f.Beside = append(f.Beside, inst.ID)
		}
	}
	return f
}

// hiddenByFailures ends the scenario if every read of the status failed until the change had ended.
// A change that has not happened yet can still be seen.
func (re *responses) hiddenByFailures(ctx context.Context, c *change) error {
	d := c.definition
	if c.retried == nil || d.Wanted == "" {
		return nil
	}
	for _, s := range c.subjects {
		if s.Watch.Phase() != lifecycle.Waiting || s.Trajectory.From == s.Trajectory.To {
			continue
		}
		rows, _, err := re.rows(ctx, d.Changed, []string{s.ID})
		if err != nil {
			return err
		}
		if rows[s.ID][d.Changed.Field] == s.Trajectory.To {
			return c.retried
		}
	}
	c.retried = nil
	return nil
}

// until polls a change until done reports true, the change has ended without being seen, or the
// time limit is reached.
func (ch *changes) until(ctx context.Context, c *change, done func(lifecycle.Phase) bool) error {
	defer func() {
		for _, s := range c.subjects {
			ch.session.Waiting(s.ID, "")
		}
	}()
	f := ch.follower(c)
	seen, further := f.Watch, ch.observeFully(c)
	f.Watch = func(ctx context.Context, status map[string]string) error {
		if err := seen(ctx, status); err != nil {
			return err
		}
		further(ctx, status)
		return nil
	}
	return interrupted(f.Until(ctx, done))
}

// unseenSettles is the number of settle times to wait for an accepted change that was not seen
// running, because the change may show late.
const unseenSettles = 8

// rest waits until the subject of two actions has been in an end status of either for the settle
// time. If it never reaches one, the finding blames the action that was accepted last.
func (re *responses) rest(ctx context.Context, d, second lifecycle.Definition) error {
	ends := slices.Concat(d.End, second.End)
	passing := slices.Concat(d.Start, d.Transient, second.Start, second.Transient)
	inst, err := re.subject()
	if err != nil {
		return err
	}
	defer re.session.Waiting(inst.ID, "")
	clock := operation.StartClock()
	defer clock.Stop()
	var since, astray time.Time
	settled := unseenSettles * re.timing.Settle // an end status may still be the start status
	return interrupted(re.pace().Poll(ctx, func(ctx context.Context) (operation.Next, error) {
		rows, a, err := re.rows(ctx, d.Observed, []string{inst.ID})
		if err != nil {
			return operation.Done, err
		}
		got := rows[inst.ID][d.Observed.Field]
		re.session.Waiting(inst.ID, got)
		switch {
		case slices.Contains(ends, got):
			if since.IsZero() {
				since = a.Timing.Start
			}
			if a.Timing.Finished().Sub(since) >= settled {
				re.setStatus(inst.ID, got)
				return operation.Done, nil
			}
			return operation.Closely, nil
		case clock.Elapsed() > re.timing.ResizeTimeout, !astray.IsZero() && a.Timing.Start.Sub(astray) >= re.timing.Settle:
			last := d
			if re.answer.Succeeded() && !slices.Contains(re.answer.Strings(second.Failed), inst.ID) {
				last = second
			}
			return operation.Done, re.finding(re.answer, re.contract.Role(roleEnd, last.Operation.Action), TrajectoryOf(last, inst.ID), lifecycle.States(last.End), got)
		}
		if since = (time.Time{}); slices.Contains(passing, got) {
			astray, settled = time.Time{}, re.timing.Settle
		} else if astray.IsZero() {
			astray = a.Timing.Start
		}
		return operation.Again, nil
	}))
}

// carriedOutOrRefused judges a change to the current value. The endpoint may carry it out, or
// refuse it without any effect (protocol 9).
func (ch *changes) carriedOutOrRefused(ctx context.Context) error {
	a, err := ch.last()
	if err != nil {
		return err
	}
	if !a.Succeeded() {
		if err := ch.refusedForSameType(a); err != nil {
			return err
		}
		return ch.unchanged(ctx, ch.rule(), ch.held())
	}
	ch.session.Choice(ch.rule(), "carried out")
	if err := ch.goesThroughItsLifecycle(ctx); err != nil {
		return err
	}
	return ch.hasTheValue(ctx)
}

func (ch *changes) goesThroughStates(ctx context.Context, transient, end string) error {
	return ch.goesThrough(ctx, either(transient), either(end))
}
