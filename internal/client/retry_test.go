package client

import (
	"context"
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
		"a read after a 503 that persists":         {wire.Reads, []int{503}, nil, 5, wire.CauseUnavailable},
		"a refusal after a 503":                    {wire.Refused, []int{503, 400}, yes, 2, ""},
		"a refusal after a lost connection":        {wire.Refused, []int{0, 400}, yes, 2, ""},
		"a refusal after a 500":                    {wire.Refused, []int{500, 400}, yes, 2, ""},
		"a refusal after a 503, nothing known":     {wire.Refused, []int{503, 400}, nil, 1, wire.CauseUnavailable},
		"a refusal after a 500, nothing known":     {wire.Refused, []int{500, 400}, nil, 1, ""},
		"a refusal that was lost, nothing known":   {wire.Refused, []int{0, 400}, nil, 1, wire.CauseLost},
		"a refusal that was lost, something began": {wire.Refused, []int{0, 400}, no, 1, wire.CauseLost},
		"a refusal after a 429":                    {wire.Refused, []int{429, 400}, nil, 2, ""},
		"a refusal after a 500 that persists":      {wire.Refused, []int{500}, yes, 3, ""},
		"a read after a 502":                       {wire.Reads, []int{502, 200}, nil, 2, ""},
		"a read after two 504":                     {wire.Reads, []int{504, 504, 200}, nil, 3, ""},
		"a refusal after a 408 and a 520":          {wire.Refused, []int{408, 520, 400}, yes, 3, ""},
		"a read after each of an edge's own":       {wire.Reads, []int{521, 522, 523, 524, 200}, nil, 5, ""},
		"a read after an edge's further ones":      {wire.Reads, []int{525, 526, 527, 530, 200}, nil, 5, ""},
		"a read after a 421":                       {wire.Reads, []int{421, 200}, nil, 1, wire.CauseMisdirected},
		"a change after a 502, nothing known":      {wire.Changes, []int{502, 200}, nil, 1, wire.CauseBadGateway},
		"a change after a 502, it has not started": {wire.Changes, []int{502, 200}, yes, 2, ""},
		"a change after a 502, it has started":     {wire.Changes, []int{502, 200}, no, 1, wire.CauseBadGateway},
		"a change after a 521, it has not started": {wire.Changes, []int{521, 200}, yes, 2, ""},
		"a change after a 504 may still be made":   {wire.Changes, []int{504, 200}, yes, 1, wire.CauseGatewayTimeout},
		"a change after a 524 may still be made":   {wire.Changes, []int{524, 200}, yes, 1, wire.CauseEdgeTimeout},
		"a change after a 429":                     {wire.Changes, []int{429, 200}, nil, 2, ""},
		"a change after a 503, nothing known":      {wire.Changes, []int{503, 200}, nil, 1, wire.CauseUnavailable},
		"a change after a 503, it has started":     {wire.Changes, []int{503, 200}, no, 1, wire.CauseUnavailable},
		"a change after a 503, it has not":         {wire.Changes, []int{503, 503, 200}, yes, 3, ""},
		"a change after a lost connection":         {wire.Changes, []int{0, 200}, yes, 1, wire.CauseLost},
		"a change after a 500":                     {wire.Changes, []int{500, 200}, yes, 1, ""},
		"a request without an effect, lost":        {"", []int{0, 400}, nil, 1, wire.CauseLost},
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
	for attempt, want := range map[int]time.Duration{1: time.Second, 2: 2 * time.Second, 3: 4 * time.Second, 4: 4 * time.Second} {
		seen := map[time.Duration]bool{}
		for range 50 {
			wait, again := r.next(wire.Changes, limited, past{attempt: attempt})
			require.True(t, again)
			assert.GreaterOrEqual(t, wait, want)
			assert.LessOrEqual(t, wait, want+want/4)
			seen[wait] = true
		}
		assert.Greater(t, len(seen), 1)
	}
	_, again := r.next(wire.Changes, limited, past{attempt: 5})
	assert.False(t, again)
	_, again = r.next(wire.Reads, limited, past{attempt: 1, waited: 30 * time.Second})
	assert.False(t, again, "the waits of one request are bounded together")
}

