package docs_test

import (
	"cmp"
	"maps"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/features"
	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/docs"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/spec"
)

// committed is the folder of the pages in version control.
const committed = "../../docs/contract"

// source is what the committed pages are made from.
func source(t *testing.T) docs.Source {
	t.Helper()
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	loaded := suite.ContractOf(c)
	s, err := suite.Load(features.FS, loaded)
	require.NoError(t, err)
	return docs.Source{Contract: c, Suite: s, Features: "../../features/"}
}

func pages(t *testing.T, s docs.Source) map[string]string {
	t.Helper()
	files, err := docs.Files(s)
	require.NoError(t, err)
	texts := map[string]string{}
	for _, f := range files {
		texts[f.Name] = string(f.Text)
	}
	require.Len(t, texts, 2*(2+len(s.Contract.Operations())+1), "two languages: the web page, the first page, one for each operation and one for all")
	return texts
}

// whole joins the Markdown of a language into one text.
func whole(texts map[string]string, chinese bool) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		if strings.HasSuffix(name, ".md") && strings.HasSuffix(name, ".zh.md") == chinese {
			b.WriteString(texts[name])
		}
	}
	return b.String()
}

func TestTheCommittedPagesAreNotStale(t *testing.T) {
	files, err := docs.Files(source(t))
	require.NoError(t, err)
	stale, err := docs.Stale(committed, files)
	require.NoError(t, err)
	assert.Empty(t, stale, "write them again with: go run ./cmd/conformance docs")
}

func TestStalePagesAreNamed(t *testing.T) {
	files, err := docs.Files(source(t))
	require.NoError(t, err)
	dir := filepath.Join(t.TempDir(), "new")
	stale, err := docs.Stale(dir, files)
	require.NoError(t, err)
	assert.Len(t, stale, len(files)-2, "nothing is there yet, and the web pages are not kept")
	assert.Contains(t, stale, filepath.Join(dir, "README.zh.md"))
	require.NoError(t, docs.Write(dir, files))
	stale, err = docs.Stale(dir, files)
	require.NoError(t, err)
	assert.Empty(t, stale)
	files[1].Text = append(files[1].Text, "more"...)
	stale, err = docs.Stale(dir, files)
	require.NoError(t, err)
	assert.Equal(t, []string{filepath.Join(dir, "modifyinstancetype.md")}, stale)
}

func TestThePagesHoldTheWholeContract(t *testing.T) {
	s := source(t)
	texts := pages(t, s)
	english, chinese := whole(texts, false), whole(texts, true)
	escaped := strings.NewReplacer("<", "&lt;")
	for _, c := range s.Contract.Clauses() {
		assert.Contains(t, english, "\n### "+c.ID+"\n\n"+escaped.Replace(c.Text)+"\n")
		assert.Contains(t, chinese, "\n### "+c.ID+"\n\n"+escaped.Replace(c.TextZh)+"\n")
		file := strings.ToLower(cmp.Or(c.Operation, "every-operation"))
		assert.Contains(t, texts["README.md"], "| ["+c.ID+"]("+file+".md#"+strings.ToLower(c.ID)+") | "+escaped.Replace(c.Text)+" |\n")
		for _, name := range []string{"index.html", "index.zh.html"} {
			assert.Contains(t, texts[name], `id="`+strings.ToLower(c.ID)+`"`, name)
		}
	}
	for _, op := range s.Contract.Operations() {
		for _, text := range []string{english, chinese, texts["index.html"], texts["index.zh.html"]} {
			assert.Contains(t, text, op.Action)
			for _, pair := range s.Contract.Pairs(op) {
				assert.Contains(t, text, pair.Code)
			}
		}
	}
	for _, c := range s.Suite.Cases {
		id, _, _ := strings.Cut(c.ID, "[")
		assert.Contains(t, english, "[`"+id+"`](../../features/"+c.File+")")
	}
}

// TestTheLinksOfTheMarkdownLeadSomewhere follows each to its file and heading.
func TestTheLinksOfTheMarkdownLeadSomewhere(t *testing.T) {
	texts := pages(t, source(t))
	headings := func(text string) map[string]bool {
		all := map[string]bool{"": true}
		for _, h := range regexp.MustCompile(`(?m)^#+ (.+)$`).FindAllStringSubmatch(text, -1) {
			all[strings.ReplaceAll(strings.ToLower(h[1]), " ", "-")] = true
		}
		return all
	}
	followed := 0
	for name, text := range texts {
		if !strings.HasSuffix(name, ".md") {
			continue
		}
		for _, l := range regexp.MustCompile(`\]\(([^)#]*)#?([^)]*)\)`).FindAllStringSubmatch(text, -1) {
			if strings.HasSuffix(l[1], ".feature") {
				assert.FileExists(t, filepath.Join(committed, l[1]))
				continue
			}
			to, there := texts[cmp.Or(l[1], name)]
			assert.True(t, there && headings(to)[l[2]], "%s: %s", name, l[0])
			followed++
		}
	}
	assert.Greater(t, followed, 200)
}

