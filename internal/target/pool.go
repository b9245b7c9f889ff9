package target

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/zec-tools/conformance/internal/client"
	"github.com/zec-tools/conformance/steps"
)

// pool lends the listed instances, each to one scenario at a time. A scenario takes all
// it needs together or waits, so scenarios never wait for each other in a ring.
type pool struct {
	config  Config
	hmac    bool
	bearer  bool
	changer *changer
	run     string // tells the ids this run makes up from those of any other
	absent  atomic.Int64

	mu    sync.Mutex
	lent  map[string]bool
	freed chan struct{} // closed, and made anew, whenever instances come back
}

func newPool(c Config, creds client.Credentials, changer *changer) *pool {
	return &pool{
		config: c, hmac: creds.KeyID != "", bearer: !creds.Token.Empty(), changer: changer,
		run:  strconv.FormatInt(time.Now().UnixNano(), 36),
		lent: map[string]bool{}, freed: make(chan struct{}),
	}
}

// Lease implements steps.Lab.
func (p *pool) Lease(ctx context.Context, needs steps.Needs) (steps.Lease, error) {
	if err := p.lacks(needs); err != nil {
		return steps.Lease{}, err
	}
	for {
		taken, freed := p.take(needs.Instances)
		if taken != nil {
			return p.lend(ctx, needs, taken)
		}
		select {
		case <-ctx.Done():
			return steps.Lease{}, ctx.Err()
		case <-freed:
		}
	}
}

// lacks says what the target does not have, whoever holds it at the moment.
func (p *pool) lacks(needs steps.Needs) error {
	lack := func(format string, args ...any) error {
		return &steps.Lacking{Reason: fmt.Sprintf(format, args...)}
	}
	if _, short := p.match(needs.Instances, nil); short != nil {
		gpu := ""
		if short.GPU {
			gpu = " GPU"
		}
		return lack("the target lists too few%s instances that are %s", gpu, short.Status)
	}
	types := p.config.InstanceTypes
	switch {
	case needs.Changes && len(needs.Instances) > 0 && !p.config.AllowResize:
		return lack("allowResize is not set for the target")
	case len(types.Resizable) < needs.Resizable:
		return lack("the target lists %d resizable types, the scenario needs %d", len(types.Resizable), needs.Resizable)
	case needs.Generated && !p.config.Generate:
		return lack("generate is not set for the target: generated requests are many")
	case needs.Unsupported && len(types.Unsupported) == 0:
		return lack("the target lists no unsupported type")
	case needs.Bearer && !p.bearer:
		return lack("the target has no bearer token: name its variable with tokenEnv")
	case needs.HMAC && !p.hmac:
		return lack("the target has no signing key")
	}
	return nil
}

// match finds instances for all needs at once, or returns the need it has none for.
func (p *pool) match(needs []steps.Need, taken map[string]bool) ([]steps.Instance, *steps.Need) {
	used := map[string]bool{}
	var found []steps.Instance
	for _, need := range needs {
		i := 0
		for ; i < len(p.config.Instances); i++ {
			in := p.config.Instances[i]
			if !used[in.ID] && !taken[in.ID] && in.Status == need.Status && in.GPU == need.GPU {
				used[in.ID] = true
				found = append(found, steps.Instance{ID: in.ID, Status: in.Status, GPU: in.GPU})
				break
			}
		}
		if i == len(p.config.Instances) {
			return nil, &need
		}
	}
	return found, nil
}

// take lends all instances needed, or returns nil and what to wait for.
func (p *pool) take(needs []steps.Need) ([]steps.Instance, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	found, short := p.match(needs, p.lent)
	if short != nil {
		return nil, p.freed
	}
	for _, in := range found {
		p.lent[in.ID] = true
	}
	if found == nil {
		found = []steps.Instance{}
	}
	return found, p.freed
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

// lend makes the lease. What a change could touch is read first, so that it can be put back.
func (p *pool) lend(ctx context.Context, needs steps.Needs, taken []steps.Instance) (steps.Lease, error) {
	types := p.config.InstanceTypes
	lease := steps.Lease{
		Instances: taken, Resizable: types.Resizable, AbsentType: absentType,
		AbsentID: func() string { return absentID(p.absent.Add(1)) + "-" + p.run },
	}
	if len(types.Unsupported) > 0 {
		lease.Unsupported = types.Unsupported[0]
	}
	lease.Release = func(context.Context) error {
		p.giveBack(taken)
		return nil
	}
	if !needs.Changes || len(taken) == 0 {
		return lease, nil
	}
	before, err := p.changer.types(ctx, p.changer.idle(taken))
	if err != nil {
		p.giveBack(taken)
		return steps.Lease{}, err
	}
	lease.Release = func(ctx context.Context) error {
		defer p.giveBack(taken)
		return p.changer.restore(ctx, before)
	}
	return lease, nil
}
