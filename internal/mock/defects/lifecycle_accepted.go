package defects

import (
	"net/http"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/mock"
)

// acceptedDefects accept resizes that must be refused, or handle a resize to the current type
// wrongly.
func acceptedDefects() []Defect {
	defects := []Defect{
		{"second-resize-accepted", "M-RESIZE-LOCK", "A second resize is accepted while the first one runs, and takes its place.",
			locked(), exempting(mock.ModifyType, mock.StatusNotSupported, inStatus(mock.Resizing))},
		{"second-resize-swallowed", "M-RESIZE-LOCK", "A second resize is answered with success while the first one runs, and forgotten.",
			locked(), swallowing(mock.ModifyType, func(*mock.Record, mock.Params) bool { return true })},
		{"second-resize-to-same-target-accepted", "M-RESIZE-LOCK", "A resize to the type that a running one already leads to is answered with success.",
			locked(), swallowing(mock.ModifyType, func(r *mock.Record, p mock.Params) bool {
				return r.By(mock.ModifyType) && r.Transition.To == p.InstanceType
			})},
		{"second-resize-to-former-type-accepted", "M-RESIZE-LOCK", "A resize to the type that an instance had is answered with success while another resize of it runs, as if it still had that type.",
			locked(), swallowing(mock.ModifyType, func(r *mock.Record, p mock.Params) bool {
				return r.By(mock.ModifyType) && r.Instance.Type == p.InstanceType
			})},

		{"running-same-type-swallowed", "M-STOPPED-ONLY", "A resize of a running instance to the type that it has is answered with success, as nothing is to be done.",
			nil, swallowingSame(func(in mock.Instance) bool { return in.Status == mock.Running && !in.GPU })},
		{"gpu-same-type-swallowed", "M-GPU", "A resize of a GPU instance to the type that it has is answered with success, as nothing is to be done.",
			nil, swallowingSame(func(in mock.Instance) bool { return in.GPU })},
		{"longer-id-taken", "M-INSTANCE-NOT-FOUND", "An instanceId is cut to the length of a column, so that a longer one is that of another instance.",
			nil, performing(mock.ModifyType, func(_ *mock.Mock, next mock.Perform) mock.Perform {
				return func(m *mock.Mock, c *mock.Call, p mock.Params) mock.Outcome {
					p.InstanceID = column(m, p.InstanceID)
					return next(m, c, p)
				}
			})},

		{"same-type-500", "M-RESIZE-SAME-TYPE", "A resize to the type that the instance has brings about an internal error.",
			nil, adding(mock.ModifyType, mock.InternalError, sameType)},
		{"same-type-409", "M-RESIZE-SAME-TYPE", "A resize to the type that the instance has is refused under 409, with a code that no document knows.",
			pairStated(), adding(mock.ModifyType, mock.Refusal{Status: http.StatusConflict, Code: "INSTANCE_TYPE_UNCHANGED", Message: "the instance has this type"}, sameType)},
		{"same-type-code-invented", "M-RESIZE-SAME-TYPE", "A resize to the type that the instance has is refused with a code that no document knows.",
			pairStated(), adding(mock.ModifyType, mock.Refusal{Status: http.StatusBadRequest, Code: "INVALID_INSTANCE_TYPE_SAME", Message: "the instance has this type"}, sameType)},
		{"same-type-swallowed", "M-RESIZE-SAME-TYPE", "A resize to the type that the instance has is answered with success and not carried out.",
			[]string{"M-RESIZE", "M-RESIZE-RESIZING", "M-RESIZE-STOPPED"}, // a success that nothing follows
			ignoring(mock.ModifyType, func(asked mock.Instance, to *mock.Transition) bool { return asked.Type == to.To })},
		{"same-type-refused-yet-resizing", "M-RESIZE-SAME-TYPE", "A resize to the type that the instance has is refused once it has begun.",
			[]string{"R-REFUSED-UNCHANGED"}, // it says the same of all that is refused
			together(adding(mock.ModifyType, mock.TypeUnsupported, sameType), afterwards(mock.ModifyType, mock.TypeUnsupported, func(m *mock.Mock, c *mock.Call, p mock.Params) {
				if holds(m, p.InstanceID, c, func(in mock.Instance) bool { return in.Type == p.InstanceType && in.Status == mock.Stopped }) {
					begin(m, mock.ModifyType, p.InstanceID, p.InstanceType, c.Now)
				}
			}))},
	}
	for _, status := range mock.Statuses() {
		if status == mock.Stopped || status == mock.Resizing {
			continue
		}
		alsoAffected := []string{"M-STATUS-DENIED"} // what is accepted is not refused
		if slices.Contains([]string{"RECYCLE", "RECYCLING"}, status) {
			alsoAffected = append(alsoAffected, "E-RECYCLE") // which states the refusal of these
		}
		defects = append(defects, Defect{
			strings.ToLower(strings.ReplaceAll(status, "_", "-")) + "-accepted", "M-STOPPED-ONLY",
			"An instance that is " + status + " is resized like one that is STOPPED.",
			append(alsoAffected, locksShown(status)...), exempting(mock.ModifyType, mock.StatusNotSupported, inStatus(status)),
		})
	}
	return defects
}

