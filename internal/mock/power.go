package mock

import (
	"slices"

	"github.com/tidwall/gjson"
)

// recycled are the statuses of an instance in the recycle bin, or on its way (C, E).
func recycled() []string { return []string{"RECYCLE", "RECYCLING"} }

// powering is a change of which a list of instances is named, none of them in the recycle
// bin, and which only one status allows (A).
func powering(from string, otherwise refusal, ends string, shows ...string) *change {
	return &change{
		rules: []rule{
			absent(),
			{func(t target) bool { return slices.Contains(recycled(), t.instance.Status) }, instanceRecycled},
			{func(t target) bool { return t.found && t.instance.Status != from && !forced(t) }, otherwise},
		},
		shows: shows, ends: ends, batch: true,
	}
}

// powerOn is what StartInstances does. It shows BOOTING, which C lists, and not the
// STARTING of the pages' prose: either is right.
func powerOn() *change { return powering(Stopped, instanceNotStopped, Running, booting) }

// powerOff is what StopInstances does. It refuses an instance that is STOPPING, which the
// documents contradict each other about.
func powerOff() *change { return powering(Running, instanceNotRunning, Stopped, stopping) }

// powerCycle is what RebootInstances does. Its codes no document lists: the mock takes that
// of another product's page.
func powerCycle() *change { return powering(Running, instanceStatusDenied, Running, "REBOOT") }

// forced reports whether a call asks for an instance that is starting or rebooting to be
// rebooted, which the later version can (C).
func forced(t target) bool {
	return t.force && t.version == laterVersion && slices.Contains([]string{"STARTING", booting, "REBOOT"}, t.instance.Status)
}

// named is the list of instances that a change names (A). What an empty list is answered
// with no document states, except that nothing changes.
func named() parameter {
	p := idList()
	p.absent = missingParameter.because("instanceIds is missing")
	p.null = missingParameter.because("instanceIds is null")
	p.empty = lessLength.because("instanceIds is empty")
	return p
}

// yesNo is a boolean of which nothing can be seen from outside; null counts as absent.
func yesNo(name string) parameter {
	return parameter{
		name: name, kind: boolean, wrongType: wrongType.because(name + " is not a boolean"),
		set: func(*params, gjson.Result) {},
	}
}
