package contract

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// Lifecycle is what a changing operation does to its subjects (x-lifecycle).
type Lifecycle = lifecycle.Definition

// Denied holds the error responses of a lifecycle.
type Denied = lifecycle.Denied

// Reading is where a value of a subject is read.
type Reading = lifecycle.Reading

// lifecycleReader reads the x-lifecycle of one operation. It reports the first error.
type lifecycleReader struct {
	*Contract
	api *document
	op  *operation
	n   *yaml.Node
}

func (c *Contract) readLifecycles(api *document) error {
	err := misplaced(api, "/components/responses", "the shared response ")
	for _, op := range c.operations {
		responses := fmt.Sprintf("/paths/%s/post/responses", escape(op.key.Path+"#"+op.key.Action))
		if err = cmp.Or(err, misplaced(api, responses, "the response ")); err != nil {
			return err
		}
		n := api.at(responses + "/200/x-lifecycle")
		if n == nil {
			continue
		}
		if !op.changes {
			return api.fault(n, fmt.Sprintf("%s has a lifecycle and the effect reads", op.key.Action), "make its x-effect changes, or remove the lifecycle")
		}
		l, err := lifecycleReader{c, api, op, n}.read()
		if err != nil {
			return err
		}
		op.lifecycle = &l
	}
	return c.checkInverses(api)
}

// checkForm rejects values that a key of a lifecycle cannot have: several names where only one is
// allowed, and anything about statuses except which ones are right.
func checkForm(d *document, key string, n *yaml.Node) error {
	single := n.Kind == yaml.ScalarNode
	switch key {
	case "subject", "failed", "inverse":
		if !single {
			return d.fault(n, key+" is no single name", "name one")
		}
	case "wanted":
		if !single {
			return d.fault(n, "wanted is no single name", "name one parameter: a change of several values at once cannot be stated")
		}
	case "changed":
		if n.Kind == yaml.SequenceNode {
			return d.fault(n, "changed is a list", "say where one value is read: a change of several at once cannot be stated")
		}
	case "start", "tolerated", "transient", "end", "failure":
		nested := func(item *yaml.Node) bool { return item.Kind == yaml.SequenceNode || item.Kind == yaml.MappingNode }
		if n.Kind == yaml.MappingNode || slices.ContainsFunc(n.Content, nested) {
			return d.fault(n, key+" is neither a status nor a list of some", "list those that are right there: an order of them cannot be stated")
		}
	}
	return nil
}

// misplaced rejects a lifecycle on a response other than 200, which would be ignored.
func misplaced(api *document, responses, what string) error {
	return members(api.at(responses), func(key, response *yaml.Node) error {
		if n := member(response, "x-lifecycle"); n != nil && key.Value != "200" {
			return api.fault(n, "a lifecycle of "+what+key.Value, "move it into the response 200 of an action")
		}
		return nil
	})
}

func (r lifecycleReader) read() (Lifecycle, error) {
	l := Lifecycle{
		Operation: r.op.key, Subject: text(member(r.n, "subject")), Failed: text(member(r.n, "failed")),
		Wanted: text(member(r.n, "wanted")), Inverse: text(member(r.n, "inverse")),
		Start: texts(member(r.n, "start")), Tolerated: texts(member(r.n, "tolerated")), Transient: texts(member(r.n, "transient")),
		End: texts(member(r.n, "end")), Failure: texts(member(r.n, "failure")),
	}
	for _, step := range []func(*Lifecycle) error{r.subject, r.besides, r.readers, r.states, r.disjoint, r.passing, r.denied} {
		if err := step(&l); err != nil {
			return l, err
		}
	}
	return l, nil
}

func (r lifecycleReader) fault(key, what, do string) error {
	at := r.n
	if n := member(r.n, key); n != nil {
		at = n
	}
	return r.api.fault(at, what, do)
}

