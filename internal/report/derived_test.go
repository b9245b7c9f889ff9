package report_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	messages "github.com/cucumber/messages/go/v21"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// published compiles a schema that a format's makers have published.
func published(t *testing.T, folder, name string) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	files, err := filepath.Glob(filepath.Join("testdata", "schemas", folder, "*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		require.NoError(t, err)
		doc.(map[string]any)["$id"] = "https://schema.example/" + filepath.Base(file)
		require.NoError(t, compiler.AddResource("https://schema.example/"+filepath.Base(file), doc))
	}
	s, err := compiler.Compile("https://schema.example/" + name)
	require.NoError(t, err)
	return s
}

// readers are runs that a format must be able to show.
func readers(t *testing.T) map[string]*report.Reader {
	t.Helper()
	hostile := []verdict.Scenario{hostileScenario()}
	binary := verdict.Scenario{ID: "BARE-01", Outcome: verdict.Passed, Start: noon, Exchanges: []wire.Exchange{{
		Attempt: 1, Timing: wire.Timing{Start: noon},
		Sent:     wire.Sent{Method: "POST", URL: "http://127.0.0.1/api/v2/zec", Body: wire.Body("\xfe\x01")},
		Received: &wire.Received{Status: 200, Body: wire.Body("\xff\x00")}}}}
	head, known := waived()
	changed, passed := leftChanged()
	stopped := challenged()
	return map[string]*report.Reader{
		"challenge":     readerOf(t, headOf(stopped, sampleClauses()[4:]), stopped),
		"waived":        readerOf(t, head, known),
		"left changed":  readerOf(t, changed, passed),
		"every outcome": sampleReader(t),
		"nothing":       readerOf(t, headOf(nil, nil), nil),
		"hostile":       readerOf(t, headOf(hostile, nil), hostile),
		"bare":          readerOf(t, headOf([]verdict.Scenario{binary}, nil), []verdict.Scenario{binary}),
	}
}

func TestDerivedJSONKeepsThePublishedSchemas(t *testing.T) {
	for format, s := range map[string]*jsonschema.Schema{
		"har":  published(t, "har", "har.json"),
		"ctrf": published(t, "ctrf", "ctrf-schema-0.0.json"),
	} {
		for name, stored := range readers(t) {
			t.Run(format+" of "+name, func(t *testing.T) {
				doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(written(t, stored, format)))
				require.NoError(t, err)
				assert.NoError(t, s.Validate(doc))
			})
		}
	}
}

func TestCTRFCallsNeitherPassedNorFailedWhatWasNotJudged(t *testing.T) {
	var doc struct {
		Results struct {
			Summary map[string]int64 `json:"summary"`
			Tests   []struct{ Name, Status, RawStatus string }
		}
	}
	require.NoError(t, json.Unmarshal(written(t, sampleReader(t), "ctrf"), &doc))
	counted := map[string]int64{"tests": int64(len(doc.Results.Tests))}
	for _, test := range doc.Results.Tests {
		counted[test.Status]++
		if test.RawStatus == "inconclusive" || test.RawStatus == "broken" {
			assert.Equal(t, "other", test.Status, test.Name)
		}
	}
	for _, name := range []string{"tests", "passed", "failed", "skipped", "other"} {
		assert.Equal(t, doc.Results.Summary[name], counted[name], name)
	}
	assert.Equal(t, int64(2), counted["other"])
}

// TestWhatIsNotPutBackIsSaidInEveryFormat holds what a reader must not miss, whatever
// report is looked at: instance, the type it is to have, and what it has.
func TestWhatIsNotPutBackIsSaidInEveryFormat(t *testing.T) {
	stored := readers(t)["left changed"]
	for _, format := range report.Formats() {
		text := string(written(t, stored, format.Name))
		for _, want := range []string{"ins-b7", "z2a.cpu.2", "it has the type z2a.cpu.4"} {
			assert.Contains(t, text, want, format.Name)
		}
	}
	assert.Equal(t, verdict.SelectedPassed, stored.Head.Verdict)
	assert.Equal(t, verdict.ExitInconclusive, stored.Head.ExitCode(true), "no run that leaves an instance changed is green")
	doc := readJUnit(t, written(t, stored, "junit"))
	assert.Equal(t, []int{2, 1}, []int{doc.Tests, doc.Errors})
	assert.Contains(t, string(written(t, stored, "messages")), `"success":false`)
}

