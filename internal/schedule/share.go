package schedule

import (
	"slices"

	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/steps"
)

// Group is a set of scenarios that are judged by the same changes.
type Group struct {
	Caller    string      // the scenario that makes the changes
	Observers []string    // the other scenarios, in order
	Beside    steps.Needs // further instances that the others need to observe
}

// watched is a scenario that calls one action on one instance and judges the effect.
type watched struct {
	scenario suite.Case
	subject  steps.Need
	action   string
	changes  int
}

// observable returns what a scenario observes, and whether that can be shared. It can if every step
// names an instance, calls the action alone, or only observes.
func observable(c suite.Case) (w watched, is bool) {
	if len(c.Needs.Instances) == 0 {
		return w, false
	}
	w = watched{scenario: c, subject: c.Needs.Instances[0]}
	for _, step := range c.Steps {
		metadata := step.Match.Metadata()
		switch {
		case metadata.Observes && w.changes > 0:
		case len(metadata.States) > 0 && len(metadata.Actions) == 0 && w.changes == 0:
		case metadata.Series > 0 && w.changes == 0:
			if named(c, step.Match, metadata) > 1 {
				return w, false
			}
			w.changes, w.action = metadata.Series, metadata.Actions[0]
		default:
			return w, false
		}
	}
	return w, w.changes > 0 && len(c.Steps) > 0
}

// share groups scenarios that can share changes: those of one action on an instance in one status.
// The scenario with the most changes makes them for all.
func share(candidates []candidate, lacks func(steps.Needs) bool) []Group {
	var groups []Group
	var all []watched
	for _, c := range candidates {
		if c.observable {
			all = append(all, c.watched)
		}
	}
	for len(all) > 0 {
		first := all[0]
		same := func(w watched) bool { return w.action == first.action && w.subject == first.subject }
		var members []watched
		for _, w := range all {
			if same(w) {
				members = append(members, w)
			}
		}
		all = slices.DeleteFunc(all, same)
		if g, shared := group(members, lacks); shared {
			groups = append(groups, g)
		}
	}
	return groups
}

func group(members []watched, lacks func(steps.Needs) bool) (Group, bool) {
	at := 0
	for i, w := range members {
		if w.changes > members[at].changes {
			at = i
		}
	}
	caller := members[at]
	g := Group{Caller: caller.scenario.ID}
	for i, w := range members {
		if i == at {
			continue
		}
		beside := steps.Needs{Instances: more(g.Beside.Instances, w.scenario.Needs.Instances[1:])}
		if lacks(steps.Needs{Instances: slices.Concat(caller.scenario.Needs.Instances, beside.Instances)}) {
			continue
		}
		g.Beside, g.Observers = beside, append(g.Observers, w.scenario.ID)
	}
	return g, len(g.Observers) > 0
}

// more returns what is needed in addition to have, to cover all of want.
func more(have, want []steps.Need) []steps.Need {
	all := slices.Clone(have)
	left := slices.Clone(have)
	for _, need := range want {
		if i := slices.Index(left, need); i >= 0 {
			left = slices.Delete(left, i, i+1)
			continue
		}
		all = append(all, need)
	}
	return all
}

// repeats returns, for each scenario that does no more than another one, the id of the latter: it
// has the same steps up to its call, and each of the steps that follow.
func repeats(cases []suite.Case) map[string]string {
	begins := map[string][]int{} // the positions of cases, by their steps up to the call
	keys := make([][]string, len(cases))
	opening := make([]int, len(cases))
	for i, c := range cases {
		for _, step := range c.Steps {
			keys[i] = append(keys[i], step.Match.Key())
		}
		opening[i] = 1 + slices.IndexFunc(c.Steps, func(s suite.Step) bool {
			metadata := s.Match.Metadata()
			return len(metadata.Actions) > 0 || len(metadata.Calls) > 0 || metadata.Body != nil
		})
		key := join(keys[i][:opening[i]])
		begins[key] = append(begins[key], i)
	}
	same := map[string]string{}
	for i, c := range cases {
		for _, j := range begins[join(keys[i][:opening[i]])] {
			larger := len(keys[j]) > len(keys[i]) || len(keys[j]) == len(keys[i]) && j < i
			if j == i || !larger || !holds(keys[j], keys[i]) {
				continue
			}
			if of, known := same[cases[j].ID]; known {
				same[c.ID] = of
			} else {
				same[c.ID] = cases[j].ID
			}
			break
		}
	}
	return same
}

func join(keys []string) string {
	all := ""
	for _, key := range keys {
		all += key + "\x01"
	}
	return all
}

// holds reports whether all contains some in the same order.
func holds(all, some []string) bool {
	for _, key := range all {
		if len(some) > 0 && some[0] == key {
			some = some[1:]
		}
	}
	return len(some) == 0
}
