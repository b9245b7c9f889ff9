package steps

import (
	"context"
	"errors"
	"time"

	"github.com/zec-tools/conformance/internal/operation"
	"github.com/zec-tools/conformance/internal/wire"
)

// World is the state of one scenario: created for it and discarded after it. Its parts build on
// each other in the order scenario, instances, readings, responses, changes, and each knows only
// the parts before it. The sentences about requests, lists, batches and concurrent calls each have
// a part that builds on all of these.
type World struct {
	*changes
	requests
	lists
	batches
	concurrency
}

// scenario holds what the run provides to a scenario.
type scenario struct {
	contract *Contract
	timing   Timing
	session  Session
	clauses  []string // the clauses of the scenario, its rule's first
	compares bool     // a step compares the instances with their state before the last request
	seed     int64    // the seed for everything that the scenario makes up
}

// NewWorld makes the state of a scenario. The seed determines what the scenario makes up.
func NewWorld(contract *Contract, timing Timing, session Session, seed int64) *World {
	all := &changes{responses: &responses{readings: &readings{instances: &instances{scenario: &scenario{
		contract: contract, timing: timing, session: session, seed: seed,
	}}}}}
	return &World{changes: all, requests: requests{all}, lists: lists{all}, batches: batches{all}, concurrency: concurrency{changes: all}}
}

// Play sets the clauses and the needs of the scenario.
func (sc *scenario) Play(clauses []string, needs Needs) {
	sc.clauses, sc.compares = clauses, needs.State
}

// rule returns the clause of the scenario's rule.
func (sc *scenario) rule() string {
	if len(sc.clauses) == 0 {
		return ""
	}
	return sc.clauses[0]
}

func (sc *scenario) pace() operation.Pace {
	return operation.Pace{Interval: sc.timing.PollInterval, Settle: sc.timing.Settle}
}

// interrupted turns the error of a cancelled context into an inconclusive outcome.
func interrupted(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return &Inconclusive{Cause: wire.CauseInterrupted, Reason: "the run was interrupted"}
	}
	return err
}

// await waits for d, or ends the scenario if the run is interrupted.
func await(ctx context.Context, d time.Duration) error {
	return interrupted(operation.Wait(ctx, d))
}
