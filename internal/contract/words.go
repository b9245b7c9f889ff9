package contract

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// gotLimit is the number of bytes of an endpoint's text that a finding shows.
const gotLimit = 200

// shorten cuts a text of the endpoint to what a finding shows, at a character boundary.
func shorten(s string) string {
	if len(s) <= gotLimit {
		return s
	}
	cut := gotLimit
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}

// quote returns a text of the endpoint as a finding shows it: without secrets, shortened.
func (e *evaluation) quote(s string) string { return shorten(e.clean(s)) }

func (e *evaluation) clean(s string) string {
	if e.judge.Clean == nil {
		return s
	}
	return e.judge.Clean(s)
}

// render returns a value as JSON, as a finding shows it.
func (e *evaluation) render(value any) string { return e.quote(string(e.appendJSON(nil, value))) }

// appendJSON appends a value as JSON until the text is longer than a finding shows. It removes
// secrets from the strings first, because they would not be found in JSON encoding.
func (e *evaluation) appendJSON(b []byte, value any) []byte {
	if len(b) > gotLimit {
		return b
	}
	switch v := value.(type) {
	case map[string]any:
		b = append(b, '{')
		for i, name := range slices.Sorted(maps.Keys(v)) {
			if i > 0 {
				b = append(b, ',')
			}
			b = e.appendJSON(append(e.appendJSON(b, name), ':'), v[name])
			if len(b) > gotLimit {
				break
			}
		}
		return append(b, '}')
	case []any:
		b = append(b, '[')
		for i, item := range v {
			if i > 0 {
				b = append(b, ',')
			}
			if b = e.appendJSON(b, item); len(b) > gotLimit {
				break
			}
		}
		return append(b, ']')
	case string:
		value = e.clean(v)
	}
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Appendf(b, "%T", value)
	}
	return append(b, text...)
}

// pointer returns the JSON pointer of a path; the root is called body.
func pointer(path []string) string {
	if len(path) == 0 {
		return "body"
	}
	var b strings.Builder
	for _, token := range path {
		b.WriteString("/" + escape(token))
	}
	return b.String()
}

// wanted describes what a schema requires for a keyword that was violated.
func wanted(s *Schema, keyword string) string {
	if keyword == "enum" {
		return oneOf(s.Enum)
	}
	if keyword == "pattern" {
		return "a string that matches " + s.Pattern
	}
	switch s.Type {
	case "string":
		if s.MinLength > 0 {
			return "a string that is not empty"
		}
		return "a string"
	case "object", "array", "integer":
		return "an " + s.Type
	default:
		return "a " + s.Type
	}
}

func oneOf(values []string) string {
	if len(values) == 1 {
		return values[0]
	}
	return "one of " + strings.Join(values, ", ")
}
