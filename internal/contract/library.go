package contract

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v4"
)

// checker checks a value against a schema.
type checker struct{ schema *openapi3.Schema }

// violation is one way in which a value violates its schema.
type violation struct {
	path    []string // the path to the value, or to the missing member
	keyword string   // the schema keyword: type, enum, required, …
	got     any
}

// validate has the library check that the description is valid OpenAPI. It passes the parsed values
// as JSON, so that the library does not parse the YAML again.
func validate(api *document) error {
	doc, err := libraryDocument(api)
	if err != nil {
		return err
	}
	err = doc.Validate(context.Background(), openapi3.DisableExamplesValidation(), openapi3.AllowExtraSiblingFields("description"))
	if err != nil {
		what := oneLine(err.Error())
		return api.fault(complainedOf(api, what), what, "fix the description")
	}
	return nil
}

// The forms in which the library names the path, or the part of the description, with an error.
var (
	inPath = regexp.MustCompile(`invalid path (\S+): `)
	inPart = regexp.MustCompile(`^invalid (\w+): `)
)

// complainedOf returns the part of the description that the library's error is about, if the error
// names it.
func complainedOf(api *document, what string) *yaml.Node {
	if m := inPath.FindStringSubmatch(what); m != nil {
		if path := api.at("/paths/" + escape(m[1])); path != nil {
			return path
		}
	}
	if m := inPart.FindStringSubmatch(what); m != nil {
		return cmp.Or(member(api.root, m[1]), api.root)
	}
	return api.root
}

// libraryDocument loads the description into the library.
func libraryDocument(api *document) (*openapi3.T, error) {
	var values any
	if err := api.root.Decode(&values); err != nil {
		return nil, api.unread(err, "fix the value")
	}
	drop(values, "examples", "links") // judging does not use them, and they are a third of the text
	data, err := json.Marshal(values)
	if err != nil {
		return nil, api.fault(api.root, oneLine(err.Error()), "make every key a string: put it in quotes")
	}
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		return nil, api.fault(api.root, oneLine(err.Error()), "fix the description")
	}
	return doc, nil
}

// checkers creates the checkers of a description. The schemas use only a few keywords, see objects.
// Converting them directly takes a tenth of the time that the library needs to load the
// description. A test compares both results.
type checkers struct {
	api  *document
	made map[*yaml.Node]*openapi3.Schema // several answers share a schema
}

func newCheckers(api *document) *checkers {
	return &checkers{api: api, made: map[*yaml.Node]*openapi3.Schema{}}
}

// of returns the checker of a schema. All its references are known to be valid.
func (c *checkers) of(n *yaml.Node) (checker, error) {
	n, _, err := c.api.deref(n, "")
	if err != nil {
		return checker{}, err
	}
	if s, done := c.made[n]; done {
		return checker{s}, nil
	}
	s := &openapi3.Schema{Required: texts(member(n, "required")), Pattern: text(member(n, "pattern")), Nullable: text(member(n, "nullable")) == "true"}
	c.made[n] = s
	if kind := text(member(n, "type")); kind != "" {
		s.Type = &openapi3.Types{kind}
	}
	if err := c.limit(n, s); err != nil {
		return checker{}, err
	}
	if items := member(n, "items"); items != nil {
		inner, err := c.of(items)
		if err != nil {
			return checker{}, err
		}
		s.Items = inner.schema.NewRef()
	}
	err = members(member(n, "properties"), func(key, value *yaml.Node) error {
		inner, err := c.of(value)
		if s.Properties == nil {
			s.Properties = openapi3.Schemas{}
		}
		if err == nil {
			s.Properties[key.Value] = inner.schema.NewRef()
		}
		return err
	})
	return checker{s}, err
}

// limit converts the constraints of a schema.
func (c *checkers) limit(n *yaml.Node, s *openapi3.Schema) error {
	var limits Schema
	if err := readLimits(c.api, n, &limits); err != nil {
		return err
	}
	s.MinLength, s.Max = uint64(limits.MinLength), limits.Maximum
	if member(n, "maxItems") != nil {
		most := uint64(limits.MaxItems)
		s.MaxItems = &most
	}
	allowed := member(n, "enum")
	if allowed == nil {
		return nil
	}
	for _, item := range allowed.Content {
		var value any
		if err := item.Decode(&value); err != nil {
			return c.api.unread(err, "fix the value")
		}
		if whole, isInt := value.(int); isInt {
			value = float64(whole) // integers are float64, as in parsed JSON
		}
		s.Enum = append(s.Enum, value)
	}
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

// violations returns the ways in which the value violates the schema. It keeps only different ones
// among the items of a long array, and at most maxViolations.
func (c checker) violations(value any) []violation {
	if !holdsLongArray(c.schema, value) {
		return c.all(value)
	}
	r := rowWise{known: map[string]bool{}}
	r.judge(c.schema, value, nil)
	return r.found
}

// all returns every way in which the value violates the schema, as the library reports them.
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
	// The library checks the enum before the type.
	if v.keyword == "enum" {
		if _, text := err.Value.(string); !text && err.Schema.Type.Permits(openapi3.TypeString) {
			v.keyword = "type"
		}
	}
	return v
}

// keep returns the checker without the members that were removed from a schema.
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

// envelope returns a copy of the answer with only what clauses for all operations state.
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
	return c.newAnswer(http.StatusOK, body, a.check.keep(body))
}
