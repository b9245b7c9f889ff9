package mock

import (
	"net/http"
	"slices"
)

// refusalVariants differ in which of several right refusals is given.
func refusalVariants() []Variant {
	return append(orderVariants(), []Variant{
		{Name: "recycle-bin-403", Text: "An instance in the recycle bin is refused with E's code.", Freedom: "E-RECYCLE",
			apply: answeringWhen(modifyType, statusNotSupported, inRecycleBin, inStatus("RECYCLE", "RECYCLING"))},
		{Name: "recycle-bin-403-and-400", Text: "RECYCLE is refused with E's code, RECYCLING with M's.", Freedom: "E-RECYCLE",
			apply: answeringWhen(modifyType, statusNotSupported, inRecycleBin, inStatus("RECYCLE"))},

		{Name: "recycle-bin-superseded", Text: "An instance in the recycle bin is refused with the superseded code.", Freedom: "E-RECYCLE",
			apply: answeringWhen(modifyType, statusNotSupported, beingRecycled, inStatus("RECYCLE", "RECYCLING"))},
		{Name: "plan-before-status", Text: "An instance that is neither STOPPED nor RESIZING is refused for its plan, with a superseded code.", Freedom: "a superseded pair where another error applies",
			apply: answeringWhen(modifyType, statusNotSupported, planExists, func(t target) bool { return t.instance.Status != Resizing })},
		{Name: "timestamp-form-400", Text: "A timestamp that is no whole number of seconds is refused as one of a wrong format.", Freedom: "S-AUTH-TIMESTAMP-FORM",
			apply: refusing(invalidAuthorization, func(c *call) refusal {
				timestamp := c.request.Header.Get("X-ZC-Timestamp")
				if _, whole := wholeSeconds(timestamp); timestamp != "" && !whole {
					return patternError
				}
				return invalidAuthorization
			})},

		{Name: "anonymous-as-unauthorized", Text: "Who lacks Authorization, timestamp or method is refused as not authorized.", Freedom: "S-AUTH-REQUIRED",
			apply: instead(incomplete, unauthorizedOperation)},
		{Name: "anonymous-as-signature", Text: "Who lacks Authorization, timestamp or method is refused as having no matching signature.", Freedom: "S-AUTH-REQUIRED",
			apply: instead(incomplete, signatureFailure)},
		{Name: "anonymous-as-expired", Text: "Who lacks Authorization, timestamp or method is refused as being out of time.", Freedom: "S-AUTH-TIMESTAMP-REQUIRED",
			apply: instead(incomplete, signatureExpired)},
		{Name: "unknown-key-as-signature", Text: "A key that is not known is refused as a signature that does not match.", Freedom: "S-AUTH-KEY",
			apply: unknownKey(signatureFailure)},
		{Name: "unknown-key-as-authorization", Text: "A key that is not known is refused as an Authorization that is wrong.", Freedom: "S-AUTH-KEY",
			apply: unknownKey(invalidAuthorization)},
		{Name: "wrong-token-as-authorization", Text: "A wrong bearer token is refused as an Authorization that is wrong.", Freedom: "K-AUTH-TOKEN",
			apply: instead(wrongToken, invalidAuthorization)},
		{Name: "wrong-token-as-signature", Text: "A wrong bearer token is refused as a signature that does not match.", Freedom: "K-AUTH-TOKEN",
			apply: instead(wrongToken, signatureFailure)},

		{Name: "method-405", Text: "Another method than POST is refused with 405.", Freedom: "R-METHOD-POST", apply: methodNotAllowed},
		{Name: "unknown-action-404", Text: "An action that does not exist is answered as a resource that does not.", Freedom: "E-ACTION-UNKNOWN", apply: unknownAction(resourceNotFound)},
		{Name: "unknown-action-400", Text: "An action that does not exist is answered as a value that is not allowed.", Freedom: "E-ACTION-UNKNOWN", apply: unknownAction(invalidValue)},

		{Name: "content-as-value", Text: "Bodies that hold no parameters are refused as values that are not allowed.", Freedom: "R-BODY-MALFORMED", apply: contents(invalidValue)},
		{Name: "content-as-missing", Text: "Bodies that hold no parameters are refused for the parameters that they lack.", Freedom: "R-BODY-MALFORMED", apply: contents(missingParameter)},
		{Name: "null-as-wrong-type", Text: "A required parameter that is null is refused as one of the wrong type, an empty one as missing.", Freedom: "R-PARAMETER-EMPTY",
			apply: requiring(wrongType, missingParameter, missingParameter)},
		{Name: "empty-as-unknown", Text: "An empty instanceId or instanceType is answered as a thing that does not exist.", Freedom: "R-PARAMETER-EMPTY",
			apply: requiring(invalidValue, instanceNotFound, instanceTypeNotFound)},
	}...)
}

