package client

import (
	"fmt"
	"sync"
	"time"

	"github.com/zec-tools/conformance/internal/wire"
)

const (
	// goneAfter is how many calls in a row must get no HTTP answer at all before the
	// endpoint counts as gone.
	goneAfter = 5
	// veiledAfter is how many calls in a row must end, with all that is sent again, in an
	// answer that says nothing about the endpoint before it counts as gone behind whoever
	// answers. It is larger: a gateway may object to a few odd requests and pass the rest.
	veiledAfter = 20
	// probeEvery is how long a gone endpoint is left alone before one call tries again,
	// so that what must be put back can be once the endpoint is back.
	probeEvery = 5 * time.Second
)

// circuit notices an endpoint that is plainly gone, so that a run ends early instead
// of waiting in every scenario. Any answer of the endpoint's own closes it.
type circuit struct {
	mu       sync.Mutex
	failures int // calls in a row that got no answer
	veiled   int // calls in a row that got none of the endpoint's own
	answered bool
	cause    wire.Cause
	detail   string
	since    time.Time // of the last failure or probe
}

// open reports whether a call is answered without sending, and with what.
func (c *circuit) open(now time.Time) (wire.Cause, string, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.failures < goneAfter && c.veiled < veiledAfter {
		return "", "", false
	}
	if now.Sub(c.since) >= probeEvery {
		c.since = now
		return "", "", false
	}
	if c.failures < goneAfter {
		return c.cause, fmt.Sprintf("%d calls in a row got no answer of the endpoint's own, the last one: %s", c.veiled, c.detail), true
	}
	return c.cause, fmt.Sprintf("%d calls in a row got no answer, the last one: %s", c.failures, c.detail), true
}

// record counts how a call ended.
func (c *circuit) record(e wire.Exchange, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case e.Judgeable():
		c.failures, c.veiled, c.answered = 0, 0, true
	case e.Cause == wire.CauseInterrupted || e.Timing.End == 0:
		// neither the endpoint's doing: the caller stopped, or nothing was sent
	case e.Timing.FirstByte > 0:
		c.failures, c.answered = 0, true
		c.veiled++
		c.cause, c.detail, c.since = e.Cause, e.Detail, now
	default:
		c.failures++
		c.veiled++
		c.cause, c.detail, c.since = e.Cause, e.Detail, now
	}
}

// reached reports whether the endpoint ever answered.
func (c *circuit) reached() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.answered
}
