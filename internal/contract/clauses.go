package contract

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/zec-tools/conformance/internal/verdict"
)

// required are the roles that every contract must have clauses for. These clauses apply to all
// operations, and every exchange is judged by them.
func required() []verdict.Role {
	return []verdict.Role{
		verdict.RoleMethod, verdict.RoleMedia, verdict.RoleUTF8, verdict.RoleJSON, verdict.RoleSuccessStatus, verdict.RoleFailureStatus,
		verdict.RoleRequestIDEqual, verdict.RoleRequestIDUnique, verdict.RoleErrorResponse, verdict.RoleSuccessEnvelope, verdict.RoleFailureEnvelope,
	}
}

// own returns the id of the clause for all operations with a required role.
func (c *Contract) own(role verdict.Role) string { return c.byRole[inRole{role, ""}] }

// clauseKeys are the keys of a clause in clauses.yaml.
const clauseKeys = "id level operation role each en zh pointer untestable untestable-zh"

// readClauses reads clauses.yaml. checkClauses later checks that the operations and places that a
// clause names exist.
func (c *Contract) readClauses(d, api *document) error {
	list := member(d.root, "clauses")
	if len(d.root.Content) != 4 || list == nil || list.Kind != yaml.SequenceNode {
		return d.fault(d.root, "the document does not have exactly the lists sources and clauses", "write both and nothing else")
	}
	if err := c.readSources(d); err != nil {
		return err
	}
	c.byID = make(map[string]int, len(list.Content))
	c.byRole = map[inRole]string{}
	c.templates = map[string]Text{}
	c.stated = make(map[statement]string, 2*len(list.Content))
	for _, n := range list.Content {
		if err := checkClause(d, n); err != nil {
			return err
		}
		if member(n, "each") != nil {
			c.templates[text(member(n, "id"))] = Text{En: text(member(n, "en")), Zh: text(member(n, "zh"))}
		}
	}
	all, err := sources(d, api)
	if err != nil {
		return err
	}
	for _, s := range all {
		if err := c.addClause(d, api, s); err != nil {
			return err
		}
	}
	for _, role := range required() {
		if c.own(role) == "" {
			return d.fault(list, fmt.Sprintf("no clause for all operations has the role %s", role), "add it: every exchange is judged by it")
		}
	}
	return nil
}

// addClause reads one clause and checks that no other clause has its id, its role or its places.
func (c *Contract) addClause(d, api *document, s source) error {
	clause, err := readClause(d, api, s)
	if err != nil {
		return err
	}
	if why, _ := s.text("untestable-zh"); why != "" {
		clause.UntestableZh = why
	}
	if _, declared := c.Source(clause.Source); !declared {
		return d.fault(member(s.node, "id"), fmt.Sprintf("the id %s begins with the mark of no source of this contract", clause.ID),
			fmt.Sprintf("list %s under sources, or begin it with another mark", clause.Source))
	}
	if _, taken := c.byID[clause.ID]; taken {
		return d.fault(member(s.node, "id"), fmt.Sprintf("the id %s stands twice", clause.ID), "give one of the clauses another id")
	}
	for i, pointer := range clause.Pointers {
		place := statement{pointer, clause.Operation}
		if other, taken := c.stated[place]; taken {
			return d.fault(pointerNode(s.node, i), fmt.Sprintf("%s and %s point at the same place", other, clause.ID), "point one of them at a narrower place")
		}
		c.stated[place] = clause.ID
	}
	if clause.Role != "" {
		role := inRole{clause.Role, clause.Operation}
		if other, taken := c.byRole[role]; taken {
			return d.fault(member(s.node, "role"), fmt.Sprintf("%s and %s have the role %s", other, clause.ID, clause.Role), "let one of them have it")
		}
		c.byRole[role] = clause.ID
	}
	c.byID[clause.ID] = len(c.clauses)
	c.clauses, c.clauseNodes = append(c.clauses, clause), append(c.clauseNodes, s.node)
	return nil
}

// checkNamed checks that the operations that clauses name exist. It runs before the operations are
// read, which would otherwise report a missing clause for a misspelt name.
func (c *Contract) checkNamed(d *document, actions []string) error {
	for i, n := range c.clauseNodes {
		if clause := c.clauses[i]; clause.Operation != "" && !slices.Contains(actions, clause.Operation) {
			return d.fault(member(n, "operation"), fmt.Sprintf("%s speaks of the operation %q, which %s does not have",
				clause.ID, clause.Operation, openapiFile), "name one of its operations")
		}
	}
	return nil
}

// checkClauses checks that the places that clauses name exist, and that their roles fit their
// actions.
func (c *Contract) checkClauses(d, api *document) error {
	for i, n := range c.clauseNodes {
		clause := c.clauses[i]
		if err := c.checkRole(d, n, clause); err != nil {
			return err
		}
		for j, pointer := range clause.Pointers {
			if api.at(pointer) == nil {
				return d.fault(pointerNode(n, j), fmt.Sprintf("the pointer %s leads nowhere in %s", pointer, openapiFile),
					"point at the place that states the clause")
			}
		}
	}
	c.clauseNodes = nil
	return nil
}

