package plan_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
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

// account lists what the goal for the costs of a run is stated for.
const account = `targets:
  it:
    endpoint: https://api.example.com
    allow: [ModifyInstanceType]
    instances:
      - {id: ins-1, status: STOPPED}
      - {id: ins-2, status: STOPPED}
      - {id: ins-3, status: STOPPED}
      - {id: ins-4, status: STOPPED}
      - {id: ins-5, status: RUNNING}
      - {id: ins-6, status: STOPPED, gpu: true}
    instanceTypes: {resizable: [small, large], unsupported: [other], gpu: [g1, g2]}
`

// planned makes the plan of some scenarios.
func planned(t *testing.T, ids ...string) plan.Plan {
	t.Helper()
	return plannedAt(t, configuration, ids...)
}

// plannedAt makes it for a target; without ids, of all scenarios.
func plannedAt(t *testing.T, configuration string, ids ...string) plan.Plan {
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
	p, err := plan.Make(cases, config.Named(), plan.Options{API: c})
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
		"generated-requests[ModifyInstanceType]":    {{Action: action, Instances: stopped, To: "what no change may ask for", Times: plan.Range{Least: 60, Most: 160}, Harmless: true}},
		"modify-named-in-a-read[DescribeInstances]": {{Action: "DescribeInstances", Instances: stopped, To: "another value", Types: types, Times: plan.Range{Least: 1, Most: 1}, Harmless: true}},
		"other-method[DescribeInstances by GET]":    nil,
		"other-method[DescribeInstances by DELETE]": {{Action: "DescribeInstances", Instances: []string{}, To: "what its step says", Times: plan.Range{Least: 1, Most: 1}, Refused: true, Harmless: true}},
		"unknown-action":                            {{Action: "NoSuchAction", Instances: []string{}, To: "what its step says", Times: plan.Range{Least: 1, Most: 1}, Refused: true, Harmless: true}},
		// Six tries: a change that is over too soon and looked at closely, and one measured;
		// then the one that was in time, looked at closely.
		"second-change": {
			{Action: action, Instances: stopped, To: "another value", Types: types, Times: plan.Range{Least: 2, Most: 6*24 + 11}},
			{Action: action, Instances: stopped, To: "another value, refused while the change runs", Times: plan.Range{Most: 40}, Harmless: true},
		},
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
	assert.Equal(t, []plan.Skipped{{
		ID: "gpu-instance", Name: p.Skipped[0].Name, Reason: "the target lists too few GPU instances that are STOPPED", Unlock: "- {id: ID, status: STOPPED, gpu: true}",
	}}, p.Skipped)
	assert.Equal(t, 1+1+60, p.Calls.Least)
	assert.Equal(t, plan.Range{Least: 1, Most: 12}, p.Resizes, "neither what is refused nor what asks for no change")
	assert.Equal(t, p.Resizes.Most+3+160, p.Calls.Most)
	assert.Equal(t, plan.Range{Least: 0, Most: 1}, p.Back)
	assert.Equal(t, target.ChangesBack, p.BackTries)
	assert.Equal(t, plan.Usual{Seconds: 60}, p.Usual, "no longer than the timeout")
	settle, resize := 10*time.Second, time.Minute
	assert.InDelta(t, p.Requests.Least/5+int((settle+resize)/time.Second), p.Seconds.Least, 1, "at five requests a second")
	assert.InDelta(t, p.Requests.Most/5+13*int((settle+resize)/time.Second), p.Seconds.Most, 1)
}

// TestGeneratedReadsAreCounted: each of them is a request, though none can change anything.
func TestGeneratedReadsAreCounted(t *testing.T) {
	p := planned(t, "generated-requests[DescribeInstances]")
	require.Len(t, p.Scenarios, 1)
	assert.Empty(t, p.Scenarios[0].Calls)
	assert.GreaterOrEqual(t, p.Scenarios[0].Requests, 60)
}

// TestSharedChangesAreCountedOnce plans scenarios that watch one change, and one that repeats
// another in Chinese.
func TestSharedChangesAreCountedOnce(t *testing.T) {
	p := planned(t, "resize-succeeds", "there-and-back", "stopped-bystander", "zh-resize", "second-change")
	assert.Equal(t, 2+1, p.Resizes.Least)
	shared := map[string]*plan.Shared{}
	for _, s := range p.Scenarios {
		shared[s.ID] = s.Shared
		if s.Shared != nil {
			assert.Zero(t, s.Requests, s.ID)
			for _, c := range s.Calls {
				assert.Zero(t, c.Times.Least, s.ID)
			}
		}
	}
	assert.Equal(t, map[string]*plan.Shared{
		"there-and-back": nil, "second-change": nil,
		"resize-succeeds":   {Scenario: "there-and-back", How: "changes"},
		"stopped-bystander": {Scenario: "there-and-back", How: "changes"},
		"zh-resize":         {Scenario: "resize-succeeds", How: "steps"},
	}, shared)
}

// TestTheWholePlanOfAnAccountIsSmall holds what a run costs at an account of six instances.
func TestTheWholePlanOfAnAccountIsSmall(t *testing.T) {
	p := plannedAt(t, account)
	assert.LessOrEqual(t, p.Resizes.Least+p.Back.Least, 8)
	assert.LessOrEqual(t, p.Requests.Least, 750)
	assert.LessOrEqual(t, p.Resizes.Most, 40, "a figure that a person can use")
}

