package report_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares a document with testdata, or rewrites it.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, got, 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "run the test with -update to write it")
	assert.Equal(t, string(want), string(got), "run the test with -update when the change is meant")
}

// written writes one format and returns its bytes.
func written(t testing.TB, reader *report.Reader, name string) []byte {
	t.Helper()
	formats, err := report.Pick(name)
	require.NoError(t, err)
	if formats[0].File == "" {
		var text bytes.Buffer
		require.NoError(t, report.Print(&text, reader, formats))
		return text.Bytes()
	}
	dir := t.TempDir()
	require.NoError(t, report.Write(reader, dir, formats))
	data, err := os.ReadFile(filepath.Join(dir, formats[0].File))
	require.NoError(t, err)
	return data
}

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	s, err := compiler.Compile(filepath.Join("..", "..", "reports", "report.schema.json"))
	require.NoError(t, err)
	return s
}

func TestReportIsWrittenAsTheGoldenFileSaysAndValid(t *testing.T) {
	got := written(t, sampleReader(t), "json")
	golden(t, "report.json", got)
	assertValid(t, got)
}

// TestAReportThatIsReadHasEveryMember writes a report that has every member, and writes it
// again from what was read.
func TestAReportThatIsReadHasEveryMember(t *testing.T) {
	head, scenarios := sample()
	head.Fault, head.Call, head.Repeat, head.Features.Title = verdict.FaultHarness, "conformance call", "conformance run", "resizes"
	head.Recording = &verdict.Recording{Endpoints: []string{"http://127.0.0.1:8080"}, NoEvidence: map[string]int{}}
	head.Fixture = &verdict.Fixture{Complete: true, Exchanges: []wire.Exchange{exchange(0, "ModifyInstanceType", "{}", 200, "{}")}}
	head.Waivers = []verdict.WaiverResult{{State: verdict.WaiverApplied}}
	head.Unrestored = []verdict.Unrestored{{Instance: "ins-a1"}}
	for i, fields := 0, reflect.ValueOf(head); i < fields.NumField(); i++ {
		name := fields.Type().Field(i).Name
		require.True(t, name == "Scenarios" || !fields.Field(i).IsZero(), "give %s a value here", name)
	}
	text := written(t, readerOf(t, head, scenarios), "json")
	path := filepath.Join(t.TempDir(), "report.json")
	require.NoError(t, os.WriteFile(path, text, 0o600))
	reader, err := report.Open(path)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, reader.Close()) })
	assert.Equal(t, string(text), string(written(t, reader, "json")))
}

func assertValid(t *testing.T, data []byte) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	require.NoError(t, err)
	assert.NoError(t, schema(t).Validate(doc))
}

func TestReportOfNothingIsValid(t *testing.T) {
	got := written(t, readerOf(t, headOf(nil, nil), nil), "json")
	assertValid(t, got)
	assert.Contains(t, string(got), `"scenarios": [],`)
}

func TestReportWithBareAndHostileScenariosIsValid(t *testing.T) {
	bare := verdict.Scenario{ID: "BARE-01", Outcome: verdict.Passed,
		Exchanges:    []wire.Exchange{{Attempt: 1, Sent: wire.Sent{Method: "POST"}, Received: &wire.Received{Status: 200, Body: wire.Body("\xff\x00")}}},
		Trajectories: []verdict.Trajectory{{Instance: "ins-1"}}}
	hostile := hostileScenario()
	scenarios := []verdict.Scenario{bare, hostile}
	got := written(t, readerOf(t, headOf(scenarios, nil), scenarios), "json")
	assertValid(t, got)
	assertNoControls(t, got)

	var back verdict.Run
	require.NoError(t, json.Unmarshal(got, &back))
	assert.Equal(t, hostile.Exchanges[0].Received.Body, back.Scenarios[1].Exchanges[0].Received.Body, "evidence is kept to the byte")
	assert.Equal(t, wire.Body("\xff\x00"), back.Scenarios[0].Exchanges[0].Received.Body)
}

