package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/run"
	"github.com/zec-tools/conformance/internal/target"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/steps"
)

// follow prints each status an instance comes to, until the change has ended or its time
// is over, and returns what is wrong with the way it went.
func follow(ctx context.Context, out io.Writer, c *contract.Contract, remote *target.Remote, ch change) ([]verdict.Finding, error) {
	timing, law := remote.Timing, run.Law(c)
	rules := law.Lifecycle
	rules.Settle = timing.Settle
	called := ch.exchange.Timing
	track := verdict.Trajectory{
		Instance: ch.instance, FromType: ch.from, Start: called.Start, Answered: called.End, Settle: timing.Settle,
		Sights: []verdict.Sight{{Status: rules.Start}},
	}
	watch := lifecycle.Follow(rules)
	watch.See(track.Sights[0])
	pause := time.NewTicker(timing.PollInterval)
	defer pause.Stop()
	for last := ""; ; {
		status, at, err := remote.Status(ctx, ch.instance)
		if err != nil {
			return nil, err
		}
		sight := sightOf(called.Start, at, status)
		track.Sights = append(track.Sights, sight)
		if status != last {
			fmt.Fprintf(out, "%10s  %s\n", sight.Seen.Round(time.Millisecond), report.Plain(status))
			last = status
		}
		if watch.See(sight).Over() {
			break
		}
		unseen, err := passedUnseen(ctx, remote, ch, watch, sight.Asked-track.Answered)
		if err != nil {
			return nil, err
		}
		if unseen {
			fmt.Fprintf(out, "%10s  it has its new type, and %s was not seen: a run of the scenarios looks closer\n", "", rules.Transient)
			return nil, nil
		}
		if sight.Seen-track.Answered > timing.ResizeTimeout {
			return late(law.Finding, watch, ch.instance), nil
		}
		select {
		case <-ctx.Done():
			return nil, errors.New("interrupted: the change was not followed to its end")
		case <-pause.C:
		}
	}
	findings, _, err := law.Trajectory(track)
	if watch.Phase() == lifecycle.Settled {
		remote.Settled(ch.instance)
	}
	return findings, fault(err)
}

// passedUnseen reports whether the change has happened between two reads.
func passedUnseen(ctx context.Context, remote *target.Remote, ch change, watch *lifecycle.Watch, since time.Duration) (bool, error) {
	if watch.Phase() != lifecycle.Waiting || since < remote.Timing.Settle {
		return false, nil
	}
	has, err := remote.Type(ctx, ch.instance)
	return has != ch.from, err
}

func sightOf(start time.Time, at wire.Timing, status string) verdict.Sight {
	return verdict.Sight{Asked: at.Start.Sub(start), Seen: at.Finished().Sub(start), Status: status}
}

// late is the finding of a change that has not ended in time. One of which nothing was
// seen may have been too short to be seen: a run of its scenarios looks closer.
func late(finding func(clause, where, want, got string) error, watch *lifecycle.Watch, instance string) []verdict.Finding {
	if watch.Phase() == lifecycle.Waiting {
		return nil
	}
	var findings []verdict.Finding
	for _, f := range watch.Faults() {
		var is verdict.Finding
		if errors.As(finding("M-RESIZE-STOPPED", steps.TrajectoryOf(instance), f.Want, f.Got), &is) {
			findings = append(findings, is)
		}
	}
	return findings
}
