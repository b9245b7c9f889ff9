package cli_test

import (
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mock/defects"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// TestATrajectoryIsFollowedToItsEndAndNoFurther runs one resize at endpoints that carry
// it out in different ways. Where a wait must end at once, the time allowed is an hour.
func TestATrajectoryIsFollowedToItsEndAndNoFurther(t *testing.T) {
	for name, c := range map[string]struct {
		timeout, clause, got string
		resize               time.Duration // zero: the bench's own
		settle               string
	}{
		"ends-create-failed":   {"1h", "M-RESIZE-STOPPED", "CREATE_FAILED", 0, "20ms"},
		"ends-running":         {"1h", "M-RESIZE-STOPPED", "RUNNING", 0, "20ms"},
		"resizing-never-shown": {"1h", "M-RESIZE-RESIZING", "STOPPED throughout", 400 * time.Millisecond, "20ms"}, // reads of a busy machine must be close beside it
		"flaps-after-stopped":  {"1h", "M-RESIZE-STOPPED", "RESIZING after it", 200 * time.Millisecond, "300ms"},  // a busy machine must not blink through the flap
		"resize-ignored":       {"500ms", "M-RESIZE", "STOPPED and instanceType z2a.cpu.1", 0, "20ms"},
		"stuck-in-resizing":    {"500ms", "M-RESIZE-STOPPED", "RESIZING when the time allowed for it was over", 0, "20ms"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			defect, err := defects.Named(name)
			require.NoError(t, err)
			b := newBench(t, untouched, mock.Options{Alter: defect.Alter, ResizeTime: c.resize})
			b.replace("resizeTimeout: 2s", "resizeTimeout: "+c.timeout)
			b.replace("settle: 20ms", "settle: "+c.settle)
			e := b.run("--scenario", "resize-succeeds")
			require.Equal(t, verdict.NonConformant, e.report.Verdict, e.out)
			s := e.report.Scenarios[0]
			require.NotEmpty(t, s.Trajectories)
			assert.NotEmpty(t, s.Trajectories[0].Observations)
			assert.True(t, slices.ContainsFunc(s.Findings, func(f verdict.Finding) bool {
				return f.Clause == c.clause && strings.Contains(f.Got, c.got)
			}), "%v", s.Findings)
		})
	}
}

// TestWhatBecomesOfAChangeIsSaidOfItsOwnCall has a change that never ends, and a second
// call that is rightly refused in between.
func TestWhatBecomesOfAChangeIsSaidOfItsOwnCall(t *testing.T) {
	t.Parallel()
	defect, err := defects.Named("stuck-in-resizing")
	require.NoError(t, err)
	b := newBench(t, untouched, mock.Options{Alter: defect.Alter})
	b.replace("resizeTimeout: 2s", "resizeTimeout: 500ms")
	e := b.run("--scenario", "second-change")
	require.Len(t, e.report.Scenarios, 1)
	s := e.report.Scenarios[0]
	require.Len(t, s.Findings, 1, e.out)
	accused := s.Exchanges[s.Findings[0].Exchange-1]
	assert.Equal(t, "ModifyInstanceType", accused.Operation.Action)
	assert.Equal(t, http.StatusOK, accused.Received.Status)
	assert.Contains(t, string(accused.Received.Body), s.Findings[0].RequestID)
}

func TestAChangeThatShowsLateIsFollowed(t *testing.T) {
	t.Parallel()
	i := slices.IndexFunc(defects.Variants(), func(v defects.Variant) bool { return v.Name == "resizing-shown-late" })
	require.GreaterOrEqual(t, i, 0)
	b := newBench(t, untouched, mock.Options{Alter: defects.Variants()[i].Alter})
	e := b.run("--scenario", "resize-succeeds")
	assert.Equal(t, verdict.SelectedPassed, e.report.Verdict, e.out)
}

// TestTheTrajectoryIsInTheReportAlsoWhenTheScenarioEndsEarly loses the endpoint as soon
// as a change was accepted.
func TestTheTrajectoryIsInTheReportAlsoWhenTheScenarioEndsEarly(t *testing.T) {
	t.Parallel()
	var gone atomic.Bool
	b := newBench(t, func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if gone.Load() {
				always(http.StatusBadGateway, nil, "")(nil).ServeHTTP(w, r)
				return
			}
			h.ServeHTTP(w, r)
			gone.Store(r.Header.Get("X-Zc-Action") == "ModifyInstanceType")
		})
	}, mock.Options{})
	e := b.run("--scenario", "resize-succeeds")
	assert.Equal(t, verdict.ExitInconclusive, e.code)
	s := e.report.Scenarios[0]
	assert.Equal(t, wire.CauseBadGateway, s.Cause)
	require.Len(t, s.Trajectories, 1)
	assert.NotEmpty(t, s.Trajectories[0].Observations)
	require.Len(t, e.report.Unrestored, 1)
	assert.Contains(t, e.out, "NOT RESTORED  instance "+e.report.Unrestored[0].Instance)

	gone.Store(false)
	refused := b.run()
	assert.Equal(t, verdict.ExitUsage, refused.code)
	assert.Contains(t, refused.err, "an earlier run did not restore "+e.report.Unrestored[0].Instance)
}
