package run

import (
	"slices"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
)

// takeOver counts the scenarios that have ended in the run that is resumed, and leaves the
// others to run. Which clauses their exchanges were judged by is told anew.
func (r *runner) takeOver() error {
	if r.plan.Ended == nil {
		return nil
	}
	byID := map[string]suite.Case{}
	for _, c := range r.plan.Cases {
		byID[c.ID] = c
	}
	for s, err := range r.plan.Ended {
		if err != nil {
			return err
		}
		c, selected := byID[s.ID]
		if !selected {
			continue
		}
		delete(byID, s.ID)
		for i := range s.Findings {
			s.Findings[i].Waived = "" // whether it is waived today is said today
		}
		r.finish(ended{scene: c, result: s, judged: r.judgedBy(s)})
		r.takenOver++
	}
	r.plan.Cases = slices.DeleteFunc(slices.Clone(r.plan.Cases), func(c suite.Case) bool { _, left := byID[c.ID]; return !left })
	return nil
}

// judgedBy counts the exchanges of a recorded scenario that are judged by each clause.
func (r *runner) judgedBy(s verdict.Scenario) map[string]int {
	judged, named := map[string]int{}, contract.Named{}
	for _, x := range s.Exchanges {
		for _, clause := range r.judge.ExchangeAmong(named, x).Judged {
			judged[clause]++
		}
	}
	return judged
}
