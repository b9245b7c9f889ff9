package contract

import (
	"maps"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

const (
	// fewRows is how long an array may be that the library judges at once. It keeps every
	// violation, each with the value it is in: those of a long one are told apart one by one.
	fewRows = 100
	// maxViolations bounds how many violations of a body are told apart.
	maxViolations = 100
	// manyFaulty is how many faulty items are judged: to say what is wrong with one takes
	// a hundred times as long as to see that nothing is.
	manyFaulty = 1000
)

// rowWise judges a value whose arrays can have hundreds of thousands of items, in memory
// that does not grow with them: each item is judged alone, and of its violations those are
// kept that another item does not have.
type rowWise struct {
	found  []violation
	known  map[string]bool
	faulty int // values with violations
}

// judge holds a value against a schema. A long array in it is judged without its items, in
// its place stands an empty one, and the items follow.
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
			shell.Required = nil // of the members that have been judged; the others are judged below
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

// keep adds violations that are of another kind than those known: at another place, not
// counting which item it is in, or of another keyword.
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
