package target

import (
	"context"
	"errors"
	"fmt"
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
	lent      map[string]bool
	withdrawn map[string]*NotRestored
	owed      map[string]string      // the values to restore at the end of the run, by instance id
	known     map[string]steps.State // the last known state of instances, by id
	stranded  map[string]string      // for an action that prepares instances, one that it left in a status that is no end
	freed     chan struct{}          // closed and replaced whenever instances are returned
}

func newPool(i Inventory, guard *guard.Guard, restorer *restorer) *pool {
	return &pool{
		Inventory: i, guard: guard, restorer: restorer,
		run:  strconv.FormatInt(time.Now().UnixNano(), 36),
		lent: map[string]bool{}, withdrawn: map[string]*NotRestored{}, owed: map[string]string{}, known: map[string]steps.State{}, stranded: map[string]string{}, freed: make(chan struct{}),
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

// take lends all needed instances, or returns nil and a channel to wait for.
func (p *pool) take(needs steps.Needs) ([]steps.Instance, <-chan struct{}, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	gone := map[string]bool{}
	for id := range p.withdrawn {
		gone[id] = true
	}
	if err := p.lacks(needs, gone); err != nil {
		return nil, nil, err
	}
	for id := range p.lent {
		gone[id] = true
	}
	found, short := p.match(needs.Instances, needs.Changes, gone)
	if short != nil {
		return nil, p.freed, nil
	}
	for _, in := range found {
		p.lent[in.ID] = true
	}
	return found, nil, nil
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
func (p *pool) lend(ctx context.Context, needs steps.Needs, taken []steps.Instance) (steps.Fixture, error) {
	types := p.config.InstanceTypes
	fixture := steps.Fixture{Instances: taken, Resizable: types.Resizable, GPUTypes: types.GPU, AbsentType: absentType, AbsentID: p.absentID, MakeUp: p.guard.MakeUp}
	if len(types.Unsupported) > 0 {
		fixture.Unsupported = types.Unsupported[0]
	}
	fixture.Release = func(context.Context) error {
		p.giveBack(taken)
		return nil
	}
	if len(taken) == 0 {
		return fixture, nil
	}
	start, held := time.Now(), slices.Clone(taken)
	fixture.Requested = func(value string) string { return p.requested.since(start, value, idsOf(held)) }
	fixture.Keep = func(left map[string]steps.State) bool { return p.keep(taken, nil, left) }
	absent := p.baseline.missing(ctx, p)
	for _, in := range taken {
		if absent[in.ID] {
			p.giveBack(taken)
			return steps.Fixture{}, &steps.Lacking{Reason: fmt.Sprintf("the endpoint shows no %s %s, which the configuration lists", p.config.calls.kind, in.ID)}
		}
	}
	prepared := slices.ContainsFunc(taken, func(in steps.Instance) bool { return p.config.listed(in.ID).Status != in.Status })
	if len(needs.Changes) == 0 && !prepared {
		fixture.Known = p.knownOf(taken)
		return fixture, nil
	}
	before, err := p.typesBefore(ctx, taken)
	if err != nil {
		p.giveBack(taken)
		return steps.Fixture{}, err
	}
	for i := range fixture.Instances {
		fixture.Instances[i].Origin = before[fixture.Instances[i].ID]
	}
	fixture.Free = func(keep int) {
		held := slices.Clone(taken[:keep])
		var given []steps.Instance
		for _, in := range taken[keep:] {
			if p.config.listed(in.ID).Status != in.Status { // its status must be restored
				held = append(held, in)
				continue
			}
			delete(before, in.ID)
			given = append(given, in)
		}
		taken = held
		p.giveBack(given)
	}
	fixture.Keep = func(left map[string]steps.State) bool { return p.keep(taken, before, left) }
	fixture.Release = func(ctx context.Context) error {
		defer p.giveBack(taken)
		return p.restore(ctx, before)
	}
	fixture.GiveUp = p.restorer.giveUp
	if err := p.prepare(ctx, taken); err != nil {
		return steps.Fixture{}, errors.Join(err, fixture.Release(context.WithoutCancel(ctx)))
	}
	fixture.Known = p.knownOf(taken) // nothing is known of instances that were prepared
	return fixture, nil
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
	id := absentID(p.absent.Add(1)) + "-" + p.run
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
	return p.restoreAll(ctx, before)
}

// restoreAll restores instances, and withdraws those that it could not restore.
func (p *pool) restoreAll(ctx context.Context, before map[string]string) error {
	failed := p.restorer.restore(ctx, before, fullEffort)
	if len(failed) == 0 {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
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
