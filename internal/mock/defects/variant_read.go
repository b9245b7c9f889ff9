package defects

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/mock"
)

// readVariants differ in what the two read actions list and refuse.
func readVariants() []Variant {
	const below, unrelated = "pageSize or pageNum below 1", "unrelated instances of the account"
	each := func(make func(action string) injection) injection {
		return together(make(mock.DescribeStatus), make(mock.DescribeInstances))
	}
	return []Variant{
		{Name: "unknown-ids-404", Text: "An unknown id in a filter is answered as a resource that does not exist.", Freedom: "C-STATUS-UNKNOWN, C-INSTANCES-UNKNOWN",
			apply: each(func(action string) injection { return unknownID(action, mock.ResourceNotFound) })},
		{Name: "unknown-ids-instance-404", Text: "An unknown id in a filter is answered as an instance that does not exist.", Freedom: "C-STATUS-UNKNOWN, C-INSTANCES-UNKNOWN",
			apply: each(func(action string) injection { return unknownID(action, mock.InstanceNotFound) })},
		{Name: "too-many-unknown-404", Shows: namingMany, Text: "More than 100 ids of which one is unknown are answered as one that does not exist.", Freedom: "more than 100 ids, all unknown",
			apply: each(func(action string) injection {
				return together(taking(action, "instanceIds", func(t *mock.Parameter) { t.Above = mock.Refusal{} }),
					refusingWhen(action, func(p mock.Params) bool { return len(p.InstanceIDs) > mock.MaxIDs }, mock.ExceedLength),
					performing(action, func(_ *mock.Mock, next mock.Perform) mock.Perform {
						return func(m *mock.Mock, c *mock.Call, p mock.Params) mock.Outcome {
							if len(p.InstanceIDs) > mock.MaxIDs && len(m.Store.Named(p.InstanceIDs)) == 0 {
								return mock.Outcome{Refusal: mock.ResourceNotFound}
							}
							return next(m, c, p)
						}
					}))
			})},
		{Name: "named-ids-on-one-page", Shows: namingMany, Text: "Without pageSize, all instances that instanceIds names are on one page.", Freedom: "more than 20 ids without pageSize",
			apply: each(func(action string) injection {
				return performing(action, func(_ *mock.Mock, next mock.Perform) mock.Perform {
					return func(m *mock.Mock, c *mock.Call, p mock.Params) mock.Outcome {
						if len(p.InstanceIDs) > 0 && !gjson.GetBytes(c.Body, "pageSize").Exists() {
							p.PageSize = max(p.PageSize, len(p.InstanceIDs))
						}
						return next(m, c, p)
					}
				})
			})},
		{Name: "beyond-32-bits-as-type", Shows: paging(), Text: "A pageSize that 32 bits cannot hold is refused as one of a wrong type.", Freedom: "several errors apply at once",
			apply: beyond32Bits(mock.WrongType)},
		{Name: "unknown-value-404", Shows: filtering(), Text: "A filter that nothing matches is answered as a resource that does not exist.", Freedom: "a filter value that nothing has",
			apply: unmatched(mock.ResourceNotFound)},
		{Name: "unknown-value-400", Shows: filtering(), Text: "A filter that nothing matches is refused as a value that is not allowed.", Freedom: "a filter value that nothing has",
			apply: unmatched(mock.InvalidValue)},
		{Name: "unknown-value-missing", Shows: filtering(), Text: "A filter that nothing matches is refused as if a parameter were missing.", Freedom: "a filter value that nothing has",
			apply: unmatched(mock.MissingParameter)},
		{Name: "name-exact", Shows: having("name"), Text: "A name finds the instances whose names are equal to it.", Freedom: "a name filter",
			apply: matching("name", func(p *mock.Params, in *mock.Instance, _ bool) bool { return in.Name == p.Name })},
		{Name: "name-begins", Shows: having("name"), Text: "A name finds the instances whose names begin with it.", Freedom: "a name filter",
			apply: matching("name", func(p *mock.Params, in *mock.Instance, _ bool) bool { return strings.HasPrefix(in.Name, p.Name) })},
		{Name: "type-shown-at-random", Text: "DescribeInstances shows any type of an instance that is RESIZING, and none of them long.", Freedom: "which type is shown while RESIZING",
			apply: func(m *mock.Mock) {
				var listed atomic.Int64
				showing(mock.DescribeInstances, func(in *mock.Instance) {
					if types := m.Specifications.Types.Resizable; in.Status == mock.Resizing {
						in.Type = types[int(listed.Add(1))%len(types)]
					}
				})(m)
			}},
		{Name: "gpu-type-null", Text: "The type of a GPU instance is null.", Freedom: "instanceType of a GPU instance", Open: true,
			apply: rerowing(mock.DescribeInstances, func(row object) {
				if kind, _ := row["instanceType"].(string); strings.HasPrefix(kind, "z3a.g.") {
					row["instanceType"] = nil
				}
			})},
		{Name: "gpu-type-null-at-times", Text: "The type of a GPU instance is null in every other answer that lists it.", Freedom: "instanceType of a GPU instance", Open: true,
			apply: func(m *mock.Mock) {
				var listed atomic.Int64
				rerowing(mock.DescribeInstances, func(row object) {
					if kind, _ := row["instanceType"].(string); strings.HasPrefix(kind, "z3a.g.") && listed.Add(1)%2 == 0 {
						row["instanceType"] = nil
					}
				})(m)
			}},
		{Name: "empty-optional-value", Shows: containing(`""`), Text: "An optional parameter that is the empty text is a value like any other, which nothing has.", Freedom: "C-OPTIONAL-EMPTY",
			apply: each(emptyIsAValue)},
		{Name: "empty-optional-404", Shows: containing(`""`), Text: "An optional parameter that is the empty text is answered as a thing that does not exist.", Freedom: "C-OPTIONAL-EMPTY",
			apply: optionals(func(t *mock.Parameter) {
				switch {
				case t.Name == "resourceGroupId":
					t.Empty = mock.GroupNotFound
				case t.Kind == mock.Text:
					t.Empty = mock.ResourceNotFound
				}
			})},
		{Name: "unrelated-odd-rows", Shows: listingAll, Text: "Other people's instances have statuses that no document lists, and members of other types.", Freedom: unrelated,
			apply: together(each(busy), rerowing(mock.DescribeStatus, odd), rerowing(mock.DescribeInstances, odd))},
		{Name: "unknown-group-404", Shows: having("resourceGroupId"), Text: "A resource group that does not exist is answered with its own code.", Freedom: "E-GROUP-NOT-FOUND",
			apply: each(unknownGroup)},
		{Name: "null-optional-refused", Shows: containing("null"), Text: "An optional parameter that is null is refused as one of the wrong type.", Freedom: "C-OPTIONAL-EMPTY",
			apply: optionals(func(t *mock.Parameter) { t.Null = mock.WrongType })},
		{Name: "empty-optional-refused", Shows: anyOf(containing(`""`), namingNone), Text: "An optional parameter that is the empty text is refused as too short.", Freedom: "C-OPTIONAL-EMPTY",
			apply: optionals(func(t *mock.Parameter) { t.Empty = mock.LessLength })},
		{Name: "empty-ids-refused", Shows: namingNone, Text: "An instanceIds that is empty is refused as too short.", Freedom: "C-OPTIONAL-EMPTY",
			apply: each(refusingEmptyIDs)},
		{Name: "empty-body-refused", Shows: bodiless, Text: "An empty body of a read is refused as one that is not JSON.", Freedom: "C-OPTIONAL-EMPTY",
			apply: each(func(action string) injection { return holding(action, func(t *mock.Content) { t.Empty = t.Malformed }) })},
		{Name: "page-below-one-500", Shows: paging(), Text: "A pageSize or pageNum below 1 brings about an internal error.", Freedom: below,
			apply: each(func(action string) injection {
				return together(
					taking(action, "pageSize", func(t *mock.Parameter) { t.Below = mock.InternalError }),
					taking(action, "pageNum", func(t *mock.Parameter) { t.Below = mock.InternalError }))
			})},
		{Name: "page-below-one-taken", Shows: paging(), Text: "A pageSize or pageNum below 1 is taken for 1.", Freedom: below,
			apply: optionals(func(t *mock.Parameter) { t.Below = mock.Refusal{} })},

		{Name: "newest-first", Shows: listingSeveral, Text: "Listings begin with the instance that came last.", Freedom: "order of dataSet",
			apply: each(func(action string) injection { return resorted(action, slices.Reverse[[]mock.Instance]) })},
		{Name: "sorted-by-status", Shows: listingSeveral, Text: "Listings are sorted by status.", Freedom: "order of dataSet",
			apply: each(func(action string) injection {
				return resorted(action, func(rows []mock.Instance) {
					slices.SortStableFunc(rows, func(a, b mock.Instance) int { return strings.Compare(a.Status, b.Status) })
				})
			})},
		{Name: "order-changes", Shows: listingSeveral, Text: "Each listing has its rows in another order, and pages are cut from that.", Freedom: "order of dataSet", Open: true,
			apply: each(func(action string) injection {
				return resorted(action, func(rows []mock.Instance) {
					rand.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
				})
			})},
		{Name: "busy-account", Shows: listingAll, Text: "Other people's instances come, change and go all the time.", Freedom: unrelated, apply: each(busy)},
		{Name: "other-members", Text: "Members of an instance that no document requires are null, or not there.", Freedom: "C-INSTANCES-MEMBERS",
			apply: rerowing(mock.DescribeInstances, func(row object) {
				row["memory"], row["createTime"] = nil, nil
				delete(row, "cpu")
			})},
		{Name: "nameless-rows", Text: "The rows of DescribeInstances show neither name nor zone nor image.", Freedom: "C-INSTANCES-MEMBERS", Open: true,
			apply: rerowing(mock.DescribeInstances, func(row object) {
				row["imageId"] = nil
				delete(row, "instanceName")
				delete(row, "zoneId")
			})},
	}
}

