package merge_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/merge"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/verdict"
)

var noon = time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC)

// shard makes a run with one scenario per line number given, each with its outcome.
func shard(index, total int, outcomes map[int]verdict.Outcome) verdict.Run {
	run := verdict.Run{
		SchemaVersion: verdict.SchemaVersion,
		Contract:      verdict.Document{Title: "the contract", SHA256: "c0"},
		Features:      verdict.Document{Title: "features", SHA256: "f0"},
		Target:        verdict.Target{Name: "staging", Kind: "endpoint", Endpoint: "https://staging.example"},
		Selection:     verdict.Selection{Tags: "@resize", Selected: len(outcomes), Available: 9, Parallel: 1},
		Volatile:      verdict.Volatile{Started: noon.Add(time.Duration(index) * time.Minute), Duration: time.Minute},
	}
	if total > 0 {
		run.Selection.Shard = &verdict.Shard{Index: index, Total: total}
	}
	one := verdict.ClauseResult{Clause: verdict.Clause{ID: "M-ONE", Source: "M", Level: verdict.Must, Text: "One | two."}, Status: verdict.Unproved, Exchanges: 1}
	two := verdict.ClauseResult{Clause: verdict.Clause{ID: "M-TWO", Source: "M", Level: verdict.Must, Text: "Two."}, Status: verdict.Untestable}
	for line, outcome := range outcomes {
		s := verdict.Scenario{ID: fmt.Sprintf("line-%d", line), File: "a.feature", Line: line, Outcome: outcome, Clauses: []string{"M-ONE"}, Start: noon}
		if outcome == verdict.Broken {
			run.Fault = verdict.FaultHarness
		}
		run.Scenarios = append(run.Scenarios, s)
		run.Summary.Scenarios.Add(outcome)
		one.Scenarios = append(one.Scenarios, s.ID)
		switch {
		case outcome == verdict.Failed:
			one.Status = verdict.Violated
		case outcome == verdict.Passed && one.Status != verdict.Violated:
			one.Status = verdict.Proved
		}
	}
	run.Clauses = []verdict.ClauseResult{one, two}
	run.Verdict = run.Conclusion()
	return run
}

// parts writes runs as reports and opens them again.
func parts(t *testing.T, runs ...verdict.Run) []merge.Part {
	t.Helper()
	var list []merge.Part
	for i, run := range runs {
		dir := filepath.Join(t.TempDir(), fmt.Sprint(i))
		spool, err := report.Create(dir)
		require.NoError(t, err)
		for _, s := range run.Scenarios {
			require.NoError(t, spool.Add(s.Line, s))
		}
		reader, err := spool.Reader(run)
		require.NoError(t, err)
		require.NoError(t, report.Write(reader, dir, report.Formats()[:1]))
		require.NoError(t, spool.Close())
		read, err := report.Open(filepath.Join(dir, "report.json"))
		require.NoError(t, err)
		t.Cleanup(func() { assert.NoError(t, read.Close()) })
		list = append(list, merge.Part{Path: fmt.Sprintf("r%d.json", i), Reader: read})
	}
	return list
}

func passing(lines ...int) map[int]verdict.Outcome {
	all := map[int]verdict.Outcome{}
	for _, line := range lines {
		all[line] = verdict.Passed
	}
	return all
}