// subject checks the parameters and the response member that the lifecycle names.
func (r lifecycleReader) subject(l *Lifecycle) error {
	subject, known := r.op.request.Member(l.Subject)
	switch {
	case l.Subject == "":
		return r.fault("subject", "a lifecycle without subject", "name the parameter that names what is changed")
	case !known:
		return r.fault("subject", fmt.Sprintf("%q is no parameter of %s", l.Subject, r.op.key), "name one that is")
	case (l.Wanted == "") != (member(r.n, "changed") == nil):
		return r.fault("wanted", "wanted and changed stand alone", "state both, or neither: the parameter that asks for a value and where the value is read")
	}
	l.Batch, l.Kind = subject.Type == "array", subject.Resource
	if l.Kind == "" {
		return r.fault("subject", fmt.Sprintf("the parameter %s does not say what it is the id of", l.Subject), "give it the key x-resource, such as instance")
	}
	if err := cmp.Or(r.required("subject", l.Subject), r.ids(l.Subject, subject)); err != nil {
		return err
	}
	if l.Wanted != "" {
		if err := r.wanted(l); err != nil {
			return err
		}
	}
	return r.failed(l)
}

// required checks that a parameter is required in every call.
func (r lifecycleReader) required(key, name string) error {
	if slices.Contains(r.op.request.Required, name) {
		return nil
	}
	return r.fault(key, fmt.Sprintf("the parameter %s is not required", name), "add it to required: every call names it")
}

// ids checks that a parameter or member holds ids: strings, alone or in a list. Scenarios, the
// guard and the journal identify a subject by its string.
func (r lifecycleReader) ids(name string, s Schema) error {
	if s.Items != nil {
		s, name = *s.Items, "the items of "+name
	}
	if s.Type == "string" {
		return nil
	}
	return r.typed(s, fmt.Sprintf("the type of %s is %s", name, s.Type), "make it string: subjects are named by texts")
}

// typed returns an error about the type of a value.
func (r lifecycleReader) typed(s Schema, what, do string) error {
	at := r.api.at(s.Pointer)
	return r.api.fault(cmp.Or(member(at, "type"), at), what, do)
}

// wanted checks the parameter that asks for a value.
func (r lifecycleReader) wanted(l *Lifecycle) error {
	wanted, known := r.op.request.Member(l.Wanted)
	switch {
	case !known:
		return r.fault("wanted", fmt.Sprintf("%q is no parameter of %s", l.Wanted, r.op.key), "name one that is")
	case l.Wanted == l.Subject:
		return r.fault("wanted", "wanted is the subject", "name the parameter that asks for a value")
	case !slices.Contains([]string{"string", "integer", "number"}, wanted.Type):
		return r.typed(wanted, fmt.Sprintf("%s asks for a value of the type %s", l.Wanted, wanted.Type),
			"make it string, integer or number, or remove wanted and changed: no other value is asked for")
	case len(wanted.Enum) == 1:
		return r.api.fault(r.api.at(wanted.Pointer+"/enum"), fmt.Sprintf("the enum of %s has one value, and a change takes two", l.Wanted),
			"list those that a subject may change between")
	}
	l.Number = numeric(wanted)
	return r.required("wanted", l.Wanted)
}

func numeric(s Schema) bool { return s.Type == "integer" || s.Type == "number" }

// failed checks the member that lists the failed subjects.
func (r lifecycleReader) failed(l *Lifecycle) error {
	if l.Failed == "" {
		return nil
	}
	response, _ := r.op.answers[http.StatusOK].body.Member("response")
	failed, known := response.Member(l.Failed)
	if !known || failed.Type != "array" || !l.Batch {
		return r.fault("failed", fmt.Sprintf("%q is no array in the response of %s, or %s takes one subject only", l.Failed, r.op.key, r.op.key.Action),
			"name the member that lists the subjects not carried out, or remove the key")
	}
	return r.ids(l.Failed, failed)
}

