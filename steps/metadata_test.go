package steps_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/steps"
)

func TestAStepSaysWhatItSpeaksOf(t *testing.T) {
	tests := map[string]steps.Metadata{
		"a RUNNING instance":      {States: []string{"RUNNING"}},
		"2 STOPPED instances":     {States: []string{"STOPPED"}},
		"the total is 404":        {Statuses: []string{"200"}},
		"一台状态为 RUNNING 的实例":       {States: []string{"RUNNING"}},
		"the answer is a success": {Observes: true, Statuses: []string{"200"}},
		"the answer is the error 400 MISSING_PARAMETER": {
			Statuses: []string{"400"}, Pairs: []verdict.Pair{{Status: 400, Code: "MISSING_PARAMETER"}},
		},
		"the answer is the error 403 ONE_CODE or 400 ANOTHER_CODE": {
			Statuses: []string{"403", "400"},
			Pairs:    []verdict.Pair{{Status: 403, Code: "ONE_CODE"}, {Status: 400, Code: "ANOTHER_CODE"}},
		},
		"the answer is a documented 4xx error": {Statuses: []string{"4xx"}},
		"the answer is a documented 400 error or the error 404 SOME_CODE": {
			Statuses: []string{"400", "404"}, Pairs: []verdict.Pair{{Status: 404, Code: "SOME_CODE"}},
		},
		"ModifyInstanceType is called on it": {
			Actions:    []string{"ModifyInstanceType"},
			Parameters: []steps.Parameter{{Name: "instanceId"}, {Name: "instanceType"}},
			Calls:      []steps.Call{{Action: "ModifyInstanceType", To: "another value", Least: 1, Most: 1, Carried: 1}},
			Series:     1,
		},
		"ModifyInstanceType is called without Authorization": {
			Actions: []string{"ModifyInstanceType"},
			Calls:   []steps.Call{{Action: "ModifyInstanceType", To: "another value", Least: 1, Most: 1, Carried: 1}},
		},
		"ModifyInstanceType is called on it 3 times in a row": {
			Actions:    []string{"ModifyInstanceType"},
			Parameters: []steps.Parameter{{Name: "instanceId"}, {Name: "instanceType"}},
			Calls:      []steps.Call{{Action: "ModifyInstanceType", To: "another value", Least: 3, Most: 25, Carried: 3}},
			Series:     3,
		},
		"the instance has the value asked for, and shows it in a list of its status": {Reads: 1},
		"DescribeInstances is asked for it": {
			Actions: []string{"DescribeInstances"}, Parameters: []steps.Parameter{{Name: "instanceIds"}},
		},
		"DescribeInstances is called without zoneId": {
			Actions: []string{"DescribeInstances"}, Parameters: []steps.Parameter{{Name: "zoneId", How: steps.Absent}},
		},
		"DescribeInstances is called with no parameters": {
			Actions: []string{"DescribeInstances"}, Parameters: []steps.Parameter{{How: steps.Absent}},
		},
		`DescribeInstances is called with zoneId as ["x"]`: {
			Actions:    []string{"DescribeInstances"},
			Parameters: []steps.Parameter{{Name: "zoneId", How: steps.AsJSON, JSON: `["x"]`}},
		},
		"DescribeInstances is called with 2 made-up ids": {
			Actions: []string{"DescribeInstances"},
			Parameters: []steps.Parameter{
				{Name: "instanceIds", How: steps.AsJSON, JSON: `["",""]`},
				{Name: "instanceId", How: steps.Unknown}, {Name: "instanceIds", How: steps.Unknown},
			},
		},
		"DescribeInstances is called as application/json; charset=utf-8": {Actions: []string{"DescribeInstances"}},
		"the instance goes through RESIZING to STOPPED and stays there": {
			Path: []string{"RESIZING", "STOPPED"}, Observes: true,
			Calls: []steps.Call{{To: "another value", Least: 0, Most: 11}},
		},
		"the instance is unchanged": {},
		"the instances go through STARTING or BOOTING to RUNNING and stay there": {
			Observes: true, Path: []string{"STARTING or BOOTING", "RUNNING"}, Calls: []steps.Call{{To: "another value", Most: 11}},
		},
		"StartInstances is called on it, and ModifyInstanceType while it runs": {
			Actions: []string{"StartInstances", "ModifyInstanceType"}, Parameters: []steps.Parameter{{Name: "instanceIds"}},
			Calls: []steps.Call{
				{Action: "StartInstances", To: "another value", Least: 2, Most: 144, Begins: true, Carried: 1},
				{Action: "ModifyInstanceType", To: "another value", Least: 1, Most: 6},
				{Action: "ModifyInstanceType", To: "another value, refused while the change runs", Most: 40, Harmless: true},
			},
		},
		"it is refused with 403 ONE_CODE or 400 ANOTHER_CODE, or named as failed": {
			Statuses: []string{"200", "403", "400"},
			Pairs:    []verdict.Pair{{Status: 403, Code: "ONE_CODE"}, {Status: 400, Code: "ANOTHER_CODE"}},
		},
	}
	vocabulary := steps.Vocabulary()
	for text, want := range tests {
		match, err := steps.Resolve(vocabulary, text)
		require.NoError(t, err)
		match.Facts = map[string]steps.Facts{
			"ModifyInstanceType": {Changes: true, Valued: true, Parameters: []string{"instanceId", "instanceType"}, Subjects: []string{"instanceId"}},
			"StartInstances":     {Changes: true, Parameters: []string{"instanceIds"}, Subjects: []string{"instanceIds"}},
			"DescribeInstances":  {Subjects: []string{"instanceIds"}},
		}
		assert.Equal(t, want, match.Metadata(), text)
	}
}