func TestShardsBecomeOneRun(t *testing.T) {
	list := parts(t, shard(2, 3, passing(4, 1)), shard(1, 3, passing(3)), shard(3, 3, map[int]verdict.Outcome{2: verdict.Failed}))
	require.Len(t, merge.Groups(list), 1)
	run, err := merge.Head(list)
	require.NoError(t, err)
	assert.Equal(t, verdict.NonConformant, run.Verdict)
	assert.Equal(t, verdict.Counts{Total: 4, Passed: 3, Failed: 1}, run.Summary.Scenarios)
	assert.Equal(t, verdict.ClauseCounts{Total: 2, Broken: 1, Untestable: 1}, run.Summary.Clauses)
	assert.Equal(t, 4, run.Selection.Selected)
	assert.Nil(t, run.Selection.Shard, "the whole is no shard")
	assert.Equal(t, verdict.Violated, run.Clauses[0].Status, "a finding in one shard stands")
	assert.Equal(t, []string{"line-1", "line-2", "line-3", "line-4"}, run.Clauses[0].Scenarios)
	assert.Equal(t, 3, run.Clauses[0].Exchanges)
	assert.Equal(t, noon.Add(time.Minute), run.Volatile.Started, "the first to start")
	assert.Equal(t, 3*time.Minute, run.Volatile.Duration, "until the last one ended")

	got := map[int]string{}
	require.NoError(t, merge.Scenarios(list, func(order int, s verdict.Scenario) error { got[order] = s.ID; return nil }))
	assert.Equal(t, map[int]string{0: "line-1", 1: "line-2", 2: "line-3", 3: "line-4"}, got, "the order of the features")
}

// TestACompleteSetOfShardsIsConformantAgain holds that a shard alone never speaks for the
// endpoint, and that all shards of a run without a selection do.
func TestACompleteSetOfShardsIsConformantAgain(t *testing.T) {
	whole := func(index int, lines ...int) verdict.Run {
		run := shard(index, 2, passing(lines...))
		run.Selection.Tags, run.Selection.Available = "", 3
		run.Verdict = run.Conclusion()
		return run
	}
	one, two := whole(1, 1, 3), whole(2, 2)
	assert.Equal(t, []verdict.Verdict{verdict.SelectedPassed, verdict.SelectedPassed}, []verdict.Verdict{one.Verdict, two.Verdict})
	run, err := merge.Head(parts(t, one, two))
	require.NoError(t, err)
	assert.Equal(t, verdict.Conformant, run.Verdict)

	run, err = merge.Head(parts(t, shard(1, 2, passing(1, 3)), shard(2, 2, passing(2))))
	require.NoError(t, err)
	assert.Equal(t, verdict.SelectedPassed, run.Verdict, "the shards of a selection")
	assert.Equal(t, verdict.ExitConformant, run.ExitCode(false))
}

func TestWhatAShardCouldNotPutBackIsTold(t *testing.T) {
	left := shard(2, 2, passing(2))
	left.Unrestored = []verdict.Unrestored{{Instance: "ins-1", Type: "z2a.cpu.1", Reason: "it is RESIZING"}}
	run, err := merge.Head(parts(t, shard(1, 2, passing(1)), left))
	require.NoError(t, err)
	assert.Equal(t, left.Unrestored, run.Unrestored)
}

func TestAWaiverThatWaivesNothingAnywhereFailsTheWhole(t *testing.T) {
	waiver := func(id string, state verdict.WaiverState, findings int) verdict.WaiverResult {
		return verdict.WaiverResult{Clause: id, Fingerprint: "f", State: state, Findings: findings}
	}
	one, two := shard(1, 2, map[int]verdict.Outcome{1: verdict.Failed}), shard(2, 2, map[int]verdict.Outcome{2: verdict.Failed})
	one.Summary.Scenarios.Waived, two.Summary.Scenarios.Waived = 1, 1
	one.Waivers = []verdict.WaiverResult{waiver("M-ONE", verdict.WaiverChanged, 0)}
	two.Waivers = []verdict.WaiverResult{waiver("M-ONE", verdict.WaiverApplied, 2)}
	run, err := merge.Head(parts(t, one, two))
	require.NoError(t, err)
	assert.Equal(t, []verdict.WaiverResult{waiver("M-ONE", verdict.WaiverApplied, 2)}, run.Waivers)
	assert.Equal(t, 2, run.Summary.Scenarios.Waived)
	assert.Equal(t, verdict.ExitConformant, run.ExitCode(false))

	merge.Excuse(&run, []verdict.WaiverResult{waiver("M-ONE", verdict.WaiverUnmatched, 0), waiver("M-TWO", verdict.WaiverUnmatched, 0)})
	assert.Equal(t, []verdict.WaiverResult{waiver("M-ONE", verdict.WaiverApplied, 2), waiver("M-TWO", verdict.WaiverUnmatched, 0)}, run.Waivers)
	assert.Equal(t, verdict.ExitNonConformant, run.ExitCode(false))
}

