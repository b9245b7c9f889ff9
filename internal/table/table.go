// Package table formats texts by the cells of a terminal, of which a Chinese character takes two.
//
// It wraps the library that knows the width of each character. It must not know what the texts
// mean, or whether there is a terminal.
package table

import (
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

const cutMark = "…"

// Characters such as …, which East Asian fonts draw wider, take one cell whatever the environment
// says, so that the output is the same on every machine.
func init() { text.OverrideRuneWidthEastAsianWidth(false) }

// Layout limits the widths of a table, in cells. Zero means no limit.
type Layout struct {
	Width   int   // of a row
	Columns []int // of each column
}

// Write writes rows in columns that are two cells apart, with numbers right-aligned and everything
// else left-aligned. The head, if there is one, is above them in capitals. Texts that do not fit
// end with ….
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
		if l.Width > 0 { // the library would otherwise cut off the padding of the last column and add an ellipsis
			line = Cut(line, l.Width)
		}
		if _, err := io.WriteString(w, line+"\n"); err != nil {
			return err
		}
	}
	return nil
}

// plain is a table style without lines.
var plain = table.Style{
	Box:    table.BoxStyle{PaddingRight: "  "},
	Format: table.FormatOptionsDefault,
}

// Cut shortens a text to a width, with … if something is left out.
func Cut(s string, cells int) string { return text.Snip(s, max(cells, 1), cutMark) }

// Fit returns the part of a text that fits into a width, and the remaining width.
func Fit(s string, cells int) (fits string, left int) {
	fits = text.Trim(s, max(cells, 0))
	return fits, cells - text.StringWidth(fits)
}

// Pad pads a text to a width.
func Pad(s string, cells int) string { return text.Pad(s, cells, ' ') }
