package cli

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	textwidth "golang.org/x/text/width"

	"github.com/zec-tools/conformance/internal/suite"
)

func newList(sys System) *cobra.Command {
	var s selection
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the scenarios with the clauses they prove",
		Example: `  conformance list --tags @resize`,
		Args:    noArguments,
		RunE: func(*cobra.Command, []string) error {
			c, from, err := sys.contract("")
			if err != nil {
				return err
			}
			_, cases, err := s.read(c, from)
			if err != nil {
				return err
			}
			if asJSON {
				return harnessError(printJSON(sys.Out, listed(cases)))
			}
			width := 0
			if file, isFile := fileOf(sys.Out); isFile && isTerminal(file) {
				width = widthOf(file)
			}
			return harnessError(showList(sys.Out, cases, width))
		},
	}
	s.flags(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the list as JSON")
	return cmd
}

// showList prints a line for each scenario: id, clauses, name. On a terminal of so many columns
// a line is no longer than that: what does not fit ends with …; 0: all is printed.
func showList(to io.Writer, cases []suite.Case, width int) error {
	ids, clauses := 0, 0
	for _, c := range cases {
		ids, clauses = max(ids, utf8.RuneCountInString(c.ID)), max(clauses, utf8.RuneCountInString(clausesOf(c)))
	}
	if width > 0 { // the start of the id is worth most: it is what --scenario takes
		ids, clauses = min(ids, width/2), min(clauses, width/4)
	}
	for _, c := range cases {
		proves := clausesOf(c)
		if width > 0 {
			proves = clipped(proves, max(clauses, 1))
		}
		line := fmt.Sprintf("%-*s  %-*s  %s", ids, c.ID, clauses, proves, c.Name)
		if width > 0 {
			line = inCells(line, width)
		}
		if _, err := fmt.Fprintln(to, line); err != nil {
			return err
		}
	}
	return nil
}

// inCells returns as much of a line as fits that many cells of a terminal, with … where some is
// left out. A Chinese letter takes two.
func inCells(line string, room int) string {
	left := room
	fits := 0 // bytes that fit with … behind them
	for i, r := range line {
		if left >= 1 {
			fits = i
		}
		left--
		if kind := textwidth.LookupRune(r).Kind(); kind == textwidth.EastAsianWide || kind == textwidth.EastAsianFullwidth {
			left--
		}
		if left < 0 {
			return line[:fits] + "…"
		}
	}
	return line
}

func clausesOf(c suite.Case) string { return strings.Join(c.Clauses, " ") }

// scenarioList is the list as --json prints it.
type scenarioList struct {
	Scenarios []listedScenario `json:"scenarios"`
}

type listedScenario struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Feature string   `json:"feature"`
	Rule    string   `json:"rule,omitempty"`
	File    string   `json:"file"`
	Line    int      `json:"line"`
	Clauses []string `json:"clauses"`
	Tags    []string `json:"tags"`
}

func listed(cases []suite.Case) scenarioList {
	l := scenarioList{Scenarios: []listedScenario{}}
	for _, c := range cases {
		l.Scenarios = append(l.Scenarios, listedScenario{
			ID: c.ID, Name: c.Name, Feature: c.Feature, Rule: c.Rule, File: c.File, Line: c.Line,
			Clauses: append([]string{}, c.Clauses...), Tags: append([]string{}, c.Tags...),
		})
	}
	return l
}
