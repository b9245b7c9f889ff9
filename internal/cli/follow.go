package cli

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/run"
	"github.com/zec-tools/conformance/internal/target"
	"github.com/zec-tools/conformance/internal/verdict"
)

// speaker is where something is told, and in which language.
type speaker struct {
	to io.Writer
	in language.Language
}

// line prints a text of the catalogue as a line.
func (s speaker) line(text string, args ...any) { fmt.Fprintln(s.to, s.in.Say(text, args...)) }

// follow prints each status an instance comes to, until the change has ended or its time
// is over, and returns what is wrong with the way it went.
func follow(ctx context.Context, say speaker, c *contract.Contract, remote *target.Remote, ch change) ([]verdict.Finding, error) {
	d, _ := c.Lifecycle(ch.exchange.Operation)
	followed := target.Followed{Definition: d, Call: ch.exchange, Subject: ch.instance, From: ch.from}
	subject, err := remote.Follow(ctx, followed, func(after time.Duration, status string) {
		fmt.Fprintf(say.to, "%10s  %s\n", after.Round(time.Millisecond), report.Plain(status))
	})
	if err != nil {
		return nil, err
	}
	if subject.Watch.Phase() == lifecycle.Waiting && !subject.Reached.IsZero() {
		fmt.Fprintf(say.to, "%10s  %s\n", "", say.in.Say("it has its new value, and {0} was not seen: a run of the scenarios looks closer", lifecycle.States(d.Transient)))
		return nil, nil
	}
	findings, err := run.StepsContract(c).Departures(subject.Watch, d.Operation.Action, ch.instance)
	return findings, harnessError(err)
}
