package steps

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/operation"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// judgeChange returns the finding about the trajectory of the last change, or nil.
func (ch *changes) judgeChange(ctx context.Context, seen lifecycle.Seen) error {
	c := ch.change
	if err := ch.departures(c); err != nil {
		return err
	}
	if err := ch.neverBegun(c); err != nil {
		return err
	}
	if err := ch.showTheEnd(ctx, c); err != nil {
		return err
	}
	action, d := c.action(), c.definition
	for _, s := range c.subjects {
		where := TrajectoryOf(c.definition, s.ID)
		running := lifecycle.States(d.Transient)
		if seen == lifecycle.AfterAnswer && s.Watch.Phase() == lifecycle.Settled {
			continue
		}
		rule := ch.transientRule(c, s)
		if seen != lifecycle.AfterAnswer {
			ch.session.Unseen(rule)
		}
		switch {
		case seen == lifecycle.BeforeAnswer:
			return ch.finding(c.answer, ch.contract.Role(roleAsynchronous, action), where, "an answer before the work is done", running+" only until the answer came")
		case ch.contradicted != "":
			return ch.finding(c.answer, ch.contract.Role(roleTruthful, d.Observed.Operation.Action), where, running+", as "+ch.contradicted+" showed", s.Status()+" throughout")
		case !c.close:
			return &Inconclusive{Cause: wire.CauseUnseen, Reason: fmt.Sprintf("%s: no read showed %s in any change by %s, and the reads were too far apart to prove that it is never shown", wire.CauseUnseen, running, action)}
		default:
			return ch.finding(c.answer, rule, where, running, fmt.Sprintf("%s throughout, in %d changes", s.Status(), attempts))
		}
	}
	return nil
}

// transientRule returns the clause that requires a change of the subject to be seen running.
func (ch *changes) transientRule(c *change, s *operation.Subject) string {
	if c.definition.Wanted != "" && s.Trajectory.From == s.Trajectory.To {
		if rule := ch.contract.Role(roleSameValue, c.action()); rule != "" {
			return rule
		}
	}
	return ch.contract.Role(roleTransient, c.action())
}

// neverBegun returns the finding about the first subject that did not change in all the time
// allowed.
func (ch *changes) neverBegun(c *change) error {
	d := c.definition
	for _, s := range c.subjects {
		if s.Watch.Phase() != lifecycle.Waiting || !s.Reached.IsZero() {
			continue
		}
		want, got := d.Rules(0).Path(), fmt.Sprintf("%s for %s", s.Status(), ch.timing.ResizeTimeout)
		if d.Wanted != "" {
			want = lifecycle.States(d.Transient) + ", then the " + d.Changed.Field + " " + c.wanted
			got = fmt.Sprintf("%s and %s %s for %s", s.Status(), d.Changed.Field, s.Trajectory.From, ch.timing.ResizeTimeout)
		}
		return ch.finding(c.answer, ch.contract.Role(roleCarriedOut, c.action()), TrajectoryOf(c.definition, s.ID), want, got)
	}
	return nil
}

// departures returns the finding about the first undocumented status of a change, or about a wrong
// value in the first row that shows its end.
func (ch *changes) departures(c *change) error {
	for _, s := range c.subjects {
		if violations := s.Watch.Violations(); len(violations) > 0 {
			return cmp.Or(ch.failedYetBegun(c, s), ch.at(c.answer, ch.contract.departure(violations[0], c.action(), s.ID)))
		}
	}
	for _, s := range c.subjects {
		if s.EndValue != "" && s.EndValue != s.Trajectory.To {
			if err := ch.refusedValue(c, s, s.EndValue); err != nil {
				return err
			}
			d := c.definition
			want := fmt.Sprintf("%s in the first row that shows %s", s.Trajectory.To, lifecycle.States(d.End))
			return ch.at(c.answer, ch.contract.Violated(roleChanged, c.action(), verdict.PlaceOf(d.Changed.Field, d.Kind, s.ID), want, s.EndValue))
		}
	}
	return nil
}

