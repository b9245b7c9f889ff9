package defects

import (
	"slices"

	"github.com/zec-tools/conformance/internal/mock"
)

// powerVariants differ in how the actions that take a list of instances answer, and in what they
// show.
func powerVariants() []Variant {
	const (
		mixed    = "some ids good, some not"
		alone    = "an instance in the wrong status, alone in the list"
		fine     = "response.instanceIds when all is well"
		bin      = "an instance in RECYCLE or RECYCLING"
		empty    = "an empty instanceIds"
		starting = "STARTING and BOOTING"
		first    = "is the transient status visible in the very first read"
		again    = "StopInstances on a STOPPING instance"
	)
	variants := []Variant{
		{Name: "starts-as-starting", Text: "An instance that starts shows STARTING.", Freedom: starting, apply: passing(mock.StartName, "STARTING")},
		{Name: "starts-as-both", Text: "An instance that starts shows STARTING, then BOOTING.", Freedom: starting, apply: passing(mock.StartName, "STARTING", mock.Booting)},
		{Name: "starts-as-both-reversed", Text: "An instance that starts shows BOOTING, then STARTING.", Freedom: starting, apply: passing(mock.StartName, mock.Booting, "STARTING")},
		{Name: "power-shown-late", Text: "The first reads after the answer still show the status that the instance had.", Freedom: first,
			apply: eachPower(func(p power) injection { return displaying(p.name, during(0, 0.2, p.from)) })},

		{Name: "batch-refused-whole", Text: "A list with a bad id is refused as a whole, for the first bad one.", Freedom: mixed,
			apply: func(m *mock.Mock) { m.Behaviour.Batch = firstRefusal }},
		{Name: "batch-refused-whole-for-the-last", Text: "A list with a bad id is refused as a whole, for the last bad one.", Freedom: mixed,
			apply: func(m *mock.Mock) {
				m.Behaviour.Batch = func(targets []mock.Target) mock.Refusal {
					backwards := slices.Clone(targets)
					slices.Reverse(backwards)
					return firstRefusal(backwards)
				}
			}},
		{Name: "batch-never-refused", Text: "Bad ids are named in the answer, also when there are no others.", Freedom: alone,
			apply: func(m *mock.Mock) {
				next := m.Behaviour.Batch
				m.Behaviour.Batch = func(targets []mock.Target) mock.Refusal {
					if slices.ContainsFunc(targets, func(t mock.Target) bool { return t.Wanted != "" }) {
						return next(targets) // a resize
					}
					return mock.Refusal{}
				}
			}},
		{Name: "failed-absent", Text: "An answer that names nothing failed has no instanceIds.", Freedom: fine,
			apply: whenNoneFailed(func(r object) { delete(r, "instanceIds") })},
		{Name: "failed-null", Text: "An answer that names nothing failed has an instanceIds that is null.", Freedom: fine,
			apply: whenNoneFailed(func(r object) { r["instanceIds"] = nil })},

		{Name: "recycled-as-status", Text: "An instance in the recycle bin is refused for its status.", Freedom: bin,
			apply: eachPower(func(p power) injection { return answering(p.name, mock.InstanceRecycled, p.otherwise) })},
		{Name: "recycled-as-resource", Text: "An instance in the recycle bin is refused with E's code.", Freedom: bin,
			apply: eachPower(func(p power) injection { return answering(p.name, mock.InstanceRecycled, mock.InRecycleBin) })},

		{Name: "reboot-refused-409", Text: "RebootInstances refuses a status under 409, with a code of its own.", Freedom: "RebootInstances refused",
			apply: answering(mock.RebootName, mock.InstanceStatusDenied, mock.Refusal{Status: 409, Code: "INSTANCE_IS_BUSY", Message: ""})},
		{Name: "reboot-refused-400", Text: "RebootInstances refuses what it cannot do under 400, with codes of its own.", Freedom: "RebootInstances refused",
			apply: together(answering(mock.RebootName, mock.InstanceStatusDenied, mock.Refusal{Status: 400, Code: "REBOOT_DENIED", Message: "no"}), answering(mock.RebootName, mock.InstanceNotFound, mock.Refusal{Status: 400, Code: "NO_SUCH_INSTANCE", Message: "no"}))},

		{Name: "empty-batch-taken", Shows: namingNone, Text: "A list of no instances is answered with success.", Freedom: empty,
			apply: eachPower(func(p power) injection {
				return taking(p.name, "instanceIds", func(t *mock.Parameter) { t.Empty = mock.Refusal{} })
			})},
		{Name: "empty-batch-404", Shows: namingNone, Text: "A list of no instances is answered as an instance that does not exist.", Freedom: empty,
			apply: eachPower(func(p power) injection {
				return taking(p.name, "instanceIds", func(t *mock.Parameter) { t.Empty = mock.InstanceNotFound })
			})},
		{Name: "power-rules-reversed", Text: "What speaks against a list of instances is asked in the opposite order.", Freedom: "several errors apply at once",
			apply: eachPower(func(p power) injection {
				return func(m *mock.Mock) { slices.Reverse(m.Behaviour.Changes[p.name].Rules) }
			})},

		{Name: "stops-again", Text: "An instance that is STOPPING is stopped once more, which changes nothing.", Freedom: again,
			apply: together(exempting(mock.StopName, mock.InstanceNotRunning, inStatus(mock.Stopping)), func(m *mock.Mock) {
				start := m.Behaviour.Start
				m.Behaviour.Start = func(e *mock.Entry, asked, next *mock.Record) bool {
					return next.By(mock.StopName) && next.Instance.Status == mock.Stopping || start(e, asked, next)
				}
			})},
		{Name: "force-null-refused", Shows: containing("null"), Text: "A forceShutdown that is null is refused as one of the wrong type.", Freedom: "C-OPTIONAL-EMPTY",
			apply: taking(mock.StopName, "forceShutdown", func(t *mock.Parameter) { t.Null = mock.WrongType })},
		{Name: "null-ids-as-value", Shows: containing("null"), Text: "An instanceIds that is null is refused as a value that is not allowed.", Freedom: "R-PARAMETER-EMPTY",
			apply: eachPower(func(p power) injection {
				return taking(p.name, "instanceIds", func(t *mock.Parameter) { t.Null = mock.InvalidValue })
			})},
	}
	for i := range variants {
		for _, p := range powers() {
			variants[i].Actions = append(variants[i].Actions, p.name)
		}
	}
	return variants
}

// eachPower applies an injection to every action that takes a list of instances.
func eachPower(alter func(p power) injection) injection {
	var injections []injection
	for _, p := range powers() {
		injections = append(injections, alter(p))
	}
	return together(injections...)
}

// passing changes the transient statuses of an action.
func passing(action string, statuses ...string) injection {
	return func(m *mock.Mock) { m.Behaviour.Changes[action].Shows = statuses }
}

// firstRefusal refuses a call for the reason of the first refused instance.
func firstRefusal(targets []mock.Target) mock.Refusal {
	for _, t := range targets {
		if t.Refusal.Refused() {
			return t.Refusal
		}
	}
	return mock.Refusal{}
}

// whenNoneFailed alters the responses of batches without failed instances.
func whenNoneFailed(change func(response object)) injection {
	return eachPower(func(p power) injection {
		return responding(p.name, func(r object) {
			if list, _ := r["instanceIds"].([]any); len(list) == 0 {
				change(r)
			}
		})
	})
}
