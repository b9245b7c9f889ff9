package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"

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

// The shares of the mutants that break a documented fact which have to be detected, in percent.
const (
	goal       = 98
	goalNarrow = 95
)

func (t tally) reaches(percent int) bool { return 100*t.detected >= percent*t.differ }

// summary is what the results come to.
type summary struct {
	mutants, same, crashed, answers int
	all, narrow                     tally
	unexplained                     []result
	explained                       map[string][]result // by the reason
}

func sum(results []result, explained reasons, answers int) summary {
	s := summary{mutants: len(results), answers: answers, explained: map[string][]result{}}
	for _, r := range results {
		switch {
		case r.differ == 0:
			s.same++
			continue
		case r.differ < 0:
			s.crashed++
			continue
		}
		why := explained.of(r.mutant)
		s.all.add(r, why != "")
		if r.differ <= narrow {
			s.narrow.add(r, why != "")
		}
		switch {
		case r.outcome == "detected":
		case why == "":
			s.unexplained = append(s.unexplained, r)
		default:
			s.explained[why] = append(s.explained[why], r)
		}
	}
	return s
}

// print writes the table, and which mutants were not detected.
func (s summary) print(out io.Writer) {
	fmt.Fprintf(out, "Of %d mutants %d answer the walk's %d calls as the right mock does, and %d crash or hang on it: these are no endpoints, and are not counted.\n", s.mutants, s.same, s.answers, s.crashed)
	fmt.Fprintf(out, "A mutant is *narrow* when at most %d of the %d answers differ. What breaks no documented fact is not to be detected, and is not counted in the last column.\n\n", narrow, s.answers)
	fmt.Fprintln(out, "| mutants | whose answers differ | not detected, and break no documented fact | detected | of those that break one |")
	fmt.Fprintln(out, "|---|---|---|---|---|")
	fmt.Fprintln(out, s.all.row("all"))
	fmt.Fprintln(out, s.narrow.row("narrow"))
	for _, r := range s.unexplained {
		fmt.Fprintf(out, "\nNot detected, and not explained: %s (%d answers differ; %s).\n", r.name(), r.differ, r.outcome)
	}
	fmt.Fprintf(out, "\nThe %d that break no documented fact, and why:\n\n| why | mutants |\n|---|---|\n", s.all.conformant)
	whys := slices.Sorted(maps.Keys(s.explained))
	for _, why := range whys {
		var names []string
		for _, r := range s.explained[why] {
			if name := r.name(); !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		fmt.Fprintf(out, "| %s | %s |\n", why, strings.Join(names, "<br>"))
	}
}

// name names a mutant in a table: its file, function and change.
func (r result) name() string {
	text := strings.ReplaceAll(r.Text, "|", "\\|")
	if strings.Contains(text, "`") {
		text = "`` " + text + " ``"
	} else {
		text = "`" + text + "`"
	}
	return fmt.Sprintf("%s, %s: %s %s", path.Base(r.File), r.Func, r.Kind, text)
}

// The marks between which a page holds the table.
const begins, ends = "<!-- mutants -->\n", "<!-- /mutants -->\n"

// place returns what stands before and after the table in a page.
func place(page string) (head, tail string, err error) {
	text, err := os.ReadFile(page)
	if err != nil {
		return "", "", fmt.Errorf("read the page: %w", err)
	}
	head, rest, begun := strings.Cut(string(text), begins)
	_, tail, ended := strings.Cut(rest, ends)
	if !begun || !ended {
		return "", "", fmt.Errorf("%s has no place for the table: put %q and %q into it", page, strings.TrimSpace(begins), strings.TrimSpace(ends))
	}
	return head, tail, nil
}

// write puts the table into a page, in the place of the one that it holds.
func (s summary) write(page string) error {
	head, tail, err := place(page)
	if err != nil {
		return err
	}
	var table strings.Builder
	s.print(&table)
	return os.WriteFile(page, []byte(head+begins+"\n"+table.String()+"\n"+ends+tail), 0o644)
}
