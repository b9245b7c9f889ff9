package main

import (
	"fmt"
	"io"
	"os"
	"regexp"

	"go.yaml.in/yaml/v4"
)

// reason says of the mutants whose key a pattern matches why they break no documented fact.
type reason struct {
	Match string `yaml:"match"`
	Why   string `yaml:"why"`
	re    *regexp.Regexp
	used  bool
}

type reasons []reason

// readReasons reads the reasons from a file.
func readReasons(path string) (reasons, error) {
	if path == "" {
		return nil, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the explanations: %w", err)
	}
	var list reasons
	if err := yaml.Unmarshal(text, &list); err != nil {
		return nil, fmt.Errorf("read the explanations in %s: %w", path, err)
	}
	for i := range list {
		if list[i].re, err = regexp.Compile("^(?:" + list[i].Match + ")$"); err != nil {
			return nil, fmt.Errorf("read the explanations in %s: %w", path, err)
		}
	}
	return list, nil
}

// of returns why a mutant breaks no documented fact; empty: nobody says so.
func (r reasons) of(m mutant) string {
	for i := range r {
		if r[i].re.MatchString(m.key()) {
			r[i].used = true
			return r[i].Why
		}
	}
	return ""
}

// tally counts the mutants that differ and those of them that were detected.
type tally struct{ differ, conformant, detected int }

func (t *tally) add(r result, explained bool) {
	switch {
	case r.outcome == "detected":
		t.differ++
		t.detected++
	case explained:
		t.conformant++
	default:
		t.differ++
	}
}

func (t tally) row(name string) string {
	share := 100.0
	if t.differ > 0 {
		share = 100 * float64(t.detected) / float64(t.differ)
	}
	return fmt.Sprintf("| %s | %d | %d | %d | %.1f %% |", name, t.differ+t.conformant, t.conformant, t.detected, share)
}

func print(out io.Writer, results []result, explained reasons) {
	var all, few tally
	var same, crashed int
	for _, r := range results {
		switch {
		case r.differ == 0:
			same++
		case r.differ < 0:
			crashed++
		default:
			conformant := explained.of(r.mutant) != ""
			all.add(r, conformant)
			if r.differ <= narrow {
				few.add(r, conformant)
			}
		}
	}
	fmt.Fprintf(out, "%d mutants: %d answer the walk as the right mock does, %d crash or hang on it.\n\n", len(results), same, crashed)
	fmt.Fprintln(out, "| mutants | whose answers differ | that break no documented fact | detected | of those that break one |")
	fmt.Fprintln(out, "|---|---|---|---|---|")
	fmt.Fprintln(out, all.row("all"))
	fmt.Fprintln(out, few.row(fmt.Sprintf("narrow: at most %d answers of the walk differ", narrow)))
	fmt.Fprintln(out, "\n| not detected | answers that differ | the suite | why it breaks no documented fact |")
	fmt.Fprintln(out, "|---|---|---|---|")
	for _, r := range results {
		if r.differ <= 0 || r.outcome == "detected" {
			continue
		}
		fmt.Fprintf(out, "| `%s:%d` %s %s `%s` | %d | %s | %s |\n", r.File, r.Line, r.Func, r.Kind, r.Text, r.differ, r.outcome, explained.of(r.mutant))
	}
}
