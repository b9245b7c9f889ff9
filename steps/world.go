package steps

import (
	"context"
	"errors"
	"time"

	"github.com/zec-tools/conformance/internal/operation"
	"github.com/zec-tools/conformance/internal/wire"
)

// World is the state of one scenario, made for the scenario and dropped with it. Its parts build on
// each other: scenario, instances, readings, responses, changes. A part knows only those before it.
// The sentences about requests, lists, batches and concurrent calls have a part each, which builds
// on all of these.
type World struct {
	*changes
	requests
	lists
	batches
	concurrency
}

// scenario is what the run gives to a scenario.
type scenario struct {
	contract *Contract
	timing   Timing
	session  Session
	clauses  []string // the clauses the scenario bears, its rule's first
	compares bool     // a step compares the instances with their state before the last request
	seed     int64    // of what the scenario makes up
}

// NewWorld makes the state of a scenario. What it makes up, it makes up from the seed.
func NewWorld(contract *Contract, timing Timing, session Session, seed int64) *World {
	all := &changes{responses: &responses{readings: &readings{instances: &instances{scenario: &scenario{
		contract: contract, timing: timing, session: session, seed: seed,
	}}}}}
	return &World{changes: all, requests: requests{all}, lists: lists{all}, batches: batches{all}, concurrency: concurrency{changes: all}}
}

// Play tells the state which clauses its scenario bears, and what it needs.
func (sc *scenario) Play(clauses []string, needs Needs) {
	sc.clauses, sc.compares = clauses, needs.State
}

// rule returns the clause of the rule the scenario stands under.
func (sc *scenario) rule() string {
	if len(sc.clauses) == 0 {
		return ""
	}
	return sc.clauses[0]
}

func (sc *scenario) pace() operation.Pace {
	return operation.Pace{Interval: sc.timing.PollInterval, Settle: sc.timing.Settle}
}

// interrupted turns the error of an ended context into an inconclusive outcome.
func interrupted(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return &Inconclusive{Cause: wire.CauseInterrupted, Reason: "the run was interrupted"}
	}
	return err
}

// await waits, or ends the scenario when the run is interrupted.
func await(ctx context.Context, d time.Duration) error {
	return interrupted(operation.Wait(ctx, d))
}
