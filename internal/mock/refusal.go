package mock

import "net/http"

// Refusal is an error response: a documented pair of HTTP status and code, and a message. Its zero
// value means no error.
type Refusal struct {
	Status  int
	Code    string
	Message string
}

// FirstOf returns the first of two refusals that is not zero.
func FirstOf(a, b Refusal) Refusal {
	if a.Refused() {
		return a
	}
	return b
}

// Refused reports whether it is an error.
func (r Refusal) Refused() bool { return r.Status != 0 }

// Because returns the same pair with another message.
func (r Refusal) Because(message string) Refusal {
	r.Message = message
	return r
}

// Under returns the same code and message with another HTTP status.
func (r Refusal) Under(status int) Refusal {
	r.Status = status
	return r
}

// Coded returns the same status and message with another code.
func (r Refusal) Coded(code string) Refusal {
	r.Code = code
	return r
}

// The refusals of ModifyInstanceType (M).
var (
	InstanceNotFound     = Refusal{http.StatusNotFound, "INVALID_INSTANCE_NOT_FOUND", "the instance does not exist"}
	InstanceTypeNotFound = Refusal{http.StatusNotFound, "INVALID_INSTANCE_TYPE_NOT_FOUND", "the instance type does not exist"}
	GpuNotSupported      = Refusal{http.StatusBadRequest, "OPERATION_DENIED_GPU_INSTANCE_NOT_SUPPORT", "the instance is a GPU instance"}
	StatusNotSupported   = Refusal{http.StatusBadRequest, "OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT", "the status of the instance does not allow the operation"}
	TypeUnsupported      = Refusal{http.StatusBadRequest, "OPERATION_FAILED_INSTANCE_TYPE_UNSUPPORTED", "the instance type is not supported for the instance"}
)

// The refusals of the actions that take a list of instances (A), in addition to instanceNotFound.
var (
	InstanceRecycled     = Refusal{http.StatusForbidden, "OPERATION_DENIED_INSTANCE_RECYCLED", "the instance is in the recycle bin"}
	InstanceNotStopped   = Refusal{http.StatusForbidden, "OPERATION_DENIED_INSTANCE_NOT_STOPPED", "the instance is not powered off"}
	InstanceStatusDenied = Refusal{http.StatusForbidden, "OPERATION_DENIED_INSTANCE_STATUS", "the status of the instance does not allow it"}
	InstanceNotRunning   = Refusal{http.StatusForbidden, "OPERATION_DENIED_INSTANCE_NOT_RUNNING", "the instance is not powered on"}
)

// The superseded refusals of ModifyInstanceType (O): the mock gives them in variants only.
var (
	TypeNotChanged   = Refusal{http.StatusForbidden, "INVALID_INSTANCE_TYPE_NOT_CHANGED", "the instance has this type"}
	BeingRecycled    = Refusal{http.StatusBadRequest, "UNSUPPORTED_OPERATION_INSTANCE_BEING_RECYCLE", "the instance is being recycled"}
	PlanExists       = Refusal{http.StatusForbidden, "OPERATION_DENIED_INSTANCE_EXIST_PLAN", "the instance has a plan"}
	PlanProcessing   = Refusal{http.StatusForbidden, "OPERATION_DENIED_INSTANCE_PLAN_PROCESSING", "a plan of the instance is being processed"}
	ZoneNotSupported = Refusal{http.StatusBadRequest, "UNSUPPORTED_OPERATION_ZONE_NOT_SUPPORT", "the zone does not support the operation"}
	ProductNotFound  = Refusal{http.StatusNotFound, "INVALID_PRODUCT_NOT_FOUND", "the product does not exist"}
	SoldOut          = Refusal{http.StatusBadRequest, "STOCK_INSUFFICIENT", "the instance type is sold out"}
)

// The common refusals (E).
var (
	InvalidAuthorization  = Refusal{http.StatusUnauthorized, "AUTHFAILURE_INVALID_AUTHORIZATION", "the Authorization header does not follow the standard"}
	SignatureFailure      = Refusal{http.StatusUnauthorized, "AUTHFAILURE_SIGNATURE_FAILURE", "the signature does not match"}
	UnauthorizedOperation = Refusal{http.StatusUnauthorized, "AUTHFAILURE_UNAUTHORIZED_OPERATION", "the operation is not authorized"}
	SignatureExpired      = Refusal{http.StatusUnauthorized, "AUTHFAILURE_SIGNATURE_EXPIRED", "the timestamp is more than five minutes off"}

	MissingParameter = Refusal{http.StatusBadRequest, "MISSING_PARAMETER", "a required parameter is missing"}
	WrongType        = Refusal{http.StatusBadRequest, "INVALID_PARAMETER_TYPE", "a parameter has the wrong type"}
	ExceedMaximum    = Refusal{http.StatusBadRequest, "INVALID_PARAMETER_EXCEED_MAXIMUM", "a value is above its limit"}
	lessMinimum      = Refusal{http.StatusBadRequest, "INVALID_PARAMETER_LESS_MINIMUM", "a value is below its limit"}
	ExceedLength     = Refusal{http.StatusBadRequest, "INVALID_PARAMETER_EXCEED_LENGTH", "a list or a text is too long"}
	LessLength       = Refusal{http.StatusBadRequest, "INVALID_PARAMETER_LESS_LENGTH", "a list or a text is too short"}
	PatternError     = Refusal{http.StatusBadRequest, "INVALID_PARAMETER_PATTERN_ERROR", "the format does not match"}

	InvalidValue  = Refusal{http.StatusBadRequest, "INVALID_PARAMETER_VALUE", "a value is not one of those allowed"}
	InternalError = Refusal{http.StatusInternalServerError, "INTERNAL_SERVER_ERROR", "an internal error of the service"}
	InRecycleBin  = Refusal{http.StatusForbidden, "OPERATION_FAILED_FOR_RECYCLE_RESOURCE", "the resource is in the recycle bin"}

	Unavailable   = Refusal{http.StatusServiceUnavailable, "SERVICE_TEMPORARY_UNAVAILABLE", "the service is temporarily unavailable"}
	TimedOut      = Refusal{http.StatusServiceUnavailable, "REQUEST_TIMED_OUT", "the request timed out"}
	LimitExceeded = Refusal{http.StatusTooManyRequests, "REQUEST_LIMIT_EXCEEDED", "there are too many requests"}
	GroupNotFound = Refusal{http.StatusNotFound, "OPERATION_FAILED_RESOURCE_GROUP_NOT_FOUND", "the resource group does not exist"}

	ResourceNotFound = Refusal{http.StatusNotFound, "OPERATION_FAILED_RESOURCE_NOT_FOUND", "the resource does not exist"}
)
