package steps

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// Limits for concurrently polling a change that no read has shown running.
const (
	attempts   = 12 // the minimum number of calls before a change counts as never shown
	conclusive = 3  // how many of those calls must have been polled densely enough to see the change
	afterwards = 4  // the number of reads that each reader makes after the call is answered
)

// readers is the number of concurrent readers, one entry per attempt. Many readers catch even a
// very short change; few readers get their answers faster, so that less can happen between two
// reads.
var readers = [...]int{8, 16, 32, 2, 4}

// callAgainWatched calls a change again, pauses all other scenarios, and polls one subject with
// several readers at a time, so that even a very short change is seen.
func (ch *changes) callAgainWatched(ctx context.Context, id string, readers int) error {
	resume := ch.session.Quiet()
	defer resume()
	ch.fixture.Bystanders, ch.fixture.Shared = nil, false // a repeated change cannot be shared, so the reads ask for as little as possible
	last := ch.change
	d := last.definition
	named := ch.carried()
	if err := ch.remember(ctx); err != nil {
		return err
	}
	wanted := ch.anotherValue(ch.subjects[0])
	if len(last.subjects) > 0 && last.subject().Trajectory.From == last.subject().Trajectory.To {
		wanted = ch.valueOf(ch.subjects[0])
	}
	c := &concurrent{changes: ch, definition: d, id: id}
	stop := c.read(ctx, readers)
	err := ch.callTo(ctx, d, named, wanted)
	stop()
	if err != nil {
		return err
	}
	ch.judged = true // this answer replaces one that a step has compared, and is compared here
	if ch.deniedForStatus(ch.answer) {
		return nil // the change has begun after all; its status shows late
	}
	if !ch.answer.Succeeded() {
		return ch.notCarriedOut(ctx, ch.answer)
	}
	if err := ch.hasSubjects(ctx); err != nil {
		return err
	}
	if len(c.observations) == 0 && c.failed != nil {
		return c.failed // no read succeeded
	}
	subject := ch.change.subjectWith(id)
	ch.change.watched = true
	for _, s := range c.observations {
		subject.Note(s.status, s.Timing)
	}
	for _, s := range c.listed {
		subject.Row(s.row, s.Timing)
	}
	if c.contradicted() {
		ch.contradicted = d.Also[0].Operation.Action
	}
	// Concurrent reads have no order. They only show whether the change was seen running, or in a
	// status that is not part of it.
	ch.change.seen = lifecycle.SeenRunning(d.Rules(ch.timing.Settle), subject.Trajectory)
	seen := func(status string) {
		subject.Watch.See(verdict.Observation{Asked: subject.Trajectory.Answered, Seen: subject.Trajectory.Answered, Status: status})
	}
	if ch.change.seen == lifecycle.AfterAnswer {
		seen(d.Transient[0])
	}
	right := slices.Concat(d.Start, d.Transient, d.End)
	if i := slices.IndexFunc(c.observations, func(s timed) bool { return !slices.Contains(right, s.status) }); i >= 0 {
		seen(c.observations[i].status)
	}
	return nil
}

// timed is a status with the time at which it was read.
type timed struct {
	wire.Timing
	status string
	row    map[string]string
}

// concurrent polls one instance with several readers at a time.
type concurrent struct {
	changes    *changes
	definition lifecycle.Definition
	id         string

	mu                   sync.Mutex
	observations, listed []timed
	failed               error // the error of the last failed read
}

// read starts several readers and returns a function that stops them and waits for the last read to
// end. Every fourth reader uses the second read operation, if there is one.
func (c *concurrent) read(ctx context.Context, readers int) (stop func()) {
	var reading sync.WaitGroup
	ctx, cancel := context.WithCancel(ctx)
	halt := make(chan struct{})
	for reader := range readers {
		r, into := c.definition.Observed, &c.observations
		if reader%4 == 0 && len(c.definition.Also) > 0 {
			r, into = c.definition.Also[0], &c.listed
		}
		reading.Go(func() {
			for further := 0; further < afterwards; {
				rows, a, err := c.changes.rows(ctx, r, []string{c.id})
				c.mu.Lock()
				switch {
				case err != nil:
					c.failed = err
				case a.Retried != "": // a retried read says nothing about the time before
					c.failed = &Inconclusive{Cause: a.Retried, Reason: fmt.Sprintf("%s: no read during the change was answered", a.Retried)}
				default:
					*into = append(*into, timed{a.Timing, rows[c.id][r.Field], rows[c.id]})
				}
				c.mu.Unlock()
				if err != nil {
					return
				}
				select {
				case <-halt:
					further++
				default:
				}
			}
		})
	}
	return func() {
		close(halt)
		reading.Wait()
		cancel()
	}
}

// contradicted reports whether the observed operation showed another status between two moments at
// which the second read operation showed the change running.
func (c *concurrent) contradicted() bool {
	running := func(status string) bool { return slices.Contains(c.definition.Transient, status) }
	var begun, ended time.Time
	for _, l := range c.listed {
		if !running(l.status) {
			continue
		}
		if begun.IsZero() || l.Finished().Before(begun) {
			begun = l.Finished()
		}
		if l.Start.After(ended) {
			ended = l.Start
		}
	}
	return slices.ContainsFunc(c.observations, func(s timed) bool {
		return !running(s.status) && !begun.IsZero() && s.Start.After(begun) && s.Finished().Before(ended)
	})
}
