package mock

import (
	"slices"

	"github.com/tidwall/gjson"
)

// Recycled are the statuses of an instance in the recycle bin, or on its way there (C, E).
func Recycled() []string { return []string{"RECYCLE", "RECYCLING"} }

// powering returns a change of a list of instances. One status allows it, and instances in the
// recycle bin are refused (A).
func powering(from string, otherwise Refusal, ends string, shows ...string) *Work {
	return &Work{
		Rules: []Rule{
			absent(),
			{func(t Target) bool { return slices.Contains(Recycled(), t.Instance.Status) }, InstanceRecycled},
			{func(t Target) bool { return t.Found && t.Instance.Status != from && !forced(t) }, otherwise},
		},
		Shows: shows, Ends: ends, batch: true,
	}
}

// powerOn returns the work of StartInstances. It shows BOOTING, which C lists, rather than STARTING
// as in the text of the pages; both are right.
func powerOn() *Work { return powering(Stopped, InstanceNotStopped, Running, Booting) }

// powerOff returns the work of StopInstances. It refuses an instance that is STOPPING, about which
// the documents contradict each other.
func powerOff() *Work { return powering(Running, InstanceNotRunning, Stopped, Stopping) }

// powerCycle returns the work of RebootInstances. No document lists its error codes; the mock uses
// that of another product's page.
func powerCycle() *Work { return powering(Running, InstanceStatusDenied, Running, "REBOOT") }

// forced reports whether a call asks to reboot an instance that is starting or rebooting, which the
// later version allows (C).
func forced(t Target) bool {
	return t.force && t.version == laterVersion && slices.Contains([]string{"STARTING", Booting, "REBOOT"}, t.Instance.Status)
}

// named defines the list of instances to change (A). No document states the answer to an empty
// list, except that nothing changes.
func named() Parameter {
	p := idList()
	p.Absent = MissingParameter.Because("instanceIds is missing")
	p.Null = MissingParameter.Because("instanceIds is null")
	p.Empty = LessLength.Because("instanceIds is empty")
	return p
}

// yesNo defines a boolean without a visible effect; null counts as absent.
func yesNo(name string) Parameter {
	return Parameter{
		Name: name, Kind: boolean, WrongType: WrongType.Because(name + " is not a boolean"),
		Set: func(*Params, gjson.Result) {},
	}
}
