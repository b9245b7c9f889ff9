package defects

import (
	"sync"
	"sync/atomic"

	"github.com/zec-tools/conformance/internal/mock"
)

// intermittentDefects are correct most of the time.
func intermittentDefects() []Defect {
	return append(repeatedDefects(), []Defect{
		{"one-in-five-inner-id-differs", "R-REQUEST-ID-EQUAL", "One success in five carries two request ids that differ.",
			nil, nowAndThen(5, successes(), func(_ *mock.Call, a *mock.Answer) {
				rewrite(a, func(b object) {
					response := responseOf(b)
					response["requestId"] = "T-" + b["requestId"].(string)
				})
			})},
		{"one-in-five-text-plain", "R-MEDIA-RESPONSE", "One answer in five is declared text/plain, being that of an old server behind the same name.",
			nil, nowAndThen(5, everyAnswer, func(_ *mock.Call, a *mock.Answer) { a.MediaType = "text/plain" })},
		{"one-in-five-total-missing", "C-STATUS-TOTAL", "One answer of DescribeInstancesStatus in five lacks totalCount.",
			[]string{"C-STATUS-TOTAL-MATCHES"}, // no number is the right one
			nowAndThen(5, successes(mock.DescribeStatus), func(_ *mock.Call, a *mock.Answer) {
				rewrite(a, func(b object) { delete(responseOf(b), "totalCount") })
			})},
		{"one-in-five-message-missing", "R-FAILURE-MESSAGE", "One refusal in five lacks its message.",
			[]string{"R-FAILURE-ENVELOPE"}, // it lists the members
			nowAndThen(5, everyFailure, func(_ *mock.Call, a *mock.Answer) { rewrite(a, func(b object) { delete(b, "message") }) })},

		{"third-resize-stuck", "M-RESIZE-STOPPED", "One resize in three never ends.",
			nil, thirdResize(func(_ *mock.Mock, resized *mock.Record) { resized.Transition.End = resized.Transition.End.Add(century) })},
		{"third-resize-keeps-type", "M-RESIZE-TYPE", "One resize in three ends with the old type.",
			nil, thirdResize(func(m *mock.Mock, resized *mock.Record) { redirect(m, resized, resized.Instance.Type) })},
		{"third-resize-202", "R-STATUS-200", "One resize in three is answered with 202.",
			notDocumented(), nowAndThen(3, successes(mock.ModifyType), func(_ *mock.Call, a *mock.Answer) { a.Status = 202 })},
	}...)
}

// nowAndThen alters one in n of the selected answers.
func nowAndThen(n int64, pick answers, change func(c *mock.Call, a *mock.Answer)) injection {
	return counted(func(count *atomic.Int64) injection {
		return redelivering(func(c *mock.Call, a *mock.Answer) bool { return pick(c, a) && each(n, count) }, change)
	})
}

// thirdResize alters one in three of the resizes that begin.
func thirdResize(change func(m *mock.Mock, resized *mock.Record)) injection {
	return counted(func(count *atomic.Int64) injection {
		return starting(mock.ModifyType, func(m *mock.Mock, _, resized *mock.Record) {
			if each(3, count) {
				change(m, resized)
			}
		})
	})
}

// repeatedDefects are correct the first time.
func repeatedDefects() []Defect {
	return []Defect{
		{"second-unknown-instance-500", "M-INSTANCE-NOT-FOUND", "Looking up an instance that does not exist brings about an internal error from the second time on.",
			nil, counted(func(count *atomic.Int64) injection {
				return answeringWhen(mock.ModifyType, mock.InstanceNotFound, mock.InternalError, func(mock.Target) bool { return count.Add(1) > 1 })
			})},
		{"second-anonymous-accepted", "S-AUTH-REQUIRED", "Every second request without Authorization is served.",
			nil, counted(func(count *atomic.Int64) injection {
				return instead(func(c *mock.Call) bool { return anonymous(c) && each(2, count) }, mock.Refusal{})
			})},
		{"second-resize-of-instance-stuck", "M-RESIZE-STOPPED", "The second resize of the same instance never ends.",
			nil, starting(mock.ModifyType, func(_ *mock.Mock, asked, resized *mock.Record) {
				if asked.By(mock.ModifyType) {
					resized.Transition.End = resized.Transition.End.Add(century)
				}
			})},
		{"status-cached", "C-STATUS-TRUE", "DescribeInstancesStatus shows the status of an instance as it was first read, for ever.",
			[]string{"M-RESIZE", "M-RESIZE-RESIZING", "M-RESIZE-SAME-TYPE", "M-RESIZE-STOPPED"}, // no change is to be seen
			injection(func(m *mock.Mock) {
				var first sync.Map // of status by id
				showing(mock.DescribeStatus, func(in *mock.Instance) {
					status, _ := first.LoadOrStore(in.ID, in.Status)
					in.Status = status.(string)
				})(m)
			})},
	}
}
