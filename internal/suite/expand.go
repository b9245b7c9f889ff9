package suite

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A table of examples whose first column is headed "every action", "every changing action"
// or "every reading action" repeats each of its rows for each action of the contract of that
// kind, or has one row for each when it has none of its own. The column becomes <action>.
// What the lifecycle of the action states is there for the scenario, too: <start>,
// <transient>, <end>, <denied.start> and the other places of a template. An action that
// lacks one that the scenario uses has no row.

var (
	every = map[string]func(Action) bool{
		"every action":          func(Action) bool { return true },
		"every changing action": func(a Action) bool { return a.Facts.Changes },
		"every reading action":  func(a Action) bool { return !a.Facts.Changes },
		"每个接口":                  func(Action) bool { return true },
		"每个变更接口":                func(a Action) bool { return a.Facts.Changes },
		"每个查询接口":                func(a Action) bool { return !a.Facts.Changes },
	}
	outline = regexp.MustCompile(`^\s*(?:Scenario Outline|Scenario Template|场景大纲|剧本大纲)\s*:`)
)

// expanded is a feature file with its tables filled in from the contract.
type expanded struct {
	text  []byte
	lines []int // for each line, the line of the file that it comes from
}

// expand fills in the tables of a file.
func (l Contract) expand(file string, text []byte) (expanded, error) {
	if !bytes.Contains(text, []byte("every ")) && !bytes.Contains(text, []byte("每个")) {
		return expanded{text: text}, nil
	}
	source := strings.Split(string(text), "\n")
	var out []string
	e := expanded{}
	add := func(line int, text string) {
		out, e.lines = append(out, text), append(e.lines, line)
	}
	used := map[string]bool{} // the placeholders of the outline under way
	for i := 0; i < len(source); i++ {
		if outline.MatchString(source[i]) {
			clear(used)
		}
		for _, m := range placeholder.FindAllStringSubmatch(source[i], -1) {
			used[m[1]] = true
		}
		header := cells(source[i])
		of := every[append(header, "")[0]]
		if of == nil {
			add(i+1, source[i])
			continue
		}
		end := i + 1
		for end < len(source) && cells(source[end]) != nil {
			end++
		}
		rows := l.rows(header, source[i+1:end], of, used)
		if len(rows) == 1 {
			return e, &Error{File: file, Line: i + 1, What: fmt.Sprintf("no action of the contract fits %q and has all that the scenario uses: write rows, or remove the scenario", header[0])}
		}
		for _, r := range rows {
			add(i+1+r.from, source[i][:strings.Index(source[i], "|")]+"| "+strings.Join(r.cells, " | ")+" |")
		}
		i = end - 1
	}
	e.text = []byte(strings.Join(out, "\n"))
	return e, nil
}

// row is a row of a table, and the offset of the line that it comes from.
type row struct {
	cells []string
	from  int
}

// rows returns the header and the rows of a table that is filled in.
func (l Contract) rows(header, written []string, of func(Action) bool, used map[string]bool) []row {
	var places []string
	for _, a := range l.Actions {
		for name := range a.Places {
			if used[name] && name != "action" && !slices.Contains(places, name) && !slices.Contains(header, name) {
				places = append(places, name)
			}
		}
	}
	slices.Sort(places)
	further := header[1:]
	names := append(append([]string{"action"}, further...), places...)
	if len(further) > 0 { // the first column names the row
		names = append([]string{"row"}, names...)
	}
	list := []row{{names, 0}}
	own := [][]string{nil}
	if len(written) > 0 {
		own = own[:0]
		for _, line := range written {
			own = append(own, cells(line)[1:])
		}
	}
	for i, values := range own {
		for _, a := range l.Actions {
			if !of(a) || slices.ContainsFunc(places, func(name string) bool { return a.Places[name] == "" }) {
				continue
			}
			r := append([]string{a.Name}, values...)
			for _, name := range places {
				r = append(r, a.Places[name])
			}
			if len(further) > 0 {
				r = append([]string{strings.Join(append([]string{a.Name}, values...), ", ")}, r...)
			}
			from := 0
			if len(written) > 0 {
				from = i + 1
			}
			list = append(list, row{r, from})
		}
	}
	return list
}

// cells returns the cells of a line of a table, or nil. Escapes stay as they are.
func cells(line string) []string {
	line = strings.TrimSpace(line)
	if !strings.HasPrefix(line, "|") || !strings.HasSuffix(line, "|") || len(line) < 2 {
		return nil
	}
	var list []string
	start := 1
	for i := 1; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case '|':
			list = append(list, strings.TrimSpace(line[start:i]))
			start = i + 1
		}
	}
	return list
}

// line returns the line of the file that a line of the text comes from.
func (e expanded) line(n int) int {
	if e.lines == nil || n < 1 || n > len(e.lines) {
		return n
	}
	return e.lines[n-1]
}

// place gives cases the lines of their file.
func (e expanded) place(cases []Case) {
	for i := range cases {
		cases[i].Line = e.line(cases[i].Line)
		for j := range cases[i].Steps {
			cases[i].Steps[j].Line = e.line(cases[i].Steps[j].Line)
		}
	}
}
