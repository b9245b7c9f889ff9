package contract_test

import (
	"context"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/spec"
)

func load(t testing.TB) *contract.Contract {
	t.Helper()
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	return c
}

func operation(t testing.TB, c *contract.Contract, action string) wire.Operation {
	t.Helper()
	op, ok := c.Operation(action)
	require.True(t, ok, action)
	return op
}

// The pairs as the documents list them (protocol.md 4 and 5), typed out by hand.
var (
	ownPairs = []string{
		"404 INVALID_INSTANCE_NOT_FOUND M-INSTANCE-NOT-FOUND",
		"404 INVALID_INSTANCE_TYPE_NOT_FOUND M-TYPE-NOT-FOUND",
		"400 OPERATION_DENIED_GPU_INSTANCE_NOT_SUPPORT M-GPU-DENIED",
		"400 OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT M-STATUS-DENIED",
		"400 OPERATION_FAILED_INSTANCE_TYPE_UNSUPPORTED M-TYPE-UNSUPPORTED",
	}
	commonPairs = []string{
		"500 INTERNAL_SERVER_ERROR E-INTERNAL",
		"503 SERVICE_TEMPORARY_UNAVAILABLE E-UNAVAILABLE",
		"503 REQUEST_TIMED_OUT E-TIMED-OUT",
		"401 AUTHFAILURE_INVALID_AUTHORIZATION E-AUTHORIZATION",
		"401 AUTHFAILURE_SIGNATURE_FAILURE E-SIGNATURE",
		"401 AUTHFAILURE_UNAUTHORIZED_OPERATION E-UNAUTHORIZED",
		"401 AUTHFAILURE_SIGNATURE_EXPIRED E-EXPIRED",
		"400 MISSING_PARAMETER E-MISSING",
		"400 INVALID_PARAMETER_TYPE E-WRONG-TYPE",
		"400 INVALID_PARAMETER_EXCEED_MAXIMUM E-MAXIMUM",
		"400 INVALID_PARAMETER_LESS_MINIMUM E-MINIMUM",
		"400 INVALID_PARAMETER_EXCEED_LENGTH E-TOO-LONG",
		"400 INVALID_PARAMETER_LESS_LENGTH E-TOO-SHORT",
		"400 INVALID_PARAMETER_PATTERN_ERROR E-PATTERN",
		"400 INVALID_PARAMETER_DATE_FORMAT_ERROR E-DATE-FORMAT",
		"400 INVALID_PARAMETER_VALUE E-VALUE",
		"403 OPERATION_FAILED_FOR_RECYCLE_RESOURCE E-RECYCLE",
		"404 OPERATION_FAILED_RESOURCE_GROUP_NOT_FOUND E-GROUP-NOT-FOUND",
		"404 OPERATION_FAILED_RESOURCE_NOT_FOUND E-RESOURCE-NOT-FOUND",
		"429 REQUEST_LIMIT_EXCEEDED E-RATE-LIMIT",
	}
)

func TestPairsAreThoseOfTheDocuments(t *testing.T) {
	c := load(t)
	batch := func(status, clauses string) []string { // protocol.md 10; E's code for the recycle bin is one of three there
		pairs := []string{
			"404 INVALID_INSTANCE_NOT_FOUND " + clauses + "-ABSENT", "403 OPERATION_DENIED_INSTANCE_RECYCLED " + clauses + "-RECYCLED",
			"403 " + status + " " + clauses + "-DENIED", "403 OPERATION_FAILED_FOR_RECYCLE_RESOURCE " + clauses + "-RECYCLED",
		}
		return append(pairs, slices.DeleteFunc(slices.Clone(commonPairs), func(p string) bool { return strings.HasSuffix(p, "E-RECYCLE") })...)
	}
	tests := map[string][]string{
		"StartInstances":          batch("OPERATION_DENIED_INSTANCE_NOT_STOPPED", "A-START"),
		"StopInstances":           batch("OPERATION_DENIED_INSTANCE_NOT_RUNNING", "A-STOP"),
		"ModifyInstanceType":      append(append([]string{}, ownPairs...), commonPairs...),
		"DescribeInstancesStatus": append([]string{"404 INVALID_INSTANCE_NOT_FOUND C-STATUS-UNKNOWN"}, commonPairs...),
		"DescribeInstances":       append([]string{"404 INVALID_INSTANCE_NOT_FOUND C-INSTANCES-UNKNOWN"}, commonPairs...),
	}
	for action, want := range tests {
		op := operation(t, c, action)
		var got []string
		for _, p := range c.Pairs(op) {
			assert.Equal(t, op, p.Operation)
			got = append(got, p.String()+" "+p.Clause)
		}
		assert.ElementsMatch(t, want, got, action)
		assert.Equal(t, []int{200, 400, 401, 403, 404, 429, 500, 503}, c.Statuses(op), action)
	}
	var shared []string
	for _, p := range c.Pairs(wire.Operation{Action: "NoSuchAction"}) {
		shared = append(shared, p.String()+" "+p.Clause)
	}
	assert.ElementsMatch(t, commonPairs, shared, "the pairs of an action that does not exist")
}

