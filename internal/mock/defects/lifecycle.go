package defects

import (
	"context"
	"time"

	"github.com/zec-tools/conformance/internal/mock"
)

// century is longer than anybody waits.
const century = 100 * 365 * 24 * time.Hour

// lifecycleDefects are mistakes in the course of a resize. Their times are shares of the mock's
// resize time, so that they show at any pace.
func lifecycleDefects() []Defect {
	return []Defect{
		{"resize-ignored", "M-RESIZE", "A resize is accepted and never begins.",
			[]string{"M-RESIZE-RESIZING", "M-RESIZE-STOPPED", "M-RESIZE-TYPE", "M-RESIZE-SAME-TYPE"}, // nothing of what follows a success is seen
			ignoring(mock.ModifyType, func(mock.Instance, *mock.Transition) bool { return true })},
		{"downsize-ignored", "M-RESIZE", "A resize to a smaller type is accepted and never begins.",
			[]string{"M-RESIZE-RESIZING", "M-RESIZE-STOPPED", "M-RESIZE-TYPE"}, // as above
			ignoring(mock.ModifyType, func(asked mock.Instance, to *mock.Transition) bool { return to.Gives.CPU < asked.CPU })},
		{"resize-500", "M-RESIZE", "Every resize that should begin brings about an internal error.",
			[]string{"M-RESIZE-SAME-TYPE"}, // a resize to the same type is one of them
			adding(mock.ModifyType, mock.InternalError, func(mock.Target) bool { return true })},

		{"blocks-until-done", "M-RESIZE-ASYNC", "The call answers when the resize has ended.",
			[]string{"M-RESIZE-RESIZING"}, // who looks after the answer sees none
			blocking(mock.ModifyType)},

		{"resizing-never-shown", "M-RESIZE-RESIZING", "An instance shows STOPPED while it is resized, until its type has changed.",
			[]string{"M-RESIZE", "M-RESIZE-STOPPED", "C-STATUS-TRUE", "C-INSTANCES-TRUE", "M-RESIZE-SAME-TYPE"}, // the change is not to be seen, and the status shown is not the one it is in
			displaying(mock.ModifyType, during(0, 1, mock.Stopped))},
		{"shown-as-imaging", "M-RESIZE-RESIZING", "A resize runs under the status IMAGING.",
			nil, observing(mock.ModifyType, during(0, 1, "IMAGING"))},
		{"passes-through-running", "M-RESIZE-RESIZING", "An instance is started in the middle of its resize and shows RUNNING.",
			nil, observing(mock.ModifyType, during(0.3, 0.9, mock.Running))},
		{"begins-with-stopping", "M-RESIZE-RESIZING", "An instance shows STOPPING before it shows RESIZING.",
			nil, observing(mock.ModifyType, during(0, 0.6, "STOPPING"))},
		{"ends-with-booting", "M-RESIZE-RESIZING", "An instance boots once before its resize ends, and shows it.",
			[]string{"M-RESIZE-STOPPED"}, // STOPPED does not follow RESIZING
			observing(mock.ModifyType, during(0.4, 1, "BOOTING"))},

		{"stuck-in-resizing", "M-RESIZE-STOPPED", "A resize never ends.",
			nil, starting(mock.ModifyType, func(_ *mock.Mock, _, resized *mock.Record) {
				resized.Transition.End = resized.Transition.End.Add(century)
			})},
		{"ends-running", "M-RESIZE-STOPPED", "An instance is started at the end of its resize.",
			nil, observing(mock.ModifyType, during(1, forever, mock.Running))},
		{"ends-create-failed", "M-RESIZE-STOPPED", "A resize ends in CREATE_FAILED.",
			nil, observing(mock.ModifyType, during(1, forever, "CREATE_FAILED"))},
		{"ends-stopping", "M-RESIZE-STOPPED", "An instance stays STOPPING after its resize.",
			nil, observing(mock.ModifyType, during(1, forever, "STOPPING"))},
		{"flaps-after-stopped", "M-RESIZE-STOPPED", "An instance shows RESIZING once more after it has shown STOPPED.",
			nil, observing(mock.ModifyType, during(1.4, 2.2, mock.Resizing))},
		{"boots-after-stopped", "M-RESIZE-STOPPED", "An instance starts by itself some time after its resize.",
			nil, observing(mock.ModifyType, during(1.5, forever, mock.Running))},
		{"reboots-after-stopped", "M-RESIZE-STOPPED", "An instance shows REBOOT for a while after it has shown STOPPED.",
			[]string{"M-RESIZE-RESIZING"}, // who blinks at STOPPED sees it on the way
			observing(mock.ModifyType, during(1.4, 2.2, "REBOOT"))},
		{"stopped-too-early", "M-RESIZE-STOPPED", "An instance shows STOPPED in the middle of its resize.",
			[]string{"M-RESIZE", "M-RESIZE-RESIZING", "M-RESIZE-TYPE"}, // the change still runs: the next one is refused, and the type is the old one
			displaying(mock.ModifyType, during(0.3, 0.8, mock.Stopped))},
	}
}

// blocking delays the answer to a change until the change has ended.
func blocking(action string) injection {
	return performing(action, func(_ *mock.Mock, next mock.Perform) mock.Perform {
		return func(m *mock.Mock, c *mock.Call, p mock.Params) mock.Outcome {
			o := next(m, c, p)
			if !o.Refusal.Refused() {
				wait(c.Request.Context(), m, c.Now.Add(m.Takes))
			}
			return o
		}
	})
}

// forever is a share of a resize that is never reached.
const forever = 1e18

// wait returns when the mock's clock has reached a moment, or the context has ended.
func wait(ctx context.Context, m *mock.Mock, until time.Time) {
	ticker := time.NewTicker(time.Millisecond)
	defer ticker.Stop()
	for m.Now().Before(until) {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
