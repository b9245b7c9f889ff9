package cli_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mock/defects"
	"github.com/zec-tools/conformance/internal/verdict"
)

// variant returns a mock's options with one variant.
func variant(t *testing.T, name string) mock.Options {
	t.Helper()
	v, err := defects.VariantNamed(name)
	require.NoError(t, err)
	return mock.Options{Alter: v.Alter}
}

// answering refuses the requests whose body holds a text.
func answering(next http.Handler, text string, status int, code string) http.Handler {
	var count atomic.Int64
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if !bytes.Contains(body, []byte(text)) {
			r.Body = io.NopCloser(bytes.NewReader(body))
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, `{"requestId":"refused-%d","code":%q,"message":""}`, count.Add(1), code)
	})
}

// TestSupersededPairs runs against endpoints that refuse a change with a pair that only an
// older edition of the page lists.
func TestSupersededPairs(t *testing.T) {
	for name, pair := range map[string]string{
		"instance-has-plan": "403 OPERATION_DENIED_INSTANCE_EXIST_PLAN", "plan-processing": "403 OPERATION_DENIED_INSTANCE_PLAN_PROCESSING",
		"zone-not-supported": "400 UNSUPPORTED_OPERATION_ZONE_NOT_SUPPORT", "product-not-found": "404 INVALID_PRODUCT_NOT_FOUND",
		"type-sold-out": "400 STOCK_INSUFFICIENT",
	} {
		t.Run(name, func(t *testing.T) {
			got := newBench(t, untouched, variant(t, name)).run("--scenario", "resize-succeeds")
			assert.Equal(t, 3, got.code, got.out)
			require.Len(t, got.report.Scenarios, 1)
			s := got.report.Scenarios[0]
			assert.Equal(t, verdict.Inconclusive, s.Outcome)
			assert.Equal(t, "superseded-pair", string(s.Cause))
			assert.Contains(t, s.Reason, pair)
			assert.Empty(t, s.Findings)
		})
	}
	for _, name := range []string{"stopped-refused-as-recycled", "other-type-refused-as-unchanged"} {
		t.Run(name, func(t *testing.T) {
			d, err := defects.Named(name)
			require.NoError(t, err)
			got := newBench(t, untouched, mock.Options{Alter: d.Alter}).run("--scenario", "resize-succeeds")
			assert.Equal(t, 1, got.code, "a read disproves the reason")
			assert.Equal(t, "M-RESIZE", got.report.Scenarios[0].Findings[0].Clause)
		})
	}
}

// TestPagesOfRowsInNoOrderAreNotCompared runs against an endpoint that lists its rows in another order each
// time, and against one whose order is its own with each page.
func TestPagesOfRowsInNoOrderAreNotCompared(t *testing.T) {
	got := newBench(t, untouched, variant(t, "order-changes")).run("--scenario", "instances-pages[1]", "--scenario", "instances-pages[2]")
	assert.NotEqual(t, verdict.ExitNonConformant, got.code, got.out)
	require.Len(t, got.report.Scenarios, 2)
	assert.Empty(t, slices.Concat(got.report.Scenarios[0].Findings, got.report.Scenarios[1].Findings))

	d, err := defects.Named("instances-page-unsorted")
	require.NoError(t, err)
	got = newBench(t, untouched, mock.Options{Alter: d.Alter}).run("--scenario", "instances-pages[2]")
	require.Equal(t, verdict.ExitNonConformant, got.code, got.out)
	assert.Equal(t, "C-INSTANCES-PAGE", got.report.Scenarios[0].Findings[0].Clause)
}

// TestAnIDOfAnotherFormMayBeRefusedForThat runs against an endpoint that looks at the form
// of ids before it looks for them: those made up at a real target have another one.
func TestAnIDOfAnotherFormMayBeRefusedForThat(t *testing.T) {
	spoil := func(next http.Handler) http.Handler {
		return answering(next, `no-such-instance`, http.StatusBadRequest, "INVALID_PARAMETER_PATTERN_ERROR")
	}
	got := newBench(t, spoil, mock.Options{}).run("--scenario", "unknown-instance", "--scenario", "instances-unknown", "--scenario", "status-unknown-among-known",
		"--scenario", "status-100-ids", "--scenario", "status-too-many-ids")
	assert.Equal(t, 0, got.code, got.out)
}

