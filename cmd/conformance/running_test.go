package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// runningOnly lists nothing but three RUNNING instances and lets the run stop, resize and
// start them. It returns their ids.
func (a *account) runningOnly(g *gate) []string {
	a.through(g)
	file := filepath.Join(a.dir, "conformance.yaml")
	text, err := os.ReadFile(file)
	require.NoError(a.t, err)
	ids := regexp.MustCompile(`ins-\d+`).FindAllString(a.summary, -1)[:3]
	var list strings.Builder
	for _, id := range ids {
		list.WriteString("      - {id: " + id + ", status: RUNNING}\n")
	}
	edited := regexp.MustCompile(`(?m)(^ +- \{id: .*\n)+`).ReplaceAllString(string(text), list.String())
	edited = regexp.MustCompile(`allow: .*`).ReplaceAllString(edited, "allow: [StartInstances, StopInstances, ModifyInstanceType]")
	require.NoError(a.t, os.WriteFile(file, []byte(edited), 0o600))
	return ids
}

// TestRunningInstancesAreEnough runs a resize where every listed instance is RUNNING: the run
// stops one, resizes it, and restores its type and its status, also after kill -9 at any point.
func TestRunningInstancesAreEnough(t *testing.T) {
	const stop, begin = "StopInstances", "StartInstances"
	for _, c := range []struct {
		name string
		at   func(moment) bool // nil: the run is left alone
	}{
		{"nothing happens", nil},
		{"the stop was accepted", answers(stop, 0)},
		{"the resize was accepted", answers(actionModify, 1)},
		{"the resize runs", running(1)},
		{"the resize settles", settling(1)},
		{"the way back was accepted", answers(actionModify, 2)},
		{"the start is about to arrive", asks(begin, 2)},
		{"the start was accepted", answers(begin, 2)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := newAccountWith(t, "--resize-time", "250ms", "--seed-file", seedOfRunning(t))
			g := newGate(t, a.url, c.at)
			ids := a.runningOnly(g)
			was := types(t, a.url)
			p := a.start("run", "--scenario", "resize-succeeds")
			if c.at == nil {
				assert.Equal(t, 0, p.wait(), p.printed())
			} else {
				reach(t, g, p)
				p.signal(syscall.SIGKILL)
				p.wait()
				g.resume <- false
				require.True(t, a.journal(), "the journal")
				a.cleansUp()
			}
			for _, id := range ids {
				assert.Equal(t, "RUNNING", was[id][1])
				assert.Equal(t, was[id], types(t, a.url)[id], "%s: %s", id, p.printed())
			}
		})
	}
}

// seedOfRunning writes a seed of three RUNNING instances.
func seedOfRunning(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "seed.yaml")
	require.NoError(t, os.WriteFile(file, []byte("instances:\n"+strings.Repeat("  - {status: RUNNING}\n", 3)), 0o600))
	return file
}
