package client

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/zec-tools/conformance/internal/wire"
)

// Retry configures how often and after which waits a request is retried.
type Retry struct {
	Max  int           // retries; 0 means 4 (after 1 s, 2 s, 4 s as K does, and 4 s more), a negative number none
	Base time.Duration // the first wait, doubled twice; 0: 1 s (K)
	// MaxWait limits the total waits of one request; 0 means 30 s. If an endpoint asks for a longer
	// wait (Retry-After), the request is not retried.
	MaxWait time.Duration
}

const (
	// maxErrorRetries is how often a request that changes nothing is retried after a 500.
	maxErrorRetries = 2
	// doublings is how often the wait doubles before it stays constant. An outage of eight seconds
	// is then survived, and one of thirty seconds is noticed.
	doublings = 2
)

// passing are the causes that may be gone at the next attempt: answers of gateways that did not
// reach the endpoint, and the documented 503 (E).
var passing = []wire.Cause{
	wire.CauseUnavailable, wire.CauseBadGateway, wire.CauseGatewayTimeout, wire.CauseRequestTimeout,
	wire.CauseEdgeUnknown, wire.CauseEdgeDown, wire.CauseEdgeConnect, wire.CauseEdgeUnreachable, wire.CauseEdgeTimeout,
	wire.CauseEdgeHandshake, wire.CauseEdgeCertificate, wire.CauseEdgeRailgun, wire.CauseEdgeDNS,
}

// underWay are those causes after which the endpoint may have received the request and may still
// carry it out. The current state cannot prove then that nothing was started.
var underWay = []wire.Cause{wire.CauseGatewayTimeout, wire.CauseEdgeTimeout, wire.CauseRequestTimeout}

func (r Retry) withDefaults() Retry {
	if r.Max == 0 {
		r.Max = 4
	}
	if r.Base <= 0 {
		r.Base = time.Second
	}
	if r.MaxWait <= 0 {
		r.MaxWait = 30 * time.Second
	}
	return r
}

// past describes the attempts of a request so far.
type past struct {
	attempt  int           // the number of attempts so far
	waited   time.Duration // in total, between the attempts
	reached  bool          // the endpoint has answered some request; if it never has, there is no retry
	hopeless bool          // a 500 to such a request is known to remain
	brief    bool          // most 500s remain, so a fraction of the wait is enough
}

// next returns how long to wait before a retry, and whether to retry.
func (r Retry) next(effect wire.Effect, e wire.Exchange, p past) (time.Duration, bool) {
	if p.attempt > r.Max || !r.allows(effect, e, p) {
		return 0, false
	}
	base := r.Base
	if e.Cause == "" && p.brief {
		base /= 10
	}
	wait := base << min(p.attempt-1, doublings)
	wait += rand.N(wait/4 + 1) // never earlier than the SDKs, and not all requests at once
	if e.Received != nil {
		wait = max(wait, retryAfter(e.Received.Header, e.Timing.Finished()))
	}
	return wait, p.waited+wait <= r.MaxWait
}

func (r Retry) allows(effect wire.Effect, e wire.Exchange, p past) bool {
	switch {
	case e.Cause == wire.CauseRateLimited:
		return true
	case slices.Contains(passing, e.Cause): // a request that may change something still needs proof that nothing was started
		return !effect.Acts() || !slices.Contains(underWay, e.Cause)
	case e.Cause == wire.CauseLost, e.Cause == wire.CauseTruncated:
		return !effect.Acts()
	case e.Cause == wire.CauseRefused:
		return !effect.Acts() && p.reached
	case e.Cause == "":
		return !effect.Acts() && e.Received.Status == http.StatusInternalServerError && p.attempt <= maxErrorRetries && !p.hopeless
	}
	return false
}

// needsProof reports whether a retry requires proof that nothing was started. That is so for every
// request that is not a read, except after a 429, which means that it was not processed.
func needsProof(effect wire.Effect, e wire.Exchange) bool {
	return effect != wire.Reads && e.Cause != wire.CauseRateLimited
}

// retryAfter reads Retry-After, in seconds or as a date. It compares a date with the answer's own
// Date header, if there is one. It returns 0 if there is no Retry-After.
func retryAfter(h http.Header, now time.Time) time.Duration {
	value := h.Get("Retry-After")
	if seconds, err := strconv.ParseInt(value, 10, 32); err == nil {
		return time.Duration(seconds) * time.Second
	}
	until, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return until.Sub(now)
}

// postponedBy returns the wait that an answer without evidence asks for with Retry-After.
func postponedBy(e wire.Exchange) (postponement, bool) {
	if e.Received == nil || e.Cause == "" {
		return postponement{}, false
	}
	wait := retryAfter(e.Received.Header, e.Timing.Finished())
	until := e.Timing.Finished().Add(wait)
	return postponement{
		until: until, cause: e.Cause,
		detail: fmt.Sprintf("the endpoint asks to wait %s, until %s", wait, until.UTC().Format(time.RFC3339)),
	}, wait > 0
}

// pause waits, and reports whether ctx allowed it.
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
