package coverage

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// wanted lists everything that the contract states: first each operation, then the clauses.
func wanted(c *contract.Contract) []want {
	var all []want
	for _, op := range c.Operations() {
		all = slices.Concat(all, statuses(c, op), pairs(c, op), parameters(c, op), members(c, op), trajectory(c, op))
	}
	return append(all, clauses(c)...)
}

// statuses lists every documented status. A status is untestable if all its codes are.
func statuses(c *contract.Contract, op wire.Operation) []want {
	why := map[int]string{}
	for _, w := range pairs(c, op) {
		status, _ := strconv.Atoi(w.name[:3]) // a pair begins with its status
		if old, seen := why[status]; w.untestable == "" || seen && old == "" {
			why[status] = ""
		} else {
			why[status] = "none of its codes can be tested"
		}
	}
	var list []want
	for _, status := range c.Statuses(op) {
		list = append(list, want{Statuses, op.Action, fmt.Sprintf("%d %s", status, http.StatusText(status)), why[status],
			func(s scene) bool { return s.calls(op.Action) && s.answers(status) }})
	}
	return list
}

func pairs(c *contract.Contract, op wire.Operation) []want {
	var list []want
	for _, p := range c.Pairs(op) {
		clause, _ := c.Clause(p.Clause)
		reason := clause.Untestable
		if reason == "" {
			reason = unreachable(c, op, p.Clause)
		}
		list = append(list, want{Pairs, op.Action, p.String(), reason,
			func(s scene) bool { return s.calls(op.Action) && s.names(p.Status, p.Code) }})
	}
	return list
}

// unreachable says why an operation cannot return a pair, as far as its schemas tell, or returns
// "". The clauses are those of E, which apply to all operations.
func unreachable(c *contract.Contract, op wire.Operation, clause string) string {
	request, _ := c.Request(op)
	has := func(property func(contract.Schema) bool) bool {
		return slices.ContainsFunc(request.Members, func(m contract.Member) bool { return property(m.Schema) })
	}
	is := func(role verdict.Role) bool {
		c, has := c.ByRole(role, op)
		return has && c.ID == clause
	}
	switch {
	case is(verdict.RoleMissing) && len(request.Required) == 0:
		return "no parameter of the operation is required"
	case is(verdict.RoleWrongType) && !has(func(s contract.Schema) bool { return s.Type != "" }):
		return "no parameter of the operation has a documented type"
	case is(verdict.RoleMaximum) && !has(func(s contract.Schema) bool { return s.Maximum != nil }):
		return "no parameter of the operation has a documented maximum"
	case is(verdict.RoleTooLong) && !has(func(s contract.Schema) bool { return s.MaxItems > 0 }):
		return "no parameter of the operation has a documented greatest length"
	case is(verdict.RoleRecycled) && !c.Changes(op):
		return "the operation changes nothing, and a read shows what is in the recycle bin"
	}
	return ""
}

// members lists every documented member of a success and of an error.
func members(c *contract.Contract, op wire.Operation) []want {
	var list []want
	add := func(name string, s contract.Schema, covers func(scene) bool) {
		reason := ""
		if s.Type == "" {
			reason = "neither its type nor that it is always there is documented"
			covers = func(scene) bool { return false }
		}
		list = append(list, want{Members, op.Action, name, reason, covers})
	}
	var walk func(name string, s contract.Schema, covers func(scene) bool)
	walk = func(name string, s contract.Schema, covers func(scene) bool) {
		add(name, s, covers)
		for _, m := range s.Members {
			walk(name+"."+m.Name, m.Schema, covers)
		}
		if s.Items == nil {
			return
		}
		for _, m := range s.Items.Members {
			walk(name+"[]."+m.Name, m.Schema, func(s scene) bool { return covers(s) && s.rows() })
		}
	}
	success, _ := c.Response(op, http.StatusOK)
	for _, m := range success.Members {
		walk(m.Name, m.Schema, func(s scene) bool { return s.calls(op.Action) && s.answers(http.StatusOK) })
	}
	for _, status := range c.Statuses(op) {
		if status == http.StatusOK {
			continue
		}
		failure, _ := c.Response(op, status)
		for _, m := range failure.Members {
			add("failure."+m.Name, m.Schema, func(s scene) bool { return s.calls(op.Action) && s.refused() })
		}
		break // errors differ only in their codes, which the pairs cover
	}
	return list
}

// trajectory lists the statuses of an operation's change, the transitions between them, and every
// documented status of an instance that the operation takes or shows.
func trajectory(c *contract.Contract, op wire.Operation) []want {
	var list []want
	l, has := c.Lifecycle(op)
	if !has {
		return readable(c, op)
	}
	for _, state := range slices.Compact(slices.Sorted(slices.Values(slices.Concat(l.Start, l.Transient, l.End)))) {
		list = append(list, want{States, op.Action, state, "",
			func(s scene) bool { return s.calls(op.Action) && s.follows(state) }})
	}
	start, transient, end := lifecycle.States(l.Start), lifecycle.States(l.Transient), lifecycle.States(l.End)
	list = append(list,
		want{Transitions, op.Action, start + " to " + transient, "",
			func(s scene) bool { return s.calls(op.Action) && s.goes(transient, end) && s.begins(l.Start) }},
		want{Transitions, op.Action, transient + " to " + end, "",
			func(s scene) bool { return s.calls(op.Action) && s.goes(transient, end) }})
	return append(list, instances(op, l.States)...)
}

// readable lists every documented value of a row's member.
func readable(c *contract.Contract, op wire.Operation) []want {
	success, _ := c.Response(op, http.StatusOK)
	response, _ := success.Member("response")
	for _, rows := range response.Members {
		if rows.Schema.Items == nil {
			continue
		}
		for _, m := range rows.Schema.Items.Members {
			if len(m.Schema.Values) > 0 {
				return instances(op, m.Schema.Values)
			}
		}
	}
	return nil
}

func instances(op wire.Operation, states []string) []want {
	list := make([]want, len(states))
	for i, state := range states {
		list[i] = want{Instances, op.Action, state, "",
			func(s scene) bool { return s.calls(op.Action) && slices.Contains(s.metadata.States, state) }}
	}
	return list
}

// clauses lists every clause. A clause is covered if a scenario has its tag, or if the answers of a
// scenario are judged by it in any case.
func clauses(c *contract.Contract) []want {
	list := make([]want, 0, len(c.Clauses()))
	for _, clause := range c.Clauses() {
		list = append(list, want{Clauses, clause.Operation, clause.ID, clause.Untestable,
			func(s scene) bool { return s.bears(clause.ID) || judged(c, s, clause.ID) }})
	}
	return list
}

func judged(c *contract.Contract, s scene, clause string) bool {
	for _, action := range s.metadata.Actions {
		op, known := c.Operation(action)
		if !known {
			continue
		}
		for _, status := range c.Statuses(op) {
			if s.answers(status) && slices.Contains(c.Judged(op, status), clause) {
				return true
			}
		}
	}
	return false
}
