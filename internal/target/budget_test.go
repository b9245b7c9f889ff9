package target

import (
	"errors"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/steps"
)

// TestNoMoreChangesLeaveThanTheBudgetAllows has many goroutines change several instances at
// an endpoint that accepts everything, also what is meant to be refused.
func TestNoMoreChangesLeaveThanTheBudgetAllows(t *testing.T) {
	const most, callers = 5, 32
	e := serve(t, mock.Options{})
	e.remote.BoundChanges(most)
	op := readied(t, e)
	e.behind(accepts(t, e))
	effects := []wire.Effect{wire.Changes, wire.Refused}
	var mu sync.Mutex
	accepted, spent := 0, 0
	var group sync.WaitGroup
	for n := range callers {
		group.Go(func() {
			sent, err := e.remote.Client.Do(t.Context(), wire.Request{Operation: op, Effect: effects[n%2], Body: change(e.id)}, nil)
			mu.Lock()
			defer mu.Unlock()
			var lacking *steps.Lacking
			switch {
			case errors.As(err, &lacking):
				assert.Contains(t, lacking.Reason, "maxChanges 5: 5 are made")
				spent++
			case assert.NoError(t, err) && assert.Equal(t, http.StatusOK, sent[len(sent)-1].Received.Status):
				accepted++
			}
		})
	}
	group.Wait()
	assert.Equal(t, most, accepted)
	assert.Equal(t, callers-most, spent)
	assert.EqualValues(t, most, e.changes.Load(), "as the endpoint has counted")
	assert.Equal(t, most, e.remote.Changes())

	_, err := e.remote.Client.Do(t.Context(), wire.Request{Operation: op, Effect: wire.Restores, Body: change(e.id)}, nil)
	assert.NoError(t, err, "what restores is never bounded")
}

// TestRefusedCallsLeaveTheBudgetAsItIs refuses more calls at once than may be made.
func TestRefusedCallsLeaveTheBudgetAsItIs(t *testing.T) {
	e := serve(t, mock.Options{})
	e.remote.BoundChanges(1)
	op := readied(t, e)
	e.answer.Store(http.StatusBadRequest)
	var group sync.WaitGroup
	for range 16 {
		group.Go(func() {
			_, err := e.remote.Client.Do(t.Context(), wire.Request{Operation: op, Effect: wire.Refused, Body: change(e.id)}, nil)
			assert.NoError(t, err, "it waits for its turn")
		})
	}
	group.Wait()
	assert.EqualValues(t, 16, e.changes.Load())
	assert.Zero(t, e.remote.Changes())
}

func change(id string) []byte {
	return []byte(`{"instanceId":"` + id + `","instanceType":"z2a.cpu.8"}`)
}

// readied reads the instance, so that it may be changed, and returns the operation that does.
func readied(t *testing.T, e *endpoint) wire.Operation {
	t.Helper()
	l, err := e.remote.restorer.changer.lifecycle()
	require.NoError(t, err)
	_, err = e.remote.ByHand(t.Context(), wire.Request{Operation: l.Operation, Effect: wire.Changes, Body: change(e.id)})
	require.NoError(t, err)
	return l.Operation
}

// accepts answers every call with success.
func accepts(t *testing.T, e *endpoint) http.HandlerFunc {
	t.Helper()
	return func(w http.ResponseWriter, _ *http.Request) {
		e.changes.Add(1)
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"requestId":"r","response":{"requestId":"r"}}`))
	}
}
