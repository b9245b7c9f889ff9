// Package table lays texts out by the cells of a terminal, of which a Chinese character takes two.
//
// It is what stands before the library that knows how wide a character is. It must not know
// what the texts say, nor whether a terminal is there.
package table

import (
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

const cutMark = "…"

// The marks that East Asian fonts draw wider, as …, take one cell whatever the environment says:
// what is printed does not differ from machine to machine.
func init() { text.OverrideRuneWidthEastAsianWidth(false) }

// Layout is how wide the rows of a table may become, in cells. Zero sets no limit.
type Layout struct {
	Width   int   // of a row
	Columns []int // of each column
}

// Write writes rows in columns, two cells apart: numbers to the right, all else to the left. The
// head stands in capitals above them, unless there is none. What does not fit ends with ….
func (l Layout) Write(w io.Writer, head []any, rows [][]any) error {
	t := table.NewWriter()
	t.SetStyle(plain)
	t.SuppressTrailingSpaces()
	var limits []table.ColumnConfig
	for i, cells := range l.Columns {
		limits = append(limits, table.ColumnConfig{Number: i + 1, WidthMax: cells, WidthMaxEnforcer: Cut})
	}
	t.SetColumnConfigs(limits)
	if head != nil {
		t.AppendHeader(head)
	}
	for _, row := range rows {
		t.AppendRow(row)
	}
	if t.Length() == 0 && head == nil {
		return nil
	}
	for line := range strings.SplitSeq(t.Render(), "\n") {
		if l.Width > 0 { // the library would cut off the spaces that fill the last column, and say so
			line = Cut(line, l.Width)
		}
		if _, err := io.WriteString(w, line+"\n"); err != nil {
			return err
		}
	}
	return nil
}

// plain is a table without lines.
var plain = table.Style{
	Box:    table.BoxStyle{PaddingRight: "  "},
	Format: table.FormatOptionsDefault,
}

// Cut returns as much of a text as fits so many cells, with … where some is left out.
func Cut(s string, cells int) string { return text.Snip(s, max(cells, 1), cutMark) }

// Fit returns as much of a text as fits so many cells, and how many are left.
func Fit(s string, cells int) (fits string, left int) {
	fits = text.Trim(s, max(cells, 0))
	return fits, cells - text.StringWidth(fits)
}

// Pad fills a text up to so many cells.
func Pad(s string, cells int) string { return text.Pad(s, cells, ' ') }
