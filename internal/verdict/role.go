package verdict

import "slices"

// Role says what a clause is about, so that judging finds it without knowing its id.
// An operation has at most one clause in each role; a clause that speaks of all
// operations counts for each that has none of its own.
type Role string

// The roles of clauses that speak of every answer.
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
	RoleBadParameter      Role = "bad-parameter" // whatever is sent, the answer is no 5xx
)

// The roles of clauses that say what a request must have.
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

// The roles of clauses that state a common error response.
const (
	RoleSignatureRefused Role = "signature-refused"
	RoleExpired          Role = "expired"
	RoleMissing          Role = "missing-parameter"
	RoleWrongType        Role = "wrong-type"
	RoleMaximum          Role = "above-maximum"
	RoleTooLong          Role = "too-long"
	RolePattern          Role = "pattern"
	RoleUnlisted         Role = "unlisted-value" // a value that is not among those of a closed list
)

// The roles of clauses of a changing action.
const (
	RoleCarriedOut   Role = "carried-out"  // from a start status it is carried out
	RoleAsynchronous Role = "asynchronous" // the answer comes before the work is done
	RoleTransient    Role = "transient"    // what the status is while the work runs
	RoleEnd          Role = "end"          // what the status is when it has succeeded, and stays
	RoleChanged      Role = "changed"      // the wanted value is there at the end
	RoleOnlyNamed    Role = "only-named"   // nothing else is changed
	RoleLock         Role = "lock"         // no other operation while it runs
	RoleSameValue    Role = "same-value"   // a change to the value that is there already
	RoleStart        Role = "start"        // only from a start status
	RoleBatch        Role = "batch"        // the failed subjects are named, the others are carried out
	RoleBody         Role = "body"         // a body that holds no parameters
	RoleDenied       Role = "denied"       // what is answered where the work cannot begin and no document lists the codes
)

// The roles of clauses of a reading action.
const (
	RoleOptional Role = "optional" // every parameter is
	RoleFilter   Role = "filter"   // the subjects named are listed, and no other
	RoleTruthful Role = "truthful" // the status shown is the status it has
	RoleFilters  Role = "filters"  // what further filters let through
	RoleUnknown  Role = "unknown"  // what is answered to unknown subjects in the filter
	RolePage     Role = "page"     // a page holds so many rows, and the pages all of them
	RoleTotal    Role = "total"    // how many match

	RoleOptionalEmpty Role = "optional-empty" // one that is null or empty counts as absent
	RolePageSize      Role = "page-size"      // the most rows that a page can be asked for
	RolePageDefault   Role = "page-default"   // how many rows a page has where the request does not say
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

// ChangingRoles returns the roles of clauses of a changing action.
func ChangingRoles() []Role {
	return []Role{
		RoleCarriedOut, RoleAsynchronous, RoleTransient, RoleEnd, RoleChanged, RoleOnlyNamed, RoleLock, RoleSameValue, RoleStart, RoleBatch, RoleBody, RoleDenied,
	}
}

// ReadingRoles returns the roles of clauses of a reading action.
func ReadingRoles() []Role {
	return []Role{
		RoleOptional, RoleFilter, RoleTruthful, RoleFilters, RoleUnknown, RolePage, RoleTotal,
		RoleOptionalEmpty, RolePageSize, RolePageDefault,
	}
}
