package contract

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// checker holds a value against a schema.
type checker struct{ schema *openapi3.Schema }

// violation is one way in which a value breaks its schema.
type violation struct {
	path    []string // to the value, or to the member that is absent
	keyword string   // of the schema: type, enum, required, …
	got     any
}

// compile gives the description to the library, and each answer its checker. The
// library gets it as JSON, of the values read already, because it would read the
// YAML a second time.
func (c *Contract) compile(api *document) error {
	var values any
	err := api.root.Decode(&values)
	if err != nil {
		return api.fault(api.root, oneLine(err.Error()), "fix the value")
	}
	drop(values, "examples", "links") // nothing is judged by them, and they are a third of the text
	data, err := json.Marshal(values)
	if err != nil {
		return api.fault(api.root, oneLine(err.Error()), "make every key a string: put it in quotes")
	}
	loader := openapi3.NewLoader()
	doc, err := loader.LoadFromData(data)
	if err == nil {
		err = doc.Validate(loader.Context, openapi3.DisableExamplesValidation(), openapi3.AllowExtraSiblingFields("description"))
	}
	if err != nil {
		return api.fault(api.root, oneLine(err.Error()), "fix the description")
	}
	for _, op := range c.operations {
		responses := doc.Paths.Value(op.key.Path + "#" + op.key.Action).Post.Responses
		for status, a := range op.answers {
			a.check = checker{responses.Status(status).Value.Content.Get("application/json").Schema.Value}
		}
		if op.open != nil {
			op.open.check = checker{responses.Value(anyRefusal).Value.Content.Get("application/json").Schema.Value}
		}
	}
	c.general = c.shared()
	return nil
}

// drop removes keys from the objects of a document, at any depth.
func drop(value any, keys ...string) {
	switch v := value.(type) {
	case map[string]any:
		for _, key := range keys {
			delete(v, key)
		}
		for _, inner := range v {
			drop(inner, keys...)
		}
	case []any:
		for _, inner := range v {
			drop(inner, keys...)
		}
	}
}

// violations returns every way in which the value breaks the schema: of a long array's
// items those that differ, and no more than maxViolations of them.
func (c checker) violations(value any) []violation {
	if !holdsLongArray(c.schema, value) {
		return c.all(value)
	}
	r := rowWise{known: map[string]bool{}}
	r.judge(c.schema, value, nil)
	return r.found
}

// all returns every way in which the value breaks the schema, as the library tells them.
func (c checker) all(value any) []violation {
	err := c.schema.VisitJSON(value, openapi3.MultiErrors())
	if err == nil {
		return nil
	}
	var found []violation
	var collect func(err error)
	collect = func(err error) {
		var several openapi3.MultiError
		var one *openapi3.SchemaError
		switch {
		case errors.As(err, &several):
			for _, e := range several {
				collect(e)
			}
		case errors.As(err, &one):
			found = append(found, violationOf(one))
		default:
			found = append(found, violation{keyword: "type", got: value})
		}
	}
	collect(err)
	return found
}

func violationOf(err *openapi3.SchemaError) violation {
	v := violation{path: err.JSONPointer(), keyword: err.SchemaField, got: err.Value}
	// The library holds a value against the allowed ones before it looks at its type.
	if v.keyword == "enum" {
		if _, text := err.Value.(string); !text && err.Schema.Type.Permits(openapi3.TypeString) {
			v.keyword = "type"
		}
	}
	return v
}

// keep returns the checker without the members that have gone from a schema.
func (c checker) keep(s Schema) checker {
	kept := *c.schema
	kept.Required = slices.Clone(s.Required)
	kept.Properties = openapi3.Schemas{}
	for _, m := range s.Members {
		inner := checker{c.schema.Properties[m.Name].Value}
		if m.Schema.Type == openapi3.TypeObject {
			inner = inner.keep(m.Schema)
		}
		kept.Properties[m.Name] = inner.schema.NewRef()
	}
	return checker{&kept}
}

// envelope returns the answer with only what clauses for all operations state.
func (c *Contract) envelope(a *answer) *answer {
	var prune func(s Schema) Schema
	prune = func(s Schema) Schema {
		members := s.Members
		s.Members, s.Required = nil, slices.Clone(s.Required)
		for _, m := range members {
			if i, ok := c.byID[m.Schema.Clause]; ok && c.clauses[i].Operation == "" {
				s.Members = append(s.Members, Member{m.Name, prune(m.Schema)})
				continue
			}
			s.Required = slices.DeleteFunc(s.Required, func(name string) bool { return name == m.Name })
		}
		return s
	}
	body := prune(a.body)
	shared := c.newAnswer(http.StatusOK, body)
	shared.check = a.check.keep(body)
	return shared
}
