package double

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/wire"
)

// response returns the response of a success: every documented member, and rows if the operation
// reads subjects.
func (d *Double) response(op wire.Operation, request contract.Schema, parameters map[string]any) map[string]any {
	envelope, _ := d.contract.Response(op, http.StatusOK)
	schema, _ := envelope.Member("response")
	out := map[string]any{}
	for _, m := range schema.Members {
		out[m.Name] = plain(m.Schema)
	}
	shows := readings(d.contract, op)
	if len(shows) == 0 {
		return out
	}
	ids := d.matching(shows, request, schema, parameters)
	rows := []any{}
	shown := d.page(shows[0].Page, request, parameters, ids)
	if d.defect == longPages {
		shown = ids
	}
	for _, id := range shown {
		rows = append(rows, d.row(schema, shows, id))
	}
	out[shows[0].Rows] = rows
	for _, m := range schema.Members {
		if m.Schema.Paging == contract.PageTotal {
			total := len(ids)
			if d.defect == miscounts {
				total++
			}
			out[m.Name] = total
		}
	}
	return out
}

// reading is a reading of an operation, with the lifecycle that has it.
type reading struct {
	lifecycle.Reading
	of lifecycle.Definition
}

// further reports whether another operation is the main one for the status.
func (r reading) further() bool { return slices.Contains(r.of.Also, r.Reading) }

// readings returns what an operation shows of subjects.
func readings(c *contract.Contract, op wire.Operation) []reading {
	var all []reading
	for _, other := range c.Operations() {
		l, has := c.Lifecycle(other)
		if !has {
			continue
		}
		if r, has := l.StatusAt(op); has {
			all = append(all, reading{r, l})
		}
		if l.Wanted != "" && l.Changed.Operation == op {
			all = append(all, reading{l.Changed, l})
		}
	}
	return all
}

// matching returns the ids of the subjects that a read selects.
func (d *Double) matching(shows []reading, request, response contract.Schema, parameters map[string]any) []string {
	var ids []string
	r := shows[0]
	named, filtered := parameters[r.Filter].([]any)
	filtered = filtered && d.defect != noFilter
	for _, id := range d.order {
		s := d.settled(id)
		if s.kind == r.of.Kind && (!filtered || len(named) == 0 || slices.Contains(named, any(id))) && d.passes(s, r, request, parameters) && d.has(id, shows, request, response, parameters) {
			ids = append(ids, id)
		}
	}
	return ids
}

// passes reports whether a subject matches the additional filters: the status, and those whose
// value its row shows. A filter that the double does not know matches nothing.
func (d *Double) passes(s *subject, r reading, request contract.Schema, parameters map[string]any) bool {
	shown, searched := d.contract.Shown(r.Operation), d.searched(r, request)
	for _, m := range request.Members {
		value, given := parameters[m.Name]
		if given && m.Name != r.Filter && m.Schema.Paging == "" && !slices.Contains(shown, m.Name) && searched[m.Name] == "" && (m.Name != r.Field || text(value) != s.status) {
			return false
		}
	}
	return true
}

// has reports whether the row of a subject shows every requested value, and contains every text that is
// searched for.
func (d *Double) has(id string, shows []reading, request, response contract.Schema, parameters map[string]any) bool {
	if d.defect == noValueFilter {
		return true
	}
	for name, member := range d.searched(shows[0], request) {
		if value, given := parameters[name]; given && !strings.Contains(text(d.row(response, shows, id)[member]), text(value)) {
			return false
		}
	}
	return !slices.ContainsFunc(d.contract.Shown(shows[0].Operation), func(name string) bool {
		value, given := parameters[name]
		return given && d.row(response, shows, id)[name] != value
	})
}

// searched returns, for each parameter that searches, the row member in which it searches: the one of
// the same name, or of that name behind the kind of the subjects, as instanceName for name.
func (d *Double) searched(r reading, request contract.Schema) map[string]string {
	members := map[string]string{}
	response, _ := d.contract.Response(r.Operation, http.StatusOK)
	body, _ := response.Member("response")
	rows, has := body.Member(r.Rows)
	if !has || rows.Items == nil {
		return members
	}
	for _, m := range request.Members {
		if !m.Schema.Search {
			continue
		}
		for _, name := range []string{m.Name, r.of.Kind + strings.ToUpper(m.Name[:1]) + m.Name[1:]} {
			if member, is := rows.Items.Member(name); is && freeText(member) {
				members[m.Name] = name
			}
		}
	}
	return members
}

// freeText reports whether a member can show any text.
func freeText(s contract.Schema) bool {
	return s.Type == "string" && s.Pattern == "" && len(s.Enum)+len(s.Values) == 0
}

// page returns the ids on the requested page.
func (d *Double) page(byDefault int, request contract.Schema, parameters map[string]any, ids []string) []string {
	size, number := byDefault, 1
	switch {
	case byDefault == 0:
		size = len(ids) // no document states a default
	case d.defect == shortDefault:
		size--
	case d.defect == longDefault:
		size++
	}
	for _, m := range request.Members {
		n, err := strconv.Atoi(text(parameters[m.Name]))
		switch {
		case err != nil || n < 1:
		case m.Schema.Paging == contract.PageSize:
			size = n
		case m.Schema.Paging == contract.PageNumber:
			number = n
		}
	}
	from := min((number-1)*size, len(ids))
	return ids[from:min(from+size, len(ids))]
}

// row returns the row of a subject.
func (d *Double) row(response contract.Schema, shows []reading, id string) map[string]any {
	s, row := d.subjects[id], map[string]any{}
	request, _ := d.contract.Request(shows[0].Operation)
	found := d.searched(shows[0], request)
	if rows, has := response.Member(shows[0].Rows); has && rows.Items != nil {
		for _, m := range rows.Items.Members {
			switch {
			case slices.Contains(d.contract.Shown(shows[0].Operation), m.Name):
				filter, _ := request.Member(m.Name)
				row[m.Name] = shownValue(filter, m.Schema, m.Name, id, s.number)
			case slices.Contains(slices.Collect(maps.Values(found)), m.Name): // optional, but a search needs something to find
				row[m.Name] = shownValue(contract.Schema{}, m.Schema, m.Name, id, s.number)
			case slices.Contains(rows.Items.Required, m.Name):
				row[m.Name] = plain(m.Schema)
			}
		}
	}
	for _, r := range shows {
		row[r.Key] = id
		switch status, has := r.of.StatusAt(r.Operation); {
		case has && status.Field == r.Field:
			row[r.Field] = s.status
			if d.defect == hidesFromOthers && s.coming != nil && r.further() {
				row[r.Field] = s.coming.before
			}
		case r.Numeric:
			row[r.Field] = json.Number(s.values[r.of.Wanted])
		default:
			row[r.Field] = s.values[r.of.Wanted]
		}
	}
	return row
}
