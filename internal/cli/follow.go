package cli

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/run"
	"github.com/zec-tools/conformance/internal/target"
	"github.com/zec-tools/conformance/internal/verdict"
)

// follow prints each status an instance comes to, until the change has ended or its time
// is over, and returns what is wrong with the way it went.
func follow(ctx context.Context, out io.Writer, c *contract.Contract, remote *target.Remote, ch change) ([]verdict.Finding, error) {
	d, _ := c.Lifecycle(ch.exchange.Operation)
	followed := target.Followed{Definition: d, Call: ch.exchange, Subject: ch.instance, From: ch.from}
	subject, err := remote.Follow(ctx, followed, func(after time.Duration, status string) {
		fmt.Fprintf(out, "%10s  %s\n", after.Round(time.Millisecond), report.Plain(status))
	})
	if err != nil {
		return nil, err
	}
	if subject.Watch.Phase() == lifecycle.Waiting && !subject.Reached.IsZero() {
		fmt.Fprintf(out, "%10s  it has its new value, and %s was not seen: a run of the scenarios looks closer\n", "", lifecycle.States(d.Transient))
		return nil, nil
	}
	findings, err := run.StepsContract(c).Departures(subject.Watch, d.Operation.Action, ch.instance)
	return findings, harnessError(err)
}
