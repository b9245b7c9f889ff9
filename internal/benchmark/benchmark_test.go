package benchmark

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/target"
	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/spec"
)

func TestOnlyARatioFarBeyondItsGoalFails(t *testing.T) {
	rows := []Row{
		{What: "no goal"},
		{What: "met", Goal: "at most 2", Over: 1},
		{What: "missed, perhaps for a busy machine", Goal: "at most 2", Over: 2},
		{What: "far beyond", Goal: "at most 2", Over: 2.1},
		{What: "far beyond, but absolute", Goal: "at most 1 s", Over: 9, Unbound: true},
	}
	failed := Result{Sections: []Section{{Rows: rows[:3]}, {Rows: rows[3:]}}}.Fails()
	require.Len(t, failed, 1)
	assert.Equal(t, "far beyond", failed[0].What)
}

func TestThePageSaysWhatIsMetAndMissed(t *testing.T) {
	r := Result{Took: 90 * time.Second, Sections: []Section{{Title: "B", About: "Two values.", Rows: []Row{
		{What: "free", Value: "1 ms", Baseline: "2 ms"},
		{What: "held", Value: "1 ms", Goal: "at most 2 ms", Over: 0.5},
		{What: "slow", Value: "5 ms", Goal: "at most 2 ms", Over: 2.5},
	}}}, Profiles: []Profile{{Title: "A run", Top: "net/http"}}}
	var page strings.Builder
	require.NoError(t, r.Write(&page, "go run ./cmd/benchmark"))
	for _, line := range []string{
		"Written by `go run ./cmd/benchmark` in 90 s, from one run.",
		"| free | 1 ms | 2 ms |  |  |",
		"| held | 1 ms |  | at most 2 ms | met |",
		"| slow | 5 ms |  | at most 2 ms | missed: 2.50 times the goal |",
		"### A run\n\n```text\nnet/http\n```",
	} {
		assert.Contains(t, page.String(), line)
	}
}

func TestMediansOfThingsThatAreRunInTurn(t *testing.T) {
	assert.Equal(t, 3*time.Second, median([]time.Duration{9 * time.Second, time.Second, 3 * time.Second}))
	hundred := make([]time.Duration, 100)
	for i := range hundred {
		hundred[i] = time.Duration(99-i) * time.Second
	}
	assert.Equal(t, 95*time.Second, percentile(hundred, 95))
	assert.Equal(t, 99*time.Second, percentile(hundred, 100))
	assert.InDelta(t, 2.5, ratio(5, 2), 1e-9)
	assert.Equal(t, time.Second, perOne(12*time.Second, 2*time.Second, 10))

	var order string
	note := func(what string) func() error { return func() error { order += what; return nil } }
	medians, err := alternate(note("a"), note("b"))
	require.NoError(t, err)
	assert.Len(t, medians, 2)
	assert.Equal(t, strings.Repeat("ab", rounds), order)
	broken := errors.New("broken")
	_, err = alternate(note("a"), func() error { return broken })
	assert.ErrorIs(t, err, broken)
}

// TestTheGeneratedFeaturesPass plays each kind, over the bound of a file: the sentences are
// those of today, and the times of a run that failed would say nothing.
func TestTheGeneratedFeaturesPass(t *testing.T) {
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	b := &Bench{Log: io.Discard, temp: t.TempDir(), contract: c}
	fast := mock.Options{ResizeTime: 20 * time.Millisecond}
	const many = 520 // refusals that wait for a call that is served are bounded
	for name, f := range map[string]struct {
		feature
		scenarios int
	}{"reading": {reading(), perFile + 1}, "refusing": {refusing(1), many}, "resizing": {resizing(), perFile + 1}} {
		_, scenarios, err := b.play(t.Context(), f.memory(f.scenarios), fast, 16)
		require.NoError(t, err, name)
		assert.Len(t, scenarios, f.scenarios, name)
	}
	_, _, err = b.play(t.Context(), fstest.MapFS{"one.feature": {Data: []byte("Feature: one\n\n" + readRule + `
    @bench-0
    Example: a wrong expectation
      Given a STOPPED instance
      When DescribeInstancesStatus is asked for it
      Then the answer is the error 400 OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT
`)}}, fast, 1)
	assert.ErrorContains(t, err, "0 of 1 scenarios passed: bench-0")
}

// TestTheLeastOfARunHasItsScenariosStepsAndRequests plays what a report says with godog alone.
func TestTheLeastOfARunHasItsScenariosStepsAndRequests(t *testing.T) {
	report := `{"scenarios": [
		{"id": "a[1]", "steps": [{}, {}, {}], "exchanges": [{}, {}]},
		{"id": "b", "steps": [{}, {}]}
	]}`
	feature := stepless([]byte(report))
	assert.Equal(t, "Feature: What a run did\n\n  Scenario: a[1]\n    Given 2 requests\n    Then nothing\n    Then nothing\n\n  Scenario: b\n    Given 0 requests\n    Then nothing\n", string(feature))

	local, err := target.Mock(t.Context(), mock.Options{})
	require.NoError(t, err)
	defer func() { assert.NoError(t, local.Close()) }()
	read := wire.Operation{Path: mock.Path, Action: mock.DescribeStatus, Version: "2024-04-01"}
	var sent atomic.Int64
	client := newBare("http://"+local.Address, read)
	defer client.close()
	client.client.Transport = counting{client.client.Transport, &sent}
	require.NoError(t, playRequests(t.Context(), client, feature, []byte(`{}`)))
	assert.EqualValues(t, 2, sent.Load())
	require.ErrorContains(t, playRequests(t.Context(), client, feature, []byte(`{"instanceIds":1}`)), "ended with 1")
}

// counting counts requests.
type counting struct {
	http.RoundTripper
	sent *atomic.Int64
}

func (c counting) RoundTrip(r *http.Request) (*http.Response, error) {
	c.sent.Add(1)
	return c.RoundTripper.RoundTrip(r)
}
