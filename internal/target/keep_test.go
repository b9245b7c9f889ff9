package target

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/steps"
)

// running serves three instances that are RUNNING and may be started, stopped and resized.
func running(t *testing.T) *endpoint {
	t.Helper()
	return serveOf(t, mock.Options{}, func(m *mock.Mock) (all []mock.Instance) {
		for range 3 {
			all = append(all, m.Seed(mock.Instance{Status: mock.Running}))
		}
		return all
	}, "ModifyInstanceType", "StartInstances", "StopInstances")
}

// call calls an action as a scenario does, and waits until the instance is at rest.
func (e *endpoint) call(t *testing.T, action, id, body string) {
	t.Helper()
	op, known := e.remote.restorer.changer.contract.Operation(action)
	require.True(t, known)
	sent, err := e.remote.Client.Do(t.Context(), wire.Request{Operation: op, Effect: wire.Changes, Body: []byte(body)}, nil)
	require.NoError(t, err)
	require.NotEmpty(t, sent)
	require.Eventually(t, func() bool {
		status, _, err := e.remote.Look(t.Context(), id)
		return err == nil && (status == "RUNNING" || status == "STOPPED")
	}, time.Minute, time.Millisecond)
}

// is returns status and type of an instance.
func (e *endpoint) is(t *testing.T, id string) (status, kind string) {
	t.Helper()
	status, kind, err := e.remote.Look(t.Context(), id)
	require.NoError(t, err)
	return status, kind
}

// left is what a scenario has read of an instance.
func left(id, status, kind string) map[string]steps.State {
	return map[string]steps.State{id: {Status: status, Values: map[string]string{"instanceType": kind}, Read: wire.Timing{Start: time.Now()}}}
}

// TestAnInstanceStaysInTheStatusItWasBroughtTo lends an instance that was stopped for a scenario, which does something and
// ends in some way. It stays where it is only when that is known for certain.
func TestAnInstanceStaysInTheStatusItWasBroughtTo(t *testing.T) {
	const own, other = "z2a.cpu.1", "z2a.cpu.2"
	for name, c := range map[string]struct {
		does   func(t *testing.T, e *endpoint, id string)
		left   func(id string) map[string]steps.State // nil: the scenario did not end as it ought to
		status string                                 // in which it is afterwards
		kind   string
		owed   bool
	}{
		"nothing":                 {nil, func(string) map[string]steps.State { return nil }, "STOPPED", own, true},
		"it reads it":             {nil, func(id string) map[string]steps.State { return left(id, "STOPPED", own) }, "STOPPED", own, true},
		"it fails":                {nil, nil, "RUNNING", own, false},
		"it reads another status": {nil, func(id string) map[string]steps.State { return left(id, "RUNNING", own) }, "RUNNING", own, false},
		"it reads a type that nothing starts from": {nil, func(id string) map[string]steps.State { return left(id, "STOPPED", "z1a.cpu.2") }, "RUNNING", own, false},
		"a resize": {
			func(t *testing.T, e *endpoint, id string) {
				e.call(t, "ModifyInstanceType", id, `{"instanceId":"`+id+`","instanceType":"`+other+`"}`)
			}, func(id string) map[string]steps.State { return left(id, "STOPPED", other) }, "STOPPED", other, true,
		},
		"a resize, and nobody has seen its end": {
			func(t *testing.T, e *endpoint, id string) {
				e.call(t, "ModifyInstanceType", id, `{"instanceId":"`+id+`","instanceType":"`+other+`"}`)
			}, func(string) map[string]steps.State { return nil }, "RUNNING", own, false,
		},
		"a start": {
			func(t *testing.T, e *endpoint, id string) {
				e.call(t, "StartInstances", id, `{"instanceIds":["`+id+`"]}`)
			}, func(id string) map[string]steps.State { return left(id, "RUNNING", own) }, "RUNNING", own, false,
		},
		"a refused call that nobody has looked after": {
			func(t *testing.T, e *endpoint, id string) {
				e.call(t, "ModifyInstanceType", id, `{"instanceId":"`+id+`","instanceType":"no-such-type"}`)
			}, func(string) map[string]steps.State { return nil }, "STOPPED", own, true,
		},
		"a refused call, and it fails": {
			func(t *testing.T, e *endpoint, id string) {
				e.call(t, "ModifyInstanceType", id, `{"instanceId":"`+id+`","instanceType":"no-such-type"}`)
			}, nil, "RUNNING", own, false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := running(t)
			fixture, err := e.remote.pool.Acquire(t.Context(), need("STOPPED"))
			require.NoError(t, err)
			id := fixture.Instances[0].ID
			if c.does != nil {
				c.does(t, e, id)
			}
			if c.left == nil || !fixture.Keep(c.left(id)) {
				require.NoError(t, fixture.Release(t.Context()))
			}
			status, kind := e.is(t, id)
			assert.Equal(t, c.status, status)
			assert.Equal(t, c.kind, kind)
			_, owed := e.remote.pool.owed[id]
			assert.Equal(t, c.owed, owed)
			open := e.remote.Journal.Open()
			if c.owed {
				assert.Equal(t, "RUNNING", open[id].Status, "the journal has the status in which it is listed")
				assert.Equal(t, own, open[id].Values["instanceType"])
			} else {
				assert.Empty(t, open)
			}
			assert.Empty(t, e.remote.Finish(t.Context()))
			status, kind = e.is(t, id)
			assert.Equal(t, "RUNNING "+own, status+" "+kind, "at the end of the run")
			assert.Empty(t, e.remote.Journal.Open())
			assert.Empty(t, e.remote.Unrestored())
			assert.Empty(t, e.remote.pool.lent)
		})
	}
}