// failedYetBegun returns the finding about a call made while another change ran: the answer lists
// the subject as failed, but the subject was then seen in a transient status that only this call
// leads to.
func (ch *changes) failedYetBegun(c *change, s *operation.Subject) error {
	m := ch.meanwhile
	if m == nil || m == c || !slices.Contains(m.failed(), s.ID) {
		return nil
	}
	for _, o := range s.Trajectory.Observations {
		if slices.Contains(m.definition.Transient, o.Status) && !slices.Contains(c.definition.Transient, o.Status) {
			return ch.contract.Violated(roleBatch, m.action(), verdict.PlaceOf("status", c.definition.Kind, s.ID), "unchanged by "+m.action()+", which names it as failed", o.Status)
		}
	}
	return nil
}

// refusedValue returns the finding about a subject that received the value of a call that was
// refused while its change ran.
func (ch *changes) refusedValue(c *change, s *operation.Subject, got string) error {
	if c.refused == "" || got != c.refused || got == s.Trajectory.To {
		return nil
	}
	return ch.contract.Violated(roleUnchanged, c.action(), verdict.PlaceOf(c.definition.Changed.Field, c.definition.Kind, s.ID), s.Trajectory.To, got+", which the refused call asked for")
}

// bystanders returns a finding if an instance that the change does not name has left its status.
func (ch *changes) bystanders(c *change, status map[string]string) error {
	for _, other := range ch.held() {
		was, is := ch.before[other.ID].status, status[other.ID]
		if slices.ContainsFunc(c.subjects, func(s *operation.Subject) bool { return s.ID == other.ID }) || !ch.moved(was, is) {
			continue
		}
		role, action := ch.whoseBystander(c, other.ID)
		return ch.contract.Violated(role, action, verdict.PlaceOf("status", other.Kind, other.ID), was, is)
	}
	return nil
}

// whoseBystander returns the role of the clause that keeps an instance as it was while a change
// runs, and the action of the clause: that of a call made meanwhile if only this one named it.
func (ch *changes) whoseBystander(c *change, id string) (verdict.Role, string) {
	names := func(call *change) bool {
		return slices.ContainsFunc(call.instances, func(i Instance) bool { return i.ID == id })
	}
	switch m := ch.meanwhile; {
	case names(c):
		return roleBatch, c.action()
	case m != nil && names(m) && m.answer.Succeeded():
		return roleBatch, m.action()
	case m != nil && names(m):
		return roleUnchanged, m.action()
	}
	return roleOnlyNamed, c.action()
}

// hasSubjects checks that the last change was carried out for every valid instance, and for at
// least one: otherwise there is nothing to follow.
func (ch *changes) hasSubjects(ctx context.Context) error {
	if err := ch.leftAlone(ctx, ch.change); err != nil {
		return err
	}
	if len(ch.change.subjects) == 0 {
		return &Inconclusive{Reason: fmt.Sprintf("%s named all as failed, so there is no change to follow", ch.change.action())}
	}
	return nil
}

// leftAlone judges the instances that an answer lists as failed: they must not change. If one of
// them is valid, the failure is documented, and the scenario is inconclusive.
func (ch *changes) leftAlone(ctx context.Context, c *change) error {
	failed := c.failed()
	if len(failed) == 0 {
		return nil
	}
	var good []string
	for _, inst := range c.instances {
		if slices.Contains(failed, inst.ID) && !inst.Absent && slices.Contains(c.definition.Start, ch.before[inst.ID].status) {
			good = append(good, inst.ID)
		}
	}
	for _, inst := range c.instances {
		if slices.Contains(failed, inst.ID) && !inst.Absent {
			if err := ch.unchanged(ctx, ch.contract.Role(roleBatch, c.action()), []Instance{inst}); err != nil {
				return err
			}
		}
	}
	if len(good) > 0 {
		return &Inconclusive{Reason: fmt.Sprintf("%s named %s as failed, as it may", c.action(), strings.Join(good, ", "))}
	}
	return nil
}
