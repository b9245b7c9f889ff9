package plan

import (
	"slices"
	"time"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/guard"
	"github.com/zec-tools/conformance/internal/schedule"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/target"
	"github.com/zec-tools/conformance/internal/verdict"
)

// assumed is the duration of a change if no report shows it.
const assumed = 3 * time.Minute

const (
	// readsPerChange are the reads of the values before and after, and of what must not change.
	readsPerChange = 4
	// firstPolls follow the answer to a change, and settlePolls fall into the time for which its
	// end must hold, whatever the pollInterval is.
	firstPolls, settlePolls = 12, 8
	// aroundARun are the reads of a run's preflight and of its end.
	aroundARun = 12
)

// estimate adds up the costs of scenarios.
type estimate struct {
	plan     *Plan
	at       target.Inventory
	api      *contract.Contract
	guard    *guard.Guard
	schedule *schedule.Schedule
	known    map[string]bool // instances whose state was last read by another scenario and has not changed since, by the first need of a scenario
	chain    int             // the most changes in a single scenario, which follow each other
	refused  int             // the maximum number of calls that should be refused
}

// add adds a scenario that would run.
func (e *estimate) add(c suite.Case) {
	s := Scenario{ID: c.ID, Name: c.Name, Feature: c.File}
	switch of, is := e.schedule.Repeats(c.ID); {
	case is:
		s.Shared = &Shared{of, string(verdict.SharedSteps)}
	default:
		if of, is = e.schedule.Shares(c.ID); is {
			s.Shared = &Shared{of, string(verdict.SharedChanges)}
		}
	}
	switch {
	case s.Shared == nil:
		s.Calls = caller{c, e.schedule.Brought(c.ID), e.at, e.api, e.guard}.calls()
		e.cost(c, &s)
	case s.Shared.How == string(verdict.SharedChanges): // it makes changes of its own if those of the other scenario do not end as expected
		s.Calls = caller{c, e.schedule.Brought(c.ID), e.at, e.api, e.guard}.calls()
		for i := range s.Calls {
			s.Calls[i].Times.Least = 0
		}
	}
	e.plan.Scenarios = append(e.plan.Scenarios, s)
	e.plan.Requests.add(s.Requests, s.Requests)
}

// cost computes what a scenario changes and sends.
func (e *estimate) cost(c suite.Case, s *Scenario) {
	for _, call := range s.Calls {
		if call.Withheld != "" {
			continue
		}
		e.plan.Calls.add(call.Times.Least, 0)
		if call.Refused || call.Harmless {
			e.refused += call.Times.Most
		}
	}
	own, _ := schedule.Changes(c)
	s.Changes = own + len(e.schedule.Brought(c.ID))
	e.chain = max(e.chain, s.Changes)
	sent, again := 0, 0
	for _, step := range c.Steps {
		what := step.Match.Metadata()
		again += what.Again
		calls := len(what.Calls)
		for _, call := range what.Calls {
			sent += call.Least
		}
		if calls == 0 && (len(what.Actions) > 0 || what.Body != nil) {
			sent += max(1, what.Reads)
		}
	}
	s.Requests = sent + again
	switch {
	case s.Changes > 0:
		s.Requests += s.Changes * readsPerChange
	case len(c.Needs.Instances) > 0 && (c.Needs.State || len(s.Calls) > 0):
		s.Requests++ // the read after the call
		key := key(c)
		if !e.known[key] {
			s.Requests++ // the read before the call
		}
		e.known[key] = again == 0
	}
}

// key identifies which instances a scenario gets.
func key(c suite.Case) string {
	text := ""
	for _, n := range c.Needs.Instances {
		text += n.Kind + n.Status
		if n.GPU {
			text += " GPU"
		}
		text += ","
	}
	return text
}

// total computes the duration, and the bounds at which the run gives up.
func (e *estimate) total() {
	p, config := e.plan, e.at.Config()
	p.Resizes = Range{Least: e.schedule.Changes, Most: e.schedule.Bound}
	p.Calls.Most = max(p.Calls.Least, p.Resizes.Most+e.refused)
	p.Requests.add(aroundARun, aroundARun)
	p.Back = Range(e.schedule.Back)
	if config.Parallel > 1 && p.Resizes.Least > 0 {
		p.Back.Most = max(p.Back.Most, e.backAside())
	}
	interval := max(config.Timing.PollInterval, time.Millisecond)
	polls := firstPolls + settlePolls + int(time.Duration(p.Usual.Seconds)*time.Second/interval)
	made := p.Resizes.Least + p.Back.Least
	p.Polls = made * polls
	longest := max(e.chain, (made+e.lanes()-1)/e.lanes())
	each := time.Duration(p.Usual.Seconds)*time.Second + config.Timing.Settle
	p.Seconds = Range{
		Least: e.seconds(p.Requests.Least, time.Duration(longest)*each),
		Most:  e.seconds(p.Requests.Most, time.Duration(p.Resizes.Most+p.Back.Most)*(config.Timing.ResizeTimeout+config.Timing.Settle)),
	}
}

// backAside is how many changes restore instances at most where scenarios run side by side: which of them they are
// lent depends on which scenario ends first, and each change of a status may have to be taken back for another one.
func (e *estimate) backAside() int {
	longest := e.at.Course().Longest()
	most := e.changeable() * longest
	if longest > 1 {
		most += e.plan.Resizes.Least
	}
	return most
}

// lanes returns how many instances can be changed at the same time.
func (e *estimate) lanes() int { return max(1, min(e.changeable(), e.at.Config().Parallel)) }

// changeable returns how many instances may be changed.
func (e *estimate) changeable() (could int) {
	for _, in := range e.at.Config().Instances {
		if slices.ContainsFunc(e.plan.Scenarios, func(s Scenario) bool {
			return s.Changes > 0 && slices.ContainsFunc(s.Calls, func(c Call) bool { return slices.Contains(c.Instances, in.ID) })
		}) {
			could++
		}
	}
	return could
}

// seconds returns how long requests take at the target's rate, plus the changes.
func (e *estimate) seconds(requests int, changes time.Duration) int {
	t := changes
	if rate := e.at.Config().RequestsPerSecond; rate > 0 {
		t += time.Duration(float64(requests) / rate * float64(time.Second))
	}
	return int((t + time.Second - 1) / time.Second)
}
