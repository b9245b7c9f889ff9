package contract

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// The library reports contradictions in a schema without a position, or not at all. Therefore every
// schema is checked here before anything is read from it.

// checkSchemas rejects schemas that contain themselves, and schemas whose keys contradict each
// other.
func checkSchemas(d *document) error {
	err := members(d.at("/components/schemas"), func(_, schema *yaml.Node) error { return checkLoop(d, schema, nil) })
	if err != nil {
		return err
	}
	for _, checks := range [][]schemaCheck{{checkType, checkKeywords, checkLimits, checkRequired}, {checkListed, checkStated}} {
		// Values are checked last, against schemas whose keys are known to be right.
		if err := eachOf("schema", d.root, "the document", func(n *yaml.Node) error { return checkSchema(d, n, checks) }); err != nil {
			return err
		}
	}
	return nil
}

// A schemaCheck rejects one kind of contradiction in a schema.
type schemaCheck func(*document, *yaml.Node) error

func checkSchema(d *document, n *yaml.Node, checks []schemaCheck) error {
	if member(n, "$ref") != nil {
		return nil
	}
	for _, check := range checks {
		if err := check(d, n); err != nil {
			return err
		}
	}
	return nil
}

// eachOf calls yield for every object of a kind below a node of a shape, in order.
func eachOf(kind shape, n *yaml.Node, s shape, yield func(*yaml.Node) error) error {
	if inner, ok := strings.CutPrefix(string(s), "map of "); ok {
		return members(n, func(_, value *yaml.Node) error { return eachOf(kind, value, shape(inner), yield) })
	}
	if inner, ok := strings.CutPrefix(string(s), "list of "); ok {
		for _, item := range n.Content {
			if err := eachOf(kind, item, shape(inner), yield); err != nil {
				return err
			}
		}
		return nil
	}
	if s == kind {
		if err := yield(n); err != nil {
			return err
		}
	}
	return members(n, func(key, value *yaml.Node) error { return eachOf(kind, value, objects[s][key.Value], yield) })
}

// checkLoop follows the references of a schema. A schema that contains itself would require
// infinite values.
func checkLoop(d *document, n *yaml.Node, around []*yaml.Node) error {
	around = append(around[:len(around):len(around)], n)
	follow := func(inner *yaml.Node) error {
		target, _, err := d.deref(inner, "")
		if err != nil {
			return err
		}
		if ref := member(inner, "$ref"); ref != nil && slices.Contains(around, target) {
			return d.fault(ref, fmt.Sprintf("the reference %q leads back to a schema around it", ref.Value), "write out as much of it as an answer has")
		}
		return checkLoop(d, target, around)
	}
	if items := member(n, "items"); items != nil {
		if err := follow(items); err != nil {
			return err
		}
	}
	return members(member(n, "properties"), func(_, inner *yaml.Node) error { return follow(inner) })
}

// kinds are the schema types, with the YAML tags of their values and the keywords that apply to
// them alone.
var kinds = map[string]struct{ tags, keywords []string }{
	"object":  {tags: []string{"!!map"}, keywords: []string{"properties", "required"}},
	"array":   {tags: []string{"!!seq"}, keywords: []string{"items", "maxItems"}},
	"string":  {tags: []string{"!!str"}, keywords: []string{"minLength", "pattern"}},
	"integer": {tags: []string{"!!int"}, keywords: []string{"maximum"}},
	"number":  {tags: []string{"!!int", "!!float"}, keywords: []string{"maximum"}},
	"boolean": {tags: []string{"!!bool"}},
}

func checkType(d *document, n *yaml.Node) error {
	kind := member(n, "type")
	if kind == nil {
		return nil
	}
	if _, known := kinds[kind.Value]; !known {
		return d.fault(kind, fmt.Sprintf("the type %q is unknown", kind.Value), "use one of object, array, string, integer, number, boolean")
	}
	if kind.Value == "array" && member(n, "items") == nil {
		return d.fault(kind, "an array without items", "describe one under the key items")
	}
	return nil
}

