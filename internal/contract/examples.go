package contract

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v4"
)

// checkExamples checks every example of a parameter or a body against its schema: readers copy them.
// Requests name described members only, because a misspelt one would be taken for another parameter.
func checkExamples(d *document) error {
	if err := eachOf("parameter", d.root, "the document", func(n *yaml.Node) error { return checkExample(d, member(n, "example"), n) }); err != nil {
		return err
	}
	err := eachOf("media type", d.root, "the document", func(n *yaml.Node) error {
		return members(member(n, "examples"), func(_, example *yaml.Node) error { return checkExample(d, member(example, "value"), n) })
	})
	if err != nil {
		return err
	}
	return eachOf("request body", d.root, "the document", func(n *yaml.Node) error {
		return members(member(n, "content"), func(_, media *yaml.Node) error {
			return members(member(media, "examples"), func(_, example *yaml.Node) error { return d.checkNames(member(example, "value"), media) })
		})
	})
}

// checkExample checks a value against the schema of its parameter or body.
func checkExample(d *document, value, of *yaml.Node) error {
	schema := member(of, "schema")
	if value == nil || schema == nil {
		return nil
	}
	return checkValue(d, "example", value, schema, "enum")
}

// checkNames checks that a request body has described members only.
func (d *document) checkNames(value, media *yaml.Node) error {
	schema, _, err := d.deref(member(media, "schema"), "")
	if err != nil {
		return err
	}
	return members(value, func(key, _ *yaml.Node) error {
		if member(member(schema, "properties"), key.Value) == nil {
			return d.fault(key, fmt.Sprintf("the example has the member %q, which is not described", key.Value), "write the name of one that is")
		}
		return nil
	})
}

// checkLinks checks that links name described actions.
func checkLinks(d *document) error {
	var actions []string
	err := eachOf("operation", d.root, "the document", func(n *yaml.Node) error {
		actions = append(actions, text(member(n, "operationId")))
		return nil
	})
	if err != nil {
		return err
	}
	return eachOf("link", d.root, "the document", func(n *yaml.Node) error {
		if named := member(n, "operationId"); !slices.Contains(actions, text(named)) {
			return d.fault(named, fmt.Sprintf("the link names the operation %q, which is not described", text(named)), "name one that is")
		}
		return nil
	})
}
