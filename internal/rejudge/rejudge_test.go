package rejudge_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/features"
	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/difference"
	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mock/defects"
	"github.com/zec-tools/conformance/internal/rejudge"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/run"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/target"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/spec"
)

func loaded(t *testing.T) *contract.Contract {
	t.Helper()
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	return c
}

// allCases reads the features.
func allCases(t *testing.T, c *contract.Contract) *suite.Suite {
	t.Helper()
	l := suite.ContractOf(c)
	s, err := suite.Load(features.FS, l)
	require.NoError(t, err)
	return s
}

// record runs scenarios against a mock and returns the head and the scenarios.
func record(t *testing.T, c *contract.Contract, tags string, options mock.Options) (verdict.Run, []verdict.Scenario) {
	t.Helper()
	all := allCases(t, c)
	cases, err := all.Select(tags, nil)
	require.NoError(t, err)
	local, err := target.Mock(t.Context(), options)
	require.NoError(t, err)
	defer func() { require.NoError(t, local.Close()) }()
	scenarios := make([]verdict.Scenario, len(all.Cases))
	head, err := run.Execute(context.WithoutCancel(t.Context()), run.Plan{
		Contract: c, Suite: all, Cases: cases, Target: local.Target, Parallel: 32,
		Done: func(i int, s verdict.Scenario) error { scenarios[i] = s; return nil },
	})
	require.NoError(t, err)
	return head, slices.DeleteFunc(scenarios, func(s verdict.Scenario) bool { return s.ID == "" })
}

// again judges a record again.
func again(t *testing.T, c *contract.Contract, head verdict.Run, scenarios []verdict.Scenario) rejudge.Result {
	t.Helper()
	spool, err := report.Create(t.TempDir())
	require.NoError(t, err)
	defer func() { require.NoError(t, spool.Close()) }()
	for i, s := range scenarios {
		require.NoError(t, spool.Add(i, s))
	}
	reader, err := spool.Reader(head)
	require.NoError(t, err)
	r, err := rejudge.Run(c, run.StepsContract(c), reader)
	require.NoError(t, err)
	return r
}

// samples are defects of every kind of judgement: single exchanges, ids across them,
// trajectories, side effects, and what only a step can know.
var samples = []string{"request-id-missing", "member-repeated", "media-missing", "resize-ignored", "status-409", "anonymous-refused-yet-resized", "missing-422"}

func TestTheSameContractSaysTheSame(t *testing.T) {
	c := loaded(t)
	const few = "@M-RESIZE or @E-MISSING or @no-authorization or @M-STATUS-DENIED"
	check := func(t *testing.T, options mock.Options, was verdict.Verdict) {
		head, scenarios := record(t, c, few, options)
		r := again(t, c, head, scenarios)
		assert.Empty(t, r.Scenarios)
		assert.Empty(t, r.Clauses)
		assert.Equal(t, was, r.Was.Verdict)
		assert.Equal(t, was, r.Now.Verdict)
		assert.Equal(t, r.Was.Summary.Scenarios, r.Now.Summary.Scenarios)
		assert.Greater(t, r.Exchanges, 100)
	}
	t.Run("no defect", func(t *testing.T) { check(t, mock.Options{}, verdict.SelectedPassed) })
	for _, name := range samples {
		d, err := defects.Named(name)
		require.NoError(t, err)
		t.Run(name, func(t *testing.T) { check(t, mock.Options{Alter: d.Alter}, verdict.NonConformant) })
	}
}

// resize is a recorded scenario in which an instance was resized. A busy machine lets reads
// overlap, and such a record is of no use here: another is made.
func resize(t *testing.T, c *contract.Contract) (verdict.Run, []verdict.Scenario) {
	t.Helper()
	for range 10 {
		head, scenarios := record(t, c, "@M-RESIZE", mock.Options{ResizeTime: 40 * time.Millisecond})
		for _, s := range scenarios {
			if s.Outcome == verdict.Passed && len(s.Trajectories) == 1 && ordered(s.Trajectories[0]) {
				one := verdict.NewTally(c.Clauses())
				one.Add(s, nil)
				one.Conclude(&head)
				return head, []verdict.Scenario{s}
			}
		}
	}
	require.Fail(t, "no scenario with one trajectory")
	return verdict.Run{}, nil
}

func ordered(t verdict.Trajectory) bool {
	return slices.IsSortedFunc(t.Observations, func(a, b verdict.Observation) int { return int(a.Asked - b.Seen) })
}