// checkKeywords rejects a keyword that does not apply to the type. Without a type it would apply to
// some values, and any other value would be right.
func checkKeywords(d *document, n *yaml.Node) error {
	kind := text(member(n, "type"))
	return members(n, func(key, _ *yaml.Node) error {
		if slices.Contains(kinds[kind].keywords, key.Value) {
			return nil
		}
		for _, other := range slices.Sorted(maps.Keys(kinds)) {
			switch {
			case !slices.Contains(kinds[other].keywords, key.Value):
			case kind == "":
				return d.fault(key, key.Value+" without a type", "add type: "+other+": otherwise a value of another type is right")
			default:
				return d.fault(key, fmt.Sprintf("%s says nothing of the type %s", key.Value, kind), "remove it, or write the type that is meant")
			}
		}
		return nil
	})
}

func checkLimits(d *document, n *yaml.Node) error {
	for _, key := range []string{"minLength", "maxItems", "maximum"} {
		if limit := member(n, key); limit != nil && !slices.Contains(kinds["number"].tags, limit.ShortTag()) {
			return d.fault(limit, key+" is no number", "write one, without quotes")
		}
	}
	var limits Schema
	if err := readLimits(d, n, &limits); err != nil {
		return err
	}
	if limits.Maximum != nil && *limits.Maximum < 0 {
		return d.fault(member(n, "maximum"), "the maximum is below 0", "write the greatest value that is right: counts and sizes begin at 0")
	}
	if most := member(n, "maxItems"); most != nil && limits.MaxItems == 0 {
		return d.fault(most, "maxItems is 0, which leaves no list", "write how many items a list may have")
	}
	if err := checkTestable(d, n, limits); err != nil {
		return err
	}
	if pattern := member(n, "pattern"); pattern != nil {
		if _, err := regexp.Compile(pattern.Value); err != nil {
			return d.fault(pattern, fmt.Sprintf("the pattern %q is no regular expression", pattern.Value), "fix it")
		}
	}
	return nil
}

// The greatest limits that a scenario can test. A request holds no longer list, and many JSON parsers
// do not tell a greater number from the next one.
const (
	mostItems   = 1_000_000
	mostMaximum = 1<<53 - 1
)

// checkTestable rejects limits at which, or above which, there is nothing to send.
func checkTestable(d *document, n *yaml.Node, limits Schema) error {
	maximum := member(n, "maximum")
	switch {
	case limits.MaxItems > mostItems:
		return d.fault(member(n, "maxItems"), fmt.Sprintf("maxItems is above %d, and no request has more", mostItems), "write less, or remove the key")
	case maximum == nil:
	case text(member(n, "type")) == "integer" && *limits.Maximum != math.Trunc(*limits.Maximum):
		return d.fault(maximum, "the maximum of an integer is no whole number", "write the greatest one that is right")
	case *limits.Maximum > mostMaximum:
		return d.fault(maximum, fmt.Sprintf("the maximum is above %d, and no greater number is sent as it is written", mostMaximum), "write less, or remove the key")
	}
	byDefault := member(n, "default")
	if byDefault == nil || text(member(n, "x-paging")) == "" || byDefault.ShortTag() != "!!int" {
		return nil
	}
	if rows, err := strconv.Atoi(byDefault.Value); err != nil || rows < 1 || rows > mostItems {
		return d.fault(byDefault, fmt.Sprintf("the default %s is no page or size of one", byDefault.Value), fmt.Sprintf("write a number from 1 to %d", mostItems))
	}
	return nil
}

func checkRequired(d *document, n *yaml.Node) error {
	required := member(n, "required")
	if required == nil || required.Kind != yaml.SequenceNode {
		return nil // readPlace rejects it
	}
	for i, name := range required.Content {
		if name.Kind != yaml.ScalarNode {
			return d.fault(name, "a required member is no text", "write its name")
		}
		if slices.Contains(texts(required)[:i], name.Value) {
			return d.fault(name, fmt.Sprintf("the required member %q stands twice", name.Value), "remove one")
		}
	}
	return nil
}

// checkListed checks the values that a schema lists against its other keys.
func checkListed(d *document, n *yaml.Node) error {
	for _, key := range []string{"enum", "x-values"} {
		list := member(n, key)
		if list == nil {
			continue
		}
		if list.Kind != yaml.SequenceNode || len(list.Content) == 0 {
			return d.fault(list, key+" is no list of values", "write at least one in brackets, or remove the key")
		}
		for i, value := range list.Content {
			if value.Kind == yaml.ScalarNode && slices.Contains(texts(list)[:i], value.Value) {
				return d.fault(value, fmt.Sprintf("the value %s stands twice in %s", value.Value, key), "remove one")
			}
			if err := checkValue(d, "value", value, n, ""); err != nil {
				return err
			}
		}
	}
	if member(n, "enum") != nil && member(n, "x-values") != nil {
		return d.fault(member(n, "x-values"), "enum and x-values stand together", "keep enum where no other value is right, else x-values")
	}
	return nil
}

