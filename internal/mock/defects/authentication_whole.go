package defects

import (
	"sync/atomic"

	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/sign"
)

// wholeDefects are mistakes in all answers, or in all of one kind. Each has one cause, however many
// scenarios detect it.
func wholeDefects() []Defect {
	return []Defect{
		{"every-signature-unreadable", "S-AUTH-HMAC", "Every signed request is refused, because the header is parsed by the rules of the first signature method.",
			nil, refusingAllSigned(mock.InvalidAuthorization)},
		{"every-key-unknown", "S-AUTH-HMAC", "Every signed request is refused, because the service that knows the keys cannot be reached.",
			nil, refusingAllSigned(mock.UnauthorizedOperation)},
		{"every-third-signed-call-unknown", "S-AUTH-HMAC", "One of three servers behind the same name does not know the key.",
			nil, counted(func(count *atomic.Int64) injection {
				return signedCalls(func(*mock.Call) bool { return each(3, count) }, mock.UnauthorizedOperation)
			})},
		{"everything-500", "C-STATUS-FILTER", "Every request is answered with 500.",
			without("C-STATUS-FILTER", everyRefusal(everyRead("C-STATUS", "C-INSTANCES")...)), failing(func(*mock.Call, *mock.Answer) bool { return true })},
		{"listing-500", "C-INSTANCES-FILTER", "DescribeInstances is answered with 500.",
			without("C-INSTANCES-FILTER", everyRefusal(everyRead("C-INSTANCES")...)), failing(func(c *mock.Call, _ *mock.Answer) bool { return c.Action() == mock.DescribeInstances })},
		{"refusals-500", "E-WRONG-TYPE", "Every refusal is answered with 500, as no handler for errors is installed.",
			without("E-WRONG-TYPE", everyRefusal("M-TYPE-UNSUPPORTED", "R-BAD-PARAMETER", "S-AUTH-TIMESTAMP-FORM")), failing(everyFailure)},
	}
}

// everyRead returns the clauses that are also affected by a defect in all answers of read actions.
func everyRead(actions ...string) []string {
	alsoAffected := []string{"S-ACTION-DISPATCH", "C-STATUS-PAGE-DEFAULT", "D-INSTANCES-PAGE-DEFAULT", "C-OPTIONAL-EMPTY"}
	for _, action := range actions {
		for _, name := range []string{"FILTER", "FILTERS", "OPTIONAL", "PAGE", "TOTAL-MATCHES", "TRUE", "UNKNOWN"} {
			alsoAffected = append(alsoAffected, action+"-"+name)
		}
	}
	return alsoAffected
}

func refusingAllSigned(now mock.Refusal) injection {
	return signedCalls(func(*mock.Call) bool { return true }, now)
}

// signedCalls refuses some signed calls that should be accepted.
func signedCalls(when func(c *mock.Call) bool, now mock.Refusal) injection {
	return authenticating(func(_ mock.Credentials, c *mock.Call, r mock.Refusal) mock.Refusal {
		if _, err := sign.Parse(authorization(c)); !r.Refused() && err == nil && when(c) {
			return now
		}
		return r
	})
}

// failing replaces answers with an internal error.
func failing(when answers) injection {
	return redelivering(when, func(_ *mock.Call, a *mock.Answer) {
		a.Body = mock.Encode(nil, mock.Envelope{RequestID: gjson.GetBytes(a.Body, "requestId").Str, Refusal: mock.InternalError})
		a.Status = mock.InternalError.Status
	})
}
