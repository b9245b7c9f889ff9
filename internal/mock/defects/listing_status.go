package defects

import (
	"bytes"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/mock"
)

// statusDefects are mistakes about which statuses the two read actions show, and for which
// instances.
func statusDefects() []Defect {
	return append(filterDefects(), []Defect{
		{"status-lower-case", "C-STATUS-TRUE", "The statuses of DescribeInstancesStatus are in lower case.",
			[]string{"M-RESIZE-RESIZING", "M-RESIZE-STOPPED"}, // none of them is one that is due
			showing(mock.DescribeStatus, func(in *mock.Instance) { in.Status = strings.ToLower(in.Status) })},
		{"status-modifying", "M-RESIZE-RESIZING", "DescribeInstancesStatus shows RESIZING as MODIFYING.",
			[]string{"C-STATUS-TRUE"}, // another status stands for it
			showing(mock.DescribeStatus, renamed(mock.Resizing, "MODIFYING"))},
		{"status-creating", "C-STATUS-TRUE", "DescribeInstancesStatus shows DEPLOYING as CREATING.",
			nil, showing(mock.DescribeStatus, renamed("DEPLOYING", "CREATING"))},
		{"status-rebooting", "C-STATUS-TRUE", "DescribeInstancesStatus shows REBOOT as REBOOTING.",
			nil, showing(mock.DescribeStatus, renamed("REBOOT", "REBOOTING"))},
		{"instances-status-title-case", "C-INSTANCES-TRUE", "The statuses of DescribeInstances begin with a capital and go on in lower case.",
			[]string{"C-INSTANCES-FILTER"}, // an id beside the status that is shown finds nothing
			showing(mock.DescribeInstances, func(in *mock.Instance) { in.Status = in.Status[:1] + strings.ToLower(in.Status[1:]) })},
		{"instances-status-recycled", "C-INSTANCES-TRUE", "DescribeInstances shows RECYCLE as RECYCLED.",
			nil, showing(mock.DescribeInstances, renamed("RECYCLE", "RECYCLED"))},

		{"booting-shown-as-running", "C-STATUS-TRUE", "DescribeInstancesStatus shows an instance that is BOOTING as RUNNING.",
			nil, showing(mock.DescribeStatus, renamed("BOOTING", mock.Running))},
		{"imaging-shown-as-stopped", "C-STATUS-TRUE", "DescribeInstancesStatus shows an instance that is IMAGING as STOPPED.",
			nil, showing(mock.DescribeStatus, renamed("IMAGING", mock.Stopped))},
		{"create-failed-shown-as-deploying", "C-STATUS-TRUE", "DescribeInstancesStatus shows CREATE_FAILED as DEPLOYING.",
			nil, showing(mock.DescribeStatus, renamed("CREATE_FAILED", "DEPLOYING"))},
		{"instances-hides-resizing", "C-INSTANCES-TRUE", "DescribeInstances shows an instance that is RESIZING as STOPPED.",
			[]string{"A-START-BATCH", "A-STOP-BATCH", "A-REBOOT-BATCH"}, // one that a call leaves as it is seems to change
			showing(mock.DescribeInstances, renamed(mock.Resizing, mock.Stopped))},
		{"instances-hides-running-change", "C-INSTANCES-TRUE", "DescribeInstances shows STOPPED while a change runs.",
			nil, performing(mock.DescribeInstances, func(_ *mock.Mock, next mock.Perform) mock.Perform {
				return func(m *mock.Mock, c *mock.Call, p mock.Params) mock.Outcome {
					o := next(m, c, p)
					o.Rows = slices.Clone(o.Rows)
					for i, in := range o.Rows {
						if e := m.Store.Find(in.ID); e != nil && in.Status == mock.Resizing {
							if r := e.Record.Load(); r != nil && r.By(mock.ModifyType) {
								o.Rows[i].Status = mock.Stopped
							}
						}
					}
					return o
				}
			})},
		{"later-pages-show-running-as-stopped", "C-STATUS-TRUE", "DescribeInstancesStatus shows RUNNING as STOPPED on every page but the first.",
			nil, selecting(mock.DescribeStatus, func(o *mock.Outcome, p mock.Params) {
				if p.PageNum > 1 {
					next := o.Row
					o.Row = func(dst []byte, in *mock.Instance) []byte {
						shown := *in
						renamed(mock.Running, mock.Stopped)(&shown)
						return next(dst, &shown)
					}
				}
			})},
		{"instances-stays-resizing", "C-INSTANCES-TRUE", "DescribeInstances goes on to show RESIZING and the old type when a resize has ended.",
			nil, lagging(1, forever)},
		{"instances-releasing-as-running", "C-INSTANCES-TRUE", "DescribeInstances shows an instance that is RELEASING as RUNNING.",
			nil, showing(mock.DescribeInstances, renamed("RELEASING", mock.Running))},
		{"instances-stopping-as-stopped", "C-INSTANCES-TRUE", "DescribeInstances shows an instance that is STOPPING as STOPPED.",
			nil, showing(mock.DescribeInstances, renamed("STOPPING", mock.Stopped))},
	}...)
}

// renamed replaces one status with another.
func renamed(status, shown string) func(in *mock.Instance) {
	return func(in *mock.Instance) {
		if in.Status == status {
			in.Status = shown
		}
	}
}

