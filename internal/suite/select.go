package suite

import (
	"fmt"
	"slices"
	"strings"
)

// Select returns the cases that bear the tags and are among the scenarios named, in
// order. An empty expression or list selects all. Nothing selected is an error: an
// empty run proves nothing. An outline is named as a whole or by row: id[cell].
func (s *Suite) Select(tags string, scenarios []string) ([]Case, error) {
	wanted := func([]string) bool { return true }
	if strings.TrimSpace(tags) != "" {
		var err error
		if wanted, err = parseTags(tags, s.hasTag); err != nil {
			return nil, err
		}
	}
	for _, id := range scenarios {
		if !slices.ContainsFunc(s.Cases, func(c Case) bool { return c.named(id) }) {
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
		return nil, fmt.Errorf("no scenario is selected: %q and %v have none in common", tags, scenarios)
	}
	return selected, nil
}

// named reports whether an id names the case or the outline it is a row of.
func (c Case) named(id string) bool {
	return c.ID == id || strings.HasPrefix(c.ID, id+"[")
}

func (s *Suite) hasTag(tag string) bool {
	return slices.ContainsFunc(s.Cases, func(c Case) bool { return slices.Contains(c.Tags, tag) })
}

// nearest suggests ids that contain what was typed, or that it contains.
func (s *Suite) nearest(id string) string {
	for _, c := range s.Cases {
		if strings.Contains(c.ID, id) || strings.Contains(id, c.ID) {
			return fmt.Sprintf("; did you mean %q?", c.ID)
		}
	}
	return "; conformance list shows them all"
}
