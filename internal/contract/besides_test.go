package contract_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/spec"
)

// asking returns a contract whose resize requires one parameter more, with that schema.
func asking(t *testing.T, schema string) (*contract.Contract, error) {
	t.Helper()
	return contract.Load(documents(t, "openapi.yaml", "required: [instanceId, instanceType]\n              properties:\n",
		"required: [instanceId, instanceType, more]\n              properties:\n                more: {"+schema+", description: More., x-zh: 更多。}\n",
		exampleOfResize, ""))
}

func TestACallSendsARightValueOfWhatElseIsRequired(t *testing.T) {
	for schema, want := range map[string]any{
		"type: string, example: one, enum: [two, one]":  "one",
		"type: string, default: two, x-values: [three]": "two",
		"type: string, enum: [three, four]":             "three",
		"type: string, x-values: [five]":                "five",
		"type: boolean":                                 false,
		"type: integer, default: 7, example: 8":         8,
		"type: integer, default: 7":                     json.RawMessage("7"),
		"type: integer, enum: [9, 10]":                  json.RawMessage("9"),
	} {
		t.Run(schema, func(t *testing.T) {
			c, err := asking(t, schema)
			require.NoError(t, err)
			resize, _ := c.Operation("ModifyInstanceType")
			l, _ := c.Lifecycle(resize)
			assert.Equal(t, map[string]any{"more": want}, l.Besides)
		})
	}
	_, err := asking(t, "type: string")
	assert.ErrorContains(t, err, "the parameter more of ModifyInstanceType is required, and no right value of it is stated; add one as example")
	_, err = asking(t, "type: integer")
	assert.ErrorContains(t, err, "no right value of it is stated")
}

func TestFiltersWhoseValueEachRowShows(t *testing.T) {
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	shown := map[string][]string{}
	for _, op := range c.Operations() {
		shown[op.Action] = c.Shown(op)
	}
	assert.Equal(t, map[string][]string{
		"ModifyInstanceType": nil, "StartInstances": nil, "StopInstances": nil, "RebootInstances": nil,
		"DescribeInstances": {"zoneId", "imageId", "status"}, "DescribeInstancesStatus": nil,
	}, shown)
}

func TestWhatThePlacesOfATemplateStandFor(t *testing.T) {
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	places := map[string]map[string]string{}
	for _, op := range c.Operations() {
		places[op.Action] = c.Places(op)
	}
	assert.Equal(t, map[string]string{"action": "DescribeInstances", "clauses": "C-INSTANCES", "slug": "instances", "start": "STOPPED", "member": "status"}, places["DescribeInstances"])
	assert.Equal(t, map[string]string{"action": "DescribeInstancesStatus", "clauses": "C-STATUS", "slug": "status", "start": "STOPPED", "member": "instanceStatus"}, places["DescribeInstancesStatus"])
	assert.Equal(t, "BOOTING or STARTING", places["StartInstances"]["transient"])
	assert.Equal(t, "StopInstances", places["StartInstances"]["inverse"])
	assert.NotContains(t, places["StartInstances"], "member")
	assert.Nil(t, c.Places(wire.Operation{Action: "NoSuchAction"}))
}

func TestWhatASchemaForbids(t *testing.T) {
	maximum := 10.5
	for _, row := range []struct {
		schema      contract.Schema
		value, want string
	}{
		{contract.Schema{Type: "integer"}, "7", ""},
		{contract.Schema{Type: "integer"}, "7.5", "is no integer"},
		{contract.Schema{Type: "integer"}, "many", "is no integer"},
		{contract.Schema{Type: "number"}, "7.5", ""},
		{contract.Schema{Type: "number", Maximum: &maximum}, "10.5", ""},
		{contract.Schema{Type: "number", Maximum: &maximum}, "11", "is above the maximum 10.5"},
		{contract.Schema{Type: "integer", Enum: []string{"1", "2"}}, "3", "is not one of 1, 2"},
		{contract.Schema{Type: "string", Enum: []string{"a"}}, "a", ""},
		{contract.Schema{Type: "string", Enum: []string{"a"}}, "b", "is not a"},
		{contract.Schema{Type: "string", MinLength: 3}, "äöü", ""},
		{contract.Schema{Type: "string", MinLength: 3}, "äö", "is shorter than 3 characters"},
		{contract.Schema{Type: "string", Pattern: "^[a-z]+$"}, "abc", ""},
		{contract.Schema{Type: "string", Pattern: "^[a-z]+$"}, "a1", "does not match the pattern ^[a-z]+$"},
		{contract.Schema{}, "anything", ""},
	} {
		assert.Equal(t, row.want, row.schema.Forbids(row.value), "%+v %s", row.schema, row.value)
	}
}
