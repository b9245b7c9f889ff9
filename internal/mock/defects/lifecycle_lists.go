package defects

import (
	"slices"
	"sync"
	"time"

	"github.com/zec-tools/conformance/internal/mock"
)

// lifecycleDefects are mistakes about when a change begins and ends.
func (p power) lifecycleDefects() []Defect {
	return []Defect{
		p.defect("ignored", p.unlessItReturns("CARRIED-OUT", "TRANSIENT"), "% is accepted and never begins.",
			append(p.own("CARRIED-OUT", "TRANSIENT", "END", "BATCH"), otherCarriedOut()...), // nothing of what follows a success is seen
			ignoring(p.name, func(mock.Instance, *mock.Transition) bool { return true })),
		p.defect("500", "CARRIED-OUT", "Every call of % that should begin brings about an internal error.",
			p.own("BATCH", "DENIED", "ABSENT"), // a batch is one of them, with or without bad ones
			adding(p.name, mock.InternalError, anyTarget)),
		p.defect("refused", "CARRIED-OUT", "% refuses an instance in the very status that it is for.",
			p.own("BATCH", "ABSENT", "DENIED"), // no batch goes through either, for that reason
			adding(p.name, p.otherwise, anyTarget)),
		p.defect("blocks-until-done", "ASYNC", "% answers when the work has ended.",
			p.own("TRANSIENT"), // who looks after the answer sees none
			blocking(p.name)),
		p.defect("stuck", "END", "The work of % never ends.",
			nil, starting(p.name, func(_ *mock.Mock, _, next *mock.Record) { next.Transition.End = next.Transition.End.Add(century) })),
		p.defect("ends-create-failed", "END", "The work of % ends in CREATE_FAILED.",
			nil, observing(p.name, during(1, forever, "CREATE_FAILED"))),
		p.defect("ends-recycled", "END", "The work of % ends in the recycle bin.",
			nil, observing(p.name, during(1, forever, "RECYCLE"))),
		p.defect("relapses", "END", "After the work of % has ended, the instance shows once more that it runs.",
			nil, func(m *mock.Mock) { observing(p.name, during(1.4, 2.2, p.shows(m)))(m) }),
		p.defect("leaves-end", "END", "Some time after the work of % has ended, the instance goes through a status of another action.",
			p.own("TRANSIENT"), // who blinks at the end sees it on the way
			observing(p.name, during(1.4, 2.2, "REBUILDING"))),
		p.defect("ends-too-early", "END", "The instance shows the end of % in the middle of the work.",
			p.own("TRANSIENT"), // it then shows the work once more
			func(m *mock.Mock) { displaying(p.name, during(0.3, 0.8, m.Behaviour.Changes[p.name].Ends))(m) }),
	}
}

// shows returns the last transient status of the action.
func (p power) shows(m *mock.Mock) string {
	list := m.Behaviour.Changes[p.name].Shows
	return list[len(list)-1]
}

// pathDefects are mistakes in the transient statuses.
func (p power) pathDefects() []Defect {
	return []Defect{
		p.defect("never-shown", "TRANSIENT", "While the work of % runs, the instance shows the status that it had.",
			append(p.own("CARRIED-OUT", "END"), "C-STATUS-TRUE", "C-INSTANCES-TRUE"), // the change is not to be seen, and the status shown is not the one it is in
			displaying(p.name, during(0, 1, p.from))),
		p.defect("hidden-in-listing", "C-INSTANCES-TRUE", "While the work of % runs, DescribeInstances shows the status that the instance had.",
			nil, p.listed(0, 1, func(*mock.Mock) string { return p.from })),
		p.defect("stays-in-listing", "C-INSTANCES-TRUE", "DescribeInstances goes on to show the work of % when it has ended.",
			nil, p.listed(1, forever, p.shows)),
		p.defect("shown-as-imaging", "TRANSIENT", "The work of % runs under the status IMAGING.",
			nil, observing(p.name, during(0, 1, "IMAGING"))),
		p.defect("begins-with-deploying", "TRANSIENT", "The instance shows DEPLOYING before the status of %.",
			nil, observing(p.name, during(0, 0.5, "DEPLOYING"))),
		p.defect("passes-through-rebuilding", "TRANSIENT", "The instance shows REBUILDING in the middle of the work of %.",
			nil, observing(p.name, during(0.3, 0.9, "REBUILDING"))),
		p.defect("passes-through-from", p.unlessItReturns("TRANSIENT", "END"), "In the middle of the work of % the instance shows the status that it had.",
			p.own("END", "TRANSIENT"), // where that is the end as well, it is left again
			displaying(p.name, during(0.3, 0.8, p.from))),
	}
}

