package report_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/foreign"
	"github.com/zec-tools/conformance/internal/history"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/selftest"
	"github.com/zec-tools/conformance/internal/verdict"
)

// TestThePagesBesidesTheReportAreForEverybody has axe look at the page of a history and at those of
// the self-test, which the same programs open.
func TestThePagesBesidesTheReportAreForEverybody(t *testing.T) {
	t.Parallel()
	c := npmConsumers(t)
	browser := chromium(t)
	pages := otherPages(t, "")
	var result struct {
		Violations, Messages, Requests, Overflow, Language []string
		Seen                                               int
	}
	c.ask(t, &result, "axe.mjs", append([]string{browser}, pages...)...)
	for what, found := range map[string][]string{
		"axe finds nothing": result.Violations, "the console is silent": result.Messages,
		"nothing is fetched": result.Requests, "nothing is wider than the screen": result.Overflow, "a page speaks one language at a time": result.Language,
	} {
		assert.Empty(t, found, what)
	}
	assert.Equal(t, 4*len(pages), result.Seen)
}

// otherPages writes each page besides the report, in the language asked for, and names the files.
func otherPages(t *testing.T, asked report.Language) []string {
	t.Helper()
	dir := t.TempDir()
	pages := []string{filepath.Join(dir, "history.html"), filepath.Join(dir, "selftest.html"), filepath.Join(dir, "foreign.html")}
	writePage(t, pages[0], asked, historyOfDays(t))
	require.NoError(t, selftest.WriteHTML(pages[1], aScore(), asked))
	writePage(t, pages[2], asked, foreign.ScoreOf("a tool", []foreign.Result{
		{Case: foreign.Case{Kind: "variant", Name: "one", Text: "It says <b>"}, Verdict: foreign.Accused}, {Case: foreign.Case{Kind: "variant", Name: "two", Text: "x"}, Verdict: foreign.Cleared},
	}, time.Second).WriteHTML)
	return pages
}

func writePage(t *testing.T, name string, asked report.Language, write func(io.Writer, report.Language) error) {
	t.Helper()
	var page bytes.Buffer
	require.NoError(t, write(&page, asked))
	require.NoError(t, os.WriteFile(name, page.Bytes(), 0o600))
}

// aScore is of a suite that names one defect, misnames one, misses one, and accuses a variant.
func aScore() selftest.Score {
	blame := []selftest.Blame{{Clause: "M-A", Scenarios: []string{"one", "two"}, Example: "M-A (M): status: want 200, got 500"}}
	return selftest.Score{
		Defects: []selftest.Result{
			{Name: "named-defect", Clause: "M-A", Text: "A <b>status</b> is another", Detected: true, Named: true, Findings: blame},
			{Name: "misnamed-defect", Clause: "M-A", Text: "It is another", Detected: true, Findings: []selftest.Blame{{Clause: "M-B", Unrelated: true, Scenarios: []string{"one"}, Example: "M-B"}}},
			{Name: "survivor", Clause: "M-B", Text: "Nobody sees it"},
		},
		Variants: []selftest.Result{{Name: "free", Text: "It answers later", Verdict: verdict.Conformant}, {Name: "open", Open: true, Verdict: verdict.Partial}, {Name: "accused", Verdict: verdict.NonConformant}},
		Detected: 2, Named: 1, Cleared: 2, Broken: []string{"survivor: one: it <stopped>"},
	}
}

func TestTheSelfTestsPageSaysWhatBecameOfEach(t *testing.T) {
	file := filepath.Join(t.TempDir(), "selftest.html")
	require.NoError(t, selftest.WriteHTML(file, aScore(), ""))
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	page := string(text)
	assert.Contains(t, page, `<h1><span class="en">2 of 3 defects detected</span><span class="zh" lang="zh-Hans">3 个缺陷中检出 2 个</span></h1>`)
	assert.Contains(t, page, "A &lt;b&gt;status&lt;/b&gt; is another")
	for name, want := range map[string]string{
		"named-defect": `good"><span class="en">named`, "misnamed-defect": `bad"><span class="en">misnamed`, "survivor": `bad"><span class="en">survived`,
		"free": `good"><span class="en">cleared`, "open": `good"><span class="en">cleared`, "accused": `bad"><span class="en">Not conformant`,
	} {
		assert.Regexp(t, `(?s)id="`+name+`"><code>`+name+`</code></th>\s*<td lang="en">[^<]*</td>\s*<td><span class="mark `+want, page, name)
	}
	assert.Contains(t, page, "<li><code>survivor: one: it &lt;stopped&gt;</code></li>")
	assert.NotContains(t, page, "ZgotmplZ")
}

// historyOfDays writes the page of three runs in which a clause broke and was kept again.
func historyOfDays(t *testing.T) func(io.Writer, report.Language) error {
	t.Helper()
	dir := t.TempDir()
	for i, status := range []verdict.ClauseStatus{verdict.Proved, verdict.Violated, verdict.Proved, verdict.Violated} {
		head, scenarios := sample()
		head.Volatile.Started = noon.AddDate(0, 0, i)
		for j := range head.Clauses {
			head.Clauses[j].Status = status
		}
		if status == verdict.Proved {
			for j := range scenarios {
				scenarios[j].Outcome, scenarios[j].Findings = verdict.Passed, nil
			}
		}
		to := filepath.Join(dir, noon.AddDate(0, 0, i).Format(time.DateOnly))
		require.NoError(t, report.Write(readerOf(t, head, scenarios), to, report.Formats()[:1]))
	}
	h, err := history.Read(dir)
	require.NoError(t, err)
	require.Len(t, h.Targets, 1)
	require.NotEmpty(t, h.Targets[0].Flaky)
	require.NotEmpty(t, h.Targets[0].Actions)
	return h.WriteHTML
}
