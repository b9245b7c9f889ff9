package defects

import (
	"bytes"
	"encoding/json"
	"net/http"

	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/mock"
)

// bodyDefects are mistakes about bodies without parameters.
func bodyDefects() []Defect {
	return []Defect{
		{"empty-body-500", "M-BODY", "A resize with an empty body brings about an internal error.",
			nil, holding(mock.ModifyType, func(t *mock.Content) { t.Empty = mock.InternalError })},
		{"empty-body-accepted", "M-BODY", "A resize with an empty body is answered with success.",
			nil, withoutContent(func(t *mock.Content) { t.Empty = mock.Refusal{} }, func(c *mock.Call) bool { return len(c.Body) == 0 })},
		{"array-body-500", "M-BODY", "A body of a resize that is an array brings about an internal error.",
			nil, holding(mock.ModifyType, func(t *mock.Content) { t.NoObject = mock.InternalError })},
		{"text-body-accepted", "M-BODY", "A body of a resize that is no object is answered with success.",
			nil, withoutContent(func(t *mock.Content) { t.NoObject = mock.Refusal{} }, func(c *mock.Call) bool { return !gjson.ParseBytes(c.Body).IsObject() && len(c.Body) > 0 })},
		{"parameters-in-list-taken", "M-BODY", "A list of one is taken for what is in it.",
			nil, rereading(mock.ModifyType, func(body []byte) []byte {
				if list := gjson.ParseBytes(body); json.Valid(body) && list.IsArray() && len(list.Array()) == 1 {
					return []byte(list.Array()[0].Raw)
				}
				return body
			})},
		{"null-body-422", "M-BODY", "A body of a resize that is no object is answered with 422.",
			append(pairStated(), "E-WRONG-TYPE"), // whose code it is that stands under 422
			holding(mock.ModifyType, func(t *mock.Content) { t.NoObject = t.NoObject.Under(http.StatusUnprocessableEntity) })},

		{"malformed-500", "R-BODY-MALFORMED", "A body that is no JSON brings about an internal error.",
			nil, together(malformed(mock.InternalError)...)},
		{"malformed-code-invented", "R-BODY-MALFORMED", "A body that is no JSON is answered with a code that no document knows.",
			pairStated(), together(malformed(mock.Refusal{Status: http.StatusBadRequest, Code: "MALFORMED_JSON", Message: "the body is not JSON"})...)},
		{"malformed-taken-for-empty", "R-BODY-MALFORMED", "A read with a body that is no JSON is answered as if nothing had been asked.",
			nil, lenientIn(mock.DescribeStatus, func([]byte) []byte { return nil })},
		{"trailing-text-taken", "R-BODY-MALFORMED", "The body of a resize is read up to the end of the object, whatever follows it.",
			nil, lenientIn(mock.ModifyType, func(body []byte) []byte {
				var first json.RawMessage
				if json.NewDecoder(bytes.NewReader(body)).Decode(&first) != nil {
					return body
				}
				return first
			})},
		{"trailing-comma-taken", "R-BODY-MALFORMED", "A comma after the last member of a resize is taken.",
			nil, lenientIn(mock.ModifyType, func(body []byte) []byte { return bytes.ReplaceAll(body, []byte(",}"), []byte("}")) })},
		{"single-quotes-taken", "R-BODY-MALFORMED", "A lenient parser takes texts in single quotes.",
			nil, lenientIn(mock.DescribeInstances, func(body []byte) []byte { return bytes.ReplaceAll(body, []byte("'"), []byte(`"`)) })},
		{"comment-taken", "R-BODY-MALFORMED", "A lenient parser takes comments.",
			nil, lenientIn(mock.ModifyType, func(body []byte) []byte {
				if _, after, found := bytes.Cut(body, []byte("*/")); found {
					return after
				}
				return body
			})},
		{"malformed-html", "R-MEDIA-RESPONSE", "A body that is no JSON is answered by the framework's own page under 400.",
			[]string{ // a page has no members
				"R-BODY-MALFORMED", "R-JSON", "R-FAILURE-ENVELOPE", "R-FAILURE-CODE", "R-FAILURE-MESSAGE", "R-FAILURE-PAIR", "R-REQUEST-ID",
			},
			redelivering(func(c *mock.Call, a *mock.Answer) bool {
				return a.Status == 400 && len(c.Body) > 0 && !json.Valid(c.Body)
			},
				func(_ *mock.Call, a *mock.Answer) {
					a.MediaType, a.Body = "text/html", []byte("<html><body><pre>Unexpected end of JSON input</pre></body></html>\n")
				})},
	}
}

// malformed changes the error for invalid JSON in all actions.
func malformed(with mock.Refusal) []injection {
	var injections []injection
	for name := range mock.Actions() {
		injections = append(injections, holding(name, func(t *mock.Content) { t.Malformed = with }))
	}
	return injections
}

// withoutContent accepts some bodies of resizes, and does nothing.
func withoutContent(change func(t *mock.Content), when func(c *mock.Call) bool) injection {
	return together(
		holding(mock.ModifyType, change),
		func(m *mock.Mock) {
			next := m.Behaviour.Parse
			m.Behaviour.Parse = func(a mock.Action, c *mock.Call) (mock.Params, mock.Refusal) {
				p, r := next(a, c)
				if r.Code == mock.MissingParameter.Code && c.Action() == mock.ModifyType && when(c) {
					return p, mock.Refusal{}
				}
				return p, r
			}
		},
		succeedingWhen(func(p mock.Params) bool { return p.InstanceID == "" }),
	)
}

// lenientIn repairs bodies of an action that are not JSON.
func lenientIn(name string, repaired func(body []byte) []byte) injection {
	return rereading(name, func(body []byte) []byte {
		if len(body) == 0 || json.Valid(body) {
			return body
		}
		return repaired(body)
	})
}

// rereading replaces the body of an action's calls.
func rereading(name string, change func(body []byte) []byte) injection {
	return func(m *mock.Mock) {
		next := m.Behaviour.Parse
		m.Behaviour.Parse = func(a mock.Action, c *mock.Call) (mock.Params, mock.Refusal) {
			if c.Action() == name {
				c = copied(c)
				c.Body = change(c.Body)
			}
			return next(a, c)
		}
	}
}
