package mock

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// dispatchDefects get wrong how a request's headers lead to an action.
func dispatchDefects() []Defect {
	return []Defect{
		{"unknown-action-200", "E-ACTION-UNKNOWN", "An action that does not exist is answered with success.",
			nil, unknownAction(refusal{})},
		{"unknown-action-500", "E-ACTION-UNKNOWN", "An action that does not exist brings about an internal error.",
			nil, unknownAction(internalError)},
		{"unknown-action-501", "E-ACTION-UNKNOWN", "An action that does not exist is answered with 501.",
			pairStated(), unknownAction(refusal{http.StatusNotImplemented, "NOT_IMPLEMENTED", "the action is not implemented"})},
		{"unknown-action-code-invented", "E-ACTION-UNKNOWN", "An action that does not exist is answered with a code that no document knows.",
			pairStated(), unknownAction(refusal{http.StatusNotFound, "INVALID_ACTION", "the action does not exist"})},
		{"action-by-beginning", "E-ACTION-UNKNOWN", "An action is found by how its name begins.",
			nil, actionLike(strings.HasPrefix)},
		{"action-by-ending", "E-ACTION-UNKNOWN", "An action is found by how its name ends.",
			nil, actionLike(strings.HasSuffix)},
		{"unknown-action-text", "R-MEDIA-RESPONSE", "An action that does not exist is answered by the router, in plain text.",
			[]string{ // plain text has no members
				"E-ACTION-UNKNOWN", "R-JSON", "R-FAILURE-ENVELOPE", "R-FAILURE-CODE", "R-FAILURE-MESSAGE", "R-FAILURE-PAIR", "R-REQUEST-ID",
			},
			injection(func(m *Mock) {
				redelivering(func(c *call, _ *answer) bool {
					_, known := m.behaviour.actions[c.action()]
					return !known
				}, func(_ *call, a *answer) {
					*a = answer{status: http.StatusNotFound, mediaType: "text/plain; charset=utf-8", body: []byte("404 page not found\n")}
				})(m)
			})},

		{"action-from-query", "S-ACTION-DISPATCH", "An Action in the query of the URL wins over the header.",
			[]string{"C-INSTANCES-TOTAL", "C-INSTANCES-DATASET", "C-STATUS-TOTAL", "C-STATUS-DATASET"}, // the answer of a resize has none of a listing's members
			selectedBy(func(c *call) string { return c.request.URL.Query().Get("Action") })},
		{"action-from-body", "S-ACTION-DISPATCH", "A member Action in the body wins over the header.",
			[]string{"C-INSTANCES-TOTAL", "C-INSTANCES-DATASET", "C-STATUS-TOTAL", "C-STATUS-DATASET"}, // the answer of a resize has none of a listing's members
			selectedBy(func(c *call) string { return gjson.GetBytes(c.body, "Action").Str })},
		{"action-by-parameters", "S-ACTION-DISPATCH", "A request that has an instanceType is taken for a resize.",
			[]string{"C-INSTANCES-TOTAL", "C-INSTANCES-DATASET", "C-STATUS-TOTAL", "C-STATUS-DATASET"}, // the answer of a resize has none of a listing's members
			selectedBy(func(c *call) string {
				if gjson.ValidBytes(c.body) && gjson.GetBytes(c.body, "instanceType").Exists() {
					return modifyType
				}
				return ""
			})},

		{"action-name-by-case", "K-HEADER-CASE", "The header X-ZC-Action is not found when its name is in lower case.",
			nil, together(spying, ignoringHeader("X-ZC-Action"))},
		{"timestamp-name-by-case", "K-HEADER-CASE", "The header X-ZC-Timestamp is not found when its name is in lower case.",
			nil, together(spying, ignoringHeader("X-ZC-Timestamp"))},

		{"sdk-headers-refused", "K-HEADER-SDK", "A request with a header of the SDKs is refused as one with a value that is not allowed.",
			nil, withSDKHeaders(invalidValue)},
		{"sdk-headers-500", "K-HEADER-SDK", "A header of the SDKs brings about an internal error.",
			nil, withSDKHeaders(internalError)},
		{"sdk-headers-unauthorized", "K-HEADER-SDK", "A request with a header of the SDKs that is not signed is refused as one whose signature does not match.",
			nil, withSDKHeaders(signatureFailure)},
	}
}

// unknownAction answers an action that does not exist with another refusal, or with success.
func unknownAction(with refusal) injection {
	return func(m *Mock) {
		next := m.behaviour.dispatch
		m.behaviour.dispatch = func(actions map[string]action, c *call) (action, refusal) {
			a, r := next(actions, c)
			if r.refused() && !with.refused() {
				return action{perform: func(*Mock, *call, params) outcome { return outcome{} }}, with
			}
			if r.refused() {
				r = with
			}
			return a, r
		}
	}
}

// actionLike finds an action that does not exist by one whose name is a part of its own.
func actionLike(is func(name, part string) bool) injection {
	return func(m *Mock) {
		next := m.behaviour.dispatch
		m.behaviour.dispatch = func(actions map[string]action, c *call) (action, refusal) {
			if _, exists := actions[c.action()]; !exists {
				for _, part := range slices.Sorted(maps.Keys(actions)) {
					if is(c.action(), part) {
						return actions[part], refusal{}
					}
				}
			}
			return next(actions, c)
		}
	}
}

// selectedBy has something else than the header select the action, when it names one.
func selectedBy(name func(c *call) string) injection {
	return func(m *Mock) {
		next := m.behaviour.dispatch
		m.behaviour.dispatch = func(actions map[string]action, c *call) (action, refusal) {
			_, exists := actions[c.action()]
			if a, other := actions[name(c)]; exists && other {
				return a, refusal{}
			}
			return next(actions, c)
		}
	}
}

// withSDKHeaders refuses requests that carry a further header of the SDKs (K).
func withSDKHeaders(with refusal) injection {
	return authenticating(func(_ Credentials, c *call, r refusal) refusal {
		for _, name := range []string{"X-ZC-Service", "X-ZC-Sdk-Version", "X-ZC-Sdk-Lang", "X-ZC-Request-Client"} {
			if !r.refused() && c.request.Header.Get(name) != "" {
				return with
			}
		}
		return r
	})
}
