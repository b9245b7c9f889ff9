package report_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// noon is when every sample run started.
var noon = time.Date(2025, 3, 4, 12, 0, 0, 0, time.UTC)

// sampleClauses are a few clauses of each status.
func sampleClauses() []verdict.ClauseResult {
	clause := func(id, operation, text, zh string, status verdict.ClauseStatus, scenarios ...string) verdict.ClauseResult {
		return verdict.ClauseResult{
			Clause: verdict.Clause{
				ID: id, Source: verdict.Source(id[:1]), Level: verdict.Must, Operation: operation, Text: text, TextZh: zh,
				Pointers: []string{"/paths/~1api~1v2~1zec#" + operation + "/post"},
			},
			Status: status, Scenarios: scenarios, Exchanges: 3 * len(scenarios),
		}
	}
	const resize = "ModifyInstanceType"
	unseen := clause("E-INTERNAL", "", "An internal error of the service is answered with 500 INTERNAL_SERVER_ERROR.", "", verdict.Untestable)
	unseen.Untestable, unseen.UntestableZh = "a tester cannot bring it about from outside", "测试方无法从外部触发"
	return []verdict.ClauseResult{
		clause("M-RESIZE", resize, "A stopped instance is changed to the type named.", "变更实例规格。", verdict.Proved, "MIT-RESIZE-01"),
		clause("M-RESIZE-RESIZING", resize, "While the change runs, the status is RESIZING and no other.", "", verdict.Proved, "MIT-RESIZE-01"),
		clause("M-STOPPED-ONLY", resize, "Only an instance whose status is STOPPED can be resized.", "只有状态为 STOPPED 的实例才可以变更规格。", verdict.Proved, "MIT-STATUS-01[BOOTING]"),
		clause("M-STATUS-DENIED", resize, "A status that does not allow the operation is answered with 400 OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT.", "", verdict.Violated, "MIT-STATUS-01[RUNNING]", "MIT-STATUS-01[BOOTING]"),
		clause("M-GPU", resize, "A GPU instance cannot be resized.", "GPU 实例不支持变更规格。", verdict.Unproved, "MIT-GPU-01"),
		clause("R-REQUEST-ID-EQUAL", "", "The two request ids of a success are equal.", "", verdict.Proved, "MIT-RESIZE-01"),
		clause("E-MISSING", "", "A missing required parameter is answered with 400 MISSING_PARAMETER.", "", verdict.Unproved, "MIT-PARAM-01"),
		unseen,
	}
}

// exchange is a signed call and its answer; status 0 means that none arrived.
func exchange(at time.Duration, action, request string, status int, response string) wire.Exchange {
	e := wire.Exchange{
		Operation: wire.Operation{Path: "/api/v2/zec", Action: action, Version: "2024-04-01"},
		Effect:    wire.Reads, Attempt: 1,
		Sent: wire.Sent{
			Method: "POST", URL: "http://127.0.0.1:8080/api/v2/zec",
			Header: http.Header{
				"Authorization": {"ZC2-HMAC-SHA256 Credential=***, SignedHeaders=content-type;host, Signature=***"},
				"Content-Type":  {"application/json"}, "X-Zc-Action": {action}, "X-Zc-Version": {"2024-04-01"},
			},
			Body: wire.Body(request),
		},
		Timing: wire.Timing{Start: noon.Add(at), FirstByte: 1200 * time.Microsecond, End: 1500 * time.Microsecond},
	}
	if status == 0 {
		e.Cause, e.Detail, e.Timing.FirstByte = wire.CauseTimeout, "no answer within 30s", 0
		return e
	}
	e.Received = &wire.Received{
		Status: status, Proto: "HTTP/1.1", Body: wire.Body(response),
		Header: http.Header{"Content-Type": {"application/json"}, "Date": {"Tue, 04 Mar 2025 12:00:00 GMT"}},
	}
	return e
}

func requestID(n int) string { return fmt.Sprintf("T05992D0C-7E8B-4047-B0C0-%012d", n) }

func statusAnswer(n int, status string) string {
	return fmt.Sprintf(`{"requestId":%[1]q,"response":{"requestId":%[1]q,"totalCount":1,"dataSet":[{"instanceId":"ins-a1","instanceStatus":%[2]q}]}}`,
		requestID(n), status)
}

func failure(n int, code, message string) string {
	return fmt.Sprintf(`{"requestId":%q,"code":%q,"message":%q}`, requestID(n), code, message)
}

