package defects

import (
	"fmt"
	"strings"

	"github.com/zec-tools/conformance/internal/mock"
)

// listingDefects are mistakes in a listing: totalCount, dataSet and its rows.
func listingDefects() []Defect {
	return []Defect{
		{"status-total-missing", "C-STATUS-TOTAL", "DescribeInstancesStatus leaves totalCount out.",
			[]string{"C-STATUS-TOTAL-MATCHES"}, // no number is the right one
			responding(mock.DescribeStatus, func(r object) { delete(r, "totalCount") })},
		{"status-total-text", "C-STATUS-TOTAL", "The totalCount of DescribeInstancesStatus is a text.",
			[]string{"C-STATUS-TOTAL-MATCHES"}, // a text is not the right number
			responding(mock.DescribeStatus, func(r object) { r["totalCount"] = fmt.Sprint(r["totalCount"]) })},
		{"instances-total-null", "C-INSTANCES-TOTAL", "The totalCount of DescribeInstances is null when nothing matches.",
			[]string{"C-INSTANCES-TOTAL-MATCHES"}, // null is not the right number
			responding(mock.DescribeInstances, func(r object) {
				if r["totalCount"] == 0.0 {
					r["totalCount"] = nil
				}
			})},
		{"instances-total-missing", "C-INSTANCES-TOTAL", "The totalCount of DescribeInstances is called total.",
			[]string{"C-INSTANCES-TOTAL-MATCHES"}, // no number is the right one
			responding(mock.DescribeInstances, func(r object) { r["total"] = r["totalCount"]; delete(r, "totalCount") })},
		{"status-total-of-account", "C-STATUS-TOTAL-MATCHES", "The totalCount of DescribeInstancesStatus counts all instances, whatever the filter.",
			nil, counting(mock.DescribeStatus, func(m *mock.Mock, _ mock.Outcome) int { return len(m.Store.All()) })},
		{"status-total-negative-when-none", "C-STATUS-TOTAL-MATCHES", "The totalCount of DescribeInstancesStatus is -1 when nothing matches.",
			nil, counting(mock.DescribeStatus, func(_ *mock.Mock, o mock.Outcome) int {
				if o.Total == 0 {
					return -1
				}
				return o.Total
			})},
		{"instances-total-off-by-one", "C-INSTANCES-TOTAL-MATCHES", "The totalCount of DescribeInstances is one too high.",
			nil, counting(mock.DescribeInstances, func(_ *mock.Mock, o mock.Outcome) int { return o.Total + 1 })},
		{"instances-total-zero", "C-INSTANCES-TOTAL-MATCHES", "The totalCount of DescribeInstances is always 0.",
			nil, counting(mock.DescribeInstances, func(*mock.Mock, mock.Outcome) int { return 0 })},

		{"status-dataset-null-when-empty", "C-STATUS-DATASET", "The dataSet of DescribeInstancesStatus is null when nothing matches.",
			nil, whenEmpty(mock.DescribeStatus, func(r object) { r["dataSet"] = nil })},
		{"status-dataset-object-when-single", "C-STATUS-DATASET", "The dataSet of DescribeInstancesStatus is the row itself when there is one.",
			[]string{"C-STATUS-FILTER"}, // the instance is in no list
			responding(mock.DescribeStatus, whenSingle)},
		{"instances-dataset-missing-when-empty", "C-INSTANCES-DATASET", "DescribeInstances leaves dataSet out when nothing matches.",
			nil, whenEmpty(mock.DescribeInstances, func(r object) { delete(r, "dataSet") })},
		{"instances-dataset-by-id", "C-INSTANCES-DATASET", "The dataSet of DescribeInstances is an object by instance id.",
			[]string{"C-INSTANCES-FILTER"}, // the instance is in no list
			responding(mock.DescribeInstances, func(r object) {
				byID := object{}
				for _, row := range rowsOf(r) {
					id, _ := row["instanceId"].(string)
					byID[id] = row
				}
				r["dataSet"] = byID
			})},
	}
}

