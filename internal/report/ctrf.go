package report

import (
	"bufio"
	"cmp"
	"io"
	"time"

	"github.com/zec-tools/conformance/internal/verdict"
)

// The objects of the Common Test Report Format, version 0.0.0; times are milliseconds.
type (
	ctrfSummary struct {
		Tests    int   `json:"tests"`
		Passed   int   `json:"passed"`
		Failed   int   `json:"failed"`
		Skipped  int   `json:"skipped"`
		Pending  int   `json:"pending"`
		Other    int   `json:"other"`
		Suites   int   `json:"suites"`
		Start    int64 `json:"start"`
		Stop     int64 `json:"stop"`
		Duration int64 `json:"duration"`
	}
	ctrfTest struct {
		Name      string     `json:"name"`
		Status    string     `json:"status"`
		RawStatus string     `json:"rawStatus"`
		Duration  int64      `json:"duration"`
		Start     int64      `json:"start"`
		Stop      int64      `json:"stop"`
		Suite     []string   `json:"suite"`
		Message   string     `json:"message,omitempty"`
		Trace     string     `json:"trace,omitempty"`
		Line      int        `json:"line"`
		Tags      []string   `json:"tags,omitempty"`
		Type      string     `json:"type"`
		File      string     `json:"filePath"`
		Steps     []ctrfStep `json:"steps"`
		Extra     ctrfExtra  `json:"extra"`
	}
	ctrfStep struct {
		Name   string `json:"name"`
		Status string `json:"status"`
	}
	ctrfExtra struct {
		ID       string            `json:"id"`
		Clauses  []string          `json:"clauses"`
		Cause    string            `json:"cause,omitempty"`
		Findings []verdict.Finding `json:"findings,omitempty"`
		Repeat   string            `json:"repeat"`
	}
)

// writeCTRF writes one test per scenario. Inconclusive and broken scenarios are "other", which is
// neither passed nor a failure of the endpoint.
func writeCTRF(w io.Writer, b *Reader) error {
	out := jsonLines{out: bufio.NewWriterSize(w, 1<<16)}
	head := b.Head
	out.literal(`{"reportFormat":"CTRF","specVersion":"0.0.0","timestamp":`)
	out.value(stamp(head.Volatile.Started))
	out.literal(`,"generatedBy":`)
	out.value(head.Tool.Name)
	out.literal(`,"results":{"tool":`)
	out.value(map[string]string{"name": head.Tool.Name, "version": head.Tool.Version})
	out.literal(`,"summary":`)
	out.value(ctrfSummaryOf(b))
	out.literal(`,"environment":`)
	extra := map[string]any{"endpoint": head.Target.Endpoint, "verdict": head.Verdict}
	if left := unrestoredTexts(head.Unrestored); len(left) > 0 {
		extra["notPutBack"] = left
	}
	out.value(map[string]any{
		"testEnvironment": head.Target.Name, "appName": head.Contract.Title, "appVersion": head.Contract.Version, "extra": extra,
	})
	out.literal(`,"tests":[`)
	for _, u := range head.Unrestored {
		out.item(ctrfUnrestored(head, u))
	}
	for s, err := range b.some(every, outline) {
		if err != nil {
			return err
		}
		out.item(ctrfTestOf(b, s))
	}
	out.end("]}}\n")
	return out.flush()
}

func ctrfSummaryOf(b *Reader) ctrfSummary {
	c, v := b.Head.Summary.Scenarios, b.Head.Volatile
	left := len(b.Head.Unrestored)
	return ctrfSummary{
		Tests: c.Total + left, Passed: c.Passed, Failed: c.Failed - c.Waived, Skipped: c.Skipped + c.Waived, Other: c.Inconclusive + c.Broken + left,
		Suites: len(suitesOf(b)), Start: v.Started.UnixMilli(), Stop: v.Started.Add(v.Duration).UnixMilli(),
		Duration: v.Duration.Milliseconds(),
	}
}

// ctrfUnrestored precedes all tests, because a reader must not miss it.
func ctrfUnrestored(head verdict.Run, u verdict.Unrestored) ctrfTest {
	at := head.Volatile.Started.UnixMilli()
	return ctrfTest{
		Name: visible(cmp.Or(u.Kind, "instance") + " " + u.Instance + " is restored"), Status: "other", RawStatus: "not restored", Start: at, Stop: at,
		Suite: []string{"not restored"}, Message: oneLine(unrestoredText(u)), Type: "conformance", Steps: []ctrfStep{},
		Extra: ctrfExtra{Clauses: []string{}},
	}
}

func ctrfTestOf(b *Reader, s verdict.Scenario) ctrfTest {
	t := ctrfTest{
		Name: visible(s.ID + ": " + s.Name), Status: ctrfStatus(s.Outcome), RawStatus: string(s.Outcome),
		Duration: s.Duration.Round(time.Millisecond).Milliseconds(),
		Start:    s.Start.UnixMilli(), Stop: s.Start.Add(s.Duration).UnixMilli(),
		Suite: []string{visible(s.Feature)}, Line: s.Line, Tags: s.Tags, Type: "conformance", File: b.path(s.File),
		Steps: []ctrfStep{},
		Extra: ctrfExtra{ID: s.ID, Clauses: s.Clauses, Cause: string(s.Cause), Findings: s.Findings, Repeat: s.Repeat},
	}
	if s.Waived() {
		t.Status = ctrfStatus(verdict.Skipped) // as in JUnit: the failure is known, but it did not pass
	}
	if s.Rule != "" {
		t.Suite = append(t.Suite, visible(s.Rule))
	}
	if s.Outcome != verdict.Passed {
		t.Message, t.Line = summaryOf(s), lineOf(s)
	}
	if len(s.Findings) > 0 {
		t.Trace = findingsText(s.Findings) + repeatText(s)
	}
	for i, end := range stepEnds(s) {
		t.Steps = append(t.Steps, ctrfStep{visible(s.Steps[i].Keyword + " " + s.Steps[i].Text), ctrfStatus(end.outcome)})
	}
	return t
}

func ctrfStatus(o verdict.Outcome) string {
	switch o {
	case verdict.Passed, verdict.Failed, verdict.Skipped:
		return string(o)
	case verdict.NotReached:
		return string(verdict.Skipped)
	}
	return "other"
}