// TestAKeptInstanceComesHomeForAScenarioThatNeedsIt stops one after another, then needs all three as they are listed.
func TestAKeptInstanceComesHomeForAScenarioThatNeedsIt(t *testing.T) {
	e := running(t)
	p := e.remote.pool
	for range 3 {
		fixture, err := p.Acquire(t.Context(), need("STOPPED", "STOPPED"))
		require.NoError(t, err)
		require.True(t, fixture.Keep(nil))
	}
	assert.Equal(t, 2, e.remote.Changes(), "each is stopped once")
	one, err := p.Acquire(t.Context(), need("RUNNING"))
	require.NoError(t, err)
	require.True(t, one.Keep(nil))
	assert.Len(t, p.owed, 2, "another one serves")
	all, err := p.Acquire(t.Context(), need("RUNNING", "RUNNING", "RUNNING"))
	require.NoError(t, err)
	for _, in := range all.Instances {
		status, _ := e.is(t, in.ID)
		assert.Equal(t, "RUNNING", status)
	}
	assert.Empty(t, p.owed)
	assert.Empty(t, e.remote.Journal.Open())
	assert.Equal(t, 2, e.remote.Changes(), "what restores is not bounded")
	require.True(t, all.Keep(nil))
}

// TestAScenarioWaitsRatherThanHaveAnotherInstanceStopped has two scenarios that run side by side need what one instance is.
func TestAScenarioWaitsRatherThanHaveAnotherInstanceStopped(t *testing.T) {
	e := running(t)
	p := e.remote.pool
	first, err := p.Acquire(t.Context(), need("STOPPED"))
	require.NoError(t, err)
	second := make(chan steps.Fixture)
	go func() {
		fixture, err := p.Acquire(t.Context(), need("STOPPED"))
		assert.NoError(t, err)
		second <- fixture
	}()
	select {
	case <-second:
		t.Fatal("it has not waited")
	case <-time.After(50 * time.Millisecond):
	}
	require.True(t, first.Keep(nil))
	assert.Equal(t, first.Instances[0].ID, (<-second).Instances[0].ID)
	assert.Equal(t, 1, e.remote.Changes())
}

// TestAnInterruptLeavesNoInstanceOnItsWayHome interrupts a run while an instance that was kept is led back.
func TestAnInterruptLeavesNoInstanceOnItsWayHome(t *testing.T) {
	e := running(t)
	p := e.remote.pool
	fixture, err := p.Acquire(t.Context(), need("STOPPED"))
	require.NoError(t, err)
	require.True(t, fixture.Keep(nil))
	ctx, interrupt := context.WithCancel(t.Context())
	e.remote.WatchRestoring(func(string, string) { interrupt() })
	_, _ = p.Acquire(ctx, need("RUNNING", "RUNNING", "RUNNING"))
	assert.Empty(t, e.remote.Unrestored())
	assert.Empty(t, e.remote.Journal.Open())
}
