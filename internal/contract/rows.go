package contract

import (
	"maps"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

const (
	// fewRows is the longest array that the library judges as a whole. It keeps every violation
	// together with the enclosing value, so longer arrays are judged item by item.
	fewRows = 100
	// maxViolations limits the number of violations kept for one body.
	maxViolations = 100
	// manyFaulty limits the number of faulty items that are judged, because describing a fault
	// takes a hundred times as long as finding that there is none.
	manyFaulty = 1000
)

// rowWise judges a value whose arrays can have hundreds of thousands of items, in constant memory.
// It judges each item separately and keeps only violations that no other item has.
type rowWise struct {
	found  []violation
	known  map[string]bool
	faulty int // the number of values with violations
}

// judge checks a value against a schema. It judges a long array as if it were empty, then each of
// its items.
func (r *rowWise) judge(schema *openapi3.Schema, value any, path []string) {
	switch v := value.(type) {
	case []any:
		if schema.Items != nil && len(v) > fewRows {
			shell := *schema
			shell.Items = nil
			r.keep(checker{&shell}.all(v), path)
			for i, item := range v {
				if r.faulty >= manyFaulty {
					return
				}
				r.judge(schema.Items.Value, item, append(path[:len(path):len(path)], strconv.Itoa(i)))
			}
			return
		}
	case map[string]any:
		var short map[string]any
		for name, property := range schema.Properties {
			if items, isArray := v[name].([]any); isArray && len(items) > fewRows || holdsLongArray(property.Value, v[name]) {
				if short == nil {
					short = maps.Clone(v)
				}
				r.judge(property.Value, v[name], append(path[:len(path):len(path)], name))
				delete(short, name)
			}
		}
		if short != nil {
			shell := *schema
			shell.Required = nil // these members have already been judged as required; the others are judged below
			for _, name := range schema.Required {
				if _, present := v[name]; !present || short[name] != nil {
					shell.Required = append(shell.Required, name)
				}
			}
			r.keep(checker{&shell}.all(short), path)
			return
		}
	}
	r.keep(checker{schema}.all(value), path)
}

func holdsLongArray(schema *openapi3.Schema, value any) bool {
	object, isObject := value.(map[string]any)
	if !isObject {
		return false
	}
	for name, property := range schema.Properties {
		if items, isArray := object[name].([]any); isArray && len(items) > fewRows || holdsLongArray(property.Value, object[name]) {
			return true
		}
	}
	return false
}

// keep adds violations that differ from the known ones in place, apart from the item's index, or in
// keyword.
func (r *rowWise) keep(violations []violation, path []string) {
	if len(violations) > 0 {
		r.faulty++
	}
	for _, v := range violations {
		v.path = append(path[:len(path):len(path)], v.path...)
		kind := kindOf(v)
		if len(r.found) < maxViolations && !r.known[kind] {
			r.known[kind] = true
			r.found = append(r.found, v)
		}
	}
}

func kindOf(v violation) string {
	var b strings.Builder
	b.WriteString(v.keyword)
	for _, token := range v.path {
		if _, err := strconv.Atoi(token); err == nil {
			token = "#"
		}
		b.WriteString("/" + token)
	}
	return b.String()
}
