package contract

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// A shape says what a value in openapi.yaml is: the name of an object in objects,
// "map" or "list" of one, or anything.
type shape string

// anything is a value that this package does not look into.
const anything shape = ""

// objects are the parts of OpenAPI 3.0.3 that the contract uses, with the keys
// each may have. A key outside them is refused, vendor extensions too: one that
// is misspelt would otherwise be one that says nothing.
var objects = map[shape]map[string]shape{
	"the document": {
		"openapi": anything, "info": "info", "servers": "list of server", "tags": "list of tag", "security": anything,
		"paths": "map of path", "components": "components", "externalDocs": "pages",
	},
	"info":   {"title": anything, "version": anything, "description": anything, "contact": anything, "license": anything},
	"pages":  {"url": anything, "description": anything},
	"server": {"url": anything, "description": anything},
	"tag":    {"name": anything, "description": anything},
	"path":   {"post": "operation"},
	"operation": {
		"operationId": anything, "summary": anything, "description": anything, "tags": anything,
		"parameters": "list of parameter", "requestBody": "request body", "responses": "map of response", "x-effect": anything,
		"x-allowed-by": anything, "x-clauses": anything, "x-superseded": "superseded",
	},
	"superseded":      {"pairs": "list of superseded pair"},
	"superseded pair": {"status": anything, "code": anything, "holds": anything},
	"parameter": {
		"$ref": anything, "name": anything, "in": anything, "required": anything, "description": anything,
		"schema": "schema", "example": anything,
	},
	"request body": {"required": anything, "description": anything, "content": "map of media type"},
	"response": {
		"$ref": anything, "description": anything, "content": "map of media type", "links": "map of link", "x-lifecycle": "lifecycle",
	},
	"media type": {"schema": "schema", "examples": "map of example"},
	"example":    {"summary": anything, "description": anything, "value": anything},
	"link":       {"operationId": anything, "description": anything, "requestBody": anything, "parameters": anything},
	"schema": {
		"$ref": anything, "type": anything, "description": anything, "required": anything, "properties": "map of schema",
		"items": "schema", "enum": anything, "minLength": anything, "maxItems": anything, "maximum": anything, "default": anything,
		"example": anything, "x-paging": anything, "x-resource": anything, "x-search": anything, "x-values": anything, "x-passing": anything, "x-recycled": anything, "nullable": anything, "pattern": anything,
	},
	"components": {
		"schemas": "map of schema", "parameters": "map of parameter", "responses": "map of response",
		"securitySchemes": "map of security scheme",
	},
	"security scheme": {"type": anything, "in": anything, "name": anything, "scheme": anything, "description": anything},
	"lifecycle": {
		"subject": anything, "failed": anything, "wanted": anything, "start": anything, "tolerated": anything, "transient": anything,
		"end": anything, "failure": anything, "inverse": anything,
		"observed": "reading", "also": "list of reading", "changed": "reading", "denied": "denied",
	},
	"denied":         {"absent": "error response", "start": "error response"},
	"error response": {"status": anything, "code": anything},
	"reading":        {"operation": anything, "filter": anything, "rows": anything, "key": anything, "field": anything},
}

// marks are the source marks an x-source may bear.
const marks = "M S R E K C D A O"

func checkGrammar(d *document) error { return checkShape(d, d.root, "the document") }

func checkShape(d *document, n *yaml.Node, s shape) error {
	if s == anything {
		return nil
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
		do := "write its keys"
		if s == "error response" {
			do += ", such as {status: 404, code: INVALID_DISK_NOT_FOUND}"
		}
		return d.fault(n, fmt.Sprintf("%s is no mapping", s), do)
	}
	return members(n, func(key, value *yaml.Node) error {
		if key.Value == "x-source" {
			return checkSource(d, value)
		}
		if key.Value == "x-zh" { // the description in Chinese
			return checkText(d, value)
		}
		if key.Value == "$ref" {
			if _, _, err := d.deref(n, ""); err != nil {
				return err
			}
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
		return checkShape(d, value, inner)
	})
}

func checkSource(d *document, n *yaml.Node) error {
	for _, mark := range texts(n) {
		if !slices.Contains(strings.Fields(marks), mark) {
			return d.fault(n, fmt.Sprintf("the source mark %q is unknown", mark), "use one of "+marks)
		}
	}
	return nil
}

func checkText(d *document, n *yaml.Node) error {
	if text(n) == "" {
		return d.fault(n, "no text", "write one, or remove the key")
	}
	return nil
}
