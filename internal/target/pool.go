package target

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/zec-tools/conformance/internal/guard"
	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/steps"
)

// pool lends each listed instance to one scenario at a time. A scenario takes all that it needs at
// once or waits, so that scenarios cannot deadlock.
type pool struct {
	Inventory
	guard     *guard.Guard
	restorer  *restorer
	baseline  baseline
	run       string // distinguishes the made-up ids of this run from those of any other
	absent    atomic.Int64
	requested requested

	mu        sync.Mutex
	lent      map[string]string // the statuses in which instances are lent, by their ids
	withdrawn map[string]*NotRestored
	owed      map[string]owing       // what to restore at the end of the run, by instance id
	revalued  map[string]bool        // the instances on which a change of value was called since they were restored
	known     map[string]steps.State // the last known state of instances, by id
	stranded  map[string]string      // for an action that prepares instances, one that it left in a status that is no end
	freed     chan struct{}          // closed and replaced whenever instances are returned
}

func newPool(i Inventory, guard *guard.Guard, restorer *restorer) *pool {
	return &pool{
		Inventory: i, guard: guard, restorer: restorer,
		run:  strconv.FormatInt(time.Now().UnixNano(), 36),
		lent: map[string]string{}, withdrawn: map[string]*NotRestored{}, owed: map[string]owing{}, revalued: map[string]bool{}, known: map[string]steps.State{}, stranded: map[string]string{}, freed: make(chan struct{}),
	}
}

// Acquire implements steps.Fixtures.
func (p *pool) Acquire(ctx context.Context, needs steps.Needs) (steps.Fixture, error) {
	for {
		taken, freed, err := p.take(needs)
		switch {
		case err != nil:
			return steps.Fixture{}, err
		case taken != nil:
			return p.lend(ctx, needs, taken)
		}
		select {
		case <-ctx.Done():
			return steps.Fixture{}, &steps.Inconclusive{Cause: wire.CauseInterrupted, Reason: "the run was interrupted"}
		case <-freed:
		}
	}
}

// take lends all needed instances, or returns nil and a channel to wait for. It also waits for an instance that
// another scenario holds, rather than bring a further one into the needed status.
func (p *pool) take(needs steps.Needs) ([]lending, <-chan struct{}, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	gone := map[string]bool{}
	for id := range p.withdrawn {
		gone[id] = true
	}
	if err := p.lacks(needs, gone); err != nil {
		return nil, nil, err
	}
	all := p.choose(needs, p.stands, gone)
	for id := range p.lent {
		gone[id] = true
	}
	found := p.choose(needs, p.stands, gone)
	if found == nil || moved(all) < moved(found) {
		return nil, p.freed, nil
	}
	for _, in := range found {
		p.lent[in.ID] = in.Status
	}
	return found, nil, nil
}

// stands returns the state of an instance. For one in use, it is the status in which it was acquired. The caller holds mu.
func (p *pool) stands(in Listed) candidate {
	now := candidate{standing{status: in.Status}, p.revalued[in.ID]}
	if owes, has := p.owed[in.ID]; has {
		now.standing = owes.standing
	}
	if status, lent := p.lent[in.ID]; lent {
		now.status = status
	}
	return now
}

func (p *pool) giveBack(instances []steps.Instance) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, in := range instances {
		delete(p.lent, in.ID)
	}
	close(p.freed)
	p.freed = make(chan struct{})
}

// lend creates the fixture. It first reads whatever a change could affect, so that it can be
// restored.
func (p *pool) lend(ctx context.Context, needs steps.Needs, found []lending) (steps.Fixture, error) {
	var taken []steps.Instance
	elsewhere := false // an instance is not in its listed status, or has to return to it
	for _, one := range found {
		taken = append(taken, one.Instance)
		elsewhere = elsewhere || one.route != isThere || p.config.listed(one.ID).Status != one.Status
	}
	fixture := p.fixture(taken)
	if len(taken) == 0 {
		return fixture, nil
	}
	start, held := time.Now(), slices.Clone(taken)
	fixture.Requested = func(value string) string { return p.requested.since(start, value, idsOf(held)) }
	p.restorer.begin(idsOf(taken))
	fixture.Keep = func(left map[string]steps.State) bool { return p.keep(taken, nil, left) == kept }
	absent := p.baseline.missing(ctx, p)
	for _, in := range taken {
		if absent[in.ID] {
			p.giveBack(taken)
			return steps.Fixture{}, &steps.Lacking{Reason: fmt.Sprintf("the endpoint shows no %s %s, which the configuration lists", p.config.calls.kind, in.ID)}
		}
	}
	if len(needs.Changes) == 0 && !elsewhere {
		fixture.Known = p.knownOf(taken)
		return fixture, nil
	}
	before, err := p.typesBefore(ctx, taken)
	if err != nil {
		p.giveBack(taken)
		return steps.Fixture{}, err
	}
	p.changeable(&fixture, &taken, before)
	if err := p.prepare(ctx, found, before); err != nil {
		return steps.Fixture{}, errors.Join(err, fixture.Release(context.WithoutCancel(ctx)))
	}
	p.restorer.begin(idsOf(taken))   // the calls that prepared them are not calls of the scenario
	fixture.Known = p.knownOf(taken) // nothing is known of instances that were prepared
	return fixture, nil
}

