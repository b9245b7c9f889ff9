package contract

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// gotLimit is how many bytes of what an endpoint sent a finding shows.
const gotLimit = 200

// shorten cuts a text of the endpoint to what a finding shows, between characters.
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

// quote gives a text of the endpoint as a finding shows it: without secrets, shortened.
func (e *evaluation) quote(s string) string {
	if e.judge.Clean != nil {
		s = e.judge.Clean(s)
	}
	return shorten(s)
}

// render shows a value as JSON.
func (e *evaluation) render(value any) string {
	data, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprintf("%T", value)
	}
	return e.quote(string(data))
}

// pointer makes the JSON pointer of a path; the root is called body.
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

// wanted says what a schema asks for where its keyword was broken.
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
