package derive

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/verdict"
)

// otherTypes are values with the wrong JSON type, by the type of the parameter. They contain no
// word that could name anything.
var otherTypes = map[string][]string{
	"string":  {`42`, `true`, `{"id": "x"}`, `["x"]`},
	"integer": {`"text"`, `"10"`, `true`, `{"n": 1}`, `[1]`},
	"number":  {`"text"`, `"10"`, `true`, `{"n": 1}`, `[1]`},
	"boolean": {`"text"`, `42`, `{"id": "x"}`, `["x"]`},
	"array":   {`"no-such-value"`, `42`, `true`, `{"id": "no-such-value"}`, `[42]`},
}

// parameters adds the scenarios of requests whose parameters violate the schema.
func (f *feature) parameters() {
	request, _ := f.contract.Request(f.operation)
	for _, m := range request.Members {
		f.parameter(m, slices.Contains(request.Required, m.Name))
	}
	action := f.operation.Action
	if f.changes {
		f.under(verdict.RoleBody, scenario{
			id: "empty-body", name: action + " is refused with an empty body", also: refusedUnchanged,
			steps: []string{f.given(), "When " + action + " is called with an empty body", "Then the answer is a documented 400 error", f.unchanged()},
		}, scenario{
			id: "no-object", name: action + " is refused with the body <body>", also: refusedUnchanged,
			steps:   []string{f.given(), "When " + action + " is called with the body <body>", "Then the answer is a documented 400 error", f.unchanged()},
			columns: []string{"body"}, rows: column([]string{`[]`, `"text"`, `42`, `null`, `true`}),
		})
	} else if len(request.Required) == 0 {
		f.under(verdict.RoleOptional, scenario{
			id: "no-parameters", name: action + " is called with no parameters",
			steps: []string{"When " + action + " is called with no parameters", "Then the answer is a success"},
		})
	}
	f.under(verdict.RoleBadParameter, scenario{
		id: "generated", name: action + " answers whatever it is sent", also: refusedUnchanged,
		steps: []string{f.given(), "When 60 generated requests are sent to " + action, "Then every answer is a documented one", f.unchanged()},
	})
}

func (f *feature) parameter(m contract.Member, required bool) {
	called := "When " + f.operation.Action + " is called with " + m.Name + " as "
	of := kebab(m.Name)
	if pair, has := f.pair(verdict.RoleMissing); has && required {
		f.under(verdict.RoleMissing, scenario{
			id: of + "-missing", name: f.operation.Action + " without " + m.Name + " is refused", also: refusedUnchanged, clauses: f.stating(m),
			steps: []string{f.given(), "When " + f.operation.Action + " is called without " + m.Name, "Then the answer is the error " + pair, f.unchanged()},
		})
	}
	if pair, has := f.pair(verdict.RoleWrongType); has {
		var rows [][]string
		for _, value := range otherTypes[m.Schema.Type] {
			rows = append(rows, []string{value})
		}
		f.under(verdict.RoleWrongType, scenario{
			id: of + "-wrong-type", name: f.operation.Action + " with " + m.Name + " as <value> is refused", also: refusedUnchanged, clauses: f.stating(m),
			steps:   []string{f.given(), called + "<value>", "Then the answer is the error " + pair, f.unchanged()},
			columns: []string{"value"}, rows: rows,
		})
	}
	if required {
		f.requiredEmpty(m)
	} else if f.changes {
		f.optionalNull(m)
	} else {
		f.optionalEmpty(m)
	}
	f.limits(m)
	f.unlisted(m)
}

// unlisted adds the scenario of a value that is not in the list. If no clause says how it is
// refused, any documented refusal is allowed for a change, and a read may also find nothing.
func (f *feature) unlisted(m contract.Member) {
	if len(m.Schema.Enum) == 0 || m.Schema.Type != "string" {
		return
	}
	s := scenario{id: kebab(m.Name) + "-unlisted", name: f.operation.Action + " with " + article(m.Name) + " that is not listed is refused", also: refusedUnchanged}
	steps := func(then string) []string {
		return []string{f.given(), "When " + f.operation.Action + " is called with " + m.Name + ` as "no-such-value"`, "Then the answer is " + then, f.unchanged()}
	}
	if pair, has := f.pair(verdict.RoleUnlisted); has {
		s.clauses, s.steps = f.stating(m), steps("the error "+pair)
		f.under(verdict.RoleUnlisted, s)
	} else if clause, has := f.contract.Clause(m.Schema.Clause); has && clause.Untestable == "" && f.changes {
		s.steps = steps("a documented 4xx error")
		f.underClause(clause, s)
	}
}

