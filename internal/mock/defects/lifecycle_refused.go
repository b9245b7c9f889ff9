package defects

import (
	"time"

	"github.com/zec-tools/conformance/internal/mock"
)

// refusedDefects refuse a resize but change something all the same.
func refusedDefects() []Defect {
	return []Defect{
		{"gpu-refused-yet-resized", "R-REFUSED-UNCHANGED", "The resize of a GPU instance is refused once it has begun.",
			[]string{"M-GPU"}, // it is resized
			afterwards(mock.ModifyType, mock.GpuNotSupported, func(m *mock.Mock, c *mock.Call, p mock.Params) {
				begin(m, mock.ModifyType, p.InstanceID, p.InstanceType, c.Now)
			})},
		{"running-refused-yet-retyped", "R-REFUSED-UNCHANGED", "The resize of a running instance is refused once the new type is written down.",
			[]string{"M-STOPPED-ONLY"}, // it is resized
			afterwards(mock.ModifyType, mock.StatusNotSupported, func(m *mock.Mock, c *mock.Call, p mock.Params) {
				if holds(m, p.InstanceID, c, func(in mock.Instance) bool { return in.Status == mock.Running }) {
					retype(m, p.InstanceID, p.InstanceType, c.Now)
				}
			})},
		{"refused-yet-stopped", "R-REFUSED-UNCHANGED", "An instance that is BOOTING is stopped for the resize that is then refused.",
			nil, afterwards(mock.ModifyType, mock.StatusNotSupported, func(m *mock.Mock, c *mock.Call, p mock.Params) {
				replace(m, p.InstanceID, c.Now, func(in mock.Instance, _ *mock.Record) *mock.Record {
					if in.Status != "BOOTING" {
						return nil
					}
					in.Status = mock.Stopped
					return &mock.Record{Instance: in}
				})
			})},
		{"second-resize-refused-yet-wins", "R-REFUSED-UNCHANGED", "A second resize is refused, but the instance ends with the type that it asked for.",
			[]string{"M-RESIZE-LOCK", "M-RESIZE-TYPE"}, // it takes place, and the first one's type does not come
			afterwards(mock.ModifyType, mock.StatusNotSupported, func(m *mock.Mock, c *mock.Call, p mock.Params) {
				replace(m, p.InstanceID, c.Now, func(_ mock.Instance, r *mock.Record) *mock.Record {
					if !r.By(mock.ModifyType) || !c.Now.Before(r.Transition.End) {
						return nil
					}
					second := *r.Transition
					changed := &mock.Record{Instance: r.Instance, Transition: &second}
					redirect(m, changed, p.InstanceType)
					return changed
				})
			})},
		{"unknown-type-refused-yet-resizing", "R-REFUSED-UNCHANGED", "An instance goes through RESIZING before its new type is found not to exist.",
			nil, whileStopped(mock.InstanceTypeNotFound, func(m *mock.Mock, id, _ string, now time.Time) { begin(m, mock.ModifyType, id, "", now) })},
		{"unsupported-type-refused-yet-retyped", "R-REFUSED-UNCHANGED", "A type that is not supported is refused once it is written down.",
			nil, whileStopped(mock.TypeUnsupported, func(m *mock.Mock, id, to string, now time.Time) { retype(m, id, to, now) })},
		{"anonymous-refused-yet-resized", "R-REFUSED-UNCHANGED", "A resize without Authorization begins before its caller is refused.",
			nil, beforeTheCaller(mock.ModifyType)},
	}
}

// whileStopped runs a function on a STOPPED instance whose resize was refused.
func whileStopped(of mock.Refusal, do func(m *mock.Mock, id, to string, now time.Time)) injection {
	return afterwards(mock.ModifyType, of, func(m *mock.Mock, c *mock.Call, p mock.Params) {
		if holds(m, p.InstanceID, c, func(in mock.Instance) bool { return in.Status == mock.Stopped && !in.GPU }) {
			do(m, p.InstanceID, p.InstanceType, c.Now)
		}
	})
}

// beforeTheCaller carries out a change although the caller has no Authorization and is refused.
func beforeTheCaller(action string) injection {
	return func(m *mock.Mock) {
		authenticating(func(_ mock.Credentials, c *mock.Call, r mock.Refusal) mock.Refusal {
			if r.Refused() && c.Action() == action && c.Request.Header.Get("Authorization") == "" {
				if p, wrong := m.Behaviour.Parse(m.Behaviour.Actions[action], c); !wrong.Refused() {
					m.Behaviour.Actions[action].Perform(m, c, p)
				}
			}
			return r
		})(m)
	}
}
