package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/operation"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/run"
	"github.com/zec-tools/conformance/internal/target"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// follow prints each status an instance comes to, until the change has ended or its time
// is over, and returns what is wrong with the way it went.
func follow(ctx context.Context, out io.Writer, c *contract.Contract, remote *target.Remote, ch change) ([]verdict.Finding, error) {
	d, _ := c.Lifecycle(ch.exchange.Operation)
	called := ch.exchange.Timing
	subject := operation.NewSubject(d, ch.instance, remote.Timing.Settle, called.Start)
	subject.Track.From, subject.Track.To = ch.from, wantedBy(d, ch.exchange)
	subject.Answered(called)
	subject.See(d.Start[0], wire.Timing{Start: called.Start})
	last := ""
	f := operation.Follower{
		Definition: d, Subjects: []*operation.Subject{subject}, Limit: remote.Timing.ResizeTimeout,
		Pace: operation.Pace{Interval: remote.Timing.PollInterval, Settle: remote.Timing.Settle},
		Read: remote.Rows,
		Watch: func(context.Context, map[string]string) error {
			if status := subject.Status(); status != last {
				last = status
				seen := subject.Track.Observations[len(subject.Track.Observations)-1].Seen
				fmt.Fprintf(out, "%10s  %s\n", seen.Round(time.Millisecond), report.Plain(status))
			}
			return nil
		},
	}
	err := f.Until(ctx, lifecycle.Phase.Over)
	switch {
	case ctx.Err() != nil:
		return nil, errors.New("interrupted: the change was not followed to its end")
	case err != nil:
		return nil, err
	case subject.Watch.Phase() == lifecycle.Waiting && !subject.Reached.IsZero():
		fmt.Fprintf(out, "%10s  it has its new value, and %s was not seen: a run of the scenarios looks closer\n", "", lifecycle.States(d.Transient))
		return nil, nil
	case subject.Watch.Phase() == lifecycle.Settled:
		remote.Settled(ch.instance)
	}
	findings, err := run.StepsContract(c).Departures(subject.Watch, d.Operation.Action, ch.instance)
	return findings, harnessError(err)
}

// wantedBy returns the value that a call asked for, or "" when it asks for none.
func wantedBy(d lifecycle.Definition, e wire.Exchange) string {
	var members map[string]any
	_ = json.Unmarshal(e.Sent.Body, &members) // a body typed by hand may be anything
	wanted, _ := members[d.Wanted].(string)
	return wanted
}
