package defects

import (
	"fmt"
	"hash/fnv"
	"strings"
	"sync/atomic"

	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/mock"
)

// requestIDDefects are mistakes in request ids.
func requestIDDefects() []Defect {
	return append(uniqueDefects(), []Defect{
		{"request-id-missing", "R-REQUEST-ID", "The request id of a success is only in its response.",
			outerLost(), rewriting(successes(), func(b object) { delete(b, "requestId") })},
		{"request-id-number", "R-REQUEST-ID", "The request id of a success is a number.",
			outerLost(), rewriting(successes(), func(b object) { b["requestId"] = number(fmt.Sprint(b["requestId"])) })},
		{"failure-request-id-missing", "R-REQUEST-ID", "Refusals have no request id.",
			[]string{"R-FAILURE-ENVELOPE"}, // it lists the members
			rewriting(everyFailure, func(b object) { delete(b, "requestId") })},
		{"failure-request-id-empty", "R-REQUEST-ID", "The request id of a refusal is the empty text.",
			[]string{"R-REQUEST-ID-UNIQUE"}, // the empty text is the same every time
			rewriting(everyFailure, func(b object) { b["requestId"] = "" })},
		{"failure-request-id-null", "R-REQUEST-ID", "The request id is null when the caller was not authenticated.",
			[]string{"R-FAILURE-ENVELOPE"}, // it lists the members
			rewriting(failures(mock.InvalidAuthorization, mock.SignatureFailure, mock.UnauthorizedOperation, mock.SignatureExpired),
				func(b object) { b["requestId"] = nil })},

		{"inner-request-id-missing", "R-REQUEST-ID-INNER", "The response of a success lacks the request id.",
			innerLost(), rewriting(successes(), func(b object) { delete(responseOf(b), "requestId") })},
		{"inner-request-id-missing-in-reads", "R-REQUEST-ID-INNER", "The response of DescribeInstancesStatus lacks the request id.",
			innerLost(), rewriting(successes(mock.DescribeStatus), func(b object) { delete(responseOf(b), "requestId") })},
		{"inner-request-id-null", "R-REQUEST-ID-INNER", "The request id in the response of a success is null.",
			innerLost(), inner(func(string) any { return nil })},
		{"inner-request-id-empty", "R-REQUEST-ID-INNER", "The request id in the response of a success is the empty text.",
			innerLost("R-REQUEST-ID"), // the empty text is no request id there either
			inner(func(string) any { return "" })},
		{"inner-request-id-number", "R-REQUEST-ID-INNER", "The request id in the response of a success is a number.",
			innerLost(), inner(func(id string) any { return number(id) })},

		{"inner-request-id-differs", "R-REQUEST-ID-EQUAL", "The response of a success carries the id of an inner request.",
			nil, injection(func(m *mock.Mock) {
				next, ids := m.Behaviour.Wrap, mock.NewRequestIDs(0)
				m.Behaviour.Wrap = func(requestID string, o mock.Outcome) mock.Envelope {
					e := next(requestID, o)
					e.InnerID = ids.Next()
					return e
				}
			})},
		{"inner-request-id-lower-case", "R-REQUEST-ID-EQUAL", "The request id in the response of a success is in lower case.",
			nil, inner(func(id string) any { return strings.ToLower(id) })},
		{"inner-request-id-shortened", "R-REQUEST-ID-EQUAL", "The request id in the response of a success lacks its first letter.",
			nil, inner(func(id string) any { return id[1:] })},
		{"inner-request-id-of-resize-differs", "R-REQUEST-ID-EQUAL", "The response of a resize carries the id of its job.",
			nil, rewriting(successes(mock.ModifyType), func(b object) { responseOf(b)["requestId"] = fmt.Sprint("job-", b["requestId"]) })},
	}...)
}

// uniqueDefects give two requests the same id.
func uniqueDefects() []Defect {
	return []Defect{
		{"request-id-constant", "R-REQUEST-ID-UNIQUE", "Every answer carries the id from the documents' example.",
			nil, identifying(func(int64) int64 { return 0 })},
		{"request-id-twice", "R-REQUEST-ID-UNIQUE", "Two requests after one another get the same id.",
			nil, identifying(func(n int64) int64 { return n / 2 })},
		{"request-id-wraps", "R-REQUEST-ID-UNIQUE", "The request ids begin anew after thirty-two.",
			nil, identifying(func(n int64) int64 { return n % 32 })},
		{"failures-share-request-id", "R-REQUEST-ID-UNIQUE", "All refusals carry the same request id.",
			nil, rewriting(everyFailure, func(b object) { b["requestId"] = "T00000000-0000-4000-8000-000000000000" })},
		{"request-id-of-body", "R-REQUEST-ID-UNIQUE", "The request id is a hash of the action and the body: the same request gets the same one.",
			nil, redelivering(everyAnswer, func(c *mock.Call, a *mock.Answer) {
				id := gjson.GetBytes(a.Body, "requestId").Raw
				a.Body = []byte(strings.ReplaceAll(string(a.Body), id, fmt.Sprintf(`"T%016X"`, number(c.Action()+string(c.Body)))))
			})},
	}
}

// identifying derives the request id from a function of the request's number.
func identifying(number func(n int64) int64) injection {
	return counted(func(count *atomic.Int64) injection {
		return func(m *mock.Mock) {
			m.Behaviour.RequestID = func() string {
				return fmt.Sprintf("T05992D0C-7E8B-4047-B0C0-%012X", number(count.Add(1)))
			}
		}
	})
}

// inner alters the request id in the response of every success.
func inner(change func(id string) any) injection {
	return rewriting(successes(), func(b object) {
		response := responseOf(b)
		id, _ := response["requestId"].(string)
		response["requestId"] = change(id)
	})
}

// outerLost returns the clauses that are also affected if a success lacks the outer request id: the
// inner one has no equal, and the envelope lacks a member.
func outerLost() []string { return []string{"R-SUCCESS-ENVELOPE", "R-REQUEST-ID-EQUAL"} }

// innerLost returns the clauses that are also affected if a response lacks the inner request id:
// the two ids are not equal.
func innerLost(further ...string) []string { return append(further, "R-REQUEST-ID-EQUAL") }

// number maps a text to a number.
func number(text string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(text))
	return h.Sum64()
}