// besides finds a valid value for every other required parameter, because every call sends it.
func (r lifecycleReader) besides(l *Lifecycle) error {
	for _, m := range r.op.request.Members {
		if m.Name == l.Subject || m.Name == l.Wanted || !slices.Contains(r.op.request.Required, m.Name) {
			continue
		}
		value, known := m.Schema.right()
		if !known {
			return r.api.fault(r.api.at(m.Schema.Pointer), fmt.Sprintf("the parameter %s of %s is required, and no right value of it is stated", m.Name, r.op.key.Action),
				"add one as example")
		}
		if l.Besides == nil {
			l.Besides = map[string]any{}
		}
		l.Besides[m.Name] = value
	}
	return nil
}

// states checks that every state is documented wherever the status is read. A reader without a list
// of values documents none; there the lifecycle decides.
func (r lifecycleReader) states(l *Lifecycle) error {
	status := r.row(l.Observed).at([]string{l.Observed.Field})
	l.States, l.Passing, l.Recycled = status.Documented(), status.Passing, status.Recycled
	for _, set := range []struct {
		key      string
		states   []string
		required bool
	}{{"start", l.Start, true}, {"tolerated", l.Tolerated, false}, {"transient", l.Transient, true}, {"end", l.End, true}, {"failure", l.Failure, false}} {
		if set.required && len(set.states) == 0 {
			return r.fault(set.key, "a lifecycle without "+set.key, "state at least one status")
		}
		for i, state := range set.states {
			for _, read := range slices.Concat([]Reading{l.Observed}, l.Also) {
				values := r.row(read).at([]string{read.Field}).Documented()
				if state == "" || len(values) > 0 && !slices.Contains(values, state) {
					return r.fault(set.key, fmt.Sprintf("the %s state %q is no value of %s", set.key, state, read.Field), "name one that is")
				}
			}
			if slices.Contains(set.states[:i], state) {
				return r.fault(set.key, fmt.Sprintf("the %s state %s stands twice", set.key, state), "remove one")
			}
		}
	}
	return nil
}

// passing checks the states against those that a subject leaves on its own, and those of the
// recycle bin.
func (r lifecycleReader) passing(l *Lifecycle) error {
	for _, state := range l.Transient {
		if len(l.Passing) > 0 && !slices.Contains(l.Passing, state) {
			return r.fault("transient", fmt.Sprintf("the transient state %s is not in x-passing of %s", state, l.Observed.Field), "add it there: a subject leaves it by itself")
		}
	}
	for _, set := range []struct {
		key, list string
		a, b      []string
	}{{"start", "x-passing", l.Start, l.Passing}, {"end", "x-passing", l.End, l.Passing}, {"start", "x-recycled", l.Start, l.Recycled}} {
		for _, state := range set.a {
			if slices.Contains(set.b, state) {
				return r.fault(set.key, fmt.Sprintf("the %s state %s is in %s of %s", set.key, state, set.list, l.Observed.Field), "remove it from one of them")
			}
		}
	}
	return nil
}

// disjoint rejects states that contradict each other, because every status must have one meaning.
func (r lifecycleReader) disjoint(l *Lifecycle) error {
	for _, pair := range []struct {
		key, other string
		a, b       []string
	}{
		{"transient", "start", l.Transient, l.Start}, {"transient", "end", l.Transient, l.End},
		{"failure", "transient", l.Failure, l.Transient}, {"failure", "end", l.Failure, l.End}, {"failure", "start", l.Failure, l.Start},
		{"tolerated", "start", l.Tolerated, l.Start},
	} {
		for _, state := range pair.a {
			if slices.Contains(pair.b, state) {
				return r.fault(pair.key, fmt.Sprintf("%s is %s state and %s state", state, lifecycle.A(pair.key), lifecycle.A(pair.other)), "let it be one of them")
			}
		}
	}
	return nil
}