func TestOperationsAreThoseOfTheDocuments(t *testing.T) {
	c := load(t)
	want := []wire.Operation{
		{Path: "/api/v2/zec", Action: "ModifyInstanceType", Version: "2024-04-01"},
		{Path: "/api/v2/zec", Action: "DescribeInstancesStatus", Version: "2024-04-01"},
		{Path: "/api/v2/zec", Action: "DescribeInstances", Version: "2024-04-01"},
	}
	assert.Equal(t, want, c.Operations()[:3])
	for _, action := range []string{"StartInstances", "StopInstances"} {
		op := operation(t, c, action)
		assert.Equal(t, wire.Operation{Path: "/api/v2/zec", Action: action, Version: "2024-04-01"}, op)
		assert.True(t, c.Changes(op))
	}
	assert.True(t, c.Changes(want[0]))
	assert.False(t, c.Changes(want[1]))
	assert.False(t, c.Changes(want[2]))
	assert.Equal(t, "2024-04-01", c.Version())
	assert.NotEmpty(t, c.Title())
	assert.Len(t, c.SHA256(), 64)
	_, ok := c.Operation("NoSuchAction")
	assert.False(t, ok)
}

func TestLifecycleIsTheOneOfTheDocuments(t *testing.T) {
	c := load(t)
	resize, status, list := c.Operations()[0], c.Operations()[1], c.Operations()[2]
	got, ok := c.Lifecycle(resize)
	require.True(t, ok)
	pair := func(code string) verdict.Pair {
		i := slices.IndexFunc(c.Pairs(resize), func(p verdict.Pair) bool { return p.Code == code })
		require.GreaterOrEqual(t, i, 0)
		return c.Pairs(resize)[i]
	}
	assert.Equal(t, contract.Lifecycle{
		Operation: resize, Kind: "instance", Subject: "instanceId", Wanted: "instanceType",
		Observed: contract.Reading{Operation: status, Filter: "instanceIds", Most: 100, Size: "pageSize", Page: 20, Number: "pageNum", Rows: "dataSet", Total: "totalCount", Key: "instanceId", Field: "instanceStatus", Clause: "C-STATUS-STATUS"},
		Also:     []contract.Reading{{Operation: list, Filter: "instanceIds", Most: 100, Size: "pageSize", Page: 20, Number: "pageNum", Rows: "dataSet", Total: "totalCount", Key: "instanceId", Field: "status", Clause: "C-INSTANCES-STATUS"}},
		Changed:  contract.Reading{Operation: list, Filter: "instanceIds", Most: 100, Size: "pageSize", Page: 20, Number: "pageNum", Rows: "dataSet", Total: "totalCount", Key: "instanceId", Field: "instanceType", Clause: "C-INSTANCES-TYPE"},
		Start:    []string{"STOPPED"}, Transient: []string{"RESIZING"}, End: []string{"STOPPED"},
		Inverse: "ModifyInstanceType",
		Denied:  contract.Denied{Absent: pair("INVALID_INSTANCE_NOT_FOUND"), Start: pair("OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT")},
		States:  got.States, Passing: got.Passing, Recycled: got.Recycled,
	}, got)
	assert.Len(t, got.States, 14, "those of C, and STARTING (A)")
	assert.Subset(t, got.States, got.Passing)
	assert.Equal(t, []string{"RECYCLE", "RECYCLING"}, got.Recycled)
	assert.Subset(t, got.Passing, got.Transient, "what runs passes by itself")
	assert.False(t, got.Returns(), "it changes the type")
	_, ok = c.Lifecycle(status)
	assert.False(t, ok)
}

func TestLifecyclesOfListsAreThoseOfTheDocuments(t *testing.T) {
	c := load(t)
	for action, want := range map[string]contract.Lifecycle{
		"StartInstances": {Start: []string{"STOPPED"}, Transient: []string{"BOOTING", "STARTING"}, End: []string{"RUNNING"}, Inverse: "StopInstances"},
		"StopInstances": {
			Start: []string{"RUNNING"}, Tolerated: []string{"STOPPING"}, Transient: []string{"STOPPING"}, End: []string{"STOPPED"},
			Inverse: "StartInstances",
		},
	} {
		got, ok := c.Lifecycle(operation(t, c, action))
		require.True(t, ok)
		assert.Equal(t, []string{"instanceIds", "instanceIds"}, []string{got.Subject, got.Failed})
		assert.True(t, got.Batch)
		assert.Equal(t, [][]string{want.Start, want.Tolerated, want.Transient, want.End}, [][]string{got.Start, got.Tolerated, got.Transient, got.End}, action)
		assert.Equal(t, want.Inverse, got.Inverse)
		assert.Equal(t, "404 INVALID_INSTANCE_NOT_FOUND", got.Denied.Absent.String())
	}
}

