package defects

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/mock"
)

// refusalVariants differ in which of several allowed errors they return.
func refusalVariants() []Variant {
	own := regexp.MustCompile(`^ins-\d{6,}$`)
	return append(orderVariants(), []Variant{
		{Name: "recycle-bin-403", Actions: resizes(), Text: "An instance in the recycle bin is refused with E's code.", Freedom: "E-RECYCLE",
			apply: answeringWhen(mock.ModifyType, mock.StatusNotSupported, mock.InRecycleBin, inStatus("RECYCLE", "RECYCLING"))},
		{Name: "recycle-bin-403-and-400", Actions: resizes(), Text: "RECYCLE is refused with E's code, RECYCLING with M's.", Freedom: "E-RECYCLE",
			apply: answeringWhen(mock.ModifyType, mock.StatusNotSupported, mock.InRecycleBin, inStatus("RECYCLE"))},

		{Name: "recycle-bin-superseded", Actions: resizes(), Text: "An instance in the recycle bin is refused with the superseded code.", Freedom: "E-RECYCLE",
			apply: answeringWhen(mock.ModifyType, mock.StatusNotSupported, mock.BeingRecycled, inStatus("RECYCLE", "RECYCLING"))},
		{Name: "plan-before-status", Actions: resizes(), Text: "An instance that is neither STOPPED nor RESIZING is refused for its plan, with a superseded code.", Freedom: "a superseded pair where another error applies",
			apply: answeringWhen(mock.ModifyType, mock.StatusNotSupported, mock.PlanExists, func(t mock.Target) bool { return t.Instance.Status != mock.Resizing })},
		{Name: "plan-every-other-time", Actions: resizes(), Text: "Every other time, an instance that is neither STOPPED nor RESIZING is refused for its plan, with a superseded code.", Freedom: "a superseded pair where another error applies",
			apply: counted(func(count *atomic.Int64) injection {
				return answeringWhen(mock.ModifyType, mock.StatusNotSupported, mock.PlanExists, func(t mock.Target) bool { return t.Instance.Status != mock.Resizing && count.Add(1)%2 == 0 })
			})},
		{Name: "timestamp-form-400", Shows: oddSeconds, Text: "A timestamp that is no whole number of seconds is refused as one of a wrong format.", Freedom: "S-AUTH-TIMESTAMP-FORM",
			apply: instead(oddSeconds, mock.PatternError)},

		{Name: "anonymous-as-unauthorized", Shows: incomplete, Text: "Who lacks Authorization, timestamp or method is refused as not authorized.", Freedom: "S-AUTH-REQUIRED",
			apply: instead(incomplete, mock.UnauthorizedOperation)},
		{Name: "anonymous-as-signature", Shows: incomplete, Text: "Who lacks Authorization, timestamp or method is refused as having no matching signature.", Freedom: "S-AUTH-REQUIRED",
			apply: instead(incomplete, mock.SignatureFailure)},
		{Name: "anonymous-as-expired", Shows: incomplete, Text: "Who lacks Authorization, timestamp or method is refused as being out of time.", Freedom: "S-AUTH-TIMESTAMP-REQUIRED",
			apply: instead(incomplete, mock.SignatureExpired)},
		{Name: "unknown-key-as-signature", Shows: otherKey, Text: "A key that is not known is refused as a signature that does not match.", Freedom: "S-AUTH-KEY",
			apply: unknownKey(mock.SignatureFailure)},
		{Name: "unknown-key-as-authorization", Shows: otherKey, Text: "A key that is not known is refused as an Authorization that is wrong.", Freedom: "S-AUTH-KEY",
			apply: unknownKey(mock.InvalidAuthorization)},
		{Name: "wrong-token-as-authorization", Shows: wrongToken, Text: "A wrong bearer token is refused as an Authorization that is wrong.", Freedom: "K-AUTH-TOKEN",
			apply: instead(wrongToken, mock.InvalidAuthorization)},
		{Name: "wrong-token-as-signature", Shows: wrongToken, Text: "A wrong bearer token is refused as a signature that does not match.", Freedom: "K-AUTH-TOKEN",
			apply: instead(wrongToken, mock.SignatureFailure)},

		{Name: "bearer-alone-as-wrong-token", Shows: bearerAlone, Text: "The word Bearer without a token is refused as a wrong token.", Freedom: "K-AUTH-TOKEN",
			apply: instead(bearerAlone, mock.UnauthorizedOperation)},
		{Name: "ids-by-form", Shows: ofOtherForm(own), Text: "An id that has not the form of the account's own is refused for its pattern, whatever else is wrong.", Freedom: "an id made up by the harness",
			apply: ofForm(own)},
		{Name: "unknown-members-refused", Shows: withUnknownMembers, Text: "A body with a member that no document names is refused as a value that is not allowed.", Freedom: "R-BAD-PARAMETER",
			apply: knownMembersOnly},
		{Name: "method-405", Shows: notPosted, Text: "Another method than POST is refused with 405.", Freedom: "R-METHOD-POST", apply: methodNotAllowed},
		{Name: "unknown-action-404", Shows: ofNoAction, Text: "An action that does not exist is answered as a resource that does not.", Freedom: "E-ACTION-UNKNOWN", apply: unknownAction(mock.ResourceNotFound)},
		{Name: "unknown-action-400", Shows: ofNoAction, Text: "An action that does not exist is answered as a value that is not allowed.", Freedom: "E-ACTION-UNKNOWN", apply: unknownAction(mock.InvalidValue)},

		{Name: "content-as-value", Shows: oddContent, Text: "Bodies that hold no parameters are refused as values that are not allowed.", Freedom: "R-BODY-MALFORMED", apply: contents(mock.InvalidValue)},
		{Name: "content-as-missing", Shows: oddContent, Text: "Bodies that hold no parameters are refused for the parameters that they lack.", Freedom: "R-BODY-MALFORMED", apply: contents(mock.MissingParameter)},
		{Name: "null-as-wrong-type", Shows: anyOf(containing("null"), containing(`""`)), Actions: resizes(), Text: "A required parameter that is null is refused as one of the wrong type, an empty one as missing.", Freedom: "R-PARAMETER-EMPTY",
			apply: requiring(mock.WrongType, mock.MissingParameter, mock.MissingParameter)},
		{Name: "empty-as-unknown", Shows: anyOf(containing("null"), containing(`""`)), Actions: resizes(), Text: "An empty instanceId or instanceType is answered as a thing that does not exist.", Freedom: "R-PARAMETER-EMPTY",
			apply: requiring(mock.InvalidValue, mock.InstanceNotFound, mock.InstanceTypeNotFound)},
	}...)
}

