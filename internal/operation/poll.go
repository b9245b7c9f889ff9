package operation

import (
	"context"
	"time"
)

// Pace is how closely an operation is polled.
type Pace struct {
	Interval time.Duration // the longest pause between two looks
	Settle   time.Duration // how long an end must hold
	Eager    int           // looks that follow each other without a pause at first: a short change must be seen
	Steady   bool          // pause for Interval from the start, instead of longer and longer
	Dense    bool          // never pause for more than a sixteenth of the time since the first look
}

// Next is what a look says of the looks that follow.
type Next int

const (
	Again   Next = iota // look again
	Closely             // look again soon: an end is settling, and one that is left again must be seen
	Done                // no more
)

// closely is how many looks fall into a settle time.
const closely = 8

// Poll looks until a look is the last one or fails. When the context ends in a pause,
// Poll returns its error.
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

// Wait waits, or returns the error of the context that ended first.
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
