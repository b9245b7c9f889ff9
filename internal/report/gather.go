package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/verdict"
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
		for _, f := range s.Findings {
			key := f.Fingerprint() + "|" + string(f.Level) + "|" + f.Waived
			all.findings.add(key, group{finding: f, repeat: s.Repeat}, place{s.ID, s.Name, f.Exchange, f.RequestID})
		}
		reason := group{outcome: s.Outcome, reason: s.Reason, repeat: s.Repeat}
		at := place{scenario: s.ID, name: s.Name}
		switch s.Outcome {
		case verdict.Inconclusive, verdict.Broken:
			all.doubts.add(string(s.Outcome)+"|"+s.Reason, reason, at)
		case verdict.Skipped:
			all.skipped.add(s.Reason, reason, at)
		}
	}
	slices.SortStableFunc(all.findings.list, func(a, b *group) int { return cmp.Compare(weight(a.finding), weight(b.finding)) })
	slices.SortStableFunc(all.doubts.list, func(a, b *group) int { return strings.Compare(string(a.outcome), string(b.outcome)) }) // broken first
	return all, nil
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
