package client

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/zec-tools/conformance/internal/wire"
)

const (
	// goneAfter is how many attempts in a row must fail without an HTTP answer before an endpoint
	// that has never answered counts as gone.
	goneAfter = 5
	// lostAfter is how long an endpoint, or one of its operations, must have given no answer of its
	// own before it counts as lost. It is longer than a request is retried, so that an outage that
	// the retries survive costs no scenario.
	lostAfter = 20 * time.Second
	// lostSendings is the minimum number of attempts in that time, because a single slow answer is
	// not an outage.
	lostSendings = 3
	// probeEvery is the interval at which a lost endpoint is tried again, so that instances can be
	// restored once it is back.
	probeEvery = 5 * time.Second
)

// circuit is a circuit breaker. It detects that an endpoint is gone, so that a run ends early
// instead of waiting in every scenario. Any answer of the endpoint itself closes it.
type circuit struct {
	mu         sync.Mutex
	reached    bool               // the endpoint has answered over HTTP
	endpoint   outage             // over all operations
	operations map[string]*outage // by action
	postponed  map[string]postponement
}

// outage is a sequence of attempts without an answer of the endpoint itself.
type outage struct {
	sendings int
	down     time.Duration // the duration of the attempts, including the pauses between them
	last     time.Time     // when the last one ended
	probed   time.Time     // when a request was last let through although the endpoint counted as lost
	cause    wire.Cause
	detail   string
}

// postponement is the wait that an endpoint asked for with Retry-After.
type postponement struct {
	until  time.Time
	cause  wire.Cause
	detail string
}

// outages returns the outages that a request for the action counts towards. The caller holds mu.
func (c *circuit) outages(action string) []*outage {
	if c.operations == nil {
		c.operations = map[string]*outage{}
	}
	if c.operations[action] == nil {
		c.operations[action] = &outage{}
	}
	return []*outage{&c.endpoint, c.operations[action]}
}

// lost reports whether an outage has lasted long enough. The caller holds mu.
func (c *circuit) lost(o *outage) bool {
	return o.sendings >= lostSendings && o.down >= lostAfter || !c.reached && o.sendings >= goneAfter
}

// open reports whether a request must not be sent, and why.
func (c *circuit) open(action string, now time.Time) (wire.Cause, string, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	outages := slices.DeleteFunc(c.outages(action), func(o *outage) bool { return !c.lost(o) })
	for _, o := range outages {
		if now.Sub(later(o.last, o.probed)) < probeEvery {
			return o.cause, o.text(c.reached), true
		}
	}
	for _, o := range outages {
		o.probed = now
	}
	return "", "", false
}

// text says why requests are not sent.
func (o *outage) text(reached bool) string {
	if !reached {
		return fmt.Sprintf("%d requests in a row got no answer, the last one: %s", o.sendings, o.detail)
	}
	return fmt.Sprintf("%d requests in a row got no answer of the endpoint's own for %s, the last one: %s", o.sendings, o.down.Round(time.Second), o.detail)
}

// record counts the result of an attempt, and reports whether the endpoint counts as lost.
func (c *circuit) record(action string, e wire.Exchange) (lost bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	outages := c.outages(action)
	switch {
	case e.Judgeable():
		c.reached = true
		for _, o := range outages {
			*o = outage{}
		}
		return false
	case e.Cause == wire.CauseInterrupted:
		return false // the caller cancelled it, so the result is unknown
	}
	c.reached = c.reached || e.Timing.FirstByte > 0
	for _, o := range outages {
		o.add(e)
		lost = lost || c.lost(o)
	}
	return lost
}

// add counts an attempt. The pause before it counts for at most a probe interval, because the
// harness may have had nothing to send.
func (o *outage) add(e wire.Exchange) {
	end := e.Timing.Finished()
	took := e.Timing.End
	if !o.last.IsZero() {
		took = max(min(end.Sub(o.last), took+probeEvery), 0)
	}
	o.sendings++
	o.down += took
	o.last = later(o.last, end)
	o.cause, o.detail = e.Cause, e.Detail
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// postpone delays requests for an action as the endpoint asked (Retry-After).
func (c *circuit) postpone(action string, p postponement) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.postponed == nil {
		c.postponed = map[string]postponement{}
	}
	if p.until.After(c.postponed[action].until) {
		c.postponed[action] = p
	}
}

// asked returns the current postponement for an action, and how much of it remains.
func (c *circuit) asked(action string, now time.Time) (postponement, time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	maps.DeleteFunc(c.postponed, func(_ string, p postponement) bool { return !p.until.After(now) })
	p, waits := c.postponed[action]
	if !waits {
		return p, 0
	}
	return p, p.until.Sub(now)
}

// answered reports whether the endpoint ever answered over HTTP.
func (c *circuit) answered() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.reached
}
