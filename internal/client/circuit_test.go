package client

import (
	"context"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/wire"
)

// clocked is a client whose clock moves only when it is told to.
func clocked(t *testing.T, url string, adjust ...func(*Options)) (*Client, func(time.Duration)) {
	t.Helper()
	var offset atomic.Int64
	start := time.Unix(1673361177, 0)
	c := newClient(t, url, append(adjust, func(o *Options) {
		o.Clock = func() time.Time { return start.Add(time.Duration(offset.Load())) }
	})...)
	return c, func(by time.Duration) { offset.Add(int64(by)) }
}

func TestAnEndpointThatNeverAnsweredIsNotWaitedForAgain(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	var dials atomic.Int32
	address := listener.Addr().String()
	c, wait := clocked(t, "http://"+address, func(o *Options) {
		o.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			dials.Add(1)
			return (&net.Dialer{}).DialContext(ctx, network, address)
		}
	})
	req := wire.Request{Operation: readStatus, Effect: wire.Reads}
	for range goneAfter {
		assert.NotContains(t, one(t, c, req).Detail, "not sent")
	}
	e := one(t, c, req)
	assert.Equal(t, wire.CauseRefused, e.Cause)
	assert.Contains(t, e.Detail, "not sent: 5 requests in a row got no answer")
	assert.EqualValues(t, goneAfter, dials.Load())

	listener, err = net.Listen("tcp", address)
	require.NoError(t, err)
	server := &http.Server{Handler: answers(200, nil, "{}"), ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	assert.Contains(t, one(t, c, req).Detail, "not sent", "it is left alone for a while")
	wait(probeEvery + time.Second)
	assert.Empty(t, one(t, c, req).Cause, "one request looks whether it is back")
	assert.Empty(t, one(t, c, req).Cause, "and then all go through")
}

// TestAnOutageEndsARunOnlyWhenItLasts answers nothing of the endpoint's own, in each way
// of that, for less and for more than the time.
func TestAnOutageEndsARunOnlyWhenItLasts(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"502":               answers(502, nil, "<html>"),
		"503":               answers(503, nil, "{}"),
		"403 challenge":     answers(403, map[string]string{"Cf-Mitigated": "challenge"}, ""),
		"connections reset": func(w http.ResponseWriter, r *http.Request) { script(new(atomic.Int32), 0)(w, r) },
		"bodies cut": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte("{"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			var arrived atomic.Int32
			var well atomic.Bool
			well.Store(true)
			c, wait := clocked(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
				if well.Load() {
					answers(200, nil, "{}")(w, r)
					return
				}
				arrived.Add(1)
				answer(w, r)
			}), noRetry)
			req := wire.Request{Operation: readStatus, Effect: wire.Reads}
			require.Empty(t, one(t, c, req).Cause)
			well.Store(false)
			for range 9 {
				assert.NotContains(t, one(t, c, req).Detail, "not sent")
				wait(time.Second)
			}
			well.Store(true)
			require.Empty(t, one(t, c, req).Cause, "eight seconds cost nothing")
			well.Store(false)
			arrived.Store(0)
			for range 21 {
				assert.NotContains(t, one(t, c, req).Detail, "not sent")
				wait(time.Second)
			}
			e := one(t, c, req)
			assert.Contains(t, e.Detail, "not sent: 21 requests in a row got no answer of the endpoint's own for 20s")
			assert.Contains(t, one(t, c, wire.Request{Operation: change}).Detail, "not sent", "nor for another operation, which was never tried")
			wait(probeEvery + time.Second)
			assert.NotContains(t, one(t, c, req).Detail, "not sent", "one request looks whether it is back")
			assert.EqualValues(t, 22, arrived.Load())
			well.Store(true)
			wait(probeEvery + time.Second)
			assert.Empty(t, one(t, c, req).Cause)
			assert.Empty(t, one(t, c, req).Cause)
		})
	}
}

// TestOneOperationCanBeLostAlone serves the reads and answers 503 to everything else.
func TestOneOperationCanBeLostAlone(t *testing.T) {
	c, wait := clocked(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-ZC-Action") == change.Action {
			w.WriteHeader(503)
		}
	}), noRetry)
	for range 21 {
		require.Empty(t, one(t, c, wire.Request{Operation: readStatus}).Cause)
		assert.NotContains(t, one(t, c, wire.Request{Operation: change}).Detail, "not sent")
		wait(time.Second)
	}
	assert.Contains(t, one(t, c, wire.Request{Operation: change}).Detail, "not sent")
	assert.Empty(t, one(t, c, wire.Request{Operation: readStatus}).Cause)
}

// TestASilentWhileIsNoOutage fails two requests a day apart.
func TestASilentWhileIsNoOutage(t *testing.T) {
	c, wait := clocked(t, serve(t, answers(502, nil, "")), noRetry)
	for range lostSendings {
		assert.NotContains(t, one(t, c, wire.Request{Operation: readStatus}).Detail, "not sent")
		wait(24 * time.Hour)
	}
	assert.NotContains(t, one(t, c, wire.Request{Operation: readStatus}).Detail, "not sent")
}
