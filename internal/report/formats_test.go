package report_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/verdict"
)

func TestDerivedFormatsAreAsTheGoldenFilesSay(t *testing.T) {
	for _, file := range []struct{ format, name string }{
		{"junit", "junit.xml"}, {"md", "report.md"}, {"html", "report.html"}, {"messages", "messages.ndjson"},
		{"ctrf", "ctrf.json"}, {"har", "exchanges.har"}, {"annotations", "annotations.txt"},
	} {
		t.Run(file.format, func(t *testing.T) { golden(t, file.name, written(t, sampleReader(t), file.format)) })
	}
}

func TestEveryFormatSurvivesAHostileEndpoint(t *testing.T) {
	scenarios := []verdict.Scenario{hostileScenario()}
	for _, outcome := range []verdict.Outcome{verdict.Inconclusive, verdict.Skipped, verdict.Broken} {
		s := hostileScenario()
		s.ID, s.Outcome = "HOSTILE-"+string(outcome), outcome
		scenarios = append(scenarios, s)
	}
	stored := readerOf(t, headOf(scenarios, sampleClauses()), scenarios)
	for _, format := range report.Formats() {
		t.Run(format.Name, func(t *testing.T) {
			got := written(t, stored, format.Name)
			assertNoControls(t, got)
			if format.Name == "html" || format.Name == "md" {
				assert.NotContains(t, string(got), "<script>alert")
			}
			if format.Name == "md" || format.Name == "junit" {
				assert.NotRegexp(t, `(?m)^\s*::`, string(got), "no line is a command of a CI service")
			}
		})
	}
}

func TestMarkdownTablesKeepTheirShapeWhateverTheServerSays(t *testing.T) {
	scenarios := []verdict.Scenario{hostileScenario()}
	text := string(written(t, readerOf(t, headOf(scenarios, nil), scenarios), "md"))
	rows := 0
	for _, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, "| M-STATUS-DENIED") {
			rows++
			assert.Equal(t, 8, strings.Count(line, "|"), "seven cells: %s", line)
			assert.NotContains(t, line, "@everyone")
			assert.NotContains(t, line, "](")
		}
	}
	assert.Equal(t, 1, rows)
}

func TestMarkdownStaysBelowTheLimitAndSaysWhatIsCut(t *testing.T) {
	long := hostileScenario()
	long.Findings[0].Got = strings.Repeat("|<`", 500)
	for range 6 {
		long.Findings = append(long.Findings, long.Findings[0])
	}
	long.Reason = strings.Repeat("x[", 500)
	var scenarios []verdict.Scenario
	for _, outcome := range []verdict.Outcome{verdict.Failed, verdict.Skipped, verdict.Broken} {
		for i := range 200 {
			s := long
			s.Outcome, s.Exchanges = outcome, nil
			s.Reason += fmt.Sprint(" ", i) // each for a reason of its own
			s.Findings = slices.Clone(long.Findings)
			for j := range s.Findings {
				s.Findings[j].Want = fmt.Sprint("another ", i%7, outcome, j)
			}
			scenarios = append(scenarios, s)
		}
	}
	head := headOf(scenarios, nil)
	got := string(written(t, readerOf(t, head, scenarios), "md"))
	assert.Less(t, len(got), 1<<20)
	assert.Regexp(t, `\d+ more are left out here`, got)
	assert.Less(t, strings.Index(got, "## Findings"), strings.Index(got, "## Not judged"))
	assert.Contains(t, got, "## Findings (4200)", "the heading counts them all")
	assert.Contains(t, got, "## Not judged (200)", "the heading counts them all")
}

// junit is what a reader of junit.xml sees.
type junit struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
	Errors   int `xml:"errors,attr"`
	Skipped  int `xml:"skipped,attr"`
	Suites   []struct {
		Name     string `xml:"name,attr"`
		Tests    int    `xml:"tests,attr"`
		Failures int    `xml:"failures,attr"`
		Errors   int    `xml:"errors,attr"`
		Skipped  int    `xml:"skipped,attr"`
		Cases    []struct {
			Name    string     `xml:"name,attr"`
			Failure []junitEnd `xml:"failure"`
			Error   []junitEnd `xml:"error"`
			Skipped []junitEnd `xml:"skipped"`
		} `xml:"testcase"`
	} `xml:"testsuite"`
}

