package operation

import (
	"context"
	"time"
)

// Pace says how closely an operation is polled.
type Pace struct {
	Interval time.Duration // the longest pause between two looks
	Settle   time.Duration // how long an end status must hold
	Eager    int           // the number of first looks that are made without a pause, so that a short change is seen
	Steady   bool          // pause for Interval from the start, instead of for increasing times
	Dense    bool          // never pause for more than a sixteenth of the time since the first look
}

// Next is a look's decision about the next look.
type Next int

const (
	Again   Next = iota // look again
	Closely             // look again soon: an end is settling, and must be seen if it does not hold
	Done                // stop
)

// closely is the number of looks per settle time.
const closely = 8

// Poll calls look until it returns Done or an error. If the context ends during a pause, Poll
// returns the context's error.
func (p Pace) Poll(ctx context.Context, look func(context.Context) (Next, error)) error {
	pause, start := p.Interval/16, time.Now()
	for looks := 1; ; looks++ {
		next, err := look(ctx)
		if err != nil || next == Done {
			return err
		}
		wait := p.Interval
		switch {
		case next == Closely:
			wait = min(p.Settle/closely, p.Interval)
		case looks <= p.Eager:
			wait = 0
		case p.Dense:
			wait = min(time.Since(start)/16, p.Interval)
		case !p.Steady:
			pause = min(pause*3/2, p.Interval)
			wait = pause
		}
		if err := Wait(ctx, wait); err != nil {
			return err
		}
	}
}

// Wait waits for d, or returns the error of the context if it ends first.
func Wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
