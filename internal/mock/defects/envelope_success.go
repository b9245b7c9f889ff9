package defects

import (
	"net/http"

	"github.com/zec-tools/conformance/internal/mock"
)

// successDefects are mistakes in the form of successes.
func successDefects() []Defect {
	resized, described := successes(mock.ModifyType), successes(mock.DescribeInstances)
	return []Defect{
		{"response-null", "R-SUCCESS-ENVELOPE", "The response of a resize, which has no data, is null.",
			withoutResponse(), rewriting(resized, func(b object) { b["response"] = nil })},
		{"response-array", "R-SUCCESS-ENVELOPE", "The response of a resize is an empty array, as some languages write an empty map.",
			withoutResponse(), rewriting(resized, func(b object) { b["response"] = []any{} })},
		{"response-missing", "R-SUCCESS-ENVELOPE", "The answer to a resize is nothing but the request id.",
			withoutResponse(), rewriting(resized, func(b object) { delete(b, "response") })},
		{"response-as-text", "R-SUCCESS-ENVELOPE", "The response of a resize is JSON encoded twice: a string.",
			withoutResponse(), rewriting(resized, func(b object) { b["response"] = string(encoded(b["response"])) })},
		{"response-capitalised", "R-SUCCESS-ENVELOPE", "The member response of a resize is spelt Response.",
			withoutResponse(), rewriting(resized, func(b object) { b["Response"] = b["response"]; delete(b, "response") })},
		{"response-at-top-level", "R-SUCCESS-ENVELOPE", "The members of DescribeInstances stand beside the request id instead of in response.",
			withoutResponse("C-INSTANCES-TOTAL", "C-INSTANCES-DATASET"), rewriting(described, func(b object) {
				for name, value := range responseOf(b) {
					b[name] = value
				}
				delete(b, "response")
			})},
		{"success-in-array", "R-SUCCESS-ENVELOPE", "The answer to a resize is an array with one element.",
			withoutResponse("R-REQUEST-ID"), redelivering(resized, func(_ *mock.Call, a *mock.Answer) {
				a.Body = append(append([]byte("["), a.Body...), ']')
			})},

		{"resize-201", "R-STATUS-200", "An accepted resize is answered with 201.",
			notDocumented(), redelivering(resized, func(_ *mock.Call, a *mock.Answer) { a.Status = http.StatusCreated })},
		{"resize-202", "R-STATUS-200", "An accepted resize, being asynchronous, is answered with 202.",
			notDocumented(), redelivering(resized, func(_ *mock.Call, a *mock.Answer) { a.Status = http.StatusAccepted })},
		{"resize-204", "R-STATUS-200", "An accepted resize is answered with 204 and no body.",
			append(withoutResponse("R-SUCCESS-ENVELOPE", "R-REQUEST-ID", "R-JSON", "R-MEDIA-RESPONSE"), notDocumented()...), // nothing is there
			redelivering(resized, func(_ *mock.Call, a *mock.Answer) { *a = mock.Answer{Status: http.StatusNoContent} })},
		{"page-206", "R-STATUS-200", "A listing of DescribeInstances that does not fit one page is answered with 206.",
			append(notDocumented(), "C-INSTANCES-PAGE"), // a page was asked for, and none came with success
			redelivering(described, func(_ *mock.Call, a *mock.Answer) {
				if partial(a.Body) {
					a.Status = http.StatusPartialContent
				}
			})},
	}
}

// notDocumented returns the clauses that are also affected if a success has a status other than
// 200: R does not document the status, so the call did not succeed.
func notDocumented() []string { return []string{"R-STATUS-FAILURE", "M-RESIZE"} }

// withoutResponse returns the clauses that are also affected if a success lacks its response: the
// inner request id is missing, and cannot be equal to the outer one.
func withoutResponse(further ...string) []string {
	return append(further, "R-REQUEST-ID-INNER", "R-REQUEST-ID-EQUAL")
}
