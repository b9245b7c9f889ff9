package verdict

import "slices"

// Role says what a clause is about, so that judging can find the clause without knowing its id. An
// operation has at most one clause with each role. A clause for all operations applies to every
// operation without its own.
type Role string

// The roles of clauses about every answer.
const (
	RoleMethod            Role = "method"
	RoleMedia             Role = "media-type"
	RoleUTF8              Role = "utf-8"
	RoleJSON              Role = "json"
	RoleSuccessStatus     Role = "success-status"
	RoleFailureStatus     Role = "failure-status"
	RoleRequestIDEqual    Role = "request-id-equal"
	RoleRequestIDUnique   Role = "request-id-unique"
	RoleErrorResponse     Role = "error-response"
	RoleSuccessEnvelope   Role = "success-envelope"
	RoleFailureEnvelope   Role = "failure-envelope"
	RoleRefusedUnchanged  Role = "refused-unchanged"
	RoleDispatch          Role = "dispatch"
	RoleUnknownAction     Role = "unknown-action"
	RoleSignatureAccepted Role = "signature-accepted"
	RoleClockAccepted     Role = "clock-accepted"
	RoleTokenAccepted     Role = "token-accepted"
	RoleRecycled          Role = "recycled"
	RoleBadParameter      Role = "bad-parameter" // no request may be answered with 5xx
)

// The roles of clauses about what a request must contain.
const (
	RoleMediaRequest           Role = "media-type-request"
	RoleAuthorizationRequired  Role = "authorization-required"
	RoleAuthorizationMalformed Role = "authorization-malformed"
	RoleTimestampRequired      Role = "timestamp-required"
	RoleMethodRequired         Role = "signature-method-required"
	RoleKeyUnknown             Role = "key-unknown"
	RoleTokenRefused           Role = "token-refused"
	RoleUnauthorized           Role = "unauthorized"
	RoleMalformed              Role = "malformed-body"
	RoleEmptyParameter         Role = "empty-parameter"
)

// The roles of clauses about common error responses.
const (
	RoleSignatureRefused Role = "signature-refused"
	RoleExpired          Role = "expired"
	RoleMissing          Role = "missing-parameter"
	RoleWrongType        Role = "wrong-type"
	RoleMaximum          Role = "above-maximum"
	RoleTooLong          Role = "too-long"
	RolePattern          Role = "pattern"
	RoleUnlisted         Role = "unlisted-value" // a value that is not in a closed list
)

// The roles of clauses about a changing action.
const (
	RoleCarriedOut   Role = "carried-out"  // it is carried out from a start status
	RoleAsynchronous Role = "asynchronous" // the answer comes before the work is done
	RoleTransient    Role = "transient"    // the status while the work runs
	RoleEnd          Role = "end"          // the status after success, which stays
	RoleChanged      Role = "changed"      // at the end the requested value is set
	RoleOnlyNamed    Role = "only-named"   // nothing else is changed
	RoleLock         Role = "lock"         // no other operation may run at the same time
	RoleSameValue    Role = "same-value"   // a change to the current value
	RoleStart        Role = "start"        // only a start status allows it
	RoleBatch        Role = "batch"        // failed subjects are listed, the others are carried out
	RoleBody         Role = "body"         // a body without parameters
	RoleDenied       Role = "denied"       // the answer if the work cannot begin and no document lists the codes
)

// The roles of clauses about a reading action.
const (
	RoleOptional Role = "optional" // every parameter is optional
	RoleFilter   Role = "filter"   // only the named subjects are listed
	RoleTruthful Role = "truthful" // the status shown is the real one
	RoleFilters  Role = "filters"  // what the other filters let through
	RoleUnknown  Role = "unknown"  // the answer to unknown subjects in the filter
	RolePage     Role = "page"     // a page holds a given number of rows, and the pages together hold all
	RoleTotal    Role = "total"    // the number of matching rows

	RoleOptionalEmpty Role = "optional-empty" // a parameter that is null or empty counts as absent
	RolePageSize      Role = "page-size"      // the largest page size
	RolePageDefault   Role = "page-default"   // the page size if the request does not set one
)

// Roles returns every role.
func Roles() []Role {
	return slices.Concat([]Role{
		RoleMethod, RoleMedia, RoleUTF8, RoleJSON, RoleSuccessStatus, RoleFailureStatus, RoleRequestIDEqual, RoleRequestIDUnique,
		RoleErrorResponse, RoleSuccessEnvelope, RoleFailureEnvelope, RoleRefusedUnchanged, RoleDispatch, RoleUnknownAction,
		RoleSignatureAccepted, RoleClockAccepted, RoleTokenAccepted, RoleRecycled, RoleBadParameter,
		RoleMediaRequest, RoleAuthorizationRequired, RoleAuthorizationMalformed, RoleTimestampRequired, RoleMethodRequired,
		RoleKeyUnknown, RoleTokenRefused, RoleUnauthorized, RoleMalformed, RoleEmptyParameter,
		RoleSignatureRefused, RoleExpired, RoleMissing, RoleWrongType, RoleMaximum, RoleTooLong, RolePattern, RoleUnlisted,
	}, ChangingRoles(), ReadingRoles())
}

// ChangingRoles returns the roles of clauses about changing actions.
func ChangingRoles() []Role {
	return []Role{
		RoleCarriedOut, RoleAsynchronous, RoleTransient, RoleEnd, RoleChanged, RoleOnlyNamed, RoleLock, RoleSameValue, RoleStart, RoleBatch, RoleBody, RoleDenied,
	}
}

// ReadingRoles returns the roles of clauses about reading actions.
func ReadingRoles() []Role {
	return []Role{
		RoleOptional, RoleFilter, RoleTruthful, RoleFilters, RoleUnknown, RolePage, RoleTotal,
		RoleOptionalEmpty, RolePageSize, RolePageDefault,
	}
}
