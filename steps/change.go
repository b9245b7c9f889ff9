package steps

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/operation"
	"github.com/zec-tools/conformance/internal/wire"
)

// changes holds the calls of changing actions and their outcomes.
type changes struct {
	*responses
	change       *change        // the most recent change
	earlier      *change        // the most recent change before it that set a value
	begun        []*change      // the changes that were accepted
	meanwhile    *change        // the call made while the change was running
	measuring    bool           // the change is polled closely to measure how long it takes
	early        bool           // call the second action only early in the change; later calls may have come after its end
	alone        bool           // calls name only the first instance, although the action takes several
	further      map[string]any // optional parameters for every call of the action under test
	contradicted string         // the read operation that showed the change while the other one did not
}

// change is one call of a changing action, and its observations.
type change struct {
	definition lifecycle.Definition
	instances  []Instance           // the instances that the call names
	subjects   []*operation.Subject // those of them that the call should change
	wanted     string               // the requested value; "" if the action takes none
	refused    string               // the value of a call that was refused while the change ran
	answer     *Answer
	recorded   bool
	watched    bool           // it was called again and polled concurrently
	seen       lifecycle.Seen // what concurrent polling has shown
	close      bool           // the polling was dense enough to have seen the change running
	retried    *Inconclusive  // set if a status read after the call had to be retried
}

func (c *change) action() string { return c.definition.Operation.Action }

// subject returns the first subject. Most scenarios have only one.
func (c *change) subject() *operation.Subject { return c.subjects[0] }

// phase returns the earliest phase among the subjects. A change without subjects is over.
func (c *change) phase() lifecycle.Phase {
	if len(c.subjects) == 0 {
		return lifecycle.Settled
	}
	least := c.subjects[0].Watch.Phase()
	for _, s := range c.subjects[1:] {
		least = min(least, s.Watch.Phase())
	}
	return least
}

// callTo calls a change to the given value. The snapshot taken before the call is the first
// observation.
func (ch *changes) callTo(ctx context.Context, d lifecycle.Definition, named []Instance, wanted string) error {
	if d.Wanted != "" && wanted == "" {
		if named[0].typeUnknown(ch.valueOf(named[0])) {
			return lacking("no %s of %s %s is shown", d.Changed.Field, named[0].noun(), named[0].ID)
		}
		return noFurtherValue(d)
	}
	c := ch.newChange(d, named, wanted)
	req := ch.changing(d, named, wanted)
	answer, err := ch.session.Change(ctx, req, ch.unstarted(c))
	ch.acted(answer.Timing)
	c.answered(&answer)
	if err != nil || answer.Succeeded() {
		ch.begun = append(ch.begun, c)
	}
	if err != nil {
		return err
	}
	ch.answer, ch.request, ch.judged = &answer, req, false
	ch.change = c
	return nil
}

func noFurtherValue(d lifecycle.Definition) error {
	return &Inconclusive{Reason: fmt.Sprintf("no further value of %s is listed, and no action leads back to one of those before", d.Wanted)}
}

// unstarted returns a function that proves that a change has not begun, by checking that every
// instance is as it was before. It cannot prove that if the change leads back to the same status
// and value.
func (re *responses) unstarted(c *change) func(context.Context) bool {
	return func(ctx context.Context) bool {
		d := c.definition
		if subset(d.Start, d.End) && (d.Wanted == "" || c.wanted == re.valueOf(c.instances[0])) {
			return false
		}
		shot, err := re.look(ctx)
		if err != nil {
			return false
		}
		for _, inst := range c.instances {
			was, is := re.before[inst.ID], shot[inst.ID]
			if !inst.Absent && !was.same(is) {
				return false
			}
		}
		return true
	}
}

func subset(some, all []string) bool {
	return !slices.ContainsFunc(some, func(s string) bool { return !slices.Contains(all, s) })
}

func (rd *readings) newChange(d lifecycle.Definition, named []Instance, wanted string) *change {
	if d.Wanted == "" {
		wanted = ""
	}
	c := &change{definition: d, instances: named, wanted: wanted}
	for _, inst := range named {
		if inst.Absent {
			continue
		}
		s := operation.NewSubject(d, inst.ID, rd.timing.Settle, rd.looked.Start)
		s.Trajectory.From, s.Trajectory.To = rd.before[inst.ID].values[d.Changed.Field], wanted
		s.See(rd.before[inst.ID].status, rd.looked)
		c.subjects = append(c.subjects, s)
	}
	return c
}

