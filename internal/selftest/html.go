package selftest

import (
	"bytes"
	_ "embed"
	"fmt"
	"slices"

	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/wholefile"
)

var (
	//go:embed matrix.tmpl
	matrixText string
	//go:embed matrix.css
	matrixStyle string
)

// clauseRow is a clause with the defects that violate it.
type clauseRow struct {
	Clause   string
	Results  []Result
	AllNamed bool
}

// WriteHTML writes the matrix of clauses, defects and the scenarios that detected them to one
// self-contained file, completely or not at all. The page begins in the given language, or else in
// the browser's.
func WriteHTML(path string, s Score, asked report.Language) error {
	var page bytes.Buffer
	err := report.Template{Text: matrixText, Style: matrixStyle}.Execute(&page, asked, struct {
		Score
		Rows  []clauseRow
		Lacks bool
	}{s, rows(s), !s.Passed()})
	if err == nil {
		err = wholefile.Write(path, page.Bytes(), 0o644)
	}
	if err != nil {
		return fmt.Errorf("write the matrix: %w", err)
	}
	return nil
}

// rows groups the defects by the clause that they violate.
func rows(s Score) []clauseRow {
	var list []clauseRow
	for _, r := range s.Defects {
		i := slices.IndexFunc(list, func(c clauseRow) bool { return c.Clause == r.Clause })
		if i < 0 {
			i = len(list)
			list = append(list, clauseRow{Clause: r.Clause, AllNamed: true})
		}
		list[i].AllNamed = list[i].AllNamed && r.Named
		list[i].Results = append(list[i].Results, r)
	}
	return list
}
