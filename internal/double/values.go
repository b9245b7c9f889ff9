package double

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/zec-tools/conformance/internal/contract"
)

// plain returns a simple value that a schema allows: a listed one, the example or the default if
// there is one.
func plain(s contract.Schema) any {
	listed := slices.Concat(s.Enum, s.Values)
	switch {
	case s.Type == "array":
		return []any{}
	case s.Type == "object":
		out := map[string]any{}
		for _, m := range s.Members {
			out[m.Name] = plain(m.Schema)
		}
		return out
	case len(listed) > 0:
		return typed(s, listed[0])
	case s.Example != nil:
		return s.Example
	case s.Default != "":
		return typed(s, s.Default)
	case s.Type == "boolean":
		return false
	case s.Type == "integer", s.Type == "number":
		return least(s.Maximum)
	}
	return strings.Repeat("x", max(1, s.MinLength))
}

// typed converts a value that the contract writes as text to the JSON type of its schema.
func typed(s contract.Schema, value string) any {
	if s.Type == "string" || !json.Valid([]byte(value)) {
		return value
	}
	return json.RawMessage(value)
}

// least returns 0, or a maximum below it.
func least(maximum *float64) float64 {
	if maximum == nil {
		return 0
	}
	return min(0, *maximum)
}

// shownValue returns the value of a filter that the row of a subject shows. Both the row and the
// filter allow it. If several are listed, subjects get different ones, so that an ignored filter is
// noticed.
func shownValue(filter, row contract.Schema, name, id string, number int) string {
	if both := shownValues(filter, row); len(both) > 0 {
		return both[number%len(both)]
	}
	for _, s := range []contract.Schema{filter, row} {
		if example, is := s.Example.(string); is && s.Pattern != "" {
			return example // any other value may have the wrong format
		}
	}
	value := name + " of " + id
	return value + strings.Repeat("x", max(0, filter.MinLength-len(value), row.MinLength-len(value)))
}

// shownValues returns the values that both a filter and the rows list, or those of the only list.
func shownValues(filter, row contract.Schema) []string {
	asked, shown := slices.Concat(filter.Enum, filter.Values), slices.Concat(row.Enum, row.Values)
	switch {
	case len(shown) == 0:
		return asked
	case len(asked) == 0:
		return shown
	}
	return slices.DeleteFunc(slices.Clone(shown), func(value string) bool { return !slices.Contains(asked, value) })
}

// made is the number of values that are made up if the documents list none.
const made = 40

// valuesOf returns the possible values of a parameter: the listed ones, or made-up ones.
func valuesOf(s contract.Schema) []string {
	if listed := slices.Concat(s.Enum, s.Values); len(listed) > 0 {
		return listed
	}
	if s.Type == "integer" || s.Type == "number" {
		return numbers(s.Maximum)
	}
	values := make([]string, made)
	for i := range values {
		values[i] = "value-" + strconv.Itoa(i+1)
	}
	return values
}

// numbers returns integers from 1 to a maximum, evenly spaced. There are fewer if the maximum is
// small.
func numbers(maximum *float64) []string {
	const apart = 20
	most := apart * made
	if maximum != nil {
		most = int(max(0, min(*maximum, apart*made)))
	}
	var values []string
	step := max(1, most/made)
	for n := step; n <= most && len(values) < made; n += step {
		values = append(values, strconv.Itoa(n))
	}
	return values
}
