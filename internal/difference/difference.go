// Package difference compares recorded runs. For two runs of one target, it shows what newly fails,
// what no longer fails, what is slower and what is answered differently. For runs of several
// targets, it compares clause by clause. It also compares the parts: findings, and the statuses of
// clauses.
//
// It judges nothing and knows no operation, and only compares the contents of the records.
package difference

import (
	"time"

	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/verdict"
)

// A difference in time counts only from a ratio and from a duration on. Smaller differences say
// more about the machine than about the endpoint.
const (
	DefaultRatio  = 2.0
	leastSlower   = time.Millisecond       // for an operation's median
	leastScenario = 100 * time.Millisecond // for a scenario
	fewest        = 10                     // the minimum number of an operation's answers for a meaningful median
)

// Result is how the second of two runs differs from the first.
type Result struct {
	A            Side       `json:"a"`
	B            Side       `json:"b"`
	New          []Failure  `json:"new"`          // fails in b: a scenario that did not fail in a, or a clause that it did not violate there
	Fixed        []Failure  `json:"fixed"`        // failed in a, and passes in b
	StillFailing []Failure  `json:"stillFailing"` // violates in b what it violated in a
	Unjudged     []Failure  `json:"unjudged"`     // was judged in a, but not in b
	OnlyA        []string   `json:"onlyA"`        // the ids of scenarios that b does not have
	OnlyB        []string   `json:"onlyB"`
	Ratio        float64    `json:"ratio"` // the ratio from which a time counts as slower
	Slower       []Slower   `json:"slower"`
	Answers      []Answered `json:"answers"` // steps that were answered differently
	Choices      []Choice   `json:"choices"` // freedoms of the documents that were used differently
}

// Side is one of the two runs.
type Side struct {
	Verdict  verdict.Verdict  `json:"verdict"`
	Target   verdict.Target   `json:"target"`
	Contract verdict.Document `json:"contract"`
	Features verdict.Document `json:"features"`
	Started  time.Time        `json:"started"`
}

// Failure is a scenario with its outcome in both runs.
type Failure struct {
	Scenario string            `json:"scenario"`
	Name     string            `json:"name"`
	File     string            `json:"file"`
	Line     int               `json:"line"`
	Was      verdict.Outcome   `json:"was"` // "" if the first run does not have it
	Now      verdict.Outcome   `json:"now"`
	Findings []verdict.Finding `json:"findings"` // of the run in which it fails
}

// Slower is an operation or a scenario that took longer.
type Slower struct {
	Operation string        `json:"operation,omitempty"` // compared by the median of all its exchanges
	Scenario  string        `json:"scenario,omitempty"`
	Was       time.Duration `json:"wasNs"`
	Now       time.Duration `json:"nowNs"`
	Ratio     float64       `json:"ratio"`
}

// Answered is a step of a scenario with the answers to its requests that differ, sorted and without
// repetitions, because the number of reads has no meaning.
type Answered struct {
	Scenario string   `json:"scenario"`
	File     string   `json:"file"`
	Line     int      `json:"line"`
	Step     string   `json:"step"`
	Was      []string `json:"was"`
	Now      []string `json:"now"`
}

// Choice is a freedom of the documents that the endpoint used in two ways.
type Choice struct {
	Scenario string `json:"scenario"`
	Clause   string `json:"clause"`
	Was      string `json:"was"`
	Now      string `json:"now"`
}

// Compare compares two runs. It keeps in memory what it compares, but not the evidence. An error
// means that a record cannot be read.
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

// Worse reports whether anything newly fails.
func (r Result) Worse() bool { return len(r.New) > 0 }

// Same reports whether nothing differs, apart from times.
func (r Result) Same() bool {
	return len(r.New)+len(r.Fixed)+len(r.Unjudged)+len(r.OnlyA)+len(r.OnlyB)+len(r.Answers)+len(r.Choices) == 0
}

// whole replaces null lists with empty ones.
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