// changing builds the request. Its effect is Change only if the documents allow the change.
func (ch *changes) changing(d lifecycle.Definition, named []Instance, wanted string) wire.Request {
	effect := wire.Changes
	for _, inst := range named {
		if inst.Absent || inst.GPU || !slices.Contains(d.Start, ch.before[inst.ID].status) {
			effect = wire.Refused
		}
	}
	if d.Wanted != "" && !slices.Contains(ch.fixture.Resizable, wanted) {
		effect = wire.Refused
	}
	return wire.Request{Operation: d.Operation, Body: encode(ch.parametersOf(d, named, wanted)), Effect: effect}
}

// parametersOf returns the parameters of a call.
func (ch *changes) parametersOf(d lifecycle.Definition, named []Instance, wanted string) map[string]any {
	parameters := map[string]any{d.Subject: ids(named)}
	if !d.Batch {
		parameters[d.Subject] = named[0].ID
	}
	if d.Wanted != "" {
		parameters[d.Wanted] = ch.contract.typed(d, wanted)
	}
	maps.Copy(parameters, d.Besides)
	if d.Operation.Action == ch.acting { // not of the action that undoes it
		maps.Copy(parameters, ch.further)
	}
	return parameters
}

// answered stores the answer to the call, which findings about the change refer to. Subjects that
// the answer lists as failed are no longer followed.
func (c *change) answered(a *Answer) {
	c.answer = a
	for _, s := range c.subjects {
		s.Answered(a.Timing)
	}
	if a.Succeeded() {
		failed := c.failed()
		c.subjects = slices.DeleteFunc(c.subjects, func(s *operation.Subject) bool { return slices.Contains(failed, s.ID) })
	}
}

// failed returns the ids that the answer lists as failed.
func (c *change) failed() []string {
	if c.definition.Failed == "" || c.answer == nil || !c.answer.Succeeded() {
		return nil
	}
	return c.answer.Strings(c.definition.Failed)
}

// firstUnseen returns the first subject whose change ended without being seen running, or nil.
func (c *change) firstUnseen() *operation.Subject {
	for _, s := range c.subjects {
		if !s.Watch.Ran() && (s.Watch.Phase() == lifecycle.Settled || s.Watch.Phase() == lifecycle.Waiting && !s.Reached.IsZero()) {
			return s
		}
	}
	return nil
}

// departed reports whether any subject was seen in a status that is not part of its change.
func (c *change) departed() bool {
	return slices.ContainsFunc(c.subjects, func(s *operation.Subject) bool { return len(s.Watch.Violations()) > 0 })
}

// subjectWith returns the subject with an id, or the first subject if none has it.
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
		return !s.Watch.Ran() && !slices.Contains([]lifecycle.Phase{lifecycle.Passing, lifecycle.Astray, lifecycle.Lost}, s.Watch.Phase())
	})
}

// noteRead records that a status read had to be retried.
func (c *change) noteRead(r lifecycle.Reading, a *Answer) {
	if r == c.definition.Observed && a.Retried != "" {
		c.retried = &Inconclusive{Cause: a.Retried, Reason: fmt.Sprintf("%s: no read between the answer and the end of %s was answered", a.Retried, c.action())}
	}
}

// took returns a lower and an upper bound for the duration of the longest change, both 0 if none
// was seen running. The lower bound is the time from the answer to the last read that showed it
// running; the upper bound is the time from the call to the first read that no longer did.
func (c *change) took() (least, most time.Duration) {
	for _, s := range c.subjects {
		ran, over := time.Duration(0), time.Duration(0)
		for _, observation := range s.Trajectory.Observations {
			switch {
			case slices.Contains(c.definition.Transient, observation.Status):
				ran, over = observation.Asked-s.Trajectory.Answered, 0
			case ran > 0 && over == 0:
				over = observation.Seen - s.Trajectory.Called
			}
		}
		if ran > least {
			least, most = ran, over
		}
	}
	return least, most
}

// begun reports whether the answer accepts the change of at least one subject.
func (c *change) begun() bool { return c.answer.Succeeded() && len(c.subjects) > 0 }
