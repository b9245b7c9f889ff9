package report

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// Limits for the groups at the beginning of a page. The scenarios below show everything.
const (
	groupsTold = 200
	placesTold = 100
	idsTold    = 40
)

// gathered holds what readers need first: what is wrong and what was not judged, each cause once,
// with the places where it occurred. An endpoint that violates a clause does so in every answer,
// and a hundred equal findings would hide the one that differs.
type gathered struct {
	findings groups
	doubts   groups // the reasons for inconclusive and broken scenarios
	skipped  groups // the reasons for skipped scenarios
}

// groups are in the order of their first occurrence.
type groups struct {
	list  []*group
	known map[string]*group
	left  int // the number of items that found no group
}

// group is one cause with all its occurrences.
type group struct {
	finding verdict.Finding // the first finding
	outcome verdict.Outcome // for scenarios that were not judged
	cause   wire.Cause      // for inconclusive scenarios
	at      string          // the file and line of the first scenario
	reason  string
	differs variation // between the reasons of the scenarios
	repeat  string    // the command that runs the first scenario again
	total   int
	places  []place
	last    string // the last scenario in which it occurred
	among   int    // the number of scenarios
}

// place is one occurrence.
type place struct {
	scenario, name string
	exchange       int
	requestID      string
}

func (g *groups) add(key string, made group, at place) {
	known := g.known[key]
	if known == nil {
		if len(g.list) >= groupsTold {
			g.left++
			return
		}
		if g.known == nil {
			g.known = map[string]*group{}
		}
		known = &made
		g.known[key] = known
		g.list = append(g.list, known)
	}
	known.total++
	known.differs.add(made.reason)
	if known.last != at.scenario {
		known.last = at.scenario
		known.among++
	}
	if len(known.places) < placesTold {
		known.places = append(known.places, at)
	}
}

// gather collects the scenarios that did not simply pass.
func gather(b *Reader) (gathered, error) {
	var all gathered
	for s, err := range b.some(remarkable, outline) {
		if err != nil {
			return all, err
		}
		at := fmt.Sprintf("%s:%d", s.File, s.Line)
		for _, f := range s.Findings {
			key := f.Fingerprint() + "|" + string(f.Level) + "|" + f.Waived
			all.findings.add(key, group{finding: f, at: at, repeat: s.Repeat}, place{s.ID, s.Name, f.Exchange, f.RequestID})
		}
		reason := group{outcome: s.Outcome, cause: s.Cause, reason: s.Reason, at: at, repeat: s.Repeat}
		here := place{scenario: s.ID, name: s.Name}
		switch s.Outcome {
		case verdict.Inconclusive, verdict.Broken:
			all.doubts.add(string(s.Outcome)+"|"+causeOf(s), reason, here)
		case verdict.Skipped:
			all.skipped.add(number.ReplaceAllString(s.Reason, "#"), reason, here)
		}
	}
	for _, g := range slices.Concat(all.doubts.list, all.skipped.list) {
		g.reason = g.differs.in(g.reason)
	}
	slices.SortStableFunc(all.findings.list, func(a, b *group) int { return cmp.Compare(weight(a.finding), weight(b.finding)) })
	slices.SortStableFunc(all.doubts.list, func(a, b *group) int { return strings.Compare(string(a.outcome), string(b.outcome)) }) // broken ones first
	return all, nil
}

// number matches what differs between texts with the same cause: a request id, a time, a count.
var number = regexp.MustCompile(`[\pL\d-]*\d[\pL\d.-]*`)

// variation holds the differences between the reasons in a group: for each number or id, its values
// in the order of occurrence.
type variation []map[string]int

// add adds the values in a reason.
func (d *variation) add(reason string) {
	for i, value := range number.FindAllString(reason, -1) {
		if i == len(*d) {
			*d = append(*d, map[string]int{})
		}
		if values := (*d)[i]; values[value] == 0 {
			values[value] = len(values) + 1
		}
	}
}

// in returns the reason for the whole group. It lists every value of an id, because somebody may
// search for one, and replaces a number that differs by ….
func (d variation) in(reason string) string {
	i := -1
	return number.ReplaceAllStringFunc(reason, func(own string) string {
		if i++; len(d[i]) == 1 {
			return own
		}
		values := slices.SortedFunc(maps.Keys(d[i]), func(a, b string) int { return cmp.Compare(d[i][a], d[i][b]) })
		if slices.ContainsFunc(values, func(v string) bool { return !unicode.IsLetter([]rune(v)[0]) }) {
			return "…"
		}
		told := strings.Join(values[:min(len(values), idsTold)], ", ")
		if left := len(values) - idsTold; left > 0 {
			told += fmt.Sprintf(", +%d (report.json)", left)
		}
		return told
	})
}

// causeOf is equal for scenarios that were not judged for the same cause.
func causeOf(s verdict.Scenario) string {
	if s.Cause == "" {
		return s.Reason
	}
	return string(s.Cause) + "|" + number.ReplaceAllString(s.Reason, "#")
}

// weight sorts findings that fail the run first.
func weight(f verdict.Finding) int {
	switch {
	case f.Waived != "":
		return 2
	case f.Level == verdict.Should:
		return 1
	}
	return 0
}