func TestWhatIsWaivedIsNeitherPassedNorFailed(t *testing.T) {
	stored := readers(t)["waived"]
	doc := readJUnit(t, written(t, stored, "junit"))
	assert.Equal(t, []int{1, 0, 1}, []int{doc.Tests, doc.Failures, doc.Skipped})
	assert.Len(t, doc.Suites[0].Cases[0].Skipped, 1)
	ctrf := string(written(t, stored, "ctrf"))
	assert.Contains(t, ctrf, `"passed":0,"failed":0,"skipped":1`)
	assert.Contains(t, ctrf, `"status":"skipped","rawStatus":"failed"`)
	assert.Regexp(t, `(?m)^::warning file=features/resize/refused\.feature,line=23,`, string(written(t, stored, "annotations")))
}

func TestHARHoldsEveryExchangeWithItsBytes(t *testing.T) {
	type message struct {
		Text, Encoding string
	}
	var doc struct {
		Log struct {
			Pages   []struct{ ID string }
			Entries []struct {
				Pageref  string
				Request  struct{ PostData message }
				Response struct {
					Status  int
					Content message
					Error   string `json:"_error"`
				}
			}
		}
	}
	require.NoError(t, json.Unmarshal(written(t, sampleReader(t), "har"), &doc))
	head, scenarios := sample()
	assert.Len(t, doc.Log.Entries, head.Summary.Exchanges)
	pages := map[string]bool{}
	for _, page := range doc.Log.Pages {
		pages[page.ID] = true
	}
	i := 0
	for _, s := range scenarios {
		for _, x := range s.Exchanges {
			got := doc.Log.Entries[i]
			i++
			assert.True(t, pages[got.Pageref], "the page %s stands in the list", got.Pageref)
			assert.Equal(t, string(x.Sent.Body), got.Request.PostData.Text)
			if x.Received == nil {
				assert.Equal(t, "timeout: no answer within 30s", got.Response.Error)
				assert.Zero(t, got.Response.Status)
				continue
			}
			assert.Equal(t, string(x.Received.Body), got.Response.Content.Text)
		}
	}
	var bare = written(t, readers(t)["bare"], "har")
	assert.Contains(t, string(bare), `"text":"/wA=","encoding":"base64"`)
}

// stream reads messages as their consumers do.
func stream(t *testing.T, data []byte) []messages.Envelope {
	t.Helper()
	var envelopes []messages.Envelope
	for line := range bytes.Lines(data) {
		var e messages.Envelope
		dec := json.NewDecoder(bytes.NewReader(line))
		dec.DisallowUnknownFields()
		require.NoError(t, dec.Decode(&e))
		envelopes = append(envelopes, e)
	}
	return envelopes
}

