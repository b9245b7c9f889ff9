package contract

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// Schema is what the contract says about one JSON value. An empty field imposes nothing.
type Schema struct {
	Pointer     string // into openapi.yaml, to the place that states it
	Clause      string // the narrowest clause that states it: its own, or that of the enclosing value
	Type        string // object, array, string, integer, …
	Description Text
	Required    []string // names of members
	Members     []Member
	Items       *Schema  // of an array
	Enum        []string // the allowed values
	Values      []string // the documented values of an open list, which allows others
	Pattern     string   // a regular expression that a string must match
	Passing     []string // the documented statuses that a subject leaves on its own
	Recycled    []string // the documented statuses of subjects in the recycle bin
	MinLength   int      // in characters
	MaxItems    int      // 0 means no limit
	Maximum     *float64
	Default     string // as JSON, "" if there is none
	Example     any    // a valid value; nil if none is stated
	Paging      Paging // the part of paging that the value is, if any
	Search      bool   // a filter that searches, so that rows need not have its value
	Resource    string // the kind of resource that the value, or each of its items, is the id of

	values string // the clause that states the allowed values, if it is a different one
}

// Paging is the part of paging that a value is.
type Paging string

// The parts of paging (x-paging).
const (
	PageSize   Paging = "size"   // the number of rows on a page
	PageNumber Paging = "number" // the number of the page, starting at 1
	PageTotal  Paging = "total"  // the number of matching rows
)

// Member is a named member of an object.
type Member struct {
	Name   string
	Schema Schema
}

// Member returns the schema of a member, and whether there is one.
func (s Schema) Member(name string) (Schema, bool) {
	for _, m := range s.Members {
		if m.Name == name {
			return m.Schema, true
		}
	}
	return Schema{}, false
}

// right returns a valid value of a parameter, and whether the description states one.
func (s Schema) right() (any, bool) {
	switch known := slices.Concat(s.Enum, s.Values); {
	case s.Example != nil:
		return s.Example, true
	case s.Type == "boolean":
		return false, true
	case s.Type == "string" && s.Default != "":
		return s.Default, true
	case s.Type == "string" && len(known) > 0:
		return known[0], true
	case s.Default != "":
		return json.RawMessage(s.Default), true
	case len(known) > 0:
		return json.RawMessage(known[0]), true
	}
	return nil, false
}

func (c *Contract) readSchema(api *document, n *yaml.Node, pointer, action string) (Schema, error) {
	return c.readPlace(api, n, pointer, action, "")
}

// readPlace reads the schema at a place. around is the clause of the enclosing value.
func (c *Contract) readPlace(api *document, n *yaml.Node, pointer, action, around string) (Schema, error) {
	site := pointer
	n, pointer, err := api.deref(n, pointer)
	if err != nil {
		return Schema{}, err
	}
	required := member(n, "required")
	if required != nil && required.Kind != yaml.SequenceNode {
		return Schema{}, api.fault(required, "required is no list", "write the names of the members in brackets")
	}
	s := Schema{
		Pointer:     pointer,
		Clause:      c.clauseAt([]string{site, pointer}, action),
		values:      c.clauseAt([]string{pointer + "/enum"}, action),
		Type:        text(member(n, "type")),
		Description: readText(n),
		Required:    texts(required),
		Enum:        texts(member(n, "enum")),
		Values:      texts(member(n, "x-values")),
		Pattern:     text(member(n, "pattern")),
		Passing:     texts(member(n, "x-passing")),
		Recycled:    texts(member(n, "x-recycled")),
		Default:     text(member(n, "default")),
		Resource:    text(member(n, "x-resource")),
		Paging:      Paging(text(member(n, "x-paging"))),
		Search:      text(member(n, "x-search")) == "true",
	}
	if s.Clause == "" {
		s.Clause = around
	}
	if err := cmp.Or(checkResource(api, n), checkStatuses(api, n, s.Documented())); err != nil {
		return Schema{}, err
	}
	if example := member(n, "example"); example != nil {
		if err := example.Decode(&s.Example); err != nil {
			return Schema{}, api.fault(example, "an example that cannot be read", "write it as JSON")
		}
	}
	if err := readLimits(api, n, &s); err != nil {
		return Schema{}, err
	}
	if err := c.readInner(api, n, pointer, action, &s); err != nil {
		return Schema{}, err
	}
	for i, name := range s.Required {
		if _, ok := s.Member(name); !ok {
			return Schema{}, api.fault(required.Content[i], fmt.Sprintf("the required member %q is not described", name), "add it to properties")
		}
	}
	return s, nil
}

// readInner reads the members and items of the schema at n into s.
func (c *Contract) readInner(api *document, n *yaml.Node, pointer, action string, s *Schema) error {
	err := members(member(n, "properties"), func(key, value *yaml.Node) error {
		inner, err := c.readPlace(api, value, pointer+"/properties/"+escape(key.Value), action, s.Clause)
		s.Members = append(s.Members, Member{Name: key.Value, Schema: inner})
		return err
	})
	if err != nil {
		return err
	}
	if items := member(n, "items"); items != nil {
		inner, err := c.readPlace(api, items, pointer+"/items", action, s.Clause)
		if err != nil {
			return err
		}
		s.Items = &inner
	}
	return nil
}