// orderVariants look for what is wrong in another order: where several errors apply,
// any of their codes is right.
func orderVariants() []Variant {
	const order = "several errors apply at once"
	return []Variant{
		{Name: "rules-reversed", Text: "What speaks against a resize is asked in the opposite order.", Freedom: order,
			apply: func(m *Mock) { slices.Reverse(m.behaviour.changes[modifyType].rules) }},
		{Name: "type-first", Text: "Whether the type exists and is supported is asked before anything about the instance.", Freedom: order,
			apply: ordered(instanceTypeNotFound, typeUnsupported, instanceNotFound, gpuNotSupported, statusNotSupported)},
		{Name: "status-first", Text: "The status of an instance is asked first.", Freedom: order,
			apply: ordered(statusNotSupported, gpuNotSupported, instanceNotFound, instanceTypeNotFound, typeUnsupported)},
		{Name: "instance-before-type", Text: "Everything about the instance is asked before the type.", Freedom: order,
			apply: ordered(instanceNotFound, statusNotSupported, gpuNotSupported, typeUnsupported, instanceTypeNotFound)},
		{Name: "gpu-first", Text: "Whether an instance has a GPU is asked first.", Freedom: order,
			apply: ordered(gpuNotSupported, instanceTypeNotFound, typeUnsupported, instanceNotFound, statusNotSupported)},
		{Name: "time-before-signature", Text: "A signature that is out of time is refused for that, whether it matches or not.", Freedom: order,
			apply: refusing(signatureFailure, func(c *call) refusal {
				return firstOf(unless(within(c, -toleranceSeconds, toleranceSeconds), signatureExpired), signatureFailure)
			})},
		{Name: "parameters-before-caller", Text: "What is wrong with the parameters is found before who asks.", Freedom: order,
			apply: func(m *Mock) {
				next := m.behaviour.authenticate
				m.behaviour.authenticate = func(known Credentials, c *call) refusal {
					r := next(known, c)
					if a, exists := m.behaviour.actions[c.action()]; r.refused() && exists {
						_, wrong := m.behaviour.parse(a, c)
						return firstOf(wrong, r)
					}
					return r
				}
			}},
		{Name: "wrong-types-last", Text: "Missing parameters are found before those of the wrong type.", Freedom: order,
			apply: func(m *Mock) {
				next := m.behaviour.parse
				m.behaviour.parse = func(a action, c *call) (params, refusal) {
					p, r := next(a, c)
					if r.code == wrongType.code {
						lenient := a
						lenient.parameters = slices.Clone(a.parameters)
						for i := range lenient.parameters {
							lenient.parameters[i].wrongType = refusal{}
						}
						if _, missing := next(lenient, c); missing.code == missingParameter.code {
							return p, missing
						}
					}
					return p, r
				}
			}},
	}
}

// ordered puts the rules of a resize into another order: of each refusal one.
func ordered(refusals ...refusal) injection {
	return func(m *Mock) {
		place := func(r rule) int {
			return slices.IndexFunc(refusals, func(of refusal) bool { return of.code == r.refusal.code })
		}
		slices.SortStableFunc(m.behaviour.changes[modifyType].rules, func(a, b rule) int { return place(a) - place(b) })
	}
}

// incomplete picks calls that lack a header which authentication needs.
func incomplete(c *call) bool {
	return anonymous(c) || lacking("X-ZC-Timestamp")(c) || lacking("X-ZC-Signature-Method")(c)
}

// methodNotAllowed refuses other methods as HTTP has it.
func methodNotAllowed(m *Mock) {
	next := m.behaviour.admit
	m.behaviour.admit = func(c *call) refusal {
		if c.request.Method != http.MethodPost {
			return unauthorizedOperation.under(http.StatusMethodNotAllowed)
		}
		return next(c)
	}
	deliver := m.behaviour.deliver
	m.behaviour.deliver = func(w http.ResponseWriter, c *call, a answer) {
		if a.status == http.StatusMethodNotAllowed {
			w.Header().Set("Allow", http.MethodPost)
		}
		deliver(w, c, a)
	}
}

// contents refuses bodies that hold no parameters otherwise, where a 400 pair is due.
func contents(with refusal) injection {
	return func(m *Mock) {
		for name := range m.behaviour.actions {
			holding(name, func(t *content) {
				t.mediaType, t.malformed, t.noObject = with, with, with
				if t.empty.refused() {
					t.empty = with
				}
			})(m)
		}
	}
}

// requiring refuses required parameters that hold nothing otherwise.
func requiring(null, emptyID, emptyType refusal) injection {
	return together(
		taking(modifyType, "instanceId", func(t *parameter) { t.null, t.empty = null, emptyID }),
		taking(modifyType, "instanceType", func(t *parameter) { t.null, t.empty = null, emptyType }),
	)
}