func TestRequestsSayWhichMembersNameAnInstance(t *testing.T) {
	c := load(t)
	tests := map[string]map[string]string{ // action to member to type
		"ModifyInstanceType":      {"instanceId": "string"},
		"StartInstances":          {"instanceIds": "array"},
		"StopInstances":           {"instanceIds": "array"},
		"DescribeInstancesStatus": {"instanceIds": "array"},
		"DescribeInstances":       {"instanceIds": "array"},
	}
	for action, want := range tests {
		schema, ok := c.Request(operation(t, c, action))
		require.True(t, ok)
		got := map[string]string{}
		for _, m := range schema.Members {
			if m.Schema.Resource == "instance" {
				got[m.Name] = m.Schema.Type
			}
		}
		assert.Equal(t, want, got, action)
	}
	schema, _ := c.Request(operation(t, c, "DescribeInstancesStatus"))
	size, _ := schema.Member("pageSize")
	assert.Equal(t, "20", size.Default)
	assert.InDelta(t, 1000, *size.Maximum, 0)
	ids, _ := schema.Member("instanceIds")
	assert.Equal(t, 100, ids.MaxItems)
	assert.Equal(t, "C-STATUS-IDS", ids.Clause)
	assert.Empty(t, schema.Required)
	_, ok := c.Request(wire.Operation{Action: "NoSuchAction"})
	assert.False(t, ok)
}

func TestClausesAreComplete(t *testing.T) {
	c := load(t)
	clauses := c.Clauses()
	require.NotEmpty(t, clauses)
	for _, clause := range clauses {
		got, ok := c.Clause(clause.ID)
		assert.True(t, ok)
		assert.Equal(t, clause, got)
		assert.Equal(t, string(clause.Source), clause.ID[:1])
		assert.Contains(t, []verdict.Level{verdict.Must, verdict.Should}, clause.Level)
		assert.NotEqual(t, clause.Text, clause.TextZh, clause.ID)
	}
	_, ok := c.Clause("M-NO-SUCH-CLAUSE")
	assert.False(t, ok)
}

func TestDescriptionIsValidWithItsExamples(t *testing.T) {
	data, err := fs.ReadFile(spec.Files, "openapi.yaml")
	require.NoError(t, err)
	doc, err := openapi3.NewLoader().LoadFromData(data)
	require.NoError(t, err)
	require.NoError(t, doc.Validate(context.Background(), openapi3.EnableExamplesValidation()))
	for path, item := range doc.Paths.Map() {
		_, action, _ := strings.Cut(path, "#")
		op := item.Post
		for status, response := range op.Responses.Map() {
			assert.NotEmpty(t, response.Value.Content.Get("application/json").Examples, "%s %s", action, status)
		}
	}
	link := doc.Paths.Value("/api/v2/zec#ModifyInstanceType").Post.Responses.Value("200").Value.Links["status"].Value
	assert.Equal(t, "DescribeInstancesStatus", link.OperationID)
}

func TestEveryBusinessErrorHasAnExample(t *testing.T) {
	data, err := fs.ReadFile(spec.Files, "openapi.yaml")
	require.NoError(t, err)
	doc, err := openapi3.NewLoader().LoadFromData(data)
	require.NoError(t, err)
	shown := map[any]bool{}
	for _, response := range doc.Paths.Value("/api/v2/zec#ModifyInstanceType").Post.Responses.Map() {
		for _, example := range response.Value.Content.Get("application/json").Examples {
			shown[example.Value.Value.(map[string]any)["code"]] = true
		}
	}
	c := load(t)
	for _, p := range c.Pairs(c.Operations()[0]) {
		if clause, _ := c.Clause(p.Clause); clause.Operation != "" {
			assert.True(t, shown[p.Code], p.Code)
		}
	}
}

func TestErrorResponsesAreSortedByStatus(t *testing.T) {
	c := load(t)
	for _, op := range append(c.Operations(), wire.Operation{Action: "NoSuchAction"}) {
		var statuses []int
		for _, p := range c.Pairs(op) {
			statuses = append(statuses, p.Status)
		}
		assert.True(t, slices.IsSorted(statuses), "%s: %v", op.Action, statuses)
		assert.Greater(t, len(slices.Compact(statuses)), 2, op.Action)
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		_, err := contract.Load(spec.Files)
		require.NoError(b, err)
	}
}
