package contract

import (
	"fmt"
	"net/http"

	"go.yaml.in/yaml/v4"

	"github.com/zec-tools/conformance/internal/wire"
)

// Lifecycle is how the work that an operation begins is observed (x-lifecycle).
type Lifecycle struct {
	Operation wire.Operation // the one that begins the work
	Subject   string         // the member of its request that names the instance
	Wanted    string         // the member of its request that names the value wanted
	Observed  Reading        // where the status is read
	Changed   Reading        // where the changed value is read
	Start     string         // the status in which the work may begin
	Transient string         // the status while it goes on
	End       string         // the status that follows when it has succeeded
	States    []string       // every documented status
}

// Reading is where a value of an instance is read: in the field of the row, among
// the rows of the operation's response, whose key is the instance's id.
type Reading struct {
	Operation wire.Operation
	Filter    string // the member of the request that takes a list of ids
	Rows      string // the member of the response that is the array of rows
	Key       string
	Field     string
}

func (c *Contract) readLifecycles(api *document) error {
	for _, op := range c.operations {
		pointer := fmt.Sprintf("/paths/%s/post/responses/200/x-lifecycle", escape(op.key.Path+"#"+op.key.Action))
		n := api.at(pointer)
		if n == nil {
			continue
		}
		l := Lifecycle{
			Operation: op.key,
			Subject:   text(member(n, "subject")), Wanted: text(member(n, "wanted")),
			Start: text(member(n, "start")), Transient: text(member(n, "transient")), End: text(member(n, "end")),
		}
		var err error
		if l.Observed, err = c.readReading(api, n, "observed"); err != nil {
			return err
		}
		if l.Changed, err = c.readReading(api, n, "changed"); err != nil {
			return err
		}
		l.States = c.row(l.Observed).at([]string{l.Observed.Field}).Enum
		if err := checkLifecycle(api, n, op, l); err != nil {
			return err
		}
		op.lifecycle = &l
	}
	return nil
}

func (c *Contract) readReading(api *document, lifecycle *yaml.Node, key string) (Reading, error) {
	n := member(lifecycle, key)
	if n == nil {
		return Reading{}, api.fault(lifecycle, fmt.Sprintf("a lifecycle without %s", key), "say where it is read")
	}
	op, ok := c.Operation(text(member(n, "operation")))
	if !ok {
		return Reading{}, api.fault(n, fmt.Sprintf("the operation %q is not described", text(member(n, "operation"))), "name one that is")
	}
	r := Reading{
		Operation: op, Filter: text(member(n, "filter")), Rows: text(member(n, "rows")),
		Key: text(member(n, "key")), Field: text(member(n, "field")),
	}
	if _, ok := c.byKey[op].request.Member(r.Filter); !ok {
		return Reading{}, api.fault(n, fmt.Sprintf("the filter %q is no parameter of %s", r.Filter, op), "name one that is")
	}
	row := c.row(r)
	for _, name := range []string{r.Key, r.Field} {
		if _, ok := row.Member(name); !ok {
			return Reading{}, api.fault(n, fmt.Sprintf("the rows %q of %s have no member %q", r.Rows, op, name), "name one that they have")
		}
	}
	return r, nil
}

// row returns the schema of a reading's rows, or one that says nothing.
func (c *Contract) row(r Reading) *Schema {
	response, _ := c.byKey[r.Operation].answers[http.StatusOK].body.Member("response")
	if rows, ok := response.Member(r.Rows); ok && rows.Items != nil {
		return rows.Items
	}
	return &Schema{}
}

func checkLifecycle(api *document, n *yaml.Node, op *operation, l Lifecycle) error {
	for _, name := range []string{l.Subject, l.Wanted} {
		if _, ok := op.request.Member(name); !ok {
			return api.fault(n, fmt.Sprintf("%q is no parameter of %s", name, op.key), "name one that is")
		}
	}
	known := map[string]bool{}
	for _, state := range l.States {
		known[state] = true
	}
	for _, key := range []string{"start", "transient", "end"} {
		if state := member(n, key); !known[text(state)] {
			return api.fault(n, fmt.Sprintf("the %s state %q is no value of %s", key, text(state), l.Observed.Field), "name one that is")
		}
	}
	return nil
}
