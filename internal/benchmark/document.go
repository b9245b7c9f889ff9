package benchmark

import (
	"fmt"
	"io"
	"strings"
)

// notes say what a reader has to know to read the numbers.
const notes = `Times and sizes depend on the machine and on what else it does; only ratios that were
measured side by side can fail the command, and only when they are more than twice their
goal. The mock, the baseline and the harness share the processors. A load average near or
above the number of processors means that other work took its share: absolute times are
then too long, processor times and ratios say more.
`

// Write writes the page.
func (r Result) Write(w io.Writer, command string) error {
	var out strings.Builder
	fmt.Fprintf(&out, "# Performance\n\nWritten by `%s` in %.0f s, from one run.\n\n", command, r.Took.Seconds())
	fmt.Fprintf(&out, "Machine: %s.\n\n%s", r.Machine, notes)
	for _, s := range r.Sections {
		fmt.Fprintf(&out, "\n## %s\n\n%s\n\n| what | measured | compared with | goal | result |\n|---|---|---|---|---|\n", s.Title, s.About)
		for _, row := range s.Rows {
			fmt.Fprintf(&out, "| %s | %s | %s | %s | %s |\n", row.What, row.Value, row.Baseline, row.Goal, row.result())
		}
	}
	out.WriteString("\n## Where the time goes\n\nProcessor profiles, by what a function and all that it calls take (cum).\n")
	for _, p := range r.Profiles {
		fmt.Fprintf(&out, "\n### %s\n\n```text\n%s\n```\n", p.Title, p.Top)
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// result says whether a row's goal is met.
func (r Row) result() string {
	switch {
	case r.Goal == "":
		return ""
	case r.Over <= 1:
		return "met"
	default:
		return fmt.Sprintf("missed: %.2f times the goal", r.Over)
	}
}
