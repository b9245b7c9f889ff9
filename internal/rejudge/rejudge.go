// Package rejudge judges a recorded run again, offline, with the current contract: its exchanges by
// the contract, and its trajectories by the lifecycle.
//
// It sends nothing and reads no features. Findings that a step made because it knew the intent of a
// request, or about side effects, cannot be checked from the record. They are kept unless the
// contract no longer has their clause.
package rejudge

import (
	"fmt"
	"slices"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/difference"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/steps"
)

// Result is the new judgement of a run, and what has changed.
type Result struct {
	Was, Now     verdict.Run // without scenarios
	Scenarios    []Change    // the changed ones, in the order of the features
	Clauses      []difference.ClauseChange
	Exchanges    int // the number judged again
	Trajectories int // the number judged again
}

// Change is a scenario whose judgement has changed.
type Change struct {
	ID   string            `json:"id"`
	Name string            `json:"name"`
	Was  verdict.Outcome   `json:"was"`
	Now  verdict.Outcome   `json:"now"`
	Gone []verdict.Finding `json:"gone"`
	New  []verdict.Finding `json:"new"`
}

// Run judges the run of a reader again. An error means that a record cannot be read.
func Run(c *contract.Contract, rules *steps.Contract, reader *report.Reader) (Result, error) {
	r := rejudge{contract: c, rules: rules, judge: c.NewJudge()}
	result := Result{Was: reader.Head, Now: reader.Head}
	for s, err := range reader.Scenarios() {
		if err != nil {
			return result, err
		}
		if err := r.scenario(s); err != nil {
			return result, fmt.Errorf("judge scenario %s again: %w", s.ID, err)
		}
	}
	settleMoved(r.cases)
	tally := verdict.NewTally(c.Clauses())
	for _, one := range r.cases {
		conclude(one.was, &one.now)
		tally.Add(one.now, one.judged)
		if change, changed := one.change(); changed {
			result.Scenarios = append(result.Scenarios, change)
		}
	}
	tally.Conclude(&result.Now)
	result.Now.Summary.Exchanges = result.Was.Summary.Exchanges
	result.Now.Contract = c.Document()
	result.Exchanges, result.Trajectories = r.exchanges, r.trajectories
	result.Clauses = difference.Clauses(result.Was.Clauses, result.Now.Clauses)
	return result, nil
}

// rejudge is one run being judged again.
type rejudge struct {
	contract                *contract.Contract
	rules                   *steps.Contract
	judge                   *contract.Judge
	cases                   []*retrial
	exchanges, trajectories int
}

// retrial is a scenario without its evidence, before and now.
type retrial struct {
	was, now verdict.Scenario
	judged   map[string]int // the number of exchanges judged by each clause
}

// scenario judges the evidence of one scenario.
func (r *rejudge) scenario(s verdict.Scenario) error {
	now, judged, named := s, map[string]int{}, contract.Named{}
	now.Findings = nil
	if s.Shared != nil && s.Shared.How == verdict.SharedSteps { // its evidence is judged in the original scenario
		for _, f := range s.Findings {
			now.Findings = append(now.Findings, r.today(f)...)
		}
		r.cases = append(r.cases, &retrial{was: s, now: now, judged: judged})
		return nil
	}
	for i, x := range s.Exchanges {
		judgement := r.judge.ExchangeAmong(named, x)
		if len(judgement.Judged) > 0 {
			r.exchanges++
		}
		for _, f := range judgement.Findings {
			f.Exchange = i + 1
			now.Findings = append(now.Findings, waived(s.Findings, f))
		}
		for _, clause := range judgement.Judged {
			judged[clause]++
		}
	}
	departed, tracked, err := r.departures(s)
	if err != nil {
		return err
	}
	for _, f := range s.Findings {
		if s.Teller(f) >= 0 && (!tracked[f.Where] || !r.rules.Departure(f)) {
			now.Findings = append(now.Findings, r.today(f)...)
		}
	}
	now.Findings = append(now.Findings, departed...)
	s.Exchanges, s.Trajectories, now.Exchanges, now.Trajectories = nil, nil, nil, nil
	r.cases = append(r.cases, &retrial{was: s, now: now, judged: judged})
	return nil
}

// departures judges the trajectories. It returns the findings, and the places for which the record
// is complete enough to show that there are no others.
func (r *rejudge) departures(s verdict.Scenario) ([]verdict.Finding, map[string]bool, error) {
	var findings []verdict.Finding
	tracked := map[string]bool{}
	for _, t := range s.Trajectories {
		where := steps.TrajectoryOf(r.rules.Lifecycles[t.Action], t.Instance)
		found, judged, err := r.rules.Trajectory(t)
		if err != nil {
			return nil, nil, err
		}
		before, met := tracked[where]
		tracked[where] = judged && (before || !met)
		tracked[verdict.PlaceOf("trajectory", "", t.Instance)] = tracked[where] // the name of any kind in earlier versions
		if judged {
			r.trajectories++
		}
		findings = append(findings, found...)
	}
	kept := findings[:0]
	for _, f := range findings {
		if tracked[f.Where] {
			kept = append(kept, cited(s.Findings, f))
		}
	}
	return kept, tracked, nil
}

// waived copies to a finding the waiver of the same finding in the record.
func waived(recorded []verdict.Finding, f verdict.Finding) verdict.Finding {
	for _, old := range recorded {
		if old.Waived != "" && old.Digest() == f.Digest() {
			f.Waived = old.Waived
		}
	}
	return f
}

// cited copies to a finding the exchange of the same finding in the record.
func cited(recorded []verdict.Finding, f verdict.Finding) verdict.Finding {
	for _, old := range recorded {
		if old.Digest() == f.Digest() {
			f.Exchange, f.RequestID, f.Waived = old.Exchange, old.RequestID, old.Waived
		}
	}
	return f
}

// today updates a step's finding to the current text of its clause, or removes it if the contract
// no longer has the clause.
func (r *rejudge) today(f verdict.Finding) []verdict.Finding {
	clause, stated := r.contract.Clause(f.Clause)
	if !stated {
		return nil
	}
	f.Source, f.Level = clause.Source, clause.Level
	return []verdict.Finding{f}
}

// conclude determines the new outcome of a scenario. If a finding has disappeared, it may have kept
// the last steps from being run.
func conclude(was verdict.Scenario, now *verdict.Scenario) {
	failing := slices.ContainsFunc(now.Findings, func(f verdict.Finding) bool { return f.Level != verdict.Should })
	untried := slices.ContainsFunc(was.Steps, func(s verdict.Step) bool { return s.Outcome != verdict.Passed })
	switch {
	case failing:
		now.Outcome, now.Reason, now.Cause, now.Fault = verdict.Failed, "", "", ""
	case was.Outcome == verdict.Failed && untried:
		now.Outcome, now.Reason = verdict.Inconclusive, "what ended it is no finding any more: run it again to try its other steps"
	case was.Outcome == verdict.Failed:
		now.Outcome = verdict.Passed
	}
}
