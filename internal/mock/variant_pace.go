package mock

import (
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// paceVariants differ in how long things take, and in what has to be asked again.
func paceVariants() []Variant {
	const pace, again = "how long a resize takes", "E: try later; the SDKs retry (K)"
	return []Variant{
		{Name: "resize-in-5ms", Text: "A resize takes five milliseconds.", Freedom: pace, ResizeTime: 5 * time.Millisecond},
		{Name: "resize-in-300ms", Text: "A resize takes many times as long as callers wait between two looks.", Freedom: pace, ResizeTime: 300 * time.Millisecond},
		{Name: "resize-uneven", Text: "Each resize takes another time, up to five times the shortest.", Freedom: pace,
			apply: counted(func(count *atomic.Int64) injection {
				return starting(modifyType, func(m *Mock, _, resized *record) {
					resized.transition.end = resized.transition.end.Add(time.Duration(count.Add(1)%5) * m.resizeTime)
				})
			})},
		{Name: "hiccups-503", Open: true, Text: "One request in four has to be sent three times: the service is unavailable.", Freedom: again, apply: hiccups(unavailable)},
		{Name: "hiccups-503-timed-out", Open: true, Text: "One request in four has to be sent three times: it times out.", Freedom: again, apply: hiccups(timedOut)},
		{Name: "hiccups-429", Text: "One request in four has to be sent three times: the caller is too fast.", Freedom: again, apply: hiccups(limitExceeded)},
	}
}

// hiccups refuses one request in four twice, before it is looked at. Requests are the
// same when their action and their body are.
func hiccups(with refusal) injection {
	const one, times = 4, 2
	return func(m *Mock) {
		var met sync.Map // of *atomic.Int64 by the number of a request
		next := m.behaviour.admit
		m.behaviour.admit = func(c *call) refusal {
			request := mix(number(c.action() + "\n" + string(c.body)))
			if request%one != 0 {
				return next(c)
			}
			count, _ := met.LoadOrStore(request, new(atomic.Int64))
			if count.(*atomic.Int64).Add(1) <= times {
				return with
			}
			return next(c)
		}
		deliver := m.behaviour.deliver
		m.behaviour.deliver = func(w http.ResponseWriter, c *call, a answer) {
			if a.status == with.status {
				w.Header().Set("Retry-After", "0")
			}
			deliver(w, c, a)
		}
	}
}
