package history_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/history"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/verdict"
)

// day is a run of one scenario about one clause.
type day struct {
	outcome verdict.Outcome
	status  verdict.ClauseStatus
	took    time.Duration // of a change; 0: none
	target  string
}

// targetOf reads a name, or a name, a kind and an endpoint.
func targetOf(said string) verdict.Target {
	parts := append(strings.Fields(said), "endpoint", "https://e")
	return verdict.Target{Name: parts[0], Kind: parts[1], Endpoint: parts[2]}
}

// kept writes a report for each day into a folder.
func kept(t *testing.T, days ...day) string {
	t.Helper()
	dir := t.TempDir()
	for i, d := range days {
		s := verdict.Scenario{ID: "resize", Name: "A resize <b>", Outcome: d.outcome, Clauses: []string{"M-A"}, Repeat: "again"}
		if d.outcome == verdict.Failed {
			s.Findings = []verdict.Finding{{Clause: "M-A", Source: verdict.SourceM, Level: verdict.Must, Where: "status", Want: "200", Got: "500"}}
		}
		if d.took > 0 {
			s.Trajectories = []verdict.Trajectory{{
				Instance: "ins-1", Action: "Modify", Answered: time.Second, Settle: time.Second,
				Observations: []verdict.Observation{
					{Status: "STOPPED"}, {Asked: time.Second, Seen: time.Second, Status: "RESIZING"},
					{Seen: time.Second + d.took, Status: "STOPPED"}, {Seen: 3*time.Second + d.took, Status: "STOPPED"},
				},
			}}
		}
		run := verdict.Run{
			Verdict: verdict.SelectedPassed, Target: targetOf(d.target),
			Clauses:   []verdict.ClauseResult{{Clause: verdict.Clause{ID: "M-A", Source: verdict.SourceM, Level: verdict.Must, Text: "It says <i>"}, Status: d.status}},
			Volatile:  verdict.Volatile{Started: time.Date(2027, 1, 1+i, 0, 0, 0, 0, time.UTC)},
			Selection: verdict.Selection{Selected: 1, Available: 1, Parallel: 1},
		}
		run.Summary.Scenarios.Add(d.outcome)
		run.Summary.Findings = len(s.Findings)
		run.Summary.Clauses.Add(d.status)
		out := filepath.Join(dir, fmt.Sprintf("%02d", len(days)-i)) // names say nothing of the order
		spool, err := report.Create(out)
		require.NoError(t, err)
		require.NoError(t, spool.Add(0, s))
		reader, err := spool.Reader(run)
		require.NoError(t, err)
		require.NoError(t, report.Write(reader, out, report.Formats()[:1]))
		require.NoError(t, spool.Close())
	}
	return dir
}

// TestTargetsOfOneNameAreToldApart by their endpoint and by whether that is the built-in mock.
func TestTargetsOfOneNameAreToldApart(t *testing.T) {
	dir := kept(t,
		day{verdict.Passed, verdict.Proved, 0, "mock"}, day{verdict.Failed, verdict.Violated, 0, "mock mock http://localhost"},
		day{verdict.Passed, verdict.Proved, 0, "mock endpoint https://other"}, day{verdict.Passed, verdict.Proved, 0, "mock"})
	h, err := history.Read(dir)
	require.NoError(t, err)
	var told []string
	for _, at := range h.Targets {
		told = append(told, fmt.Sprintln(at.Name, at.Kind, at.Endpoint, len(at.Runs), len(at.Clauses)))
	}
	assert.Equal(t, []string{"mock endpoint https://e 2 0\n", "mock endpoint https://other 1 0\n", "mock mock http://localhost 1 1\n"}, told)
	var page bytes.Buffer
	require.NoError(t, h.WriteHTML(&page, report.English))
	for _, want := range []string{"<code>https://e</code> (", "<code>https://other</code> (", "<code>http://localhost</code> (", "模拟服务"} {
		assert.Contains(t, page.String(), want)
	}
}

func TestAClauseBreaksAndIsKeptAgain(t *testing.T) {
	h, err := history.Read(kept(t,
		day{verdict.Passed, verdict.Proved, 0, "a"}, day{verdict.Failed, verdict.Violated, 0, "a"}, day{verdict.Skipped, verdict.Unproved, 0, "a"},
		day{verdict.Failed, verdict.Violated, 0, "a"}, day{verdict.Passed, verdict.Proved, 0, "a"}))
	require.NoError(t, err)
	require.Len(t, h.Targets, 1)
	a := h.Targets[0]
	require.Len(t, a.Clauses, 1)
	var turns []string
	for _, turn := range a.Clauses[0].Turns {
		turns = append(turns, fmt.Sprintf("%d %t", turn.Run, turn.Kept))
	}
	assert.Equal(t, []string{"1 false", "4 true"}, turns, "a run that did not ask turns nothing")
	require.Len(t, a.Flaky, 1)
	assert.Equal(t, 2, a.Flaky[0].Turns)
}