// optionals alters the parameters of both read actions.
func optionals(change func(t *mock.Parameter)) injection {
	return func(m *mock.Mock) {
		for _, action := range []string{mock.DescribeStatus, mock.DescribeInstances} {
			list := m.Behaviour.Actions[action].Parameters
			for i := range list {
				change(&list[i])
			}
		}
	}
}

// odd puts undocumented values into the rows of other users' instances.
func odd(row object) {
	id, _ := row["instanceId"].(string)
	if !strings.HasPrefix(id, "another-") {
		return
	}
	statuses := []any{"STARTING", "REINSTALL_FAILED", "RECYCLED", "PENDING", "ANY_OTHER", 7, nil}
	status := statuses[number(id)%uint64(len(statuses))]
	if _, shown := row["instanceStatus"]; shown {
		row["instanceStatus"] = status
		return
	}
	row["status"], row["instanceType"], row["cpu"], row["createTime"] = status, nil, "many", 1711972800
}

// emptyIsAValue makes an empty string match nothing, because no instance has it as a value.
func emptyIsAValue(action string) injection {
	return performing(action, func(_ *mock.Mock, next mock.Perform) mock.Perform {
		return func(m *mock.Mock, c *mock.Call, p mock.Params) mock.Outcome {
			gjson.ParseBytes(c.Body).ForEach(func(_, value gjson.Result) bool {
				if value.Type == gjson.String && value.Str == "" {
					p.InstanceIDs = []string{"none"}
				}
				return true
			})
			return next(m, c, p)
		}
	})
}

