package suite

import "strings"

// Index lists the scenarios of each file: a line with the path, then one with a tab and the id for
// each scenario, in order.
func (s *Suite) Index() string {
	var b strings.Builder
	file := ""
	for _, c := range s.Cases {
		if c.File != file {
			file = c.File
			b.WriteString(file + "\n")
		}
		b.WriteString("\t" + c.ID + "\n")
	}
	return b.String()
}

// casesOf returns the cases of an index by file. Each has only its location and its id.
func casesOf(index string) map[string][]Case {
	cases := map[string][]Case{}
	file := ""
	for line := range strings.Lines(index) {
		line = strings.TrimSuffix(line, "\n")
		if id, is := strings.CutPrefix(line, "\t"); is {
			cases[file] = append(cases[file], Case{ID: id, File: file})
		} else {
			file = line
		}
	}
	return cases
}
