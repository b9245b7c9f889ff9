package coverage_test

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/features"
	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/coverage"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/spec"
)

var update = flag.Bool("update", false, "write the golden files anew")

// compare compares the built-in contract with the features of a file system.
func compare(t *testing.T, source fs.FS) coverage.Report {
	t.Helper()
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	loaded := suite.ContractOf(c)
	s, err := suite.Load(source, loaded)
	require.NoError(t, err)
	return coverage.Compare(c, s)
}

// find returns the item with a name.
func find(t *testing.T, r coverage.Report, criterion coverage.Criterion, operation, name string) coverage.Item {
	t.Helper()
	for _, item := range r.Items {
		if item.Criterion == criterion && item.Operation == operation && item.Name == name {
			return item
		}
	}
	require.Failf(t, "no such item", "%s: %s: %s", operation, criterion, name)
	return coverage.Item{}
}

func TestASmallSuiteCoversALittle(t *testing.T) {
	report := compare(t, os.DirFS("testdata/small"))
	assert.False(t, report.Complete())
	assert.Empty(t, report.Unknown)
	var b strings.Builder
	for _, i := range report.Items {
		if i.State == coverage.Covered { // what is not is for the tests below: it grows with the contract
			fmt.Fprintf(&b, "%s: %s: %s: %s\n", i.Operation, i.Criterion, i.Name, strings.Join(i.Scenarios, " "))
		}
	}
	const golden = "testdata/small.txt"
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(b.String()), 0o600))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), b.String(), "go test ./internal/coverage -update writes it anew")
}

func TestTheBuiltInFeaturesCoverAllThatCanBeTested(t *testing.T) {
	report := compare(t, features.FS)
	assert.Empty(t, report.Unknown)
	for _, item := range report.Items {
		assert.NotEqual(t, coverage.Uncovered, item.State, "%s: %s: %s", item.Operation, item.Criterion, item.Name)
		if item.State == coverage.Untestable {
			assert.NotEmpty(t, item.Reason, item.Name)
		} else {
			assert.NotEmpty(t, item.Scenarios, item.Name)
		}
	}
	assert.True(t, report.Complete())
}

// Each of these takes scenarios away from the built-in features: what they alone cover
// must then be missing.
func TestWhatNoScenarioCoversIsAGap(t *testing.T) {
	const modify, list, statuses = "ModifyInstanceType", "DescribeInstances", "DescribeInstancesStatus"
	tests := map[string]struct {
		criterion       coverage.Criterion
		operation, name string
		without         string // an expression for a step of the scenarios that go away
	}{
		"a status":            {coverage.Statuses, modify, "404 Not Found", "404"},
		"a pair":              {coverage.Pairs, modify, "404 INVALID_INSTANCE_TYPE_NOT_FOUND", "INVALID_INSTANCE_TYPE_NOT_FOUND"},
		"a parameter":         {coverage.Parameters, list, "ipv6Address", "ipv6Address"},
		"a limit":             {coverage.Values, statuses, "pageSize above its limit", "1001"},
		"a wrong type":        {coverage.Values, modify, "instanceType a boolean", `\btrue\b`},
		"a response member":   {coverage.Members, list, "response.dataSet[].instanceType", `DescribeInstances( |$)`},
		"a state":             {coverage.States, modify, "RESIZING", "through RESIZING|at most one"},
		"a transition":        {coverage.Transitions, modify, "RESIZING to STOPPED", "through RESIZING|at most one"},
		"an instance status":  {coverage.Instances, modify, "IMAGING", "IMAGING"},
		"a clause":            {coverage.Clauses, modify, "M-RESIZE-SAME-TYPE", "for the value it has"},
		"a clause of all":     {coverage.Clauses, "", "S-SIGN-BODY", "body changed after signing|signed for an empty body|was not signed"},
		"a status shown":      {coverage.Instances, statuses, "RECYCLING", "RECYCLING"},
		"an unexpected value": {coverage.Values, list, "instanceIds naming none", "do(es)? not exist|made-up"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, coverage.Covered, find(t, compare(t, features.FS), test.criterion, test.operation, test.name).State)
			report := thinned(t, regexp.MustCompile(test.without))
			item := find(t, report, test.criterion, test.operation, test.name)
			assert.Equal(t, coverage.Uncovered, item.State, item.Scenarios)
			assert.False(t, report.Complete())
		})
	}
}

