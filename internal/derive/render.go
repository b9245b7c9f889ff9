package derive

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/verdict"
)

// render returns the feature in Gherkin.
func (f *feature) render() []byte {
	var b strings.Builder
	action := f.operation.Action
	fmt.Fprintf(&b, "@derived @%s\nFeature: What the contract implies of %s\n\n  Derived from openapi.yaml and clauses.yaml.\n", action, action)
	for _, r := range f.rules {
		fmt.Fprintf(&b, "\n  @%s\n  Rule: %s\n", r.clause.ID, r.clause.Text)
		for _, s := range r.scenarios {
			f.scenario(&b, r.clause, s)
		}
	}
	return []byte(b.String())
}

// withArticles adds the article before the status of each row, in a separate column if the articles
// differ.
func (s scenario) withArticles() scenario {
	if !slices.Equal(s.columns, []string{"status"}) {
		return s
	}
	of := map[string]bool{}
	rows := make([][]string, len(s.rows))
	for i, row := range s.rows {
		an, _, _ := strings.Cut(article(row[0]), " ")
		of[an], rows[i] = true, []string{row[0], an}
	}
	put := "an <status>"
	switch {
	case len(of) > 1:
		put = "<a> <status>"
	case of["a"]:
		return s
	}
	steps := slices.Clone(s.steps)
	for i, step := range steps {
		steps[i] = strings.Replace(step, " a <status>", " "+put, 1)
	}
	if len(of) > 1 && !slices.Equal(steps, s.steps) {
		s.columns, s.rows = []string{"status", "a"}, rows
	}
	s.steps = steps
	return s
}

func (f *feature) scenario(b *strings.Builder, ruled verdict.Clause, s scenario) {
	s = s.withArticles()
	tags := []string{"@" + f.id(s.id)}
	for _, role := range s.also {
		if c, has := f.clause(role); has {
			s.clauses = append(s.clauses, c.ID)
		}
	}
	for _, id := range s.clauses {
		if tag := "@" + id; id != "" && id != ruled.ID && !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	keyword := "Example"
	if len(s.columns) > 0 {
		keyword = "Scenario Outline"
	}
	fmt.Fprintf(b, "\n    %s\n    %s: %s\n", strings.Join(tags, " "), keyword, s.name)
	for _, step := range s.steps {
		if step != "" {
			fmt.Fprintf(b, "      %s\n", step)
		}
	}
	if len(s.columns) == 0 {
		return
	}
	b.WriteString("\n      Examples:\n")
	for _, row := range append([][]string{s.columns}, s.rows...) {
		escaped := make([]string, len(row))
		for i, cell := range row {
			escaped[i] = strings.NewReplacer(`\`, `\\`, `|`, `\|`).Replace(cell)
		}
		fmt.Fprintf(b, "        | %s |\n", strings.Join(escaped, " | "))
	}
}
