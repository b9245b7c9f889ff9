package report_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/table"
	"github.com/zec-tools/conformance/internal/verdict"
)

// quoted is every text that a report brings along, in one.
func quoted(t *testing.T, reader *report.Reader) string {
	t.Helper()
	var whole any
	require.NoError(t, json.Unmarshal(written(t, reader, "json"), &whole))
	var all strings.Builder
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			all.WriteString(strings.Join(strings.Fields(v), " ") + "\n")
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			for _, e := range v {
				walk(e)
			}
		}
	}
	walk(whole)
	all.WriteString(reader.Head.Tool.Name + " " + reader.Head.Tool.Version)
	return all.String()
}

func classOf(n *html.Node) string { return attributeOf(n, "class") }

func attributeOf(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// measured are the numbers, durations and times that stand alone.
var measured = regexp.MustCompile(`\d[\d.:,-]*(ns|µs|ms|s|m|h)?\b|UTC|[\pP\pS\s]`)

// TestEveryTextOfThePageIsInBothLanguages takes the page apart: whatever is neither quoted from the
// report nor a number stands there in English and, right behind, in Chinese.
func TestEveryTextOfThePageIsInBothLanguages(t *testing.T) {
	for name, reader := range readers(t) {
		if name == "hostile" {
			continue // its texts are cut and made visible
		}
		t.Run(name, func(t *testing.T) {
			assertBothLanguages(t, written(t, reader, "html"), quoted(t, reader))
		})
	}
}

// assertBothLanguages takes a page apart: whatever is neither quoted nor a number stands there in
// English and, right behind, in Chinese.
func assertBothLanguages(t *testing.T, page []byte, known string) {
	t.Helper()
	pairs := 0
	document, err := html.Parse(bytes.NewReader(page))
	require.NoError(t, err)
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.ElementNode && (n.Data == "script" || n.Data == "style" || n.Data == "pre" || n.Data == "code" || strings.Contains(classOf(n), "message") || strings.Contains(classOf(n), "code")):
			return
		case n.Type == html.ElementNode && classOf(n) == "en":
			require.NotNil(t, n.NextSibling)
			assert.Equal(t, "zh", classOf(n.NextSibling), "behind each English text stands the Chinese one")
			assert.Equal(t, "zh-Hans", attributeOf(n.NextSibling, "lang"))
			pairs++
			return
		case n.Type == html.ElementNode && (classOf(n) == "zh" || attributeOf(n, "lang") == "en" && n.Data != "html"): // that is quoted
			return
		case n.Type == html.TextNode && n.Parent.Data != "title" && (n.Parent.Data != "label" || attributeOf(n.Parent, "lang") == ""):
			text := strings.Join(strings.Fields(n.Data), " ")
			if measured.ReplaceAllString(text, "") != "" {
				assert.True(t, strings.Contains(known, strings.Trim(text, "… ·")), "a text in one language alone: %q in %s", text, classOf(n.Parent))
			}
		}
		for _, a := range n.Attr {
			if a.Key == "aria-label" || a.Key == "placeholder" || a.Key == "title" {
				assert.Regexp(t, `\p{Han}`, attributeOf(n, "data-"+a.Key), "%s of %s", a.Key, n.Data)
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(document)
	assert.Greater(t, pairs, 15)
}

// TestEveryTextOfTheOtherPagesIsInBothLanguages does so with the pages of a history and the self-test.
func TestEveryTextOfTheOtherPagesIsInBothLanguages(t *testing.T) {
	head, scenarios := sample()
	named := []string{head.Target.Name}
	for _, s := range scenarios {
		named = append(named, s.Name)
	}
	for _, file := range otherPages(t, report.English) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			page, err := os.ReadFile(file)
			require.NoError(t, err)
			assert.Contains(t, string(page), `<html lang="en" data-lang="zh-Hans" data-asked>`)
			assertBothLanguages(t, page, strings.Join(named, "\n"))
		})
	}
}

func TestReportsAreWrittenInChinese(t *testing.T) {
	reader := sampleReader(t)
	reader.Language = report.Chinese
	golden(t, "report.zh.md", written(t, reader, "md"))
	page := string(written(t, reader, "html"))
	assert.Contains(t, page, `<html lang="zh-Hans" data-lang="en" data-asked>`)
	assert.Contains(t, page, `value="zh-Hans" checked>`)
	assert.Contains(t, page, `<span class="zh" lang="zh-Hans">不可验证：测试方无法从外部触发。</span>`)
	var out bytes.Buffer
	terminal, err := report.NewTerminal(&out, reader, false)
	require.NoError(t, err)
	require.NoError(t, terminal.Scenarios())
	require.NoError(t, terminal.Causes())
	require.NoError(t, terminal.Conclusion([]string{"reports/report.json", "reports/report.html"}))
	golden(t, "terminal.zh.txt", out.Bytes())
}

// TestWhyIsSaidInBothLanguages holds that a page says in Chinese, too, why a scenario did not run and what is left changed.
func TestWhyIsSaidInBothLanguages(t *testing.T) {
	skipped := passedScenario()
	skipped.Outcome, skipped.Reason = verdict.Skipped, "the target lists too few instances that are RUNNING"
	scenarios := []verdict.Scenario{skipped}
	head := headOf(scenarios, nil)
	head.Unrestored = []verdict.Unrestored{{Instance: "ins-b7", Type: "z2a.cpu.2", Reason: "it is RUNNING"}}
	reader := readerOf(t, head, scenarios)
	page := string(written(t, reader, "html"))
	for place, count := range map[string]int{
		`<span class="en">the target lists too few instances that are RUNNING</span><span class="zh" lang="zh-Hans">测试目标所列的 RUNNING 状态的实例不足</span>`: 2, // its group, itself
		"其状态为 RUNNING": 1,
	} {
		assert.Equal(t, count, strings.Count(page, place), place)
	}
	reader.Language = report.Chinese
	assert.Contains(t, string(written(t, reader, "md")), "其状态为 RUNNING")
}

// TestTheEndOfARunFitsItsTerminal in both languages: texts are folded below themselves, and a
// command stays in one piece, so that it can be copied.
func TestTheEndOfARunFitsItsTerminal(t *testing.T) {
	for _, language := range []report.Language{report.English, report.Chinese} {
		reader := sampleReader(t)
		reader.Language = language
		var out bytes.Buffer
		terminal, err := report.NewTerminal(&out, reader, false)
		require.NoError(t, err)
		terminal.Width = 80
		require.NoError(t, terminal.Scenarios())
		require.NoError(t, terminal.Causes())
		require.NoError(t, terminal.Conclusion([]string{"reports/report.json", "reports/report.html"}))
		for line := range strings.Lines(out.String()) {
			assert.True(t, strings.Contains(line, "conformance run ") || table.Width(strings.TrimSuffix(line, "\n")) <= 80, line)
		}
		assert.Regexp(t, `\n\S+ +M-STATUS-DENIED.*\n {14}\S`, out.String(), "what follows stands below the text, not below its label")
		assert.Contains(t, out.String(), "conformance run --scenario 'MIT-STATUS-01[RUNNING]' --seed 7\n")
	}
}
