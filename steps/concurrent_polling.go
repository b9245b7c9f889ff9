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

// How a change that nobody saw running is polled concurrently.
const (
	attempts   = 12 // how often it is called at least before that counts
	conclusive = 3  // how many of these must have been read so closely that a change would have been met
	afterwards = 4  // further reads of each reader once the call is answered
)

// readers is how many reads are under way at once, one attempt after the other: many meet even a very short
// change, and few have their answers so soon that nothing fits in between.
var readers = [...]int{8, 16, 32, 2, 4}

// callAgainWatched calls a change once more while everything else rests and several
// reads of one subject are under way at any moment, so that even a very short one is seen.
func (ch *changes) callAgainWatched(ctx context.Context, id string, readers int) error {
	resume := ch.session.Quiet()
	defer resume()
	ch.fixture.Bystanders, ch.fixture.Shared = nil, false // nobody can share what is called again: the reads are as short as they can be
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
		return nil // it has begun after all, and its status shows late
	}
	if !ch.answer.Succeeded() {
		return ch.notCarriedOut(ctx, ch.answer)
	}
	if err := ch.hasSubjects(ctx); err != nil {
		return err
	}
	if len(c.observations) == 0 && c.failed != nil {
		return c.failed // nobody has looked
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
	// Readings that overlap have no order, so they only tell that the change was seen running,
	// or in a status that it never comes to.
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

// timed is a status and when it was read.
type timed struct {
	wire.Timing
	status string
	row    map[string]string
}

// concurrent polls one instance by several readers at a time.
type concurrent struct {
	changes    *changes
	definition lifecycle.Definition
	id         string

	mu                   sync.Mutex
	observations, listed []timed
	failed               error // the last read that gave nothing
}

// read keeps several reads under way until the function it returns is called, which waits
// for them and returns when the last one has ended. Every fourth asks a further reader.
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
				case a.Retried != "": // it says nothing of the time before
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

// contradicted reports whether the observed operation has shown another status between two
// moments in which the further one has shown the change running.
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
