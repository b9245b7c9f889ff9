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

// script answers with one status after the other, the last one for ever.
func script(counter *atomic.Int32, statuses ...int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		n := min(int(counter.Add(1)), len(statuses)) - 1
		if statuses[n] == 0 {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				_ = conn.Close()
			}
			return
		}
		answers(statuses[n], nil, `{"n":1}`)(w, r)
	}
}

func TestRetries(t *testing.T) {
	yes := func(context.Context) bool { return true }
	no := func(context.Context) bool { return false }
	cases := map[string]struct {
		effect    wire.Effect
		statuses  []int // 0: the connection is closed without an answer
		unstarted func(context.Context) bool
		sendings  int
		last      wire.Cause
	}{
		"a read after two 503":                     {wire.Reads, []int{503, 503, 200}, nil, 3, ""},
		"a read after two 429":                     {wire.Reads, []int{429, 429, 200}, nil, 3, ""},
		"a read after lost connections":            {wire.Reads, []int{0, 0, 200}, nil, 3, ""},
		"a read after a 500":                       {wire.Reads, []int{500, 200}, nil, 2, ""},
		"a read after a 500 that persists":         {wire.Reads, []int{500}, nil, 3, ""},
		"a read after a 503 that persists":         {wire.Reads, []int{503}, nil, 4, wire.CauseUnavailable},
		"a refusal after a 503":                    {wire.Refused, []int{503, 400}, nil, 2, ""},
		"a refusal after a lost connection":        {wire.Refused, []int{0, 400}, nil, 2, ""},
		"a refusal after a 500":                    {wire.Refused, []int{500, 400}, nil, 2, ""},
		"a refusal after a 500 that persists":      {wire.Refused, []int{500}, nil, 3, ""},
		"a read after a 502":                       {wire.Reads, []int{502, 200}, nil, 1, wire.CauseBadGateway},
		"a change after a 429":                     {wire.Changes, []int{429, 200}, nil, 2, ""},
		"a change after a 503, nothing known":      {wire.Changes, []int{503, 200}, nil, 1, wire.CauseUnavailable},
		"a change after a 503, it has started":     {wire.Changes, []int{503, 200}, no, 1, wire.CauseUnavailable},
		"a change after a 503, it has not":         {wire.Changes, []int{503, 503, 200}, yes, 3, ""},
		"a change after a lost connection":         {wire.Changes, []int{0, 200}, yes, 1, wire.CauseLost},
		"a change after a 500":                     {wire.Changes, []int{500, 200}, yes, 1, ""},
		"a request without an effect, lost":        {"", []int{0, 400}, nil, 2, ""},
		"a read that is refused is not sent again": {wire.Reads, []int{400, 200}, nil, 1, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var count atomic.Int32
			client := newClient(t, serve(t, script(&count, c.statuses...)))
			exchanges, err := client.Do(context.Background(), wire.Request{Operation: change, Effect: c.effect}, c.unstarted)
			require.NoError(t, err)
			require.Len(t, exchanges, c.sendings)
			assert.EqualValues(t, c.sendings, count.Load())
			for i, e := range exchanges {
				assert.Equal(t, i+1, e.Attempt)
				if i < len(exchanges)-1 {
					assert.NotEmpty(t, e.Cause, "what was sent again is not judged")
				}
			}
			assert.Equal(t, c.last, exchanges[len(exchanges)-1].Cause)
		})
	}
}

func TestFaultPassingError(t *testing.T) {
	var count atomic.Int32
	exchanges, err := newClient(t, serve(t, script(&count, 500, 200))).Do(context.Background(), wire.Request{Operation: readStatus, Effect: wire.Reads}, nil)
	require.NoError(t, err)
	require.Len(t, exchanges, 2)
	assert.Equal(t, wire.CausePassing, exchanges[0].Cause)
	assert.True(t, exchanges[1].Judgeable())
}

func TestEverySendingIsSignedAfresh(t *testing.T) {
	var count atomic.Int32
	stamps, signatures := map[string]bool{}, map[string]bool{}
	handler := script(&count, 503, 503, 200)
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		stamps[r.Header.Get("X-ZC-Timestamp")] = true
		signatures[r.Header.Get("Authorization")] = true
		handler(w, r)
	})
	var seconds atomic.Int64
	c := newClient(t, url, func(o *Options) { o.Clock = func() time.Time { return time.Unix(1673361177+seconds.Add(1), 0) } })
	_, err := c.Do(context.Background(), wire.Request{Operation: readStatus, Effect: wire.Reads}, nil)
	require.NoError(t, err)
	assert.Len(t, stamps, 3)
	assert.Len(t, signatures, 3)
}