// orderVariants check for errors in another order. If several errors apply, any of their codes is
// right.
func orderVariants() []Variant {
	const order = "several errors apply at once"
	return []Variant{
		{Name: "rules-reversed", Actions: resizes(), Text: "What speaks against a resize is asked in the opposite order.", Freedom: order,
			apply: func(m *mock.Mock) { slices.Reverse(m.Behaviour.Changes[mock.ModifyType].Rules) }},
		{Name: "type-first", Actions: resizes(), Text: "Whether the type exists and is supported is asked before anything about the instance.", Freedom: order,
			apply: ordered(mock.InstanceTypeNotFound, mock.TypeUnsupported, mock.InstanceNotFound, mock.GpuNotSupported, mock.StatusNotSupported)},
		{Name: "status-first", Actions: resizes(), Text: "The status of an instance is asked first.", Freedom: order,
			apply: ordered(mock.StatusNotSupported, mock.GpuNotSupported, mock.InstanceNotFound, mock.InstanceTypeNotFound, mock.TypeUnsupported)},
		{Name: "instance-before-type", Actions: resizes(), Text: "Everything about the instance is asked before the type.", Freedom: order,
			apply: ordered(mock.InstanceNotFound, mock.StatusNotSupported, mock.GpuNotSupported, mock.TypeUnsupported, mock.InstanceTypeNotFound)},
		{Name: "gpu-first", Actions: resizes(), Text: "Whether an instance has a GPU is asked first.", Freedom: order,
			apply: ordered(mock.GpuNotSupported, mock.InstanceTypeNotFound, mock.TypeUnsupported, mock.InstanceNotFound, mock.StatusNotSupported)},
		{Name: "same-type-first", Actions: resizes(), Text: "Whether an instance has the type already is asked first, and refused with the superseded code.", Freedom: order,
			apply: func(m *mock.Mock) {
				what := m.Behaviour.Changes[mock.ModifyType]
				what.Rules = slices.Insert(what.Rules, 0, mock.Rule{Applies: sameType, Refusal: mock.TypeNotChanged})
			}},
		{Name: "time-before-signature", Shows: outOfTime, Text: "A signature that is out of time is refused for that, whether it matches or not.", Freedom: order,
			apply: refusing(mock.SignatureFailure, func(c *mock.Call) mock.Refusal {
				return mock.FirstOf(unless(within(c, -mock.ToleranceSeconds, mock.ToleranceSeconds), mock.SignatureExpired), mock.SignatureFailure)
			})},
		{Name: "parameters-before-caller", Actions: resizes(), Text: "What is wrong with the parameters is found before who asks.", Freedom: order,
			apply: func(m *mock.Mock) {
				next := m.Behaviour.Authenticate
				m.Behaviour.Authenticate = func(known mock.Credentials, c *mock.Call) mock.Refusal {
					r := next(known, c)
					if a, exists := m.Behaviour.Actions[c.Action()]; r.Refused() && exists {
						_, wrong := m.Behaviour.Parse(a, c)
						return mock.FirstOf(wrong, r)
					}
					return r
				}
			}},
		{Name: "wrong-types-last", Actions: resizes(), Text: "Missing parameters are found before those of the wrong type.", Freedom: order,
			apply: func(m *mock.Mock) {
				next := m.Behaviour.Parse
				m.Behaviour.Parse = func(a mock.Action, c *mock.Call) (mock.Params, mock.Refusal) {
					p, r := next(a, c)
					if r.Code == mock.WrongType.Code {
						lenient := a
						lenient.Parameters = slices.Clone(a.Parameters)
						for i := range lenient.Parameters {
							lenient.Parameters[i].WrongType = mock.Refusal{}
						}
						if _, missing := next(lenient, c); missing.Code == mock.MissingParameter.Code {
							return p, missing
						}
					}
					return p, r
				}
			}},
		{Name: "things-before-parameters", Text: "Whether there is what a request names is asked before the types and the limits of its parameters.", Freedom: order,
			apply: absentFirst},
	}
}

