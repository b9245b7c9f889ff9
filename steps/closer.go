package steps

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// How a change that nobody saw running is looked at more closely.
const (
	attempts    = 12 // how often it is called again before that counts
	readers     = 8  // reads at a time when it is first called again; twice as many each time after
	mostReaders = 32 // reads at a time at most
	afterwards  = 4  // further reads of each reader once the call is answered
)

// callAgainWatched calls a change once more while everything else rests and several
// reads are under way at any moment, so that even a very short one is seen.
func (w *World) callAgainWatched(ctx context.Context, readers int) error {
	resume := w.session.Quiet()
	defer resume()
	inst := w.change.instance
	if err := w.remember(ctx); err != nil {
		return err
	}
	var sights, listed []timed
	stop := w.readAllTheTime(ctx, inst, readers, &sights, &listed)
	to := w.anotherType(inst)
	if w.change.from == w.change.to {
		to = w.before[inst.ID].kind
	}
	err := w.callTo(ctx, inst, to)
	stop()
	if err != nil {
		return err
	}
	w.judged = true // this answer replaces one that a step has compared, and is compared here
	if p, known := w.law.Pair(w.answer.Operation, w.answer.Code); known && p.Clause == "M-STATUS-DENIED" {
		return nil // it has begun after all, and its status shows late
	}
	if !w.answer.Succeeded() {
		return w.missed(w.answer, "M-RESIZE", "status", "success (200)", describe(w.answer))
	}
	for _, s := range sights {
		w.change.note(s.status, s.Timing)
	}
	w.contradicted = w.contradicted || contradicted(sights, listed, w.law.Lifecycle.Transient)
	// Sights that overlap have no order, so they only tell that the change was seen running.
	w.change.seen = lifecycle.SeenRunning(w.rules(), w.change.track)
	if w.change.seen == lifecycle.AfterAnswer {
		w.change.watch.See(verdict.Sight{Asked: w.change.track.Answered, Seen: w.change.track.Answered, Status: w.law.Lifecycle.Transient})
	}
	return nil
}

// timed is a status and when it was read.
type timed struct {
	wire.Timing
	status string
}

// readAllTheTime keeps several reads of a status under way until the function it
// returns is called, which waits for them and returns when the last one has ended.
func (w *World) readAllTheTime(ctx context.Context, inst Instance, readers int, sights, listed *[]timed) (stop func()) {
	var mu sync.Mutex
	var reading sync.WaitGroup
	ctx, cancel := context.WithCancel(ctx)
	halt := make(chan struct{})
	for reader := range readers {
		reading.Go(func() {
			for further := 0; further < afterwards; {
				action, member, into := statuses, "instanceStatus", sights
				if reader%4 == 0 {
					action, member, into = listing, "status", listed
				}
				values, timing, err := w.column(ctx, action, []Instance{inst}, member)
				if err != nil {
					return
				}
				mu.Lock()
				*into = append(*into, timed{Timing: timing, status: values[inst.ID]})
				mu.Unlock()
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

// contradicted reports whether one read operation has shown another status between two
// moments in which the other one has shown the change running.
func contradicted(sights, listed []timed, running string) bool {
	var begun, ended time.Time
	for _, l := range listed {
		if l.status != running {
			continue
		}
		if begun.IsZero() || l.Finished().Before(begun) {
			begun = l.Finished()
		}
		if l.Start.After(ended) {
			ended = l.Start
		}
	}
	return slices.ContainsFunc(sights, func(s timed) bool {
		return s.status != running && !begun.IsZero() && s.Start.After(begun) && s.Finished().Before(ended)
	})
}
