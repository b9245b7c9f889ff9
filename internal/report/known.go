package report

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/verdict"
)

// unknown is a value in a report that is not one of the allowed words. Reports with such a value
// are rejected, because no reader could count it.
type unknown struct {
	path string // the path of the member, in gjson syntax
	err  error
}

// oneOf returns an error value if a word is not one of the allowed ones, otherwise nil.
func oneOf[W ~string](path string, word W, known []W) *unknown {
	if slices.Contains(known, word) {
		return nil
	}
	words := make([]string, len(known))
	for i, k := range known {
		words[i] = string(k)
	}
	name := path[strings.LastIndex(path, ".")+1:]
	return &unknown{path, fmt.Errorf("%s %q is unknown: want %s", name, word, strings.Join(words, ", "))}
}

// first returns the first non-nil value.
func first(all ...*unknown) *unknown {
	for _, u := range all {
		if u != nil {
			return u
		}
	}
	return nil
}

// unknownIn returns the first unknown word in a scenario.
func unknownIn(s verdict.Scenario) *unknown {
	ends := slices.DeleteFunc(verdict.Outcomes(), func(o verdict.Outcome) bool { return o == verdict.NotReached })
	bad := oneOf("outcome", s.Outcome, ends)
	for i, step := range s.Steps {
		bad = first(bad, oneOf(fmt.Sprintf("steps.%d.outcome", i), step.Outcome, verdict.Outcomes()))
	}
	for i, f := range s.Findings {
		bad = first(bad, oneOf(fmt.Sprintf("findings.%d.level", i), f.Level, verdict.Levels()))
	}
	return bad
}

// unknownWords returns the first unknown word in a head, with the member that contains it.
func unknownWords(head verdict.Run) (member string, bad *unknown) {
	if bad := oneOf("verdict", head.Verdict, verdict.Verdicts()); bad != nil {
		return "verdict", bad
	}
	if bad := oneOf("fault", head.Fault, append(verdict.Origins(), "")); bad != nil {
		return "fault", bad
	}
	for i, c := range head.Clauses {
		bad := first(
			oneOf(fmt.Sprintf("%d.level", i), c.Level, verdict.Levels()),
			oneOf(fmt.Sprintf("%d.status", i), c.Status, verdict.ClauseStatuses()))
		if bad != nil {
			return "clauses", bad
		}
	}
	for i, w := range head.Waivers {
		if bad := oneOf(fmt.Sprintf("%d.state", i), w.State, verdict.WaiverStates()); bad != nil {
			return "waivers", bad
		}
	}
	return "", nil
}

// within returns the offset of an unknown word in a value.
func (u unknown) within(value json.RawMessage) int64 {
	return int64(gjson.GetBytes(value, u.path).Index)
}
