// Package interrupt decides what the signals that ask a process to end mean for it.
//
// The first one stops the run, which then starts nothing more. As long as something may
// be left changed, no further one ends the process: whatever a wrapper, a process group
// or a CI service sends, it goes on restoring. Only a person at a terminal who was told
// so, and interrupts again, gives that up.
//
// The package knows signals and times. It must not know what is restored, nor how.
package interrupt

import (
	"context"
	"os"
	"sync"
	"time"
)

// again is how much later than the first signal, or than what a person was told about it,
// a signal must come to be another one: one keystroke can arrive twice.
const again = time.Second

// Policy is what the signals of a process mean. It is safe for concurrent use. A nil
// Policy is that of a process that gets none.
type Policy struct {
	stopped, givenUp context.Context
	stop, giveUp     context.CancelFunc

	mu        sync.Mutex
	protected bool
	first     time.Time // when the first signal came
	told      time.Time // when a person was told what one more interrupt does
	keystroke bool      // an interrupt was among the signals
}

// New returns a policy for a process that nothing has been sent to.
func New() *Policy {
	p := &Policy{}
	p.stopped, p.stop = context.WithCancel(context.Background())
	p.givenUp, p.giveUp = context.WithCancel(context.Background())
	return p
}

// Stopped ends with the first signal.
func (p *Policy) Stopped() context.Context {
	if p == nil {
		return context.Background()
	}
	return p.stopped
}

// GivenUp ends when a person gives up on restoring.
func (p *Policy) GivenUp() context.Context {
	if p == nil {
		return context.Background()
	}
	return p.givenUp
}

// Protect says that from now on something may be left changed.
func (p *Policy) Protect() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.protected = true
}

// Told says that a person has been told, on a terminal, what one more interrupt does.
func (p *Policy) Told(at time.Time) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.told = at
}

// Receive takes a signal, and reports whether it has to end the process at once.
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
		return true // a person insists
	case interrupt && earlier && !p.told.IsZero() && at.Sub(p.told) >= again:
		p.giveUp()
	}
	return false
}
