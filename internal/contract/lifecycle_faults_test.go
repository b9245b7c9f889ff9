package contract_test

import (
	"strings"
	"testing"
)

func TestAParameterThatCannotBeWhatItIsNamedForIsRefused(t *testing.T) {
	const (
		api     = "openapi.yaml"
		wanted  = "                instanceType:\n                  type: string\n                  description: The type it shall have.\n"
		subject = "                instanceId:\n                  type: string\n                  description: The instance to change.\n"
		key     = "                            instanceId:\n                              type: string\n                              description: The instance.\n"
		several = "                  items: {type: string}\n                  example: [instanceId]\n"
	)
	as := func(text, kind string) string {
		return strings.Replace(text, "type: string", "type: "+kind, 1)
	}
	for _, test := range []replaced{
		{"a wanted value that is the subject", api, "wanted: instanceType", "wanted: instanceId", "instanceId", "wanted is the subject; name the parameter that asks for a value"},
		{"a wanted boolean", api, wanted, as(wanted, "boolean"), "boolean", "instanceType asks for a value of the type boolean; make it string, integer or number, or remove wanted and changed: no other value is asked for"},
		{"a wanted object", api, wanted, as(wanted, "object"), "object", "instanceType asks for a value of the type object; make it string, integer or number, or remove wanted and changed: no other value is asked for"},
		{"a wanted list", api, wanted, as(wanted, "array\n                  items: {type: string}"), "array", "instanceType asks for a value of the type array; make it string, integer or number, or remove wanted and changed: no other value is asked for"},
		{"a wanted value without alternative", api, wanted, wanted + "                  enum: [z2a.cpu.2]\n", "[z2a", "the enum of instanceType has one value, and a change takes two; list those that a subject may change between"},
		{"a subject that is a number", api, subject, as(subject, "integer"), "integer", "the type of instanceId is integer; make it string: subjects are named by texts"},
		{"a key that is a number", api, key, as(key, "integer"), "integer", "the type of instanceId is integer; make it string: subjects are named by texts"},
		{"a filter of numbers", api, several, "                  items: {type: integer}\n", "integer", "the type of the items of instanceIds is integer; make it string: subjects are named by texts"},
		{"failed subjects as numbers", api, "type: string\n                description: An instance that it failed for.", "type: integer\n                description: An instance that it failed for.", "integer",
			"the type of the items of instanceIds is integer; make it string: subjects are named by texts"},
		{"a parameter without type", api, wanted, strings.Replace(wanted, "                  type: string\n", "", 1), "description", "the parameter instanceType without a type; write one, such as string"},
		{"items without type", api, asked, asked + "                more: {type: array, description: x, items: {description: One.}}\n", "{description: One", "the items of more without a type; write one, such as string"},
		{"a member of a parameter without type", api, asked, asked + "                more: {type: object, description: x, properties: {one: {description: One.}}}\n", "{description: One", "the parameter one without a type; write one, such as string"},
		{"a key of another kind", api, key + "                              x-zh: 实例 ID。\n                              x-resource: instance\n", key + "                              x-resource: disk\n", "disk",
			"instanceId is the id of a disk, and the subject is an instance; give it x-resource: instance"},
		{"a key of no kind", api, key + "                              x-zh: 实例 ID。\n                              x-resource: instance\n", key, "type", "instanceId does not say that it is the id of an instance; give it x-resource: instance"},
		{"a filter of another kind", api, several + "                  x-resource: instance\n", several + "                  x-resource: disk\n", "disk", "instanceIds is the id of a disk, and the subject is an instance; give it x-resource: instance"},
		{"a part of paging that is none", api, "x-paging: size", "x-paging: pagesize", "pagesize", `x-paging "pagesize" of pageSize is no part of paging here; use one of [size number], or remove the key`},
		{"a total that is asked for", api, "x-paging: size", "x-paging: total", "total", `x-paging "total" of pageSize is no part of paging here; use one of [size number], or remove the key`},
		{"a page size that is answered", api, "x-paging: total", "x-paging: size", "size", `x-paging "size" of totalCount is no part of paging here; use one of [total], or remove the key`},
		{"a part of paging twice", api, "x-paging: number", "x-paging: size", "size", "pageSize and pageNum are both the size of paging; let one of them be it"},
		{"a page size that is a text", api, "                  type: integer\n                  x-paging: size\n", "                  type: number\n                  x-paging: size\n", "number", "the size of paging pageSize is of the type number; make it integer"},
		{"a total that is a text", api, "type: integer\n                        x-paging: total", "type: string\n                        x-paging: total", "string", "the total of paging totalCount is of the type string; make it integer"},
	} {
		t.Run(test.name, test.refusedAtItsPlace)
	}
}

