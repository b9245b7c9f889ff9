package target

import (
	"context"
	"maps"
	"slices"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/steps"
)

// owing is what to restore of an instance at the end of the run, and its state until then.
type owing struct {
	value string
	has   string // the value that it has until then
	standing
}

// keeping says what happens to the instances of a scenario that ended as expected.
type keeping int

// They are restored, kept if a read shows them as they were acquired, or kept.
const (
	restored keeping = iota
	keptIfSeen
	kept
)

// keep leaves the instances of a scenario as they are if each is known to be in a possible status
// and to have a value that scenarios may start from. Restoring can then wait for the end of the
// run, and the next change may restore the value anyway. The journal records the original state. If
// there are no values from before, the scenario could not change anything.
func (p *pool) keep(taken []steps.Instance, before map[string]string, left map[string]steps.State) keeping {
	l, err := p.restorer.changer.lifecycle()
	if err != nil {
		return restored
	}
	unseen := false
	for _, in := range taken {
		s, known := left[in.ID]
		switch {
		case !known && p.restorer.calledOn(in.ID) && p.restorer.pending(in.ID):
			return restored
		case !known && p.restorer.calledOn(in.ID): // all calls were refused, and it was not read since
			unseen = true
		case known && !p.rightly(in, s.Status, before):
			return restored
		case known && before != nil && l.Valued() && restoredIn(s, l) != before[in.ID] && !slices.Contains(p.config.InstanceTypes.Resizable, restoredIn(s, l)):
			return restored
		}
	}
	if unseen {
		return keptIfSeen
	}
	p.note(taken, left)
	for _, in := range taken {
		s, known := left[in.ID]
		now := owing{before[in.ID], restoredIn(s, l), standing{s.Status, l.Valued() && restoredIn(s, l) != before[in.ID]}}
		if !known { // no action was called on it
			now = p.owes(in, before[in.ID])
		}
		seen := known || now.status != p.config.listed(in.ID).Status
		if before != nil && seen && !p.postpone(in.ID, now) {
			return restored
		}
	}
	p.giveBack(taken)
	return kept
}

// keepSeen keeps instances on which calls were refused, if a read shows each of them as it was acquired. Instances
// that were read since the call are not read again. It reports false if an instance differs.
func (p *pool) keepSeen(ctx context.Context, taken []steps.Instance, before map[string]string, left map[string]steps.State) bool {
	seen := map[string]steps.State{}
	maps.Copy(seen, left)
	for _, in := range taken {
		if _, known := left[in.ID]; known || !p.restorer.calledOn(in.ID) {
			continue
		}
		one, err := p.restorer.one(in.ID)
		if err != nil {
			return false
		}
		now, err := one.look(ctx)
		if _, lacks := one.unshown(now); err != nil || lacks || now.status != in.Status || one.lags(now) {
			return false
		}
		s := steps.State{Status: now.status}
		if one.lifecycle.Valued() {
			if now.kind != p.owes(in, before[in.ID]).has {
				return false
			}
			s.Values = map[string]string{one.lifecycle.Changed.Field: now.kind}
		}
		seen[in.ID] = s // without the time of the read, so that the next scenario reads again
	}
	return p.keep(taken, before, seen) == kept
}

// rightly reports whether a status is one in which a scenario that ended as expected can leave an instance: the one
// it was acquired in, or the end of an action that was called, if allowed actions lead back from there.
func (p *pool) rightly(in steps.Instance, status string, before map[string]string) bool {
	if status == in.Status {
		return true
	}
	listed := p.config.listed(in.ID).Status
	return before != nil && p.restorer.carriedTo(in.ID, status) && (status == listed || p.config.reach.leads(status, listed))
}

// owes returns what to restore of an instance on which nothing was carried out since it was acquired.
func (p *pool) owes(in steps.Instance, before string) owing {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := owing{before, before, standing{status: in.Status}}
	if last, has := p.owed[in.ID]; has && last.altered {
		now.has, now.altered = last.has, true
	}
	return now
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
func (p *pool) postpone(id string, now owing) bool {
	p.restorer.settled(id)
	called := p.restorer.revalued(id)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.revalued[id] = p.revalued[id] || called
	if now.standing != (standing{status: p.config.listed(id).Status}) {
		p.owed[id] = now
		return true
	}
	delete(p.owed, id)
	return p.restorer.done(id) == nil
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
	owed := map[string]string{}
	p.mu.Lock()
	for id, owes := range p.owed {
		owed[id] = owes.value
	}
	p.mu.Unlock()
	if len(owed) > 0 {
		_ = p.restoreAll(ctx, owed) // failed ones are withdrawn and reported as unrestored
	}
}