// unmatched refuses filters of DescribeInstances that match nothing.
func unmatched(with mock.Refusal) injection {
	return performing(mock.DescribeInstances, func(_ *mock.Mock, next mock.Perform) mock.Perform {
		return func(m *mock.Mock, c *mock.Call, p mock.Params) mock.Outcome {
			o := next(m, c, p)
			if p.ResourceGroupID+p.ZoneID+p.ImageID+p.Status+p.Name+p.Ipv4Address+p.Ipv6Address != "" && o.Total == 0 {
				return mock.Outcome{Refusal: with}
			}
			return o
		}
	})
}

// unknownGroup refuses a resource group without instances.
func unknownGroup(action string) injection { return unknownGroupWith(action, mock.GroupNotFound) }

func unknownGroupWith(action string, with mock.Refusal) injection {
	return performing(action, func(_ *mock.Mock, next mock.Perform) mock.Perform {
		return func(m *mock.Mock, c *mock.Call, p mock.Params) mock.Outcome {
			if o := everything(next, m, c, mock.Params{ResourceGroupID: p.ResourceGroupID}); p.ResourceGroupID != "" && o.Total == 0 {
				return mock.Outcome{Refusal: with}
			}
			return next(m, c, p)
		}
	})
}

// refusingEmptyIDs refuses an empty list of ids.
func refusingEmptyIDs(action string) injection {
	return performing(action, func(_ *mock.Mock, next mock.Perform) mock.Perform {
		return func(m *mock.Mock, c *mock.Call, p mock.Params) mock.Outcome {
			if ids := gjson.GetBytes(c.Body, "instanceIds"); ids.IsArray() && len(p.InstanceIDs) == 0 {
				return mock.Outcome{Refusal: mock.LessLength}
			}
			return next(m, c, p)
		}
	})
}

