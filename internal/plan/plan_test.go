package plan_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/features"
	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/plan"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/target"
	"github.com/zec-tools/conformance/spec"
)

const configuration = `targets:
  it:
    endpoint: https://api.example.com
    allowResize: true
    generate: true
    instances:
      - {id: ins-1, status: STOPPED}
      - {id: ins-2, status: STOPPED}
      - {id: ins-3, status: RUNNING}
    instanceTypes: {resizable: [small, large]}
    timing: {resizeTimeout: 1m, settle: 10s}
    requestsPerSecond: 5
`

// planned makes the plan of some scenarios.
func planned(t *testing.T, ids ...string) plan.Plan {
	t.Helper()
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	loaded := suite.ContractOf(c)
	all, err := suite.Load(features.FS, loaded)
	require.NoError(t, err)
	cases, err := all.Select("", ids)
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "conformance.yaml")
	require.NoError(t, os.WriteFile(file, []byte(configuration), 0o600))
	config, err := target.ReadConfig(file, "it", c)
	require.NoError(t, err)
	inventory, err := config.Inventory(func(string) string { return "a-key-or-a-password" })
	require.NoError(t, err)
	p, err := plan.Make(cases, inventory, c)
	require.NoError(t, err)
	return p
}

func TestWhatAScenarioWouldCall(t *testing.T) {
	const action = "ModifyInstanceType"
	stopped := []string{"ins-1"}
	types := []string{"small", "large"}
	for id, want := range map[string][]plan.Call{
		"text-beyond-ascii":                         nil,
		"resize-succeeds":                           {{Action: action, Instances: stopped, To: "another value", Types: types, Times: plan.Range{Least: 1, Most: 12}}},
		"there-and-back":                            {{Action: action, Instances: stopped, To: "another value", Types: types, Times: plan.Range{Least: 2, Most: 24}}},
		"unknown-type":                              {{Action: action, Instances: stopped, To: "a value that does not exist", Times: plan.Range{Least: 1, Most: 3}, Refused: true}},
		"unknown-instance":                          {{Action: action, Instances: []string{}, To: "another value", Types: types, Times: plan.Range{Least: 1, Most: 3}, Refused: true, Harmless: true}},
		"not-stopped[RUNNING]":                      {{Action: action, Instances: []string{"ins-3"}, To: "another value", Types: types, Times: plan.Range{Least: 1, Most: 3}, Refused: true}},
		"generated-requests[ModifyInstanceType]":    {{Action: action, Instances: stopped, To: "what no change may ask for", Times: plan.Range{Least: 120, Most: 220}, Harmless: true}},
		"modify-named-in-a-read[DescribeInstances]": {{Action: "DescribeInstances", Instances: stopped, To: "another value", Types: types, Times: plan.Range{Least: 1, Most: 1}, Harmless: true}},
		"other-method[DescribeInstances by GET]":    nil,
		"other-method[DescribeInstances by DELETE]": {{Action: "DescribeInstances", Instances: []string{}, To: "what its step says", Times: plan.Range{Least: 1, Most: 1}, Refused: true, Harmless: true}},
		"unknown-action":                            {{Action: "NoSuchAction", Instances: []string{}, To: "what its step says", Times: plan.Range{Least: 1, Most: 1}, Refused: true, Harmless: true}},
		// Six tries: a change that is over too soon and looked at closely, and one measured;
		// then the one that was in time, looked at closely.
		"second-change": {{Action: action, Instances: stopped, To: "another value", Types: types, Times: plan.Range{Least: 2, Most: 6*24 + 11}}},
	} {
		t.Run(id, func(t *testing.T) {
			p := planned(t, id)
			require.Len(t, p.Scenarios, 1)
			assert.Empty(t, p.Skipped)
			assert.Equal(t, want, p.Scenarios[0].Calls)
		})
	}
}

func TestAPlanAddsUpWhatItsScenariosWouldCall(t *testing.T) {
	p := planned(t, "resize-succeeds", "unknown-type", "generated-requests[ModifyInstanceType]", "gpu-instance")
	assert.Equal(t, []plan.Skipped{{ID: "gpu-instance", Name: p.Skipped[0].Name, Reason: "the target lists too few GPU instances that are STOPPED"}}, p.Skipped)
	assert.Equal(t, plan.Range{Least: 1 + 1 + 120, Most: 12 + 3 + 220}, p.Calls)
	assert.Equal(t, plan.Range{Least: 1, Most: 12}, p.Resizes, "neither what is refused nor what asks for no change")
	assert.Equal(t, plan.Range{Least: 0, Most: 1}, p.Back)
	assert.Equal(t, target.ChangesBack, p.BackTries)
	settle, resize := 10*time.Second, time.Minute
	assert.InDelta(t, p.Requests.Least/5+int(settle/time.Second), p.Seconds.Least, 1, "at five requests a second")
	assert.InDelta(t, p.Requests.Most/5+13*int((settle+resize)/time.Second), p.Seconds.Most, 1)
}
