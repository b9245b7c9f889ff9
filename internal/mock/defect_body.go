package mock

import (
	"bytes"
	"encoding/json"
	"net/http"

	"github.com/tidwall/gjson"
)

// bodyDefects get bodies wrong that hold no parameters.
func bodyDefects() []Defect {
	return []Defect{
		{"empty-body-500", "M-BODY", "A resize with an empty body brings about an internal error.",
			nil, holding(modifyType, func(t *content) { t.empty = internalError })},
		{"empty-body-accepted", "M-BODY", "A resize with an empty body is answered with success.",
			nil, withoutContent(func(t *content) { t.empty = refusal{} }, func(c *call) bool { return len(c.body) == 0 })},
		{"array-body-500", "M-BODY", "A body of a resize that is an array brings about an internal error.",
			nil, holding(modifyType, func(t *content) { t.noObject = internalError })},
		{"text-body-accepted", "M-BODY", "A body of a resize that is no object is answered with success.",
			nil, withoutContent(func(t *content) { t.noObject = refusal{} }, func(c *call) bool { return !gjson.ParseBytes(c.body).IsObject() && len(c.body) > 0 })},
		{"parameters-in-list-taken", "M-BODY", "A list of one is taken for what is in it.",
			nil, rereading(modifyType, func(body []byte) []byte {
				if list := gjson.ParseBytes(body); json.Valid(body) && list.IsArray() && len(list.Array()) == 1 {
					return []byte(list.Array()[0].Raw)
				}
				return body
			})},
		{"null-body-422", "M-BODY", "A body of a resize that is no object is answered with 422.",
			append(pairStated(), "E-WRONG-TYPE"), // whose code it is that stands under 422
			holding(modifyType, func(t *content) { t.noObject = t.noObject.under(http.StatusUnprocessableEntity) })},

		{"malformed-500", "R-BODY-MALFORMED", "A body that is no JSON brings about an internal error.",
			nil, together(malformed(internalError)...)},
		{"malformed-code-invented", "R-BODY-MALFORMED", "A body that is no JSON is answered with a code that no document knows.",
			pairStated(), together(malformed(refusal{http.StatusBadRequest, "MALFORMED_JSON", "the body is not JSON"})...)},
		{"malformed-taken-for-empty", "R-BODY-MALFORMED", "A read with a body that is no JSON is answered as if nothing had been asked.",
			nil, lenientIn(describeStatus, func([]byte) []byte { return nil })},
		{"trailing-text-taken", "R-BODY-MALFORMED", "The body of a resize is read up to the end of the object, whatever follows it.",
			nil, lenientIn(modifyType, func(body []byte) []byte {
				var first json.RawMessage
				if json.NewDecoder(bytes.NewReader(body)).Decode(&first) != nil {
					return body
				}
				return first
			})},
		{"trailing-comma-taken", "R-BODY-MALFORMED", "A comma after the last member of a resize is taken.",
			nil, lenientIn(modifyType, func(body []byte) []byte { return bytes.ReplaceAll(body, []byte(",}"), []byte("}")) })},
		{"single-quotes-taken", "R-BODY-MALFORMED", "A lenient parser takes texts in single quotes.",
			nil, lenientIn(describeInstances, func(body []byte) []byte { return bytes.ReplaceAll(body, []byte("'"), []byte(`"`)) })},
		{"comment-taken", "R-BODY-MALFORMED", "A lenient parser takes comments.",
			nil, lenientIn(modifyType, func(body []byte) []byte {
				if _, after, found := bytes.Cut(body, []byte("*/")); found {
					return after
				}
				return body
			})},
		{"malformed-html", "R-MEDIA-RESPONSE", "A body that is no JSON is answered by the framework's own page under 400.",
			[]string{ // a page has no members
				"R-BODY-MALFORMED", "R-JSON", "R-FAILURE-ENVELOPE", "R-FAILURE-CODE", "R-FAILURE-MESSAGE", "R-FAILURE-PAIR", "R-REQUEST-ID",
			},
			redelivering(func(c *call, a *answer) bool { return a.status == 400 && len(c.body) > 0 && !json.Valid(c.body) },
				func(_ *call, a *answer) {
					a.mediaType, a.body = "text/html", []byte("<html><body><pre>Unexpected end of JSON input</pre></body></html>\n")
				})},
	}
}

// malformed answers what is no JSON with another refusal, in all actions.
func malformed(with refusal) []injection {
	var injections []injection
	for name := range actions() {
		injections = append(injections, holding(name, func(t *content) { t.malformed = with }))
	}
	return injections
}

// withoutContent takes some bodies of resizes, and does nothing then.
func withoutContent(change func(t *content), when func(c *call) bool) injection {
	return together(
		holding(modifyType, change),
		func(m *Mock) {
			next := m.behaviour.parse
			m.behaviour.parse = func(a action, c *call) (params, refusal) {
				p, r := next(a, c)
				if r.code == missingParameter.code && c.action() == modifyType && when(c) {
					return p, refusal{}
				}
				return p, r
			}
		},
		succeedingWhen(func(p params) bool { return p.instanceID == "" }),
	)
}

// lenientIn reads bodies of an action that are no JSON as something that is.
func lenientIn(name string, repaired func(body []byte) []byte) injection {
	return rereading(name, func(body []byte) []byte {
		if len(body) == 0 || json.Valid(body) {
			return body
		}
		return repaired(body)
	})
}

// rereading takes the body of an action's calls for another one.
func rereading(name string, change func(body []byte) []byte) injection {
	return func(m *Mock) {
		next := m.behaviour.parse
		m.behaviour.parse = func(a action, c *call) (params, refusal) {
			if c.action() == name {
				c = copied(c)
				c.body = change(c.body)
			}
			return next(a, c)
		}
	}
}