// absentFirst reports a thing that does not exist before any bad parameter, whichever parameter
// names it.
func absentFirst(m *mock.Mock) {
	next := m.Behaviour.Parse
	m.Behaviour.Parse = func(a mock.Action, c *mock.Call) (mock.Params, mock.Refusal) {
		p, r := next(a, c)
		if !r.Refused() || !gjson.ValidBytes(c.Body) {
			return p, r
		}
		types, body := m.Types(), gjson.ParseBytes(c.Body)
		known := slices.Concat(types.Resizable, types.Unsupported, types.GPU)
		for _, t := range a.Parameters {
			value := body.Get(t.Name)
			for _, named := range value.Array() { // a single string counts as an array of one
				switch {
				case named.Type != gjson.String || named.Str == "", value.IsArray() != (t.Name == "instanceIds"):
				case t.Name == "instanceType" && !slices.Contains(known, named.Str):
					return p, mock.InstanceTypeNotFound
				case strings.HasPrefix(t.Name, "instanceId") && len(m.Store.Named([]string{named.Str})) == 0:
					return p, mock.InstanceNotFound
				}
			}
		}
		return p, r
	}
}

// ordered changes the order of a resize's rules, to one rule for each of the refusals.
func ordered(refusals ...mock.Refusal) injection {
	return func(m *mock.Mock) {
		place := func(r mock.Rule) int {
			return slices.IndexFunc(refusals, func(of mock.Refusal) bool { return of.Code == r.Refusal.Code })
		}
		slices.SortStableFunc(m.Behaviour.Changes[mock.ModifyType].Rules, func(a, b mock.Rule) int { return place(a) - place(b) })
	}
}