func step(keyword, text string, line int, outcome verdict.Outcome, exchanges int, message string) verdict.Step {
	return verdict.Step{Keyword: keyword, Text: text, Line: line, Outcome: outcome, Exchanges: exchanges, Message: message,
		Duration: 2 * time.Millisecond}
}

func scenario(id, name, file string, line int, rule string, clauses ...string) verdict.Scenario {
	feature := map[string]string{"resize/resize.feature": "Changing the type of an instance", "resize/refused.feature": "Refused changes"}[file]
	return verdict.Scenario{
		ID: id, Name: name, Feature: feature, File: file, Line: line, Rule: rule, Clauses: clauses,
		Tags: append([]string{"@" + id, "@resize"}, clauses...), Start: noon, Duration: 12 * time.Millisecond,
		Repeat: "conformance run --scenario '" + id + "' --seed 7",
	}
}

func passedScenario() verdict.Scenario {
	s := scenario("MIT-RESIZE-01", "A stopped instance gets another type", "resize/resize.feature", 12,
		"A stopped instance is changed to the type named.", "M-RESIZE", "M-RESIZE-RESIZING", "R-REQUEST-ID-EQUAL")
	resize := exchange(3*time.Millisecond, "ModifyInstanceType", `{"instanceId":"ins-a1","instanceType":"z2a.cpu.4"}`, 200,
		fmt.Sprintf(`{"requestId":%[1]q,"response":{"requestId":%[1]q}}`, requestID(2)))
	resize.Effect = wire.Changes
	ask := `{"instanceIds":["ins-a1"]}`
	s.Exchanges = []wire.Exchange{
		exchange(0, "DescribeInstancesStatus", ask, 200, statusAnswer(1, "STOPPED")),
		resize,
		exchange(6*time.Millisecond, "DescribeInstancesStatus", ask, 200, statusAnswer(3, "RESIZING")),
		exchange(2100*time.Millisecond, "DescribeInstancesStatus", ask, 200, statusAnswer(4, "STOPPED")),
	}
	observation := func(asked time.Duration, status string) verdict.Observation {
		return verdict.Observation{Asked: asked, Seen: asked + 2*time.Millisecond, Status: status}
	}
	s.Trajectories = []verdict.Trajectory{{
		Instance: "ins-a1", Action: "ModifyInstanceType", Field: "instanceType", From: "z2a.cpu.2", To: "z2a.cpu.4", Start: noon,
		Called: 180 * time.Millisecond, Answered: 240 * time.Millisecond, Settle: time.Second,
		Observations: []verdict.Observation{
			observation(0, "STOPPED"), observation(260*time.Millisecond, "STOPPED"), observation(320*time.Millisecond, "RESIZING"),
			observation(600*time.Millisecond, "RESIZING"), observation(1100*time.Millisecond, "RESIZING"),
			observation(2100*time.Millisecond, "STOPPED"), observation(2600*time.Millisecond, "STOPPED"), observation(3100*time.Millisecond, "STOPPED"),
		},
	}}
	s.Choices = []verdict.Choice{{Clause: "M-RESIZE-SAME-TYPE", Answer: "carried out"}}
	s.Steps = []verdict.Step{
		step("Given", "a stopped instance", 13, verdict.Passed, 1, ""),
		step("When", "ModifyInstanceType is called on it", 14, verdict.Passed, 2, ""),
		step("Then", "the change succeeds", 15, verdict.Passed, 4, ""),
	}
	return s
}

func failedScenario() verdict.Scenario {
	s := scenario("MIT-STATUS-01[RUNNING]", "An instance that is not stopped is refused", "resize/refused.feature", 20,
		"Only an instance whose status is STOPPED can be resized.", "M-STOPPED-ONLY", "M-STATUS-DENIED")
	refused := exchange(2*time.Millisecond, "ModifyInstanceType", `{"instanceId":"ins-b7","instanceType":"z2a.cpu.4"}`, 400,
		failure(12, "INVALID_PARAMETER_VALUE", "status <RUNNING> not allowed"))
	refused.Effect = wire.Refused
	s.Exchanges = []wire.Exchange{
		exchange(0, "DescribeInstancesStatus", `{"instanceIds":["ins-b7"]}`, 200, statusAnswer(11, "RUNNING")), refused,
	}
	finding := verdict.Finding{
		Clause: "M-STATUS-DENIED", Source: verdict.SourceM, Level: verdict.Must, Where: "/code",
		Want: "OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT", Got: "INVALID_PARAMETER_VALUE", Exchange: 2, RequestID: requestID(12),
	}
	s.Outcome, s.Findings = verdict.Failed, []verdict.Finding{finding}
	s.Steps = []verdict.Step{
		step("Given", "a RUNNING instance", 21, verdict.Passed, 1, ""),
		step("When", "ModifyInstanceType is called on it", 22, verdict.Passed, 2, ""),
		step("Then", "the answer is the error OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT", 23, verdict.Failed, 2, finding.Error()),
		step("And", "the instance is unchanged", 24, verdict.NotReached, 2, ""),
	}
	return s
}

