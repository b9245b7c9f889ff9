package defects

import (
	"time"

	"github.com/zec-tools/conformance/internal/mock"
)

// queuedDefects carry out later what should not be carried out at all.
func queuedDefects() []Defect {
	return []Defect{
		{"running-refused-yet-resized-later", "R-REFUSED-UNCHANGED", "The resize of a running instance is refused, but a job for it stands in the queue.",
			[]string{"M-STOPPED-ONLY"}, // it is resized
			together(observing(mock.ModifyType, queued), afterwards(mock.ModifyType, mock.StatusNotSupported, func(m *mock.Mock, c *mock.Call, p mock.Params) {
				replace(m, p.InstanceID, c.Now, func(in mock.Instance, r *mock.Record) *mock.Record {
					if in.Status != mock.Running || r.By(mock.ModifyType) {
						return nil
					}
					return enqueued(m, in, p.InstanceType, c.Now.Add(m.Takes/3))
				})
			}))},
		{"second-resize-queued", "M-RESIZE-LOCK", "A second resize is accepted while the first one runs, and waits in a queue.",
			locked(), together(observing(mock.ModifyType, queued), performing(mock.ModifyType, func(_ *mock.Mock, next mock.Perform) mock.Perform {
				return func(m *mock.Mock, c *mock.Call, p mock.Params) mock.Outcome {
					o := next(m, c, p)
					if o.Refusal.Code != mock.StatusNotSupported.Code {
						return o
					}
					replace(m, p.InstanceID, c.Now, func(in mock.Instance, r *mock.Record) *mock.Record {
						if !r.By(mock.ModifyType) || in.Status != mock.Resizing || c.Now.Before(r.Transition.Start) {
							return nil
						}
						o = mock.Outcome{}
						in.Status, in.Type = mock.Resizing, r.Transition.To
						return enqueued(m, in, p.InstanceType, r.Transition.End.Add(m.Takes/3))
					})
					return o
				}
			}))},
	}
}

// enqueued returns a record whose resize begins later.
func enqueued(m *mock.Mock, in mock.Instance, to string, start time.Time) *mock.Record {
	return &mock.Record{Instance: in, Transition: m.Toward(mock.ModifyType, to, start)}
}

// queued shows an instance unchanged until its queued resize begins. If another resize is running,
// it is shown first and ends some time before.
func queued(in *mock.Instance, r *mock.Record, now time.Time) {
	wait := r.Transition.End.Sub(r.Transition.Start) / 3
	if !now.Before(r.Transition.Start) {
		return
	}
	*in = r.Instance
	if in.Status == mock.Resizing && !now.Before(r.Transition.Start.Add(-wait)) {
		in.Status = mock.Stopped
	}
}
