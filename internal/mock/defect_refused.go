package mock

import "time"

// refusedDefects refuse a resize and change something all the same.
func refusedDefects() []Defect {
	return []Defect{
		{"gpu-refused-yet-resized", "R-REFUSED-UNCHANGED", "The resize of a GPU instance is refused once it has begun.",
			[]string{"M-GPU"}, // it is resized
			afterwards(modifyType, gpuNotSupported, func(m *Mock, c *call, p params) { begin(m, modifyType, p.instanceID, p.instanceType, c.now) })},
		{"running-refused-yet-retyped", "R-REFUSED-UNCHANGED", "The resize of a running instance is refused once the new type is written down.",
			[]string{"M-STOPPED-ONLY"}, // it is resized
			afterwards(modifyType, statusNotSupported, func(m *Mock, c *call, p params) {
				if holds(m, p.instanceID, c, func(in Instance) bool { return in.Status == Running }) {
					retype(m, p.instanceID, p.instanceType, c.now)
				}
			})},
		{"refused-yet-stopped", "R-REFUSED-UNCHANGED", "An instance that is BOOTING is stopped for the resize that is then refused.",
			nil, afterwards(modifyType, statusNotSupported, func(m *Mock, c *call, p params) {
				replace(m, p.instanceID, c.now, func(in Instance, _ *record) *record {
					if in.Status != "BOOTING" {
						return nil
					}
					in.Status = Stopped
					return &record{instance: in}
				})
			})},
		{"second-resize-refused-yet-wins", "R-REFUSED-UNCHANGED", "A second resize is refused, but the instance ends with the type that it asked for.",
			[]string{"M-RESIZE-LOCK", "M-RESIZE-TYPE"}, // it takes place, and the first one's type does not come
			afterwards(modifyType, statusNotSupported, func(m *Mock, c *call, p params) {
				replace(m, p.instanceID, c.now, func(_ Instance, r *record) *record {
					if !r.by(modifyType) || !c.now.Before(r.transition.end) {
						return nil
					}
					second := *r.transition
					changed := &record{instance: r.instance, transition: &second}
					redirect(m, changed, p.instanceType)
					return changed
				})
			})},
		{"unknown-type-refused-yet-resizing", "R-REFUSED-UNCHANGED", "An instance goes through RESIZING before its new type is found not to exist.",
			nil, whileStopped(instanceTypeNotFound, func(m *Mock, id, _ string, now time.Time) { begin(m, modifyType, id, "", now) })},
		{"unsupported-type-refused-yet-retyped", "R-REFUSED-UNCHANGED", "A type that is not supported is refused once it is written down.",
			nil, whileStopped(typeUnsupported, func(m *Mock, id, to string, now time.Time) { retype(m, id, to, now) })},
		{"anonymous-refused-yet-resized", "R-REFUSED-UNCHANGED", "A resize without Authorization begins before its caller is refused.",
			nil, beforeTheCaller(modifyType)},
	}
}

// whileStopped does something to a STOPPED instance whose resize was refused.
func whileStopped(of refusal, do func(m *Mock, id, to string, now time.Time)) injection {
	return afterwards(modifyType, of, func(m *Mock, c *call, p params) {
		if holds(m, p.instanceID, c, func(in Instance) bool { return in.Status == Stopped && !in.GPU }) {
			do(m, p.instanceID, p.instanceType, c.now)
		}
	})
}

// beforeTheCaller carries out a change whose caller, who has no Authorization, is then refused.
func beforeTheCaller(action string) injection {
	return func(m *Mock) {
		authenticating(func(_ Credentials, c *call, r refusal) refusal {
			if r.refused() && c.action() == action && c.request.Header.Get("Authorization") == "" {
				if p, wrong := m.behaviour.parse(m.behaviour.actions[action], c); !wrong.refused() {
					m.behaviour.actions[action].perform(m, c, p)
				}
			}
			return r
		})(m)
	}
}
