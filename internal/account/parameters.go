package account

import (
	"cmp"
	"math"
	"mime"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/verdict"
)

// request is the content of a request body.
type request struct {
	valid   bool                    // the body is JSON
	members map[string]gjson.Result // the members of the object, nil if the body is not an object
	twice   bool                    // a subject is named twice: what that deserves is not documented (protocol 10)
	unclear bool                    // a parameter occurs twice or in another letter case, so it is unknown which one counts
	ids     []string                // the named subjects
	wanted  string                  // the requested value
	size    int                     // the page size; 0 if not given
	page    int                     // the page number; 0 if not given
	filters []string                // additional filters in the request
	empty   bool                    // an optional parameter is null or an empty list, or there is no body
}

// read parses the body of a request.
func (j *Judge) read(e *event) request {
	r := request{}
	if r.valid = gjson.ValidBytes(e.x.Sent.Body); !r.valid {
		return r
	}
	body := gjson.ParseBytes(e.x.Sent.Body)
	if !body.IsObject() {
		return r
	}
	schema, _ := j.contract.Request(e.op)
	r.take(body, schema)
	naming := j.naming(e)
	l, _ := j.contract.Lifecycle(e.op)
	for _, m := range schema.Members {
		v := r.members[m.Name]
		switch {
		case !v.Exists() || v.Type == gjson.Null || v.IsArray() && len(v.Array()) == 0:
		case m.Name == naming && v.IsArray():
			for _, item := range v.Array() {
				r.ids = append(r.ids, item.String())
			}
		case m.Name == naming && v.Type == gjson.String && m.Schema.Type == "string":
			r.ids = []string{v.Str}
		case m.Name == naming:
		case m.Name == l.Wanted && l.Wanted != "":
			r.wanted = v.String()
		case m.Schema.Paging == contract.PageSize:
			r.size = int(v.Int())
		case m.Schema.Paging == contract.PageNumber:
			r.page = int(v.Int())
		default:
			r.filters = append(r.filters, m.Name)
		}
	}
	r.twice = len(slices.Compact(slices.Sorted(slices.Values(r.ids)))) < len(r.ids)
	return r
}

// take takes over the members of an object. If a member occurs twice, the first one is kept.
func (r *request) take(object gjson.Result, schema contract.Schema) {
	r.members = map[string]gjson.Result{}
	object.ForEach(func(key, value gjson.Result) bool {
		name := key.Str
		if _, twice := r.members[name]; twice {
			r.unclear = true
			return true
		}
		r.members[name] = value
		for i := range schema.Members {
			as := schema.Members[i].Name
			r.unclear = r.unclear || name != as && strings.EqualFold(name, as)
		}
		return true
	})
}

// naming returns the parameter that names subjects.
func (j *Judge) naming(e *event) string {
	if l, changes := j.contract.Lifecycle(e.op); changes {
		return l.Subject
	}
	for _, r := range j.readers[e.op] {
		return r.Filter
	}
	return ""
}

// parameters determines what the content of a request deserves.
func (j *Judge) parameters(d *deserved, e *event) {
	schema, described := j.contract.Request(e.op)
	if !described {
		d.open = true
		return
	}
	media, further, err := mime.ParseMediaType(sent(e.x, "Content-Type"))
	if err != nil || media != "application/json" {
		j.refuseUnder(d, j.clause(verdict.RoleMediaRequest, e.op), http.StatusBadRequest)
		return
	}
	if charset := further["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") {
		d.mayRefuse(under(http.StatusBadRequest)) // a body must be UTF-8
	}
	body := e.x.Sent.Body
	switch {
	case len(body) == 0 && len(schema.Required) > 0:
		j.refuseUnder(d, j.clause(verdict.RoleBody, e.op), http.StatusBadRequest)
		return
	case len(body) == 0:
		e.ask.empty = true
		d.mayRefuse(under(http.StatusBadRequest))
		return
	case !e.ask.valid || !utf8.Valid(body):
		j.refuseUnder(d, j.clause(verdict.RoleMalformed, e.op), http.StatusBadRequest)
		return
	case e.ask.members == nil && len(schema.Required) > 0:
		j.refuseUnder(d, j.clause(verdict.RoleBody, e.op), http.StatusBadRequest)
		return
	case e.ask.members == nil || e.ask.unclear:
		d.open = true
		return
	}
	for _, m := range schema.Members {
		j.parameter(d, e, m, slices.Contains(schema.Required, m.Name))
	}
	for name := range e.ask.members {
		if _, known := schema.Member(name); !known {
			d.mayRefuse(under(http.StatusBadRequest)) // no document says what an unknown member deserves
		}
	}
	if len(e.ask.filters) > 0 && !j.contract.Changes(e.op) {
		d.mayRefuse(under(http.StatusBadRequest)) // it may be a value that nothing has: any of these pairs is right
		d.mayRefuse(under(http.StatusNotFound))
	}
	if len(e.ask.ids) > 0 && !j.contract.Changes(e.op) && !j.allExist(e.ask.ids) {
		d.mayRefuse(under(http.StatusNotFound))
	}
	if pattern, stated := j.pairOf(e, verdict.RolePattern); stated && j.namesUnseen(e) {
		d.mayRefuse(exactly(pattern)) // a made-up id may have the wrong format
	}
}

