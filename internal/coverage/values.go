package coverage

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/steps"
)

// kind is a kind of value for a parameter.
type kind string

// The kinds of value that the documents say something about. Only the scenario knows which values
// are valid.
const (
	absent     kind = "absent"
	null       kind = "null"
	empty      kind = "empty"
	unknown    kind = "naming none"
	aString    kind = "a string"
	aNumber    kind = "a number"
	aBoolean   kind = "a boolean"
	anArray    kind = "an array"
	anObject   kind = "an object"
	atLimit    kind = "at its limit"
	aboveLimit kind = "above its limit"
)

// types are the kinds that have a specific JSON type, with the contract's name for it.
var types = []struct {
	kind   kind
	schema string
}{
	{aString, "string"}, {aNumber, "integer"}, {aBoolean, "boolean"}, {anArray, "array"}, {anObject, "object"},
}

// parameters lists every parameter, with each kind of value that is wrong or at a limit.
func parameters(c *contract.Contract, op wire.Operation) []want {
	request, _ := c.Request(op)
	list := make([]want, 0, len(request.Members))
	for _, m := range request.Members {
		list = append(list, want{Parameters, op.Action, m.Name, "",
			func(s scene) bool {
				return s.calls(op.Action) && s.sends(m.Name, func(p steps.Parameter) bool { return p.How != steps.Absent })
			}})
	}
	for _, m := range request.Members {
		for _, k := range kinds(m.Schema) {
			list = append(list, want{Values, op.Action, fmt.Sprintf("%s %s", m.Name, k), "",
				func(s scene) bool {
					return s.calls(op.Action) && s.sends(m.Name, func(p steps.Parameter) bool { return slices.Contains(shows(p, m.Schema), k) })
				}})
		}
		if m.Schema.Type == "" {
			list = append(list, want{Values, op.Action, m.Name + " of another type", "its type is not documented",
				func(scene) bool { return false }})
		}
	}
	return list
}

func (s scene) sends(name string, how func(steps.Parameter) bool) bool {
	return slices.ContainsFunc(s.metadata.Parameters, func(p steps.Parameter) bool {
		return (p.Name == name || p.Name == "") && how(p)
	})
}

// kinds returns the kinds of value that the documents say something about.
func kinds(s contract.Schema) []kind {
	list := []kind{absent, null}
	if !slices.Contains([]string{"integer", "number", "boolean"}, s.Type) { // these have no empty value
		list = append(list, empty)
	}
	if s.Resource != "" {
		list = append(list, unknown)
	}
	for _, t := range types {
		if s.Type != "" && s.Type != t.schema {
			list = append(list, t.kind)
		}
	}
	if s.Maximum != nil || s.MaxItems > 0 {
		list = append(list, atLimit, aboveLimit)
	}
	return list
}

// shows returns the kinds of value with which a parameter is sent.
func shows(p steps.Parameter, s contract.Schema) []kind {
	switch p.How {
	case steps.Absent:
		return []kind{absent}
	case steps.Unknown:
		return []kind{unknown}
	case steps.AsJSON:
		var value any
		if err := json.Unmarshal([]byte(p.JSON), &value); err != nil {
			return nil // a sentence with a raw body has no parameters
		}
		return valueKinds(value, s)
	}
	return nil
}

func valueKinds(value any, s contract.Schema) []kind {
	switch v := value.(type) {
	case nil:
		return []kind{null}
	case string:
		if v == "" {
			return []kind{empty}
		}
		return []kind{aString}
	case bool:
		return []kind{aBoolean}
	case float64:
		return append(limit(v, s.Maximum), aNumber)
	case []any:
		if len(v) == 0 {
			return []kind{empty}
		}
		var most *float64
		if s.MaxItems > 0 {
			items := float64(s.MaxItems)
			most = &items
		}
		return append(limit(float64(len(v)), most), anArray)
	default:
		return []kind{anObject}
	}
}

func limit(value float64, most *float64) []kind {
	switch {
	case most == nil || value < *most:
		return nil
	case value == *most:
		return []kind{atLimit}
	default:
		return []kind{aboveLimit}
	}
}
