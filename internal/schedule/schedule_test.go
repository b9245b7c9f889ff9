package schedule_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/features"
	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/schedule"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/spec"
	"github.com/zec-tools/conformance/steps"
)

// stock has instances that are RUNNING or STOPPED, as many as are asked for.
type stock struct{}

func (stock) Lacks(needs steps.Needs) error {
	for _, n := range needs.Instances {
		if n.Status != "STOPPED" && n.Status != "RUNNING" {
			return errors.New("none is " + n.Status)
		}
	}
	return nil
}

func (stock) Course() schedule.Course { return nil }

// selected reads the built-in features and returns some of their scenarios.
func selected(t *testing.T, ids ...string) []suite.Case {
	t.Helper()
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	all, err := suite.Load(features.FS, suite.ContractOf(c))
	require.NoError(t, err)
	cases, err := all.Select("", ids)
	require.NoError(t, err)
	return cases
}

func TestChangesThatAScenarioMakes(t *testing.T) {
	for id, want := range map[string]struct {
		changes int
		more    bool
	}{
		"unknown-type":                     {0, false},
		"resize-succeeds":                  {1, false},
		"several-in-a-row":                 {3, false},
		"there-and-back":                   {2, false},
		"second-change":                    {1, true},
		"two-at-once":                      {1, true},
		"same-type":                        {1, false},
		"power-several[StartInstances]":    {3, false}, // three instances by one call
		"resize-lock[StartInstances]":      {1, true},
		"unknown-instance":                 {0, false},
		"no-authorization[StartInstances]": {0, false},
	} {
		t.Run(id, func(t *testing.T) {
			changes, more := schedule.Changes(selected(t, id)[0])
			assert.Equal(t, want.changes, changes)
			assert.Equal(t, want.more, more)
		})
	}
}

func TestABoundKeepsWhatProvesMost(t *testing.T) {
	cases := selected(t, "second-change", "resize-succeeds", "several-in-a-row", "there-and-back", "unknown-type")
	left := func(most int) (out []string) {
		s := schedule.Make(cases, stock{}, most)
		for _, c := range cases {
			if _, is := s.LeftOut(c.ID); is {
				out = append(out, c.ID)
			}
		}
		return out
	}
	assert.Equal(t, []string{"second-change", "there-and-back", "several-in-a-row"}, left(1))
	assert.Equal(t, []string{"there-and-back", "several-in-a-row"}, left(3), "a second change takes room for the call that is to be refused")
	assert.Equal(t, []string{"several-in-a-row"}, left(4), "one change is shared")
	assert.Empty(t, left(5))
	assert.Empty(t, left(0), "any number")
	reason, _ := schedule.Make(cases, stock{}, 1).LeftOut("several-in-a-row")
	assert.Equal(t, "maxChanges 1 leaves no room for its 3 changes: other scenarios prove more with them", reason)
}

func TestScenariosThatWatchOneChangeShareIt(t *testing.T) {
	cases := selected(t, "resize-succeeds", "several-in-a-row", "there-and-back", "stopped-bystander", "running-bystander", "change-shown-by-both",
		"second-change", "two-at-once", "same-type", "gpu-instance", "power-bystander[StartInstances, another RUNNING]", "power-succeeds[StartInstances]", "power-several[StartInstances]")
	s := schedule.Make(cases, stock{}, 0)
	require.Len(t, s.Groups, 2)
	power, resize := s.Groups[0], s.Groups[1]
	if resize.Caller != "several-in-a-row" {
		power, resize = resize, power
	}
	assert.Equal(t, "several-in-a-row", resize.Caller, "it makes the most changes")
	assert.Equal(t, []string{"resize-succeeds", "there-and-back", "stopped-bystander", "running-bystander", "change-shown-by-both"}, sorted(cases, resize.Observers))
	assert.Equal(t, []steps.Need{{Status: "STOPPED"}, {Status: "RUNNING"}}, resize.Beside.Instances)
	assert.Len(t, power.Observers, 1, "three instances by one call are no single one")
	assert.Equal(t, 3+1+1+1+1+3, s.Changes)
	_, shares := s.Shares("second-change")
	assert.False(t, shares, "what is called meanwhile disturbs it")
}

// sorted puts ids in the order of the cases.
func sorted(cases []suite.Case, ids []string) (in []string) {
	for _, want := range []string{"resize-succeeds", "there-and-back", "stopped-bystander", "running-bystander", "change-shown-by-both"} {
		for _, id := range ids {
			if id == want {
				in = append(in, id)
			}
		}
	}
	return in
}

// scarce has one stopped instance and a running one.
type scarce struct{ stock }

func (scarce) Lacks(needs steps.Needs) error {
	if len(needs.Instances) > 2 || len(needs.Instances) == 2 && needs.Instances[1].Status == "STOPPED" {
		return errors.New("too few")
	}
	return stock{}.Lacks(needs)
}

