package report

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// How much of what is the same, and of what is not, a page tells at its beginning: the
// scenarios below have all of it.
const (
	groupsTold = 200
	placesTold = 100
)

// gathered is what a reader wants first: what is wrong and what was not judged, each
// thing once, with the places where it was met. An endpoint that breaks one clause does
// so in every answer, and a hundred cards that say the same hide the one that does not.
type gathered struct {
	findings groups
	doubts   groups // reasons why scenarios were inconclusive or broken
	skipped  groups // reasons why scenarios were skipped
}

// groups are told in the order in which they were first met.
type groups struct {
	list  []*group
	known map[string]*group
	left  int // how many found no group any more
}

// group is one thing that was met in many places.
type group struct {
	finding verdict.Finding // the first one
	outcome verdict.Outcome // of scenarios that were not judged
	cause   wire.Cause      // why they were inconclusive
	at      string          // file and line of the first scenario
	reason  string
	repeat  string // the command that runs the first scenario again
	total   int
	places  []place
	last    string // the scenario it was met in last
	among   int    // scenarios
}

// place is where a thing was met.
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
	known.reason = common(known.reason, made.reason)
	if known.last != at.scenario {
		known.last = at.scenario
		known.among++
	}
	if len(known.places) < placesTold {
		known.places = append(known.places, at)
	}
}

// gather reads what there is to say of scenarios that did not simply pass.
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
	slices.SortStableFunc(all.findings.list, func(a, b *group) int { return cmp.Compare(weight(a.finding), weight(b.finding)) })
	slices.SortStableFunc(all.doubts.list, func(a, b *group) int { return strings.Compare(string(a.outcome), string(b.outcome)) }) // broken first
	return all, nil
}

// number is what differs in the texts of one cause: a request id, a time, a count.
var number = regexp.MustCompile(`[\pL\d-]*\d[\pL\d.-]*`)

// common is what two reasons of one cause say alike: … stands for a number or an id that differs.
func common(known, other string) string {
	if known == other {
		return known
	}
	others := number.FindAllString(other, -1)
	i := -1
	return open.ReplaceAllStringFunc(known, func(own string) string {
		if i++; i < len(others) && others[i] == own {
			return own
		}
		return "…"
	})
}

// open is a number, or what stands for several.
var open = regexp.MustCompile(`…|` + number.String())

// causeOf is the same for scenarios that were not judged for one cause.
func causeOf(s verdict.Scenario) string {
	if s.Cause == "" {
		return s.Reason
	}
	return string(s.Cause) + "|" + number.ReplaceAllString(s.Reason, "#")
}

// weight puts what fails the run before what does not.
func weight(f verdict.Finding) int {
	switch {
	case f.Waived != "":
		return 2
	case f.Level == verdict.Should:
		return 1
	}
	return 0
}
