// Package difference compares recorded runs: two of one target, by what fails in the second
// that did not in the first, what no longer fails, what is slower and what is answered
// differently; those of several targets, clause by clause; and the parts of which such a
// comparison is made, findings and the statuses of clauses.
//
// It judges nothing and knows no operation: it compares what the records say.
package difference

import (
	"time"

	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/verdict"
)

// A difference in time counts from a ratio on, and from a length on: below it, times
// say more about the machine than about the endpoint.
const (
	DefaultRatio  = 2.0
	leastSlower   = time.Millisecond       // of an operation's median
	leastScenario = 100 * time.Millisecond // of a scenario
	fewest        = 10                     // answers of an operation, before a median says anything
)

// Result is how the second of two runs differs from the first.
type Result struct {
	A            Side       `json:"a"`
	B            Side       `json:"b"`
	New          []Failure  `json:"new"`          // fails in b: a scenario that did not fail in a, or a clause it did not break there
	Fixed        []Failure  `json:"fixed"`        // failed in a, and passes in b
	StillFailing []Failure  `json:"stillFailing"` // breaks in b what it broke in a
	Unjudged     []Failure  `json:"unjudged"`     // was judged in a, and could not be in b
	OnlyA        []string   `json:"onlyA"`        // ids of scenarios that b does not have
	OnlyB        []string   `json:"onlyB"`
	Ratio        float64    `json:"ratio"` // from which on a time counts as slower
	Slower       []Slower   `json:"slower"`
	Answers      []Answered `json:"answers"` // steps that were answered differently
	Choices      []Choice   `json:"choices"` // freedoms of the documents that were taken differently
}

// Side is one of the two runs.
type Side struct {
	Verdict  verdict.Verdict  `json:"verdict"`
	Target   verdict.Target   `json:"target"`
	Contract verdict.Document `json:"contract"`
	Features verdict.Document `json:"features"`
	Started  time.Time        `json:"started"`
}

// Failure is a scenario and how it ended in both runs.
type Failure struct {
	Scenario string            `json:"scenario"`
	Name     string            `json:"name"`
	File     string            `json:"file"`
	Line     int               `json:"line"`
	Was      verdict.Outcome   `json:"was"` // "": the first run does not have it
	Now      verdict.Outcome   `json:"now"`
	Findings []verdict.Finding `json:"findings"` // of the run it fails in
}

// Slower is an operation or a scenario that took longer.
type Slower struct {
	Operation string        `json:"operation,omitempty"` // its median over all exchanges
	Scenario  string        `json:"scenario,omitempty"`
	Was       time.Duration `json:"wasNs"`
	Now       time.Duration `json:"nowNs"`
	Ratio     float64       `json:"ratio"`
}

// Answered is a step of one scenario and the different answers to its requests, without
// repetitions, in the order of the letters: how often something was read says nothing.
type Answered struct {
	Scenario string   `json:"scenario"`
	File     string   `json:"file"`
	Line     int      `json:"line"`
	Step     string   `json:"step"`
	Was      []string `json:"was"`
	Now      []string `json:"now"`
}

// Choice is a freedom of the documents that the endpoint took in two ways.
type Choice struct {
	Scenario string `json:"scenario"`
	Clause   string `json:"clause"`
	Was      string `json:"was"`
	Now      string `json:"now"`
}

// Compare compares two runs. Of each it keeps in memory what is compared, not the
// evidence. An error is a record that cannot be read.
func Compare(a, b *report.Reader, ratio float64) (Result, error) {
	r := Result{A: sideOf(a.Head), B: sideOf(b.Head), Ratio: ratio}
	before, err := gather(a)
	if err != nil {
		return r, err
	}
	after, err := gather(b)
	if err != nil {
		return r, err
	}
	for _, id := range after.order {
		now := after.scenarios[id]
		was, both := before.scenarios[id]
		if !both {
			r.OnlyB = append(r.OnlyB, id)
		}
		r.outcomes(was, now)
		if both {
			r.answers(was, now)
			r.choices(was, now)
		}
	}
	for _, id := range before.order {
		if after.scenarios[id] == nil {
			r.OnlyA = append(r.OnlyA, id)
		}
	}
	r.slower(before, after)
	return r.whole(), nil
}

// Worse reports whether something new fails.
func (r Result) Worse() bool { return len(r.New) > 0 }

// Same reports whether nothing differs that is compared, times apart.
func (r Result) Same() bool {
	return len(r.New)+len(r.Fixed)+len(r.Unjudged)+len(r.OnlyA)+len(r.OnlyB)+len(r.Answers)+len(r.Choices) == 0
}

// whole makes lists that are empty and not null.
func (r Result) whole() Result {
	for _, list := range []*[]Failure{&r.New, &r.Fixed, &r.StillFailing, &r.Unjudged} {
		*list = append([]Failure{}, *list...)
	}
	r.OnlyA, r.OnlyB = append([]string{}, r.OnlyA...), append([]string{}, r.OnlyB...)
	r.Slower, r.Answers = append([]Slower{}, r.Slower...), append([]Answered{}, r.Answers...)
	r.Choices = append([]Choice{}, r.Choices...)
	return r
}

func sideOf(head verdict.Run) Side {
	return Side{head.Verdict, head.Target, head.Contract, head.Features, head.Volatile.Started}
}
