package generate

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
)

// Oddity is a way in which a request departs from a parameter's definition.
type Oddity string

// The oddities. For all but the last two, the required answer is clear.
const (
	Missing       Oddity = "missing"        // a required parameter is missing
	WrongType     Oddity = "wrong type"     // a value has another JSON type
	AboveMaximum  Oddity = "above maximum"  // an integer is above the stated maximum
	FarAbove      Oddity = "far above"      // the same, and beyond 32 bits; several codes may refuse it
	EmptyRequired Oddity = "empty required" // a required parameter is null, "" or, unless it is an array, []
	EmptyOptional Oddity = "empty optional" // an optional parameter is null, "" or []; whatever its type, it may count as absent
	Strange       Oddity = "strange value"  // the value has the right type but matches nothing; the required answer is not documented
	Unknown       Oddity = "unknown member" // a member is not a parameter
)

// Oddities returns the oddities of a request, at most one for each parameter.
func Oddities(parameters []Parameter, r Request) []Oddity {
	var odd []Oddity
	for _, p := range parameters {
		value, given := r[p.Name]
		switch {
		case !given && p.Required:
			odd = append(odd, Missing)
		case given:
			if o := p.oddity(value); o != "" {
				odd = append(odd, o)
			}
		}
	}
	for name := range r {
		if !slices.ContainsFunc(parameters, func(p Parameter) bool { return p.Name == name }) {
			odd = append(odd, Unknown)
		}
	}
	return odd
}

func (p Parameter) oddity(value any) Oddity {
	list, isList := value.([]any)
	empty := value == nil || value == "" || isList && len(list) == 0
	switch {
	case empty && !p.Required:
		return EmptyOptional
	case empty && (!isList || p.Type != "array"):
		return EmptyRequired
	case p.Maximum != nil && beyond32Bits(value):
		return FarAbove
	case !plain(value):
		return Strange
	case !fits(p.Type, value):
		return WrongType
	case slices.ContainsFunc(list, func(item any) bool { return item != nil && !fits(p.Items, item) }):
		return WrongType
	case p.Type == "integer":
		return p.ofNumber(value)
	case p.Type == "boolean":
		return ""
	}
	if list == nil {
		list = []any{value}
	}
	if slices.ContainsFunc(list, func(item any) bool { text, is := item.(string); return !is || !slices.Contains(p.Pool, text) }) {
		return Strange
	}
	return ""
}

// ofNumber returns the oddity of a number. A number with a fraction or beyond 32 bits may count as
// one of the wrong type or as too large.
func (p Parameter) ofNumber(value any) Oddity {
	number, _ := value.(json.Number)
	n, err := strconv.ParseInt(number.String(), 10, 32)
	switch {
	case err != nil, n < 1:
		return Strange
	case p.Maximum != nil && float64(n) > *p.Maximum:
		return AboveMaximum
	}
	return ""
}

// beyond32Bits reports whether a value is a positive number, written as an integer, that does not fit into 32 bits.
func beyond32Bits(value any) bool {
	number, _ := value.(json.Number)
	_, err := strconv.ParseInt(number.String(), 10, 32)
	return errors.Is(err, strconv.ErrRange) && !strings.HasPrefix(number.String(), "-")
}

// plain reports whether every JSON parser can be expected to get as far as the type of a value.
// Some fail at a NUL, or at a number that they cannot represent, and report a different error.
func plain(value any) bool {
	switch v := value.(type) {
	case string:
		return !strings.ContainsRune(v, 0)
	case json.Number:
		_, err := strconv.ParseInt(v.String(), 10, 32)
		return err == nil
	case []any:
		return !slices.ContainsFunc(v, func(item any) bool { return !plain(item) })
	case map[string]any:
		for name, item := range v {
			if name == "" || !plain(name) || !plain(item) {
				return false
			}
		}
	}
	return true
}

// fits reports whether a value has a JSON type. If the type is unknown, every value does.
func fits(name string, value any) bool {
	var got string
	switch value.(type) {
	case string:
		got = "string"
	case bool:
		got = "boolean"
	case json.Number:
		got = "number"
	case []any:
		got = "array"
	default:
		got = "object"
	}
	return name == "" || name == got || name == "integer" && got == "number"
}
