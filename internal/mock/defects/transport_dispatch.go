package defects

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/mock"
)

// dispatchDefects are mistakes in selecting the action from a request's headers.
func dispatchDefects() []Defect {
	return []Defect{
		{"unknown-action-200", "E-ACTION-UNKNOWN", "An action that does not exist is answered with success.",
			nil, unknownAction(mock.Refusal{})},
		{"unknown-action-500", "E-ACTION-UNKNOWN", "An action that does not exist brings about an internal error.",
			nil, unknownAction(mock.InternalError)},
		{"unknown-action-501", "E-ACTION-UNKNOWN", "An action that does not exist is answered with 501.",
			pairStated(), unknownAction(mock.Refusal{Status: http.StatusNotImplemented, Code: "NOT_IMPLEMENTED", Message: "the action is not implemented"})},
		{"unknown-action-code-invented", "E-ACTION-UNKNOWN", "An action that does not exist is answered with a code that no document knows.",
			pairStated(), unknownAction(mock.Refusal{Status: http.StatusNotFound, Code: "INVALID_ACTION", Message: "the action does not exist"})},
		{"action-by-beginning", "E-ACTION-UNKNOWN", "An action is found by how its name begins.",
			nil, actionLike(strings.HasPrefix)},
		{"action-by-ending", "E-ACTION-UNKNOWN", "An action is found by how its name ends.",
			nil, actionLike(strings.HasSuffix)},
		{"action-name-cut-off", "E-ACTION-UNKNOWN", "An action is found by the beginning of its name.",
			nil, actionLike(func(name, whole string) bool { return len(name) > len("Describe") && strings.HasPrefix(whole, name) })},
		{"unknown-action-text", "R-MEDIA-RESPONSE", "An action that does not exist is answered by the router, in plain text.",
			[]string{ // plain text has no members
				"E-ACTION-UNKNOWN", "R-JSON", "R-FAILURE-ENVELOPE", "R-FAILURE-CODE", "R-FAILURE-MESSAGE", "R-FAILURE-PAIR", "R-REQUEST-ID",
			},
			injection(func(m *mock.Mock) {
				redelivering(func(c *mock.Call, _ *mock.Answer) bool {
					_, known := m.Behaviour.Actions[c.Action()]
					return !known
				}, func(_ *mock.Call, a *mock.Answer) {
					*a = mock.Answer{Status: http.StatusNotFound, MediaType: "text/plain; charset=utf-8", Body: []byte("404 page not found\n")}
				})(m)
			})},

		{"action-from-query", "S-ACTION-DISPATCH", "An Action in the query of the URL wins over the header.",
			[]string{"C-INSTANCES-TOTAL", "C-INSTANCES-DATASET", "C-STATUS-TOTAL", "C-STATUS-DATASET"}, // the answer of a resize has none of a listing's members
			selectedBy(func(c *mock.Call) string { return c.Request.URL.Query().Get("Action") })},
		{"action-from-body", "S-ACTION-DISPATCH", "A member Action in the body wins over the header.",
			[]string{"C-INSTANCES-TOTAL", "C-INSTANCES-DATASET", "C-STATUS-TOTAL", "C-STATUS-DATASET"}, // the answer of a resize has none of a listing's members
			selectedBy(func(c *mock.Call) string { return gjson.GetBytes(c.Body, "Action").Str })},
		{"action-by-parameters", "S-ACTION-DISPATCH", "A request that has an instanceType is taken for a resize.",
			[]string{"C-INSTANCES-TOTAL", "C-INSTANCES-DATASET", "C-STATUS-TOTAL", "C-STATUS-DATASET"}, // the answer of a resize has none of a listing's members
			selectedBy(func(c *mock.Call) string {
				if gjson.ValidBytes(c.Body) && gjson.GetBytes(c.Body, "instanceType").Exists() {
					return mock.ModifyType
				}
				return ""
			})},

		{"action-name-by-case", "K-HEADER-CASE", "The header X-ZC-Action is not found when its name is in lower case.",
			nil, together(spying, ignoringHeader("X-ZC-Action"))},
		{"timestamp-name-by-case", "K-HEADER-CASE", "The header X-ZC-Timestamp is not found when its name is in lower case.",
			nil, together(spying, ignoringHeader("X-ZC-Timestamp"))},

		{"sdk-headers-refused", "K-HEADER-SDK", "A request with a header of the SDKs is refused as one with a value that is not allowed.",
			nil, withSDKHeaders(mock.InvalidValue)},
		{"sdk-headers-500", "K-HEADER-SDK", "A header of the SDKs brings about an internal error.",
			nil, withSDKHeaders(mock.InternalError)},
		{"sdk-headers-unauthorized", "K-HEADER-SDK", "A request with a header of the SDKs that is not signed is refused as one whose signature does not match.",
			nil, withSDKHeaders(mock.SignatureFailure)},
		{"signature-version-refused", "K-HEADER-SDK", "A request with the X-ZC-Signature-Version of the Java SDK is refused.",
			nil, authenticating(func(_ mock.Credentials, c *mock.Call, r mock.Refusal) mock.Refusal {
				if c.Request.Header.Get("X-ZC-Signature-Version") != "" {
					return mock.InvalidAuthorization
				}
				return r
			})},
	}
}

// unknownAction changes the answer to an unknown action to another error, or to success.
func unknownAction(with mock.Refusal) injection {
	return func(m *mock.Mock) {
		next := m.Behaviour.Dispatch
		m.Behaviour.Dispatch = func(actions map[string]mock.Action, c *mock.Call) (mock.Action, mock.Refusal) {
			a, r := next(actions, c)
			if r.Refused() && !with.Refused() {
				return mock.Action{Perform: func(*mock.Mock, *mock.Call, mock.Params) mock.Outcome { return mock.Outcome{} }}, with
			}
			if r.Refused() {
				r = with
			}
			return a, r
		}
	}
}

// actionLike maps an unknown action to one whose name is part of it.
func actionLike(is func(name, part string) bool) injection {
	return func(m *mock.Mock) {
		next := m.Behaviour.Dispatch
		m.Behaviour.Dispatch = func(actions map[string]mock.Action, c *mock.Call) (mock.Action, mock.Refusal) {
			if _, exists := actions[c.Action()]; !exists {
				for _, part := range slices.Sorted(maps.Keys(actions)) {
					if is(c.Action(), part) {
						return actions[part], mock.Refusal{}
					}
				}
			}
			return next(actions, c)
		}
	}
}

// selectedBy selects the action by something other than the header, if that names one.
func selectedBy(name func(c *mock.Call) string) injection {
	return func(m *mock.Mock) {
		next := m.Behaviour.Dispatch
		m.Behaviour.Dispatch = func(actions map[string]mock.Action, c *mock.Call) (mock.Action, mock.Refusal) {
			_, exists := actions[c.Action()]
			if a, other := actions[name(c)]; exists && other {
				return a, mock.Refusal{}
			}
			return next(actions, c)
		}
	}
}

// withSDKHeaders refuses requests with an additional header of the SDKs (K).
func withSDKHeaders(with mock.Refusal) injection {
	return authenticating(func(_ mock.Credentials, c *mock.Call, r mock.Refusal) mock.Refusal {
		for _, name := range []string{"X-ZC-Service", "X-ZC-Sdk-Version", "X-ZC-Sdk-Lang", "X-ZC-Request-Client"} {
			if !r.Refused() && c.Request.Header.Get(name) != "" {
				return with
			}
		}
		return r
	})
}
