package cli

import (
	"github.com/zec-tools/conformance/internal/run"
	"github.com/zec-tools/conformance/internal/schedule"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/steps"
)

// readyTarget is a target that is ready for a run.
type readyTarget struct {
	run.Target
	parallel   int
	unrestored func() []verdict.Unrestored
	close      func() error
	watch      func(restoring func(instance, status string)) // nil if nothing is ever restored
	stock      schedule.Stock                                // nil if changes have no cost
	maxChanges int                                           // 0 means no limit
	bound      func(most int)                                // limits the changes of the run
	recorded   func() *verdict.Fixture                       // nil if nothing is ever prepared or restored
	lost       *steps.Inconclusive                           // why no scenario can judge the endpoint; nil if nothing is known against it
}

// fixture returns the calls that prepared and restored instances, as far as this run made them.
func (t *readyTarget) fixture(resumed bool) *verdict.Fixture {
	if t.recorded == nil {
		return nil
	}
	fixture := t.recorded()
	fixture.Complete = fixture.Complete && !resumed
	return fixture
}

// call returns the start of the command that sends a single request.
func (t *readyTarget) call(o *runOptions) string {
	if t.stock == nil {
		return ""
	}
	return o.command("call")
}

// schedule decides which scenarios run, and tells progress what to expect.
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