func TestWaitsAreThoseOfTheSDKsWithJitter(t *testing.T) {
	limited := wire.Exchange{Cause: wire.CauseRateLimited, Received: &wire.Received{Status: 429}}
	r := Retry{}.withDefaults()
	for attempt, want := range map[int]time.Duration{1: time.Second, 2: 2 * time.Second, 3: 4 * time.Second} {
		seen := map[time.Duration]bool{}
		for range 50 {
			wait, again := r.next(wire.Changes, limited, attempt, true)
			require.True(t, again)
			assert.GreaterOrEqual(t, wait, want)
			assert.LessOrEqual(t, wait, want+want/4)
			seen[wait] = true
		}
		assert.Greater(t, len(seen), 1)
	}
	_, again := r.next(wire.Changes, limited, 4, true)
	assert.False(t, again)
	wait, again := Retry{Max: 100}.withDefaults().next(wire.Reads, limited, 60, true)
	assert.True(t, again)
	assert.LessOrEqual(t, wait, 38*time.Second, "bounded, jitter included")
}

func TestRetryAfterIsHonouredAndBounded(t *testing.T) {
	now := time.Unix(1673361177, 0)
	r := Retry{Base: time.Millisecond, MaxWait: 20 * time.Second}.withDefaults()
	for value, want := range map[string]time.Duration{
		"":     0,
		"soon": 0,
		"-5":   0,
		"7":    7 * time.Second,
		"9999": 20 * time.Second,
		now.Add(5 * time.Second).UTC().Format(http.TimeFormat): 5 * time.Second,
		now.Add(-time.Hour).UTC().Format(http.TimeFormat):      0,
	} {
		e := wire.Exchange{Cause: wire.CauseUnavailable, Timing: wire.Timing{Start: now},
			Received: &wire.Received{Status: 503, Header: http.Header{"Retry-After": {value}}}}
		wait, again := r.next(wire.Reads, e, 1, true)
		require.True(t, again)
		assert.GreaterOrEqual(t, wait, want, value)
		assert.LessOrEqual(t, wait, want+2*time.Millisecond, value)
	}
}

func TestAnEndpointThatIsGoneIsNotWaitedForAgain(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	var dials atomic.Int32
	var offset atomic.Int64
	start := time.Now()
	address := listener.Addr().String()
	c := newClient(t, "http://"+address, func(o *Options) {
		o.Clock = func() time.Time { return start.Add(time.Duration(offset.Load())) }
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
	assert.Contains(t, e.Detail, "not sent: 5 calls in a row got no answer")
	assert.EqualValues(t, goneAfter, dials.Load())

	listener, err = net.Listen("tcp", address)
	require.NoError(t, err)
	server := &http.Server{Handler: answers(200, nil, "{}"), ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	assert.Contains(t, one(t, c, req).Detail, "not sent", "it is left alone for a while")
	offset.Store(int64(probeEvery))
	assert.Empty(t, one(t, c, req).Cause, "one call looks whether it is back")
	assert.Empty(t, one(t, c, req).Cause, "and then all go through")
}

func TestAnAnswerOfAnyKindKeepsTheCircuitClosed(t *testing.T) {
	var count atomic.Int32
	c := newClient(t, serve(t, script(&count, 0, 0, 0, 0, 502, 0, 0, 0, 0, 502, 0, 0, 200)), noRetry)
	for range 12 {
		assert.NotContains(t, one(t, c, wire.Request{Operation: readStatus}).Detail, "not sent")
	}
	assert.Empty(t, one(t, c, wire.Request{Operation: readStatus}).Cause)
}

func TestAnEndpointBehindOthersAnswersCountsAsGoneLater(t *testing.T) {
	var count atomic.Int32
	c := newClient(t, serve(t, script(&count, 502)), noRetry)
	req := wire.Request{Operation: readStatus}
	for range veiledAfter {
		assert.NotContains(t, one(t, c, req).Detail, "not sent")
	}
	e := one(t, c, req)
	assert.Equal(t, wire.CauseBadGateway, e.Cause)
	assert.Contains(t, e.Detail, "not sent: 20 calls in a row got no answer of the endpoint's own")
	assert.EqualValues(t, veiledAfter, count.Load())
}

func TestTheRateHoldsAcrossGoroutines(t *testing.T) {
	var count atomic.Int32
	c := newClient(t, serve(t, script(&count, 200)), func(o *Options) { o.RequestsPerSecond = 50 })
	start := time.Now()
	done := make(chan struct{})
	for range 6 {
		go func() {
			defer func() { done <- struct{}{} }()
			_, err := c.Do(context.Background(), wire.Request{Operation: readStatus}, nil)
			assert.NoError(t, err)
		}()
	}
	for range 6 {
		<-done
	}
	assert.EqualValues(t, 6, count.Load())
	assert.GreaterOrEqual(t, time.Since(start), 95*time.Millisecond, "five waits of 20 ms: no fewer, whatever the machine does")
}
