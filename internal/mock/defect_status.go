package mock

import (
	"slices"
	"strings"
)

// statusDefects get wrong which statuses the two read actions show, and of which instances.
func statusDefects() []Defect {
	return append(filterDefects(), []Defect{
		{"status-lower-case", "C-STATUS-TRUE", "The statuses of DescribeInstancesStatus are in lower case.",
			[]string{"M-RESIZE-RESIZING", "M-RESIZE-STOPPED"}, // none of them is one that is due
			showing(describeStatus, func(in *Instance) { in.Status = strings.ToLower(in.Status) })},
		{"status-modifying", "M-RESIZE-RESIZING", "DescribeInstancesStatus shows RESIZING as MODIFYING.",
			[]string{"C-STATUS-TRUE"}, // another status stands for it
			showing(describeStatus, renamed(Resizing, "MODIFYING"))},
		{"status-creating", "C-STATUS-TRUE", "DescribeInstancesStatus shows DEPLOYING as CREATING.",
			nil, showing(describeStatus, renamed("DEPLOYING", "CREATING"))},
		{"status-rebooting", "C-STATUS-TRUE", "DescribeInstancesStatus shows REBOOT as REBOOTING.",
			nil, showing(describeStatus, renamed("REBOOT", "REBOOTING"))},
		{"instances-status-title-case", "C-INSTANCES-TRUE", "The statuses of DescribeInstances begin with a capital and go on in lower case.",
			nil, showing(describeInstances, func(in *Instance) { in.Status = in.Status[:1] + strings.ToLower(in.Status[1:]) })},
		{"instances-status-recycled", "C-INSTANCES-TRUE", "DescribeInstances shows RECYCLE as RECYCLED.",
			nil, showing(describeInstances, renamed("RECYCLE", "RECYCLED"))},

		{"booting-shown-as-running", "C-STATUS-TRUE", "DescribeInstancesStatus shows an instance that is BOOTING as RUNNING.",
			nil, showing(describeStatus, renamed("BOOTING", Running))},
		{"imaging-shown-as-stopped", "C-STATUS-TRUE", "DescribeInstancesStatus shows an instance that is IMAGING as STOPPED.",
			nil, showing(describeStatus, renamed("IMAGING", Stopped))},
		{"create-failed-shown-as-deploying", "C-STATUS-TRUE", "DescribeInstancesStatus shows CREATE_FAILED as DEPLOYING.",
			nil, showing(describeStatus, renamed("CREATE_FAILED", "DEPLOYING"))},
		{"instances-hides-resizing", "C-INSTANCES-TRUE", "DescribeInstances shows an instance that is RESIZING as STOPPED.",
			nil, showing(describeInstances, renamed(Resizing, Stopped))},
		{"instances-hides-running-change", "C-INSTANCES-TRUE", "DescribeInstances shows STOPPED while a change runs.",
			nil, performing(describeInstances, func(_ *Mock, next perform) perform {
				return func(m *Mock, c *call, p params) outcome {
					o := next(m, c, p)
					o.rows = slices.Clone(o.rows)
					for i, in := range o.rows {
						if e := m.store.find(in.ID); e != nil && in.Status == Resizing {
							if r := e.record.Load(); r != nil && r.by(modifyType) {
								o.rows[i].Status = Stopped
							}
						}
					}
					return o
				}
			})},
		{"instances-releasing-as-running", "C-INSTANCES-TRUE", "DescribeInstances shows an instance that is RELEASING as RUNNING.",
			nil, showing(describeInstances, renamed("RELEASING", Running))},
		{"instances-stopping-as-stopped", "C-INSTANCES-TRUE", "DescribeInstances shows an instance that is STOPPING as STOPPED.",
			nil, showing(describeInstances, renamed("STOPPING", Stopped))},
	}...)
}

// renamed shows one status as another.
func renamed(status, shown string) func(in *Instance) {
	return func(in *Instance) {
		if in.Status == status {
			in.Status = shown
		}
	}
}