// unjudged are a scenario of each outcome that says nothing of the endpoint, and one more that passed.
func unjudged() []verdict.Scenario {
	late := scenario("MIT-PARAM-01", "A change without a type is refused", "resize/refused.feature", 40,
		"The parameter instanceType is a required string.", "E-MISSING")
	late.Outcome, late.Cause, late.Reason = verdict.Inconclusive, wire.CauseTimeout, "no answer within 30s, after 3 attempts"
	late.Exchanges = []wire.Exchange{exchange(0, "ModifyInstanceType", `{"instanceId":"ins-a1"}`, 0, "")}
	late.Exchanges[0].Attempt = 3
	late.Steps = []verdict.Step{step("When", "its type is changed without a type", 41, verdict.Inconclusive, 1, late.Reason)}

	gpu := scenario("MIT-GPU-01", "A GPU instance is refused", "resize/refused.feature", 50, "A GPU instance cannot be resized.", "M-GPU")
	gpu.Outcome, gpu.Reason = verdict.Skipped, "the target lists no STOPPED GPU instance: add one under instances"
	gpu.Steps = []verdict.Step{step("Given", "a stopped GPU instance", 51, verdict.Skipped, 0, gpu.Reason)}

	odd := scenario("MIT-ODD-01", "A step nobody wrote", "resize/refused.feature", 60, "", "M-GPU")
	odd.Outcome, odd.Fault, odd.Reason = verdict.Broken, verdict.FaultSuite, `no step matches "a purple instance"`
	odd.Steps = []verdict.Step{step("Given", "a purple instance", 61, verdict.Broken, 0, odd.Reason)}

	booting := scenario("MIT-STATUS-01[BOOTING]", "An instance that is not stopped is refused", "resize/refused.feature", 30,
		"Only an instance whose status is STOPPED can be resized.", "M-STOPPED-ONLY", "M-STATUS-DENIED")
	booting.Outcome = verdict.Passed
	booting.Exchanges = []wire.Exchange{exchange(0, "ModifyInstanceType", `{"instanceId":"ins-c1","instanceType":"z2a.cpu.4"}`, 400,
		failure(31, "OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT", "not allowed"))}
	booting.Steps = []verdict.Step{step("When", "ModifyInstanceType is called on it", 31, verdict.Passed, 1, "")}
	return []verdict.Scenario{booting, late, gpu, odd}
}

// sample is a run with a scenario of every outcome, in the order of the features.
func sample() (verdict.Run, []verdict.Scenario) {
	passed := passedScenario()
	passed.Outcome = verdict.Passed
	scenarios := append([]verdict.Scenario{passed, failedScenario()}, unjudged()...)
	return headOf(scenarios, sampleClauses()), scenarios
}

// waived is a run whose one failure is waived, with waivers of every state.
func waived() (verdict.Run, []verdict.Scenario) {
	s := failedScenario()
	s.Findings[0].Waived = "the status is checked late (ops, until 2025-06-30)"
	scenarios := []verdict.Scenario{s}
	head := headOf(scenarios, sampleClauses())
	for _, state := range []verdict.WaiverState{verdict.WaiverApplied, verdict.WaiverExpired, verdict.WaiverUnmatched, verdict.WaiverChanged} {
		head.Waivers = append(head.Waivers, verdict.WaiverResult{
			Clause: "M-STATUS-DENIED", Scenario: s.ID, Fingerprint: s.Findings[0].Fingerprint(),
			Reason: "the status is checked late", Owner: "ops", Expires: "2025-06-30", State: state,
		})
	}
	head.Waivers[0].Findings = 1
	return head, scenarios
}

