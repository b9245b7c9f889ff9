package cli

import (
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/table"
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
			return harnessError(showList(sys.Out, cases, columnsOf(sys.Out)))
		},
	}
	s.flags(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the list as JSON")
	return cmd
}

// showList prints a line for each scenario: id, clauses, name. On a terminal, longer lines are
// shortened to width and end with …; 0 means that there is no terminal.
func showList(to io.Writer, cases []suite.Case, width int) error {
	var rows [][]any
	for _, c := range cases {
		rows = append(rows, []any{c.ID, strings.Join(c.Clauses, " "), c.Name})
	}
	// The id gets the most space: --scenario takes it, and it summarises the name.
	return table.Layout{Width: width, Columns: []int{width * 5 / 8, width / 5}}.Write(to, nil, rows)
}

// scenarioList is the list in the form that --json prints.
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