func TestWhatBrokeOnceIsNotFlakyAndWhatNeverBrokeIsNotListed(t *testing.T) {
	h, err := history.Read(kept(t, day{verdict.Failed, verdict.Violated, 0, "a"}, day{verdict.Passed, verdict.Proved, 0, "a"}, day{verdict.Passed, verdict.Proved, 0, "b"}))
	require.NoError(t, err)
	require.Len(t, h.Targets, 2, "targets are told apart")
	assert.Empty(t, h.Targets[0].Flaky)
	assert.Len(t, h.Targets[0].Clauses, 1)
	assert.Empty(t, h.Targets[1].Clauses)
}

func TestChangesTakeFromTheAnswerToTheirEnd(t *testing.T) {
	h, err := history.Read(kept(t, day{verdict.Passed, verdict.Proved, 4 * time.Second, "a"}, day{verdict.Failed, verdict.Violated, time.Second, "a"}, day{verdict.Passed, verdict.Proved, 9 * time.Second, "a"}))
	require.NoError(t, err)
	assert.Equal(t, []history.Action{{Name: "Modify", Took: []history.Took{
		{Run: 0, Count: 1, Median: 4 * time.Second, P95: 4 * time.Second}, {Run: 2, Count: 1, Median: 9 * time.Second, P95: 9 * time.Second},
	}}}, h.Targets[0].Actions)
	var page bytes.Buffer
	require.NoError(t, h.WriteHTML(&page, ""))
	assert.Contains(t, page.String(), `<polyline class="median" points="8.0,65.8 632.0,8.0 "/>`)
	assert.NotContains(t, page.String(), "ZgotmplZ")
}

// TestTheTitleOfATableStandsAboveWhatScrolls holds that no title is cut off on a narrow screen,
// where the table scrolls, and that each table is named by one title alone.
func TestTheTitleOfATableStandsAboveWhatScrolls(t *testing.T) {
	days := []day{}
	for _, target := range []string{"a", "b"} {
		for _, failed := range []bool{false, true, false} {
			d := day{verdict.Passed, verdict.Proved, time.Second, target}
			if failed {
				d.outcome, d.status = verdict.Failed, verdict.Violated
			}
			days = append(days, d)
		}
	}
	h, err := history.Read(kept(t, days...))
	require.NoError(t, err)
	var page bytes.Buffer
	require.NoError(t, h.WriteHTML(&page, ""))
	assert.Equal(t, 8, strings.Count(page.String(), "<table"), "four tables of each target")
	assert.NotContains(t, page.String(), "<caption")
	titled := regexp.MustCompile(`<p class="title" id="([^"]+)">.+</p>\n<div class="scroll"[^>]*><table aria-labelledby="([^"]+)">`).FindAllStringSubmatch(page.String(), -1)
	require.Len(t, titled, 8)
	seen := map[string]bool{}
	for _, m := range titled {
		assert.Equal(t, m[1], m[2])
		assert.False(t, seen[m[1]], "%s names two tables", m[1])
		seen[m[1]] = true
	}
}

func TestAPageHoldsNoMarkupOfAReport(t *testing.T) {
	h, err := history.Read(kept(t, day{verdict.Passed, verdict.Proved, 0, "<script>"}, day{verdict.Failed, verdict.Violated, 0, "<script>"}, day{verdict.Passed, verdict.Proved, 0, "<script>"}))
	require.NoError(t, err)
	var page bytes.Buffer
	require.NoError(t, h.WriteHTML(&page, ""))
	body, _, _ := strings.Cut(page.String()[strings.Index(page.String(), "<body"):], "<script>")
	for _, markup := range []string{"<script", "<i>", "<b>"} {
		assert.NotContains(t, body, markup)
	}
	assert.Equal(t, 1, strings.Count(page.String(), "It says &lt;i&gt;"))
}

func TestWhatIsNoReportIsNamed(t *testing.T) {
	dir := kept(t, day{verdict.Passed, verdict.Proved, 0, "a"})
	require.NoError(t, os.WriteFile(filepath.Join(dir, "other.json"), []byte(`{"a":1}`), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "notes.txt"), []byte("x"), 0o600))
	h, err := history.Read(dir)
	require.NoError(t, err)
	require.Len(t, h.LeftOut, 1)
	assert.Equal(t, "other.json", h.LeftOut[0].File)
	assert.NotContains(t, h.LeftOut[0].Reason, dir)
	assert.Equal(t, "other.json:1:1: the report has no member scenarios", h.LeftOut[0].String())
	var page bytes.Buffer
	require.NoError(t, h.WriteHTML(&page, ""))
	assert.Contains(t, page.String(), `<li lang="en">other.json:1:1: the report has no member scenarios</li>`)
	assert.Equal(t, "a.json: permission denied", history.LeftOut{File: "a.json", Reason: "permission denied"}.String())
	_, err = history.Read(t.TempDir())
	assert.ErrorContains(t, err, "holds no report")
	alone := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(alone, "other.json"), []byte(`{"a":1}`), 0o600))
	_, err = history.Read(alone)
	assert.ErrorContains(t, err, "holds no report that can be read: other.json:1:1: ")
}