func sameType(t mock.Target) bool { return t.Found && t.Wanted == t.Instance.Type }

// locked returns the clauses that are also affected if a second resize is accepted: RESIZING is a
// status that must be refused, and the call was not refused.
func locked() []string { return []string{"M-STOPPED-ONLY", "M-STATUS-DENIED"} }

// holds reports whether an instance exists and has a property.
func holds(m *mock.Mock, id string, c *mock.Call, is func(in mock.Instance) bool) bool {
	e := m.Store.Find(id)
	if e == nil {
		return false
	}
	r := e.Record.Load()
	return r != nil && is(m.Behaviour.State(r, c.Now))
}

// swallowing answers calls with success that are refused because an instance is RESIZING.
func swallowing(action string, when func(r *mock.Record, p mock.Params) bool) injection {
	return performing(action, func(_ *mock.Mock, next mock.Perform) mock.Perform {
		return func(m *mock.Mock, c *mock.Call, p mock.Params) mock.Outcome {
			o := next(m, c, p)
			if o.Refusal.Code != mock.StatusNotSupported.Code {
				return o
			}
			r := m.Store.Find(p.InstanceID).Record.Load()
			if r != nil && m.Behaviour.State(r, c.Now).Status == mock.Resizing && when(r, p) {
				return mock.Outcome{}
			}
			return o
		}
	})
}

// ignoring accepts changes without beginning them.
func ignoring(action string, when func(asked mock.Instance, to *mock.Transition) bool) injection {
	return func(m *mock.Mock) {
		start := m.Behaviour.Start
		m.Behaviour.Start = func(e *mock.Entry, asked, next *mock.Record) bool {
			return next.By(action) && when(next.Instance, next.Transition) || start(e, asked, next)
		}
	}
}

// swallowingSame answers a resize to the current type with success, without doing anything.
func swallowingSame(of func(in mock.Instance) bool) injection {
	return performing(mock.ModifyType, func(_ *mock.Mock, next mock.Perform) mock.Perform {
		return func(m *mock.Mock, c *mock.Call, p mock.Params) mock.Outcome {
			if holds(m, p.InstanceID, c, func(in mock.Instance) bool { return in.Type == p.InstanceType && of(in) }) {
				return mock.Outcome{}
			}
			return next(m, c, p)
		}
	})
}

// column truncates an id as a database column of the length of the ids of [mock.Seed] would. It
// returns the whole id if the result is not one of them.
func column(m *mock.Mock, id string) string {
	if cut := id[:min(len(id), len("ins-000001"))]; m.Store.Find(cut) != nil {
		return cut
	}
	return id
}
