package contract

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// A template is a clause with the key each. It is written once and applies to every action of a
// kind; placeholders in braces stand for what differs between actions. An action does not get the
// clause if it lacks something that a placeholder names or a place of openapi.yaml that the
// template points at, or if a clause of its own has the same role.

// The kinds of action that a template or a table of examples can apply to.
const (
	EachAction   = "action"
	EachChanging = "changing action"
	EachReading  = "reading action"
)

// source is one clause before it is read: a node of clauses.yaml and, for an instance of a
// template, the action.
type source struct {
	node   *yaml.Node
	places *places // nil if the clause is not an instance of a template
}

// places are the values of a template's placeholders for one action.
type places struct {
	action, prefix string
	en, zh         map[string]string
}

// text returns the text of a key with its placeholders filled in, and whether all of them are
// known.
func (s source) text(key string) (string, bool) {
	written := text(member(s.node, key))
	if s.places == nil {
		return written, true
	}
	known := s.places.en
	if strings.HasSuffix(key, "zh") {
		known = s.places.zh
	}
	return fill(written, known)
}

// pointers returns the pointers of the clause, and whether each leads somewhere. The pointers of a
// clause that is not an instance of a template are checked later, with a better error. A pointer
// that begins with {path} stands for that place in every action that has it.
func (s source) pointers(api *document) ([]string, bool) {
	list := texts(member(s.node, "pointer"))
	if s.places == nil {
		return everywhere(list, api), true
	}
	for i, pointer := range list {
		filled, known := fill(pointer, s.places.en)
		if !known || api.at(filled) == nil {
			return nil, false
		}
		list[i] = filled
	}
	return list, true
}

// everywhere replaces each pointer that begins with {path} by the places that it leads to. It keeps
// a pointer that leads nowhere.
func everywhere(pointers []string, api *document) []string {
	var all []string
	for _, pointer := range pointers {
		rest, general := strings.CutPrefix(pointer, "{path}")
		if !general {
			all = append(all, pointer)
			continue
		}
		found := len(all)
		for _, p := range readPlaces(api) {
			if place := p.en["path"] + rest; api.at(place) != nil {
				all = append(all, place)
			}
		}
		if len(all) == found {
			all = append(all, pointer)
		}
	}
	return all
}