// thinned compares the built-in contract with the built-in features without the scenarios of which
// a step matches, and without those in Chinese, which prove what others prove too.
func thinned(t *testing.T, text *regexp.Regexp) coverage.Report {
	t.Helper()
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	s, err := suite.Load(features.FS, suite.ContractOf(c))
	require.NoError(t, err)
	s.Cases = slices.DeleteFunc(s.Cases, func(c suite.Case) bool {
		return c.Language != "en" || slices.ContainsFunc(c.Steps, func(step suite.Step) bool { return text.MatchString(step.Text) })
	})
	return coverage.Compare(c, s)
}

func TestWhatTheContractDoesNotHaveIsAStranger(t *testing.T) {
	feature := func(clause, sentence, when, then string) string {
		return fmt.Sprintf("Feature: F\n  @%s\n  Rule: %s\n    @one-case\n    Example: E\n      Given a STOPPED instance\n      When %s\n      Then %s\n",
			clause, sentence, when, then)
	}
	const (
		filter = "With instanceIds, DescribeInstances lists the named instances and no other, each once."
		method = "Only POST is served: a request with another method never succeeds."
		typed  = "A parameter of the wrong type is answered with 400 INVALID_PARAMETER_TYPE."
	)
	tests := map[string]struct{ feature, want string }{
		"an action": {feature("R-METHOD-POST", method, "DeleteInstances is called", "the answer is no success"),
			"it calls DeleteInstances, which the contract does not have"},
		"a status": {feature("R-METHOD-POST", method, "DescribeInstances is called", "the answer is a documented 418 error"),
			"it wants the status 418, which DescribeInstances does not answer"},
		"a pair of another operation": {feature("C-INSTANCES-FILTER", filter, "DescribeInstances is asked for it", "the answer is the error 404 INVALID_INSTANCE_TYPE_NOT_FOUND"),
			"it wants 404 INVALID_INSTANCE_TYPE_NOT_FOUND, which DescribeInstances does not answer"},
		"a code under another status": {feature("R-METHOD-POST", method, "DescribeInstances is called", "the answer is the error 404 MISSING_PARAMETER"),
			"it wants 404 MISSING_PARAMETER, which DescribeInstances does not answer"},
		"a parameter": {feature("R-METHOD-POST", method, "DescribeInstances is called without colour", "the answer is a success"),
			"it sends colour, which is no parameter of DescribeInstances"},
		"a clause of another operation": {feature("C-INSTANCES-FILTER", filter, "DescribeInstancesStatus is asked for it", "the answer is a success"),
			"it bears the clause C-INSTANCES-FILTER of DescribeInstances, which it does not call"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			report := compare(t, fstest.MapFS{"f.feature": {Data: []byte(test.feature)}})
			require.Len(t, report.Unknown, 1)
			assert.Equal(t, coverage.UnknownReference{Scenario: "one-case", File: "f.feature", Line: 5, What: test.want}, report.Unknown[0])
			assert.False(t, report.Complete())
		})
	}
}

func TestAPairThatNothingReachesSaysWhy(t *testing.T) {
	report := compare(t, os.DirFS("testdata/small"))
	tests := []struct{ operation, pair, reason string }{
		{"ModifyInstanceType", "400 INVALID_PARAMETER_EXCEED_MAXIMUM", "no parameter of the operation has a documented maximum"},
		{"ModifyInstanceType", "400 INVALID_PARAMETER_EXCEED_LENGTH", "no parameter of the operation has a documented greatest length"},
		{"DescribeInstances", "400 MISSING_PARAMETER", "no parameter of the operation is required"},
		{"DescribeInstances", "403 OPERATION_FAILED_FOR_RECYCLE_RESOURCE", "the operation changes nothing, and a read shows what is in the recycle bin"},
		{"DescribeInstances", "503 REQUEST_TIMED_OUT", "a tester cannot bring it about from outside"},
	}
	for _, test := range tests {
		item := find(t, report, coverage.Pairs, test.operation, test.pair)
		assert.Equal(t, coverage.Untestable, item.State, test.pair)
		assert.Equal(t, test.reason, item.Reason, test.pair)
	}
	assert.Equal(t, coverage.Uncovered, find(t, report, coverage.Pairs, "DescribeInstances", "400 INVALID_PARAMETER_EXCEED_MAXIMUM").State)
}