func TestARecordThatBreaksAClauseIsFoundOut(t *testing.T) {
	c := loaded(t)
	lastObservation := func(s *verdict.Scenario) *verdict.Observation {
		observations := s.Trajectories[0].Observations
		return &observations[len(observations)-1]
	}
	for _, tc := range []struct {
		name, clause string
		spoil        func(*verdict.Scenario)
	}{
		{"an answer with another status", "R-STATUS-200", func(s *verdict.Scenario) { s.Exchanges[0].Received.Status = 201 }},
		{"an answer twice", "R-REQUEST-ID-UNIQUE", func(s *verdict.Scenario) {
			s.Exchanges = append(s.Exchanges, s.Exchanges[0])
		}},
		{"an end that was left", "M-RESIZE-STOPPED", func(s *verdict.Scenario) { lastObservation(s).Status = "RUNNING" }},
		{"a status on the way", "M-RESIZE-RESIZING", func(s *verdict.Scenario) {
			for i, observation := range s.Trajectories[0].Observations {
				if observation.Status == "RESIZING" {
					s.Trajectories[0].Observations[i].Status = "REBOOT"
					s.Trajectories[0].Observations = slices.Insert(s.Trajectories[0].Observations, i+1, verdict.Observation{Asked: observation.Seen, Seen: observation.Seen, Status: "RESIZING"})
					return
				}
			}
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			head, scenarios := resize(t, c)
			tc.spoil(&scenarios[0])
			r := again(t, c, head, scenarios)
			require.Len(t, r.Scenarios, 1)
			change := r.Scenarios[0]
			assert.Equal(t, verdict.Passed, change.Was)
			assert.Equal(t, verdict.Failed, change.Now)
			assert.Contains(t, clauses(change.New), tc.clause)
			assert.Equal(t, verdict.NonConformant, r.Now.Verdict)
			assert.Contains(t, r.Clauses, difference.ClauseChange{ID: tc.clause, Was: statusOf(r.Was, tc.clause), Now: verdict.Violated})
		})
	}
}

func statusOf(r verdict.Run, clause string) verdict.ClauseStatus {
	for _, c := range r.Clauses {
		if c.ID == clause {
			return c.Status
		}
	}
	return ""
}

func clauses(findings []verdict.Finding) []string {
	var ids []string
	for _, f := range findings {
		ids = append(ids, f.Clause)
	}
	return ids
}

// recorded is a scenario that failed with a finding that a step tells, or none does.
func recorded(f verdict.Finding, told bool, last verdict.Outcome) (verdict.Run, []verdict.Scenario) {
	s := verdict.Scenario{ID: "s", Outcome: verdict.Failed, Findings: []verdict.Finding{f}, Steps: []verdict.Step{
		{Text: "it is asked", Outcome: verdict.Passed}, {Text: "it is so", Outcome: last},
	}}
	if told {
		s.Steps[1].Message = f.Error()
	}
	tally := verdict.NewTally(nil)
	tally.Add(s, nil)
	var head verdict.Run
	tally.Conclude(&head)
	return head, []verdict.Scenario{s}
}

func TestFindingsOfTheRecord(t *testing.T) {
	c := loaded(t)
	stated := verdict.Finding{Clause: "M-STOPPED-ONLY", Source: "M", Level: verdict.Must, Where: "status", Want: "400", Got: "200"}
	unstated := stated
	unstated.Clause = "M-NO-SUCH-CLAUSE"
	for _, tc := range []struct {
		name    string
		finding verdict.Finding
		told    bool
		last    verdict.Outcome
		now     verdict.Outcome
		verdict verdict.Verdict
	}{
		{"what a step found stands", stated, true, verdict.Failed, verdict.Failed, verdict.NonConformant},
		{"of a clause that is gone leaves steps untried", unstated, true, verdict.Failed, verdict.Inconclusive, verdict.InconclusiveVerdict},
		{"of an exchange that is right now", stated, false, verdict.Passed, verdict.Passed, verdict.SelectedPassed},
	} {
		t.Run(tc.name, func(t *testing.T) {
			head, scenarios := recorded(tc.finding, tc.told, tc.last)
			r := again(t, c, head, scenarios)
			assert.Equal(t, tc.verdict, r.Now.Verdict)
			if tc.now == verdict.Failed {
				assert.Empty(t, r.Scenarios)
				return
			}
			require.Len(t, r.Scenarios, 1)
			assert.Equal(t, tc.now, r.Scenarios[0].Now)
			assert.Equal(t, []verdict.Finding{tc.finding}, r.Scenarios[0].Gone)
		})
	}
}
