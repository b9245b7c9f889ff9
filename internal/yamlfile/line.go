package yamlfile

import "go.yaml.in/yaml/v4"

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