// TestAnOutageOfEightSecondsIsSurvived adds the waits up: the shortest that chance can
// give must outlast the outage, and the longest must end before the endpoint counts as lost.
func TestAnOutageOfEightSecondsIsSurvived(t *testing.T) {
	r := Retry{}.withDefaults()
	var least, most time.Duration
	for attempt := 1; attempt <= r.Max; attempt++ {
		wait := r.Base << min(attempt-1, doublings)
		least, most = least+wait, most+wait+wait/4
	}
	assert.Greater(t, least, 8*time.Second)
	assert.Less(t, most, lostAfter)
}

func TestRetryAfterIsKept(t *testing.T) {
	now := time.Unix(1673361177, 0)
	r := Retry{Base: time.Millisecond, MaxWait: 20 * time.Second}.withDefaults()
	cases := map[string]struct {
		value, date string
		want        time.Duration
		again       bool
	}{
		"none":                             {"", "", 0, true},
		"no number":                        {"soon", "", 0, true},
		"below zero":                       {"-5", "", 0, true},
		"seconds":                          {"7", "", 7 * time.Second, true},
		"longer than a request waits":      {"9999", "", 9999 * time.Second, false},
		"a date":                           {now.Add(5 * time.Second).UTC().Format(http.TimeFormat), "", 5 * time.Second, true},
		"a date that is over":              {now.Add(-time.Hour).UTC().Format(http.TimeFormat), "", 0, true},
		"a date of a clock that is behind": {now.UTC().Format(http.TimeFormat), now.Add(-5 * time.Second).UTC().Format(http.TimeFormat), 5 * time.Second, true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			e := wire.Exchange{Cause: wire.CauseUnavailable, Timing: wire.Timing{Start: now},
				Received: &wire.Received{Status: 503, Header: http.Header{"Retry-After": {c.value}, "Date": {c.date}}}}
			wait, again := r.next(wire.Reads, e, past{attempt: 1})
			assert.Equal(t, c.again, again)
			assert.GreaterOrEqual(t, wait, c.want)
			assert.LessOrEqual(t, wait, c.want+2*time.Millisecond)
		})
	}
}

// TestALongRetryAfterEndsARequestAtOnceAndHoldsBackTheNext asks for an hour: nothing may
// leave before it is over, and the cause names the time.
func TestALongRetryAfterEndsARequestAtOnceAndHoldsBackTheNext(t *testing.T) {
	for status, cause := range map[int]wire.Cause{429: wire.CauseRateLimited, 503: wire.CauseUnavailable, 502: wire.CauseBadGateway} {
		var count atomic.Int32
		var offset atomic.Int64
		start := time.Now()
		c := newClient(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", "3600")
			script(&count, status, 200)(w, r)
		}), func(o *Options) { o.Clock = func() time.Time { return start.Add(time.Duration(offset.Load())) } })
		req := wire.Request{Operation: readStatus, Effect: wire.Reads}
		e := one(t, c, req)
		assert.Equal(t, cause, e.Cause)
		assert.Contains(t, e.Detail, "asks to wait 1h0m0s, until ")
		e = one(t, c, req)
		assert.Equal(t, cause, e.Cause)
		assert.Contains(t, e.Detail, "not sent: the endpoint asks to wait 1h0m0s")
		assert.EqualValues(t, 1, count.Load(), "nothing leaves earlier than asked")
		assert.NotContains(t, one(t, c, wire.Request{Operation: change, Effect: wire.Reads}).Detail, "not sent", "another operation was not asked to wait")
		offset.Store(int64(time.Hour + time.Second))
		assert.Empty(t, one(t, c, req).Cause)
	}
}

