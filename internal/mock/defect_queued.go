package mock

import "time"

// queuedDefects carry out later what should not be carried out at all.
func queuedDefects() []Defect {
	return []Defect{
		{"running-refused-yet-resized-later", "R-REFUSED-UNCHANGED", "The resize of a running instance is refused, but a job for it stands in the queue.",
			[]string{"M-STOPPED-ONLY"}, // it is resized
			together(observing(modifyType, queued), afterwards(modifyType, statusNotSupported, func(m *Mock, c *call, p params) {
				replace(m, p.instanceID, c.now, func(in Instance, r *record) *record {
					if in.Status != Running || r.by(modifyType) {
						return nil
					}
					return enqueued(m, in, p.instanceType, c.now.Add(m.resizeTime/3))
				})
			}))},
		{"second-resize-queued", "M-RESIZE-LOCK", "A second resize is accepted while the first one runs, and waits in a queue.",
			locked(), together(observing(modifyType, queued), performing(modifyType, func(_ *Mock, next perform) perform {
				return func(m *Mock, c *call, p params) outcome {
					o := next(m, c, p)
					if o.refusal.code != statusNotSupported.code {
						return o
					}
					replace(m, p.instanceID, c.now, func(in Instance, r *record) *record {
						if !r.by(modifyType) || in.Status != Resizing || c.now.Before(r.transition.start) {
							return nil
						}
						o = outcome{}
						in.Status, in.Type = Resizing, r.transition.to
						return enqueued(m, in, p.instanceType, r.transition.end.Add(m.resizeTime/3))
					})
					return o
				}
			}))},
	}
}

// enqueued is an instance whose resize begins later.
func enqueued(m *Mock, in Instance, to string, start time.Time) *record {
	return &record{instance: in, transition: m.toward(modifyType, to, start)}
}

// queued shows an instance as it was until its resize begins: first RESIZING, if one runs
// before, which is over a while earlier.
func queued(in *Instance, r *record, now time.Time) {
	wait := r.transition.end.Sub(r.transition.start) / 3
	if !now.Before(r.transition.start) {
		return
	}
	*in = r.instance
	if in.Status == Resizing && !now.Before(r.transition.start.Add(-wait)) {
		in.Status = Stopped
	}
}
