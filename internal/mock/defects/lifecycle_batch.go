package defects

import (
	"slices"

	"github.com/zec-tools/conformance/internal/mock"
)

// batchDefects are mistakes about which of several instances are changed, and which are listed as
// failed.
func (p power) batchDefects() []Defect {
	return []Defect{
		p.defect("failed-lists-successes", "BATCH", "% names in instanceIds those that it was carried out for.",
			nil, p.naming(func(ids, failed []string) []string { return missingFrom(ids, failed) })),
		p.defect("failed-lists-all", "BATCH", "% names in instanceIds whatever the request did, once one has failed.",
			nil, p.naming(func(ids, failed []string) []string {
				if len(failed) == 0 {
					return failed
				}
				return ids
			})),
		p.defect("failed-omits-one", "BATCH", "% does not name the last one that it failed for.",
			nil, p.naming(func(_, failed []string) []string { return failed[:max(0, len(failed)-1)] })),
		p.defect("failed-omits-unknown", "BATCH", "% does not name what does not exist.",
			nil, func(m *mock.Mock) {
				p.naming(func(_, failed []string) []string {
					return slices.DeleteFunc(failed, func(id string) bool { return m.Store.Find(id) == nil })
				})(m)
			}),
		p.defect("failed-and-done", "BATCH", "% names an instance as failed for its status, and begins all the same.",
			append(p.own("ONLY-FROM"), "R-REFUSED-UNCHANGED"), // it is done from another status, and named as not done
			performing(p.name, func(_ *mock.Mock, next mock.Perform) mock.Perform {
				return func(m *mock.Mock, c *mock.Call, q mock.Params) mock.Outcome {
					o := next(m, c, q)
					for _, id := range o.Failed {
						if holds(m, id, c, func(in mock.Instance) bool { return !slices.Contains(mock.Recycled(), in.Status) }) {
							begin(m, p.name, id, "", c.Now)
						}
					}
					return o
				}
			})),
		p.defect("success-named-failed", "BATCH", "% names the first one as failed when nothing was, and begins all the same.",
			p.own("CARRIED-OUT"), // what is named is not carried out, and this is
			p.naming(func(ids, failed []string) []string {
				if len(failed) == 0 {
					return ids[:min(1, len(ids))]
				}
				return failed
			})),
		p.defect("stops-at-first-bad", p.unlessItReturns("CARRIED-OUT", "BATCH"), "% leaves the rest of the list when it comes to a bad one, and names that alone.",
			append(p.own("CARRIED-OUT", "TRANSIENT", "BATCH", "END"), "C-STATUS-TRUE"), // nothing is seen of those left out
			p.cutting(func(bad int, _ []string) int { return bad })),
		p.defect("first-only", "BATCH", "% looks at the first of instanceIds only.",
			append(p.own("CARRIED-OUT", "TRANSIENT", "END"), "C-STATUS-TRUE"), // nothing is seen of those left out
			asking(p.name, firstOnly)),
		p.defect("last-one-forgotten", p.unlessItReturns("CARRIED-OUT", "TRANSIENT"), "% does not come to the last of several instances.",
			append(p.own("CARRIED-OUT", "TRANSIENT", "BATCH", "END"), "C-STATUS-TRUE"), // nothing is seen of those left out
			asking(p.name, func(q *mock.Params) {
				if len(q.InstanceIDs) > 1 {
					q.InstanceIDs = q.InstanceIDs[:len(q.InstanceIDs)-1]
				}
			})),
		p.defect("bad-status-dropped", "BATCH", "% leaves those that are in another status out, and does not name them, when all exist.",
			append(p.own("ONLY-FROM", "DENIED"), everyLock()...), // a list of one is left out, too
			performing(p.name, func(_ *mock.Mock, next mock.Perform) mock.Perform {
				return func(m *mock.Mock, c *mock.Call, q mock.Params) mock.Outcome {
					is := func(id string, in func(in mock.Instance) bool) bool { return holds(m, id, c, in) }
					exists := func(id string) bool { return is(id, func(mock.Instance) bool { return true }) }
					if len(q.InstanceIDs) > 1 && !slices.ContainsFunc(q.InstanceIDs, func(id string) bool { return !exists(id) }) {
						q.InstanceIDs = slices.DeleteFunc(slices.Clone(q.InstanceIDs), func(id string) bool {
							return !is(id, func(in mock.Instance) bool { return in.Status == p.from })
						})
					}
					return next(m, c, q)
				}
			})),
		p.defect("later-taken-busy", "BATCH", "% takes an instance that is RESIZING when it is not the first of the list.",
			append(p.own("ONLY-FROM"), "M-RESIZE-LOCK"), // it is no status to begin in, whoever resizes it
			p.takingBusy(func(i, _ int) bool { return i > 0 })),
		p.defect("first-taken-busy", "M-RESIZE-LOCK", "% takes an instance that is RESIZING when it is the first of several.",
			append(p.own("ONLY-FROM", "DENIED", "BATCH"), "M-RESIZE", "M-RESIZE-RESIZING", "M-RESIZE-STOPPED", "M-RESIZE-TYPE"), // the resize is not completed
			p.takingBusy(func(i, count int) bool { return i == 0 && count > 1 })),
		p.defect("unknown-last-dropped", "BATCH", "% drops the last of several ids when it does not exist, and does not name it.",
			p.own("ABSENT", "IDS"), performing(p.name, func(_ *mock.Mock, next mock.Perform) mock.Perform {
				return func(m *mock.Mock, c *mock.Call, q mock.Params) mock.Outcome {
					if last := len(q.InstanceIDs) - 1; last > 0 && m.Store.Find(q.InstanceIDs[last]) == nil {
						q.InstanceIDs = q.InstanceIDs[:last]
					}
					return next(m, c, q)
				}
			})),
		p.defect("refused-whole-yet-done", "R-REFUSED-UNCHANGED", "% refuses the whole list for a bad one once it has begun with the good ones.",
			p.own("BATCH"), // all or exactly the good ones
			func(m *mock.Mock) {
				performing(p.name, func(_ *mock.Mock, next mock.Perform) mock.Perform {
					return func(m *mock.Mock, c *mock.Call, q mock.Params) mock.Outcome {
						o := next(m, c, q)
						if len(o.Failed) > 0 {
							return mock.Outcome{Refusal: m.Target(p.name, o.Failed[0], c, q).Refusal}
						}
						return o
					}
				})(m)
			}),
		p.defect("failed-as-text", "FAILED", "% names the failed in one text, separated by commas.",
			p.own("BATCH"), // no list names them
			responding(p.name, func(r object) { r["instanceIds"] = joined(r["instanceIds"]) })),
		p.defect("failed-as-objects", "FAILED", "% names the failed in objects with id and reason.",
			p.own("BATCH"), // no id stands in the list
			responding(p.name, func(r object) {
				var rows []any
				list, _ := r["instanceIds"].([]any)
				for _, id := range list {
					rows = append(rows, object{"instanceId": id, "reason": "failed"})
				}
				r["instanceIds"] = rows
			})),
	}
}

