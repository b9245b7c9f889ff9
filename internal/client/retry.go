package client

import (
	"context"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"github.com/zec-tools/conformance/internal/wire"
)

// Retry says how often and after which waits a request is sent again.
type Retry struct {
	Max     int           // sendings after the first; 0: 3 (K: after 1 s, 2 s, 4 s), negative: none
	Base    time.Duration // the first wait, doubled each time; 0: 1 s (K)
	MaxWait time.Duration // bounds every wait, Retry-After included; 0: 30 s
}

// maxErrorRetries is how often a request that changes nothing is sent again after a 500.
const maxErrorRetries = 2

func (r Retry) withDefaults() Retry {
	if r.Max == 0 {
		r.Max = 3
	}
	if r.Base <= 0 {
		r.Base = time.Second
	}
	if r.MaxWait <= 0 {
		r.MaxWait = 30 * time.Second
	}
	return r
}

// next returns how long to wait before the request is sent again after its attempt-th
// sending, and whether it is. reached tells whether the endpoint ever answered: one
// that never did is not asked twice.
func (r Retry) next(effect wire.Effect, e wire.Exchange, attempt int, reached bool) (time.Duration, bool) {
	if attempt > r.Max || !r.allows(effect, e, attempt, reached) {
		return 0, false
	}
	wait := r.MaxWait
	if attempt < 32 {
		wait = min(r.Base<<(attempt-1), r.MaxWait)
	}
	wait += rand.N(wait/4 + 1) // never earlier than the SDKs, and not all at once
	if e.Received != nil {
		wait = max(wait, min(retryAfter(e.Received.Header, e.Timing.Finished()), r.MaxWait))
	}
	return wait, true
}

func (r Retry) allows(effect wire.Effect, e wire.Exchange, attempt int, reached bool) bool {
	switch e.Cause {
	case wire.CauseRateLimited:
		return true
	case wire.CauseUnavailable:
		return true // a request that Changes still needs the proof that nothing started
	case wire.CauseLost, wire.CauseTruncated:
		return effect != wire.Changes
	case wire.CauseRefused:
		return effect != wire.Changes && reached
	case "":
		return effect != wire.Changes && e.Received.Status == http.StatusInternalServerError && attempt <= maxErrorRetries
	}
	return false
}

// retryAfter reads Retry-After, in seconds or as a date; 0 when there is none.
func retryAfter(h http.Header, now time.Time) time.Duration {
	value := h.Get("Retry-After")
	if seconds, err := strconv.ParseInt(value, 10, 32); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if date, err := http.ParseTime(value); err == nil {
		return date.Sub(now)
	}
	return 0
}

// pause waits, and reports whether ctx let it.
func pause(ctx context.Context, wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}
