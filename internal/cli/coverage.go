package cli

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/coverage"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/table"
	"github.com/zec-tools/conformance/internal/verdict"
)

type coverageOptions struct {
	selection
	json, quiet bool
}

func newCoverage(sys System) *cobra.Command {
	var o coverageOptions
	cmd := &cobra.Command{
		Use:   "coverage",
		Short: "Compare the contract with the scenarios, without running them",
		Long: `Compare the contract with the scenarios, without running them: for each thing
that the contract states, the scenarios that put it to the test. Exits 1 when
something that can be tested is not, or a scenario names what the contract does
not have.`,
		Example: `  conformance coverage --quiet`,
		Args:    noArguments,
		RunE:    func(*cobra.Command, []string) error { return o.compare(sys) },
	}
	o.folderFlag(cmd)
	cmd.Flags().BoolVar(&o.json, "json", false, "print the comparison as JSON")
	cmd.Flags().BoolVar(&o.quiet, "quiet", false, "print what is missing and the counts alone")
	cmd.MarkFlagsMutuallyExclusive("json", "quiet")
	return cmd
}

func (o *coverageOptions) compare(sys System) error {
	c, from, err := sys.contract("")
	if err != nil {
		return err
	}
	all, _, err := o.read(c, from)
	var wrong *suite.Error
	if errors.As(err, &wrong) && wrong.Foreign {
		return &exitError{code: verdict.ExitNonConformant, err: wrong}
	}
	if err != nil {
		return err
	}
	result := coverage.Compare(c, all)
	if o.json {
		encoder := json.NewEncoder(sys.Out)
		encoder.SetIndent("", "  ")
		err = encoder.Encode(result)
	} else {
		_, err = io.WriteString(sys.Out, coverageText(result, o.quiet, columnsOf(sys.Out), kindOf(c)))
	}
	if err != nil {
		return harnessError(fmt.Errorf("print the coverage: %w", err))
	}
	if !result.Complete() {
		return &exitError{code: verdict.ExitNonConformant}
	}
	return nil
}

// coverageText formats the comparison: every item unless quiet is set, the counts, and the missing
// items last. Table rows are at most width columns long; 0 means that there is no terminal. kind is
// the word for the subjects.
func coverageText(r coverage.Report, quiet bool, width int, kind string) string {
	var b strings.Builder
	groups := coverageGroups(r)
	var counts [][]any
	for _, g := range groups {
		counts = append(counts, []any{g.operation, criterionText(g.criterion, kind), g.count(coverage.Covered), g.count(coverage.Uncovered), g.count(coverage.Untestable)})
		if quiet {
			continue
		}
		fmt.Fprintf(&b, "%s: %s\n", g.operation, criterionText(g.criterion, kind))
		var rows [][]any
		for _, item := range g.items {
			rows = append(rows, []any{"  " + item.Name, item.State, because(item)})
		}
		_ = table.Layout{Width: width, Columns: []int{width / 2}}.Write(&b, nil, rows) // writing to a strings.Builder cannot fail
		b.WriteString("\n")
	}
	_ = table.Layout{Width: width}.Write(&b, []any{"operation", "criterion", "covered", "uncovered", "untestable"}, counts)
	for _, item := range r.Items {
		if item.State == coverage.Uncovered {
			fmt.Fprintf(&b, "uncovered: %s: %s: %s\n", operationText(item.Operation), criterionText(item.Criterion, kind), item.Name)
		}
	}
	for _, s := range r.Unknown {
		fmt.Fprintf(&b, "not in the contract: %s:%d: %s: %s\n", s.File, s.Line, s.Scenario, s.What)
	}
	return b.String()
}

// kindOf returns the kind of the contract's subjects, or "subject" if there are several.
func kindOf(c *contract.Contract) string {
	kind := ""
	for _, op := range c.Operations() {
		switch l, has := c.Lifecycle(op); {
		case !has, l.Kind == kind:
		case kind != "":
			return "subject"
		default:
			kind = l.Kind
		}
	}
	return cmp.Or(kind, "subject")
}

// criterionText returns the name of a criterion for display.
func criterionText(c coverage.Criterion, kind string) string {
	if c == coverage.Instances {
		return kind + " statuses"
	}
	return string(c)
}

// because says what covers an item, or why nothing can.
func because(item coverage.Item) string {
	const shown = 3
	if item.State == coverage.Untestable {
		return item.Reason
	}
	if more := len(item.Scenarios) - shown; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(item.Scenarios[:shown], ", "), more)
	}
	return strings.Join(item.Scenarios, ", ")
}

// coverageGroup holds the items with the same criterion and operation.
type coverageGroup struct {
	operation string
	criterion coverage.Criterion
	items     []coverage.Item
}

func (g coverageGroup) count(state coverage.State) int {
	count := 0
	for _, item := range g.items {
		if item.State == state {
			count++
		}
	}
	return count
}

// coverageGroups groups the items by operation, in the order of the contract, then by criterion.
func coverageGroups(r coverage.Report) []coverageGroup {
	var operations []string
	for _, item := range r.Items {
		if name := operationText(item.Operation); !slices.Contains(operations, name) {
			operations = append(operations, name)
		}
	}
	var groups []coverageGroup
	for _, operation := range operations {
		for _, criterion := range coverage.Criteria() {
			g := coverageGroup{operation: operation, criterion: criterion}
			for _, item := range r.Items {
				if operationText(item.Operation) == operation && item.Criterion == criterion {
					g.items = append(g.items, item)
				}
			}
			if len(g.items) > 0 {
				groups = append(groups, g)
			}
		}
	}
	return groups
}

func operationText(action string) string {
	if action == "" {
		return "all operations"
	}
	return action
}
