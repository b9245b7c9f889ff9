package suite

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/typo"
)

// Select returns the cases that match the tag expression and are among the named scenarios, in
// order. An empty expression or list selects all. An empty selection is an error, because an empty
// run proves nothing. An outline can be named as a whole or by row: id[cell].
func (s *Suite) Select(tags string, scenarios []string) ([]Case, error) {
	wanted := func([]string) bool { return true }
	if strings.TrimSpace(tags) != "" {
		var err error
		if wanted, err = parseTags(tags, s.allTags()); err != nil {
			return nil, err
		}
	}
	for _, id := range scenarios {
		if !s.has(id) {
			return nil, fmt.Errorf("no scenario has the id %q%s", id, s.nearest(id))
		}
	}
	var selected []Case
	for _, c := range s.Cases {
		named := len(scenarios) == 0 || slices.ContainsFunc(scenarios, c.named)
		if named && wanted(c.Tags) {
			selected = append(selected, c)
		}
	}
	if len(selected) == 0 {
		return nil, fmt.Errorf("no scenario is selected: none%s%s", quoted(" bears ", tags), quoted(" and is one of ", strings.Join(scenarios, ", ")))
	}
	return selected, nil
}

// quoted returns words followed by a text in quotes, or "" if the text is empty.
func quoted(words, text string) string {
	if text == "" {
		return ""
	}
	return fmt.Sprintf("%s%q", words, text)
}

// named reports whether an id names the case, or the outline that it is a row of.
func (c *Case) named(id string) bool {
	rest, begins := strings.CutPrefix(c.ID, id)
	return begins && (rest == "" || rest[0] == '[')
}

// has reports whether an id names a case.
func (s *Suite) has(id string) bool {
	for i := range s.Cases {
		if s.Cases[i].named(id) {
			return true
		}
	}
	return false
}

// allTags returns the tags of all scenarios.
func (s *Suite) allTags() []string {
	var all []string
	for _, c := range s.Cases {
		all = append(all, c.Tags...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// nearest suggests an id that is spelt similarly, or that contains the given one.
func (s *Suite) nearest(id string) string {
	var ids []string
	for _, c := range s.Cases {
		outline, _, _ := strings.Cut(c.ID, "[")
		ids = append(ids, c.ID, outline)
	}
	if meant, near := typo.Meant(id, ids); near {
		return fmt.Sprintf("; did you mean %q?", meant)
	}
	for _, known := range ids {
		if id != "" && (strings.Contains(known, id) || strings.Contains(id, known)) {
			return fmt.Sprintf("; did you mean %q?", known)
		}
	}
	return "; conformance list shows them all"
}
