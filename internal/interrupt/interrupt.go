// Package interrupt decides what the signals to end a process mean.
//
// The first signal stops the run, which then starts nothing more. As long as something may be left
// changed, no further signal ends the process, whatever a wrapper, a process group or a CI service
// sends, and restoring continues. Only a person at a terminal who was told so, and interrupts
// again, can end it.
//
// The package knows signals and times. It must not know what is restored, or how.
package interrupt

import (
	"context"
	"os"
	"sync"
	"time"
)

// again is how long after the first signal, or after the message about it, a signal must come to
// count as a new one, because one keystroke can arrive twice.
const again = time.Second

// Policy decides what the signals to a process mean. It is safe for concurrent use. A nil Policy is
// that of a process without signals.
type Policy struct {
	stopped, givenUp context.Context
	stop, giveUp     context.CancelFunc

	mu        sync.Mutex
	protected bool
	first     time.Time // when the first signal came
	told      time.Time // when a person was told what another interrupt does
	keystroke bool      // an interrupt was among the signals
}

// New returns a policy for a process that has not received a signal.
func New() *Policy {
	p := &Policy{}
	p.stopped, p.stop = context.WithCancel(context.Background())
	p.givenUp, p.giveUp = context.WithCancel(context.Background())
	return p
}

// Stopped returns a context that ends with the first signal.
func (p *Policy) Stopped() context.Context {
	if p == nil {
		return context.Background()
	}
	return p.stopped
}

// GivenUp returns a context that ends when a person gives up on restoring.
func (p *Policy) GivenUp() context.Context {
	if p == nil {
		return context.Background()
	}
	return p.givenUp
}

// Protect declares that something may be left changed from now on.
func (p *Policy) Protect() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.protected = true
}

// Told records that a person was told, on a terminal, what another interrupt does.
func (p *Policy) Told(at time.Time) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.told = at
}

// Receive handles a signal, and reports whether the process must end at once.
func (p *Policy) Receive(s os.Signal, at time.Time) (end bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	interrupt := s == os.Interrupt
	earlier := p.keystroke
	p.keystroke = p.keystroke || interrupt
	switch {
	case p.first.IsZero():
		p.first = at
		p.stop()
	case !p.protected:
		return at.Sub(p.first) >= again
	case interrupt && p.givenUp.Err() != nil:
		return true // the person insists
	case interrupt && earlier && !p.told.IsZero() && at.Sub(p.told) >= again:
		p.giveUp()
	}
	return false
}