func TestAReadingThatCannotShowWhatItShouldIsRefused(t *testing.T) {
	const (
		api      = "openapi.yaml"
		observed = "observed: {operation: DescribeInstancesStatus, filter: instanceIds, rows: dataSet, key: instanceId, field: instanceStatus}"
		also     = "{operation: DescribeInstances, filter: instanceIds, rows: dataSet, key: instanceId, field: status}"
		changed  = "changed: {operation: DescribeInstances, filter: instanceIds, rows: dataSet, key: instanceId, field: instanceType}"
	)
	without := func(key string) string {
		return strings.Replace(observed, key, "", 1)
	}
	for _, test := range []replaced{
		{"without operation", api, observed, without("operation: DescribeInstancesStatus, "), "{", "a reading without operation; name the operation that reads"},
		{"without filter", api, observed, without("filter: instanceIds, "), "{", "a reading without filter; name its parameter that takes a list of ids"},
		{"without rows", api, observed, without("rows: dataSet, "), "{", "a reading without rows; name the member of its response that lists what it finds"},
		{"without key", api, observed, without("key: instanceId, "), "{", "a reading without key; name the member of a row that is its id"},
		{"without field", api, observed, without(", field: instanceStatus"), "{", "a reading without field; name the member of a row that shows the value"},
		{"by the name of an operation alone", api, observed, "observed: DescribeInstancesStatus", "Describe", "reading is no mapping; write its keys: operation, filter, rows, key and field"},
		{"an unknown filter", api, observed, strings.Replace(observed, "filter: instanceIds", "filter: ids", 1), "ids", `the filter "ids" is no parameter of DescribeInstancesStatus that is an array; name one that is`},
		{"an unknown field", api, observed, strings.Replace(observed, "field: instanceStatus", "field: state", 1), "state", `the rows "dataSet" of DescribeInstancesStatus have no member "state"; name one that they have`},
		{"rows that are not there", api, observed, strings.Replace(observed, "rows: dataSet", "rows: dataset", 1), "dataset", `"dataset" is no array in the response of DescribeInstancesStatus; name the one that holds the rows`},
		{"rows that are a number", api, observed, strings.Replace(observed, "rows: dataSet", "rows: totalCount", 1), "totalCount", `"totalCount" is no array in the response of DescribeInstancesStatus; name the one that holds the rows`},
		{"a changed value that is the status", api, changed, strings.Replace(changed, "field: instanceType", "field: status", 1), "status", "changed reads the status; name the member that shows the value of instanceType"},
		{"the same status again", api, "also: [" + also + "]", "also: [" + strings.TrimPrefix(observed, "observed: ") + "]", "{", "also reads a status that is read already; remove it, or name another operation that shows the status"},
		{"the same further status again", api, "also: [" + also + "]", "also: [" + also + ", " + also + "]", also + "]", "also reads a status that is read already; remove it, or name another operation that shows the status"},
		{"a status that is a number", api, `instanceStatus: {$ref: "#/components/schemas/InstanceStatus"}`, "instanceStatus: {type: integer, description: x}", "integer",
			"the status instanceStatus is of the type integer; make it string, or name the member that shows the status"},
		{"a changed value of another type", api, "                            instanceType:\n                              type: string", "                            instanceType:\n                              type: number", "number",
			"instanceType is of the type number, and instanceType asks for one of the type string; give both one type"},
	} {
		t.Run(test.name, test.refusedAtItsPlace)
	}
}
