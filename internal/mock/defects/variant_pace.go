package defects

import (
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/zec-tools/conformance/internal/mock"
)

// paceVariants differ in how long things take, and in what has to be retried.
func paceVariants() []Variant {
	const pace, again = "how long a resize takes", "E: try later; the SDKs retry (K)"
	return []Variant{
		{Name: "resize-in-1ms", Text: "A resize takes one millisecond.", Freedom: pace, ResizeTime: time.Millisecond},
		{Name: "resize-in-5ms", Text: "A resize takes five milliseconds.", Freedom: pace, ResizeTime: 5 * time.Millisecond},
		{Name: "resize-in-300ms", Text: "A resize takes many times as long as callers wait between two looks.", Freedom: pace, ResizeTime: 300 * time.Millisecond},
		{Name: "resize-uneven", Actions: resizes(), Text: "Each resize takes another time, up to five times the shortest.", Freedom: pace,
			apply: counted(func(count *atomic.Int64) injection {
				return starting(mock.ModifyType, func(m *mock.Mock, _, resized *mock.Record) {
					resized.Transition.End = resized.Transition.End.Add(time.Duration(count.Add(1)%5) * m.Takes)
				})
			})},
		{Name: "over-as-called", Actions: changes(), Text: "The first change of an instance on which another call arrives is over just then.", Freedom: pace, apply: endingAsCalled},
		{Name: "hiccups-503", Open: true, Text: "One request in four has to be sent three times: the service is unavailable.", Freedom: again, apply: hiccups(mock.Unavailable)},
		{Name: "hiccups-503-timed-out", Open: true, Text: "One request in four has to be sent three times: it times out.", Freedom: again, apply: hiccups(mock.TimedOut)},
		{Name: "hiccups-429", Text: "One request in four has to be sent three times: the caller is too fast.", Freedom: again, apply: hiccups(mock.LimitExceeded)},
	}
}

// endingAsCalled ends a change immediately before another action is called on its instance, once
// for each instance.
func endingAsCalled(m *mock.Mock) {
	changing := []string{mock.ModifyType, mock.StartName, mock.StopName, mock.RebootName}
	var ended sync.Map // by instance
	for _, action := range changing {
		performing(action, func(_ *mock.Mock, next mock.Perform) mock.Perform {
			return func(m *mock.Mock, c *mock.Call, p mock.Params) mock.Outcome {
				for _, e := range m.Store.Named(append(slices.Clone(p.InstanceIDs), p.InstanceID)) {
					was := e.Record.Load()
					if !slices.ContainsFunc(changing, was.By) || !was.Transition.Start.Before(c.Now) || !c.Now.Before(was.Transition.End) {
						continue
					}
					if _, again := ended.LoadOrStore(was.Instance.ID, true); !again {
						over := *was.Transition
						over.End = c.Now
						e.Record.CompareAndSwap(was, &mock.Record{Instance: was.Instance, Transition: &over})
					}
				}
				return next(m, c, p)
			}
		})(m)
	}
}

// hiccups refuses one request in four twice before processing it. Two requests count as the same if
// their action and body are equal.
func hiccups(with mock.Refusal) injection {
	const one, times = 4, 2
	return func(m *mock.Mock) {
		var met sync.Map // *atomic.Int64, by a hash of the request
		next := m.Behaviour.Admit
		m.Behaviour.Admit = func(c *mock.Call) mock.Refusal {
			request := mock.Mix(number(c.Action() + "\n" + string(c.Body)))
			if request%one != 0 {
				return next(c)
			}
			count, _ := met.LoadOrStore(request, new(atomic.Int64))
			if count.(*atomic.Int64).Add(1) <= times {
				return with
			}
			return next(c)
		}
		deliver := m.Behaviour.Deliver
		m.Behaviour.Deliver = func(w http.ResponseWriter, c *mock.Call, a mock.Answer) {
			if a.Status == with.Status {
				w.Header().Set("Retry-After", "0")
			}
			deliver(w, c, a)
		}
	}
}
