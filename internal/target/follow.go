package target

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/operation"
	"github.com/zec-tools/conformance/internal/wire"
)

// Followed is a change that a person has called.
type Followed struct {
	Definition lifecycle.Definition
	Call       wire.Exchange
	Subjects   map[string]string // the previous value of each subject, by id; "" if none is read
}

// Follow reads instances until their change has ended or its time is over, and returns what was
// seen of each. told is called with each new status of an instance, and the time since the call.
func (r *Remote) Follow(ctx context.Context, f Followed, told func(id string, after time.Duration, status string)) ([]*operation.Subject, error) {
	called := f.Call.Timing
	var subjects []*operation.Subject
	for _, id := range slices.Sorted(maps.Keys(f.Subjects)) {
		subject := operation.NewSubject(f.Definition, id, r.Timing.Settle, called.Start)
		subject.Trajectory.From, subject.Trajectory.To = f.Subjects[id], f.wanted()
		subject.Answered(called)
		subject.See(f.Definition.Start[0], wire.Timing{Start: called.Start})
		subjects = append(subjects, subject)
	}
	last := map[string]string{}
	follower := operation.Follower{
		Definition: f.Definition, Subjects: subjects, Limit: r.Timing.ResizeTimeout,
		Pace: operation.Pace{Interval: r.Timing.PollInterval, Settle: r.Timing.Settle},
		Read: r.Rows,
		Watch: func(context.Context, map[string]string) error {
			for _, s := range subjects {
				if status := s.Status(); status != last[s.ID] {
					last[s.ID] = status
					told(s.ID, s.Trajectory.Observations[len(s.Trajectory.Observations)-1].Seen, status)
				}
			}
			return nil
		},
	}
	err := follower.Until(ctx, lifecycle.Phase.Over)
	if ctx.Err() != nil {
		return nil, errors.New("interrupted: the change was not followed to its end")
	}
	for _, s := range subjects {
		if err == nil && s.Watch.Phase() == lifecycle.Settled {
			r.restorer.settled(s.ID)
		}
	}
	return subjects, err
}

// wanted returns the value that the call asked for, or "" if it asked for none.
func (f Followed) wanted() string { return f.Definition.AskedIn(f.Call.Sent.Body) }
