package operation

import (
	"sync"
	"time"
)

const (
	beat   = 25 * time.Millisecond
	missed = 10 * beat // the gap between beats from which on the process counts as not running
)

// Clock counts the time in which this process ran. Time in which the process was stopped, or its
// machine suspended, is left out, so that no endpoint is blamed for it.
type Clock struct {
	start time.Time
	stop  chan struct{}
	ended chan struct{}

	mu     sync.Mutex
	last   time.Time // of the last beat
	absent time.Duration
}

// StartClock starts a clock. Stop ends it.
func StartClock() *Clock {
	now := time.Now()
	c := &Clock{start: now, last: now, stop: make(chan struct{}), ended: make(chan struct{})}
	go c.run()
	return c
}

func (c *Clock) run() {
	defer close(c.ended)
	ticker := time.NewTicker(beat)
	defer ticker.Stop()
	for {
		select {
		case <-c.stop:
			return
		case now := <-ticker.C:
			c.note(now)
		}
	}
}

// note records the next beat. The monotonic clock stops while the machine is suspended, but not
// while the process is stopped; both times are left out.
func (c *Clock) note(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if gap := now.Sub(c.last); gap > missed {
		c.absent += gap - beat
	}
	c.last = now
}

// Elapsed returns how long the process has run since the clock was started.
func (c *Clock) Elapsed() time.Duration {
	now := time.Now()
	c.note(now)
	c.mu.Lock()
	defer c.mu.Unlock()
	return now.Sub(c.start) - c.absent
}

// Stop ends the clock.
func (c *Clock) Stop() {
	close(c.stop)
	<-c.ended
}
