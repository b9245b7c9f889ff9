package run

import (
	"slices"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
)

// takeOver counts the scenarios that ended in the run that is being resumed, and leaves the others
// to be run. It determines again which clauses their exchanges were judged by.
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
			s.Findings[i].Waived = "" // waivers are applied again
		}
		r.finish(ended{scene: c, result: s, judged: r.judgedBy(s)})
		r.takenOver++
	}
	r.plan.Cases = slices.DeleteFunc(slices.Clone(r.plan.Cases), func(c suite.Case) bool { _, left := byID[c.ID]; return !left })
	return nil
}

// judgedBy returns, for each clause, how many exchanges of a recorded scenario it judges.
func (r *runner) judgedBy(s verdict.Scenario) map[string]int {
	judged, named := map[string]int{}, contract.Named{}
	for _, x := range s.Exchanges {
		for _, clause := range r.judge.ExchangeAmong(named, x).Judged {
			judged[clause]++
		}
	}
	return judged
}
