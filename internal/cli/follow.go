package cli

import (
	"context"
	"fmt"
	"io"
	"maps"
	"time"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/run"
	"github.com/zec-tools/conformance/internal/target"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// speaker is an output stream with the language for it.
type speaker struct {
	to io.Writer
	in language.Language
}

// line prints a text of the catalogue on a line.
func (s speaker) line(text string, args ...any) { fmt.Fprintln(s.to, s.in.Say(text, args...)) }

// follow prints each status of the instances of a change until it has ended or its time is over,
// and returns the findings. It does not follow instances that the answer lists as failed.
func follow(ctx context.Context, say speaker, c *contract.Contract, remote *target.Remote, ch change) ([]verdict.Finding, error) {
	d, _ := c.Lifecycle(ch.exchange.Operation)
	followed := target.Followed{Definition: d, Call: ch.exchange, Subjects: maps.Clone(ch.values)}
	for _, id := range wire.ReadAnswer(*ch.exchange.Received).Strings(d.Failed) {
		if _, named := followed.Subjects[id]; named {
			say.line("{0} named {1} {2} as failed", d.Operation.Action, language.Word(d.Kind), report.Plain(id))
			delete(followed.Subjects, id)
		}
	}
	who := func(id string) string {
		if len(ch.values) == 1 {
			return ""
		}
		return id + "  "
	}
	subjects, err := remote.Follow(ctx, followed, func(id string, after time.Duration, status string) {
		fmt.Fprintf(say.to, "%10s  %s%s\n", after.Round(time.Millisecond), who(id), report.Plain(status))
	})
	if err != nil {
		return nil, err
	}
	var findings []verdict.Finding
	for _, s := range subjects {
		if s.Watch.Phase() == lifecycle.Waiting && !s.Reached.IsZero() {
			fmt.Fprintf(say.to, "%10s  %s%s\n", "", who(s.ID), say.in.Say("the change is over, and {0} was not seen: a run of the scenarios looks closer", lifecycle.States(d.Transient)))
			continue
		}
		departures, err := run.StepsContract(c).Departures(s.Watch, d.Operation.Action, s.ID)
		if err != nil {
			return nil, harnessError(err)
		}
		findings = append(findings, departures...)
	}
	return findings, nil
}