type junitEnd struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

func readJUnit(t *testing.T, data []byte) junit {
	t.Helper()
	var doc junit
	require.NoError(t, xml.Unmarshal(data, &doc))
	return doc
}

func TestJUnitCountsEachOutcomeOnceAndInItsElement(t *testing.T) {
	doc := readJUnit(t, written(t, sampleReader(t), "junit"))
	assert.Equal(t, []int{6, 1, 2, 1}, []int{doc.Tests, doc.Failures, doc.Errors, doc.Skipped})
	require.Len(t, doc.Suites, 2)
	tests, failures, errs, skipped := 0, 0, 0, 0
	for _, s := range doc.Suites {
		assert.Len(t, s.Cases, s.Tests)
		for _, c := range s.Cases {
			tests, failures, errs, skipped = tests+1, failures+len(c.Failure), errs+len(c.Error), skipped+len(c.Skipped)
			assert.LessOrEqual(t, len(c.Failure)+len(c.Error)+len(c.Skipped), 1, c.Name)
		}
	}
	assert.Equal(t, []int{6, 1, 2, 1}, []int{tests, failures, errs, skipped})
	failed := doc.Suites[1].Cases[0]
	assert.Equal(t, "MIT-STATUS-01[RUNNING]: An instance that is not stopped is refused", failed.Name)
	assert.Equal(t, failedScenario().Findings[0].Error(), failed.Failure[0].Message)
	assert.Contains(t, failed.Failure[0].Text, "--scenario 'MIT-STATUS-01[RUNNING]'")
}

func TestJUnitOfARunWithoutScenariosIsRed(t *testing.T) {
	doc := readJUnit(t, written(t, readerOf(t, headOf(nil, nil), nil), "junit"))
	assert.Equal(t, []int{1, 1}, []int{doc.Tests, doc.Errors})
	assert.Equal(t, "no scenario ran", doc.Suites[0].Cases[0].Error[0].Message)
}

func TestJUnitShowsEveryFindingOfAScenario(t *testing.T) {
	s := failedScenario()
	s.Findings = append(s.Findings, verdict.Finding{Clause: "R-JSON", Source: "R", Level: verdict.Must, Where: "body", Want: "JSON", Got: "none"})
	scenarios := []verdict.Scenario{s}
	failure := readJUnit(t, written(t, readerOf(t, headOf(scenarios, nil), scenarios), "junit")).Suites[0].Cases[0].Failure[0]
	assert.Contains(t, failure.Message, "(and 1 more)")
	for _, f := range s.Findings {
		assert.Contains(t, failure.Text, f.Error())
	}
}

var policy = regexp.MustCompile(`Content-Security-Policy" content="([^"]+)"`)