func TestMessagesNeverShowAScenarioBetterThanItEnded(t *testing.T) {
	silent := failedScenario() // the contract found what no step tells
	silent.ID = "SILENT-01"
	for i := range silent.Steps {
		silent.Steps[i].Outcome, silent.Steps[i].Message = verdict.Passed, ""
	}
	early := passedScenario() // ended before its first step
	early.ID, early.Outcome, early.Reason = "EARLY-01", verdict.Inconclusive, "the run was interrupted"
	for i := range early.Steps {
		early.Steps[i].Outcome = verdict.NotReached
	}
	unrestored := passedScenario() // ended after its last step
	unrestored.ID, unrestored.Outcome, unrestored.Reason = "LATE-01", verdict.Broken, "restore the instances: no"
	_, scenarios := sample()
	scenarios = append(scenarios, silent, early, unrestored)

	worst := map[string]messages.TestStepResultStatus{}
	test := map[string]string{}
	name := map[string]string{}
	rank := map[messages.TestStepResultStatus]int{"PASSED": 0, "SKIPPED": 1, "UNKNOWN": 2, "FAILED": 3}
	success := true
	for _, e := range stream(t, written(t, readerOf(t, headOf(scenarios, nil), scenarios), "messages")) {
		switch {
		case e.Pickle != nil:
			name[e.Pickle.Id], _, _ = strings.Cut(e.Pickle.Name, ":")
		case e.TestCase != nil:
			test[e.TestCase.Id] = name[e.TestCase.PickleId]
		case e.TestCaseStarted != nil:
			test[e.TestCaseStarted.Id] = test[e.TestCaseStarted.TestCaseId]
		case e.TestStepFinished != nil:
			id, status := test[e.TestStepFinished.TestCaseStartedId], e.TestStepFinished.TestStepResult.Status
			if now, seen := worst[id]; !seen || rank[status] > rank[now] {
				worst[id] = status
			}
		case e.TestRunFinished != nil:
			success = e.TestRunFinished.Success
		}
	}
	want := map[verdict.Outcome]messages.TestStepResultStatus{
		verdict.Passed: "PASSED", verdict.Failed: "FAILED", verdict.Broken: "FAILED", verdict.Skipped: "SKIPPED", verdict.Inconclusive: "UNKNOWN",
	}
	for _, s := range scenarios {
		assert.Equal(t, want[s.Outcome], worst[s.ID], s.ID)
	}
	assert.False(t, success)
}

func TestAnnotationsStandAtTheFailingLineAndStayOneLine(t *testing.T) {
	text := string(written(t, sampleReader(t), "annotations"))
	lines := strings.Split(strings.TrimSpace(text), "\n")
	require.Len(t, lines, 3, "a failed, an inconclusive and a broken scenario")
	assert.True(t, strings.HasPrefix(lines[0], "::error file=features/resize/refused.feature,line=23,title=MIT-STATUS-01[RUNNING] failed::"), lines[0])
	assert.True(t, strings.HasPrefix(lines[1], "::warning file=features/resize/refused.feature,line=41,title=MIT-PARAM-01 inconclusive::"), lines[1])
	assert.True(t, strings.HasPrefix(lines[2], "::error file=features/resize/refused.feature,line=61,"), lines[2])
	assert.Contains(t, lines[0], "%0AM-STATUS-DENIED (M): /code: want")

	for line := range strings.Lines(string(written(t, readers(t)["hostile"], "annotations"))) {
		assert.Regexp(t, `^::error file=features/[^,:]*,line=\d+,title=[^,:]*::`, line)
	}
}

func TestAnnotationsOfAFindingNoStepTellsStandAtTheStepThatSentIt(t *testing.T) {
	s := failedScenario()
	for i := range s.Steps {
		s.Steps[i].Outcome, s.Steps[i].Message = verdict.Passed, ""
	}
	stored := readerOf(t, headOf([]verdict.Scenario{s}, nil), []verdict.Scenario{s})
	stored.Features = "my:own, features"
	assert.Contains(t, string(written(t, stored, "annotations")), "file=my%3Aown%2C features/resize/refused.feature,line=22,")

	s.Outcome, s.Findings[0].Level = verdict.Passed, verdict.Should
	text := string(written(t, readerOf(t, headOf([]verdict.Scenario{s}, nil), []verdict.Scenario{s}), "annotations"))
	assert.Contains(t, text, "::warning file=features/resize/refused.feature,line=22,")
}

func TestPrintLeavesOutWhatIsAFile(t *testing.T) {
	var text bytes.Buffer
	require.NoError(t, report.Print(&text, sampleReader(t), report.Formats()))
	assert.Equal(t, string(written(t, sampleReader(t), "annotations")), text.String())
}
