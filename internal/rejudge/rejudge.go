// Package rejudge judges a recorded run again, offline, with the contract of today: its
// exchanges by the contract, its trajectories by the lifecycle.
//
// It sends nothing and reads no feature. What a step found because it knew what had been
// asked, and side effects, cannot be seen again from the record: those findings stand,
// unless the contract no longer has their clause.
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

// Result is what a run says when it is judged again, and what has changed.
type Result struct {
	Was, Now     verdict.Run // without scenarios
	Scenarios    []Change    // those that changed, in the order of the features
	Clauses      []difference.ClauseChange
	Exchanges    int // judged again
	Trajectories int // judged again
}

// Change is a scenario of which something else is said now.
type Change struct {
	ID   string            `json:"id"`
	Name string            `json:"name"`
	Was  verdict.Outcome   `json:"was"`
	Now  verdict.Outcome   `json:"now"`
	Gone []verdict.Finding `json:"gone"`
	New  []verdict.Finding `json:"new"`
}

// Run judges the run of a reader again. An error is a record that cannot be read.
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

// retrial is a scenario, without its evidence, as it was and as it is now.
type retrial struct {
	was, now verdict.Scenario
	judged   map[string]int // exchanges held against each clause
}

// scenario judges the evidence of one scenario.
func (r *rejudge) scenario(s verdict.Scenario) error {
	now, judged, named := s, map[string]int{}, contract.Named{}
	now.Findings = nil
	if s.Shared != nil && s.Shared.How == verdict.SharedSteps { // its evidence is judged where it was made
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

// departures judges the trajectories and returns what departs from the lifecycle, and
// the places of which the record tells enough to say that nothing else does.
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
		tracked[verdict.PlaceOf("trajectory", "", t.Instance)] = tracked[where] // as earlier versions named those of any kind
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

// waived gives a finding the waiver that the record has for the same one.
func waived(recorded []verdict.Finding, f verdict.Finding) verdict.Finding {
	for _, old := range recorded {
		if old.Waived != "" && old.Digest() == f.Digest() {
			f.Waived = old.Waived
		}
	}
	return f
}

// cited gives a finding the exchange that the record names for the same one.
func cited(recorded []verdict.Finding, f verdict.Finding) verdict.Finding {
	for _, old := range recorded {
		if old.Digest() == f.Digest() {
			f.Exchange, f.RequestID, f.Waived = old.Exchange, old.RequestID, old.Waived
		}
	}
	return f
}

// today gives a finding of a step as the contract states its clause now, or nothing when
// it has no such clause.
func (r *rejudge) today(f verdict.Finding) []verdict.Finding {
	clause, stated := r.contract.Clause(f.Clause)
	if !stated {
		return nil
	}
	f.Source, f.Level = clause.Source, clause.Level
	return []verdict.Finding{f}
}

// conclude decides how a scenario ends now. What was found before and no longer is may
// have kept its last steps from being tried.
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
