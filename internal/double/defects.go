package double

import (
	"net/http"
	"slices"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// The names of the defects.
const (
	blocks           = "blocks-until-done"
	hidesTransient   = "transient-status-not-shown"
	hidesFromOthers  = "change-not-shown-by-another-read"
	wrongEnd         = "ends-in-another-status"
	keepsValue       = "value-not-changed"
	anyStatus        = "accepts-any-status"
	acceptsSecond    = "accepts-a-second-call"
	absentOtherwise  = "absent-refused-otherwise"
	changesNext      = "changes-the-next-one"
	anySignature     = "accepts-any-signature"
	longerToken      = "longer-token-taken"
	otherHost        = "another-host-accepted"
	timeZero         = "timestamp-zero-accepted"
	cutName          = "cut-action-name-taken"
	longerID         = "longer-id-taken"
	anyMethod        = "any-method-with-token-taken"
	twoRequestIDs    = "request-ids-differ"
	parameterMayLack = "missing-parameter-taken"
	anyType          = "any-type-taken"
	anyValue         = "unlisted-value-taken"
	anyWanted        = "unlisted-value-set"
	nullFails        = "null-option-of-a-change-fails"
	noMaximum        = "above-maximum-taken"
	forgetsLast      = "last-of-several-forgotten"
	namesOneFailed   = "only-first-of-failed-listed"
	noFilter         = "filter-ignored"
	noValueFilter    = "value-of-a-filter-ignored"
	longPages        = "page-size-ignored"
	shortDefault     = "default-page-shorter"
	longDefault      = "default-page-longer"
	miscounts        = "total-one-too-many"
)

// Defect is one way in which a double violates its contract.
type Defect struct {
	Name  string
	Roles []verdict.Role // the roles of the clauses that may name it
}

// Defects returns the defects that a double of a contract can have: those with a testable clause in
// the contract.
func Defects(c *contract.Contract) []Defect {
	var all []Defect
	for _, d := range []Defect{
		{blocks, []verdict.Role{verdict.RoleAsynchronous}},
		{hidesTransient, []verdict.Role{verdict.RoleTransient}},
		{hidesFromOthers, []verdict.Role{verdict.RoleTruthful}},
		{wrongEnd, []verdict.Role{verdict.RoleEnd, verdict.RoleTransient}},
		{keepsValue, []verdict.Role{verdict.RoleChanged}},
		{anyStatus, []verdict.Role{verdict.RoleStart}},
		{acceptsSecond, []verdict.Role{verdict.RoleLock}},
		{absentOtherwise, nil},
		{changesNext, []verdict.Role{verdict.RoleOnlyNamed}},
		{anySignature, []verdict.Role{verdict.RoleSignatureRefused}},
		{longerToken, []verdict.Role{verdict.RoleTokenRefused}},
		{otherHost, []verdict.Role{verdict.RoleSignatureRefused}},
		{timeZero, []verdict.Role{verdict.RoleExpired}},
		{cutName, []verdict.Role{verdict.RoleUnknownAction}},
		{longerID, nil},
		{anyMethod, []verdict.Role{verdict.RoleMethod}},
		{twoRequestIDs, []verdict.Role{verdict.RoleRequestIDEqual}},
		{parameterMayLack, []verdict.Role{verdict.RoleMissing}},
		{anyType, []verdict.Role{verdict.RoleWrongType}},
		{anyValue, []verdict.Role{verdict.RoleUnlisted}},
		{anyWanted, []verdict.Role{verdict.RoleUnlisted}},
		{nullFails, []verdict.Role{verdict.RoleOptionalEmpty, verdict.RoleBadParameter}},
		{noMaximum, []verdict.Role{verdict.RoleMaximum}},
		{forgetsLast, []verdict.Role{verdict.RoleBatch, verdict.RoleCarriedOut}},
		{namesOneFailed, []verdict.Role{verdict.RoleBatch}},
		{noFilter, []verdict.Role{verdict.RoleFilter}},
		{noValueFilter, []verdict.Role{verdict.RoleFilters}},
		{longPages, []verdict.Role{verdict.RolePage}},
		{shortDefault, []verdict.Role{verdict.RolePageDefault}},
		{longDefault, []verdict.Role{verdict.RolePageDefault}},
		{miscounts, []verdict.Role{verdict.RoleTotal}},
	} {
		if len(d.Clauses(c)) > 0 {
			all = append(all, d)
		}
	}
	return all
}

// Clauses returns the ids of the clauses that may name the defect.
func (d Defect) Clauses(c *contract.Contract) []string {
	var ids []string
	for _, op := range c.Operations() {
		l, changes := c.Lifecycle(op)
		ofAbsent := d.Name == absentOtherwise || d.Name == longerID
		if clause, known := c.Clause(l.Denied.Absent.Clause); ofAbsent && changes && known && clause.Untestable == "" {
			ids = append(ids, clause.ID)
		}
		switch {
		case d.Name == anyValue && !lists(c, op, func(name string) bool { return name != l.Wanted }),
			d.Name == anyWanted && !lists(c, op, func(name string) bool { return name == l.Wanted }),
			d.Name == nullFails && (!changes || !leavesOut(c, op)), d.Name == namesOneFailed && l.Failed == "",
			d.Name == forgetsLast && !l.Batch, d.Name == anyMethod && !testable(c, op, verdict.RoleTokenAccepted), d.Name == hidesFromOthers && !showsToo(c, op),
			d.Name == noValueFilter && !tellsApart(c, op):
			continue
		}
		if least, of := map[string]int{shortDefault: 2, longDefault: 1}[d.Name]; of && !defaults(c, op, least) {
			continue
		}
		for _, role := range d.Roles {
			if clause, has := c.ByRole(role, op); has && clause.Untestable == "" {
				ids = append(ids, clause.ID)
			}
		}
	}
	slices.Sort(ids) // several actions may share a clause
	return slices.Compact(ids)
}

// testable reports whether an operation has a testable clause with a role.
func testable(c *contract.Contract, op wire.Operation, role verdict.Role) bool {
	clause, has := c.ByRole(role, op)
	return has && clause.Untestable == ""
}

// lists reports whether an operation has a parameter, among those that meant selects, with a closed
// list of values.
func lists(c *contract.Contract, op wire.Operation, meant func(name string) bool) bool {
	request, _ := c.Request(op)
	return slices.ContainsFunc(request.Members, func(m contract.Member) bool {
		return m.Schema.Type == "string" && len(m.Schema.Enum) > 0 && meant(m.Name)
	})
}

// leavesOut reports whether an operation has an optional parameter.
func leavesOut(c *contract.Contract, op wire.Operation) bool {
	request, _ := c.Request(op)
	return len(request.Members) > len(request.Required)
}

// tellsApart reports whether a read has a filter that can distinguish the subjects of a double: one
// that takes any value, or has several.
func tellsApart(c *contract.Contract, op wire.Operation) bool {
	request, _ := c.Request(op)
	return slices.ContainsFunc(c.Shown(op), func(name string) bool {
		filter, _ := request.Member(name)
		free := len(filter.Enum) == 0 && filter.Pattern == ""
		return free || len(shownValues(filter, memberOfRows(c, op, name))) > 1 ||
			slices.ContainsFunc(readings(c, op), func(r reading) bool { return r.Field == name })
	})
}

// memberOfRows returns the schema of a member in the rows in which a read shows subjects.
func memberOfRows(c *contract.Contract, op wire.Operation, name string) contract.Schema {
	envelope, _ := c.Response(op, http.StatusOK)
	response, _ := envelope.Member("response")
	for _, r := range readings(c, op) {
		if rows, has := response.Member(r.Rows); has && rows.Items != nil {
			member, _ := rows.Items.Member(name)
			return member
		}
	}
	return contract.Schema{}
}

// showsToo reports whether an operation is an additional read of repeatable changes.
func showsToo(c *contract.Contract, op wire.Operation) bool {
	return slices.ContainsFunc(readings(c, op), func(r reading) bool { return r.further() && r.of.Repeats() })
}

// defaults reports whether a read has a documented default page of at least the given number of
// rows that a double can fill.
func defaults(c *contract.Contract, op wire.Operation, least int) bool {
	shows := readings(c, op)
	return len(shows) > 0 && shows[0].Page >= least && shows[0].Page <= largestDefault
}
