package contract

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"

	"github.com/zec-tools/conformance/internal/yamlfile"
)

// Error is an error in one of the contract's documents, with its position.
type Error struct {
	File      string
	Line, Col int    // 1-based
	What      string // what is wrong
	Do        string // what to do about it
}

// Error returns the error on one line.
func (f *Error) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s; %s", f.File, f.Line, f.Col, f.What, f.Do)
}

// document is a YAML file in which every value has a position.
type document struct {
	name string
	data []byte
	root *yaml.Node
}

// readDocuments reads both documents concurrently, because that is half of the time it takes to
// read a contract.
func readDocuments(fsys fs.FS) (api, clauses *document, err error) {
	var clausesErr error
	var reading sync.WaitGroup
	reading.Go(func() { clauses, clausesErr = readDocument(fsys, clausesFile) })
	api, err = readDocument(fsys, openapiFile)
	reading.Wait()
	return api, clauses, cmp.Or(err, clausesErr)
}

func readDocument(fsys fs.FS, name string) (*document, error) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, fmt.Errorf("read the contract: %w", err)
	}
	d := &document{name: name, data: data}
	var node, next yaml.Node
	reader := yaml.NewDecoder(bytes.NewReader(data))
	if err := reader.Decode(&node); err != nil && !errors.Is(err, io.EOF) {
		return nil, d.unread(err, "fix the YAML")
	}
	if err := reader.Decode(&next); err == nil {
		return nil, d.fault(&next, "a second YAML document", "keep one in a file: remove the line --- and what follows it")
	}
	if len(node.Content) != 1 || node.Content[0].Kind != yaml.MappingNode {
		return nil, &Error{File: name, Line: 1, Col: 1, What: "the document is no mapping", Do: "restore the file"}
	}
	d.root = node.Content[0]
	return d, d.checkKeys(d.root)
}

// unread converts an error of the YAML parser, with its position if the parser gives one.
func (d *document) unread(err error, do string) error {
	fault := &Error{File: d.name, Line: 1, Col: 1, What: oneLine(err.Error()), Do: do}
	if broken := (*yaml.LoadError)(nil); errors.As(err, &broken) {
		fault.What = oneLine(broken.Message)
		fault.Line, fault.Col = yamlfile.Position(d.data, broken.Mark)
	}
	return fault
}

// checkKeys rejects what the YAML parser silently accepts: repeated keys, keys that are no texts, and
// aliases, which would give one value two positions.
func (d *document) checkKeys(n *yaml.Node) error {
	if n.Kind == yaml.AliasNode {
		return d.fault(n, "an alias", "write the value out")
	}
	if n.Kind == yaml.MappingNode {
		seen := make(map[string]int, len(n.Content)/2)
		for i := 0; i < len(n.Content); i += 2 {
			key := n.Content[i]
			if tag := key.ShortTag(); key.Kind != yaml.ScalarNode || tag != "!!str" && tag != "!!merge" {
				return d.fault(key, fmt.Sprintf("the key %s is no text", key.Value), "put it in quotes")
			}
			if line, ok := seen[key.Value]; ok {
				return d.fault(key, fmt.Sprintf("the key %q stands twice, first in line %d", key.Value, line), "remove one of them")
			}
			seen[key.Value] = key.Line
		}
	}
	for _, child := range n.Content {
		if err := d.checkKeys(child); err != nil {
			return err
		}
	}
	return nil
}

// fault returns an error about a node. A value that it quotes may have line breaks.
func (d *document) fault(n *yaml.Node, what, do string) error {
	f := &Error{File: d.name, Line: 1, Col: 1, What: lineBreaks.Replace(what), Do: lineBreaks.Replace(do)}
	if n != nil {
		f.Line, f.Col = n.Line, n.Column
	}
	return f
}

var lineBreaks = strings.NewReplacer("\n", `\n`, "\r", `\r`)

// at returns the node that a JSON pointer leads to, or nil. It does not follow references.
func (d *document) at(pointer string) *yaml.Node {
	n := d.root
	if pointer == "" {
		return n
	}
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		if strings.Contains(token, "~") {
			token = strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
		}
		if n = child(n, token); n == nil {
			return nil
		}
	}
	return n
}

// deref follows the reference of a node, and returns the target with its pointer. A node without a
// reference is its own target.
func (d *document) deref(n *yaml.Node, pointer string) (*yaml.Node, string, error) {
	ref := member(n, "$ref")
	if ref == nil {
		return n, pointer, nil
	}
	target, ok := strings.CutPrefix(ref.Value, "#")
	if !ok || d.at(target) == nil {
		return nil, "", d.fault(ref, fmt.Sprintf("the reference %q leads nowhere", ref.Value), "name a place in this file")
	}
	return d.at(target), target, nil
}

// child returns the member or element of a node for one token of a JSON pointer.
func child(n *yaml.Node, token string) *yaml.Node {
	if n.Kind != yaml.SequenceNode {
		return member(n, token)
	}
	i, err := strconv.Atoi(token)
	if err != nil || i < 0 || i >= len(n.Content) || token != strconv.Itoa(i) {
		return nil
	}
	return n.Content[i]
}

// member returns the value of a mapping's key, or nil.
func member(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// members calls yield for each key of a mapping, in order, until it returns an error.
func members(n *yaml.Node, yield func(key, value *yaml.Node) error) error {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i < len(n.Content); i += 2 {
		if err := yield(n.Content[i], n.Content[i+1]); err != nil {
			return err
		}
	}
	return nil
}

// text returns the text of a scalar, or "".
func text(n *yaml.Node) string {
	if n == nil || n.Kind != yaml.ScalarNode {
		return ""
	}
	return n.Value
}

// texts returns the texts of a list of scalars, or of a single scalar.
func texts(n *yaml.Node) []string {
	switch {
	case n == nil:
		return nil
	case n.Kind == yaml.SequenceNode:
		list := make([]string, 0, len(n.Content))
		for _, item := range n.Content {
			list = append(list, text(item))
		}
		return list
	default:
		return []string{text(n)}
	}
}

// escape escapes a name as a token of a JSON pointer.
func escape(token string) string {
	return strings.ReplaceAll(strings.ReplaceAll(token, "~", "~0"), "/", "~1")
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
