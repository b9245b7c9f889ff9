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

// Retry says how often and after which waits a request is sent again.
type Retry struct {
	Max  int           // sendings after the first; 0: 4 (after 1 s, 2 s, 4 s as K, and 4 s more), negative: none
	Base time.Duration // the first wait, doubled twice; 0: 1 s (K)
	// MaxWait bounds the waits of one request together; 0: 30 s. An endpoint that asks for
	// a longer one (Retry-After) is not waited for.
	MaxWait time.Duration
}

const (
	// maxErrorRetries is how often a request that changes nothing is sent again after a 500.
	maxErrorRetries = 2
	// doublings is how often the wait grows: it then stays, so that an outage of eight
	// seconds is survived and one of thirty is noticed.
	doublings = 2
)

// passing are the causes that a later sending may not meet: the answers of gateways that
// did not reach the endpoint, beside the 503 that the documents know (E).
var passing = []wire.Cause{
	wire.CauseUnavailable, wire.CauseBadGateway, wire.CauseGatewayTimeout, wire.CauseRequestTimeout,
	wire.CauseEdgeUnknown, wire.CauseEdgeDown, wire.CauseEdgeConnect, wire.CauseEdgeUnreachable, wire.CauseEdgeTimeout,
	wire.CauseEdgeHandshake, wire.CauseEdgeCertificate, wire.CauseEdgeRailgun, wire.CauseEdgeDNS,
}

// underWay are those of them that leave open whether the request reached the endpoint,
// which may still carry it out later: no look at the state proves then that it did not.
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

// past is what has happened to a request before it may be sent again.
type past struct {
	attempt  int           // sendings so far
	waited   time.Duration // between them
	reached  bool          // the endpoint has answered, to any request: one that never did is not asked twice
	hopeless bool          // a 500 to such a request is known to stay
	brief    bool          // a 500 mostly stays: a fraction of the wait tells
}

// next returns how long to wait before the request is sent again, and whether it is.
func (r Retry) next(effect wire.Effect, e wire.Exchange, p past) (time.Duration, bool) {
	if p.attempt > r.Max || !r.allows(effect, e, p) {
		return 0, false
	}
	base := r.Base
	if e.Cause == "" && p.brief {
		base /= 10
	}
	wait := base << min(p.attempt-1, doublings)
	wait += rand.N(wait/4 + 1) // never earlier than the SDKs, and not all at once
	if e.Received != nil {
		wait = max(wait, retryAfter(e.Received.Header, e.Timing.Finished()))
	}
	return wait, p.waited+wait <= r.MaxWait
}

func (r Retry) allows(effect wire.Effect, e wire.Exchange, p past) bool {
	switch {
	case e.Cause == wire.CauseRateLimited:
		return true
	case slices.Contains(passing, e.Cause): // a request that acts still needs the proof that nothing started
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

// needsProof reports whether the request may be sent again only when the state proves that
// nothing started: every request that does not read, but after a 429, which was not served.
func needsProof(effect wire.Effect, e wire.Exchange) bool {
	return effect != wire.Reads && e.Cause != wire.CauseRateLimited
}

// retryAfter reads Retry-After, in seconds or as a date, which is compared with the
// answer's own Date where it has one; 0 when there is none.
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

// postponedBy returns what an answer that says nothing asks for by Retry-After.
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