// denied reads the error responses for requests that cannot be carried out.
func (r lifecycleReader) denied(l *Lifecycle) error {
	for key, into := range map[string]*verdict.Pair{"absent": &l.Denied.Absent, "start": &l.Denied.Start} {
		n := member(member(r.n, "denied"), key)
		if n == nil {
			continue
		}
		status, code := text(member(n, "status")), text(member(n, "code"))
		i := slices.IndexFunc(r.op.pairs, func(p verdict.Pair) bool { return p.String() == status+" "+code })
		if i < 0 {
			return r.api.fault(n, fmt.Sprintf("%s documents no error %s %s", r.op.key.Action, status, code), "name one of its responses")
		}
		*into = r.op.pairs[i]
	}
	return nil
}

// checkInverses checks that each inverse action leads back: it begins where the other one ends,
// ends where the other one began, and has the same kind of subject.
func (c *Contract) checkInverses(api *document) error {
	for _, op := range c.operations {
		l := op.lifecycle
		if l == nil || l.Inverse == "" {
			continue
		}
		n := member(api.at(fmt.Sprintf("/paths/%s/post/responses/200/x-lifecycle", escape(op.key.Path+"#"+op.key.Action))), "inverse")
		back := c.byAction[l.Inverse]
		if back == nil || back.lifecycle == nil {
			return api.fault(n, fmt.Sprintf("the inverse %q is no action with a lifecycle", l.Inverse), "name one that is, or remove the key")
		}
		if !within(l.End, back.lifecycle.Start) || !within(back.lifecycle.End, l.Start) {
			return api.fault(n, fmt.Sprintf("%s leads from %s to %s, which does not undo %s", l.Inverse,
				strings.Join(back.lifecycle.Start, " or "), strings.Join(back.lifecycle.End, " or "), op.key.Action), "name the action that does")
		}
		if back.lifecycle.Observed != l.Observed {
			return api.fault(n, fmt.Sprintf("%s is observed elsewhere than %s", l.Inverse, op.key.Action), "observe both at the same place")
		}
		if l.Wanted != "" && l.Inverse != op.key.Action {
			return api.fault(n, fmt.Sprintf("%s cannot ask for the old %s", l.Inverse, l.Changed.Field), "make the action its own inverse, or remove the key")
		}
	}
	return nil
}

func within(some, all []string) bool {
	return !slices.ContainsFunc(some, func(s string) bool { return !slices.Contains(all, s) })
}

// Shown returns the filters of a read whose value each row shows. These are strings that are not
// searches, that the clause of the filters covers, and that the rows show under the same name.
func (c *Contract) Shown(op wire.Operation) []string {
	clause, has := c.ByRole(verdict.RoleFilters, op)
	request, _ := c.Request(op)
	row := c.shownRow(op)
	var names []string
	for _, m := range request.Members {
		shown, is := row.Member(m.Name)
		if is && has && m.Schema.Clause == clause.ID && m.Schema.Type == "string" && shown.Type == "string" && m.Schema.Paging == "" && !m.Schema.Search {
			names = append(names, m.Name)
		}
	}
	return names
}

// AnswersAsRead reports whether a success is the list of a read, and not the answer of another action.
func (c *Contract) AnswersAsRead(op wire.Operation, a wire.Answer) bool {
	if c.Changes(op) {
		return false
	}
	r, shows := c.reading(op)
	return shows && a.Has(r.Rows)
}

// shownRow returns the schema of the rows in which a read shows subjects, or an empty one.
func (c *Contract) shownRow(op wire.Operation) *Schema {
	if r, shows := c.reading(op); shows {
		return c.row(r)
	}
	return &Schema{}
}

// reading returns how an operation shows subjects, and whether it does.
func (c *Contract) reading(op wire.Operation) (lifecycle.Reading, bool) {
	for _, other := range c.Operations() {
		l, _ := c.Lifecycle(other)
		if r, shows := l.ReadingAt(op); shows {
			return r, true
		}
	}
	return lifecycle.Reading{}, false
}
