package target

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/guard"
	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/spec"
	"github.com/zec-tools/conformance/steps"
)

// stock is a pool of a few instances, with nothing to restore and no endpoint to ask.
func stock(t *testing.T) *pool {
	t.Helper()
	c := Config{Name: "staging", Endpoint: "https://api.example.com"}
	c.Allow = []string{"ModifyInstanceType"}
	c.InstanceTypes.Resizable = []string{"small", "large"}
	c.Instances = []Listed{
		{ID: "s1", Status: "STOPPED"}, {ID: "s2", Status: "STOPPED"}, {ID: "s3", Status: "STOPPED"},
		{ID: "r1", Status: "RUNNING"}, {ID: "g1", Status: "STOPPED", GPU: true},
	}
	kept, err := openJournal(c, Access{Journal: t.TempDir(), State: t.TempDir()})
	require.NoError(t, err)
	loaded, err := contract.Load(spec.Files)
	require.NoError(t, err)
	c.calls = c.words(loaded)
	p := newPool(Inventory{config: c, hmac: true}, guard.New(guard.Rules{}), &restorer{journal: kept, changer: &changer{contract: loaded}})
	p.baseline.looked.Do(func() {})
	return p
}

func need(statuses ...string) steps.Needs {
	var n steps.Needs
	for _, status := range statuses {
		n.Instances = append(n.Instances, steps.Need{Status: status})
	}
	return n
}

// TestLeasingNeverWaitsInARing has many scenarios ask for several instances at a time,
// in every order. The test ends only if each of them gets what it asked for.
func TestLeasingNeverWaitsInARing(t *testing.T) {
	p := stock(t)
	wants := []steps.Needs{
		need("STOPPED", "RUNNING"), need("RUNNING", "STOPPED"), need("STOPPED", "STOPPED", "STOPPED"), need("STOPPED"), need("RUNNING"),
		{Instances: []steps.Need{{Status: "STOPPED", GPU: true}, {Status: "STOPPED"}}}, {},
	}
	var mu sync.Mutex
	held := map[string]bool{}
	var group sync.WaitGroup
	for n := range 16 {
		order := rand.New(rand.NewPCG(uint64(n), 1))
		group.Go(func() {
			for range 50 {
				wanted := wants[order.IntN(len(wants))]
				fixture, err := p.Acquire(t.Context(), wanted)
				if !assert.NoError(t, err) {
					return
				}
				mu.Lock()
				assert.Len(t, fixture.Instances, len(wanted.Instances))
				for _, in := range fixture.Instances {
					assert.False(t, held[in.ID], "%s is lent twice", in.ID)
					held[in.ID] = true
				}
				mu.Unlock()
				mu.Lock()
				for _, in := range fixture.Instances {
					held[in.ID] = false
				}
				mu.Unlock()
				assert.NoError(t, fixture.Release(t.Context()))
			}
		})
	}
	group.Wait()
	assert.Empty(t, p.lent)
}

func TestWhatIsNotThereIsLackingAndNeverWaitedFor(t *testing.T) {
	p := stock(t)
	for name, c := range map[string]struct {
		needs steps.Needs
		want  string
	}{
		"more than are listed": {need("STOPPED", "STOPPED", "STOPPED", "STOPPED"), "too few instances that are STOPPED"},
		"another status":       {need("IMAGING"), "too few instances that are IMAGING"},
		"a GPU":                {steps.Needs{Instances: []steps.Need{{Status: "RUNNING", GPU: true}}}, "too few GPU instances that are RUNNING"},
		"more types":           {steps.Needs{Resizable: 3}, "lists 2 resizable types, the scenario needs 3"},
		"an unsupported type":  {steps.Needs{Unsupported: true}, "no unsupported type"},
		"a token":              {steps.Needs{Bearer: true}, "tokenEnv"},
		"generated requests":   {steps.Needs{Generated: true}, "generate is not set"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := p.Acquire(t.Context(), c.needs)
			var lacking *steps.Lacking
			require.ErrorAs(t, err, &lacking)
			assert.Contains(t, lacking.Reason, c.want)
		})
	}
	p.withdrawn["r1"] = &NotRestored{Instance: "r1", Type: "small", Err: errors.New("it is large")}
	_, err := p.Acquire(t.Context(), need("RUNNING"))
	require.ErrorContains(t, err, "an instance that was RUNNING could not be restored, so it is not used again")
}

func TestWaitingForAnInstanceEndsWithTheRun(t *testing.T) {
	p := stock(t)
	fixture, err := p.Acquire(t.Context(), need("RUNNING"))
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = p.Acquire(ctx, need("RUNNING"))
	var inconclusive *steps.Inconclusive
	require.ErrorAs(t, err, &inconclusive)
	assert.Equal(t, wire.CauseInterrupted, inconclusive.Cause)
	require.NoError(t, fixture.Release(t.Context()))
	_, err = p.Acquire(t.Context(), need("RUNNING"))
	require.NoError(t, err)
}
