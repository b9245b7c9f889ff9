package coverage

import (
	"slices"
	"strconv"
	"strings"

	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/steps"
)

// scene is what one scenario speaks of, all its steps together.
type scene struct {
	origin suite.Case
	said   steps.Metadata
}

func read(c suite.Case) scene {
	s := scene{origin: c}
	for _, step := range c.Steps {
		more := step.Match.Metadata()
		s.said.Actions = append(s.said.Actions, more.Actions...)
		s.said.Parameters = append(s.said.Parameters, more.Parameters...)
		s.said.Statuses = append(s.said.Statuses, more.Statuses...)
		s.said.Pairs = append(s.said.Pairs, more.Pairs...)
		s.said.States = append(s.said.States, more.States...)
		if len(more.Path) > 0 {
			s.said.Path = more.Path
		}
	}
	return s
}

func (s scene) calls(action string) bool { return slices.Contains(s.said.Actions, action) }

// answers reports whether the scenario wants an answer with a status, by itself or as
// one of several that are right. A class such as 4xx names no single status.
func (s scene) answers(status int) bool {
	return slices.Contains(s.said.Statuses, strconv.Itoa(status))
}

func (s scene) names(status int, code string) bool {
	return slices.Contains(s.said.Pairs, verdict.Pair{Status: status, Code: code}) || slices.Contains(s.said.Pairs, verdict.Pair{Status: status})
}

// refused reports whether the scenario may want a failure.
func (s scene) refused() bool {
	return slices.ContainsFunc(s.said.Statuses, func(status string) bool { return status != "200" })
}

// rows reports whether an answer that lists instances has one to list.
func (s scene) rows() bool { return len(s.said.States) > 0 }

func (s scene) bears(clause string) bool { return slices.Contains(s.origin.Clauses, clause) }

// goes reports whether the scenario follows an instance from one state to the next.
func (s scene) goes(from, to string) bool {
	for i := 1; i < len(s.said.Path); i++ {
		if s.said.Path[i-1] == from && s.said.Path[i] == to {
			return true
		}
	}
	return false
}

// begins reports whether the scenario begins with an instance in one of the states.
func (s scene) begins(states []string) bool {
	return slices.ContainsFunc(states, func(state string) bool { return slices.Contains(s.said.States, state) })
}

// follows reports whether the scenario follows an instance that is in a state before the
// change, or comes to it.
func (s scene) follows(state string) bool {
	return len(s.said.Path) > 0 && (s.begins([]string{state}) || slices.ContainsFunc(s.said.Path, func(set string) bool {
		return slices.Contains(strings.Split(set, " or "), state)
	}))
}