// fixture returns what every scenario gets.
func (p *pool) fixture(taken []steps.Instance) steps.Fixture {
	types := p.config.InstanceTypes
	fixture := steps.Fixture{Instances: taken, Resizable: types.Resizable, GPUTypes: types.GPU, AbsentType: absentType, AbsentID: p.absentID, MakeUp: p.guard.MakeUp}
	if len(types.Unsupported) > 0 {
		fixture.Unsupported = types.Unsupported[0]
	}
	fixture.Release = func(context.Context) error {
		p.giveBack(taken)
		return nil
	}
	return fixture
}

// changeable makes a fixture restore its instances, which the scenario or their preparation may change.
// Instances that are given back early are removed from taken.
func (p *pool) changeable(fixture *steps.Fixture, taken *[]steps.Instance, before map[string]string) {
	for i := range fixture.Instances {
		fixture.Instances[i].Origin = before[fixture.Instances[i].ID]
	}
	fixture.Free = func(keep int) {
		held := slices.Clone((*taken)[:keep])
		var given []steps.Instance
		for _, in := range (*taken)[keep:] {
			if p.config.listed(in.ID).Status != in.Status { // its status may have to be restored
				held = append(held, in)
				continue
			}
			delete(before, in.ID)
			given = append(given, in)
		}
		*taken = held
		p.giveBack(given)
	}
	how, known := restored, map[string]steps.State(nil)
	fixture.Keep = func(left map[string]steps.State) bool {
		how, known = p.keep(*taken, before, left), left
		return how == kept
	}
	fixture.Release = func(ctx context.Context) error {
		if how == keptIfSeen && p.keepSeen(ctx, *taken, before, known) {
			return nil
		}
		defer func() { p.giveBack(*taken) }()
		return p.restore(ctx, before)
	}
	fixture.GiveUp = p.restorer.giveUp
}

func idsOf(instances []steps.Instance) []string {
	var ids []string
	for _, in := range instances {
		ids = append(ids, in.ID)
	}
	return ids
}

// typesBefore returns the types of instances at the start of the run.
func (p *pool) typesBefore(ctx context.Context, of []steps.Instance) (map[string]string, error) {
	types, err := p.baseline.read(ctx, p)
	if err != nil {
		return nil, err
	}
	before := map[string]string{}
	for _, in := range of {
		if types[in.ID] == "" {
			return nil, &steps.Lacking{Reason: fmt.Sprintf("the endpoint shows no %s of %s %s, so a change of it could not be restored", p.config.calls.value, p.config.calls.kind, in.ID)}
		}
		before[in.ID] = types[in.ID]
	}
	return before, nil
}

func (p *pool) absentID() string {
	id := p.config.absentID(p.restorer.changer.contract, p.absent.Add(1), p.run)
	p.guard.MakeUp(id)
	return id
}

// restore restores the instances of a scenario if a call that could change one of them was sent. It
// includes instances that the call did not name, because the endpoint may have confused them.
func (p *pool) restore(ctx context.Context, before map[string]string) error {
	open := p.restorer.journal.Open()
	touched := false
	for id := range before {
		_, called := open[id]
		touched = touched || called
	}
	if !touched {
		return nil
	}
	left := maps.Clone(before)
	maps.DeleteFunc(left, func(id, _ string) bool { return p.isWithdrawn(id) }) // restoring it has failed before
	return p.restoreAll(ctx, left)
}

// restoreAll restores instances, and withdraws those that it could not restore.
func (p *pool) restoreAll(ctx context.Context, before map[string]string) error {
	failed := p.restorer.restore(ctx, before, fullEffort)
	p.mu.Lock()
	defer p.mu.Unlock()
	for id := range before {
		delete(p.owed, id)
		delete(p.revalued, id)
	}
	if len(failed) == 0 {
		return nil
	}
	end := &steps.Inconclusive{}
	var reasons []string
	for _, f := range failed {
		p.withdrawn[f.Instance] = f
		reasons = append(reasons, f.Error())
		var silent *steps.Inconclusive
		if errors.As(f, &silent) {
			end.Cause = silent.Cause
		}
	}
	slices.Sort(reasons)
	end.Reason = strings.Join(reasons, "; ")
	return end
}