func TestAShortRetryAfterIsWaitedForByEveryRequest(t *testing.T) {
	var count atomic.Int32
	c := newClient(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
		if count.Add(1) == 1 {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(429)
			return
		}
		answers(200, nil, "{}")(w, r)
	}), noRetry, func(o *Options) { o.Retry.MaxWait = time.Minute })
	req := wire.Request{Operation: readStatus, Effect: wire.Reads}
	first := one(t, c, req)
	second := one(t, c, req)
	assert.Empty(t, second.Cause)
	assert.GreaterOrEqual(t, second.Timing.Start.Sub(first.Timing.Finished()), 990*time.Millisecond)
}

// TestAPersistingErrorIsNotWaitedForForEver answers 500 to all refusals, and serves reads.
func TestAPersistingErrorIsNotWaitedForForEver(t *testing.T) {
	var count atomic.Int32
	c := newClient(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
		count.Add(1)
		if r.Header.Get("X-ZC-Action") == change.Action {
			w.WriteHeader(500)
		}
	}))
	sendings := func(op wire.Operation, effect wire.Effect) int {
		exchanges, err := c.Do(context.Background(), wire.Request{Operation: op, Effect: effect}, func(context.Context) bool { return true })
		require.NoError(t, err)
		return len(exchanges)
	}
	for range errorsInARow {
		assert.Equal(t, 1+maxErrorRetries, sendings(change, wire.Refused))
	}
	assert.Equal(t, 1, sendings(change, wire.Refused), "waiting has been seen not to help")
	assert.Equal(t, 1+maxErrorRetries, sendings(change, wire.Reads), "of other requests nothing is known yet")
	assert.Equal(t, 1, sendings(readStatus, wire.Reads))
	assert.Equal(t, 1, sendings(change, wire.Refused))
}

func TestWaitsAreBriefWhereA500MostlyStays(t *testing.T) {
	failed := wire.Exchange{Received: &wire.Received{Status: 500}}
	r := Retry{}.withDefaults()
	long, again := r.next(wire.Refused, failed, past{attempt: 1})
	require.True(t, again)
	brief, again := r.next(wire.Refused, failed, past{attempt: 1, brief: true})
	require.True(t, again)
	assert.GreaterOrEqual(t, long, time.Second)
	assert.LessOrEqual(t, brief, 125*time.Millisecond)
	other, _ := r.next(wire.Refused, wire.Exchange{Cause: wire.CauseUnavailable}, past{attempt: 1, brief: true})
	assert.GreaterOrEqual(t, other, time.Second, "of a 503 it says nothing")
}

func TestAPassingErrorIsHopedForAgain(t *testing.T) {
	var count atomic.Int32
	statuses := []int{500, 500, 500, 500, 500, 500, 500, 500, 500, 400, 500, 500, 400}
	c := newClient(t, serve(t, script(&count, statuses...)))
	var sendings []int
	for count.Load() < int32(len(statuses)) {
		exchanges, err := c.Do(context.Background(), wire.Request{Operation: change, Effect: wire.Refused}, func(context.Context) bool { return true })
		require.NoError(t, err)
		sendings = append(sendings, len(exchanges))
	}
	assert.Equal(t, []int{3, 3, 3, 1, 3}, sendings)
}

func TestWhoWaitsIsTold(t *testing.T) {
	var count atomic.Int32
	var told []wire.Cause
	c := newClient(t, serve(t, script(&count, 503, 503, 200)), func(o *Options) {
		o.Retrying = func(e wire.Exchange, wait time.Duration) {
			told = append(told, e.Cause)
			assert.Positive(t, wait)
		}
	})
	_, err := c.Do(context.Background(), wire.Request{Operation: readStatus, Effect: wire.Reads}, nil)
	require.NoError(t, err)
	assert.Equal(t, []wire.Cause{wire.CauseUnavailable, wire.CauseUnavailable}, told)
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
