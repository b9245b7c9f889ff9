package operation_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/operation"
	"github.com/zec-tools/conformance/internal/wire"
)

var (
	observed = lifecycle.Reading{Operation: wire.Operation{Action: "Status"}, Rows: "rows", Key: "id", Field: "state"}
	shown    = lifecycle.Reading{Operation: wire.Operation{Action: "List"}, Rows: "rows", Key: "id", Field: "kind"}
)

// definition is an operation that changes a value, or the status alone.
func definition(start, end, wanted string) lifecycle.Definition {
	d := lifecycle.Definition{
		Operation: wire.Operation{Action: "Change"}, Subject: "id", Observed: observed,
		Start: []string{start}, Transient: []string{"RUNS"}, End: []string{end},
	}
	if wanted != "" {
		also := shown
		also.Field = "status"
		d.Wanted, d.Changed, d.Also = wanted, shown, []lifecycle.Reading{also}
	}
	return d
}

// script is an endpoint that shows one status after the other, the last one for ever.
type script struct {
	statuses []string // by reads of the status
	kinds    []string // by reads of the value
	listed   string   // the status that those rows show
	reads    int
	listings int
}

func (s *script) read(_ context.Context, r lifecycle.Reading, ids []string) (operation.Rows, wire.Timing, error) {
	start := time.Now()
	row := map[string]string{"id": ids[0]}
	if r.Operation == observed.Operation {
		row["state"] = s.statuses[min(s.reads, len(s.statuses)-1)]
		s.reads++
	} else {
		row["kind"], row["status"] = s.kinds[min(s.listings, len(s.kinds)-1)], s.listed
		s.listings++
	}
	return operation.Rows{ids[0]: row}, wire.Timing{Start: start, End: time.Since(start)}, nil
}

// follow follows one subject to its end.
func follow(t *testing.T, d lifecycle.Definition, s *script, limit, settle time.Duration) *operation.Subject {
	t.Helper()
	subject := operation.NewSubject(d, "a", settle, time.Now())
	subject.Trajectory.From, subject.Trajectory.To = "old", "new"
	subject.See(d.Start[0], wire.Timing{Start: time.Now()})
	f := operation.Follower{
		Definition: d, Subjects: []*operation.Subject{subject}, Limit: limit,
		Pace: operation.Pace{Interval: time.Millisecond, Settle: settle}, Read: s.read,
	}
	require.NoError(t, f.Until(t.Context(), lifecycle.Phase.Over))
	return subject
}

func TestSettlingHasItsOwnTime(t *testing.T) {
	s := &script{statuses: []string{"S", "RUNS", "S"}, kinds: []string{"new"}, listed: "S"}
	subject := follow(t, definition("S", "S", "kind"), s, time.Nanosecond, 30*time.Millisecond)
	assert.Equal(t, lifecycle.Settled, subject.Watch.Phase(), "the limit was over before the end had settled")
	assert.Empty(t, subject.Watch.Violations())
}

func TestAnEndThatIsNotReachedInTimeIsAFault(t *testing.T) {
	s := &script{statuses: []string{"S", "RUNS"}, kinds: []string{"old"}, listed: "S"}
	subject := follow(t, definition("S", "S", "kind"), s, time.Nanosecond, time.Millisecond)
	require.Len(t, subject.Watch.Violations(), 1)
	assert.Contains(t, subject.Watch.Violations()[0].Got, "when the time allowed for it was over")
}

func TestTheFirstRowThatShowsTheEndCounts(t *testing.T) {
	for name, test := range map[string]struct {
		kinds  []string
		listed string
		limit  time.Duration
		want   string
	}{
		"new at once":                   {[]string{"new"}, "S", time.Minute, "new"},
		"old at first, new later":       {[]string{"old", "new"}, "S", time.Minute, "old"},
		"a row that shows it still run": {[]string{"old"}, "RUNS", 300 * time.Millisecond, ""}, // it is waited for as long as that
	} {
		t.Run(name, func(t *testing.T) {
			s := &script{statuses: []string{"RUNS", "S"}, kinds: test.kinds, listed: test.listed}
			assert.Equal(t, test.want, follow(t, definition("S", "S", "kind"), s, test.limit, 5*time.Millisecond).EndValue)
		})
	}
}

func TestAChangeThatPassesUnseenEndsTheFollowing(t *testing.T) {
	t.Run("its value is there", func(t *testing.T) {
		s := &script{statuses: []string{"S"}, kinds: []string{"new"}, listed: "S"}
		subject := follow(t, definition("S", "S", "kind"), s, time.Hour, time.Millisecond)
		assert.Equal(t, lifecycle.Waiting, subject.Watch.Phase())
		assert.False(t, subject.Reached.IsZero())
		assert.False(t, subject.Watch.Ran())
	})
	t.Run("it leads back to where it began", func(t *testing.T) {
		s := &script{statuses: []string{"S"}}
		subject := follow(t, definition("S", "S", ""), s, time.Hour, time.Millisecond)
		assert.False(t, subject.Reached.IsZero())
	})
	t.Run("it leads elsewhere", func(t *testing.T) {
		s := &script{statuses: []string{"S", "E"}}
		subject := follow(t, definition("S", "E", ""), s, time.Hour, time.Millisecond)
		assert.Equal(t, lifecycle.Settled, subject.Watch.Phase())
		assert.False(t, subject.Watch.Ran(), "nobody has seen it run")
	})
}

func TestAReadThatFailsEndsTheFollowing(t *testing.T) {
	broken := errors.New("no answer")
	f := operation.Follower{
		Definition: definition("S", "S", ""), Subjects: []*operation.Subject{operation.NewSubject(definition("S", "S", ""), "a", time.Second, time.Now())},
		Limit: time.Minute, Pace: operation.Pace{Interval: time.Millisecond},
		Read: func(context.Context, lifecycle.Reading, []string) (operation.Rows, wire.Timing, error) {
			return nil, wire.Timing{}, broken
		},
	}
	assert.ErrorIs(t, f.Until(t.Context(), lifecycle.Phase.Over), broken)
}

func TestPollEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	looks := 0
	err := operation.Pace{Interval: time.Hour, Eager: 3}.Poll(ctx, func(context.Context) (operation.Next, error) {
		if looks++; looks == 3 {
			cancel()
		}
		return operation.Again, nil
	})
	assert.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, 3, looks)
}

func TestRowsSayWhatIsMissing(t *testing.T) {
	answer := wire.ReadAnswer(wire.Received{Status: 200, Body: []byte(`{"requestId":"r","response":{"rows":[{"id":"a","state":"S"},{"id":"b"}]}}`)})
	rows, err := operation.ReadRows(answer, observed, []string{"a"})
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"a": "S", "b": ""}, rows.Column("state"))
	for id, want := range map[string]string{"b": "/response/rows of b: want a string state, got none", "c": "/response/rows: want a row of c, got a, b"} {
		_, err := operation.ReadRows(answer, observed, []string{id})
		var missing *operation.Missing
		require.ErrorAs(t, err, &missing)
		assert.EqualError(t, err, want)
		assert.Equal(t, id == "b", missing.Listed)
	}
	_, err = operation.ReadRows(wire.Answer{}, observed, []string{"a"})
	assert.EqualError(t, err, "/response/rows: want a row of a, got no row")
}