// TestUnrelatedInstancesAreNotJudged runs against an account with instances of which
// nothing is known.
func TestUnrelatedInstancesAreNotJudged(t *testing.T) {
	got := newBench(t, untouched, variant(t, "unrelated-odd-rows")).run("--tags", "@read or @status-filter")
	assert.Equal(t, 0, got.code, got.out)
}

// TestAGPUInstanceIsNotChangedToATypeForGPUs runs against an endpoint that carries such a
// change out, which the target's types for GPU instances make visible.
func TestAGPUInstanceIsNotChangedToATypeForGPUs(t *testing.T) {
	d, err := defects.Named("gpu-to-gpu-type-accepted")
	require.NoError(t, err)
	b := newBench(t, untouched, mock.Options{Alter: d.Alter})
	got := b.run("--scenario", "gpu-instance")
	assert.Equal(t, 1, got.code, got.out)
	assert.Equal(t, "M-GPU", got.report.Scenarios[0].Findings[0].Clause)
	b.replace(", gpu: [z3a.g.C49.c8m32.1, z3a.g.C49.c16m64.2]", "")
	got = b.run("--scenario", "gpu-instance")
	assert.Equal(t, 3, got.code, got.out)
	assert.Contains(t, got.report.Scenarios[0].Reason, "instanceTypes.gpu")
}

// TestTheFreedomsOfBatchesAreClearedAtATarget runs what starts, stops and reboots listed instances against endpoints that
// answer batches otherwise than the mock does of itself: between scenarios, the target keeps and restores by those answers.
func TestTheFreedomsOfBatchesAreClearedAtATarget(t *testing.T) {
	for name, action := range map[string]string{
		"batch-never-refused": "StopInstances", "batch-refused-whole": "StopInstances", "failed-null": "StartInstances",
		"reboot-refused-409": "RebootInstances", "starts-as-both": "StartInstances",
	} {
		some := rowsOf(t, "@power", action)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options := variant(t, name)
			options.ResizeTime = 500 * time.Millisecond // even a busy machine calls two changes over each other
			b := newBench(t, untouched, options)
			b.allowAll()
			b.replace("resizeTimeout: 2s", "resizeTimeout: 20s")
			got := b.run(some...)
			for _, s := range got.report.Scenarios {
				assert.Contains(t, []verdict.Outcome{verdict.Passed, verdict.Skipped}, s.Outcome, "%s: %s %v", s.ID, s.Reason, s.Findings)
			}
			assert.NotEmpty(t, got.report.Scenarios, got.err)
		})
	}
}

// TestAChangeMayBeOverAsAnotherCallArrives runs what calls an action while another runs against an endpoint where the
// first change of each instance is over just then: what it accepts is right, however long its other changes take.
func TestAChangeMayBeOverAsAnotherCallArrives(t *testing.T) {
	options := variant(t, "over-as-called")
	options.ResizeTime = time.Second // even a busy machine sees it under way
	b := newBench(t, untouched, options)
	b.allowAll()
	b.replace("resizeTimeout: 2s", "resizeTimeout: 20s")
	got := b.run("--scenario", "second-change", "--scenario", "same-change-again", "--scenario", "reboot-second[StartInstances]")
	assert.Equal(t, verdict.SelectedPassed, got.report.Verdict, got.out)
}

// TestARowCountsOnceItShowsTheEnd runs against an endpoint one of whose reads lags behind the other, for longer than a change
// takes to settle: what its rows show until then says nothing about the change.
func TestARowCountsOnceItShowsTheEnd(t *testing.T) {
	lags := newBench(t, untouched, variant(t, "listing-lags")).run("--scenario", "resize-succeeds")
	assert.Equal(t, verdict.SelectedPassed, lags.report.Verdict, lags.out)

	d, err := defects.Named("instances-stays-resizing")
	require.NoError(t, err)
	b := newBench(t, untouched, mock.Options{Alter: d.Alter})
	stays := b.run("--scenario", "resize-succeeds")
	require.Len(t, stays.report.Scenarios, 1, stays.out)
	findings := stays.report.Scenarios[0].Findings
	require.Len(t, findings, 1, stays.out)
	assert.Equal(t, "C-INSTANCES-TRUE", findings[0].Clause)
	assert.Equal(t, "STOPPED, as DescribeInstancesStatus shows", findings[0].Want)
}
