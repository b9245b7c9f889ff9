package contract

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v4"

	"github.com/zec-tools/conformance/internal/lifecycle"
)

// readers reads where the status and the changed value are shown.
func (r lifecycleReader) readers(l *Lifecycle) error {
	observed := member(r.n, "observed")
	if observed == nil {
		return r.fault("observed", "a lifecycle without observed", "say where the status is read")
	}
	var err error
	if l.Observed, err = r.status(observed, l.Kind); err != nil {
		return err
	}
	if also := member(r.n, "also"); also != nil {
		for _, n := range also.Content {
			reading, err := r.status(n, l.Kind)
			if err != nil {
				return err
			}
			if statusAt(l, reading) {
				return r.api.fault(n, "also reads a status that is read already", "remove it, or name another operation that shows the status")
			}
			l.Also = append(l.Also, reading)
		}
	}
	if n := member(r.n, "changed"); n != nil {
		l.Changed, err = r.changed(n, l)
	}
	return err
}

// status reads where a status is shown. Statuses are strings.
func (r lifecycleReader) status(n *yaml.Node, kind string) (Reading, error) {
	read, err := r.reading(n, kind)
	if err != nil {
		return read, err
	}
	if field := r.row(read).at([]string{read.Field}); field.Type != "string" {
		return read, r.typed(*field, fmt.Sprintf("the status %s is of the type %s", read.Field, field.Type), "make it string, or name the member that shows the status")
	}
	return read, nil
}

// changed reads where the requested value is shown.
func (r lifecycleReader) changed(n *yaml.Node, l *Lifecycle) (Reading, error) {
	read, err := r.reading(n, l.Kind)
	if err != nil {
		return read, err
	}
	if statusAt(l, read) {
		return read, r.api.fault(member(n, "field"), "changed reads the status", "name the member that shows the value of "+l.Wanted)
	}
	asked, _ := r.op.request.Member(l.Wanted)
	if shown := r.row(read).at([]string{read.Field}); asked.Type != shown.Type && (!numeric(asked) || !numeric(*shown)) {
		return read, r.typed(*shown, fmt.Sprintf("%s is of the type %s, and %s asks for one of the type %s", read.Field, shown.Type, l.Wanted, asked.Type), "give both one type")
	}
	return read, nil
}

// statusAt reports whether a reading shows the status.
func statusAt(l *Lifecycle, read Reading) bool {
	return slices.ContainsFunc(append([]Reading{l.Observed}, l.Also...), func(other Reading) bool {
		return other.Operation == read.Operation && other.Rows == read.Rows && other.Field == read.Field
	})
}

// The keys of a reading, and what each of them names.
var readingKeys = [][2]string{
	{"operation", "the operation that reads"}, {"filter", "its parameter that takes a list of ids"}, {"rows", "the member of its response that lists what it finds"},
	{"key", "the member of a row that is its id"}, {"field", "the member of a row that shows the value"},
}

// reading reads where a value of subjects of a kind is shown.
func (r lifecycleReader) reading(n *yaml.Node, kind string) (Reading, error) {
	for _, key := range readingKeys {
		if text(member(n, key[0])) == "" {
			return Reading{}, r.api.fault(n, "a reading without "+key[0], "name "+key[1])
		}
	}
	fault := func(key, what, do string) error { return r.api.fault(member(n, key), what, do) }
	op, ok := r.Operation(text(member(n, "operation")))
	if !ok {
		return Reading{}, fault("operation", fmt.Sprintf("the operation %q is not described", text(member(n, "operation"))), "name one that is")
	}
	read := Reading{
		Operation: op, Filter: text(member(n, "filter")), Rows: text(member(n, "rows")),
		Key: text(member(n, "key")), Field: text(member(n, "field")),
	}
	if r.byKey[op].changes {
		return read, fault("operation", fmt.Sprintf("%s does not read", op), "name an operation whose x-effect is reads, or give this one that x-effect")
	}
	filter, ok := r.byKey[op].request.Member(read.Filter)
	if !ok || filter.Type != "array" {
		return read, fault("filter", fmt.Sprintf("the filter %q is no parameter of %s that is an array", read.Filter, op), "name one that is")
	}
	response, _ := r.byKey[op].answers[http.StatusOK].body.Member("response")
	if rows, ok := response.Member(read.Rows); !ok || rows.Type != "array" {
		return read, fault("rows", fmt.Sprintf("%q is no array in the response of %s", read.Rows, op), "name the one that holds the rows")
	}
	row := r.row(read)
	for _, key := range []string{"key", "field"} {
		if _, ok := row.Member(text(member(n, key))); !ok {
			return read, fault(key, fmt.Sprintf("the rows %q of %s have no member %q", read.Rows, op, text(member(n, key))), "name one that they have")
		}
	}
	key, _ := row.Member(read.Key)
	if err := cmp.Or(r.ofKind(read.Filter, filter, kind), r.ofKind(read.Key, key, kind)); err != nil {
		return read, err
	}
	r.paging(&read)
	field := row.at([]string{read.Field})
	read.Clause, read.Numeric = field.Clause, numeric(*field)
	return read, nil
}

// ofKind checks that a value is the id of a kind of subject, or a list of such ids.
func (r lifecycleReader) ofKind(name string, s Schema, kind string) error {
	if s.Resource == kind {
		return r.ids(name, s)
	}
	at := r.api.at(s.Pointer)
	what := fmt.Sprintf("%s does not say that it is the id of %s", name, lifecycle.A(kind))
	if s.Resource != "" {
		what = fmt.Sprintf("%s is the id of %s, and the subject is %s", name, lifecycle.A(s.Resource), lifecycle.A(kind))
	}
	return r.api.fault(cmp.Or(member(at, "x-resource"), at), what, "give it x-resource: "+kind)
}

// paging finds the members of a reading that are parts of paging.
func (c *Contract) paging(read *Reading) {
	op := c.byKey[read.Operation]
	for _, m := range op.request.Members {
		switch {
		case m.Schema.Paging == PageSize:
			read.Size = m.Name
			read.Page, _ = strconv.Atoi(m.Schema.Default) // 0 if it is not stated
		case m.Schema.Paging == PageNumber:
			read.Number = m.Name
		case m.Name == read.Filter:
			read.Most = m.Schema.MaxItems
		}
	}
	response, _ := op.answers[http.StatusOK].body.Member("response")
	for _, m := range response.Members {
		if m.Schema.Paging == PageTotal {
			read.Total = m.Name
		}
	}
}

// Lists reports whether a place in an answer is the list of rows by which subjects are read.
func (c *Contract) Lists(place string) bool {
	for _, op := range c.Operations() {
		if l, has := c.Lifecycle(op); has && l.Lists(place) {
			return true
		}
	}
	return false
}

// row returns the schema of a reading's rows, or an empty one.
func (c *Contract) row(r Reading) *Schema {
	response, _ := c.byKey[r.Operation].answers[http.StatusOK].body.Member("response")
	if rows, ok := response.Member(r.Rows); ok && rows.Items != nil {
		return rows.Items
	}
	return &Schema{}
}
