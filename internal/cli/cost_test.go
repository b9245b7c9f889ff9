package cli_test

import (
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mock/defects"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// few leaves four stopped instances, a running one and a GPU instance in the configuration,
// without a token.
func (b *bench) few() {
	text, err := os.ReadFile(b.config)
	require.NoError(b.t, err)
	left := map[string]int{"status: STOPPED, gpu: false": 4, "status: RUNNING, gpu: false": 1, "status: STOPPED, gpu: true": 1}
	var lines []string
	for line := range strings.Lines(string(text)) {
		if m := regexp.MustCompile(`status: .*, gpu: (true|false)`).FindString(line); m != "" {
			if left[m]--; left[m] < 0 {
				continue
			}
		}
		lines = append(lines, line)
	}
	config := strings.NewReplacer("generate: true", "generate: false", "credentials: {tokenEnv: ZENLAYER_TOKEN}", "credentials: {}", "parallel: 16", "parallel: 1").Replace(strings.Join(lines, ""))
	require.NoError(b.t, os.WriteFile(b.config, []byte(config), 0o600))
}

// polls counts the reads of scenarios while a change of theirs is under way.
func polls(scenarios []verdict.Scenario) (count int) {
	for _, s := range scenarios {
		for _, e := range s.Exchanges {
			if e.Effect == wire.Reads && slices.ContainsFunc(s.Trajectories, func(t verdict.Trajectory) bool {
				last := t.Observations[len(t.Observations)-1]
				return !e.Timing.Start.Before(t.Start.Add(t.Answered)) && !e.Timing.Start.After(t.Start.Add(last.Seen))
			}) {
				count++
			}
		}
	}
	return count
}

// TestWhatARunCostsAtAnAccountOfSixInstances counts the changes and the requests at the
// endpoint, those that restore and those of the preflight included.
func TestWhatARunCostsAtAnAccountOfSixInstances(t *testing.T) {
	var m meter
	var e ear
	b := newBench(t, func(next http.Handler) http.Handler { return e.listening(m.counting(next)) }, mock.Options{ResizeTime: 3 * time.Second}) // a busy machine sees each change under way, so that none is called again
	b.replace("resizeTimeout: 2s", "resizeTimeout: 1m")
	b.replace("pollInterval: 150ms", "pollInterval: 200ms") // polls of instances being restored are counted below
	b.few()
	before := b.types()
	end := b.run()
	assert.Equal(t, verdict.Partial, end.report.Verdict, end.out)
	assert.LessOrEqual(t, int(m.changed.Load()), 8, "changes, those that restore included")
	all := e.count(func(heard) bool { return true }) - 1 // types asks once
	assert.LessOrEqual(t, all-polls(end.report.Scenarios), 750, "requests besides the polls of changes under way")
	assert.Equal(t, before, b.types(), "everything is as it was")
	assert.Empty(t, end.report.Unrestored)
	shared := map[verdict.SharedKind]int{}
	for _, s := range end.report.Scenarios {
		if s.Shared == nil {
			continue
		}
		shared[s.Shared.How]++
		if s.Shared.How != verdict.SharedState {
			assert.Empty(t, s.Exchanges, s.ID)
		}
		if s.Language != "en" && s.Outcome != verdict.Skipped {
			assert.Equal(t, verdict.SharedSteps, s.Shared.How, "%s: the language of a feature costs nothing", s.ID)
		}
	}
	assert.Equal(t, 5, shared[verdict.SharedChanges])
	for _, id := range []string{"M-RESIZE", "M-RESIZE-ONLY-NAMED", "M-RESIZE-LOCK", "M-RESIZE-TYPE", "M-RESIZE-RESIZING", "M-RESIZE-STOPPED", "M-RESIZE-SAME-TYPE", "C-INSTANCES-TRUE"} {
		at := slices.IndexFunc(end.report.Clauses, func(c verdict.ClauseResult) bool { return c.ID == id })
		assert.Equal(t, verdict.Proved, end.report.Clauses[at].Status, id)
	}
}

// TestDefectsOfAnEndpointAreNamedByScenariosThatShareItsChanges plays what only an observer
// of a shared change can see.
func TestDefectsOfAnEndpointAreNamedByScenariosThatShareItsChanges(t *testing.T) {
	for defect, want := range map[string][2]string{
		"neighbour-type-changed":         {"stopped-bystander", "M-RESIZE-ONLY-NAMED"},
		"instances-hides-running-change": {"change-shown-by-both", "C-INSTANCES-TRUE"},
	} {
		t.Run(defect, func(t *testing.T) {
			t.Parallel()
			d, err := defects.Named(defect)
			require.NoError(t, err)
			b := newBench(t, func(next http.Handler) http.Handler { return next }, mock.Options{Alter: d.Alter, ResizeTime: time.Second})
			b.replace("resizeTimeout: 2s", "resizeTimeout: 1m")
			b.few()
			end := b.run("--tags", "@resize and @change", "--no-preflight")
			assert.Equal(t, verdict.NonConformant, end.report.Verdict, end.out)
			var clauses []string
			for _, s := range end.report.Scenarios {
				for _, f := range s.Findings {
					clauses = append(clauses, fmt.Sprint(s.ID, " ", f.Clause))
				}
			}
			assert.Contains(t, clauses, want[0]+" "+want[1])
		})
	}
}