// leftChanged is a run that has passed all else, and could not put an instance back.
func leftChanged() (verdict.Run, []verdict.Scenario) {
	scenarios := []verdict.Scenario{{
		ID: "MIT-RESIZE-01", Name: "A stopped instance is changed", File: "resize/accepted.feature", Line: 9, Outcome: verdict.Passed, Start: noon,
		Exchanges: []wire.Exchange{exchange(0, "ModifyInstanceType", "{}", 200, "{}")},
	}}
	head := headOf(scenarios, nil)
	head.Unrestored = []verdict.Unrestored{{Instance: "ins-b7", Type: "z2a.cpu.2", Reason: "it has the type z2a.cpu.4"}}
	return head, scenarios
}

// sampleSources are documents with one address, with several, and with none.
var sampleSources = []verdict.SourceDocument{
	{Mark: verdict.SourceM, Title: "API page ModifyInstanceType", TitleZh: "接口文档 ModifyInstanceType", Read: "2026-11-22/2026-11-26", Addresses: []string{"https://docs.example/modifyinstancetype"}},
	{Mark: verdict.SourceR, Title: "Request structure, Response structure", TitleZh: "请求结构、响应结构", Read: "2026-11-22", Addresses: []string{"https://docs.example/request", "https://docs.example/response"}},
	{Mark: verdict.SourceE, Title: "Common error codes", TitleZh: "公共错误码"},
}

// challenged are the scenarios of a run that met nothing but a gateway's challenge page.
func challenged() (all []verdict.Scenario) {
	for i := range 5 {
		x := exchange(0, "DescribeInstances", "{}", 403, "<html><title>Just a moment...</title></html>")
		x.Cause, x.Detail = wire.CauseChallenge, "status 403, cf-mitigated: challenge"
		all = append(all, verdict.Scenario{
			ID: fmt.Sprintf("C-%d", i), Name: "A challenge", Feature: "Reads", File: "reads/status.feature", Line: 1, Outcome: verdict.Inconclusive,
			Cause: wire.CauseChallenge, Reason: "status 403, cf-mitigated: challenge", Start: noon, Repeat: "conformance run", Exchanges: []wire.Exchange{x},
		})
	}
	return all
}

// headOf counts scenarios and clauses as a run does.
func headOf(scenarios []verdict.Scenario, clauses []verdict.ClauseResult) verdict.Run {
	head := verdict.Run{
		SchemaVersion: verdict.SchemaVersion, Clauses: clauses,
		Tool:      verdict.Tool{Name: "conformance", Version: "0.1.0", Commit: "3b797bd", Go: "go1.26.0"},
		Contract:  verdict.Document{Title: "ZEC, ModifyInstanceType", Version: "2024-04-01", SHA256: strings.Repeat("ab", 32), Pages: "https://docs.example/contract/README.md", Sources: sampleSources},
		Features:  verdict.Document{Title: "features", SHA256: strings.Repeat("cd", 32)},
		Target:    verdict.Target{Name: "staging", Kind: "endpoint", Endpoint: "https://api.staging.example.com"},
		Selection: verdict.Selection{Tags: "@resize", Selected: len(scenarios), Available: 40, Seed: 7, Parallel: 4},
		Repeat:    "conformance run --tags '@resize' --seed 7 --parallel 4 --target 'staging'",
		Volatile:  verdict.Volatile{Started: noon, Duration: 3210 * time.Millisecond},
	}
	for _, s := range scenarios {
		head.Summary.Scenarios.Add(s.Outcome)
		if s.Waived() {
			head.Summary.Scenarios.Waived++
		}
		head.Summary.Exchanges += len(s.Exchanges)
		head.Summary.Findings += len(s.Findings)
	}
	for _, c := range clauses {
		head.Summary.Clauses.Add(c.Status)
	}
	head.Verdict = head.Conclusion()
	return head
}

// readerOf spools the scenarios, the last one first, and opens the reader.
func readerOf(t testing.TB, head verdict.Run, scenarios []verdict.Scenario) *report.Reader {
	t.Helper()
	spool, err := report.Create(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, spool.Close()) })
	for i := len(scenarios) - 1; i >= 0; i-- {
		require.NoError(t, spool.Add(i, scenarios[i]))
	}
	reader, err := spool.Reader(head)
	require.NoError(t, err)
	return reader
}

func sampleReader(t testing.TB) *report.Reader {
	t.Helper()
	head, scenarios := sample()
	return readerOf(t, head, scenarios)
}