func TestASharedChangeIsWatchedByThoseForWhomThereAreInstances(t *testing.T) {
	s := schedule.Make(selected(t, "resize-succeeds", "there-and-back", "stopped-bystander", "running-bystander"), scarce{}, 0)
	require.Len(t, s.Groups, 1)
	assert.Equal(t, []steps.Need{{Status: "RUNNING"}}, s.Groups[0].Beside.Instances)
	assert.NotContains(t, s.Groups[0].Observers, "stopped-bystander")
}

func TestAScenarioIsRepeatedByOneThatHasAllOfItsSteps(t *testing.T) {
	cases := selected(t, "unknown-type", "unknown-type-later", "zh-unknown-type", "resize-succeeds", "running-bystander", "zh-resize", "zh-bystander", "zh-second-change", "second-change")
	s := schedule.Make(cases, stock{}, 0)
	repeats := map[string]string{}
	for _, c := range cases {
		if of, is := s.Repeats(c.ID); is {
			repeats[c.ID] = of
		}
	}
	assert.Equal(t, map[string]string{
		"zh-unknown-type": "unknown-type", "zh-resize": "resize-succeeds", "zh-bystander": "running-bystander", "zh-second-change": "second-change",
	}, repeats)
	var none *schedule.Schedule
	_, is := none.Repeats("zh-resize")
	assert.False(t, is, "without a schedule each is played")
}

// power is the stock of a few instances that are listed RUNNING, each of which is stopped or started for who needs it so.
type power struct{ stock }

func (power) Course() schedule.Course { return &counted{running: 3} }

// counted counts instances by their status.
type counted struct{ running, stopped int }

func (c *counted) short(needs steps.Needs) (stop, start int) {
	for _, n := range needs.Instances {
		if n.Status == "STOPPED" {
			stop++
		} else {
			start++
		}
	}
	return max(0, stop-c.stopped), max(0, start-c.running)
}

func (c *counted) Cost(needs steps.Needs) (cost schedule.Cost) {
	stop, start := c.short(needs)
	for range stop {
		cost.Brought = append(cost.Brought, "StopInstances")
	}
	cost.Back = schedule.Range{Least: start, Most: start}
	return cost
}

func (c *counted) Play(needs steps.Needs, leaves []schedule.Leaving) schedule.Cost {
	cost := c.Cost(needs)
	stop, start := c.short(needs)
	c.stopped, c.running = c.stopped+stop-start, c.running+start-stop
	for i, one := range leaves {
		switch needs.Instances[i].Status {
		case one.Status:
		case "STOPPED":
			c.stopped, c.running = c.stopped-1, c.running+1
		default:
			c.stopped, c.running = c.stopped+1, c.running-1
		}
	}
	return cost
}

func (c *counted) Back() schedule.Range { return schedule.Range{Least: c.stopped, Most: c.stopped} }
func (c *counted) Longest() int         { return 1 }

// TestScenariosThatNeedNoChangeGoFirst arranges scenarios at instances that are all RUNNING.
func TestScenariosThatNeedNoChangeGoFirst(t *testing.T) {
	for name, test := range map[string]struct {
		in, want []string
		changes  int
		back     int
	}{
		"nothing to arrange":                 {[]string{"status-shown[RUNNING]", "instances-shown[RUNNING]"}, []string{"status-shown[RUNNING]", "instances-shown[RUNNING]"}, 0, 0},
		"what can be served goes first":      {[]string{"status-shown[STOPPED]", "status-shown[RUNNING]"}, []string{"status-shown[RUNNING]", "status-shown[STOPPED]"}, 1, 1},
		"what stops one serves those after":  {[]string{"status-shown[STOPPED]", "instances-shown[STOPPED]", "power-lock[StartInstances during StopInstances]"}, []string{"power-lock[StartInstances during StopInstances]", "status-shown[STOPPED]", "instances-shown[STOPPED]"}, 1, 1},
		"what starts one follows who reads":  {[]string{"power-lock[StopInstances during StartInstances]", "status-shown[STOPPED]"}, []string{"status-shown[STOPPED]", "power-lock[StopInstances during StartInstances]"}, 2, 0},
		"fewer are brought about first":      {[]string{"power-several[StartInstances]", "status-shown[STOPPED]"}, []string{"status-shown[STOPPED]", "power-several[StartInstances]"}, 6, 0},
		"a change that is undone in between": {[]string{"power-again[StopInstances]"}, []string{"power-again[StopInstances]"}, 5, 1},
	} {
		t.Run(name, func(t *testing.T) {
			byID := map[string]suite.Case{}
			for _, c := range selected(t, test.in...) {
				byID[c.ID] = c
			}
			var cases []suite.Case
			for _, id := range test.in {
				cases = append(cases, byID[id])
			}
			s := schedule.Make(cases, power{}, 0)
			var ids []string
			for _, c := range s.Arrange(cases) {
				ids = append(ids, c.ID)
			}
			assert.Equal(t, test.want, ids)
			assert.Equal(t, test.changes, s.Changes)
			assert.Equal(t, schedule.Range{Least: test.back, Most: test.back}, s.Back)
		})
	}
}
