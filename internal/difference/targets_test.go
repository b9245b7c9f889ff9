package difference_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/difference"
	"github.com/zec-tools/conformance/internal/verdict"
)

// judged is a run of a target in which one scenario ended, and what became of two clauses.
func judged(target string, v verdict.Verdict, scenarios verdict.Counts, one verdict.ClauseStatus) verdict.Run {
	return verdict.Run{
		Contract: verdict.Document{SHA256: "c0"}, Features: verdict.Document{SHA256: "f0"},
		Target: verdict.Target{Name: target, Endpoint: "https://new.example"}, Verdict: v,
		Summary: verdict.Summary{Scenarios: scenarios},
		Clauses: []verdict.ClauseResult{
			{Clause: verdict.Clause{ID: "M-ONE", Text: "One | two."}, Status: one},
			{Clause: verdict.Clause{ID: "M-TWO", Text: "Two."}, Status: verdict.Untestable},
		},
	}
}

func TestTargetsAreComparedClauseByClause(t *testing.T) {
	first := judged("staging", verdict.SelectedPassed, verdict.Counts{Passed: 1}, verdict.Proved)
	other := judged("new|gateway", verdict.NonConformant, verdict.Counts{Failed: 1}, verdict.Violated)
	c, err := difference.Targets([]verdict.Run{first, other})
	require.NoError(t, err)
	require.Len(t, c.Clauses, 2)
	assert.Equal(t, []verdict.ClauseStatus{verdict.Proved, verdict.Violated}, c.Clauses[0].Statuses)
	assert.True(t, c.Clauses[0].Differs())
	assert.False(t, c.Clauses[1].Differs())
	var text strings.Builder
	require.NoError(t, c.WriteMarkdown(&text))
	assert.Equal(t, `| target | endpoint | verdict | passed | failed | not judged | clauses proved | violated |
|---|---|---|--:|--:|--:|--:|--:|
| staging | https://new.example | **selected passed** | 1 | 0 | 0 | 0 | 0 |
| new\|gateway | https://new.example | **non-conformant** | 0 | 1 | 0 | 0 | 0 |

The targets differ on 1 of 2 clauses.

| clause | staging | new\|gateway | text |
|---|---|---|---|
| M-ONE | proved | **violated** | One \| two. |
| M-TWO | untestable | untestable | Two. |
`, text.String())

	for name, alter := range map[string]func(*verdict.Run){
		"another contract": func(r *verdict.Run) { r.Contract.SHA256 = "c1" },
		"other features":   func(r *verdict.Run) { r.Features.SHA256 = "f1" },
		"other clauses":    func(r *verdict.Run) { r.Clauses = r.Clauses[:1] },
	} {
		changed := other
		alter(&changed)
		_, err = difference.Targets([]verdict.Run{first, changed})
		assert.ErrorContains(t, err, "not judged by the same contract", name)
	}
}

func TestClausesThatChangedAreNamedInTodaysOrder(t *testing.T) {
	list := func(statuses ...string) (results []verdict.ClauseResult) {
		for i := 0; i < len(statuses); i += 2 {
			results = append(results, verdict.ClauseResult{Clause: verdict.Clause{ID: statuses[i]}, Status: verdict.ClauseStatus(statuses[i+1])})
		}
		return results
	}
	was := list("GONE", "proved", "A", "proved", "B", "proved", "C", "proved")
	violated := string(verdict.Violated)
	now := list("C", violated, "B", "proved", "NEW", "untestable", "A", violated)
	assert.Equal(t, []difference.ClauseChange{
		{ID: "C", Was: verdict.Proved, Now: verdict.Violated},
		{ID: "NEW", Now: verdict.Untestable},
		{ID: "A", Was: verdict.Proved, Now: verdict.Violated},
		{ID: "GONE", Was: verdict.Proved},
	}, difference.Clauses(was, now))
	assert.Empty(t, difference.Clauses(was, was))
}

func TestEachFindingIsComparedOnce(t *testing.T) {
	finding := func(clause, got string) verdict.Finding {
		return verdict.Finding{Clause: clause, Level: verdict.Must, Where: "status", Want: "200", Got: got}
	}
	one, two := finding("M-ONE", "404"), finding("M-ONE", "500")
	should := one
	should.Level = verdict.Should
	onlyA, onlyB := difference.Findings([]verdict.Finding{one, one, two}, []verdict.Finding{two, one, should})
	assert.Equal(t, []verdict.Finding{one}, onlyA)
	assert.Equal(t, []verdict.Finding{should}, onlyB)
}
