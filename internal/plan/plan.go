// Package plan predicts what a run would do at a target, without sending anything: which scenarios
// would run, every call that could change an instance, what would be skipped and why, and the cost.
//
// It uses the same values as a run, so that the two cannot disagree: the needs of a case, the calls
// that its sentences describe, the schedule, the configuration of the target, and the guard. It
// knows no action and opens no connection.
package plan

import (
	"errors"
	"strconv"
	"time"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/schedule"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/target"
	"github.com/zec-tools/conformance/steps"
)

// Plan describes what a run would do.
type Plan struct {
	Target    string     `json:"target"`
	Endpoint  string     `json:"endpoint"`
	One       string     `json:"-"`         // the word for a listed thing in messages, such as an instance
	Several   string     `json:"-"`         // its plural
	Scenarios []Scenario `json:"scenarios"` // the scenarios that would run
	Skipped   []Skipped  `json:"skipped"`
	Calls     Range      `json:"calls"`     // calls of scenarios that could change an instance
	Resizes   Range      `json:"resizes"`   // changes of any kind that should be carried out; most is the limit at which the run gives up
	Back      Range      `json:"back"`      // further changes, which restore instances
	BackTries int        `json:"backTries"` // the number of restoring changes per instance at an endpoint that does not do as it is told
	Requests  Range      `json:"requests"`  // approximately, without polls
	Polls     int        `json:"polls"`     // approximate number of requests that follow the minimum of changes while they run
	Seconds   Range      `json:"seconds"`   // least: each change takes the usual time; most: the maximum number of changes, each taking resizeTimeout
	Usual     Usual      `json:"usual"`
	Parallel  int        `json:"parallel"` // the number of concurrent scenarios
	Rate      float64    `json:"requestsPerSecond"`
	Timeout   int        `json:"resizeTimeoutSeconds"`
}

// Usual is how long a change usually takes.
type Usual struct {
	Seconds int    `json:"seconds"`
	Source  string `json:"source"` // the report that shows it; "" if it is assumed
}

// Range is a number that is not known exactly.
type Range struct {
	Least int `json:"least"`
	Most  int `json:"most"`
}

func (r *Range) add(least, most int) {
	r.Least += least
	r.Most += most
}

// Scenario is a scenario that would run.
type Scenario struct {
	ID       string  `json:"id"`
	Name     string  `json:"name"`
	Feature  string  `json:"feature"` // the feature file
	Calls    []Call  `json:"calls,omitempty"`
	Changes  int     `json:"changes,omitempty"` // the minimum number of changes, preparations included
	Requests int     `json:"requests"`          // approximately, without polls
	Shared   *Shared `json:"shared,omitempty"`  // set if it sends nothing itself
}

// Shared says whose evidence a scenario is judged by.
type Shared struct {
	Scenario string `json:"scenario"`
	How      string `json:"how"` // changes or steps, as in a report
}

// Call is a call of a scenario that is not known to be a read.
type Call struct {
	Action    string   `json:"action"`
	Instances []string `json:"instances"` // a single one, or all candidates if it depends on other scenarios; empty for one that does not exist
	To        string   `json:"to"`        // the requested value, in words
	Types     []string `json:"types,omitempty"`
	Times     Range    `json:"times"`
	Refused   bool     `json:"refused"`            // it should be refused
	Harmless  bool     `json:"harmless"`           // it should change nothing, whatever the answer
	Withheld  string   `json:"withheld,omitempty"` // why it must not be sent, in which case nothing of it is
}

// Skipped is a scenario that would not run.
type Skipped struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Reason string `json:"reason"`
	Unlock string `json:"unlock,omitempty"` // the configuration line that would let it run
}

// Options are the inputs of a plan other than the target.
type Options struct {
	API   *contract.Contract
	Usual Usual // how long a change takes; zero means that it is assumed
}

// Make returns the plan for running cases at a target.
func Make(cases []suite.Case, at target.Inventory, o Options) (Plan, error) {
	config := at.Config()
	p := Plan{
		Target: config.Name, Endpoint: config.Endpoint, Scenarios: []Scenario{}, Skipped: []Skipped{}, BackTries: target.ChangesBack,
		Usual: o.Usual, Parallel: config.Parallel, Rate: config.RequestsPerSecond, Timeout: int(config.Timing.ResizeTimeout / time.Second),
	}
	p.One, p.Several = at.Called()
	if p.Usual.Seconds == 0 {
		p.Usual.Seconds = int(min(assumed, config.Timing.ResizeTimeout) / time.Second)
	}
	allows := config.Guard(o.API)
	allows.MakeUp(steps.Longer(target.AbsentInstance))
	e := estimate{plan: &p, at: at, api: o.API, guard: allows, schedule: schedule.Make(cases, at, config.MaxChanges), known: map[string]bool{}}
	for _, c := range cases {
		var lacking *steps.Lacking
		reason, out := e.schedule.LeftOut(c.ID)
		switch err := at.Lacks(c.Needs); {
		case out:
			p.Skipped = append(p.Skipped, Skipped{c.ID, c.Name, reason, "maxChanges: " + strconv.Itoa(e.schedule.Wanted)})
		case errors.As(err, &lacking):
			p.Skipped = append(p.Skipped, Skipped{c.ID, c.Name, lacking.Reason, lacking.Unlock})
		case err != nil:
			return p, err
		default:
			e.add(c)
		}
	}
	e.total()
	return p, nil
}