// resorted lists instances in another order, the same on every page.
func resorted(action string, sort func(rows []mock.Instance)) injection {
	return performing(action, func(_ *mock.Mock, next mock.Perform) mock.Perform {
		return func(m *mock.Mock, c *mock.Call, p mock.Params) mock.Outcome {
			o := everything(next, m, c, p)
			sort(o.Rows)
			from, to := m.Behaviour.Page(&p)
			o.Rows = o.Rows[min(from, len(o.Rows)):min(to, len(o.Rows))]
			return o
		}
	})
}

// busy appends changing instances to listings that name none.
func busy(action string) injection {
	return counted(func(count *atomic.Int64) injection {
		return performing(action, func(_ *mock.Mock, next mock.Perform) mock.Perform {
			return func(m *mock.Mock, c *mock.Call, p mock.Params) mock.Outcome {
				if len(p.InstanceIDs) > 0 || p.ResourceGroupID+p.ZoneID+p.ImageID+p.Status+p.Name+p.Ipv4Address+p.Ipv6Address != "" {
					return next(m, c, p)
				}
				o := everything(next, m, c, p)
				o.Rows = append(o.Rows, unrelatedInstances(int(count.Add(1)))...)
				o.Total = len(o.Rows)
				from, to := m.Behaviour.Page(&p)
				o.Rows = o.Rows[min(from, len(o.Rows)):min(to, len(o.Rows))]
				return o
			}
		})
	})
}

// unrelatedInstances returns the instances of other users at one moment. Some of them come and go,
// and all of them change.
func unrelatedInstances(moment int) []mock.Instance {
	statuses, types := mock.Statuses(), mock.NewCatalogue(nil).Types.Resizable
	var rows []mock.Instance
	for i := range 3 + moment%4 {
		n := moment/2 + i
		rows = append(rows, mock.Instance{
			ID: fmt.Sprint("another-", n), Name: "another", ZoneID: "SIN-A",
			Status: statuses[(moment+i)%len(statuses)], Type: types[(moment+i)%len(types)],
		})
	}
	return rows
}
