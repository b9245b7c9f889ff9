package operation

import (
	"sync"
	"time"
)

const (
	beat   = 25 * time.Millisecond
	missed = 10 * beat // a gap between beats in which the process did not run
)

// Clock counts the time in which this process ran. What passes while it is stopped, or
// its machine suspended, is nobody's: no endpoint is late because of it.
type Clock struct {
	start time.Time
	stop  chan struct{}
	ended chan struct{}

	mu     sync.Mutex
	last   time.Time // of the beats
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

// note takes the next beat. The monotonic clock stands still while a machine is suspended
// and goes on while a process is stopped, so both are left out.
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
