package schedule

import (
	"slices"

	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/steps"
)

// Changes returns how many changes of instances a scenario makes if none has to be called again. It
// includes neither those that prepare its instances nor those that restore them. A call on several
// instances counts for each of them. more reports that the scenario makes further concurrent calls
// that should be refused.
func Changes(c suite.Case) (changes int, more bool) {
	succeeds := Succeeds(c)
	for _, step := range c.Steps {
		metadata := step.Match.Metadata()
		for _, call := range metadata.Calls {
			changes += (Carried(c, call, succeeds) + undone(step.Match, metadata)) * able(c, step.Match, metadata)
			more = more || call.Begins
		}
	}
	return changes, more
}

// undone returns how many changes undo those of a series in between, that each may begin as the one before.
func undone(m steps.Match, metadata steps.Metadata) int {
	if metadata.Series < 2 || len(metadata.Actions) == 0 {
		return 0
	}
	facts := m.Facts[metadata.Actions[0]]
	if len(facts.End) == 0 || slices.Contains(facts.Start, facts.End[0]) {
		return 0
	}
	return metadata.Series - 1
}

// CarriesOut reports whether a call of the action is carried out in the scenario.
func CarriesOut(c suite.Case, action string) bool {
	succeeds := Succeeds(c)
	for _, step := range c.Steps {
		metadata := step.Match.Metadata()
		if !slices.Contains(metadata.Actions, action) {
			continue
		}
		if slices.ContainsFunc(metadata.Calls, func(call steps.Call) bool { return Carried(c, call, succeeds) > 0 }) {
			return true
		}
	}
	return false
}

// named returns how many instances a call of a scenario names.
func named(c suite.Case, m steps.Match, metadata steps.Metadata) int {
	if metadata.Alone || len(metadata.Actions) == 0 || !m.Facts[metadata.Actions[0]].Batch {
		return 1
	}
	return max(1, len(c.Needs.Instances))
}

// able returns for how many of the named instances the documents allow the call.
func able(c suite.Case, m steps.Match, metadata steps.Metadata) int {
	count := named(c, m, metadata)
	if len(metadata.Actions) == 0 {
		return count
	}
	facts := m.Facts[metadata.Actions[0]]
	for _, need := range c.Needs.Instances[:min(count, len(c.Needs.Instances))] {
		if len(facts.Start) > 0 && !slices.Contains(facts.Start, need.Status) || need.GPU && facts.Valued {
			count--
		}
	}
	return count
}

// Succeeds reports whether a step of the scenario expects a success.
func Succeeds(c suite.Case) bool {
	return slices.ContainsFunc(c.Steps, func(s suite.Step) bool { return slices.Contains(s.Match.Metadata().Statuses, "200") })
}

// Carried returns the minimum number of times that a call of a scenario is carried out.
func Carried(c suite.Case, call steps.Call, succeeds bool) int {
	if len(c.Needs.Instances) == 0 || call.Harmless || !succeeds && !call.Begins {
		return 0
	}
	return call.Carried
}
