package mock

import (
	"sync/atomic"

	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/sign"
)

// wholeDefects answer everything, or all of one kind, wrongly in one way: each is one
// cause, however many scenarios meet it.
func wholeDefects() []Defect {
	return []Defect{
		{"every-signature-unreadable", "S-AUTH-HMAC", "Every signed request is refused, because the header is parsed by the rules of the first signature method.",
			nil, refusingAllSigned(invalidAuthorization)},
		{"every-key-unknown", "S-AUTH-HMAC", "Every signed request is refused, because the service that knows the keys cannot be reached.",
			nil, refusingAllSigned(unauthorizedOperation)},
		{"every-third-signed-call-unknown", "S-AUTH-HMAC", "One of three servers behind the same name does not know the key.",
			nil, counted(func(count *atomic.Int64) injection {
				return signedCalls(func(*call) bool { return each(3, count) }, unauthorizedOperation)
			})},
		{"everything-500", "C-STATUS-FILTER", "Every request is answered with 500.",
			without("C-STATUS-FILTER", everyRefusal(everyRead("C-STATUS", "C-INSTANCES")...)), failing(func(*call, *answer) bool { return true })},
		{"listing-500", "C-INSTANCES-FILTER", "DescribeInstances is answered with 500.",
			without("C-INSTANCES-FILTER", everyRefusal(everyRead("C-INSTANCES")...)), failing(func(c *call, _ *answer) bool { return c.action() == describeInstances })},
		{"refusals-500", "E-WRONG-TYPE", "Every refusal is answered with 500, as no handler for errors is installed.",
			without("E-WRONG-TYPE", everyRefusal("M-TYPE-UNSUPPORTED", "R-BAD-PARAMETER", "S-AUTH-TIMESTAMP-FORM")), failing(everyFailure)},
	}
}

// everyRead is also affected to a defect of all that a read action answers.
func everyRead(actions ...string) []string {
	alsoAffected := []string{"S-ACTION-DISPATCH", "C-STATUS-PAGE-DEFAULT", "D-INSTANCES-PAGE-DEFAULT", "C-OPTIONAL-EMPTY"}
	for _, action := range actions {
		for _, name := range []string{"FILTER", "FILTERS", "OPTIONAL", "PAGE", "TOTAL-MATCHES", "TRUE", "UNKNOWN"} {
			alsoAffected = append(alsoAffected, action+"-"+name)
		}
	}
	return alsoAffected
}

func refusingAllSigned(now refusal) injection {
	return signedCalls(func(*call) bool { return true }, now)
}

// signedCalls refuses those of the signed calls that were to be served.
func signedCalls(when func(c *call) bool, now refusal) injection {
	return authenticating(func(_ Credentials, c *call, r refusal) refusal {
		if _, err := sign.Parse(authorization(c)); !r.refused() && err == nil && when(c) {
			return now
		}
		return r
	})
}

// failing answers with an internal error instead.
func failing(when answers) injection {
	return redelivering(when, func(_ *call, a *answer) {
		a.body = encode(nil, envelope{requestID: gjson.GetBytes(a.body, "requestId").Str, refusal: internalError})
		a.status = internalError.status
	})
}