// TestNoScenarioOfOurOwnIsWithheld has a target allow every action: a plan that calls one of
// the built-in scenarios blocked is wrong, since each of them runs there.
func TestNoScenarioOfOurOwnIsWithheld(t *testing.T) {
	everything := strings.Replace(account, "[ModifyInstanceType]", "[ModifyInstanceType, StartInstances, StopInstances, RebootInstances]", 1)
	var withheld []string
	for _, s := range plannedAt(t, everything).Scenarios {
		for _, call := range s.Calls {
			if call.Withheld != "" {
				withheld = append(withheld, s.ID+": "+call.Withheld)
			}
		}
	}
	assert.Empty(t, withheld)
}

// powered lists instances that may be started, stopped and resized.
func powered(statuses ...string) string {
	text := "targets:\n  it:\n    endpoint: https://api.example.com\n    allow: [ModifyInstanceType, StartInstances, StopInstances]\n    instances:\n"
	for i, status := range statuses {
		text += fmt.Sprintf("      - {id: ins-%d, status: %s}\n", i+1, status)
	}
	return text + "    instanceTypes: {resizable: [small, large], unsupported: [other]}\n"
}

// TestAnInstanceIsBroughtAboutOnceForAllWhoNeedIt holds what a run changes where instances are listed in another status than
// most scenarios need against a target where they are listed as needed.
func TestAnInstanceIsBroughtAboutOnceForAllWhoNeedIt(t *testing.T) {
	stopped, running := plannedAt(t, powered("STOPPED", "STOPPED", "STOPPED", "RUNNING")), plannedAt(t, powered("RUNNING", "RUNNING", "RUNNING"))
	assert.GreaterOrEqual(t, len(running.Scenarios), len(stopped.Scenarios)-1)
	assert.LessOrEqual(t, stopped.Resizes.Least, 46)
	assert.LessOrEqual(t, stopped.Back.Most, 4)
	assert.LessOrEqual(t, running.Resizes.Least+running.Back.Most, stopped.Resizes.Least+stopped.Back.Most+3+3)
	assert.LessOrEqual(t, running.Back.Least, running.Back.Most)
	assert.Positive(t, running.Back.Least, "an instance is listed RUNNING and left STOPPED")
	assert.Greater(t, running.Resizes.Most, 4*running.Resizes.Least, "room for scenarios that fail, whose instances are restored at once")
}

// TestWhatAStatusCosts plans a few scenarios at instances that are all RUNNING.
func TestWhatAStatusCosts(t *testing.T) {
	for name, c := range map[string]struct {
		scenarios []string
		changes   int
		back      plan.Range
	}{
		"as listed":                             {[]string{"status-shown[RUNNING]"}, 0, plan.Range{}},
		"brought about":                         {[]string{"status-shown[STOPPED]"}, 1, plan.Range{Least: 1, Most: 1}},
		"brought about for all":                 {[]string{"status-shown[STOPPED]", "instances-shown[STOPPED]", "status-of-one"}, 1, plan.Range{Least: 1, Most: 1}},
		"two at once, and one as listed":        {[]string{"status-of-several", "status-shown[STOPPED]", "status-shown[RUNNING]"}, 2, plan.Range{Least: 2, Most: 2}},
		"a resize":                              {[]string{"resize-succeeds"}, 2, plan.Range{Least: 1, Most: 2}},
		"another scenario brings it about":      {[]string{"status-shown[STOPPED]", "power-later[StopInstances]", "force-null"}, 1, plan.Range{Least: 1, Most: 1}},
		"it is started, and then as listed":     {[]string{"status-shown[STOPPED]", "power-lock[StartInstances during StartInstances]"}, 2, plan.Range{}},
		"three in a row, undone in between":     {[]string{"power-again[StopInstances]"}, 5, plan.Range{Least: 1, Most: 1}},
		"three are stopped, then one is to run": {[]string{"power-several[StopInstances]", "status-shown[RUNNING]"}, 3, plan.Range{Least: 3, Most: 3}},
	} {
		t.Run(name, func(t *testing.T) {
			p := plannedAt(t, powered("RUNNING", "RUNNING", "RUNNING"), c.scenarios...)
			require.Len(t, p.Scenarios, len(c.scenarios))
			assert.Equal(t, c.changes, p.Resizes.Least)
			assert.Equal(t, c.back, p.Back)
		})
	}
}

// TestABoundCountsAnInstanceThatIsBroughtAboutOnce leaves out what does not fit, and all that needs what one change brings
// about together.
func TestABoundCountsAnInstanceThatIsBroughtAboutOnce(t *testing.T) {
	scenarios := []string{"status-shown[RUNNING]", "status-shown[STOPPED]", "instances-shown[STOPPED]", "status-of-several", "resize-succeeds"}
	skipped := func(most string) (ids []string) {
		for _, s := range plannedAt(t, powered("RUNNING", "RUNNING", "RUNNING")+"    maxChanges: "+most+"\n", scenarios...).Skipped {
			assert.Contains(t, s.Reason, "maxChanges "+most)
			assert.Equal(t, "maxChanges: 3", s.Unlock)
			ids = append(ids, s.ID)
		}
		return ids
	}
	assert.Empty(t, skipped("3"))
	assert.Len(t, skipped("2"), 1)
	assert.ElementsMatch(t, []string{"status-of-several", "resize-succeeds"}, skipped("1"), "one change serves those two that only read")
}