func TestABrokenShardBreaksTheRun(t *testing.T) {
	run, err := merge.Head(parts(t, shard(1, 2, passing(1)), shard(2, 2, map[int]verdict.Outcome{2: verdict.Broken})))
	require.NoError(t, err)
	assert.Equal(t, verdict.BrokenVerdict, run.Verdict)
	assert.Equal(t, verdict.ExitHarness, run.ExitCode(false))
}

func TestWhatDoesNotBelongTogetherIsRefused(t *testing.T) {
	alter := func(change func(*verdict.Run)) verdict.Run {
		r := shard(2, 2, passing(2))
		change(&r)
		return r
	}
	first := shard(1, 2, passing(1))
	for name, c := range map[string]struct {
		runs []verdict.Run
		want string
	}{
		"a shard is missing":     {[]verdict.Run{shard(1, 4, passing(1)), shard(3, 4, passing(3))}, "staging: no report of shard 2/4, 4/4: give the report of every shard"},
		"one shard alone":        {[]verdict.Run{first}, "staging: no report of shard 2/2"},
		"a shard stands twice":   {[]verdict.Run{first, first}, "r0.json and r1.json are both shard 1 of 2"},
		"another number":         {[]verdict.Run{first, shard(2, 3, passing(2))}, "one of 2 shards"},
		"a whole run among them": {[]verdict.Run{first, shard(0, 0, passing(2))}, "r1.json is a whole run of staging"},
		"another contract":       {[]verdict.Run{first, alter(func(r *verdict.Run) { r.Contract.SHA256 = "c1" })}, "differ in the contract"},
		"other clauses":          {[]verdict.Run{first, alter(func(r *verdict.Run) { r.Clauses = r.Clauses[:1] })}, "differ in the contract"},
		"other features":         {[]verdict.Run{first, alter(func(r *verdict.Run) { r.Features.SHA256 = "f1" })}, "differ in the features"},
		"another program":        {[]verdict.Run{first, alter(func(r *verdict.Run) { r.Tool.Version = "v2" })}, "differ in the program"},
		"another selection":      {[]verdict.Run{first, alter(func(r *verdict.Run) { r.Selection.Tags = "@read" })}, "differ in the selection"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := merge.Head(parts(t, c.runs...))
			assert.ErrorContains(t, err, c.want)
		})
	}
}

func TestTheSameScenarioInTwoShardsIsRefused(t *testing.T) {
	list := parts(t, shard(1, 2, passing(1)), shard(2, 2, passing(1)))
	err := merge.Scenarios(list, func(int, verdict.Scenario) error { return nil })
	assert.ErrorContains(t, err, "line-1 stands in two shards")
}

func TestTheBuiltInMockIsOneTargetWhereverItListens(t *testing.T) {
	at := func(index int, port string) verdict.Run {
		r := shard(index, 2, passing(index))
		r.Target = verdict.Target{Name: "mock", Kind: "mock", Endpoint: "http://127.0.0.1:" + port}
		return r
	}
	assert.Len(t, merge.Groups(parts(t, at(1, "1"), at(2, "2"))), 1)
	elsewhere := shard(2, 2, passing(2))
	elsewhere.Target.Endpoint = "https://other.example"
	assert.Len(t, merge.Groups(parts(t, shard(1, 2, passing(1)), elsewhere)), 2, "an endpoint elsewhere is another target")
}
