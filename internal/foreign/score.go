package foreign

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"io"
	"time"

	"github.com/zec-tools/conformance/internal/mock/defects"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/table"
)

// Score is what a program detected, in total and by category.
type Score struct {
	Command    string     `json:"command"`
	Categories []Category `json:"categories"`
	Defects    Count      `json:"defects"`
	Variants   Count      `json:"variants"`
	Results    []Result   `json:"results"`
	Took       string     `json:"took"`
}

// Category is the part of a score for one category of defects.
type Category struct {
	Name string `json:"name"`
	Count
}

// Count compares the right verdicts with all verdicts.
type Count struct {
	Total    int `json:"total"`
	Right    int `json:"right"` // defects detected, variants cleared
	Timeouts int `json:"timeouts"`
	Unmet    int `json:"unmet"` // of Total, those that answer all requests of the program like the correct mock
}

func (c *Count) add(r Result) {
	c.Total++
	if r.Right() {
		c.Right++
	}
	if r.Verdict == Timeout {
		c.Timeouts++
	}
	if r.Unmet {
		c.Unmet++
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

// WriteTable writes the score for people, in English where no language was asked for.
func (s Score) WriteTable(w io.Writer, asked report.Language) error {
	in := cmp.Or(asked, report.English)
	counted := func(name, counts string, c Count) []any {
		text := in.Say(counts, c.Right, c.Total)
		if c.Timeouts > 0 {
			text += in.Say(", {0} not ended in time", c.Timeouts)
		}
		if c.Unmet > 0 {
			text += in.Say(", {0} not met", c.Unmet)
		}
		return []any{name, text}
	}
	const detected, cleared = "{0} of {1} detected", "{0} of {1} cleared"
	var rows [][]any
	for _, c := range s.Categories {
		rows = append(rows, counted(in.Say(c.Name), detected, c.Count))
	}
	rows = append(rows, []any{}, counted(in.Say("all defects"), detected, s.Defects),
		counted(in.Say("variants"), cleared, s.Variants), []any{in.Say("time"), s.Took})
	return table.Layout{}.Write(w, nil, rows)
}

// WriteJSON writes the score for programs.
func (s Score) WriteJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(s)
}

var (
	//go:embed score.tmpl
	pageText string
	//go:embed score.css
	pageStyle string
)

// WriteHTML writes the score as a page. The page begins in the given language, or else in the
// browser's.
func (s Score) WriteHTML(w io.Writer, asked report.Language) error {
	return report.Template{Text: pageText, Style: pageStyle}.Execute(w, asked, s)
}
