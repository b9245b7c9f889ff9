package contract

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v4"

	"github.com/zec-tools/conformance/internal/lifecycle"
)

// A shape is the type of a value in openapi.yaml: the name of an object in objects, "map" or "list"
// of one, or anything.
type shape string

const (
	anything shape = ""     // a value that this package ignores or checks elsewhere
	aText    shape = "text" // on one line
	prose    shape = "prose"
	aBoolean shape = "boolean"
)

// objects are the parts of OpenAPI 3.0.3 that the contract uses, with the keys that each may have.
// Any other key is rejected, vendor extensions included, because a misspelt key would otherwise be
// ignored.
var objects = map[shape]map[string]shape{
	"the document": {
		"openapi": anything, "info": "info", "servers": "list of server", "tags": "list of tag", "security": "list of map of list of text",
		"paths": "map of path", "components": "components", "externalDocs": "pages",
	},
	"info":    {"title": aText, "version": aText, "description": prose, "contact": "contact", "license": "license"},
	"contact": {"name": aText, "url": aText, "email": aText},
	"license": {"name": aText, "url": aText},
	"pages":   {"url": aText, "description": prose},
	"server":  {"url": aText, "description": prose},
	"tag":     {"name": aText, "description": prose},
	"path":    {"post": "operation"},
	"operation": {
		"operationId": aText, "summary": aText, "description": prose, "tags": "list of text",
		"parameters": "list of parameter", "requestBody": "request body", "responses": "map of response", "x-effect": aText,
		"x-allowed-by": aText, "x-clauses": aText, "x-superseded": "superseded",
	},
	"superseded":      {"pairs": "list of superseded pair"},
	"superseded pair": {"status": anything, "code": aText, "holds": aText},
	"parameter": {
		"$ref": aText, "name": aText, "in": aText, "required": aBoolean, "description": prose,
		"schema": "schema", "example": anything,
	},
	"request body": {"required": aBoolean, "description": prose, "content": "map of media type"},
	"response": {
		"$ref": aText, "description": prose, "content": "map of media type", "links": "map of link", "x-lifecycle": "lifecycle",
	},
	"media type": {"schema": "schema", "examples": "map of example"},
	"example":    {"summary": aText, "description": prose, "value": anything},
	"link":       {"operationId": aText, "description": prose, "requestBody": anything, "parameters": anything},
	"schema": {
		"$ref": aText, "type": aText, "description": prose, "required": anything, "properties": "map of schema",
		"items": "schema", "enum": anything, "minLength": anything, "maxItems": anything, "maximum": anything, "default": anything,
		"example": anything, "x-paging": aText, "x-resource": aText, "x-search": aBoolean, "x-values": anything, "x-passing": anything, "x-recycled": anything, "nullable": aBoolean, "pattern": aText,
	},
	"components": {
		"schemas": "map of schema", "parameters": "map of parameter", "responses": "map of response",
		"securitySchemes": "map of security scheme",
	},
	"security scheme": {"type": aText, "in": aText, "name": aText, "scheme": aText, "description": prose},
	"lifecycle": {
		"subject": aText, "failed": aText, "wanted": aText, "start": anything, "tolerated": anything, "transient": anything,
		"end": anything, "failure": anything, "inverse": aText,
		"observed": "reading", "also": "list of reading", "changed": "reading", "denied": "denied",
	},
	"denied":         {"absent": "error response", "start": "error response"},
	"error response": {"status": anything, "code": aText},
	"reading":        {"operation": aText, "filter": aText, "rows": aText, "key": aText, "field": aText},
}

// marks are the allowed source marks of an x-source.
const marks = "M S R E K C D A O"

// needed are the keys that each object must have unless it is a reference.
var needed = map[shape][]string{
	"the document": {"info"}, "info": {"title", "version"}, "license": {"name"}, "server": {"url"}, "pages": {"url"}, "tag": {"name"},
	"parameter": {"name", "in", "schema"}, "example": {"value"}, "link": {"operationId"}, "superseded": {"pairs"}, "request body": {"content"}, "response": {"description"}, "security scheme": {"type"},
}

func checkGrammar(d *document) error {
	edition := member(d.root, "openapi")
	switch {
	case edition == nil:
		return d.fault(d.root, "the description does not say which OpenAPI it is written in", "begin it with openapi: 3.0.3")
	case !strings.HasPrefix(text(edition), "3.0."):
		return d.fault(edition, fmt.Sprintf("the description is written in OpenAPI %q", text(edition)), "write it in 3.0.3")
	}
	return checkShape(d, d.root, "the document")
}

