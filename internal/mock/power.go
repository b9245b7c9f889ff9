package mock

import (
	"slices"

	"github.com/tidwall/gjson"
)

// Recycled are the statuses of an instance in the recycle bin, or on its way (C, E).
func Recycled() []string { return []string{"RECYCLE", "RECYCLING"} }

// powering is a change of which a list of instances is named, none of them in the recycle
// bin, and which only one status allows (A).
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

// powerOn is what StartInstances does. It shows BOOTING, which C lists, and not the
// STARTING of the pages' prose: either is right.
func powerOn() *Work { return powering(Stopped, InstanceNotStopped, Running, Booting) }

// powerOff is what StopInstances does. It refuses an instance that is STOPPING, which the
// documents contradict each other about.
func powerOff() *Work { return powering(Running, InstanceNotRunning, Stopped, Stopping) }

// powerCycle is what RebootInstances does. Its codes no document lists: the mock takes that
// of another product's page.
func powerCycle() *Work { return powering(Running, InstanceStatusDenied, Running, "REBOOT") }

// forced reports whether a call asks for an instance that is starting or rebooting to be
// rebooted, which the later version can (C).
func forced(t Target) bool {
	return t.force && t.version == laterVersion && slices.Contains([]string{"STARTING", Booting, "REBOOT"}, t.Instance.Status)
}

// named is the list of instances that a change names (A). What an empty list is answered
// with no document states, except that nothing changes.
func named() Parameter {
	p := idList()
	p.Absent = MissingParameter.Because("instanceIds is missing")
	p.Null = MissingParameter.Because("instanceIds is null")
	p.Empty = LessLength.Because("instanceIds is empty")
	return p
}

// yesNo is a boolean of which nothing can be seen from outside; null counts as absent.
func yesNo(name string) Parameter {
	return Parameter{
		Name: name, Kind: boolean, WrongType: WrongType.Because(name + " is not a boolean"),
		Set: func(*Params, gjson.Result) {},
	}
}
