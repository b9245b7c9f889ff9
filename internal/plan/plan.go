// Package plan says what a run would do at a target, without sending anything: which
// scenarios would run, every call of theirs that could change an instance, what would
// be skipped and why, and how long it would take.
//
// It takes the same values that a run does, so the two cannot disagree: what a case
// needs, what its sentences say they call, what the target's configuration lists, and the
// guard, which decides what may leave. It knows no action and opens no connection.
package plan

import (
	"errors"
	"fmt"
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
	Scenarios []Scenario `json:"scenarios"` // that would run
	Skipped   []Skipped  `json:"skipped"`
	Calls     Range      `json:"calls"`     // of scenarios, that could change an instance
	Resizes   Range      `json:"resizes"`   // those of them that are meant to be carried out
	Back      Range      `json:"back"`      // further ones, that restore instances
	BackTries int        `json:"backTries"` // how many an instance gets at an endpoint that does not do as it is told
	Requests  Range      `json:"requests"`  // all of them, roughly
	Seconds   Range      `json:"seconds"`   // least: a resize takes no time but to settle; most: each takes resizeTimeout
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
	ID    string `json:"id"`
	Name  string `json:"name"`
	Calls []Call `json:"calls,omitempty"`
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
}

// How many requests go with a scenario and with a call: its state is read before and
// after, and a change is followed by polls.
const (
	readsPerScenario = 3
	readsPerCall     = 4
	pollsPerResize   = 10
)

// Make makes the plan of running cases at a target.
func Make(cases []suite.Case, at target.Inventory, api *contract.Contract) (Plan, error) {
	config := at.Config()
	guard := config.Guard(api)
	p := Plan{Target: config.Name, Endpoint: config.Endpoint, Scenarios: []Scenario{}, Skipped: []Skipped{}, BackTries: target.ChangesBack}
	scheduled := schedule.Make(cases, at, config.MaxChanges)
	for _, c := range cases {
		var lacking *steps.Lacking
		reason, out := scheduled.LeftOut(c.ID)
		switch err := at.Lacks(c.Needs); {
		case out:
			p.Skipped = append(p.Skipped, Skipped{c.ID, c.Name, reason})
		case errors.As(err, &lacking):
			p.Skipped = append(p.Skipped, Skipped{c.ID, c.Name, lacking.Reason})
		case err != nil:
			return p, err
		default:
			p.add(Scenario{ID: c.ID, Name: c.Name, Calls: caller{c, at, api, guard}.calls()}, c)
		}
	}
	p.estimate(config)
	return p, nil
}

func (p *Plan) add(s Scenario, c suite.Case) {
	p.Scenarios = append(p.Scenarios, s)
	p.Requests.add(readsPerScenario, readsPerScenario)
	resized := false
	for _, call := range s.Calls {
		if call.Withheld != "" {
			continue
		}
		least, most := call.Times.Least, call.Times.Most
		p.Calls.add(least, most)
		if call.To != asWritten { // such a call is the scenario's one request: it is counted with its reads
			p.Requests.add(least*(1+readsPerCall), most*(1+readsPerCall))
		}
		if !call.Refused && !call.Harmless {
			p.Resizes.add(least, most)
			resized = true
		}
	}
	if resized && len(c.Needs.Instances) > 0 {
		p.Back.add(0, 1) // none when its last change has led back
	}
}

// estimate says how long it takes when the resizes take no time but to settle, and when
// each takes all the time it may.
func (p *Plan) estimate(c target.Config) {
	least, most := p.Resizes.Least+p.Back.Least, p.Resizes.Most+p.Back.Most
	p.Requests.add(least*pollsPerResize, most*pollsPerResize)
	seconds := func(requests, resizes int, each time.Duration) int {
		t := time.Duration(resizes) * (each + c.Timing.Settle)
		if c.RequestsPerSecond > 0 {
			t += time.Duration(float64(requests) / c.RequestsPerSecond * float64(time.Second))
		}
		return int((t + time.Second - 1) / time.Second)
	}
	p.Seconds = Range{
		Least: seconds(p.Requests.Least, least, 0),
		Most:  seconds(p.Requests.Most, most, c.Timing.ResizeTimeout),
	}
}

// String returns the number, or both ends of what it may be.
func (r Range) String() string {
	if r.Least == r.Most {
		return strconv.Itoa(r.Least)
	}
	return fmt.Sprintf("%d to %d", r.Least, r.Most)
}
