package cli_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/cli"
	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mock/defects"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// TestAnInstanceThatIsPreparedToNoEndIsGivenUpOnce lists running instances alone, which a scenario has stopped first, at an
// endpoint that never stops one.
func TestAnInstanceThatIsPreparedToNoEndIsGivenUpOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		outcome verdict.Outcome
		clauses []string
	}{
		"stop-stuck":   {verdict.Failed, []string{"A-STOP-END"}},
		"stop-ignored": {verdict.Inconclusive, nil}, // whether anything began is for a scenario of the action
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			defect, err := defects.Named(name)
			require.NoError(t, err)
			b, _, _ := runningBench(t, untouched, mock.Options{Alter: defect.Alter, ResizeTime: 50 * time.Millisecond})
			b.replace("resizeTimeout: 2s", "resizeTimeout: 1s")
			end := b.run("--scenario", "status-of-one", "--scenario", "same-type", "--scenario", "no-timestamp[ModifyInstanceType]", "--scenario", "no-timestamp[StartInstances]")
			require.Len(t, end.report.Scenarios, 4)
			var clauses []string
			outcomes := map[verdict.Outcome]int{}
			for _, s := range end.report.Scenarios {
				outcomes[s.Outcome]++
				for _, f := range s.Findings {
					clauses = append(clauses, f.Clause)
				}
				if s.Outcome == verdict.Skipped {
					assert.Regexp(t, `^not started: StopInstances of ins-\d+ did not end within 1s, and another instance would be given up in the same way$`, s.Reason)
				}
			}
			assert.Equal(t, map[verdict.Outcome]int{c.outcome: 1, verdict.Skipped: 3}, outcomes, end.out)
			assert.Equal(t, c.clauses, clauses)
			assert.LessOrEqual(t, len(end.report.Unrestored), 1)
		})
	}
}

// TestARunThatIsInterruptedWhilePreparingIsResumed interrupts a run once it stops the instance that its first scenario needs.
func TestARunThatIsInterruptedWhilePreparingIsResumed(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	b, _, _ := runningBench(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r)
			if r.Header.Get("X-ZC-Action") == "StopInstances" {
				stop()
			}
		})
	}, mock.Options{ResizeTime: 300 * time.Millisecond})
	b.replace("resizeTimeout: 2s", "resizeTimeout: 1m")
	some := []string{"--scenario", "same-type", "--scenario", "status-of-one"}
	end := b.under(ctx, cli.System{}, "run", some...)
	require.Len(t, end.report.Scenarios, 2)
	for _, s := range end.report.Scenarios {
		assert.Equal(t, wire.CauseInterrupted, s.Cause, "%s: %s", s.ID, s.Reason)
	}
	assert.Empty(t, end.report.Unrestored)
	end = b.run(append(some, "--resume")...)
	assert.Equal(t, verdict.SelectedPassed, end.report.Verdict, end.out+end.err)
}
