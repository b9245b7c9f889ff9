package mock

import (
	"net/http"
	"slices"
	"strings"
)

// acceptedDefects accept resizes that have to be refused, and get the resize to the
// type that an instance already has wrong.
func acceptedDefects() []Defect {
	defects := []Defect{
		{"second-resize-accepted", "M-RESIZE-LOCK", "A second resize is accepted while the first one runs, and takes its place.",
			locked(), exempting(modifyType, statusNotSupported, inStatus(Resizing))},
		{"second-resize-swallowed", "M-RESIZE-LOCK", "A second resize is answered with success while the first one runs, and forgotten.",
			locked(), swallowing(modifyType, func(*record, params) bool { return true })},
		{"second-resize-to-same-target-accepted", "M-RESIZE-LOCK", "A resize to the type that a running one already leads to is answered with success.",
			locked(), swallowing(modifyType, func(r *record, p params) bool { return r.by(modifyType) && r.transition.to == p.instanceType })},

		{"same-type-500", "M-RESIZE-SAME-TYPE", "A resize to the type that the instance has brings about an internal error.",
			nil, adding(modifyType, internalError, sameType)},
		{"same-type-409", "M-RESIZE-SAME-TYPE", "A resize to the type that the instance has is refused under 409, with a code that no document knows.",
			pairStated(), adding(modifyType, refusal{http.StatusConflict, "INSTANCE_TYPE_UNCHANGED", "the instance has this type"}, sameType)},
		{"same-type-code-invented", "M-RESIZE-SAME-TYPE", "A resize to the type that the instance has is refused with a code that no document knows.",
			pairStated(), adding(modifyType, refusal{http.StatusBadRequest, "INVALID_INSTANCE_TYPE_SAME", "the instance has this type"}, sameType)},
		{"same-type-swallowed", "M-RESIZE-SAME-TYPE", "A resize to the type that the instance has is answered with success and not carried out.",
			[]string{"M-RESIZE", "M-RESIZE-RESIZING", "M-RESIZE-STOPPED"}, // a success that nothing follows
			ignoring(modifyType, func(asked Instance, to *transition) bool { return asked.Type == to.to })},
		{"same-type-refused-yet-resizing", "M-RESIZE-SAME-TYPE", "A resize to the type that the instance has is refused once it has begun.",
			[]string{"R-REFUSED-UNCHANGED"}, // it says the same of all that is refused
			together(adding(modifyType, typeUnsupported, sameType), afterwards(modifyType, typeUnsupported, func(m *Mock, c *call, p params) {
				if holds(m, p.instanceID, c, func(in Instance) bool { return in.Type == p.instanceType && in.Status == Stopped }) {
					begin(m, modifyType, p.instanceID, p.instanceType, c.now)
				}
			}))},
	}
	for _, status := range Statuses() {
		if status == Stopped || status == Resizing {
			continue
		}
		alsoAffected := []string{"M-STATUS-DENIED"} // what is accepted is not refused
		if slices.Contains([]string{"RECYCLE", "RECYCLING"}, status) {
			alsoAffected = append(alsoAffected, "E-RECYCLE") // which states the refusal of these
		}
		defects = append(defects, Defect{
			strings.ToLower(strings.ReplaceAll(status, "_", "-")) + "-accepted", "M-STOPPED-ONLY",
			"An instance that is " + status + " is resized like one that is STOPPED.",
			append(alsoAffected, locksShown(status)...), exempting(modifyType, statusNotSupported, inStatus(status)),
		})
	}
	return defects
}

func sameType(t target) bool { return t.found && t.wanted == t.instance.Type }

// locked is also affected to a second resize that is accepted: RESIZING is a status, and what
// is accepted is not refused.
func locked() []string { return []string{"M-STOPPED-ONLY", "M-STATUS-DENIED"} }

// holds reports whether an instance exists and is so.
func holds(m *Mock, id string, c *call, is func(in Instance) bool) bool {
	e := m.store.find(id)
	if e == nil {
		return false
	}
	r := e.record.Load()
	return r != nil && is(m.behaviour.state(r, c.now))
}

// swallowing answers with success what is refused because an instance is RESIZING.
func swallowing(action string, when func(r *record, p params) bool) injection {
	return performing(action, func(_ *Mock, next perform) perform {
		return func(m *Mock, c *call, p params) outcome {
			o := next(m, c, p)
			if o.refusal.code != statusNotSupported.code {
				return o
			}
			r := m.store.find(p.instanceID).record.Load()
			if r != nil && m.behaviour.state(r, c.now).Status == Resizing && when(r, p) {
				return outcome{}
			}
			return o
		}
	})
}

// ignoring accepts changes that it does not begin.
func ignoring(action string, when func(asked Instance, to *transition) bool) injection {
	return func(m *Mock) {
		start := m.behaviour.start
		m.behaviour.start = func(e *entry, asked, next *record) bool {
			return next.by(action) && when(next.instance, next.transition) || start(e, asked, next)
		}
	}
}
