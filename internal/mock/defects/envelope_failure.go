package defects

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/mock"
)

// failureDefects are mistakes in the form of error responses.
func failureDefects() []Defect {
	return []Defect{
		{"codes-lower-case", "R-FAILURE-PAIR", "Every error code is in lower case.",
			everyRefusal(), rewriting(everyFailure, func(b object) { b["code"] = strings.ToLower(fmt.Sprint(b["code"])) })},
		{"codes-prefixed", "R-FAILURE-PAIR", "Every error code has the product's name in front.",
			everyRefusal(), rewriting(everyFailure, func(b object) { b["code"] = fmt.Sprint("ZEC.", b["code"]) })},
		{"failures-all-400", "M-INSTANCE-NOT-FOUND", "A gateway flattens every 4xx to 400, whatever the code.",
			without("M-INSTANCE-NOT-FOUND", everyRefusal("R-FAILURE-PAIR", "E-UNAUTHORIZED")), redelivering(everyFailure, func(_ *mock.Call, a *mock.Answer) { a.Status = http.StatusBadRequest })},
		{"not-found-under-400", "M-INSTANCE-NOT-FOUND", "Whatever is not found is answered under 400.",
			[]string{"M-TYPE-NOT-FOUND", "R-FAILURE-PAIR"}, // they state what it spoils too
			redelivering(failures(mock.InstanceNotFound, mock.InstanceTypeNotFound), func(_ *mock.Call, a *mock.Answer) { a.Status = http.StatusBadRequest })},

		{"code-missing", "R-FAILURE-CODE", "Refusals have no code.",
			withoutCode(), rewriting(everyFailure, func(b object) { delete(b, "code") })},
		{"code-number", "R-FAILURE-CODE", "The code of a refusal is the HTTP status as a number.",
			withoutCode(), redelivering(everyFailure, func(_ *mock.Call, a *mock.Answer) {
				a.Body = encoded(object{
					"requestId": gjson.GetBytes(a.Body, "requestId").Str, "code": a.Status,
					"message": gjson.GetBytes(a.Body, "message").Str,
				})
			})},
		{"code-null-when-not-found", "R-FAILURE-CODE", "The code for an instance that does not exist is null.",
			[]string{"R-FAILURE-ENVELOPE", "R-FAILURE-PAIR", "M-INSTANCE-NOT-FOUND"}, // null is not the code that they state
			rewriting(failures(mock.InstanceNotFound), func(b object) { b["code"] = nil })},

		{"message-missing", "R-FAILURE-MESSAGE", "Refusals have no message.",
			[]string{"R-FAILURE-ENVELOPE"}, // it lists the members
			rewriting(everyFailure, func(b object) { delete(b, "message") })},
		{"message-null", "R-FAILURE-MESSAGE", "The message of a refusal is null when the server has none of its own.",
			[]string{"R-FAILURE-ENVELOPE"}, // it lists the members
			rewriting(failures(mock.MissingParameter, mock.WrongType), func(b object) { b["message"] = nil })},
		{"message-object", "R-FAILURE-MESSAGE", "The message of a refusal is an object by language.",
			[]string{"R-FAILURE-ENVELOPE"}, // it lists the members
			rewriting(everyFailure, func(b object) { b["message"] = object{"en": b["message"]} })},

		{"failure-in-error-member", "R-FAILURE-ENVELOPE", "Code and message of a refusal are in a member error.",
			everyRefusal("R-FAILURE-CODE", "R-FAILURE-MESSAGE", "R-FAILURE-PAIR"), rewriting(everyFailure, func(b object) {
				b["error"] = object{"code": b["code"], "message": b["message"]}
				delete(b, "code")
				delete(b, "message")
			})},
		{"failure-in-response-member", "R-FAILURE-ENVELOPE", "The refusal for a status is in a member response, where a success has its data.",
			[]string{"R-FAILURE-CODE", "R-FAILURE-MESSAGE", "R-FAILURE-PAIR", "M-STATUS-DENIED", "E-RECYCLE"}, // code and message are not where they belong
			rewriting(failures(mock.StatusNotSupported), func(b object) {
				b["response"] = object{"code": b["code"], "message": b["message"]}
				delete(b, "code")
				delete(b, "message")
			})},
		{"failure-in-response-with-its-id", "R-FAILURE-ENVELOPE", "The refusal for a status is in a member response, beside the request id.",
			[]string{"R-FAILURE-CODE", "R-FAILURE-MESSAGE", "R-FAILURE-PAIR", "M-STATUS-DENIED", "E-RECYCLE"}, // code and message are not where they belong
			rewriting(failures(mock.StatusNotSupported), func(b object) {
				b["response"] = object{"requestId": b["requestId"], "code": b["code"], "message": b["message"]}
				delete(b, "code")
				delete(b, "message")
			})},
		{"failure-in-array", "R-FAILURE-ENVELOPE", "The refusal of a missing parameter is an array of errors.",
			[]string{"R-REQUEST-ID", "R-FAILURE-CODE", "R-FAILURE-MESSAGE", "R-FAILURE-PAIR", "E-MISSING"}, // an array has no members
			redelivering(failures(mock.MissingParameter), func(_ *mock.Call, a *mock.Answer) { a.Body = append(append([]byte("["), a.Body...), ']') })},
	}
}

