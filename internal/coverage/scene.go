package coverage

import (
	"slices"
	"strconv"
	"strings"

	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/steps"
)

// scene is what one scenario covers, with all its steps combined.
type scene struct {
	origin   suite.Case
	metadata steps.Metadata
}

func read(c suite.Case) scene {
	s := scene{origin: c}
	for _, step := range c.Steps {
		more := step.Match.Metadata()
		s.metadata.Actions = append(s.metadata.Actions, more.Actions...)
		s.metadata.Parameters = append(s.metadata.Parameters, more.Parameters...)
		s.metadata.Statuses = append(s.metadata.Statuses, more.Statuses...)
		s.metadata.Pairs = append(s.metadata.Pairs, more.Pairs...)
		s.metadata.States = append(s.metadata.States, more.States...)
		if len(more.Path) > 0 {
			s.metadata.Path = more.Path
		}
	}
	return s
}

func (s scene) calls(action string) bool { return slices.Contains(s.metadata.Actions, action) }

// answers reports whether the scenario allows an answer with a status, as the only one or one of
// several. A class such as 4xx does not count as a single status.
func (s scene) answers(status int) bool {
	return slices.Contains(s.metadata.Statuses, strconv.Itoa(status))
}

func (s scene) names(status int, code string) bool {
	return slices.Contains(s.metadata.Pairs, verdict.Pair{Status: status, Code: code}) || slices.Contains(s.metadata.Pairs, verdict.Pair{Status: status})
}

// refused reports whether the scenario allows an error.
func (s scene) refused() bool {
	return slices.ContainsFunc(s.metadata.Statuses, func(status string) bool { return status != "200" })
}

// rows reports whether a listing in the scenario has an instance to show.
func (s scene) rows() bool { return len(s.metadata.States) > 0 }

func (s scene) bears(clause string) bool { return slices.Contains(s.origin.Clauses, clause) }

// goes reports whether the scenario follows an instance from one status to the next.
func (s scene) goes(from, to string) bool {
	for i := 1; i < len(s.metadata.Path); i++ {
		if s.metadata.Path[i-1] == from && s.metadata.Path[i] == to {
			return true
		}
	}
	return false
}

// begins reports whether the scenario begins with an instance in one of the statuses.
func (s scene) begins(states []string) bool {
	return slices.ContainsFunc(states, func(state string) bool { return slices.Contains(s.metadata.States, state) })
}

// follows reports whether the scenario follows an instance that has a status before the change, or
// reaches it.
func (s scene) follows(state string) bool {
	return len(s.metadata.Path) > 0 && (s.begins([]string{state}) || slices.ContainsFunc(s.metadata.Path, func(set string) bool {
		return slices.Contains(strings.Split(set, " or "), state)
	}))
}
