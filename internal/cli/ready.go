package cli

import (
	"github.com/zec-tools/conformance/internal/run"
	"github.com/zec-tools/conformance/internal/schedule"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/steps"
)

// readyTarget is a target made ready.
type readyTarget struct {
	run.Target
	parallel   int
	unrestored func() []verdict.Unrestored
	close      func() error
	watch      func(restoring func(instance, status string)) // nil: nothing is ever restored
	stock      schedule.Stock                                // nil: changes cost nothing
	maxChanges int                                           // 0: any number
	bound      func(most int)                                // bounds the changes of the run
	recorded   func() *verdict.Fixture                       // nil: nothing is ever prepared and restored
	lost       *steps.Inconclusive                           // why no scenario can judge the endpoint; nil: nothing is known against it
}

// fixture returns what prepared and restored instances, as far as this run did it.
func (t *readyTarget) fixture(resumed bool) *verdict.Fixture {
	if t.recorded == nil {
		return nil
	}
	fixture := t.recorded()
	fixture.Complete = fixture.Complete && !resumed
	return fixture
}

// call returns how the command begins that sends one request by hand.
func (t *readyTarget) call(o *runOptions) string {
	if t.stock == nil {
		return ""
	}
	return o.command("call")
}

// schedule decides what becomes of the scenarios, and tells progress what to expect.
func (t *readyTarget) schedule(cases []suite.Case, progress *progress) (planned *schedule.Schedule) {
	if t.stock != nil {
		planned = schedule.Make(cases, t.stock, t.maxChanges)
		t.bound(planned.Bound)
	}
	progress.expect(cases, t.parallel, func(c suite.Case) bool {
		_, out := planned.LeftOut(c.ID)
		return out || t.stock != nil && t.stock.Lacks(c.Needs) != nil
	})
	if t.watch != nil {
		t.watch(progress.restoring)
	}
	return planned
}