func TestSchemaRejectsBrokenReports(t *testing.T) {
	type object = map[string]any
	scenarioOf := func(doc object, i int) object { return doc["scenarios"].([]any)[i].(object) }
	exchangeOf := func(doc object) object { return scenarioOf(doc, 0)["exchanges"].([]any)[0].(object) }
	cases := map[string]func(doc object){
		"no verdict":                    func(d object) { delete(d, "verdict") },
		"a verdict that is none":        func(d object) { d["verdict"] = "green" },
		"another schema version":        func(d object) { d["schemaVersion"] = "3.0" },
		"an unknown member":             func(d object) { d["extra"] = 1 },
		"no scenarios":                  func(d object) { d["scenarios"] = nil },
		"a count below zero":            func(d object) { d["summary"].(object)["findings"] = -1 },
		"a time outside UTC":            func(d object) { d["volatile"].(object)["started"] = "2025-03-04T13:00:00+01:00" },
		"a digest that is none":         func(d object) { d["contract"].(object)["sha256"] = "abc" },
		"an outcome that is none":       func(d object) { scenarioOf(d, 0)["outcome"] = "green" },
		"a failure without a finding":   func(d object) { delete(scenarioOf(d, 1), "findings") },
		"a skip without a reason":       func(d object) { delete(scenarioOf(d, 4), "reason") },
		"an unknown member of scenario": func(d object) { scenarioOf(d, 0)["note"] = "" },
		"a clause without source mark":  func(d object) { scenarioOf(d, 0)["clauses"] = []any{"STOPPED-ONLY"} },
		"a request without a method":    func(d object) { delete(exchangeOf(d)["request"].(object), "method") },
		"a header that is no list":      func(d object) { exchangeOf(d)["request"].(object)["headers"] = object{"Host": "x"} },
		"a body that is an object":      func(d object) { exchangeOf(d)["response"].(object)["body"] = object{"a": 1} },
		"attempt zero":                  func(d object) { exchangeOf(d)["attempt"] = 0 },
	}
	s, report := schema(t), written(t, sampleReader(t), "json")
	for name, breakIt := range cases {
		t.Run(name, func(t *testing.T) {
			doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(report))
			require.NoError(t, err)
			require.NoError(t, s.Validate(doc))
			breakIt(doc.(object))
			// Through JSON again: the validator knows the types of its own decoder only.
			again, err := json.Marshal(doc)
			require.NoError(t, err)
			doc, err = jsonschema.UnmarshalJSON(bytes.NewReader(again))
			require.NoError(t, err)
			assert.Error(t, s.Validate(doc))
		})
	}
}

func TestSchemaClosesEveryObject(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "reports", "report.schema.json"))
	require.NoError(t, err)
	var doc any
	require.NoError(t, json.Unmarshal(data, &doc))
	closed := 0
	var walk func(at string, v any)
	walk = func(at string, v any) {
		switch v := v.(type) {
		case map[string]any:
			if v["type"] == "object" {
				assert.Contains(t, v, "additionalProperties", at)
				closed++
			}
			for name, member := range v {
				walk(at+"/"+name, member)
			}
		case []any:
			for _, item := range v {
				walk(at, item)
			}
		}
	}
	walk("", doc)
	assert.Greater(t, closed, 15)
}

// hostileScenario failed at an endpoint that attacks whoever reads the report.
func hostileScenario() verdict.Scenario {
	const attack = "\x1b]0;owned\x07\x1b[31m\u009b2J\u202e<script>alert(1)</script>|`*_[x](http://evil.example)\n::error file=a::boom\r\n" +
		"</table></details>\x00\ufffe @everyone ]]> \xff"
	s := failedScenario()
	s.ID = "HOSTILE-01"
	s.Exchanges[1].Received.Body = wire.Body(attack)
	s.Exchanges[1].Received.Header["X-Attack"] = []string{attack}
	s.Exchanges[0].Received.Body = wire.Body(strings.ReplaceAll(attack, "\xff", ""))
	s.Findings[0].Got, s.Findings[0].Where, s.Findings[0].RequestID = attack, "/"+attack, attack
	s.Steps[2].Message = s.Findings[0].Error()
	s.Reason = attack
	s.Trajectories = []verdict.Trajectory{{Instance: attack, From: attack, To: attack, Start: noon,
		Observations: []verdict.Observation{{Asked: 0, Seen: 1, Status: attack}, {Asked: 5, Seen: 9, Status: "STOPPED"}}}}
	s.Choices = []verdict.Choice{{Clause: "M-GPU", Answer: attack}}
	return s
}

// assertNoControls checks that nothing in a document steers a terminal or reorders text.
func assertNoControls(t *testing.T, data []byte) {
	t.Helper()
	for i, r := range string(data) {
		steers := r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
		if steers {
			t.Fatalf("control character %U at byte %d: %q", r, i, data[max(0, i-40):i])
		}
	}
}
