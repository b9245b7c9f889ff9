package difference

import (
	"maps"
	"math"
	"slices"
	"time"

	"github.com/zec-tools/conformance/internal/verdict"
)

// outcomes adds a scenario of the second run to the right list. was is nil if the first run does
// not have it.
func (r *Result) outcomes(was, now *scenario) {
	f := Failure{Scenario: now.ID, Name: now.Name, File: now.File, Line: now.Line, Now: now.Outcome, Findings: []verdict.Finding{}}
	broken := map[string]bool{}
	if was != nil {
		f.Was = was.Outcome
		broken = clauses(was)
	}
	switch {
	case now.Outcome == verdict.Failed:
		fresh, known := f, f
		for _, found := range now.Findings {
			if f.Was == verdict.Failed && broken[found.Clause] {
				known.Findings = append(known.Findings, found)
			} else {
				fresh.Findings = append(fresh.Findings, found)
			}
		}
		if f.Was != verdict.Failed || len(fresh.Findings) > 0 {
			r.New = append(r.New, fresh)
		}
		if f.Was == verdict.Failed && len(known.Findings) > 0 {
			r.StillFailing = append(r.StillFailing, known)
		}
	case f.Was == verdict.Failed && now.Outcome == verdict.Passed:
		f.Findings = was.Findings
		r.Fixed = append(r.Fixed, f)
	case (f.Was == verdict.Passed || f.Was == verdict.Failed) && now.Outcome != verdict.Passed:
		r.Unjudged = append(r.Unjudged, f)
	}
}

// clauses returns the clauses that a scenario violated. Other parts of a finding contain instances
// and ids, which differ in every run.
func clauses(s *scenario) map[string]bool {
	broken := map[string]bool{}
	for _, f := range s.Findings {
		broken[f.Clause] = true
	}
	return broken
}

// answers compares the answers step by step, as long as both runs have the same steps.
func (r *Result) answers(was, now *scenario) {
	for i, step := range now.Steps {
		if i >= len(was.Steps) || was.Steps[i].Text != step.Text {
			return
		}
		before, after := differing(was.answers[i], now.answers[i])
		if len(after) == 0 {
			continue
		}
		r.Answers = append(r.Answers, Answered{
			Scenario: now.ID, File: now.File, Line: step.Line, Step: step.Keyword + " " + step.Text, Was: before, Now: after,
		})
	}
}

func (r *Result) choices(was, now *scenario) {
	before, after := chosen(was), chosen(now)
	for _, clause := range slices.Sorted(maps.Keys(after)) {
		if old, known := before[clause]; known && old != after[clause] {
			r.Choices = append(r.Choices, Choice{Scenario: now.ID, Clause: clause, Was: old, Now: after[clause]})
		}
	}
}

func chosen(s *scenario) map[string]string {
	choices := map[string]string{}
	for _, c := range s.Choices {
		choices[c.Clause] = c.Answer
	}
	return choices
}

// slower compares the median answer of each operation, and the scenarios that passed in both runs,
// because one that failed may have ended early.
func (r *Result) slower(before, after *gathered) {
	for _, operation := range slices.Sorted(maps.Keys(after.times)) {
		if min(len(before.times[operation]), len(after.times[operation])) < fewest {
			continue
		}
		s := Slower{Operation: operation, Was: median(before.times[operation]), Now: median(after.times[operation])}
		r.addSlower(s, leastSlower)
	}
	for _, id := range after.order {
		was, now := before.scenarios[id], after.scenarios[id]
		if was != nil && was.Outcome == verdict.Passed && now.Outcome == verdict.Passed {
			r.addSlower(Slower{Scenario: id, Was: was.Duration, Now: now.Duration}, leastScenario)
		}
	}
}

func (r *Result) addSlower(s Slower, least time.Duration) {
	if s.Was <= 0 || s.Now-s.Was < least {
		return
	}
	ratio := float64(s.Now) / float64(s.Was)
	if ratio < r.Ratio {
		return
	}
	s.Ratio = math.Round(ratio*10) / 10
	r.Slower = append(r.Slower, s)
}