func TestPageRunsNothingAndLoadsNothing(t *testing.T) {
	scenarios := []verdict.Scenario{hostileScenario()}
	got := string(written(t, readerOf(t, headOf(scenarios, sampleClauses()), scenarios), "html"))
	found := policy.FindStringSubmatch(got)
	require.NotNil(t, found)
	inside := func(tag string) string {
		require.Equal(t, 1, strings.Count(got, "<"+tag+">"), tag)
		text := got[strings.Index(got, "<"+tag+">")+len(tag)+2 : strings.Index(got, "</"+tag+">")]
		sum := sha256.Sum256([]byte(text))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	assert.Equal(t, "default-src 'none'; style-src "+inside("style")+"; script-src "+inside("script")+
		"; base-uri 'none'; form-action 'none'", found[1])
	for _, loads := range []string{"<script ", "<link", "<img", "<iframe", "url(", "@import", " style=", "javascript:", " onload"} {
		assert.NotContains(t, strings.ToLower(got), strings.ToLower(loads))
	}
}

func TestPageCarriesNoDataInItsScript(t *testing.T) {
	script := func(page []byte) string {
		text := string(page)
		return text[strings.Index(text, "<script>"):strings.Index(text, "</script>")]
	}
	assert.Equal(t, script(written(t, sampleReader(t), "html")), script(written(t, readerOf(t, headOf(nil, nil), nil), "html")))
}

func TestPageIsWellFormedAndItsLinksLeadSomewhere(t *testing.T) {
	hostile := hostileScenario()
	_, scenarios := sample()
	scenarios = append(scenarios, hostile)
	got := string(written(t, readerOf(t, headOf(scenarios, sampleClauses()), scenarios), "html"))

	open := map[string]int{}
	for _, tag := range regexp.MustCompile(`<(/?)(section|details|summary|article|table|tbody|tr|td|ul|ol|li|dl|div|p|pre|svg|figure|span|a|main|header|nav|fieldset)\b`).FindAllStringSubmatch(got, -1) {
		if tag[1] == "/" {
			open[tag[2]]--
		} else {
			open[tag[2]]++
		}
	}
	for tag, left := range open {
		assert.Zero(t, left, "<%s> opened and closed", tag)
	}

	places := map[string]int{}
	for _, id := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(got, -1) {
		places[id[1]]++
		assert.Equal(t, 1, places[id[1]], "id %s stands once", id[1])
	}
	links := regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(got, -1)
	assert.NotEmpty(t, links)
	for _, link := range links {
		name := strings.NewReplacer("%5b", "[", "%5d", "]", "%5B", "[", "%5D", "]").Replace(link[1])
		if strings.HasPrefix(name, "M-RESIZE-SAME-TYPE") { // the sample's clauses are a few only
			continue
		}
		assert.Equal(t, 1, places[name], "link to %s", name)
	}
}

func TestPageShowsTheEvidence(t *testing.T) {
	got := string(written(t, sampleReader(t), "html"))
	for _, want := range []string{
		"Not conformant", "https://api.staging.example.com", "OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT", requestID(12),
		"status &lt;RUNNING&gt; not allowed", "只有状态为 STOPPED 的实例才可以变更规格。", "RESIZING seen from 320ms to 1.102s.",
		"conformance run --scenario &#39;MIT-STATUS-01[RUNNING]&#39; --seed 7", "no answer within 30s", "attempt 3",
	} {
		assert.Contains(t, got, want)
	}
}

func TestPickKnowsItsFormats(t *testing.T) {
	picked, err := report.Pick("md", "json", "md")
	require.NoError(t, err)
	require.Len(t, picked, 2)
	assert.Equal(t, []string{"report.json", "report.md"}, []string{picked[0].File, picked[1].File})
	_, err = report.Pick("pdf")
	assert.EqualError(t, err, `no report format "pdf": choose from json, html, junit, md, messages, ctrf, har, annotations`)
}

func TestWriteIsWholeOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "report.json"), []byte("earlier"), 0o644))
	boom := errors.New("disk full")
	formats, err := report.Pick("json")
	require.NoError(t, err)
	err = report.Write(sampleReader(t), dir, append(formats, report.Failing("report.md", boom)))
	require.ErrorIs(t, err, boom)
	assert.EqualError(t, err, "write "+filepath.Join(dir, "report.md")+": disk full")
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, left, 1, "nothing half-written is left")
	data, err := os.ReadFile(filepath.Join(dir, "report.json"))
	require.NoError(t, err)
	assert.Equal(t, "earlier", string(data))
}

func TestWriteFailsWhenTheReportCannotBeRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.json")
	require.NoError(t, os.WriteFile(path, written(t, sampleReader(t), "json"), 0o600))
	stored, err := report.Open(path)
	require.NoError(t, err)
	require.NoError(t, stored.Close())
	for _, format := range report.Formats() {
		dir := t.TempDir()
		err := errors.Join(report.Write(stored, dir, []report.Format{format}), report.Print(io.Discard, stored, []report.Format{format}))
		require.Error(t, err, format.Name)
		left, err := os.ReadDir(dir)
		require.NoError(t, err)
		assert.Empty(t, left, format.Name)
	}
}
