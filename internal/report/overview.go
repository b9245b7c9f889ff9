package report

import (
	"encoding/json"
	"io"

	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// Overview is the result of a run for programs: the content of the terminal output without the
// evidence, which is in report.json. Its schema is reports/output.schema.json.
type Overview struct {
	SchemaVersion string               `json:"schemaVersion"` // of the underlying report
	Verdict       verdict.Verdict      `json:"verdict"`
	ExitCode      int                  `json:"exitCode"`
	Target        verdict.Target       `json:"target"`
	Selection     verdict.Selection    `json:"selection"`
	Summary       verdict.Summary      `json:"summary"`
	Findings      []OverviewFinding    `json:"findings"`
	NotJudged     []OverviewReason     `json:"notJudged"` // inconclusive, broken and skipped scenarios, by reason
	Unrestored    []verdict.Unrestored `json:"unrestored"`
	Reports       []string             `json:"reports"` // the written files
	Repeat        string               `json:"repeat,omitempty"`
	Duration      int64                `json:"durationNs"`
}

// OverviewFinding is one cause, with the scenarios in which it occurred.
type OverviewFinding struct {
	Clause      string         `json:"clause"`
	Source      verdict.Source `json:"source"`
	Level       verdict.Level  `json:"level"`
	Where       string         `json:"where"`
	Want        string         `json:"want"`
	Got         string         `json:"got"`
	RequestID   string         `json:"requestId,omitempty"` // of the first occurrence
	Fingerprint string         `json:"fingerprint"`
	Waived      string         `json:"waived,omitempty"`
	Places      int            `json:"places"`    // the number of occurrences
	Scenarios   []string       `json:"scenarios"` // at most the first hundred
	Repeat      string         `json:"repeat"`    // the command that runs the first scenario again
}

// OverviewReason is a reason why scenarios were not judged.
type OverviewReason struct {
	Outcome   verdict.Outcome `json:"outcome"`
	Cause     wire.Cause      `json:"cause,omitempty"`
	Reason    string          `json:"reason"` // of the first scenario
	Count     int             `json:"count"`
	Scenarios []string        `json:"scenarios"` // at most the first hundred
}

// WriteOverview writes the result of a run as a single JSON document.
func WriteOverview(w io.Writer, b *Reader, exitCode int, files []string) error {
	told, err := gather(b)
	if err != nil {
		return err
	}
	head := b.Head
	o := Overview{
		SchemaVersion: head.SchemaVersion, Verdict: head.Verdict, ExitCode: exitCode, Target: head.Target, Selection: head.Selection, Summary: head.Summary,
		Findings: []OverviewFinding{}, NotJudged: []OverviewReason{}, Unrestored: list(head.Unrestored), Reports: list(files),
		Repeat: head.Repeat, Duration: int64(head.Volatile.Duration),
	}
	for _, g := range told.findings.list {
		f := g.finding
		o.Findings = append(o.Findings, OverviewFinding{
			Clause: f.Clause, Source: f.Source, Level: f.Level, Where: f.Where, Want: f.Want, Got: f.Got, RequestID: f.RequestID,
			Fingerprint: f.Fingerprint(), Waived: f.Waived, Places: g.total, Scenarios: g.scenarios(), Repeat: g.repeat,
		})
	}
	for _, g := range append(told.doubts.list, told.skipped.list...) {
		o.NotJudged = append(o.NotJudged, OverviewReason{Outcome: g.outcome, Cause: g.cause, Reason: g.reason, Count: g.among, Scenarios: g.scenarios()})
	}
	encoded, err := encode(o) // without raw control characters
	if err != nil {
		return err
	}
	return indented(w, encoded)
}

// indented writes a document in a readable form.
func indented(w io.Writer, document []byte) error {
	text, err := json.MarshalIndent(json.RawMessage(document), "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(text, '\n'))
	return err
}

// scenarios returns the known scenarios of a group, each once.
func (g *group) scenarios() []string {
	ids := []string{}
	for _, at := range g.places {
		if len(ids) == 0 || ids[len(ids)-1] != at.scenario {
			ids = append(ids, at.scenario)
		}
	}
	return ids
}