// fill replaces the placeholders in a text, and reports whether all of them are known.
func fill(text string, values map[string]string) (string, bool) {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{")
		out.WriteString(before)
		if !found {
			return out.String(), true
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed || values[name] == "" {
			return "", false
		}
		out.WriteString(values[name])
		text = after
	}
}

// sources returns every clause to be read. It returns each template once for every action that it
// applies to.
func sources(d, api *document) ([]source, error) {
	list := member(d.root, "clauses")
	taken := map[[2]string]bool{} // the role and action of the clauses that are not instances of a template
	for _, n := range list.Content {
		if member(n, "each") == nil {
			taken[[2]string{text(member(n, "role")), text(member(n, "operation"))}] = true
		}
	}
	all := readPlaces(api)
	var out []source
	for _, n := range list.Content {
		each := member(n, "each")
		if each == nil {
			out = append(out, source{node: n})
			continue
		}
		if err := checkTemplate(d, n, each); err != nil {
			return nil, err
		}
		made := 0
		for _, p := range all {
			s := source{n, p.places}
			if p.is(text(each)) && s.whole(api) {
				made++ // counted even if a clause of the action's own replaces it
				if role := text(member(n, "role")); role == "" || !taken[[2]string{role, p.action}] {
					out = append(out, s)
				}
			}
		}
		if made == 0 {
			return nil, d.fault(each, "the template fits no action", "fix its places and its pointers, or remove it")
		}
	}
	return out, nil
}

// whole reports whether the action has everything that the template refers to.
func (s source) whole(api *document) bool {
	for _, key := range []string{"id", "en", "zh", "untestable", "untestable-zh"} {
		if _, known := s.text(key); !known {
			return false
		}
	}
	_, known := s.pointers(api)
	return known
}

func checkTemplate(d *document, n, each *yaml.Node) error {
	switch {
	case !slices.Contains([]string{EachAction, EachChanging, EachReading}, text(each)):
		return d.fault(each, fmt.Sprintf("each is %q", text(each)), "write action, changing action or reading action")
	case member(n, "operation") != nil:
		return d.fault(member(n, "operation"), "a template with an operation", "remove one of the keys each and operation")
	case !strings.HasPrefix(text(member(n, "id")), "{clauses}-"):
		return d.fault(member(n, "id"), "the id of a template is that of one clause", "begin it with {clauses}-")
	}
	return nil
}

// placed is what templates need to know about an action before the operations are read.
type placed struct {
	*places
	changes bool
}

func (p placed) is(kind string) bool {
	return kind == EachAction || p.changes == (kind == EachChanging)
}

// readPlaces reads the values of the placeholders, action by action.
func readPlaces(api *document) []placed {
	var all []placed
	_ = members(member(api.root, "paths"), func(key, path *yaml.Node) error {
		_, action, _ := strings.Cut(key.Value, "#")
		post := member(path, "post")
		p := &places{action: action, prefix: clausePrefix(post, action), en: map[string]string{}, zh: map[string]string{}}
		both := func(name, value string) { p.en[name], p.zh[name] = value, value }
		both("action", action)
		both("clauses", p.prefix)
		both("slug", slug(p.prefix))
		both("path", "/paths/"+escape(key.Value))
		l := member(member(member(post, "responses"), "200"), "x-lifecycle")
		for _, name := range []string{"subject", "wanted", "failed", "inverse"} {
			both(name, text(member(l, name)))
		}
		for _, name := range []string{"start", "tolerated", "transient", "end", "failure"} {
			p.en[name] = strings.Join(texts(member(l, name)), " or ")
			p.zh[name] = strings.Join(texts(member(l, name)), " 或 ")
		}
		for _, name := range []string{"absent", "start"} {
			if pair := member(member(l, "denied"), name); pair != nil {
				both("denied."+name, text(member(pair, "status"))+" "+text(member(pair, "code")))
			}
		}
		all = append(all, placed{p, text(member(post, "x-effect")) != string(wire.Reads)})
		return nil
	})
	return all
}

// clausePrefix returns the prefix of an action's clause ids: the one in x-clauses, otherwise the
// source of the action and its name, such as A-START-INSTANCES.
func clausePrefix(post *yaml.Node, action string) string {
	if own := text(member(post, "x-clauses")); own != "" {
		return own
	}
	mark := "R"
	if marks := texts(member(post, "x-source")); len(marks) > 0 {
		mark = marks[0]
	}
	var id strings.Builder
	id.WriteString(mark)
	for i, char := range action {
		if i == 0 || char >= 'A' && char <= 'Z' {
			id.WriteByte('-')
		}
		id.WriteString(strings.ToUpper(string(char)))
	}
	return id.String()
}

// slug returns the short name of an action in clause ids: the prefix without the source mark.
func slug(prefix string) string {
	_, name, _ := strings.Cut(prefix, "-")
	return strings.ToLower(name)
}

// Places returns the values of a template's placeholders for one action, in English. A read has no
// lifecycle; for it, <start> is a status of the subjects that it shows, and <member> the member
// that shows it.
func (c *Contract) Places(op wire.Operation) map[string]string {
	for _, p := range readPlaces(c.api) {
		if p.action != op.Action {
			continue
		}
		if p.en["start"] != "" {
			return p.en
		}
		places := map[string]string{"action": p.action, "clauses": p.prefix, "slug": p.en["slug"]}
		places["start"], places["member"] = c.statusToRead(op)
		return places
	}
	return nil
}

// statusToRead returns a status of the subjects that a read shows, and the member that shows it.
// The status is one that allows the first action that is observed by the read. It returns "" if the
// read shows no status.
func (c *Contract) statusToRead(op wire.Operation) (status, member string) {
	for _, changing := range c.Operations() {
		l, has := c.Lifecycle(changing)
		if !has {
			continue
		}
		if r, shows := l.StatusAt(op); shows || l.Changed.Operation == op {
			return l.Start[0], r.Field
		}
	}
	return "", ""
}

// Templates returns the texts of the templates as they are written, by id.
func (c *Contract) Templates() map[string]Text { return maps.Clone(c.templates) }

// ByRole returns the clause with a role for an operation: its own, otherwise the one for all
// operations.
func (c *Contract) ByRole(role verdict.Role, op wire.Operation) (verdict.Clause, bool) {
	for _, action := range []string{op.Action, ""} {
		if id, has := c.byRole[inRole{role, action}]; has {
			return c.clauses[c.byID[id]], true
		}
	}
	return verdict.Clause{}, false
}

// inRole is a role and its action; action "" means all actions.
type inRole struct {
	role   verdict.Role
	action string
}