// checkStated checks the values that a schema states as valid against its other keys.
func checkStated(d *document, n *yaml.Node) error {
	for _, key := range []string{"default", "example"} {
		if value := member(n, key); value != nil {
			if err := checkValue(d, key, value, n, "enum"); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkValue rejects a value that its schema does not allow. listed is the key with the list of
// allowed values.
func checkValue(d *document, what string, value, schema *yaml.Node, listed string) error {
	m := d.misfitOf(value, schema, listed)
	if m == nil {
		return nil
	}
	if m.at.Kind == yaml.ScalarNode {
		what += " " + cmp.Or(m.at.Value, `""`)
	}
	return d.fault(m.at, fmt.Sprintf("the %s %s", what, m.why), cmp.Or(m.do, "write one that the schema allows, or fix the schema"))
}

// misfit is the part of a value that its schema does not allow, and why.
type misfit struct {
	at  *yaml.Node
	why string
	do  string // what to do, if there is more to say than that the value must match
}

// misfitOf returns the part of a value that a schema does not allow, or nil.
func (d *document) misfitOf(value, schema *yaml.Node, listed string) *misfit {
	schema, _, err := d.deref(schema, "")
	if err != nil || value.ShortTag() == "!!null" && text(member(schema, "nullable")) == "true" {
		return nil
	}
	kind := text(member(schema, "type"))
	if kind != "" && !slices.Contains(kinds[kind].tags, value.ShortTag()) {
		m := &misfit{at: value, why: "is not of the type " + kind}
		if kind == "string" && value.Kind == yaml.ScalarNode {
			m.do = "put it in quotes, or write another type"
		}
		return m
	}
	if list := member(schema, listed); list != nil && value.Kind == yaml.ScalarNode && !slices.Contains(texts(list), value.Value) {
		return &misfit{at: value, why: "is not listed in " + listed}
	}
	if why := d.beyond(value, schema); why != "" {
		return &misfit{at: value, why: why}
	}
	return d.misfitInside(value, schema)
}

// beyond describes the limit of its schema that a value exceeds, "" if it exceeds none.
func (d *document) beyond(value, schema *yaml.Node) string {
	var limits Schema
	if err := readLimits(d, schema, &limits); err != nil {
		return "" // checkLimits reports it
	}
	size, _ := strconv.ParseFloat(value.Value, 64)
	pattern, err := regexp.Compile(text(member(schema, "pattern")))
	switch {
	case value.Kind == yaml.SequenceNode && limits.MaxItems > 0 && len(value.Content) > limits.MaxItems:
		return fmt.Sprintf("has more items than maxItems %d", limits.MaxItems)
	case value.Kind != yaml.ScalarNode:
		return ""
	case limits.Maximum != nil && size > *limits.Maximum:
		return "is above the maximum " + member(schema, "maximum").Value
	case utf8.RuneCountInString(value.Value) < limits.MinLength:
		return fmt.Sprintf("is shorter than minLength %d", limits.MinLength)
	case err == nil && !pattern.MatchString(value.Value):
		return "does not match the pattern " + pattern.String()
	}
	return ""
}

// misfitInside checks the items and members of a value.
func (d *document) misfitInside(value, schema *yaml.Node) *misfit {
	if items := member(schema, "items"); items != nil && value.Kind == yaml.SequenceNode {
		for _, item := range value.Content {
			if m := d.misfitOf(item, items, "enum"); m != nil {
				return m
			}
		}
	}
	if value.Kind != yaml.MappingNode {
		return nil
	}
	for _, name := range texts(member(schema, "required")) {
		if member(value, name) == nil {
			return &misfit{at: value, why: "has no member " + name}
		}
	}
	for i := 0; i < len(value.Content); i += 2 {
		inner := member(member(schema, "properties"), value.Content[i].Value)
		if inner == nil {
			continue // objects may have other members
		}
		if m := d.misfitOf(value.Content[i+1], inner, "enum"); m != nil {
			return m
		}
	}
	return nil
}