// checkTyped checks that every parameter has a type. The type decides which valid and invalid
// values are sent for it.
func checkTyped(api *document, name string, s Schema) error {
	if s.Type == "" {
		return api.fault(api.at(s.Pointer), fmt.Sprintf("%s without a type", name), "write one, such as string")
	}
	for _, m := range s.Members {
		if err := checkTyped(api, "the parameter "+m.Name, m.Schema); err != nil {
			return err
		}
	}
	if s.Items == nil {
		return nil
	}
	return checkTyped(api, "the items of "+strings.TrimPrefix(name, "the parameter "), *s.Items)
}

// checkPaging checks that each part of paging is allowed among these members, is an integer, and
// occurs only once.
func checkPaging(api *document, s Schema, parts ...Paging) error {
	seen := map[Paging]string{}
	for _, m := range s.Members {
		part := m.Schema.Paging
		at := api.at(m.Schema.Pointer)
		other, twice := seen[part]
		switch {
		case part == "":
			continue
		case !slices.Contains(parts, part):
			return api.fault(member(at, "x-paging"), fmt.Sprintf("x-paging %q of %s is no part of paging here", part, m.Name), fmt.Sprintf("use one of %v, or remove the key", parts))
		case twice:
			return api.fault(member(at, "x-paging"), fmt.Sprintf("%s and %s are both the %s of paging", other, m.Name, part), "let one of them be it")
		case m.Schema.Type != "integer":
			return api.fault(cmp.Or(member(at, "type"), at), fmt.Sprintf("the %s of paging %s is of the type %s", part, m.Name, m.Schema.Type), "make it integer")
		}
		seen[part] = m.Name
	}
	return nil
}

// aWord matches a word for a thing in the sentences of features.
var aWord = regexp.MustCompile(`^[a-z]+$`)

func checkResource(api *document, n *yaml.Node) error {
	resource := member(n, "x-resource")
	if resource == nil || aWord.MatchString(text(resource)) {
		return nil
	}
	return api.fault(resource, fmt.Sprintf("x-resource %q is no word that a scenario can use", text(resource)), "write one word in small letters, such as disk")
}

// checkStatuses checks that the statuses marked as passing or as recycled are among the documented
// ones.
func checkStatuses(api *document, n *yaml.Node, documented []string) error {
	for _, key := range []string{"x-passing", "x-recycled"} {
		statuses := member(n, key)
		for i, status := range texts(statuses) {
			if !slices.Contains(documented, status) {
				at := statuses
				if statuses.Kind == yaml.SequenceNode {
					at = statuses.Content[i]
				}
				return api.fault(at, fmt.Sprintf("%s names %s, which is no documented value", key, status), "write one of enum or x-values")
			}
		}
	}
	return nil
}

func readLimits(api *document, n *yaml.Node, s *Schema) error {
	for key, into := range map[string]*int{"minLength": &s.MinLength, "maxItems": &s.MaxItems} {
		limit := member(n, key)
		if limit == nil {
			continue
		}
		value, err := strconv.Atoi(text(limit))
		if err != nil || value < 0 {
			return api.fault(limit, fmt.Sprintf("%s is no count", key), "write a whole number")
		}
		*into = value
	}
	if limit := member(n, "maximum"); limit != nil {
		value, err := strconv.ParseFloat(text(limit), 64)
		if err != nil {
			return api.fault(limit, "maximum is no number", "write one")
		}
		s.Maximum = &value
	}
	return nil
}

// Forbids says why a value is not allowed, given as a person writes it; "" if it is allowed.
func (s Schema) Forbids(value string) string {
	number, err := strconv.ParseFloat(value, 64)
	matches := func() bool { // the contract's pattern is known to be a regular expression
		is, err := regexp.MatchString(s.Pattern, value)
		return err != nil || is
	}
	switch {
	case numeric(s) && err != nil, s.Type == "integer" && number != math.Trunc(number):
		return "is no " + s.Type
	case numeric(s) && s.Maximum != nil && number > *s.Maximum:
		return "is above the maximum " + strconv.FormatFloat(*s.Maximum, 'f', -1, 64)
	case len(s.Enum) > 0 && !slices.Contains(s.Enum, value):
		return "is not " + oneOf(s.Enum)
	case !numeric(s) && utf8.RuneCountInString(value) < s.MinLength:
		return fmt.Sprintf("is shorter than %d characters", s.MinLength)
	case !matches():
		return "does not match the pattern " + s.Pattern
	}
	return ""
}

// Documented returns the values that the documents list, whether or not others are allowed.
func (s Schema) Documented() []string {
	if len(s.Enum) > 0 {
		return s.Enum
	}
	return s.Values
}

// clauses returns the clauses that the schema states: those about every value, and those about the
// rows of arrays, which an empty array cannot violate.
func (s Schema) clauses() (always, ofRows []string) {
	var walk func(s Schema, into *[]string)
	walk = func(s Schema, into *[]string) {
		for _, id := range []string{s.Clause, s.values} {
			if id != "" && !slices.Contains(*into, id) {
				*into = append(*into, id)
			}
		}
		for _, m := range s.Members {
			walk(m.Schema, into)
		}
		if s.Items != nil {
			walk(*s.Items, &ofRows)
		}
	}
	walk(s, &always)
	ofRows = slices.DeleteFunc(ofRows, func(id string) bool { return slices.Contains(always, id) })
	return always, ofRows
}

// at follows the path of a value as far as the schema describes it.
func (s *Schema) at(path []string) *Schema {
	for _, token := range path {
		next := s.Items
		for i := range s.Members {
			if s.Members[i].Name == token {
				next = &s.Members[i].Schema
			}
		}
		if next == nil {
			return s
		}
		s = next
	}
	return s
}
