package defects

import (
	"slices"
	"sync/atomic"
	"time"

	"github.com/zec-tools/conformance/internal/mock"
)

// moment is how long a call that others must not interfere with gives them time to do so. It is
// longer than a request takes over loopback, and too short to be noticed.
const moment = time.Millisecond

// concurrentDefects are mistakes that only concurrent calls show.
func concurrentDefects() []Defect {
	return []Defect{
		{"concurrent-request-ids-shared", "R-REQUEST-ID-UNIQUE", "The request id is the number of answers so far: requests at the same time share it.",
			nil, counted(func(count *atomic.Int64) injection {
				return together(
					identifying(func(int64) int64 { return count.Load() }),
					redelivering(everyAnswer, func(*mock.Call, *mock.Answer) { time.Sleep(moment); count.Add(1) }),
				)
			})},
		{"concurrent-request-ids-mixed", "R-REQUEST-ID-EQUAL", "The request id in the response is that of the request that came last.",
			nil, injection(func(m *mock.Mock) {
				next, last := m.Behaviour.Wrap, new(atomic.Pointer[string])
				m.Behaviour.Wrap = func(requestID string, o mock.Outcome) mock.Envelope {
					last.Store(&requestID)
					e := next(requestID, o)
					time.Sleep(moment)
					if e.InnerID != "" {
						e.InnerID = *last.Load()
					}
					return e
				}
			})},
		{"concurrent-filters-mixed", "C-STATUS-FILTER", "The instanceIds of DescribeInstancesStatus are those of the request that came last.",
			[]string{"C-STATUS-UNKNOWN", "C-STATUS-TOTAL-MATCHES", "C-STATUS-TRUE", "C-STATUS-PAGE"}, // they are those of somebody else
			injection(func(m *mock.Mock) {
				last := new(atomic.Pointer[[]string])
				asking(mock.DescribeStatus, func(p *mock.Params) {
					if len(p.InstanceIDs) == 0 {
						return
					}
					ids := slices.Clone(p.InstanceIDs)
					last.Store(&ids)
					time.Sleep(moment)
					p.InstanceIDs = *last.Load()
				})(m)
			})},
		{"concurrent-resizes-both-accepted", "M-RESIZE-LOCK", "Of two resizes at the same time both are accepted, since an instance is looked at and locked in two steps.",
			locked(), injection(func(m *mock.Mock) {
				start := m.Behaviour.Start
				m.Behaviour.Start = func(e *mock.Entry, asked, resized *mock.Record) bool {
					if !resized.By(mock.ModifyType) {
						return start(e, asked, resized)
					}
					time.Sleep(gap(m.Takes))
					for r := e.Record.Load(); r != nil; r = e.Record.Load() {
						if e.Record.CompareAndSwap(r, resized) {
							break
						}
					}
					return true
				}
			})},
	}
}

// gap is the time between the two steps: a share of a resize, and short at any pace.
func gap(resizeTime time.Duration) time.Duration {
	return min(max(resizeTime/5, moment), 25*time.Millisecond)
}