func checkShape(d *document, n *yaml.Node, s shape) error {
	switch s {
	case anything:
		return nil
	case aText: // an item of a list; the text of a key is reported with the key
		return checkSingle(d, "an item", n, s)
	}
	if inner, ok := strings.CutPrefix(string(s), "map of "); ok {
		if n.Kind != yaml.MappingNode {
			return d.fault(n, "no mapping", fmt.Sprintf("write a mapping, each value a %s", inner))
		}
		return members(n, func(_, value *yaml.Node) error { return checkShape(d, value, shape(inner)) })
	}
	if inner, ok := strings.CutPrefix(string(s), "list of "); ok {
		if n.Kind != yaml.SequenceNode {
			return d.fault(n, "no list", fmt.Sprintf("write a list, each item a %s", inner))
		}
		for _, item := range n.Content {
			if err := checkShape(d, item, shape(inner)); err != nil {
				return err
			}
		}
		return nil
	}
	if n.Kind != yaml.MappingNode {
		return noMapping(d, n, s)
	}
	for _, key := range needed[s] {
		if member(n, key) == nil && member(n, "$ref") == nil {
			return d.fault(n, fmt.Sprintf("%s without %s", named(s), key), "add it")
		}
	}
	return members(n, func(key, value *yaml.Node) error {
		if key.Value == "x-source" {
			return checkSource(d, value)
		}
		if key.Value == "x-zh" { // the Chinese description
			return checkSingle(d, key.Value, value, prose)
		}
		if key.Value == "$ref" {
			return checkReference(d, n, s)
		}
		inner, known := objects[s][key.Value]
		if !known {
			return d.fault(key, fmt.Sprintf("unknown key %q in %s", key.Value, s),
				"use one of "+strings.Join(slices.Sorted(maps.Keys(objects[s])), ", "))
		}
		if s == "lifecycle" {
			if err := checkForm(d, key.Value, value); err != nil {
				return err
			}
		}
		if inner == aText || inner == prose || inner == aBoolean {
			return checkSingle(d, key.Value, value, inner)
		}
		return checkShape(d, value, inner)
	})
}

// noMapping returns the error about a value that should be an object.
func noMapping(d *document, n *yaml.Node, s shape) error {
	do := "write its keys"
	switch s {
	case "error response":
		do += ", such as {status: 404, code: INVALID_DISK_NOT_FOUND}"
	case "reading":
		do += ": operation, filter, rows, key and field"
	}
	return d.fault(n, fmt.Sprintf("%s is no mapping", s), do)
}

// named returns a shape with its article.
func named(s shape) string {
	if strings.HasPrefix(string(s), "the ") || s == "info" || s == "pages" {
		return string(s)
	}
	return lifecycle.A(string(s))
}

// checkReference rejects a reference to nothing or to another kind of object, and keys beside a
// reference, which would be ignored.
func checkReference(d *document, n *yaml.Node, s shape) error {
	target, pointer, err := d.deref(n, "")
	if err != nil {
		return err
	}
	ref := member(n, "$ref")
	if section := "/components/" + string(s) + "s/"; !strings.HasPrefix(pointer, section) {
		return d.fault(ref, fmt.Sprintf("the reference %q does not lead to %s", ref.Value, named(s)), "name a place that begins with #"+section)
	}
	if member(target, "$ref") != nil {
		return d.fault(ref, fmt.Sprintf("the reference %q leads to another reference", ref.Value), "name the place where that one leads")
	}
	return members(n, func(key, _ *yaml.Node) error {
		if key.Value != "$ref" && key.Value != "description" {
			return d.fault(key, fmt.Sprintf("the key %q beside a reference", key.Value), "remove it: what stands at the reference counts")
		}
		return nil
	})
}

// checkSingle checks that the value of a key is a single text, or true or false.
func checkSingle(d *document, key string, n *yaml.Node, s shape) error {
	is := n.ShortTag()
	switch {
	case s == aBoolean && is != "!!bool":
		return d.fault(n, key+" is neither true nor false", "write one of them, without quotes")
	case s == aBoolean:
		return nil
	case n.Kind != yaml.ScalarNode || is == "!!null":
		return d.fault(n, key+" is no text", "write one")
	case is != "!!str" && is != "!!timestamp":
		return d.fault(n, key+" is no text", "write one: what looks like a number or a boolean needs quotes")
	case strings.TrimSpace(n.Value) == "":
		return d.fault(n, key+" has no text", "write one, or remove the key")
	case s == aText && (strings.ContainsAny(n.Value, "\r\n") || strings.TrimSpace(n.Value) != n.Value):
		return d.fault(n, key+" is no single line", "write one, without spaces around it: titles and tables show it")
	case strings.ContainsFunc(n.Value, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }):
		return d.fault(n, key+" has a control character", "remove it: terminals and pages show the text")
	}
	return nil
}

func checkSource(d *document, n *yaml.Node) error {
	for _, mark := range texts(n) {
		if !slices.Contains(strings.Fields(marks), mark) {
			return d.fault(n, fmt.Sprintf("the source mark %q is unknown", mark), "use one of "+marks)
		}
	}
	return nil
}
