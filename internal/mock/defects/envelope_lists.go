package defects

import (
	"net/http"

	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/mock"
)

// envelopeDefects are mistakes in the form of the action's own answers.
func (p power) envelopeDefects() []Defect {
	done := successes(p.name)
	ownRefusals := func(c *mock.Call, a *mock.Answer) bool { return a.Status != http.StatusOK && c.Action() == p.name }
	return []Defect{
		p.defect("response-null", "R-SUCCESS-ENVELOPE", "The response of % is null when it failed for none.",
			append(withoutResponse(), p.own("BATCH", "FAILED")...),
			rewriting(done, func(b object) {
				if list, _ := responseOf(b)["instanceIds"].([]any); len(list) == 0 {
					b["response"] = nil
				}
			})),
		p.defect("202", "R-STATUS-200", "% is answered with 202, being asynchronous.",
			append(p.own("CARRIED-OUT", "BATCH"), "R-STATUS-FAILURE"), redelivering(done, func(_ *mock.Call, a *mock.Answer) { a.Status = http.StatusAccepted })),
		p.defect("207", "R-STATUS-200", "% is answered with 207 when it failed for some.",
			append(p.own("BATCH"), "R-STATUS-FAILURE"), redelivering(func(c *mock.Call, a *mock.Answer) bool {
				return done(c, a) && gjson.GetBytes(a.Body, "response.instanceIds.0").Exists()
			},
				func(_ *mock.Call, a *mock.Answer) { a.Status = http.StatusMultiStatus })),
		p.defect("inner-id-missing", "R-REQUEST-ID-INNER", "The response of % has no request id.",
			[]string{"R-REQUEST-ID-EQUAL"}, responding(p.name, func(r object) { delete(r, "requestId") })),
		p.defect("refusal-under-200", "R-STATUS-FAILURE", "% answers a refusal with an error body under 200.",
			p.everyRefusal("R-STATUS-200", "R-SUCCESS-ENVELOPE", "R-REQUEST-ID-INNER", "R-REQUEST-ID-EQUAL", "R-FAILURE-PAIR"),
			redelivering(ownRefusals, func(_ *mock.Call, a *mock.Answer) { a.Status = http.StatusOK })),
		p.defect("failure-in-error-member", "R-FAILURE-ENVELOPE", "Code and message of a refusal of % are in a member error.",
			p.everyRefusal("R-FAILURE-CODE", "R-FAILURE-MESSAGE", "R-FAILURE-PAIR"),
			rewriting(ownRefusals, func(b object) {
				b["error"] = object{"code": b["code"], "message": b["message"]}
				delete(b, "code")
				delete(b, "message")
			})),
		p.defect("message-missing", "R-FAILURE-MESSAGE", "Refusals of % have no message.",
			[]string{"R-FAILURE-ENVELOPE"}, // it lists the members
			rewriting(ownRefusals, func(b object) { delete(b, "message") })),
		p.defect("text-plain", "R-MEDIA-RESPONSE", "The answer to % is declared text/plain.",
			nil, declaring(done, "text/plain")),
	}
}

// everyRefusal returns the clauses that are also affected by a defect in all refusals of the
// action, none of which is then as its own clause states.
func (p power) everyRefusal(further ...string) []string {
	if p.name == mock.StopName {
		further = append(further, p.own("FORCE")...)
	}
	further = append(further, everyLock()...)
	return append(append(further, p.own("DENIED", "RECYCLED", "ABSENT", "ONLY-FROM", "IDS", "BODY", "BATCH")...),
		"E-MISSING", "E-WRONG-TYPE", "E-TOO-LONG", "R-PARAMETER-EMPTY", "R-BAD-PARAMETER", "R-BODY-MALFORMED", "R-MEDIA-REQUEST",
		"S-AUTH-REQUIRED", "S-AUTH-KEY", "S-AUTH-METHOD-REQUIRED", "S-AUTH-TIMESTAMP-REQUIRED", "K-AUTH-TOKEN", "E-AUTHORIZATION", "E-SIGNATURE", "S-SIGN-PASSWORD", "E-EXPIRED", "R-METHOD-POST")
}