// TestTheLinksOfReportsLeadToTheClauses follows the links that reports have for each clause.
func TestTheLinksOfReportsLeadToTheClauses(t *testing.T) {
	s := source(t)
	texts := pages(t, s)
	where := s.Contract.Document()
	require.True(t, strings.HasSuffix(where.Pages, "/docs/contract/README.md"), where.Pages)
	web := where
	web.Pages = strings.TrimSuffix(where.Pages, "README.md") + "index.html"
	for _, c := range s.Contract.Clauses() {
		for _, lang := range []report.Language{report.English, report.Chinese} {
			file, place, _ := strings.Cut(path.Base(report.PageOf(where, c, lang)), "#")
			assert.Contains(t, strings.ToLower(texts[file]), "\n### "+place+"\n", "%s in %s", c.ID, file)
			file, place, _ = strings.Cut(path.Base(report.PageOf(web, c, lang)), "#")
			assert.Contains(t, texts[file], `id="`+place+`"`, "%s in %s", c.ID, file)
		}
	}
}

// TestErrorCodesStandInTheAPIPagesOrder: the page ModifyInstanceType lists these five, in this order.
func TestErrorCodesStandInTheAPIPagesOrder(t *testing.T) {
	for name, text := range pages(t, source(t)) {
		if !strings.HasPrefix(name, "modifyinstancetype.") {
			continue
		}
		at := -1
		for _, code := range []string{
			"INVALID_INSTANCE_NOT_FOUND", "INVALID_INSTANCE_TYPE_NOT_FOUND", "OPERATION_DENIED_GPU_INSTANCE_NOT_SUPPORT",
			"OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT", "OPERATION_FAILED_INSTANCE_TYPE_UNSUPPORTED",
		} {
			next := strings.Index(text, "| `"+code+"` |")
			assert.Greater(t, next, at, "%s in %s", code, name)
			at = next
		}
	}
}

func TestTheChinesePageIsInChinese(t *testing.T) {
	s := source(t)
	for _, op := range s.Contract.Operations() {
		d, _ := s.Contract.Describe(op)
		assert.Regexp(t, `\p{Han}`, d.About.Zh, op.Action)
		for _, h := range d.Headers {
			assert.Regexp(t, `\p{Han}`, h.About.Zh, h.Name)
		}
		for _, r := range d.Responses {
			assert.Regexp(t, `\p{Han}`, r.About.Zh, "%s %d", op.Action, r.Status)
		}
		request, _ := s.Contract.Request(op)
		inChinese(t, request)
		response, _ := s.Contract.Response(op, 200)
		inChinese(t, response)
	}
	for _, c := range s.Contract.Clauses() {
		why := s.Contract.Untestable(c.ID)
		assert.Equal(t, why.En == "", why.Zh == "", "%s: write untestable-zh", c.ID)
	}
}

func inChinese(t *testing.T, s contract.Schema) {
	t.Helper()
	for _, m := range s.Members {
		assert.Regexp(t, `\p{Han}`, m.Schema.Description.Zh, "%s: write x-zh", m.Schema.Pointer)
		inChinese(t, m.Schema)
		if m.Schema.Items != nil {
			inChinese(t, *m.Schema.Items)
		}
	}
}

// TestExamplesShowTheirClauses: the named example of a pair, and a request as the
// clause's scenario sends it.
func TestExamplesShowTheirClauses(t *testing.T) {
	text := whole(pages(t, source(t)), false)
	section := func(id string) string {
		_, after, found := strings.Cut(text, "\n### "+id+"\n")
		require.True(t, found, id)
		before, _, _ := strings.Cut(after, "\n### ")
		return before
	}
	missing := section("E-MISSING")
	assert.Contains(t, missing, `"code": "MISSING_PARAMETER"`)
	assert.NotContains(t, missing, `"instanceId": "`, "the request lacks it")
	assert.Contains(t, section("M-GPU"), `"code": "OPERATION_DENIED_GPU_INSTANCE_NOT_SUPPORT"`, "its scenario wants this pair")
	assert.Contains(t, section("C-STATUS-TRUE"), "X-ZC-Action: DescribeInstancesStatus")
	assert.Contains(t, section("C-STATUS-TRUE"), "HTTP 200 OK")
	assert.Contains(t, section("C-INSTANCES-UNKNOWN"), `"code": "INVALID_INSTANCE_NOT_FOUND"`, "the instance does not exist")
	assert.Contains(t, section("E-UNAVAILABLE"), `"code": "SERVICE_TEMPORARY_UNAVAILABLE"`)
}

