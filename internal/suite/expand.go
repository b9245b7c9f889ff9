package suite

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A table of examples with a column headed "every action", "every changing action", "every batch
// action" or "every reading action" repeats each of its rows for each action of that kind in the
// contract. If it has no rows, it gets one for each action. The column becomes <action>. The
// scenario and the other cells can use the values of the action's lifecycle: <start>, <transient>,
// <end>, <denied.start> and the other placeholders of a template. An action without one of the used
// values has no row. If the column is the first of several, an additional column <row> names the
// row.

var (
	every = map[string]func(Action) bool{
		"every action":          func(Action) bool { return true },
		"every changing action": func(a Action) bool { return a.Facts.Changes },
		"every batch action":    func(a Action) bool { return a.Facts.Batch },
		"every reading action":  func(a Action) bool { return !a.Facts.Changes },
		"每个接口":                  func(Action) bool { return true },
		"每个变更接口":                func(a Action) bool { return a.Facts.Changes },
		"每个批量接口":                func(a Action) bool { return a.Facts.Batch },
		"每个查询接口":                func(a Action) bool { return !a.Facts.Changes },
	}
	outline = regexp.MustCompile(`^\s*(?:Scenario Outline|Scenario Template|场景大纲|剧本大纲)\s*:`)
)

// expanded is a feature file whose tables were filled in from the contract.
type expanded struct {
	text  []byte
	lines []int // for each line, the original line in the file
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
	used := map[string]bool{} // the placeholders of the current outline
	for i := 0; i < len(source); i++ {
		if outline.MatchString(source[i]) {
			clear(used)
		}
		for _, m := range placeholder.FindAllStringSubmatch(source[i], -1) {
			used[m[1]] = true
		}
		header := cells(source[i])
		column := slices.IndexFunc(header, func(name string) bool { return every[name] != nil })
		if column < 0 {
			add(i+1, source[i])
			continue
		}
		end := i + 1
		for end < len(source) && cells(source[end]) != nil {
			end++
		}
		t := table{header: header, column: column}
		if faulty := t.read(source[i+1:end], used); faulty >= 0 {
			return e, &Error{File: file, Line: i + 2 + faulty, What: fmt.Sprintf("the row does not fit its header: write %d cells, and leave that of %q empty", len(header), header[column])}
		}
		rows := l.rows(t, used)
		if len(rows) == 1 {
			return e, &Error{File: file, Line: i + 1, What: fmt.Sprintf("no action of the contract fits %q and has all that the scenario uses: write rows, or remove the scenario", header[column])}
		}
		for _, r := range rows {
			add(i+1+r.from, source[i][:strings.Index(source[i], "|")]+"| "+strings.Join(r.cells, " | ")+" |")
		}
		i = end - 1
	}
	e.text = []byte(strings.Join(out, "\n"))
	return e, nil
}

// table is a table before its column is filled in from the contract.
type table struct {
	header  []string
	column  int
	written [][]string
}

// read reads the rows after the header, and records the placeholders in them. It returns the index
// of a row with the wrong number of cells, or -1.
func (t *table) read(lines []string, used map[string]bool) int {
	for i, line := range lines {
		row := cells(line)
		if len(row) != len(t.header) || row[t.column] != "" {
			return i
		}
		t.written = append(t.written, row)
		for _, m := range placeholder.FindAllStringSubmatch(line, -1) {
			used[m[1]] = true
		}
	}
	return -1
}

// row is a row of a table, with the offset of its original line.
type row struct {
	cells []string
	from  int
}

// rows returns the header and the rows of a filled-in table.
func (l Contract) rows(t table, used map[string]bool) []row {
	places := l.used(t.header, used)
	named := t.column == 0 && len(t.header) > 1
	names := append(slices.Clone(t.header), places...)
	names[t.column] = "action"
	if named {
		names = append([]string{"row"}, names...)
	}
	list := []row{{names, 0}}
	written, first := t.written, 1
	if len(written) == 0 {
		written, first = [][]string{make([]string, len(t.header))}, 0
	}
	for i, values := range written {
		for _, a := range l.Actions {
			if !every[t.header[t.column]](a) || slices.ContainsFunc(places, func(name string) bool { return a.Places[name] == "" }) {
				continue
			}
			r := a.fill(values)
			r[t.column] = a.Name
			if named {
				r = append([]string{strings.Join(r, ", ")}, r...)
			}
			for _, name := range places {
				r = append(r, a.Places[name])
			}
			list = append(list, row{r, first + i})
		}
	}
	return list
}

// used returns the placeholders of the actions for which a table needs columns.
func (l Contract) used(header []string, used map[string]bool) []string {
	var places []string
	for _, a := range l.Actions {
		for name := range a.Places {
			if used[name] && name != "action" && !slices.Contains(places, name) && !slices.Contains(header, name) {
				places = append(places, name)
			}
		}
	}
	slices.Sort(places)
	return places
}

// fill returns cells with the placeholders of the action replaced.
func (a Action) fill(values []string) []string {
	filled := slices.Clone(values)
	for i, value := range values {
		filled[i] = placeholder.ReplaceAllStringFunc(value, func(place string) string {
			name := strings.Trim(place, "<>")
			if name == "action" {
				return a.Name
			}
			return cmp.Or(a.Places[name], place)
		})
	}
	return filled
}

// cells returns the cells on a line of a table, or nil. Escapes are kept.
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

// line returns the original line for a line of the text.
func (e expanded) line(n int) int {
	if e.lines == nil || n < 1 || n > len(e.lines) {
		return n
	}
	return e.lines[n-1]
}

// relocated changes the line of an error to the original one.
func (e expanded) relocated(err error) error {
	if fault := (*Error)(nil); errors.As(err, &fault) {
		fault.Line = e.line(fault.Line)
	}
	return err
}

// place changes the lines of cases to the original ones.
func (e expanded) place(cases []Case) {
	for i := range cases {
		cases[i].Line = e.line(cases[i].Line)
		for j := range cases[i].Steps {
			cases[i].Steps[j].Line = e.line(cases[i].Steps[j].Line)
		}
	}
}
