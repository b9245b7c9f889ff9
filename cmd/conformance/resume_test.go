package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/verdict"
)

// reported reads the report of an account's last run.
func (a *account) reported() verdict.Run {
	a.t.Helper()
	text, err := os.ReadFile(filepath.Join(a.dir, "reports", "report.json"))
	require.NoError(a.t, err)
	var run verdict.Run
	require.NoError(a.t, json.Unmarshal(text, &run))
	return run
}

// aFew runs a few scenarios, of which two change an instance.
func (a *account) aFew(flags ...string) *process {
	a.t.Helper()
	return a.start("run", append(flags, "--scenario", "status-unknown", "--scenario", "signed-as-documented[DescribeInstancesStatus]",
		"--scenario", "resize-succeeds", "--scenario", "same-change-again")...)
}

// inItsFirstChange starts a run of a few scenarios, and returns once its first change is held at the gate.
func inItsFirstChange(t *testing.T) (*account, *gate, *process) {
	t.Helper()
	a := newAccount(t)
	g := newGate(t, a.url, running(1))
	a.through(g)
	p := a.aFew()
	reach(t, g, p)
	return a, g, p
}

// TestAnInterruptedRunIsResumed interrupts a run in its first change, and wants the second
// run to play only what the first one has left.
func TestAnInterruptedRunIsResumed(t *testing.T) {
	t.Parallel()
	a, g, p := inItsFirstChange(t)
	p.signal(os.Interrupt)
	g.resume <- true
	require.Equal(t, 3, p.wait(), p.printed())
	assert.Contains(t, p.printed(), " --resume\n", "what to do next")
	before := a.reported()
	require.NotZero(t, before.Summary.Scenarios.Inconclusive)
	require.NotZero(t, before.Summary.Scenarios.Passed, "something has ended before")

	wrong := a.start("run", "--resume", "--scenario", "resize-succeeds")
	assert.Equal(t, 2, wrong.wait(), wrong.printed())
	assert.Contains(t, wrong.printed(), "is of a run with another selection: give the flags of that run, or run without --resume")

	resumed := a.aFew("--resume")
	require.Zero(t, resumed.wait(), resumed.printed())
	after := a.reported()
	assert.Equal(t, before.Selection.Selected, after.Summary.Scenarios.Passed)
	assert.Equal(t, before.Summary.Scenarios.Passed, after.Selection.Resumed)
	starts := map[string]string{}
	for _, s := range before.Scenarios {
		if s.Outcome == verdict.Passed {
			starts[s.ID] = s.Start.String()
		}
	}
	for _, s := range after.Scenarios {
		if start, ended := starts[s.ID]; ended {
			assert.Equal(t, start, s.Start.String(), "%s ran again", s.ID)
		}
	}
	for _, c := range after.Clauses {
		if c.ID == "R-ID-EQUAL" {
			assert.Equal(t, verdict.Proved, c.Status)
		}
	}

	again := a.aFew("--resume")
	assert.Equal(t, 2, again.wait(), again.printed())
	assert.Contains(t, again.printed(), "is of a run that was not interrupted: there is nothing to resume")
	assert.Equal(t, a.was, types(t, a.url))
}

// TestAKilledRunIsResumed kills a run in its first change, and wants the second run to play only
// what the first one has left. What it leaves on the disk is for its owner alone and holds no secret.
func TestAKilledRunIsResumed(t *testing.T) {
	t.Parallel()
	a, g, p := inItsFirstChange(t)
	p.signal(syscall.SIGKILL)
	p.wait()
	g.resume <- true

	file := a.unfinished()
	info, err := os.Stat(file)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.NotContains(t, string(text), "mock-key-password")
	ended := map[string]string{} // when it started, by scenario
	for _, line := range strings.Split(string(text), "\n")[1:] {
		var s verdict.Scenario
		require.NoError(t, json.Unmarshal([]byte(line), &s))
		ended[s.ID] = s.Start.String()
	}
	require.NotEmpty(t, ended, "something has ended before")

	a.cleansUp() // no run starts before
	wrong := a.start("run", "--resume", "--scenario", "resize-succeeds")
	assert.Equal(t, 2, wrong.wait(), wrong.printed())
	assert.Contains(t, wrong.printed(), "--resume: what a killed run has left is of a run with another selection")

	resumed := a.aFew("--resume")
	require.Zero(t, resumed.wait(), resumed.printed())
	after := a.reported()
	assert.Equal(t, after.Selection.Selected, after.Summary.Scenarios.Passed)
	assert.Equal(t, len(ended), after.Selection.Resumed)
	for _, s := range after.Scenarios {
		if start, before := ended[s.ID]; before {
			assert.Equal(t, start, s.Start.String(), "%s ran again", s.ID)
		}
	}
	assert.NoFileExists(t, file, "the reports of the whole run stand there")
	assert.Equal(t, a.was, types(t, a.url))
}

// unfinished is the file that a killed run has left.
func (a *account) unfinished() string {
	a.t.Helper()
	files, err := filepath.Glob(filepath.Join(a.dir, "reports", ".unfinished-*"))
	require.NoError(a.t, err)
	require.Len(a.t, files, 1)
	return files[0]
}
