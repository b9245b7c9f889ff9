package target

import (
	"context"
	"errors"
	"time"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/operation"
	"github.com/zec-tools/conformance/internal/wire"
)

// Followed is a change that was called by hand.
type Followed struct {
	Definition lifecycle.Definition
	Call       wire.Exchange
	Subject    string // the id of the instance that it changes
	From       string // the value that it had before; "" where none is read
}

// Follow reads an instance until its change has ended or its time is over, and returns what
// was seen of it. told is called with each status that it comes to, counted from the call.
func (r *Remote) Follow(ctx context.Context, f Followed, told func(after time.Duration, status string)) (*operation.Subject, error) {
	called := f.Call.Timing
	subject := operation.NewSubject(f.Definition, f.Subject, r.Timing.Settle, called.Start)
	subject.Trajectory.From, subject.Trajectory.To = f.From, f.wanted()
	subject.Answered(called)
	subject.See(f.Definition.Start[0], wire.Timing{Start: called.Start})
	last := ""
	follower := operation.Follower{
		Definition: f.Definition, Subjects: []*operation.Subject{subject}, Limit: r.Timing.ResizeTimeout,
		Pace: operation.Pace{Interval: r.Timing.PollInterval, Settle: r.Timing.Settle},
		Read: r.Rows,
		Watch: func(context.Context, map[string]string) error {
			if status := subject.Status(); status != last {
				last = status
				told(subject.Trajectory.Observations[len(subject.Trajectory.Observations)-1].Seen, status)
			}
			return nil
		},
	}
	err := follower.Until(ctx, lifecycle.Phase.Over)
	if ctx.Err() != nil {
		return nil, errors.New("interrupted: the change was not followed to its end")
	}
	if err == nil && subject.Watch.Phase() == lifecycle.Settled {
		r.restorer.settled(f.Subject)
	}
	return subject, err
}

// wanted is the value that the call asked for, or "" when it asks for none.
func (f Followed) wanted() string { return f.Definition.AskedIn(f.Call.Sent.Body) }