// filterDefects list instances other than the named ones.
func filterDefects() []Defect {
	return []Defect{
		{"status-filter-ignored", "C-STATUS-FILTER", "DescribeInstancesStatus lists all instances, whatever instanceIds says.",
			unfiltered("C-STATUS-TOTAL-MATCHES", "C-STATUS-UNKNOWN"), asking(mock.DescribeStatus, func(p *mock.Params) { p.InstanceIDs = nil })},
		{"status-escapes-as-written", "C-STATUS-FILTER", "DescribeInstancesStatus does not read the escapes of a body, and finds no parameter.",
			unfiltered("C-STATUS-UNKNOWN"), rereading(mock.DescribeStatus, func(body []byte) []byte { return bytes.ReplaceAll(body, []byte(`\u`), []byte(`\\u`)) })},
		{"status-first-id-only", "C-STATUS-FILTER", "DescribeInstancesStatus looks at the first of instanceIds only.",
			unfiltered("C-STATUS-TOTAL-MATCHES", "C-STATUS-PAGE", "C-STATUS-UNKNOWN"), asking(mock.DescribeStatus, firstOnly)},
		{"status-drops-create-failed", "C-STATUS-FILTER", "DescribeInstancesStatus does not list an instance that is in CREATE_FAILED.",
			unfiltered("C-STATUS-TOTAL-MATCHES", "C-STATUS-TRUE"), dropping(mock.DescribeStatus, "CREATE_FAILED")},
		{"status-drops-resizing", "C-STATUS-FILTER", "DescribeInstancesStatus does not list an instance while it is RESIZING.",
			unfiltered("C-STATUS-TOTAL-MATCHES", "C-STATUS-TRUE", "M-RESIZE-RESIZING"), dropping(mock.DescribeStatus, mock.Resizing)},
		{"status-drops-gpu-beside-others", "C-STATUS-FILTER", "DescribeInstancesStatus does not list a GPU instance when more than one id is given.",
			unfiltered("C-STATUS-TOTAL-MATCHES"), selecting(mock.DescribeStatus, func(o *mock.Outcome, p mock.Params) {
				if all := len(o.Rows); len(p.InstanceIDs) > 1 {
					o.Rows = slices.DeleteFunc(slices.Clone(o.Rows), func(in mock.Instance) bool { return in.GPU })
					o.Total -= all - len(o.Rows)
				}
			})},
		{"instances-filter-ignored", "C-INSTANCES-FILTER", "DescribeInstances lists all instances, whatever instanceIds says.",
			unfiltered("C-INSTANCES-TOTAL-MATCHES", "C-INSTANCES-UNKNOWN"), asking(mock.DescribeInstances, func(p *mock.Params) { p.InstanceIDs = nil })},
		{"instances-rows-twice", "C-INSTANCES-FILTER", "A join has DescribeInstances list each instance twice.",
			unfiltered("C-INSTANCES-PAGE", "C-INSTANCES-UNKNOWN", "D-INSTANCES-PAGE-DEFAULT"), selecting(mock.DescribeInstances, func(o *mock.Outcome, _ mock.Params) { o.Rows = slices.Repeat(o.Rows, 2) })},
		{"instances-drops-recycled", "C-INSTANCES-FILTER", "DescribeInstances does not list an instance that is in the recycle bin.",
			unfiltered("C-INSTANCES-TOTAL-MATCHES", "C-INSTANCES-TRUE"), dropping(mock.DescribeInstances, "RECYCLE")},

		{"status-unknown-id-500", "C-STATUS-UNKNOWN", "An unknown id in the filter of DescribeInstancesStatus brings about an internal error.",
			nil, unknownID(mock.DescribeStatus, mock.InternalError)},
		{"status-unknown-id-lists-all", "C-STATUS-UNKNOWN", "A filter of DescribeInstancesStatus in which no id is known counts as none.",
			unfiltered("C-STATUS-FILTER"), unknownIsNone(mock.DescribeStatus)},
		{"instances-unknown-id-400", "C-INSTANCES-UNKNOWN", "An unknown id in the filter of DescribeInstances is refused as a value that is not allowed.",
			nil, unknownID(mock.DescribeInstances, mock.InvalidValue)},
		{"instances-unknown-id-lists-all", "C-INSTANCES-UNKNOWN", "A filter of DescribeInstances in which no id is known counts as none.",
			unfiltered("C-INSTANCES-FILTER"), unknownIsNone(mock.DescribeInstances)},
	}
}

// unfiltered returns the clauses that are also affected if a listing has the wrong instances: those
// about their number or choice.
func unfiltered(further ...string) []string { return further }

func firstOnly(p *mock.Params) { p.InstanceIDs = p.InstanceIDs[:min(1, len(p.InstanceIDs))] }

// dropping omits instances in a status from listings that name them.
func dropping(action, status string) injection {
	return selecting(action, func(o *mock.Outcome, p mock.Params) {
		if len(p.InstanceIDs) == 0 {
			return
		}
		all := len(o.Rows)
		o.Rows = slices.DeleteFunc(o.Rows, func(in mock.Instance) bool { return in.Status == status })
		o.Total -= all - len(o.Rows)
	})
}

// unknownID refuses a filter with an id that does not exist.
func unknownID(action string, with mock.Refusal) injection {
	return performing(action, func(_ *mock.Mock, next mock.Perform) mock.Perform {
		return func(m *mock.Mock, c *mock.Call, p mock.Params) mock.Outcome {
			if len(m.Store.Named(p.InstanceIDs)) < len(slices.Compact(slices.Sorted(slices.Values(p.InstanceIDs)))) {
				return mock.Outcome{Refusal: with}
			}
			return next(m, c, p)
		}
	})
}

// unknownIsNone ignores a filter in which no id exists.
func unknownIsNone(action string) injection {
	return performing(action, func(_ *mock.Mock, next mock.Perform) mock.Perform {
		return func(m *mock.Mock, c *mock.Call, p mock.Params) mock.Outcome {
			if len(m.Store.Named(p.InstanceIDs)) == 0 {
				p.InstanceIDs = nil
			}
			return next(m, c, p)
		}
	})
}