// naming makes an action list other ids as failed, chosen from those requested and those that
// failed.
func (p power) naming(choose func(ids, failed []string) []string) injection {
	return performing(p.name, func(_ *mock.Mock, next mock.Perform) mock.Perform {
		return func(m *mock.Mock, c *mock.Call, q mock.Params) mock.Outcome {
			o := next(m, c, q)
			if !o.Refusal.Refused() {
				o.Failed = choose(slices.Clone(q.InstanceIDs), slices.Clone(o.Failed))
			}
			return o
		}
	})
}

// cutting makes an action process only the beginning of its list if an instance in it is bad, up to
// the position that choose returns for the index of the first bad one.
func (p power) cutting(choose func(bad int, ids []string) int) injection {
	return performing(p.name, func(_ *mock.Mock, next mock.Perform) mock.Perform {
		return func(m *mock.Mock, c *mock.Call, q mock.Params) mock.Outcome {
			bad := slices.IndexFunc(q.InstanceIDs, func(id string) bool { return m.Target(p.name, id, c, q).Refusal.Refused() })
			if bad < 1 {
				return next(m, c, q)
			}
			culprit := q.InstanceIDs[bad]
			q.InstanceIDs = q.InstanceIDs[:choose(bad, q.InstanceIDs)]
			o := next(m, c, q)
			o.Failed = append(o.Failed, culprit)
			return o
		}
	})
}

// missingFrom returns the texts of one list that are not in another.
func missingFrom(list, other []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(other, s) })
}

func joined(list any) string {
	text := ""
	items, _ := list.([]any)
	for _, item := range items {
		if text != "" {
			text += ","
		}
		text += item.(string)
	}
	return text
}

// takingBusy begins the action on the RESIZING instances at some places of the list.
func (p power) takingBusy(at func(i, count int) bool) injection {
	return performing(p.name, func(_ *mock.Mock, next mock.Perform) mock.Perform {
		return func(m *mock.Mock, c *mock.Call, q mock.Params) mock.Outcome {
			var taken []string
			for i, id := range q.InstanceIDs {
				if at(i, len(q.InstanceIDs)) && holds(m, id, c, func(in mock.Instance) bool { return in.Status == mock.Resizing }) {
					taken = append(taken, id)
				}
			}
			o := next(m, c, q)
			if len(taken) > 0 && o.Refusal != (mock.Refusal{}) { // it would be refused as a whole
				o = mock.Outcome{Batch: true, Failed: q.InstanceIDs}
			}
			for _, id := range taken {
				begin(m, p.name, id, "", c.Now)
			}
			o.Failed = missingFrom(o.Failed, taken)
			return o
		}
	})
}