// checkRole rejects a role that has no meaning for the action of a clause. A template may be more
// general.
func (c *Contract) checkRole(d *document, n *yaml.Node, clause verdict.Clause) error {
	op, named := c.byAction[clause.Operation]
	if !named || clause.Template != "" {
		return nil
	}
	fault := func(what string) error {
		return d.fault(member(n, "role"), fmt.Sprintf("the role %s is of %s", clause.Role, what), "write another role, or remove the key")
	}
	switch {
	case op.changes && slices.Contains(verdict.ReadingRoles(), clause.Role):
		return fault("an action that reads, and " + clause.Operation + " changes something")
	case !op.changes && slices.Contains(verdict.ChangingRoles(), clause.Role):
		return fault("an action that changes something, and " + clause.Operation + " reads")
	case clause.Role == verdict.RoleBatch && op.lifecycle != nil && !op.lifecycle.Batch:
		return fault("a batch, and " + clause.Operation + " takes one subject")
	}
	return nil
}

// pointerNode returns the node of a clause's pointer, one of several or the only one.
func pointerNode(clause *yaml.Node, i int) *yaml.Node {
	n := member(clause, "pointer")
	if n.Kind == yaml.SequenceNode && i < len(n.Content) { // {path} stands for more pointers than are written
		return n.Content[i]
	}
	return n
}

// checkClause checks the keys of a clause.
func checkClause(d *document, n *yaml.Node) error {
	if n.Kind != yaml.MappingNode {
		return d.fault(n, "a clause is no mapping", "write its keys: "+clauseKeys)
	}
	err := members(n, func(key, value *yaml.Node) error {
		if !slices.Contains(strings.Fields(clauseKeys), key.Value) {
			return d.fault(key, fmt.Sprintf("unknown key %q in a clause", key.Value), "use one of "+clauseKeys)
		}
		switch {
		case key.Value == "pointer" && (len(texts(value)) == 0 || slices.Contains(texts(value), "")):
			return d.fault(value, "the key pointer of a clause has no text", "write a place in "+openapiFile+", or several in a list, or remove the key")
		case key.Value == "pointer":
			return nil
		}
		return checkSingle(d, "the key "+key.Value+" of a clause", value, aText)
	})
	if err != nil {
		return err
	}
	for _, key := range []string{"id", "level", "en", "zh"} {
		if member(n, key) == nil {
			return d.fault(n, fmt.Sprintf("a clause without %s", key), "add it")
		}
	}
	if why, zh := member(n, "untestable"), member(n, "untestable-zh"); (why == nil) != (zh == nil) {
		return d.fault(cmp.Or(why, zh), "untestable and untestable-zh stand alone", "write both: reports are read in English and in Chinese")
	}
	if role := member(n, "role"); role != nil && !slices.Contains(verdict.Roles(), verdict.Role(role.Value)) {
		return d.fault(role, fmt.Sprintf("the role %q is unknown", role.Value), fmt.Sprintf("use one of %v, or remove the key", verdict.Roles()))
	}
	return nil
}

// readClause reads a clause or an instance of a template.
func readClause(d, api *document, s source) (verdict.Clause, error) {
	clause := verdict.Clause{
		Level:     verdict.Level(text(member(s.node, "level"))),
		Operation: text(member(s.node, "operation")),
		Role:      verdict.Role(text(member(s.node, "role"))),
	}
	for key, into := range map[string]*string{"id": &clause.ID, "en": &clause.Text, "zh": &clause.TextZh, "untestable": &clause.Untestable} {
		*into, _ = s.text(key) // sources has already left out the instances with unknown places
	}
	clause.Pointers, _ = s.pointers(api)
	if s.places != nil {
		clause.Operation, clause.Template = s.places.action, text(member(s.node, "id"))
	}
	mark, _, _ := strings.Cut(clause.ID, "-")
	if clause.Source = verdict.Source(mark); !slices.Contains(strings.Fields(marks), mark) {
		return clause, d.fault(member(s.node, "id"), fmt.Sprintf("the id %s does not begin with a source mark", clause.ID), "begin it with one of "+marks)
	}
	if !aPrefix.MatchString(clause.ID) {
		return clause, d.fault(member(s.node, "id"), fmt.Sprintf("the id %s is no tag that a scenario can bear", clause.ID),
			"write the mark of a source and a name in capitals, such as A-RESIZE-DISK")
	}
	if clause.Level != verdict.Must && clause.Level != verdict.Should {
		return clause, d.fault(member(s.node, "level"), fmt.Sprintf("the level %q is unknown", clause.Level), "write must or should")
	}
	return clause, nil
}

// statement is a place in openapi.yaml for one operation; action "" means all operations.
type statement struct{ pointer, action string }

// clauseAt returns the clause that one of several equivalent places states for an operation. A
// clause of the operation itself takes precedence over one for all operations. It returns "" if
// there is none.
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