// misplacedDefects return an error in a form that is not an error response.
func misplacedDefects() []Defect {
	return []Defect{
		{"refusal-under-200", "R-STATUS-FAILURE", "A resize of an instance that does not exist is answered with an error body under 200.",
			underSuccess("M-INSTANCE-NOT-FOUND"),
			redelivering(failures(mock.InstanceNotFound), func(_ *mock.Call, a *mock.Answer) { a.Status = http.StatusOK })},
		{"unknown-type-under-200", "R-STATUS-FAILURE", "A resize to a type that does not exist is answered with an error body under 200.",
			underSuccess("M-TYPE-NOT-FOUND"),
			redelivering(failures(mock.InstanceTypeNotFound), func(_ *mock.Call, a *mock.Answer) { a.Status = http.StatusOK })},
		{"every-refusal-under-200", "R-STATUS-FAILURE", "Every refusal is answered under 200, as many a remote procedure call does.",
			everyRefusal(underSuccess("R-METHOD-POST")...),
			redelivering(everyFailure, func(_ *mock.Call, a *mock.Answer) { a.Status = http.StatusOK })},

		{"failure-html", "R-MEDIA-RESPONSE", "A resize to a type that does not exist is answered with the web server's own page.",
			[]string{ // a page has no members
				"R-JSON", "R-FAILURE-ENVELOPE", "R-FAILURE-CODE", "R-FAILURE-MESSAGE", "R-FAILURE-PAIR", "R-REQUEST-ID", "M-TYPE-NOT-FOUND",
			},
			redelivering(failures(mock.InstanceTypeNotFound), func(_ *mock.Call, a *mock.Answer) {
				a.MediaType, a.Body = "text/html; charset=utf-8", []byte("<html><body><h1>404 Not Found</h1></body></html>\n")
			})},
	}
}

// withoutCode returns the clauses that are also affected if an error response lacks its code, and
// is therefore none of the documented pairs.
func withoutCode() []string { return everyRefusal("R-FAILURE-ENVELOPE", "R-FAILURE-PAIR") }

// underSuccess returns the clauses that are also affected if an error body has status 200. By its
// status (R) it is a success, which lacks the members of a success, in place of an error.
func underSuccess(further ...string) []string {
	return append(further, "R-STATUS-200", "R-SUCCESS-ENVELOPE", "R-REQUEST-ID-INNER", "R-REQUEST-ID-EQUAL", "R-FAILURE-PAIR")
}
