package generate

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
)

// Oddity is a way in which a request departs from what a contract says of a parameter.
type Oddity string

// The ways. All but the last two leave no doubt.
const (
	Missing       Oddity = "missing"        // a required parameter is not there
	WrongType     Oddity = "wrong type"     // it has another JSON type
	AboveMaximum  Oddity = "above maximum"  // a whole number is above the stated maximum
	FarAbove      Oddity = "far above"      // the same, and beyond 32 bits: which code refuses it is open
	EmptyRequired Oddity = "empty required" // a required one is null, "" or, unless it is an array, []
	EmptyOptional Oddity = "empty optional" // an optional one is null, "" or []: whatever its type, it may count as absent
	Strange       Oddity = "strange value"  // of the right type, and nothing that the endpoint has: what is due is not stated
	Unknown       Oddity = "unknown member" // no parameter has the name
)

// Oddities returns what is odd about a request, one for each parameter at most.
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

// ofNumber says what is odd about a number. One with a fraction or beyond 32 bits may be taken
// for one of another type or for one that is too great.
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

// beyond32Bits reports whether a value is a whole number, written as one, that 32 bits cannot hold.
func beyond32Bits(value any) bool {
	number, _ := value.(json.Number)
	_, err := strconv.ParseInt(number.String(), 10, 32)
	return errors.Is(err, strconv.ErrRange) && !strings.HasPrefix(number.String(), "-")
}

// plain reports whether every reader of JSON can be expected to get as far as the type of a
// value: some give up at a NUL, or at a number that they cannot hold, and say so otherwise.
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

// fits reports whether a value has a JSON type; any value has the type that nobody states.
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
