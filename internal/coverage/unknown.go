package coverage

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/steps"
)

// unknownReferences returns what a scenario names but the contract does not have.
func unknownReferences(c *contract.Contract, s scene) []UnknownReference {
	var list []UnknownReference
	find := func(format string, args ...any) {
		list = append(list, UnknownReference{Scenario: s.origin.ID, File: s.origin.File, Line: s.origin.Line, What: fmt.Sprintf(format, args...)})
	}
	for _, action := range s.metadata.Actions {
		op, known := c.Operation(action)
		if unknown, _ := c.ByRole(verdict.RoleUnknownAction, op); !known && !s.bears(unknown.ID) {
			find("it calls %s, which the contract does not have", action)
		}
		if known {
			unknownReferencesOf(c, op, s, find)
		}
	}
	for _, id := range s.origin.Clauses {
		clause, _ := c.Clause(id)
		if clause.Operation != "" && len(s.metadata.Actions) > 0 && !s.calls(clause.Operation) {
			find("it bears the clause %s of %s, which it does not call", id, clause.Operation)
		}
	}
	return list
}

// unknownReferencesOf examines what a scenario says about one of the operations that it calls.
func unknownReferencesOf(c *contract.Contract, op wire.Operation, s scene, find func(format string, args ...any)) {
	for _, status := range s.metadata.Statuses {
		number, err := strconv.Atoi(status)
		if err == nil && !slices.ContainsFunc(s.metadata.Actions, func(action string) bool {
			called, known := c.Operation(action)
			return known && slices.Contains(c.Statuses(called), number)
		}) {
			find("it wants the status %s, which %s does not answer", status, op.Action)
		}
	}
	for _, wanted := range s.metadata.Pairs {
		if !documented(c, s, wanted) {
			find("it wants %s, which %s does not answer", wanted, op.Action)
		}
	}
	request, _ := c.Request(op)
	wrongType, _ := c.ByRole(verdict.RoleWrongType, op)
	for _, p := range s.metadata.Parameters {
		parameter, known := request.Member(p.Name)
		switch {
		case !known && p.Name != "" && p.How != steps.Unknown && len(s.metadata.Actions) == 1:
			find("it sends %s, which is no parameter of %s", p.Name, op.Action)
		case known && parameter.Type == "" && s.origin.Clauses[0] == wrongType.ID:
			find("it says that the %s of %s has the wrong type, which is not documented", p.Name, op.Action)
		}
	}
}

// documented reports whether the pair is documented for one of the actions that a scenario calls.
func documented(c *contract.Contract, s scene, wanted verdict.Pair) bool {
	return slices.ContainsFunc(s.metadata.Actions, func(action string) bool {
		op, known := c.Operation(action)
		return known && slices.ContainsFunc(c.Pairs(op), func(p verdict.Pair) bool {
			return p.Status == wanted.Status && (wanted.Code == "" || p.Code == wanted.Code)
		})
	})
}