// filterDefects list other instances than those that are named.
func filterDefects() []Defect {
	return []Defect{
		{"status-filter-ignored", "C-STATUS-FILTER", "DescribeInstancesStatus lists all instances, whatever instanceIds says.",
			unfiltered("C-STATUS-TOTAL-MATCHES", "C-STATUS-UNKNOWN"), asking(describeStatus, func(p *params) { p.instanceIDs = nil })},
		{"status-first-id-only", "C-STATUS-FILTER", "DescribeInstancesStatus looks at the first of instanceIds only.",
			unfiltered("C-STATUS-TOTAL-MATCHES", "C-STATUS-PAGE"), asking(describeStatus, firstOnly)},
		{"status-drops-create-failed", "C-STATUS-FILTER", "DescribeInstancesStatus does not list an instance that is in CREATE_FAILED.",
			unfiltered("C-STATUS-TOTAL-MATCHES", "C-STATUS-TRUE"), dropping(describeStatus, "CREATE_FAILED")},
		{"status-drops-resizing", "C-STATUS-FILTER", "DescribeInstancesStatus does not list an instance while it is RESIZING.",
			unfiltered("C-STATUS-TOTAL-MATCHES", "C-STATUS-TRUE", "M-RESIZE-RESIZING"), dropping(describeStatus, Resizing)},
		{"instances-filter-ignored", "C-INSTANCES-FILTER", "DescribeInstances lists all instances, whatever instanceIds says.",
			unfiltered("C-INSTANCES-TOTAL-MATCHES", "C-INSTANCES-UNKNOWN"), asking(describeInstances, func(p *params) { p.instanceIDs = nil })},
		{"instances-rows-twice", "C-INSTANCES-FILTER", "A join has DescribeInstances list each instance twice.",
			unfiltered("C-INSTANCES-PAGE", "C-INSTANCES-UNKNOWN", "D-INSTANCES-PAGE-DEFAULT"), selecting(describeInstances, func(o *outcome, _ params) { o.rows = slices.Repeat(o.rows, 2) })},
		{"instances-drops-recycled", "C-INSTANCES-FILTER", "DescribeInstances does not list an instance that is in the recycle bin.",
			unfiltered("C-INSTANCES-TOTAL-MATCHES", "C-INSTANCES-TRUE"), dropping(describeInstances, "RECYCLE")},

		{"status-unknown-id-500", "C-STATUS-UNKNOWN", "An unknown id in the filter of DescribeInstancesStatus brings about an internal error.",
			nil, unknownID(describeStatus, internalError)},
		{"status-unknown-id-lists-all", "C-STATUS-UNKNOWN", "A filter of DescribeInstancesStatus in which no id is known counts as none.",
			unfiltered("C-STATUS-FILTER"), unknownIsNone(describeStatus)},
		{"instances-unknown-id-400", "C-INSTANCES-UNKNOWN", "An unknown id in the filter of DescribeInstances is refused as a value that is not allowed.",
			nil, unknownID(describeInstances, invalidValue)},
		{"instances-unknown-id-lists-all", "C-INSTANCES-UNKNOWN", "A filter of DescribeInstances in which no id is known counts as none.",
			unfiltered("C-INSTANCES-FILTER"), unknownIsNone(describeInstances)},
	}
}

// unfiltered is also affected to listings of the wrong instances: it names the clauses that
// also speak of how many there are, or which.
func unfiltered(further ...string) []string { return further }

func firstOnly(p *params) { p.instanceIDs = p.instanceIDs[:min(1, len(p.instanceIDs))] }

// dropping leaves instances in a status out of listings that name them.
func dropping(action, status string) injection {
	return selecting(action, func(o *outcome, p params) {
		if len(p.instanceIDs) == 0 {
			return
		}
		all := len(o.rows)
		o.rows = slices.DeleteFunc(o.rows, func(in Instance) bool { return in.Status == status })
		o.total -= all - len(o.rows)
	})
}

// unknownID refuses a filter in which an id does not exist.
func unknownID(action string, with refusal) injection {
	return performing(action, func(_ *Mock, next perform) perform {
		return func(m *Mock, c *call, p params) outcome {
			if len(m.store.named(p.instanceIDs)) < len(slices.Compact(slices.Sorted(slices.Values(p.instanceIDs)))) {
				return outcome{refusal: with}
			}
			return next(m, c, p)
		}
	})
}

// unknownIsNone takes a filter in which no id exists for none.
func unknownIsNone(action string) injection {
	return performing(action, func(_ *Mock, next perform) perform {
		return func(m *Mock, c *call, p params) outcome {
			if len(m.store.named(p.instanceIDs)) == 0 {
				p.instanceIDs = nil
			}
			return next(m, c, p)
		}
	})
}