// stating returns the clause of a parameter, if it is testable.
func (f *feature) stating(m contract.Member) []string {
	if c, has := f.contract.Clause(m.Schema.Clause); has && c.Untestable == "" {
		return []string{c.ID}
	}
	return nil
}

func (f *feature) requiredEmpty(m contract.Member) {
	called := "When " + f.operation.Action + " is called with " + m.Name + " as "
	of := kebab(m.Name)
	f.under(verdict.RoleEmptyParameter, scenario{
		id: of + "-null", name: f.operation.Action + " with " + m.Name + " as null is refused", also: refusedUnchanged, clauses: f.stating(m),
		steps: []string{f.given(), called + "null", "Then the answer is a documented 400 error", f.unchanged()},
	})
	if m.Schema.Type != "string" {
		return
	}
	then := "Then the answer is a documented 4xx error"
	if absent := f.lifecycle.Denied.Absent; m.Name == f.lifecycle.Subject && absent.Code != "" {
		then = "Then the answer is a documented 400 error or the error " + absent.String()
	}
	f.under(verdict.RoleEmptyParameter, scenario{
		id: of + "-empty", name: f.operation.Action + " with " + m.Name + " as the empty text is refused", also: refusedUnchanged, clauses: f.stating(m),
		steps: []string{f.given(), called + `""`, then, f.unchanged()},
	})
}

func (f *feature) optionalEmpty(m contract.Member) {
	called := "When " + f.operation.Action + " is called with " + m.Name + " as "
	of := kebab(m.Name)
	f.under(verdict.RoleOptionalEmpty, scenario{
		id: of + "-null", name: f.operation.Action + " takes " + article(m.Name) + " that is null for absent, or refuses it",
		steps: []string{f.given(), called + "null", "Then it counts as absent, or the answer is a documented 400 error"},
	})
	if m.Schema.Type == "array" {
		f.under(verdict.RoleOptionalEmpty, scenario{
			id: of + "-empty", name: f.operation.Action + " takes " + article(m.Name) + " that is an empty list for absent, or refuses it",
			steps: []string{f.given(), called + "[]", "Then it counts as absent, or the answer is a documented 400 error"},
		})
	}
	if m.Schema.Type == "string" {
		f.under(verdict.RoleOptionalEmpty, scenario{
			id: of + "-empty", name: f.operation.Action + " takes " + article(m.Name) + " that is the empty text for absent or for a value that nothing has, or refuses it",
			steps: []string{f.given(), called + `""`, "Then it counts as absent or as a value that nothing has, or the answer is a documented 400 or 404 error"},
		})
	}
}

// optionalNull adds the scenario of an optional null parameter of a change. The change is called
// for a subject that does not exist, so that it is refused and changes nothing.
func (f *feature) optionalNull(m contract.Member) {
	action, absent := f.operation.Action, f.lifecycle.Denied.Absent
	if m.Name == f.lifecycle.Subject {
		return // then the parameter cannot name a subject that does not exist
	}
	then := "Then the answer is a documented 4xx error"
	switch {
	case f.lifecycle.Batch:
		then = "Then it is refused with a documented 4xx error, or listed as failed"
	case absent.Code != "":
		then = "Then the answer is a documented 400 error or the error " + absent.String()
	}
	s := scenario{
		id: kebab(m.Name) + "-null", name: action + " takes " + article(m.Name) + " that is null for absent, or refuses it",
		steps: []string{f.absent(), "When " + action + " is called with " + m.Name + " as null", then},
	}
	for _, role := range optionalNullRoles {
		if _, has := f.clause(role); has {
			f.under(role, s)
			return
		}
	}
}

