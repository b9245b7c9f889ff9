package target

import (
	"context"
	"maps"
	"slices"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/steps"
)

// keep leaves the instances of a scenario as they are if each is known to be in its listed status
// and to have a value that scenarios may start from. Restoring can then wait for the end of the
// run, and the next change may restore the value anyway. The journal records the original state. If
// there are no values from before, the scenario could not change anything.
func (p *pool) keep(taken []steps.Instance, before map[string]string, left map[string]steps.State) bool {
	l, err := p.restorer.changer.lifecycle()
	if err != nil {
		return false
	}
	open := p.restorer.journal.Open()
	for _, in := range taken {
		s, known := left[in.ID]
		_, touched := open[in.ID]
		value := restoredIn(s, l)
		switch {
		case !known && touched, in.Status != p.config.listed(in.ID).Status:
			return false
		case known && s.Status != in.Status:
			return false
		case known && before != nil && value != before[in.ID] && !slices.Contains(p.config.InstanceTypes.Resizable, value):
			return false
		}
	}
	p.note(taken, left)
	for _, in := range taken {
		if s, known := left[in.ID]; known && before != nil && !p.postpone(in.ID, restoredIn(s, l), before[in.ID]) {
			return false
		}
	}
	p.giveBack(taken)
	return true
}

// restoredIn returns the part of a state that has to be restored.
func restoredIn(s steps.State, l contract.Lifecycle) string {
	if l.Valued() {
		return s.Values[l.Changed.Field]
	}
	return s.Status
}

// postpone schedules an instance to be restored at the end of the run, or removes it from the
// journal if it is in its original state. It reports false if the journal cannot be updated.
func (p *pool) postpone(id, value, before string) bool {
	p.restorer.settled(id)
	p.mu.Lock()
	defer p.mu.Unlock()
	if value != before {
		p.owed[id] = before
		return true
	}
	delete(p.owed, id)
	return p.restorer.journal.Done(id) == nil
}

// note records the last known state of instances.
func (p *pool) note(taken []steps.Instance, left map[string]steps.State) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, in := range taken {
		delete(p.known, in.ID)
	}
	maps.Copy(p.known, left)
}

// knownOf returns the known state of instances: what was read since the last call that could have
// changed any listed instance, by a scenario that had the instance to itself.
func (p *pool) knownOf(taken []steps.Instance) map[string]steps.State {
	last := p.restorer.lastSent()
	p.mu.Lock()
	defer p.mu.Unlock()
	known := map[string]steps.State{}
	for _, in := range taken {
		if s, has := p.known[in.ID]; has && s.Read.Start.After(last) {
			known[in.ID] = s
		}
		delete(p.known, in.ID) // the next holder may change it
	}
	return known
}

// restoreOwed restores at the end of a run what scenarios have left changed.
func (p *pool) restoreOwed(ctx context.Context) {
	p.mu.Lock()
	owed := p.owed
	p.owed = map[string]string{}
	p.mu.Unlock()
	if len(owed) > 0 {
		_ = p.restoreAll(ctx, owed) // failed ones are withdrawn and reported as unrestored
	}
}
