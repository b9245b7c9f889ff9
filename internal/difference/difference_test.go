package difference_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/difference"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// readerOf is a run of the scenarios given.
func readerOf(t *testing.T, scenarios ...verdict.Scenario) *report.Reader {
	t.Helper()
	spool, err := report.Create(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, spool.Close()) })
	tally := verdict.NewTally(nil)
	for i, s := range scenarios {
		require.NoError(t, spool.Add(i, s))
		tally.Add(s, nil)
	}
	var head verdict.Run
	tally.Conclude(&head)
	reader, err := spool.Reader(head)
	require.NoError(t, err)
	return reader
}

func compare(t *testing.T, a, b []verdict.Scenario) difference.Result {
	t.Helper()
	r, err := difference.Compare(readerOf(t, a...), readerOf(t, b...), difference.DefaultRatio)
	require.NoError(t, err)
	return r
}

func passed(id string) verdict.Scenario {
	return verdict.Scenario{ID: id, Outcome: verdict.Passed, Duration: 50 * time.Millisecond}
}

func ended(id string, outcome verdict.Outcome) verdict.Scenario {
	return verdict.Scenario{ID: id, Outcome: outcome, Reason: "because"}
}

func failed(id string, findings ...string) verdict.Scenario {
	s := verdict.Scenario{ID: id, Outcome: verdict.Failed}
	for i, clause := range findings {
		s.Findings = append(s.Findings, verdict.Finding{Clause: clause, Where: "instance ins-1", Want: "x", Got: fmt.Sprint(i)})
	}
	return s
}

// asked is a scenario of one step that asked and was answered so.
func asked(id string, took time.Duration, answers ...string) verdict.Scenario {
	s := passed(id)
	for _, body := range answers {
		status := http.StatusBadRequest
		if body == "" {
			status = http.StatusOK
		}
		s.Exchanges = append(s.Exchanges, wire.Exchange{
			Operation: wire.Operation{Action: "Describe"}, Attempt: 1, Timing: wire.Timing{End: took},
			Received: &wire.Received{Status: status, Body: wire.Body(fmt.Sprintf(`{"code":%q}`, body))},
		})
	}
	s.Steps = []verdict.Step{{Keyword: "When", Text: "it is asked", Line: 4, Outcome: verdict.Passed, Exchanges: len(answers)}}
	return s
}

func ids(failures []difference.Failure) []string {
	list := []string{}
	for _, f := range failures {
		list = append(list, f.Scenario)
	}
	return list
}

func TestScenariosAreSortedByHowTheyEndedInBothRuns(t *testing.T) {
	type want struct{ fresh, fixed, still, unjudged bool }
	none := verdict.Scenario{}
	for _, c := range []struct {
		name     string
		was, now verdict.Scenario
		want     want
	}{
		{"passes in both", passed("s"), passed("s"), want{}},
		{"breaks", passed("s"), failed("s", "R-A"), want{fresh: true}},
		{"is new and fails", none, failed("s", "R-A"), want{fresh: true}},
		{"is new and passes", none, passed("s"), want{}},
		{"could not be judged and fails now", ended("s", verdict.Inconclusive), failed("s", "R-A"), want{fresh: true}},
		{"is fixed", failed("s", "R-A"), passed("s"), want{fixed: true}},
		{"still fails, in other words", failed("s", "R-A"), failed("s", "R-A", "R-A"), want{still: true}},
		{"fails for another clause", failed("s", "R-A"), failed("s", "R-B"), want{fresh: true}},
		{"fails for one clause more", failed("s", "R-A"), failed("s", "R-A", "R-B"), want{fresh: true, still: true}},
		{"could be judged", passed("s"), ended("s", verdict.Inconclusive), want{unjudged: true}},
		{"failed, and is skipped now", failed("s", "R-A"), ended("s", verdict.Skipped), want{unjudged: true}},
		{"is skipped in both", ended("s", verdict.Skipped), ended("s", verdict.Skipped), want{}},
		{"is gone", passed("s"), none, want{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var a, b []verdict.Scenario
			if c.was.ID != "" {
				a = append(a, c.was)
			}
			if c.now.ID != "" {
				b = append(b, c.now)
			}
			r := compare(t, a, b)
			got := want{len(r.New) == 1, len(r.Fixed) == 1, len(r.StillFailing) == 1, len(r.Unjudged) == 1}
			assert.Equal(t, c.want, got)
			assert.Equal(t, c.want.fresh, r.Worse())
		})
	}
}

