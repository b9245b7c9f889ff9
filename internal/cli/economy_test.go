package cli_test

import (
	"encoding/json"
	"io"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mock/defects"
	"github.com/zec-tools/conformance/internal/plan"
	"github.com/zec-tools/conformance/internal/verdict"
)

// runningBench serves an account of three instances that are RUNNING, and may be started, stopped and resized.
func runningBench(t *testing.T, spoil func(http.Handler) http.Handler, options mock.Options) (*bench, *mock.Mock, []mock.Instance) {
	t.Helper()
	var served *mock.Mock
	var all []mock.Instance
	b := newBenchOf(t, spoil, options, func(m *mock.Mock) []mock.Instance {
		served = m
		for range 3 {
			all = append(all, m.Seed(mock.Instance{Status: mock.Running}))
		}
		return all
	})
	b.replace("allowResize: true", "allow: [ModifyInstanceType, StartInstances, StopInstances]")
	b.replace("generate: true", "generate: false")
	b.replace("parallel: 16", "parallel: 1")
	return b, served, all
}

// aChange is longer than any test: changes end by what [paced] does.
const aChange = time.Hour

// paced lets the account's time pass with the requests, so that a change takes as many of them on a busy machine as on an
// idle one, and is seen under way on both.
func paced(requests int, next func(http.Handler) http.Handler) func(http.Handler) http.Handler {
	return func(h http.Handler) http.Handler {
		m := h.(*mock.Mock)
		return next(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			m.Advance(aChange / time.Duration(requests))
			m.ServeHTTP(w, r)
		}))
	}
}

// slowly configures a target whose changes are paced.
func (b *bench) slowly() {
	b.t.Helper()
	b.replace("resizeTimeout: 2s, restoreTimeout: 5s, pollInterval: 3m0s", "resizeTimeout: 1m, restoreTimeout: 1m, pollInterval: 5ms")
}

// TestARunStopsAnInstanceOnceWhereAllAreListedRunning counts at the endpoint what a run changes, most of whose scenarios
// need an instance that is STOPPED.
func TestARunStopsAnInstanceOnceWhereAllAreListedRunning(t *testing.T) {
	t.Parallel()
	var m meter
	b, served, all := runningBench(t, paced(100, m.counting), mock.Options{ResizeTime: aChange})
	b.slowly()
	planned := b.command("plan", "--json")
	require.Zero(t, planned.code, planned.err)
	var p plan.Plan
	require.NoError(t, json.Unmarshal([]byte(planned.out), &p))
	end := b.run()
	assert.Equal(t, verdict.Partial, end.report.Verdict, end.out)
	assert.Equal(t, len(p.Scenarios), end.report.Summary.Scenarios.Passed)
	made := int(m.changed.Load())
	assert.GreaterOrEqual(t, made, p.Resizes.Least+p.Back.Least)
	assert.LessOrEqual(t, made, p.Resizes.Most+p.Back.Most)
	assert.LessOrEqual(t, made, 60, "a busy machine has some called again")
	assert.LessOrEqual(t, p.Resizes.Least+p.Back.Most, 53)
	assert.Empty(t, movedOf(served, all))
	assert.Empty(t, end.report.Unrestored)
}

// movedOf returns the instances that are not as they were seeded.
func movedOf(served *mock.Mock, all []mock.Instance) (ids []string) {
	now := map[string]mock.Instance{}
	for _, in := range served.Instances() {
		now[in.ID] = in
	}
	for _, in := range all {
		if now[in.ID].Status != in.Status || now[in.ID].Type != in.Type {
			ids = append(ids, in.ID)
		}
	}
	return ids
}

// TestAnEndpointThatDoesNotStopOrStartAsToldLeavesNothingUnnoticed runs scenarios at instances that are all RUNNING where the
// actions that bring them about and lead them back do not work: what is not as it was is reported, and stands in the journal.
// TestTheStatusIsBackWhereTheTypeCannotBe resizes a running instance, which is stopped for it, at an endpoint that refuses every
// later resize.
func TestTheStatusIsBackWhereTheTypeCannotBe(t *testing.T) {
	t.Parallel()
	var resizes atomic.Int32
	b, served, all := runningBench(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("X-ZC-Action") == mock.ModifyType && resizes.Add(1) > 1 {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusBadRequest)
				_, _ = io.WriteString(w, `{"requestId":"T1","code":"OPERATION_FAILED_INSTANCE_TYPE_UNSUPPORTED","message":"no"}`)
				return
			}
			next.ServeHTTP(w, r)
		})
	}, mock.Options{ResizeTime: 100 * time.Millisecond})
	end := b.run("--scenario", "resize-succeeds")
	moved := movedOf(served, all)
	require.Len(t, moved, 1, end.out)
	for _, in := range served.Instances() {
		if in.ID == moved[0] {
			assert.Equal(t, mock.Running, in.Status, end.out)
		}
	}
	require.Len(t, end.report.Unrestored, 1)
	assert.Equal(t, moved[0], end.report.Unrestored[0].Instance)
	assert.Regexp(t, `^it still has type \S+; it had type \S+; the change back was answered with 400 OPERATION_FAILED_INSTANCE_TYPE_UNSUPPORTED$`, end.report.Unrestored[0].Reason)
}

// TestABystanderGetsItsStatusBack has an endpoint stop, or start, an instance that no call names and no scenario holds.
func TestABystanderGetsItsStatusBack(t *testing.T) {
	t.Parallel()
	d, err := defects.Named("stop-neighbour-too")
	require.NoError(t, err)
	b, served, all := runningBench(t, untouched, mock.Options{ResizeTime: 100 * time.Millisecond, Alter: d.Alter})
	end := b.run("--scenario", "no-timestamp[ModifyInstanceType]")
	assert.Empty(t, movedOf(served, all), end.err)
	assert.Empty(t, end.report.Unrestored)
	assert.Regexp(t, `instance ins-\d+ had another status after the run than before it, STOPPED, though no scenario held it: it was changed back`, end.err)
}

func TestAnEndpointThatDoesNotStopOrStartAsToldLeavesNothingUnnoticed(t *testing.T) {
	for _, defect := range []string{"stop-ignored", "stop-stuck", "stop-refused", "stop-500", "start-ignored", "start-stuck", "start-second-ignored", "stop-second-stuck", "stop-failed-and-done", "resize-ignored", "another-type"} {
		t.Run(defect, func(t *testing.T) {
			t.Parallel()
			d, err := defects.Named(defect)
			require.NoError(t, err)
			var m meter
			b, served, all := runningBench(t, m.counting, mock.Options{ResizeTime: 100 * time.Millisecond, Alter: d.Alter})
			b.replace("resizeTimeout: 2s", "resizeTimeout: 1s")
			selected := []string{"--tags", "(@power or @resize) and not @zh"}
			planned := b.command("plan", append(selected, "--json")...)
			var p plan.Plan
			require.NoError(t, json.Unmarshal([]byte(planned.out), &p), planned.err)
			end := b.run(append(selected, "--no-preflight")...)
			var reported []string
			for _, u := range end.report.Unrestored {
				reported = append(reported, u.Instance)
			}
			assert.Subset(t, reported, movedOf(served, all))
			assert.LessOrEqual(t, int(m.changed.Load()), p.Resizes.Most+p.BackTries*p.Resizes.Least)
			if len(reported) > 0 {
				assert.NotZero(t, end.code)
				assert.Contains(t, b.run("--no-preflight").err, "an earlier run did not restore")
			}
		})
	}
}