// incomplete selects calls without a header that authentication needs.
func incomplete(c *mock.Call) bool {
	return anonymous(c) || lacking("X-ZC-Timestamp")(c) || lacking("X-ZC-Signature-Method")(c)
}

// methodNotAllowed refuses other methods as HTTP defines it.
func methodNotAllowed(m *mock.Mock) {
	next := m.Behaviour.Admit
	m.Behaviour.Admit = func(c *mock.Call) mock.Refusal {
		if c.Request.Method != http.MethodPost {
			return mock.UnauthorizedOperation.Under(http.StatusMethodNotAllowed)
		}
		return next(c)
	}
	deliver := m.Behaviour.Deliver
	m.Behaviour.Deliver = func(w http.ResponseWriter, c *mock.Call, a mock.Answer) {
		if a.Status == http.StatusMethodNotAllowed {
			w.Header().Set("Allow", http.MethodPost)
		}
		deliver(w, c, a)
	}
}

// ofForm refuses ids in another format.
func ofForm(form *regexp.Regexp) injection {
	return func(m *mock.Mock) {
		next := m.Behaviour.Parse
		m.Behaviour.Parse = func(a mock.Action, c *mock.Call) (mock.Params, mock.Refusal) {
			p, r := next(a, c)
			if ofOtherForm(form)(c) {
				return p, mock.PatternError
			}
			return p, r
		}
	}
}

// ofOtherForm selects calls with an id in another format.
func ofOtherForm(form *regexp.Regexp) func(c *mock.Call) bool {
	return func(c *mock.Call) bool {
		ids := []gjson.Result{gjson.GetBytes(c.Body, "instanceId")}
		if list := gjson.GetBytes(c.Body, "instanceIds"); list.IsArray() {
			ids = list.Array()
		}
		return slices.ContainsFunc(ids, func(id gjson.Result) bool {
			return id.Type == gjson.String && id.Str != "" && !form.MatchString(id.Str)
		})
	}
}

// knownMembersOnly refuses bodies with members that the action does not have.
func knownMembersOnly(m *mock.Mock) {
	next := m.Behaviour.Parse
	m.Behaviour.Parse = func(a mock.Action, c *mock.Call) (mock.Params, mock.Refusal) {
		p, r := next(a, c)
		if !r.Refused() && unknownMember(a, c) {
			r = mock.InvalidValue
		}
		return p, r
	}
}

// unknownMember reports whether a body has a member that is no parameter of the action.
func unknownMember(a mock.Action, c *mock.Call) bool {
	unknown := false
	gjson.ParseBytes(c.Body).ForEach(func(name, _ gjson.Result) bool {
		known := slices.ContainsFunc(a.Parameters, func(t mock.Parameter) bool { return t.Name == name.Str })
		unknown = !known && name.Type == gjson.String
		return !unknown
	})
	return unknown
}

// contents changes the error for bodies without parameters, where a 400 pair is required.
func contents(with mock.Refusal) injection {
	return func(m *mock.Mock) {
		for name := range m.Behaviour.Actions {
			holding(name, func(t *mock.Content) {
				t.MediaType, t.Malformed, t.NoObject = with, with, with
				if t.Empty.Refused() {
					t.Empty = with
				}
			})(m)
		}
	}
}

// requiring changes the errors for empty required parameters.
func requiring(null, emptyID, emptyType mock.Refusal) injection {
	return together(
		taking(mock.ModifyType, "instanceId", func(t *mock.Parameter) { t.Null, t.Empty = null, emptyID }),
		taking(mock.ModifyType, "instanceType", func(t *mock.Parameter) { t.Null, t.Empty = null, emptyType }),
	)
}
