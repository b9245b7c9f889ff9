package contract_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/spec"
)

// documents returns both documents, one of them with a text replaced once, and perhaps further ones.
func documents(t testing.TB, file, old, replacement string, more ...string) fs.FS {
	t.Helper()
	fsys := fstest.MapFS{}
	for _, name := range []string{"openapi.yaml", "clauses.yaml"} {
		data, err := fs.ReadFile(spec.Files, name)
		require.NoError(t, err)
		text := string(data)
		if name == file {
			for pair := range slices.Chunk(append([]string{old, replacement}, more...), 2) {
				require.Contains(t, text, pair[0], "the test no longer fits the document")
				text = strings.Replace(text, pair[0], pair[1], 1)
			}
		}
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func TestAMalformedContractGivesOneLineWithItsPlace(t *testing.T) {
	const api, clauses = "openapi.yaml", "clauses.yaml"
	tests := []struct{ name, file, old, replacement, want string }{
		{"bad YAML", api, "info:\n", "info: [\n", "fix the YAML"},
		{"bad YAML in the clauses", clauses, "\nclauses:", "\nclauses: {", "fix the YAML"},
		{"a tab", clauses, "    level: must", "\tlevel: must", "fix the YAML"},
		{"pages at no https address", api, "url: https://github.com/zec-tools/conformance/blob", "url: http://github.com/zec-tools/conformance/blob", `is no https address`},
		{"an unknown key of a source", clauses, "  - mark: M\n", "  - mark: M\n    url: x\n", "unknown key \"url\" in a source"},
		{"a mark twice", clauses, "mark: S\n", "mark: M\n", "the mark M stands twice"},
		{"a source without a name in Chinese", clauses, "    zh: \"公共错误码\"\n", "", "a source without en or zh"},
		{"an address that is no https URL", clauses, "- https://github.com/zenlayer/zenlayercloud-cli", "- http://github.com/x", "begins with https://"},
		{"a superseded pair without a code", api, "code: STOCK_INSUFFICIENT, ", "", "a superseded pair without status or code"},
		{"a superseded pair that always holds", api, "holds: recycled", "holds: always", `"always" says not when the reason of 400 UNSUPPORTED_OPERATION_INSTANCE_BEING_RECYCLE can hold`},
		{"a superseded pair that is documented", api, "{status: 404, code: INVALID_PRODUCT_NOT_FOUND", "{status: 404, code: INVALID_INSTANCE_NOT_FOUND", "404 INVALID_INSTANCE_NOT_FOUND is a documented pair too"},
		{"not a mapping", clauses, "\nclauses:", "\n- x\n#", "fix the YAML"},
		{"an empty list of clauses", clauses, "\nclauses:", "\nother:", "write both and nothing else"},
		{"a key twice", api, "  title:", "  title: x\n  title:", `the key "title" stands twice`},
		{"an alias", api, "security:\n", "x: &a 1\ny: *a\nsecurity:\n", "an alias"},
		{"an unknown key", api, "      operationId: ModifyInstanceType", "      operationID: ModifyInstanceType", `unknown key "operationID" in operation`},
		{"an unknown vendor mark", api, "x-effect:", "x-efect:", `unknown key "x-efect" in operation`},
		{"an unknown source mark", api, "x-source: M\n", "x-source: X\n", `the source mark "X" is unknown`},
		{"an unknown effect", api, "x-effect: changes", "x-effect: change", `the effect "change" is unknown`},
		{"an effect in capitals", api, "x-effect: reads", "x-effect: READS", `the effect "READS" is unknown`},
		{"a dangling reference", api, "#/components/parameters/Version", "#/components/parameters/Versions", `the reference "#/components/parameters/Versions" leads nowhere`},
		{"a reference to another file", api, `"#/components/parameters/Version"`, `"other.yaml#/x"`, `the reference "other.yaml#/x" leads nowhere`},
		{"a path without action", api, "/api/v2/zec#ModifyInstanceType:", "/api/v2/zec:", "names no action"},
		{"another operationId", api, "operationId: ModifyInstanceType", "operationId: Modify", "the operationId is not the action in the path"},
		{"another action in the header", api, "enum: [ModifyInstanceType]", "enum: [Modify]", "the header X-ZC-Action is not the action in the path"},
		{"a further required parameter without a right value", api, "required: [instanceIds]\n              properties:\n",
			"required: [instanceIds, note]\n              properties:\n                note: {type: string, description: x}\n", "the parameter note of StartInstances is required, and no right value of it is stated; add one as example"},
		{"no version", api, `enum: ["2024-04-01"]`, `enum: ["1", "2"]`, "the header X-ZC-Version has no single value"},
		{"a status without quotes", api, `"400":`, `400:`, "the key 400 is no text; put it in quotes"},
		{"a key that is a list", api, "info:\n", "[info]: x\ninfo:\n", "is no text; put it in quotes"},
		{"a status that is none", api, `"400":`, `"4000":`, `"4000" is no HTTP status`},
		{"a code without clause", api, "                      - MISSING_PARAMETER\n", "                      - MISSING_NOTHING\n                      - MISSING_PARAMETER\n", "E-MISSING points at 400 MISSING_NOTHING and does not speak of it"},
		{"a code at the end without clause", api, "                      - INVALID_PARAMETER_VALUE\n", "                      - INVALID_PARAMETER_VALUE\n                      - NEW\n", "no clause points at 400 NEW"},
		{"a required member that stands in no list", api, "required: [instanceId, instanceType]", "required: instanceId", `required is no list`},
		{"a tag of another kind", api, "description: Elastic compute instances.", "description: {}", "description is no text; write one"},
		{"a required member that is not described", api, "required: [instanceId, instanceType]", "required: [instanceId, type]", `the required member "type" is not described`},
		{"a maximum that is none", api, "maximum: 1000", "maximum: many", "maximum is no number"},
		{"a lifecycle that reads nothing", api, "field: instanceStatus", "field: state", `have no member "state"`},
		{"a lifecycle of an unknown operation", api, "observed: {operation: DescribeInstancesStatus", "observed: {operation: Nothing", `the operation "Nothing" is not described`},
		{"a lifecycle in an unknown state", api, "transient: RESIZING", "transient: MELTING", `the transient state "MELTING" is no value of instanceStatus`},
		{"a lifecycle without start", api, "            start: STOPPED\n", "", "a lifecycle without start"},
		{"a lifecycle without transient state", api, "            transient: RESIZING\n", "", "a lifecycle without transient"},
		{"a lifecycle without end", api, "            end: STOPPED\n", "", "a lifecycle without end"},
		{"a lifecycle without subject", api, "            subject: instanceId\n", "", "a lifecycle without subject"},
		{"a lifecycle that is observed nowhere", api, "            observed: {", "            observes: {", `unknown key "observes" in lifecycle`},
		{"a lifecycle with an unknown key", api, "            inverse:", "            invers:", `unknown key "invers" in lifecycle`},
		{"two values", api, "wanted: instanceType", "wanted: [instanceType, instanceId]", "wanted is no single name; name one parameter: a change of several values at once cannot be stated"},
		{"two places of values", api, "changed: {operation: DescribeInstances, filter: instanceIds, rows: dataSet, key: instanceId, field: instanceType}", "changed: [{operation: DescribeInstances}]", "changed is a list; say where one value is read"},
		{"two subjects", api, "subject: instanceId\n", "subject: [instanceId, instanceType]\n", "subject is no single name; name one"},
		{"two inverses", api, "inverse: ModifyInstanceType", "inverse: [ModifyInstanceType]", "inverse is no single name; name one"},
		{"two members of failed", api, "failed: instanceIds", "failed: {a: instanceIds}", "failed is no single name; name one"},
		{"transient states in an order", api, "transient: RESIZING", "transient: [[RESIZING], [BOOTING]]", "transient is neither a status nor a list of some; list those that are right there: an order of them cannot be stated"},
		{"transient states by name", api, "transient: RESIZING", "transient: {first: RESIZING}", "an order of them cannot be stated"},
		{"a subject that may be left out", api, "required: [instanceId, instanceType]", "required: [instanceType]", "the parameter instanceId is not required; add it to required: every call names it"},
		{"a wanted value that may be left out", api, "required: [instanceId, instanceType]", "required: [instanceId]", "the parameter instanceType is not required; add it to required"},
		{"a transient state that does not pass", api, "RECYCLING, IMAGING, RESIZING]", "RECYCLING, IMAGING]", "the transient state RESIZING is not in x-passing of instanceStatus; add it there: a subject leaves it by itself"},
		{"a start that passes", api, "x-passing: [DEPLOYING", "x-passing: [STOPPED, DEPLOYING", "the start state STOPPED is in x-passing of instanceStatus; remove it from one of them"},
		{"an end that passes", api, "end: STOPPED", "end: DEPLOYING", "the end state DEPLOYING is in x-passing of instanceStatus"},
		{"a start in the recycle bin", api, "x-recycled: [RECYCLE, RECYCLING]", "x-recycled: [STOPPED]", "the start state STOPPED is in x-recycled of instanceStatus"},
		{"a state that a further reading does not have", api, `status: {$ref: "#/components/schemas/InstanceStatus"}`, "status: {type: string, description: x, x-values: [STOPPED, RUNNING]}", `the transient state "RESIZING" is no value of status`},
		{"a prefix with which no id begins", api, "x-clauses: M-RESIZE", "x-clauses: M-RESISE", "the id of no clause begins with M-RESISE; write what those of the action begin with, or remove the key"},
		{"a clause of a source that is not listed", clauses, `  - mark: D
    en: "API pages DescribeInstances and DescribeInstancesStatus"
    zh: "接口文档 DescribeInstances、DescribeInstancesStatus"
    read: "2026-11-22/2026-11-26"
    addresses:
      - https://docs.console.zenlayer.com/api-reference/compute/zec/instance/describeinstances
      - https://docs.console.zenlayer.com/api-reference/compute/zec/instance/describeinstancesstatus
`, "", "the id D-INSTANCES-PAGE-DEFAULT begins with the mark of no source of this contract; list D under sources, or begin it with another mark"},
		{"a place of a source that is not listed", clauses, "  - mark: O\n    en: \"Older English editions of the API page ModifyInstanceType, superseded\"\n    zh: \"接口文档 ModifyInstanceType 的旧版英文页面，已被取代\"\n", "", "x-source names O, which is no source of this contract; list it in clauses.yaml under sources, or name another"},
		{"a response 200 that is missing", api, "      responses:\n        \"200\":", "      responses:\n        \"409\":", "the action ModifyInstanceType has no response 200, or no other; describe its success and its failures"},
		{"a state twice", api, "end: STOPPED", "end: [STOPPED, STOPPED]", "the end state STOPPED stands twice"},
		{"a state that is transient and an end", api, "end: STOPPED", "end: [STOPPED, RESIZING]", "RESIZING is a transient state and an end state"},
		{"a state that is an end and a failure", api, "end: STOPPED", "end: STOPPED\n            failure: STOPPED", "STOPPED is a failure state and an end state"},
		{"a state that is tolerated and a start", api, "end: STOPPED", "end: STOPPED\n            tolerated: STOPPED", "STOPPED is a tolerated state and a start state"},
		{"a wanted value that is read nowhere", api, "            changed: {operation: DescribeInstances, filter: instanceIds, rows: dataSet, key: instanceId, field: instanceType}\n", "", "wanted and changed stand alone"},
		{"a changed value that nobody asks for", api, "            wanted: instanceType\n", "", "wanted and changed stand alone"},
		{"failed subjects of a single one", api, "            wanted: instanceType\n", "            wanted: instanceType\n            failed: instanceIds\n", `"instanceIds" is no array in the response`},
		{"an inverse that is unknown", api, "inverse: ModifyInstanceType", "inverse: Undo", `the inverse "Undo" is no action with a lifecycle`},
		{"an inverse that reads", api, "inverse: ModifyInstanceType", "inverse: DescribeInstances", "is no action with a lifecycle"},
		{"an inverse that does not lead back", api, "            end: STOPPED\n", "            end: RUNNING\n", "which does not undo ModifyInstanceType"},
		{"a denial that is not documented", api, "absent: {status: 404, code: INVALID_INSTANCE_NOT_FOUND}", "absent: {status: 403, code: INVALID_INSTANCE_NOT_FOUND}", "documents no error 403 INVALID_INSTANCE_NOT_FOUND"},
		{"a lifecycle of what reads", api, "x-effect: changes", "x-effect: reads", "has a lifecycle and the effect reads"},
		{"a reader that changes", api, "x-effect: reads", "x-effect: changes", "does not read"},
		{"a lifecycle with an unknown subject", api, "subject: instanceId", "subject: id", `"id" is no parameter of ModifyInstanceType`},
		{"a lifecycle that says not where it is observed", api, "            observed: {operation: DescribeInstancesStatus, filter: instanceIds, rows: dataSet, key: instanceId, field: instanceStatus}\n", "", "a lifecycle without observed"},
		{"a lifecycle observed by a filter that is none", api, "observed: {operation: DescribeInstancesStatus, filter: instanceIds", "observed: {operation: DescribeInstancesStatus, filter: ids", `the filter "ids" is no parameter of`},
		{"a lifecycle observed by a filter that is no list", api, "observed: {operation: DescribeInstancesStatus, filter: instanceIds", "observed: {operation: DescribeInstancesStatus, filter: pageSize", `the filter "pageSize" is no parameter of`},
		{"a lifecycle observed in rows that are none", api, "observed: {operation: DescribeInstancesStatus, filter: instanceIds, rows: dataSet", "observed: {operation: DescribeInstancesStatus, filter: instanceIds, rows: data", `"data" is no array in the response of`},
		{"a lifecycle observed by an unknown key of its rows", api, "observed: {operation: DescribeInstancesStatus, filter: instanceIds, rows: dataSet, key: instanceId", "observed: {operation: DescribeInstancesStatus, filter: instanceIds, rows: dataSet, key: id", `have no member "id"`},
		{"an unknown key of what observes", api, "observed: {operation", "observed: {path: x, operation", `unknown key "path" in reading`},
		{"an unknown key of a further reading", api, "also: [{operation", "also: [{path: x, operation", `unknown key "path" in reading`},
		{"further readings that are no list", api, "also: [{operation: DescribeInstances, filter: instanceIds, rows: dataSet, key: instanceId, field: status}]", "also: DescribeInstances", "no list"},
		{"a further reading that is no mapping", api, "also: [{operation: DescribeInstances, filter: instanceIds, rows: dataSet, key: instanceId, field: status}]", "also: [DescribeInstances]", "reading is no mapping"},
		{"a further reading of another field", api, "key: instanceId, field: status}]", "key: instanceId, field: state}]", `have no member "state"`},
		{"a changed value in an unknown field", api, "key: instanceId, field: instanceType}", "key: instanceId, field: type}", `have no member "type"`},
		{"a subject that is no word", api, "                  x-resource: instance\n                instanceType:", "                  x-resource: cloud-instance\n                instanceType:", `x-resource "cloud-instance" is no word that a scenario can use; write one word in small letters`},
		{"a status that passes and is no value", api, "x-passing: [DEPLOYING, ", "x-passing: [DEPLOYNG, ", "x-passing names DEPLOYNG, which is no documented value; write one of enum or x-values"},
		{"a status of the recycle bin that is no value", api, "x-recycled: [RECYCLE, ", "x-recycled: [RECYCLED, ", "x-recycled names RECYCLED"},
		{"a subject that is the id of nothing", api, "                  x-resource: instance\n                instanceType:", "                instanceType:", "does not say what it is the id of"},
		{"a wanted value that is no parameter", api, "            wanted: instanceType\n", "            wanted: type\n", `"type" is no parameter of`},
		{"a state that is transient and a start", api, "            start: STOPPED\n", "            start: [STOPPED, RESIZING]\n", "RESIZING is a transient state and a start state"},
		{"a state that is a failure and transient", api, "end: STOPPED", "end: STOPPED\n            failure: RESIZING", "RESIZING is a failure state and a transient state"},
		{"a start that is no state", api, "            start: STOPPED\n", "            start: {status: STOPPED}\n", "start"},
		{"a start without text", api, "            start: STOPPED\n", "            start:\n", "start"},
		{"an empty list of ends", api, "            end: STOPPED\n", "            end: []\n", "end"},
		{"an unknown denial", api, "              absent: {status: 404", "              missing: {status: 404", `unknown key "missing"`},
		{"an unknown key of a denial", api, "absent: {status: 404, code", "absent: {status: 404, reason: x, code", `unknown key "reason"`},
		{"a denial without code", api, "absent: {status: 404, code: INVALID_INSTANCE_NOT_FOUND}", "absent: {status: 404}", "documents no error 404"},
		{"a denial that is a text", api, "absent: {status: 404, code: INVALID_INSTANCE_NOT_FOUND}", "absent: 404", "error response is no mapping"},
		{"a denial that is a list", api, "absent: {status: 404, code: INVALID_INSTANCE_NOT_FOUND}", "absent: [404, INVALID_INSTANCE_NOT_FOUND]", "error response is no mapping; write its keys, such as {status: 404, code: INVALID_DISK_NOT_FOUND}"},
		{"a lifecycle of a shared response", api, "    BadRequest:\n", "    BadRequest:\n      x-lifecycle: {}\n", "a lifecycle of the shared response BadRequest"},
		{"an inverse that is observed elsewhere", api, "field: instanceStatus}\n            also: [{operation: DescribeInstances, filter: instanceIds, rows: dataSet, key: instanceId, field: status}]\n            start: RUNNING\n            tolerated",
			"field: instanceId}\n            also: [{operation: DescribeInstances, filter: instanceIds, rows: dataSet, key: instanceId, field: status}]\n            start: RUNNING\n            tolerated", "StopInstances is observed elsewhere than StartInstances"},
		{"a lifecycle that is a text", api, "          x-lifecycle:\n", "          x-lifecycle: none\n          x-lifecycle2:\n", "lifecycle"},
		{"a lifecycle of another response", api, "        \"400\":\n          description: The request or", "        \"400\":\n          x-lifecycle: {}\n          description: The request or", "a lifecycle of the response 400"},
		{"a schema the library refuses", api, "{type: integer}\n      example: 1673361177", "{type: whole}\n      example: 1673361177", `the type "whole" is unknown`},
		{"an unknown key in a clause", clauses, "    level: must\n    en: \"The production", "    level: must\n    text: \"The production", `unknown key "text" in a clause`},
		{"an empty text", clauses, `zh: "生产域名仅支持 HTTPS。"`, `zh: ""`, "the key zh of a clause has no text"},
		{"no text", clauses, "    zh: \"生产域名仅支持 HTTPS。\"\n", "", "a clause without zh"},
		{"an id twice", clauses, "id: M-PATH", "id: R-METHOD-POST", "the id R-METHOD-POST stands twice"},
		{"an id without mark", clauses, "id: M-PATH", "id: X-PATH", "the id X-PATH does not begin with a source mark"},
		{"an id that is no tag", clauses, "id: M-PATH", "id: M-path", "the id M-path is no tag that a scenario can bear; write the mark of a source and a name in capitals, such as A-RESIZE-DISK"},
		{"an id with a space", clauses, "id: M-PATH", "id: M-PATH 2", "the id M-PATH 2 is no tag"},
		{"an id that is a mark", clauses, "id: M-PATH", "id: M", "the id M is no tag"},
		{"a sentence of two lines", clauses, `zh: "生产域名仅支持 HTTPS。"`, `zh: "生产域名\nHTTPS。"`, "the key zh of a clause is no single line; write one, without spaces around it"},
		{"a sentence with a line break after it", clauses, `zh: "生产域名仅支持 HTTPS。"`, "zh: |\n      HTTPS", "the key zh of a clause is no single line"},
		{"a sentence with spaces around it", clauses, `zh: "生产域名仅支持 HTTPS。"`, `zh: " HTTPS。"`, "the key zh of a clause is no single line"},
		{"an unknown level", clauses, "level: must", "level: shall", `the level "shall" is unknown`},
		{"a dangling pointer", clauses, `pointer: "/servers/0/url"`, `pointer: "/servers/1/url"`, "the pointer /servers/1/url leads nowhere in openapi.yaml"},
		{"a dangling pointer of several", clauses, `- "/components/responses/BadRequest/content"`, `- "/paths/none"`, "the pointer /paths/none leads nowhere"},
		{"two clauses at one place", clauses, `pointer: "/servers/0/url"`, `pointer: "/security"`, "point at the same place"},
		{"an unknown operation", clauses, "operation: ModifyInstanceType", "operation: Modify", `speaks of the operation "Modify"`},
		{"a clause that judging needs is gone", clauses, "    role: utf-8\n", "", "no clause for all operations has the role utf-8"},
		{"an unknown role", clauses, "role: utf-8", "role: utf8", `the role "utf8" is unknown`},
		{"a role twice", clauses, "role: json", "role: utf-8", "R-UTF8 and R-JSON have the role utf-8"},
		{"a template of no kind", clauses, "  - id: R-UTF8\n", "  - id: R-UTF8\n    each: operation\n", `each is "operation"`},
		{"a template with the id of one clause", clauses, "  - id: R-UTF8\n", "  - id: R-UTF8\n    each: action\n", "the id of a template is that of one clause"},
		{"a template with an operation", clauses, "  - id: M-RESIZE\n", "  - id: M-RESIZE\n    each: action\n", "a template with an operation"},
		{"a template that fits no action", clauses, "clauses:\n", "clauses:\n  - {id: \"{clauses}-NEW\", each: action, level: must, en: \"{none}\", zh: z}\n", "the template fits no action"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := contract.Load(documents(t, test.file, test.old, test.replacement))
			require.Error(t, err)
			assert.NotContains(t, err.Error(), "\n")
			assert.Regexp(t, `^(openapi|clauses)\.yaml:\d+:\d+: .+; .+$`, err.Error())
			assert.ErrorContains(t, err, test.want)
		})
	}
}

func TestAnInverseThatCannotAskForTheOldValueIsRefused(t *testing.T) {
	data, err := fs.ReadFile(documents(t, "openapi.yaml", "inverse: ModifyInstanceType", "inverse: StopInstances"), "openapi.yaml")
	require.NoError(t, err)
	text := strings.Replace(string(data), "start: RUNNING\n            tolerated", "start: STOPPED\n            tolerated", 1)
	text = strings.Replace(text, "            inverse: StopInstances\n            denied:\n              absent: {status: 404, code: INVALID_INSTANCE_NOT_FOUND}\n              start: {status: 403", "            denied:\n              absent: {status: 404, code: INVALID_INSTANCE_NOT_FOUND}\n              start: {status: 403", 1)
	clauses, err := fs.ReadFile(spec.Files, "clauses.yaml")
	require.NoError(t, err)
	_, err = contract.Load(fstest.MapFS{"openapi.yaml": {Data: []byte(text)}, "clauses.yaml": {Data: clauses}})
	assert.ErrorContains(t, err, "StopInstances cannot ask for the old instanceType; make the action its own inverse")
}

func TestAFaultHasItsPlace(t *testing.T) {
	_, err := contract.Load(documents(t, "clauses.yaml", "id: M-PATH", "id: R-METHOD-POST"))
	var fault *contract.Error
	require.ErrorAs(t, err, &fault)
	data, err := fs.ReadFile(spec.Files, "clauses.yaml")
	require.NoError(t, err)
	before, _, found := strings.Cut(string(data), "M-PATH")
	require.True(t, found)
	assert.Equal(t, "clauses.yaml", fault.File)
	assert.Equal(t, strings.Count(before, "\n")+1, fault.Line)
	assert.Equal(t, len("  - id: ")+1, fault.Col)
}

func TestAnActionWithoutResponsesIsRefused(t *testing.T) {
	data, err := fs.ReadFile(spec.Files, "openapi.yaml")
	require.NoError(t, err)
	head, rest, _ := strings.Cut(string(data), "      responses:\n")
	_, tail, _ := strings.Cut(rest, "\n  /api/v2/zec#DescribeInstancesStatus:")
	fsys := fstest.MapFS{
		"openapi.yaml": {Data: []byte(head + "\n  /api/v2/zec#DescribeInstancesStatus:" + tail)},
		"clauses.yaml": {Data: []byte(ownClauses)},
	}
	_, err = contract.Load(fsys)
	assert.ErrorContains(t, err, "the action ModifyInstanceType has no responses; describe what it answers")
}

// ownClauses are the clauses that judging cannot do without, and no other.
const ownClauses = `sources:
  - {mark: R, en: e, zh: z}
clauses:
  - {id: R-METHOD-POST, role: method, level: must, en: e, zh: z}
  - {id: R-MEDIA-RESPONSE, role: media-type, level: must, en: e, zh: z}
  - {id: R-UTF8, role: utf-8, level: must, en: e, zh: z}
  - {id: R-JSON, role: json, level: must, en: e, zh: z}
  - {id: R-STATUS-200, role: success-status, level: must, en: e, zh: z}
  - {id: R-STATUS-FAILURE, role: failure-status, level: must, en: e, zh: z}
  - {id: R-REQUEST-ID-EQUAL, role: request-id-equal, level: must, en: e, zh: z}
  - {id: R-REQUEST-ID-UNIQUE, role: request-id-unique, level: must, en: e, zh: z}
  - {id: R-FAILURE-PAIR, role: error-response, level: must, en: e, zh: z}
  - {id: R-SUCCESS-ENVELOPE, role: success-envelope, level: must, en: e, zh: z}
  - {id: R-FAILURE-ENVELOPE, role: failure-envelope, level: must, en: e, zh: z}
`

func TestCodesWithoutClauseAreRefused(t *testing.T) {
	fsys := documents(t, "", "", "").(fstest.MapFS)
	fsys["clauses.yaml"] = &fstest.MapFile{Data: []byte(ownClauses)}
	_, err := contract.Load(fsys)
	assert.ErrorContains(t, err, "no clause points at 400 OPERATION_DENIED_GPU_INSTANCE_NOT_SUPPORT")
}

func TestAMissingDocumentIsNamed(t *testing.T) {
	_, err := contract.Load(fstest.MapFS{})
	assert.ErrorContains(t, err, "read the contract: open openapi.yaml")
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(ownClauses), false)
	f.Add([]byte("openapi: 3.0.3\npaths: {/p#A: {post: {operationId: A, responses: {}}}}\n"), true)
	f.Add([]byte("a: &x [*x]\n"), true)
	f.Fuzz(func(t *testing.T, data []byte, isAPI bool) {
		fsys := documents(t, "", "", "").(fstest.MapFS)
		name := "clauses.yaml"
		if isAPI {
			name = "openapi.yaml"
		}
		fsys[name] = &fstest.MapFile{Data: data}
		c, err := contract.Load(fsys)
		if err != nil {
			assert.Regexp(t, `^(openapi|clauses)\.yaml:\d+:\d+: `, err.Error())
			return
		}
		assert.NotEmpty(t, c.Operations())
	})
}
