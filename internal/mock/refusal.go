package mock

import "net/http"

// refusal is an error answer: a documented pair of HTTP status and code, and a text
// for people. Its zero value refuses nothing.
type refusal struct {
	status  int
	code    string
	message string
}

// firstOf returns the first of two refusals that is one.
func firstOf(a, b refusal) refusal {
	if a.refused() {
		return a
	}
	return b
}

// refused reports whether it is a refusal at all.
func (r refusal) refused() bool { return r.status != 0 }

// because returns the same pair with another text.
func (r refusal) because(message string) refusal {
	r.message = message
	return r
}

// under returns the same code and text with another HTTP status.
func (r refusal) under(status int) refusal {
	r.status = status
	return r
}

// coded returns the same status and text with another code.
func (r refusal) coded(code string) refusal {
	r.code = code
	return r
}

// The refusals of ModifyInstanceType (M).
var (
	instanceNotFound     = refusal{http.StatusNotFound, "INVALID_INSTANCE_NOT_FOUND", "the instance does not exist"}
	instanceTypeNotFound = refusal{http.StatusNotFound, "INVALID_INSTANCE_TYPE_NOT_FOUND", "the instance type does not exist"}
	gpuNotSupported      = refusal{http.StatusBadRequest, "OPERATION_DENIED_GPU_INSTANCE_NOT_SUPPORT", "the instance is a GPU instance"}
	statusNotSupported   = refusal{http.StatusBadRequest, "OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT", "the status of the instance does not allow the operation"}
	typeUnsupported      = refusal{http.StatusBadRequest, "OPERATION_FAILED_INSTANCE_TYPE_UNSUPPORTED", "the instance type is not supported for the instance"}
)

// The refusals of the actions that name a list of instances (A), besides instanceNotFound.
var (
	instanceRecycled     = refusal{http.StatusForbidden, "OPERATION_DENIED_INSTANCE_RECYCLED", "the instance is in the recycle bin"}
	instanceNotStopped   = refusal{http.StatusForbidden, "OPERATION_DENIED_INSTANCE_NOT_STOPPED", "the instance is not powered off"}
	instanceStatusDenied = refusal{http.StatusForbidden, "OPERATION_DENIED_INSTANCE_STATUS", "the status of the instance does not allow it"}
	instanceNotRunning   = refusal{http.StatusForbidden, "OPERATION_DENIED_INSTANCE_NOT_RUNNING", "the instance is not powered on"}
)

// The superseded refusals of ModifyInstanceType (O): the mock gives them in variants only.
var (
	typeNotChanged   = refusal{http.StatusForbidden, "INVALID_INSTANCE_TYPE_NOT_CHANGED", "the instance has this type"}
	beingRecycled    = refusal{http.StatusBadRequest, "UNSUPPORTED_OPERATION_INSTANCE_BEING_RECYCLE", "the instance is being recycled"}
	planExists       = refusal{http.StatusForbidden, "OPERATION_DENIED_INSTANCE_EXIST_PLAN", "the instance has a plan"}
	planProcessing   = refusal{http.StatusForbidden, "OPERATION_DENIED_INSTANCE_PLAN_PROCESSING", "a plan of the instance is being processed"}
	zoneNotSupported = refusal{http.StatusBadRequest, "UNSUPPORTED_OPERATION_ZONE_NOT_SUPPORT", "the zone does not support the operation"}
	productNotFound  = refusal{http.StatusNotFound, "INVALID_PRODUCT_NOT_FOUND", "the product does not exist"}
	soldOut          = refusal{http.StatusBadRequest, "STOCK_INSUFFICIENT", "the instance type is sold out"}
)

// The common refusals (E).
var (
	invalidAuthorization  = refusal{http.StatusUnauthorized, "AUTHFAILURE_INVALID_AUTHORIZATION", "the Authorization header does not follow the standard"}
	signatureFailure      = refusal{http.StatusUnauthorized, "AUTHFAILURE_SIGNATURE_FAILURE", "the signature does not match"}
	unauthorizedOperation = refusal{http.StatusUnauthorized, "AUTHFAILURE_UNAUTHORIZED_OPERATION", "the operation is not authorized"}
	signatureExpired      = refusal{http.StatusUnauthorized, "AUTHFAILURE_SIGNATURE_EXPIRED", "the timestamp is more than five minutes off"}

	missingParameter = refusal{http.StatusBadRequest, "MISSING_PARAMETER", "a required parameter is missing"}
	wrongType        = refusal{http.StatusBadRequest, "INVALID_PARAMETER_TYPE", "a parameter has the wrong type"}
	exceedMaximum    = refusal{http.StatusBadRequest, "INVALID_PARAMETER_EXCEED_MAXIMUM", "a value is above its limit"}
	lessMinimum      = refusal{http.StatusBadRequest, "INVALID_PARAMETER_LESS_MINIMUM", "a value is below its limit"}
	exceedLength     = refusal{http.StatusBadRequest, "INVALID_PARAMETER_EXCEED_LENGTH", "a list or a text is too long"}
	lessLength       = refusal{http.StatusBadRequest, "INVALID_PARAMETER_LESS_LENGTH", "a list or a text is too short"}
	patternError     = refusal{http.StatusBadRequest, "INVALID_PARAMETER_PATTERN_ERROR", "the format does not match"}

	invalidValue  = refusal{http.StatusBadRequest, "INVALID_PARAMETER_VALUE", "a value is not one of those allowed"}
	internalError = refusal{http.StatusInternalServerError, "INTERNAL_SERVER_ERROR", "an internal error of the service"}
	inRecycleBin  = refusal{http.StatusForbidden, "OPERATION_FAILED_FOR_RECYCLE_RESOURCE", "the resource is in the recycle bin"}

	unavailable   = refusal{http.StatusServiceUnavailable, "SERVICE_TEMPORARY_UNAVAILABLE", "the service is temporarily unavailable"}
	timedOut      = refusal{http.StatusServiceUnavailable, "REQUEST_TIMED_OUT", "the request timed out"}
	limitExceeded = refusal{http.StatusTooManyRequests, "REQUEST_LIMIT_EXCEEDED", "there are too many requests"}
	groupNotFound = refusal{http.StatusNotFound, "OPERATION_FAILED_RESOURCE_GROUP_NOT_FOUND", "the resource group does not exist"}

	resourceNotFound = refusal{http.StatusNotFound, "OPERATION_FAILED_RESOURCE_NOT_FOUND", "the resource does not exist"}
)