// rowDefects are mistakes in the rows of a listing.
func rowDefects() []Defect {
	return []Defect{
		{"status-id-renamed", "C-STATUS-ID", "The rows of DescribeInstancesStatus name the instance in id.",
			[]string{"C-STATUS-FILTER", "C-STATUS-PAGE"}, // nobody finds the instance in the list
			rerowing(mock.DescribeStatus, func(row object) { row["id"] = row["instanceId"]; delete(row, "instanceId") })},
		{"instances-id-number", "C-INSTANCES-ID", "The instanceId of DescribeInstances is the number in the database.",
			[]string{"C-INSTANCES-FILTER", "C-INSTANCES-PAGE"}, // nobody finds the instance in the list
			rerowing(mock.DescribeInstances, func(row object) { row["instanceId"] = number(row["instanceId"].(string)) })},
		{"status-missing", "C-STATUS-STATUS", "DescribeInstancesStatus leaves instanceStatus out while an instance is RESIZING.",
			[]string{"C-STATUS-TRUE", "M-RESIZE-RESIZING"}, // what is not there is not RESIZING
			rerowing(mock.DescribeStatus, func(row object) {
				if row["instanceStatus"] == mock.Resizing {
					delete(row, "instanceStatus")
				}
			})},
		{"status-number", "C-STATUS-STATUS", "The instanceStatus of DescribeInstancesStatus is the number of the status.",
			[]string{"C-STATUS-TRUE", "M-RESIZE-RESIZING", "M-RESIZE-STOPPED"}, // a number is none of the statuses
			rerowing(mock.DescribeStatus, func(row object) { row["instanceStatus"] = number(row["instanceStatus"].(string)) % 13 })},
		{"instances-status-missing", "C-INSTANCES-STATUS", "DescribeInstances leaves status out.",
			[]string{"C-INSTANCES-TRUE"}, // what is not there is no status
			rerowing(mock.DescribeInstances, func(row object) { delete(row, "status") })},
		{"instances-status-object", "C-INSTANCES-STATUS", "The status of DescribeInstances is an object with code and name.",
			[]string{"C-INSTANCES-TRUE"}, // an object is no status
			rerowing(mock.DescribeInstances, func(row object) { row["status"] = object{"code": 1, "name": row["status"]} })},
		{"instances-type-missing", "C-INSTANCES-TYPE", "DescribeInstances leaves instanceType out.",
			[]string{"M-RESIZE-TYPE"}, // the wanted type is nowhere to be seen
			rerowing(mock.DescribeInstances, func(row object) { delete(row, "instanceType") })},
		{"instances-type-upper-case", "C-INSTANCES-TYPE", "The instanceType of DescribeInstances is in upper case.",
			[]string{"M-RESIZE-TYPE"}, // the wanted type is nowhere to be seen
			showing(mock.DescribeInstances, func(in *mock.Instance) { in.Type = strings.ToUpper(in.Type) })},
		{"instances-type-object", "C-INSTANCES-TYPE", "The instanceType of DescribeInstances is an object with an id.",
			[]string{"M-RESIZE-TYPE"}, // the wanted type is nowhere to be seen
			rerowing(mock.DescribeInstances, func(row object) { row["instanceType"] = object{"id": row["instanceType"]} })},
		{"gpu-type-number", "C-INSTANCES-TYPE", "The instanceType of DescribeInstances is a number for a GPU instance.",
			nil, rerowing(mock.DescribeInstances, func(row object) {
				if kind, _ := row["instanceType"].(string); strings.HasPrefix(kind, "z3a.g.") {
					row["instanceType"] = 49
				}
			})},
	}
}

// responding alters the response of an action's successes.
func responding(action string, change func(response object)) injection {
	return rewriting(successes(action), func(b object) { change(responseOf(b)) })
}

// rowsOf returns the rows of a listing's response.
func rowsOf(response object) []object {
	var rows []object
	list, _ := response["dataSet"].([]any)
	for _, row := range list {
		if row, is := row.(object); is {
			rows = append(rows, row)
		}
	}
	return rows
}

// whenEmpty alters responses with an empty dataSet.
func whenEmpty(action string, change func(response object)) injection {
	return responding(action, func(r object) {
		if len(rowsOf(r)) == 0 {
			change(r)
		}
	})
}

func whenSingle(response object) {
	if rows := rowsOf(response); len(rows) == 1 {
		response["dataSet"] = rows[0]
	}
}

// counting alters the totalCount of a listing.
func counting(action string, total func(m *mock.Mock, o mock.Outcome) int) injection {
	return performing(action, func(_ *mock.Mock, next mock.Perform) mock.Perform {
		return func(m *mock.Mock, c *mock.Call, p mock.Params) mock.Outcome {
			o := next(m, c, p)
			o.Total = total(m, o)
			return o
		}
	})
}