// optionalNullRoles are the roles of the clauses that say how an optional null parameter is
// answered. The first one that a contract has is used.
var optionalNullRoles = []verdict.Role{verdict.RoleOptionalEmpty, verdict.RoleBadParameter}

// limits adds the scenarios of values at the limits of the schema and above them.
func (f *feature) limits(m contract.Member) {
	action, of := f.operation.Action, kebab(m.Name)
	f.atLimit(m)
	if pair, has := f.pair(verdict.RoleMaximum); has && m.Schema.Maximum != nil {
		above := strconv.FormatFloat(*m.Schema.Maximum+1, 'f', -1, 64)
		f.under(verdict.RoleMaximum, scenario{
			id: of + "-above-maximum", name: action + " with " + m.Name + " as " + above + " is refused", also: refusedUnchanged, clauses: f.stating(m),
			steps: []string{f.given(), "When " + action + " is called with " + m.Name + " as " + above, "Then the answer is the error " + pair, f.unchanged()},
		})
	}
	if clause, has := f.contract.Clause(m.Schema.Clause); has && clause.Untestable == "" && f.read && m.Schema.MaxItems > 0 && m.Schema.Resource != "" {
		f.underClause(clause, scenario{
			id: of + "-as-many", name: fmt.Sprintf("%s takes %d ids", action, m.Schema.MaxItems),
			steps: []string{fmt.Sprintf("When %s is called with %d made-up ids", action, m.Schema.MaxItems), "Then the list is empty, or the answer is a documented 404 error"},
		})
	}
	if clause, has := f.contract.Clause(m.Schema.Clause); has && clause.Untestable == "" && f.changes && f.lifecycle.Batch && m.Name == f.lifecycle.Subject && m.Schema.MaxItems > 0 {
		f.underClause(clause, scenario{
			id: of + "-as-many", name: fmt.Sprintf("%s takes %d ids", action, m.Schema.MaxItems),
			steps: []string{
				f.absent(),
				fmt.Sprintf("When %s is called with %d made-up ids", action, m.Schema.MaxItems), f.denied(f.lifecycle.Denied.Absent),
			},
		})
	}
	pair, has := f.pair(verdict.RoleTooLong)
	if !has || m.Schema.MaxItems == 0 || m.Schema.Resource == "" {
		return
	}
	absent := ""
	if f.changes {
		absent = f.absent()
		if other := f.lifecycle.Denied.Absent; other.Code != "" && other.Status != http.StatusNotFound && other.String() != pair {
			pair += " or " + other.String() // the ids do not exist either
		}
	}
	then := "Then the answer is the error " + pair
	if slices.Contains(f.contract.Statuses(f.operation), http.StatusNotFound) {
		then = "Then the answer is a documented 404 error or the error " + pair
	}
	f.under(verdict.RoleTooLong, scenario{
		id: of + "-too-many", name: fmt.Sprintf("%s refuses more than %d ids", action, m.Schema.MaxItems), clauses: f.stating(m),
		steps: []string{absent, fmt.Sprintf("When %s is called with %d made-up ids", action, m.Schema.MaxItems+1), then},
	})
}

// atLimit adds the scenario of the largest value that the schema allows. A changing action is
// called for a subject that does not exist, so that nothing changes.
func (f *feature) atLimit(m contract.Member) {
	clause, has := f.contract.Clause(m.Schema.Clause)
	if !has || clause.Untestable != "" || m.Schema.Maximum == nil {
		return
	}
	most := strconv.FormatFloat(*m.Schema.Maximum, 'f', -1, 64)
	s := scenario{id: kebab(m.Name) + "-at-maximum", name: f.operation.Action + " takes " + m.Name + " as " + most}
	called := "When " + f.operation.Action + " is called with " + m.Name + " as " + most
	switch absent := f.lifecycle.Denied.Absent; {
	case f.read:
		s.steps = []string{called, "Then the answer is a success"}
	case absent.Code != "" && !f.lifecycle.Batch:
		s.steps = []string{f.absent(), called, "Then the answer is the error " + absent.String()}
	default:
		return
	}
	f.underClause(clause, s)
}
