package yamlfile

import (
	"bytes"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// Position returns the line and the column, both from 1, of an error of the library about a text.
// Of a byte that YAML does not allow the library tells only its index.
func Position(text []byte, at yaml.Mark) (line, col int) {
	if at.Line > 0 || at.Index <= 0 || at.Index > len(text) {
		return max(1, at.Line), max(1, at.Column)
	}
	before := text[:at.Index]
	return 1 + bytes.Count(before, []byte("\n")), 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
}

// Line returns the line of a value in the text of a file that can be read. The path to it has keys
// of mappings and indices of lists. If it leads to nothing, Line returns the line of the last value
// on it.
func Line(text []byte, path ...any) int {
	var root yaml.Node
	if yaml.Load(text, &root) != nil || len(root.Content) == 0 {
		return 1
	}
	node := root.Content[0]
	line := node.Line
	for _, step := range path {
		next := below(node, step)
		if next == nil {
			break
		}
		line = next.Line
		if node = next; node.Kind == yaml.AliasNode {
			node = node.Alias
		}
	}
	return max(line, 1)
}

// below returns a value of a mapping, by its key, or of a list, by its index. nil means that there
// is none.
func below(node *yaml.Node, step any) *yaml.Node {
	switch step := step.(type) {
	case string:
		for i := 0; node.Kind == yaml.MappingNode && i+1 < len(node.Content); i += 2 {
			if node.Content[i].Value == step {
				return node.Content[i+1]
			}
		}
	case int:
		if node.Kind == yaml.SequenceNode && step >= 0 && step < len(node.Content) {
			return node.Content[step]
		}
	}
	return nil
}
