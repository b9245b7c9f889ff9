// Package double serves an endpoint that is derived from a contract. It does exactly what the
// documents say, so that the author of a contract and its features sees what they detect before any
// endpoint exists.
//
// A double is made from the contract that judges it. A run against it therefore tests the contract
// and its features against each other, never an endpoint, and cannot show that the documents were
// misread. The package knows no action, status or code by name.
package double

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// Credentials are accepted by a double. They open nothing else.
var Credentials = struct{ KeyID, Password, Token string }{"double-key-id", "password-of-the-double", "token-that-opens-a-double"}

// Double is the endpoint, an http.Handler.
type Double struct {
	contract *contract.Contract
	work     time.Duration // the duration of a change
	defect   string        // "" or the name of one of Defects

	mu       sync.Mutex
	subjects map[string]*subject
	order    []string // of the ids
	requests int
}

// subject is a thing that actions change. Until the time ends, status and values are those to come.
type subject struct {
	kind, status string
	values       map[string]string // by the name of the parameter that sets them
	number       int               // in the order of creation
	coming       *coming
}

type coming struct {
	status        string
	before        string // the status until then
	wanted, value string
	ends          time.Time
}

// Check rejects a contract with a maximum that leaves too few values for the repeated changes in
// the derived scenarios.
func Check(c *contract.Contract) error {
	for _, op := range c.Operations() {
		l, _ := c.Lifecycle(op)
		request, _ := c.Request(op)
		wanted, asks := request.Member(l.Wanted)
		if !asks || wanted.Maximum == nil {
			continue
		}
		needed := 3 // the current value, the requested one, and the one requested during the change
		if l.Inverse == "" {
			needed = 26 // the current value, one requested during a change, and one for each repetition of an unseen change
		}
		if has := len(valuesOf(wanted)); has < needed {
			return c.Fault(wanted.Pointer+"/maximum", fmt.Sprintf("the maximum of %s leaves %d of the %d values that a double needs", l.Wanted, has, needed),
				"raise it, or run against a target")
		}
	}
	return nil
}

// New returns a double of a contract that has passed Check. work is the duration of a change.
// defect is "" or the name of one of Defects.
func New(c *contract.Contract, work time.Duration, defect string) *Double {
	d := &Double{contract: c, work: work, defect: defect, subjects: map[string]*subject{}}
	d.stock()
	return d
}

// settled updates a subject to the current time and returns it, or nil if it does not exist.
func (d *Double) settled(id string) *subject {
	s := d.subjects[id]
	if s == nil || s.coming == nil || time.Now().Before(s.coming.ends) {
		return s
	}
	s.status = s.coming.status
	if s.coming.wanted != "" && d.defect != keepsValue {
		s.values[s.coming.wanted] = s.coming.value
	}
	s.coming = nil
	return s
}

// refusal is an error response.
type refusal struct {
	status int
	code   string
}

func (r refusal) Error() string { return r.code }

func refused(p verdict.Pair) error { return refusal{p.Status, p.Code} }

// byRole returns the error response that the clause with a role documents for an operation,
// otherwise the first one with a status.
func (d *Double) byRole(op wire.Operation, role verdict.Role, status int) error {
	pairs := d.contract.Pairs(op)
	if clause, has := d.contract.ByRole(role, op); has {
		for _, p := range pairs {
			if p.Clause == clause.ID {
				return refused(p)
			}
		}
	}
	for _, p := range pairs {
		if p.Status == status {
			return refused(p)
		}
	}
	return d.broken(op)
}

// broken returns the first 5xx error response of an operation.
func (d *Double) broken(op wire.Operation) error {
	for _, p := range d.contract.Pairs(op) {
		if p.Status == http.StatusInternalServerError {
			return refused(p)
		}
	}
	return refusal{http.StatusInternalServerError, "INTERNAL_SERVER_ERROR"}
}

