// Package plan says what a run would do at a target, without sending anything: which
// scenarios would run, every call of theirs that could change an instance, what would
// be skipped and why, and what it would cost.
//
// It takes the same values that a run does, so the two cannot disagree: what a case
// needs, what its sentences say they call, the schedule, what the target's configuration
// lists, and the guard, which decides what may leave. It knows no action and opens no
// connection.
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

// Plan is what a run would do.
type Plan struct {
	Target    string     `json:"target"`
	Endpoint  string     `json:"endpoint"`
	One       string     `json:"-"`         // what messages call one of the things that the target lists: an instance
	Several   string     `json:"-"`         // and several
	Scenarios []Scenario `json:"scenarios"` // that would run
	Skipped   []Skipped  `json:"skipped"`
	Calls     Range      `json:"calls"`     // of scenarios, that could change an instance
	Resizes   Range      `json:"resizes"`   // changes of any kind that are meant to be carried out; most: the bound at which the run gives up
	Back      Range      `json:"back"`      // further ones, that restore instances
	BackTries int        `json:"backTries"` // how many an instance gets at an endpoint that does not do as it is told
	Requests  Range      `json:"requests"`  // about, polls left out
	Polls     int        `json:"polls"`     // about: requests that follow the least changes while they run
	Seconds   Range      `json:"seconds"`   // least: each change takes the usual time; most: as many as may be, each of resizeTimeout
	Usual     Usual      `json:"usual"`
	Parallel  int        `json:"parallel"` // scenarios at once
	Rate      float64    `json:"requestsPerSecond"`
	Timeout   int        `json:"resizeTimeoutSeconds"`
}

// Usual is how long a change usually takes.
type Usual struct {
	Seconds int    `json:"seconds"`
	Source  string `json:"source"` // the report that shows it; "": it is assumed
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

// Scenario is one that would run.
type Scenario struct {
	ID       string  `json:"id"`
	Name     string  `json:"name"`
	Feature  string  `json:"feature"` // the file
	Calls    []Call  `json:"calls,omitempty"`
	Changes  int     `json:"changes,omitempty"` // that it makes at least, preparations included
	Requests int     `json:"requests"`          // about, polls left out
	Shared   *Shared `json:"shared,omitempty"`  // it sends nothing itself
}

// Shared says whose evidence a scenario is judged by.
type Shared struct {
	Scenario string `json:"scenario"`
	How      string `json:"how"` // changes or steps, as in a report
}

// Call is what a scenario calls that is not known to read alone.
type Call struct {
	Action    string   `json:"action"`
	Instances []string `json:"instances"` // the one, or when others run first any of them; none: one that does not exist
	To        string   `json:"to"`        // in words
	Types     []string `json:"types,omitempty"`
	Times     Range    `json:"times"`
	Refused   bool     `json:"refused"`            // it is meant to be refused
	Harmless  bool     `json:"harmless"`           // it is meant to change nothing, whatever the answer
	Withheld  string   `json:"withheld,omitempty"` // why it may not leave: nothing of it would be sent
}

// Skipped is a scenario that would not run.
type Skipped struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Reason string `json:"reason"`
	Unlock string `json:"unlock,omitempty"` // the line of the configuration that would let it run
}

// Options are what a plan is made with besides the target.
type Options struct {
	API   *contract.Contract
	Usual Usual // how long a change takes; zero: it is assumed
}

// Make makes the plan of running cases at a target.
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