func TestARunTellsTheLastResult(t *testing.T) {
	s := source(t)
	s.Results, s.Report = results(t, s), "../reports/report.html"
	texts := pages(t, s)
	assert.Contains(t, texts["README.md"], "**non-conformant** · staging (https://staging.example) · 2025-03-01 12:00:00 UTC · [Report with all evidence](../reports/report.html)\n")
	assert.Contains(t, texts["README.md"], "\nViolated clauses: \n\n- [M-GPU-DENIED](modifyinstancetype.md#m-gpu-denied) ")
	assert.Contains(t, texts["README.zh.md"], "\n不符合的条款：\n\n- [M-GPU-DENIED](modifyinstancetype.zh.md#m-gpu-denied) ")
	assert.Contains(t, texts["README.zh.md"], "**不符合** · staging (https://staging.example)")
	web := texts["index.html"]
	_, gpu, _ := strings.Cut(web, `aria-labelledby="m-gpu-denied"`)
	gpu, _, _ = strings.Cut(gpu, "</article>")
	assert.Contains(t, gpu, `<span class="badge broken">violated</span>`)
	assert.Contains(t, gpu, `<span class="badge failed" lang="en">failed</span>`)
	assert.Contains(t, gpu, "as recorded in the last run")
	assert.Contains(t, gpu, "&lt;script&gt;alert(1)&lt;/script&gt;", "what an endpoint sent is a text")
	assert.Equal(t, 1, strings.Count(web, "<script"), "the search")
	assert.Contains(t, web, `<a href="../reports/report.html">Report with all evidence</a>`)
	assert.Contains(t, web, `<ul class="violated"><li><a href="#m-gpu-denied">M-GPU-DENIED</a> `)
	outline, row := anOutline(t, s)
	failed := `<p class="rows" lang="en">Failed rows: <a href="../reports/report.html#` + outline + `[` + row + `]"><code>` + row + `</code></a></p>`
	assert.Contains(t, web, failed)
	assert.Contains(t, texts["index.zh.html"], "失败的数据行：")
	assert.Contains(t, whole(texts, false), "— failed (Failed rows: [`"+row+"`](../reports/report.html#"+outline+"["+row+"]))\n")
	assert.Regexp(t, `\| \[M-GPU-DENIED\]\(modifyinstancetype\.md#m-gpu-denied\) \|.*\| violated \|`, texts["README.md"])
	assert.Contains(t, texts["modifyinstancetype.md"], "````http\nHTTP 400 Bad Request\nContent-Type: text/html\n\n```\n<script>alert(1)</script>\n````\n",
		"nor does it end the block that it stands in")
	assert.NotContains(t, web, "X-Other", "only headers of the protocol are shown")

	files, err := docs.Files(s)
	require.NoError(t, err)
	for _, f := range files {
		assert.False(t, f.Kept, "pages of a run are not the committed ones")
	}
}

// anOutline is the id of a scenario outline that bears a clause, and one of its rows.
func anOutline(t *testing.T, s docs.Source) (id, row string) {
	t.Helper()
	for _, c := range s.Suite.Cases {
		if id, rest, isRow := strings.Cut(c.ID, "["); isRow && !strings.ContainsAny(rest, " <&'\"`+") {
			return id, strings.TrimSuffix(rest, "]")
		}
	}
	require.Fail(t, "no outline")
	return "", ""
}

// results is the report of a run in which a scenario failed, and a row of an outline.
func results(t *testing.T, s docs.Source) *docs.Results {
	t.Helper()
	run := verdict.Run{
		SchemaVersion: verdict.SchemaVersion, Verdict: verdict.NonConformant,
		Target:   verdict.Target{Name: "staging", Kind: "endpoint", Endpoint: "https://staging.example"},
		Volatile: verdict.Volatile{Started: time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC)},
	}
	run.Summary.Scenarios.Add(verdict.Failed)
	run.Summary.Scenarios.Add(verdict.Failed)
	for _, c := range s.Contract.Clauses() {
		r := verdict.ClauseResult{Clause: c, Status: verdict.Unproved}
		if c.ID == "M-GPU-DENIED" {
			r.Status = verdict.Violated
		}
		run.Clauses = append(run.Clauses, r)
		run.Summary.Clauses.Add(r.Status)
	}
	scenario := verdict.Scenario{
		ID: "gpu-instance", Outcome: verdict.Failed, Clauses: []string{"M-GPU", "M-GPU-DENIED"},
		Findings: []verdict.Finding{{Clause: "M-GPU-DENIED", Exchange: 1}},
		Exchanges: []wire.Exchange{{
			Sent: wire.Sent{Method: "POST", URL: "https://staging.example/api/v2/zec", Body: wire.Body(`{"instanceId":"i"}`)},
			Received: &wire.Received{Status: 400, Header: map[string][]string{"Content-Type": {"text/html"}, "X-Other": {"secret"}},
				Body: wire.Body("```\n<script>alert(1)</script>")},
		}},
	}
	dir := t.TempDir()
	spool, err := report.Create(dir)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, spool.Close()) })
	require.NoError(t, spool.Add(0, scenario))
	outline, row := anOutline(t, s)
	require.NoError(t, spool.Add(1, verdict.Scenario{ID: outline + "[" + row + "]", Outcome: verdict.Failed}))
	reader, err := spool.Reader(run)
	require.NoError(t, err)
	results, err := docs.ReadResults(reader, s.Suite)
	require.NoError(t, err)
	return results
}
