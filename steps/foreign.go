package steps

import (
	"context"
	"fmt"
	"slices"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/wire"
)

// A real endpoint has other users. A change that they make to an instance looks like a fault of the
// endpoint. The run recognises it by a change that runs while none of the scenario's does, or by a
// value that the scenario never requested. The instances of the built-in mock belong to the run
// alone.

// foreign makes a scenario inconclusive because somebody else has changed an instance.
func foreign(inst Instance, what string) error {
	return &Inconclusive{Cause: wire.CauseForeign, Reason: fmt.Sprintf("%s: %s %s %s, which this run did not call: let nobody else use it meanwhile", wire.CauseForeign, inst.noun(), inst.ID, what)}
}

// foreignChange returns an error if a change is running after all changes of the scenario have
// ended.
func (ch *changes) foreignChange(ctx context.Context) error {
	if ch.fixture.Certain || slices.ContainsFunc(ch.begun, func(c *change) bool { return !c.phase().Over() }) {
		return nil
	}
	d := ch.definition()
	held := ch.held()
	if len(held) == 0 || d.Subject == "" {
		return nil
	}
	rows, _, err := ch.rows(ctx, d.Observed, ids(held))
	if err != nil {
		return err
	}
	for _, inst := range held {
		if status := rows[inst.ID][d.Observed.Field]; ch.contract.runs(d, status) {
			return foreign(inst, "is "+status)
		}
	}
	return nil
}

// runs reports whether a status is transient for any action on such subjects.
func (l *Contract) runs(of lifecycle.Definition, status string) bool {
	for _, d := range l.Lifecycles {
		if d.Observed == of.Observed && slices.Contains(d.Transient, status) {
			return true
		}
	}
	return false
}

// foreignValue returns an error if an instance has a new value that the scenario has not requested.
func (ch *changes) foreignValue(inst Instance, field, value string) error {
	was := ch.before[inst.ID].values[field]
	if ch.fixture.Certain || value == was || !slices.Contains(ch.fixture.Resizable, value) {
		return nil
	}
	asked := func(c *change) bool { return c.wanted == value || c.refused == value }
	if slices.ContainsFunc(ch.begun, asked) || ch.change != nil && asked(ch.change) {
		return nil
	}
	if ch.fixture.Requested != nil {
		if other := ch.fixture.Requested(value); other != "" {
			return foreignOrMistaken(inst, other, field+" "+value)
		}
	}
	return foreign(inst, "has the "+field+" "+value)
}

// foreignOrMistaken makes a scenario inconclusive because an instance has a value that another
// scenario requested for another instance. Either the endpoint changed both instances, or a second
// run on the same instances requested the same value; the two cannot be told apart.
func foreignOrMistaken(inst Instance, other, value string) error {
	return &Inconclusive{Cause: wire.CauseForeign, Reason: fmt.Sprintf("%s: %s %s has the %s, which this run requested for %s at the same time, and not for it: "+
		"the endpoint has changed both, or somebody else this one; let nobody else use it, and run one scenario at a time to tell", wire.CauseForeign, inst.noun(), inst.ID, value, other)}
}
