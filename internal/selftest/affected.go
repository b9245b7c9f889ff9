package selftest

import (
	"net/http"
	"slices"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/mock/defects"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// related returns the clauses that a correct finding on a defect may name: the defect's own, those
// that it lists as also affected, and those of other actions that the contract connects with them.
func related(c *contract.Contract, d defects.Defect) []string {
	own := append([]string{d.Clause}, d.AlsoAffected...)
	all := slices.Clone(own)
	for _, id := range own {
		all = append(all, refusedAlike(c, id)...)
	}
	if ofParameter(c, d.Clause) { // the answer to a bad parameter is then not the documented one
		all = append(all, inRole(c, wire.Operation{}, verdict.RoleBadParameter)...)
	}
	if clause, known := c.Clause(d.Clause); known {
		all = append(all, seenAlike(c, clause)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// refusedAlike returns the clauses about the same refusal by other actions. A subject that does not
// exist is unknown to each of them. The refusal in a status that does not allow an action is also
// the refusal while any other action runs.
func refusedAlike(c *contract.Contract, id string) []string {
	var absent, locked bool
	var alike []string
	for _, op := range c.Operations() {
		l, _ := c.Lifecycle(op)
		absent = absent || states(c, op, l.Denied.Absent, id)
		if states(c, op, l.Denied.Start, id) {
			locked = true
			alike = append(alike, inRole(c, op, verdict.RoleStart)...)
		}
	}
	for _, op := range c.Operations() {
		l, changes := c.Lifecycle(op)
		if changes && locked {
			alike = append(alike, inRole(c, op, verdict.RoleLock)...)
		}
		if !changes || !absent {
			continue
		}
		if l.Denied.Absent.Code == "" { // no document lists its codes
			alike = append(alike, inRole(c, op, verdict.RoleDenied)...)
		} else {
			alike = append(alike, clauseOf(c, op, l.Denied.Absent)...)
		}
	}
	return alike
}

// ofParameter reports whether a clause is about the answer to a bad parameter, or to what the
// parameter names.
func ofParameter(c *contract.Contract, id string) bool {
	clause, _ := c.Clause(id)
	if slices.Contains([]verdict.Role{
		verdict.RoleMissing, verdict.RoleWrongType, verdict.RoleMaximum, verdict.RoleTooLong, verdict.RoleEmptyParameter, verdict.RoleOptionalEmpty,
		verdict.RoleBody, verdict.RoleFilters, verdict.RoleUnknown, verdict.RolePageSize, verdict.RoleDenied,
	}, clause.Role) {
		return true
	}
	for _, op := range c.Operations() {
		request, _ := c.Request(op)
		if slices.ContainsFunc(request.Members, func(m contract.Member) bool { return m.Schema.Clause == id }) ||
			slices.ContainsFunc(c.Pairs(op), func(p verdict.Pair) bool { return p.Clause == id && p.Status == http.StatusNotFound }) {
			return true
		}
	}
	return false
}

// seenAlike returns the clauses of changes that show the effect of a violated clause about
// something else: a status that is shown wrongly, a refusal that changes something, an action that
// is mistaken for another one.
func seenAlike(c *contract.Contract, clause verdict.Clause) []string {
	var alike []string
	for _, op := range c.Operations() {
		l, changes := c.Lifecycle(op)
		switch {
		case !changes:
		case clause.Role == verdict.RoleTruthful && clause.Operation == l.Observed.Operation.Action:
			alike = append(alike, inRole(c, op, verdict.RoleCarriedOut, verdict.RoleTransient, verdict.RoleEnd)...)
		case clause.Role == verdict.RoleRefusedUnchanged:
			alike = append(alike, inRole(c, op, verdict.RoleEnd)...)
		case clause.Role == verdict.RoleDispatch:
			alike = append(alike, inRole(c, op, verdict.RoleMissing, verdict.RoleErrorResponse)...)
			request, _ := c.Request(op)
			if subject, has := request.Member(l.Subject); has {
				alike = append(alike, subject.Clause)
			}
		}
	}
	return alike
}

// inRole returns the clauses of an operation with these roles.
func inRole(c *contract.Contract, op wire.Operation, roles ...verdict.Role) []string {
	var ids []string
	for _, role := range roles {
		if clause, has := c.ByRole(role, op); has {
			ids = append(ids, clause.ID)
		}
	}
	return ids
}

// states reports whether a clause states an error response of an operation.
func states(c *contract.Contract, op wire.Operation, pair verdict.Pair, id string) bool {
	return slices.Contains(clauseOf(c, op, pair), id)
}

// clauseOf returns the clause that states an error response of an operation, if there is one.
func clauseOf(c *contract.Contract, op wire.Operation, pair verdict.Pair) []string {
	for _, p := range c.Pairs(op) {
		if pair.Code != "" && p.Status == pair.Status && p.Code == pair.Code && p.Clause != "" {
			return []string{p.Clause}
		}
	}
	return nil
}