// repeatedDefects are mistakes in a second call for the same instance.
func (p power) repeatedDefects() []Defect {
	return []Defect{
		p.defect("second-ignored", p.unlessItReturns("CARRIED-OUT", "TRANSIENT"), "The second % of the same instance is accepted and never begins.",
			append(p.own("CARRIED-OUT", "TRANSIENT", "END"), otherCarriedOut()...), // nothing of what follows a success is seen
			func(m *mock.Mock) {
				again := repeated()
				ignoring(p.name, func(asked mock.Instance, _ *mock.Transition) bool { return again(asked.ID) })(m)
			}),
		p.defect("second-refused", "CARRIED-OUT", "The second % of the same instance is refused.",
			otherCarriedOut(), func(m *mock.Mock) {
				var begun sync.Map
				starting(p.name, func(_ *mock.Mock, asked, _ *mock.Record) { begun.Store(asked.Instance.ID, true) })(m)
				adding(p.name, p.otherwise, func(t mock.Target) bool { _, before := begun.Load(t.ID); return before })(m)
			}),
		p.defect("second-stuck", "END", "The second % of the same instance never ends.",
			nil, func(m *mock.Mock) {
				again := repeated()
				starting(p.name, func(_ *mock.Mock, asked, next *mock.Record) {
					if again(asked.Instance.ID) {
						next.Transition.End = next.Transition.End.Add(century)
					}
				})(m)
			}),
	}
}

// repeated returns a function that reports whether it was called with an id before.
func repeated() func(id string) bool {
	var met sync.Map
	return func(id string) bool {
		_, before := met.LoadOrStore(id, true)
		return before
	}
}

// refusedDefects refuse a call but have an effect all the same.
func (p power) refusedDefects() []Defect {
	running := func(m *mock.Mock, c *mock.Call, ids []string, at time.Time) {
		for _, id := range ids {
			replace(m, id, c.Now, func(in mock.Instance, r *mock.Record) *mock.Record {
				if slices.Contains(mock.Recycled(), in.Status) || r.Transition != nil {
					return nil
				}
				return &mock.Record{Instance: in, Transition: m.Toward(p.name, "", at)}
			})
		}
	}
	return []Defect{
		p.defect("refused-yet-done", "R-REFUSED-UNCHANGED", "% refuses an instance for its status once it has begun.",
			p.own("ONLY-FROM"), // it is done from another status
			afterwards(p.name, p.otherwise, func(m *mock.Mock, c *mock.Call, q mock.Params) { running(m, c, q.InstanceIDs, c.Now) })),
		p.defect("refused-yet-done-later", "R-REFUSED-UNCHANGED", "% refuses an instance for its status, but a job for it stands in the queue.",
			p.own("ONLY-FROM"), // it is done from another status
			together(observing(p.name, queued), afterwards(p.name, p.otherwise, func(m *mock.Mock, c *mock.Call, q mock.Params) {
				running(m, c, q.InstanceIDs, c.Now.Add(m.Takes/3))
			}))),
		p.defect("anonymous-refused-yet-done", "R-REFUSED-UNCHANGED", "% begins before its caller, who has no Authorization, is refused.",
			nil, beforeTheCaller(p.name)),
		p.defect("longer-id-taken", "ONLY-NAMED", "% cuts an id to the length of a column, so that a longer one is that of another instance.",
			nil, performing(p.name, func(_ *mock.Mock, next mock.Perform) mock.Perform {
				return func(m *mock.Mock, c *mock.Call, q mock.Params) mock.Outcome {
					q.InstanceIDs = slices.Clone(q.InstanceIDs)
					for i, id := range q.InstanceIDs {
						q.InstanceIDs[i] = column(m, id)
					}
					return next(m, c, q)
				}
			})),
		p.defect("neighbour-too", "ONLY-NAMED", "% changes the instances created before and after those named, too.",
			watchedNeighbour(), neighbouring(p.name, p.from, func(m *mock.Mock, id, _ string, now time.Time) { begin(m, p.name, id, "", now) })),
	}
}

// listed makes DescribeInstances show another status of an instance while its transition is between
// two shares of its time.
func (p power) listed(from, to float64, status func(m *mock.Mock) string) injection {
	return performing(mock.DescribeInstances, func(_ *mock.Mock, next mock.Perform) mock.Perform {
		return func(m *mock.Mock, c *mock.Call, q mock.Params) mock.Outcome {
			o := next(m, c, q)
			o.Rows = slices.Clone(o.Rows)
			for i, in := range o.Rows {
				if e := m.Store.Find(in.ID); e != nil {
					if r := e.Record.Load(); r != nil && r.By(p.name) {
						during(from, to, status(m))(&o.Rows[i], r, c.Now)
					}
				}
			}
			return o
		}
	})
}
