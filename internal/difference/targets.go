package difference

import (
	"fmt"
	"io"
	"strings"

	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/verdict"
)

// Comparison is the result of comparing the runs of several targets, clause by clause.
type Comparison struct {
	Contract verdict.Document `json:"contract"`
	Targets  []Column         `json:"targets"`
	Clauses  []Row            `json:"clauses"`
}

// Column is one target's run.
type Column struct {
	Target  verdict.Target  `json:"target"`
	Verdict verdict.Verdict `json:"verdict"`
	Summary verdict.Summary `json:"summary"`
}

// Row is one clause with its result for each target, in the order of the targets.
type Row struct {
	ID        string                 `json:"id"`
	Source    verdict.Source         `json:"source"`
	Level     verdict.Level          `json:"level"`
	Operation string                 `json:"operation,omitempty"`
	Text      string                 `json:"text"`
	Statuses  []verdict.ClauseStatus `json:"statuses"`
}

// Differs reports whether the results of the targets differ.
func (r Row) Differs() bool {
	for _, s := range r.Statuses {
		if s != r.Statuses[0] {
			return true
		}
	}
	return false
}

// Targets compares runs of different targets. They must have the same contract and the same
// features.
func Targets(runs []verdict.Run) (Comparison, error) {
	first := runs[0]
	out := Comparison{Contract: first.Contract}
	for _, c := range first.Clauses {
		out.Clauses = append(out.Clauses, Row{ID: c.ID, Source: c.Source, Level: c.Level, Operation: c.Operation, Text: c.Text})
	}
	for _, r := range runs {
		if r.Contract.SHA256 != first.Contract.SHA256 || r.Features.SHA256 != first.Features.SHA256 || !SameClauses(r, first) {
			return out, fmt.Errorf("%s and %s were not judged by the same contract and features: run both with the same release", first.Target.Name, r.Target.Name)
		}
		out.Targets = append(out.Targets, Column{Target: r.Target, Verdict: r.Verdict, Summary: r.Summary})
		for i, c := range r.Clauses {
			out.Clauses[i].Statuses = append(out.Clauses[i].Statuses, c.Status)
		}
	}
	return out, nil
}

// WriteMarkdown writes the comparison as two tables: the verdicts, and all clauses, beginning with
// those on which the targets differ.
func (c Comparison) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	b.WriteString("| target | endpoint | verdict | passed | failed | not judged | clauses proved | violated |\n|---|---|---|--:|--:|--:|--:|--:|\n")
	for _, t := range c.Targets {
		s := t.Summary.Scenarios
		fmt.Fprintf(&b, "| %s | %s | **%s** | %d | %d | %d | %d | %d |\n", cell(t.Target.Name), cell(t.Target.Endpoint), t.Verdict,
			s.Passed, s.Failed, s.Inconclusive+s.Skipped+s.Broken, t.Summary.Clauses.Proved, t.Summary.Clauses.Broken)
	}
	differing := 0
	for _, row := range c.Clauses {
		if row.Differs() {
			differing++
		}
	}
	fmt.Fprintf(&b, "\nThe targets differ on %d of %d clauses.\n\n| clause |", differing, len(c.Clauses))
	for _, t := range c.Targets {
		fmt.Fprintf(&b, " %s |", cell(t.Target.Name))
	}
	b.WriteString(" text |\n|---|" + strings.Repeat("---|", len(c.Targets)) + "---|\n")
	for _, differs := range []bool{true, false} {
		for _, row := range c.Clauses {
			if row.Differs() == differs {
				b.WriteString(row.markdown())
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (r Row) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "| %s |", r.ID)
	for _, s := range r.Statuses {
		if s == verdict.Violated {
			fmt.Fprintf(&b, " **%s** |", s)
			continue
		}
		fmt.Fprintf(&b, " %s |", s)
	}
	fmt.Fprintf(&b, " %s |\n", cell(r.Text))
	return b.String()
}

// cell escapes a text for a table cell, because names come from a configuration file.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;").Replace(report.Plain(text))
}