// namesUnseen reports whether a request names a subject, by a string, that no read has shown.
func (j *Judge) namesUnseen(e *event) bool {
	return len(e.ask.ids) > 0 && slices.ContainsFunc(e.ask.members[j.naming(e)].Array(), func(id gjson.Result) bool {
		return id.Type == gjson.String && !j.allSeen([]string{id.Str})
	})
}

// ofAValue allows refusals of a value itself, but not of its type or length.
func (j *Judge) ofAValue(p verdict.Pair) bool {
	c, _ := j.contract.Clause(p.Clause)
	switch c.Role {
	case verdict.RoleMissing, verdict.RoleWrongType, verdict.RoleMaximum, verdict.RoleTooLong:
		return false
	}
	return p.Status == http.StatusBadRequest
}

// parameter determines what one parameter deserves.
func (j *Judge) parameter(d *deserved, e *event, m contract.Member, required bool) {
	v := e.ask.members[m.Name]
	empty := v.Type == gjson.String && v.Str == ""
	switch {
	case !v.Exists() && required:
		j.refuseAs(d, e, verdict.RoleMissing, m.Schema.Clause)
	case !v.Exists():
	case required && (v.Type == gjson.Null || empty) && m.Schema.Type == "array":
		j.refuseUnder(d, cmp.Or(m.Schema.Clause, j.clause(verdict.RoleEmptyParameter, e.op)), http.StatusBadRequest)
	case required && v.Type == gjson.Null:
		j.refuseUnder(d, j.clause(verdict.RoleEmptyParameter, e.op), http.StatusBadRequest)
	case required && empty && m.Schema.Type == "string":
		j.refuseUnder(d, j.clause(verdict.RoleEmptyParameter, e.op), http.StatusBadRequest, http.StatusNotFound)
	case v.Type == gjson.Null:
		e.ask.empty = true
		d.mayRefuse(under(http.StatusBadRequest))
	case empty && !required: // it may count as absent, as a value that nothing has, or as a value of the wrong type
		e.ask.empty = true
		d.mayRefuse(under(http.StatusBadRequest, http.StatusNotFound))
	case !hasType(v, m.Schema.Type):
		j.refuseAs(d, e, verdict.RoleWrongType, "")
	default:
		j.limits(d, e, m.Schema, v)
	}
}

// hasType reports whether a value has a JSON type. The documents do not say whether 1.5 or 1E2 is
// an integer with a wrong value or not an integer at all; limits leaves that open.
func hasType(v gjson.Result, want string) bool {
	switch want {
	case "string":
		return v.Type == gjson.String
	case "integer", "number":
		return v.Type == gjson.Number
	case "boolean":
		return v.IsBool()
	case "array":
		return v.IsArray()
	case "object":
		return v.IsObject()
	}
	return true
}

// unsure reports whether JSON parsers may disagree that a number is an integer, because it is too
// large for many implementations or is written with a decimal point or an exponent.
func unsure(v gjson.Result) bool {
	return math.Abs(v.Num) > math.MaxInt32 || strings.ContainsAny(v.Raw, ".eE")
}

// limits determines what the size of a value deserves.
func (j *Judge) limits(d *deserved, e *event, s contract.Schema, v gjson.Result) {
	switch {
	case s.Type == "integer" && unsure(v):
		d.open = true
	case s.Maximum != nil && v.Num > *s.Maximum:
		j.refuseAs(d, e, verdict.RoleMaximum, s.Clause)
	case s.Type == "integer" && s.Paging != "" && v.Num < 1:
		d.open = true
	case v.IsArray():
		items := v.Array()
		if s.MaxItems > 0 && len(items) > s.MaxItems {
			j.refuseAs(d, e, verdict.RoleTooLong, s.Clause)
			if !j.contract.Changes(e.op) {
				d.mayRefuse(under(http.StatusNotFound)) // some of them may not exist
			}
		}
		if len(items) == 0 {
			e.ask.empty = true
			d.mayRefuse(anyRefusal)
		}
		if s.Items != nil && slices.ContainsFunc(items, func(item gjson.Result) bool { return !hasType(item, s.Items.Type) || item.String() == "" }) {
			d.open = true
		}
	case len(s.Enum) > 0 && !slices.Contains(s.Enum, v.String()):
		d.mayRefuse(under(http.StatusBadRequest))
	}
}