// change carries out a changing action or refuses it. It refuses a batch as a whole, so that no
// subject is listed as failed.
func (d *Double) change(l lifecycle.Definition, parameters map[string]any) (failed []any, err error) {
	if d.defect == blocks {
		defer time.Sleep(2 * d.work)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	ids := d.named(texts(parameters[l.Subject]))
	value := text(parameters[l.Wanted])
	var good []string
	for _, id := range ids {
		switch no := d.mayChange(l, d.settled(id), value); {
		case no == nil:
			good = append(good, id)
		case err == nil:
			err, failed = no, []any{id}
		}
	}
	if err != nil && (d.defect != namesOneFailed || len(ids)-len(good) < 2 || len(good) == 0) {
		return nil, err
	}
	if ids = good; d.defect == forgetsLast && len(ids) > 1 {
		ids = ids[:len(ids)-1]
	}
	for _, id := range ids {
		d.begin(l, id, value)
	}
	return failed, nil
}

// named returns the ids of the subjects that a call applies to.
func (d *Double) named(ids []string) []string {
	for i, id := range ids {
		if d.defect != longerID || d.subjects[id] != nil {
			continue
		}
		ids[i] = ""
		for _, known := range d.order {
			if strings.HasPrefix(id, known) && len(known) > len(ids[i]) {
				ids[i] = known
			}
		}
	}
	return ids
}

func (d *Double) mayChange(l lifecycle.Definition, s *subject, value string) error {
	switch {
	case s == nil || s.kind != l.Kind:
		if d.defect == absentOtherwise || l.Denied.Absent.Code == "" {
			return d.byRole(l.Operation, verdict.RoleWrongType, http.StatusBadRequest)
		}
		return refused(l.Denied.Absent)
	case s.coming != nil && d.defect == acceptsSecond:
	case s.coming != nil || !slices.Contains(l.Start, s.status) && (d.defect != anyStatus || slices.Contains(l.Transient, s.status)):
		if l.Denied.Start.Code == "" {
			return d.byRole(l.Operation, verdict.RoleWrongType, http.StatusBadRequest)
		}
		return refused(l.Denied.Start)
	}
	if l.Wanted != "" && d.defect != anyWanted && !d.reaches(l, s.values[l.Wanted], value) {
		return d.noSuchValue(l, value)
	}
	return nil
}

// noSuchValue refuses a value that a subject cannot have. A value that the double does not know does
// not exist: it gets the operation's own "not found" response that is not the one for subjects, if
// the contract documents one.
func (d *Double) noSuchValue(l lifecycle.Definition, value string) error {
	if !slices.Contains(d.values(l.Operation, l.Wanted), value) {
		for _, p := range d.contract.Pairs(l.Operation) {
			if clause, has := d.contract.Clause(p.Clause); has && clause.Operation == l.Operation.Action && p.Status == http.StatusNotFound && p.Code != l.Denied.Absent.Code {
				return refused(p)
			}
		}
	}
	if _, has := d.contract.ByRole(verdict.RoleUnlisted, l.Operation); has {
		return d.byRole(l.Operation, verdict.RoleUnlisted, http.StatusBadRequest)
	}
	return d.byRole(l.Operation, verdict.RoleWrongType, http.StatusBadRequest)
}

// reaches reports whether a subject can get a value: it must be known to the double, and must come
// after the current one if no action undoes the change.
func (d *Double) reaches(l lifecycle.Definition, from, to string) bool {
	values := d.values(l.Operation, l.Wanted)
	at := slices.Index(values, to)
	return at >= 0 && (l.Inverse != "" || at > slices.Index(values, from))
}

func (d *Double) begin(l lifecycle.Definition, id, value string) {
	s := d.subjects[id]
	s.coming = &coming{status: l.End[0], before: s.status, wanted: l.Wanted, value: value, ends: time.Now().Add(d.work)}
	if d.defect == wrongEnd && len(l.States) > 0 {
		s.coming.status = l.States[slices.IndexFunc(l.States, func(state string) bool { return !slices.Contains(l.End, state) })]
	}
	if d.defect != hidesTransient {
		s.status = l.Transient[0]
	}
	if at := slices.Index(d.order, id) + 1; d.defect == changesNext && at < len(d.order) {
		if next := d.subjects[d.order[at]]; next.kind == s.kind {
			next.status, next.values = l.Transient[0], map[string]string{l.Wanted: value}
		}
	}
}

// values returns the values of a parameter that the double knows.
func (d *Double) values(op wire.Operation, parameter string) []string {
	request, _ := d.contract.Request(op)
	schema, _ := request.Member(parameter)
	return valuesOf(schema)
}

// texts returns the strings in a list, or a single string.
func texts(value any) []string {
	list, several := value.([]any)
	if !several {
		list = []any{value}
	}
	all := make([]string, len(list))
	for i, item := range list {
		all[i] = text(item)
	}
	return all
}
