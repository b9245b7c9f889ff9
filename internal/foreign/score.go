package foreign

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"time"

	"github.com/zec-tools/conformance/internal/mock/defects"
	"github.com/zec-tools/conformance/internal/table"
)

// Score is what a program detected, in all and by category.
type Score struct {
	Command    string     `json:"command"`
	Categories []Category `json:"categories"`
	Defects    Count      `json:"defects"`
	Variants   Count      `json:"variants"`
	Results    []Result   `json:"results"`
	Took       string     `json:"took"`
}

// Category is the part of a score that is of one kind of mistake.
type Category struct {
	Name string `json:"name"`
	Count
}

// Count is how many verdicts were due, and how many came.
type Count struct {
	Total    int `json:"total"`
	Right    int `json:"right"` // defects detected, variants cleared
	Timeouts int `json:"timeouts"`
}

func (c *Count) add(r Result) {
	c.Total++
	if r.Right() {
		c.Right++
	}
	if r.Verdict == Timeout {
		c.Timeouts++
	}
}

// ScoreOf counts results.
func ScoreOf(command string, results []Result, took time.Duration) Score {
	s := Score{Command: command, Results: results, Took: took.Round(time.Second / 10).String()}
	by := map[string]*Count{}
	for _, name := range defects.Categories() {
		by[name] = &Count{}
	}
	for _, r := range results {
		switch r.Kind {
		case "defect":
			s.Defects.add(r)
			by[r.Category].add(r)
		case "variant":
			s.Variants.add(r)
		}
	}
	for _, name := range defects.Categories() {
		s.Categories = append(s.Categories, Category{name, *by[name]})
	}
	return s
}

// WriteTable writes the score for people.
func (s Score) WriteTable(w io.Writer) error {
	var rows [][]any
	for _, c := range s.Categories {
		rows = append(rows, []any{c.Name, fmt.Sprintf("%d of %d detected%s", c.Right, c.Total, timeouts(c.Count))})
	}
	rows = append(rows, []any{},
		[]any{"all defects", fmt.Sprintf("%d of %d detected%s", s.Defects.Right, s.Defects.Total, timeouts(s.Defects))},
		[]any{"variants", fmt.Sprintf("%d of %d cleared%s", s.Variants.Right, s.Variants.Total, timeouts(s.Variants))},
		[]any{"time", s.Took})
	return table.Layout{}.Write(w, nil, rows)
}

func timeouts(c Count) string {
	if c.Timeouts == 0 {
		return ""
	}
	return fmt.Sprintf(", %d not ended in time", c.Timeouts)
}

// WriteJSON writes the score for programs.
func (s Score) WriteJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(s)
}

//go:embed score.tmpl
var page string

// WriteHTML writes the score as a page.
func (s Score) WriteHTML(w io.Writer) error {
	t, err := template.New("score").Parse(page)
	if err != nil {
		return err
	}
	return t.Execute(w, s)
}
