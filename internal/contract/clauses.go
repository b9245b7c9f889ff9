package contract

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/zec-tools/conformance/internal/verdict"
)

// The clauses that judging names itself, because no place of a schema states
// them. They speak of every operation.
const (
	clauseMethod       = "R-METHOD-POST"
	clauseMedia        = "R-MEDIA-RESPONSE"
	clauseUTF8         = "R-UTF8"
	clauseJSON         = "R-JSON"
	clauseSuccess      = "R-STATUS-200"
	clauseFailure      = "R-STATUS-FAILURE"
	clauseIDEqual      = "R-REQUEST-ID-EQUAL"
	clauseIDUnique     = "R-REQUEST-ID-UNIQUE"
	clausePair         = "R-FAILURE-PAIR"
	clauseSuccessShape = "R-SUCCESS-ENVELOPE"
	clauseFailureShape = "R-FAILURE-ENVELOPE"
)

func ownClauses() []string {
	return []string{
		clauseMethod, clauseMedia, clauseUTF8, clauseJSON, clauseSuccess, clauseFailure,
		clauseIDEqual, clauseIDUnique, clausePair, clauseSuccessShape, clauseFailureShape,
	}
}

// clauseKeys are the keys of a clause in clauses.yaml.
const clauseKeys = "id level operation en zh pointer untestable untestable-zh"

// readClauses reads clauses.yaml. Whether what it names is there is checkClauses' matter.
func (c *Contract) readClauses(d *document) error {
	list := member(d.root, "clauses")
	if len(d.root.Content) != 2 || list == nil || list.Kind != yaml.SequenceNode {
		return d.fault(d.root, "the document is more or less than one list, clauses", "keep the key clauses alone")
	}
	c.byID = make(map[string]int, len(list.Content))
	c.untestableZh = map[string]string{}
	c.stated = make(map[statement]string, 2*len(list.Content))
	for _, n := range list.Content {
		clause, err := readClause(d, n)
		if err != nil {
			return err
		}
		if why := text(member(n, "untestable-zh")); why != "" {
			c.untestableZh[clause.ID] = why
		}
		if _, taken := c.byID[clause.ID]; taken {
			return d.fault(member(n, "id"), fmt.Sprintf("the id %s stands twice", clause.ID), "give one of the clauses another id")
		}
		for i, pointer := range clause.Pointers {
			place := statement{pointer, clause.Operation}
			if other, taken := c.stated[place]; taken {
				return d.fault(pointerNode(n, i), fmt.Sprintf("%s and %s point at the same place", other, clause.ID), "point one of them at a narrower place")
			}
			c.stated[place] = clause.ID
		}
		c.byID[clause.ID] = len(c.clauses)
		c.clauses = append(c.clauses, clause)
	}
	for _, id := range ownClauses() {
		if i, ok := c.byID[id]; !ok || c.clauses[i].Operation != "" {
			return d.fault(list, fmt.Sprintf("there is no clause %s for all operations", id), "put it back: every exchange is judged by it")
		}
	}
	return nil
}

// checkClauses makes sure that the places and operations that clauses name are there.
func (c *Contract) checkClauses(d, api *document) error {
	for i, n := range member(d.root, "clauses").Content {
		clause := c.clauses[i]
		if _, ok := c.byAction[clause.Operation]; !ok && clause.Operation != "" {
			return d.fault(member(n, "operation"), fmt.Sprintf("%s speaks of the operation %q, which %s does not have",
				clause.ID, clause.Operation, openapiFile), "name one of its operations")
		}
		for j, pointer := range clause.Pointers {
			if api.at(pointer) == nil {
				return d.fault(pointerNode(n, j), fmt.Sprintf("the pointer %s leads nowhere in %s", pointer, openapiFile),
					"point at the place that states the clause")
			}
		}
	}
	return nil
}

// pointerNode returns the node of a clause's pointer, one of several or the only one.
func pointerNode(clause *yaml.Node, i int) *yaml.Node {
	n := member(clause, "pointer")
	if n.Kind == yaml.SequenceNode {
		return n.Content[i]
	}
	return n
}

func readClause(d *document, n *yaml.Node) (verdict.Clause, error) {
	if n.Kind != yaml.MappingNode {
		return verdict.Clause{}, d.fault(n, "a clause is no mapping", "write its keys: "+clauseKeys)
	}
	err := members(n, func(key, value *yaml.Node) error {
		if !slices.Contains(strings.Fields(clauseKeys), key.Value) {
			return d.fault(key, fmt.Sprintf("unknown key %q in a clause", key.Value), "use one of "+clauseKeys)
		}
		if key.Value != "pointer" && text(value) == "" {
			return d.fault(value, fmt.Sprintf("the key %s of a clause has no text", key.Value), "write one or remove the key")
		}
		return nil
	})
	if err != nil {
		return verdict.Clause{}, err
	}
	for _, key := range []string{"id", "level", "en", "zh"} {
		if member(n, key) == nil {
			return verdict.Clause{}, d.fault(n, fmt.Sprintf("a clause without %s", key), "add it")
		}
	}
	clause := verdict.Clause{
		ID:         text(member(n, "id")),
		Level:      verdict.Level(text(member(n, "level"))),
		Operation:  text(member(n, "operation")),
		Text:       text(member(n, "en")),
		TextZh:     text(member(n, "zh")),
		Pointers:   texts(member(n, "pointer")),
		Untestable: text(member(n, "untestable")),
	}
	mark, _, _ := strings.Cut(clause.ID, "-")
	if clause.Source = verdict.Source(mark); !slices.Contains(strings.Fields(sources), mark) {
		return clause, d.fault(member(n, "id"), fmt.Sprintf("the id %s does not begin with a source mark", clause.ID), "begin it with one of "+sources)
	}
	if clause.Level != verdict.Must && clause.Level != verdict.Should {
		return clause, d.fault(member(n, "level"), fmt.Sprintf("the level %q is unknown", clause.Level), "write must or should")
	}
	return clause, nil
}

// statement is a place of openapi.yaml, seen from an operation; "" is all of them.
type statement struct{ pointer, action string }

// clauseAt returns the clause that one of some equal places states for an
// operation: its own before one that speaks of all operations, or "".
func (c *Contract) clauseAt(pointers []string, action string) string {
	for _, scope := range []string{action, ""} {
		for _, pointer := range pointers {
			if id, ok := c.stated[statement{pointer, scope}]; ok {
				return id
			}
		}
	}
	return ""
}
