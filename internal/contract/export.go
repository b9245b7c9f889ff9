package contract

import (
	"bytes"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Export returns the description of one action as a plain OpenAPI document in YAML, for tools that
// cannot tell apart several operations on one path. The action is under its real path. The document
// contains only the components that the action refers to, and neither links to other operations nor
// this contract's extensions.
func (c *Contract) Export(action string) ([]byte, error) {
	op, known := c.byAction[action]
	if !known {
		var names []string
		for _, o := range c.operations {
			names = append(names, o.key.Action)
		}
		return nil, fmt.Errorf("the contract has no action %q: choose from %s", action, strings.Join(names, ", "))
	}
	path := member(member(c.api.root, "paths"), op.key.Path+"#"+action)
	out := &yaml.Node{Kind: yaml.MappingNode}
	for _, key := range []string{"openapi", "info", "servers", "tags", "security"} {
		if value := member(c.api.root, key); value != nil {
			put(out, key, plain(value))
		}
	}
	summary := text(member(member(path, "post"), "summary"))
	info := member(out, "info")
	put(info, "title", scalar(action))
	put(info, "description", scalar(summary+" One of the actions on this path, which the header X-ZC-Action tells apart."))
	paths := &yaml.Node{Kind: yaml.MappingNode}
	put(paths, op.key.Path, plain(path))
	put(out, "paths", paths)
	put(out, "components", c.components(paths))
	var text bytes.Buffer
	encoder := yaml.NewEncoder(&text)
	encoder.SetIndent(2)
	if err := encoder.Encode(out); err != nil {
		return nil, fmt.Errorf("write the description of %s: %w", action, err)
	}
	return text.Bytes(), nil
}

// components returns the components that a part of the description refers to, directly or
// indirectly, and the security schemes, which are referred to by name.
func (c *Contract) components(part *yaml.Node) *yaml.Node {
	wanted := map[string]bool{}
	var follow func(n *yaml.Node)
	follow = func(n *yaml.Node) {
		if ref := member(n, "$ref"); ref != nil {
			pointer := strings.TrimPrefix(ref.Value, "#")
			if !wanted[pointer] {
				wanted[pointer] = true
				follow(c.api.at(pointer))
			}
		}
		for _, child := range n.Content {
			follow(child)
		}
	}
	follow(part)
	out := &yaml.Node{Kind: yaml.MappingNode}
	_ = members(member(c.api.root, "components"), func(kind, all *yaml.Node) error {
		kept := &yaml.Node{Kind: yaml.MappingNode}
		_ = members(all, func(name, value *yaml.Node) error {
			if kind.Value == "securitySchemes" || wanted["/components/"+kind.Value+"/"+escape(name.Value)] {
				put(kept, name.Value, plain(value))
			}
			return nil
		})
		if len(kept.Content) > 0 {
			put(out, kind.Value, kept)
		}
		return nil
	})
	return out
}

// plain returns a copy of a node without links, vendor extensions and comments.
func plain(n *yaml.Node) *yaml.Node {
	out := &yaml.Node{Kind: n.Kind, Tag: n.Tag, Value: n.Value, Style: n.Style}
	if n.Kind != yaml.MappingNode {
		for _, child := range n.Content {
			out.Content = append(out.Content, plain(child))
		}
		return out
	}
	_ = members(n, func(key, value *yaml.Node) error {
		if key.Value != "links" && !strings.HasPrefix(key.Value, "x-") {
			out.Content = append(out.Content, plain(key), plain(value))
		}
		return nil
	})
	return out
}

// put sets a key of a mapping.
func put(mapping *yaml.Node, key string, value *yaml.Node) {
	for i := 0; i < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			mapping.Content[i+1] = value
			return
		}
	}
	mapping.Content = append(mapping.Content, scalar(key), value)
}

func scalar(value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value}
}
