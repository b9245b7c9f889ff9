package history

import (
	"maps"
	"slices"
	"time"

	"github.com/zec-tools/conformance/internal/verdict"
)

// targetOf summarises the reports of one target, oldest first.
func targetOf(records []record) Target {
	at := records[0].target
	t := Target{Name: at.Name, Kind: at.Kind, Endpoint: at.Endpoint, Clauses: []Clause{}, Actions: []Action{}, Flaky: []Flaky{}}
	for _, r := range records {
		t.Runs = append(t.Runs, r.run)
	}
	t.clauses(records)
	t.actions(records)
	t.flaky(records)
	return t
}

// clauses lists the clauses that were violated in any run, in the order of the newest contract that
// has them.
func (t *Target) clauses(records []record) {
	seen := map[string]bool{}
	for _, newest := range slices.Backward(records) {
		for _, c := range newest.clauses {
			if seen[c.ID] {
				continue
			}
			seen[c.ID] = true
			clause := Clause{ID: c.ID, Text: c.Text, TextZh: c.TextZh, Turns: []Turn{}}
			var now verdict.ClauseStatus
			for i, r := range records {
				status := statusOf(r, c.ID)
				clause.Statuses = append(clause.Statuses, status)
				if status != verdict.Violated && status != verdict.Proved || status == now || status == verdict.Proved && now == "" {
					continue
				}
				now = status
				clause.Turns = append(clause.Turns, Turn{Run: i, Started: r.run.Started, Kept: status == verdict.Proved})
			}
			if len(clause.Turns) > 0 {
				t.Clauses = append(t.Clauses, clause)
			}
		}
	}
}

func statusOf(r record, id string) verdict.ClauseStatus {
	for _, c := range r.clauses {
		if c.ID == id {
			return c.Status
		}
	}
	return ""
}

// actions computes how long the changes of each action took.
func (t *Target) actions(records []record) {
	all := map[string][]Took{}
	for i, r := range records {
		for action, took := range r.took {
			slices.Sort(took)
			all[action] = append(all[action], Took{Run: i, Count: len(took), Median: quantile(took, 50), P95: quantile(took, 95)})
		}
	}
	for _, action := range slices.Sorted(maps.Keys(all)) {
		t.Actions = append(t.Actions, Action{Name: action, Took: all[action]})
	}
}

// quantile returns the duration that a percentage of the values does not exceed.
func quantile(sorted []time.Duration, percent int) time.Duration {
	return sorted[(len(sorted)*percent+99)/100-1]
}

// flaky lists the scenarios that turned more than once with the same contract and features.
func (t *Target) flaky(records []record) {
	type course struct {
		Flaky
		last, under string
	}
	courses := map[string]*course{}
	for i, r := range records {
		under := r.run.Contract + r.run.Features + r.run.Endpoint
		for _, s := range r.scenarios {
			c := courses[s.id]
			if c == nil {
				c = &course{Flaky: Flaky{Scenario: s.id, Outcomes: make([]verdict.Outcome, len(records))}}
				courses[s.id] = c
			}
			c.Name, c.Outcomes[i] = s.name, s.outcome
			if s.outcome != verdict.Passed && s.outcome != verdict.Failed {
				continue
			}
			if c.under == under && c.last != string(s.outcome) {
				c.Turns++
			}
			c.last, c.under = string(s.outcome), under
		}
	}
	for _, id := range slices.Sorted(maps.Keys(courses)) {
		if courses[id].Turns > 1 {
			t.Flaky = append(t.Flaky, courses[id].Flaky)
		}
	}
}