func TestFindingsAreSharedOutBetweenNewAndStillFailing(t *testing.T) {
	r := compare(t, []verdict.Scenario{failed("s", "R-A")}, []verdict.Scenario{failed("s", "R-A", "R-B")})
	assert.Equal(t, "R-B", r.New[0].Findings[0].Clause)
	assert.Equal(t, "R-A", r.StillFailing[0].Findings[0].Clause)
	assert.Len(t, r.New[0].Findings, 1)
}

func TestScenariosOfOneRunOnlyAreNamed(t *testing.T) {
	r := compare(t, []verdict.Scenario{passed("a"), passed("both")}, []verdict.Scenario{passed("both"), passed("b")})
	assert.Equal(t, []string{"a"}, r.OnlyA)
	assert.Equal(t, []string{"b"}, r.OnlyB)
	assert.False(t, r.Same())
	assert.Empty(t, ids(r.New))
}

func TestAnswersAreComparedWithoutHowOftenTheyCame(t *testing.T) {
	a := []verdict.Scenario{asked("s", time.Millisecond, "", "", "CODE_A")}
	assert.Empty(t, compare(t, a, []verdict.Scenario{asked("s", time.Millisecond, "CODE_A", "")}).Answers)

	r := compare(t, a, []verdict.Scenario{asked("s", time.Millisecond, "", "CODE_B")})
	assert.Equal(t, []difference.Answered{{
		Scenario: "s", Line: 4, Step: "When it is asked",
		Was: []string{"Describe 200", "Describe 400 CODE_A"}, Now: []string{"Describe 200", "Describe 400 CODE_B"},
	}}, r.Answers)
	assert.False(t, r.Worse(), "another answer alone is no failure")

	limited := asked("s", time.Millisecond, "", "CODE_A", "LIMIT")
	limited.Exchanges[2].Cause = wire.CauseRateLimited
	assert.Empty(t, compare(t, a, []verdict.Scenario{limited}).Answers, "a rate limit is not the endpoint's word")

	other := asked("s", time.Millisecond, "CODE_B")
	other.Steps[0].Text = "another question"
	assert.Empty(t, compare(t, a, []verdict.Scenario{other}).Answers)
}

func TestChoicesThatDifferAreNamed(t *testing.T) {
	with := func(answer string) []verdict.Scenario {
		s := passed("s")
		s.Choices = []verdict.Choice{{Clause: "M-SAME", Answer: answer}}
		return []verdict.Scenario{s}
	}
	assert.Equal(t, []difference.Choice{{Scenario: "s", Clause: "M-SAME", Was: "refused", Now: "carried out"}},
		compare(t, with("refused"), with("carried out")).Choices)
	assert.True(t, compare(t, with("refused"), with("refused")).Same())
}

func TestSlowerNeedsTheRatioAndALengthThatSaysSomething(t *testing.T) {
	many := make([]string, 20)
	run := func(answer, scenario time.Duration) []verdict.Scenario {
		s := asked("s", answer, many...)
		s.Duration = scenario
		return []verdict.Scenario{s}
	}
	for _, c := range []struct {
		name     string
		was, now []verdict.Scenario
		want     int
	}{
		{"as fast", run(time.Millisecond, time.Second), run(time.Millisecond, time.Second), 0},
		{"both slower", run(time.Millisecond, time.Second), run(4*time.Millisecond, 2*time.Second), 2},
		{"below the ratio", run(10*time.Millisecond, time.Second), run(19*time.Millisecond, 1900*time.Millisecond), 0},
		{"too short to say", run(time.Microsecond, time.Millisecond), run(100*time.Microsecond, 90*time.Millisecond), 0},
		{"faster", run(time.Second, time.Minute), run(time.Millisecond, time.Second), 0},
	} {
		t.Run(c.name, func(t *testing.T) { assert.Len(t, compare(t, c.was, c.now).Slower, c.want) })
	}
	few := compare(t, []verdict.Scenario{asked("s", time.Millisecond, "")}, []verdict.Scenario{asked("s", time.Second, "")})
	assert.Empty(t, few.Slower, "one answer is no measure")
}
