package mock

import (
	"encoding/json"
	"net/http"

	"github.com/tidwall/gjson"
)

// parameterDefects get wrong how the action's body is checked.
func (p power) parameterDefects() []Defect {
	ids := func(change func(t *parameter)) injection { return taking(p.name, "instanceIds", change) }
	nothing := func(change func(t *parameter)) injection { return together(ids(change), p.doingNothing()) }
	return append(p.forceDefects(), []Defect{
		p.defect("ids-optional", "IDS", "% without instanceIds is answered with success.",
			[]string{"E-MISSING"}, nothing(func(t *parameter) { t.absent = refusal{} })),
		p.defect("ids-missing-500", "E-MISSING", "A missing instanceIds brings about an internal error in %.",
			p.own("IDS"), ids(func(t *parameter) { t.absent = internalError })),
		p.defect("ids-missing-as-value", "E-MISSING", "% answers a missing instanceIds as a value that is not allowed.",
			p.own("IDS"), ids(func(t *parameter) { t.absent = invalidValue })),
		p.defect("ids-null-taken", "IDS", "% takes an instanceIds that is null.",
			[]string{"R-PARAMETER-EMPTY"}, nothing(func(t *parameter) { t.null = refusal{} })),
		p.defect("ids-null-500", "IDS", "An instanceIds that is null brings about an internal error in %.",
			[]string{"R-PARAMETER-EMPTY"}, ids(func(t *parameter) { t.null = internalError })),
		p.defect("ids-empty-500", "IDS", "An instanceIds that is empty brings about an internal error in %.",
			[]string{"R-PARAMETER-EMPTY"}, ids(func(t *parameter) { t.empty = internalError })),
		p.defect("ids-text-taken", "E-WRONG-TYPE", "% takes one id, as a text, for a list of it.",
			p.own("IDS"), coercing(p.name, "instanceIds")),
		p.defect("ids-wrong-type-500", "E-WRONG-TYPE", "An instanceIds of the wrong type brings about an internal error in %.",
			p.own("IDS"), ids(func(t *parameter) { t.wrongType = internalError })),
		p.defect("ids-unlimited", "E-TOO-LONG", "% takes more than a hundred ids.",
			p.own("IDS"), // what is taken is not refused
			unlimited(p.name, "instanceIds")),
		p.defect("ids-limit-99", "ABSENT", "% refuses a hundred ids.",
			p.own("IDS"), limited(p.name, "instanceIds", 99)),
		p.defect("too-many-ids-as-maximum", "E-TOO-LONG", "% answers more than a hundred ids as a number that is too high.",
			p.own("IDS"), ids(func(t *parameter) { t.above = exceedMaximum })),
		p.defect("too-many-ids-cut-off", "E-TOO-LONG", "% looks at the first hundred ids and drops the others.",
			p.own("IDS"), together(unlimited(p.name, "instanceIds"), asking(p.name, func(q *params) {
				q.instanceIDs = q.instanceIDs[:min(maxIDs, len(q.instanceIDs))]
			}))),
		p.defect("instance-id-taken", "IDS", "% takes the instanceId of other actions for a list of one.",
			[]string{"E-MISSING"}, // what is taken is not refused
			rereading(p.name, func(body []byte) []byte {
				members := object{}
				_ = json.Unmarshal(body, &members)
				if id, has := members["instanceId"]; has && members["instanceIds"] == nil {
					members["instanceIds"] = []any{id}
					return encoded(members)
				}
				return body
			})),
		p.defect("empty-body-accepted", "BODY", "% with an empty body is answered with success.",
			nil, p.withoutContent(func(c *call) bool { return len(c.body) == 0 })),
		p.defect("array-body-500", "BODY", "A body of % that is an array brings about an internal error.",
			nil, holding(p.name, func(t *content) { t.noObject = internalError })),
		p.defect("array-body-taken", "BODY", "% takes a body that is the list of ids itself.",
			nil, rereading(p.name, func(body []byte) []byte {
				if json.Valid(body) && gjson.ParseBytes(body).IsArray() {
					return encoded(object{"instanceIds": json.RawMessage(body)})
				}
				return body
			})),
	}...)
}

// doingNothing answers a list of nothing with success.
func (p power) doingNothing() injection {
	return performing(p.name, func(_ *Mock, next perform) perform {
		return func(m *Mock, c *call, q params) outcome {
			if len(q.instanceIDs) == 0 {
				return outcome{batch: true}
			}
			return next(m, c, q)
		}
	})
}

// withoutContent takes some bodies that hold no parameters, and does nothing then.
func (p power) withoutContent(when func(c *call) bool) injection {
	return together(p.doingNothing(), func(m *Mock) {
		next := m.behaviour.parse
		m.behaviour.parse = func(a action, c *call) (params, refusal) {
			if c.action() == p.name && when(c) {
				return params{}, refusal{}
			}
			return next(a, c)
		}
	})
}

// forceDefects get the boolean of the action wrong, where it has one.
func (p power) forceDefects() []Defect {
	const name = "forceShutdown"
	if p.name != stopName {
		return nil
	}
	return []Defect{
		p.defect("force-required", "CARRIED-OUT", "% refuses a request without "+name+".",
			p.own("FORCE", "BATCH", "DENIED", "ABSENT", "RECYCLED"), taking(p.name, name, func(t *parameter) { t.absent = missingParameter })),
		p.defect("force-false-refused", "CARRIED-OUT", "% refuses a "+name+" that is false.",
			p.own("FORCE"), p.refusing(name, "false")),
		p.defect("force-true-refused", "CARRIED-OUT", "% refuses a "+name+" that is true.",
			p.own("FORCE"), p.refusing(name, "true")),
		p.defect("force-coerced", "FORCE", "% takes a "+name+" of any type.",
			[]string{"E-WRONG-TYPE"}, coercing(p.name, name)),
		p.defect("force-null-500", "C-OPTIONAL-EMPTY", "A "+name+" that is null brings about an internal error in %.",
			p.own("FORCE"), taking(p.name, name, func(t *parameter) { t.null = internalError })),
	}
}

// refusing refuses a value of a parameter, as it stands in the body.
func (p power) refusing(parameter, value string) injection {
	return performing(p.name, func(_ *Mock, next perform) perform {
		return func(m *Mock, c *call, asked params) outcome {
			if gjson.GetBytes(c.body, parameter).Raw == value {
				return outcome{refusal: invalidValue}
			}
			return next(m, c, asked)
		}
	})
}

// callerDefects get wrong, for this action alone, who may call it and how.
func (p power) callerDefects() []Defect {
	only := func(pick func(c *call) bool) func(c *call) bool {
		return func(c *call) bool { return c.action() == p.name && pick(c) }
	}
	return []Defect{
		p.defect("anonymous-accepted", "S-AUTH-REQUIRED", "% is carried out without Authorization.",
			nil, instead(only(anonymous), refusal{})),
		p.defect("any-token-accepted", "K-AUTH-TOKEN", "% is carried out with any bearer token.",
			nil, instead(only(wrongToken), refusal{})),
		p.defect("signature-unchecked", "S-SIGN-PASSWORD", "% is carried out whatever its signature.",
			[]string{"E-SIGNATURE", "S-SIGN-BODY", "S-SIGN-HEADERS", "S-SIGN-TIMESTAMP"}, // none of them is looked at
			authenticating(func(_ Credentials, c *call, r refusal) refusal {
				if c.action() == p.name && r.code == signatureFailure.code {
					return refusal{}
				}
				return r
			})),
		p.defect("expired-accepted", "E-EXPIRED", "% is carried out whatever its timestamp.",
			nil, authenticating(func(_ Credentials, c *call, r refusal) refusal {
				if c.action() == p.name && r.code == signatureExpired.code {
					return refusal{}
				}
				return r
			})),
		p.defect("get-served", "R-METHOD-POST", "% is carried out by GET, too.",
			nil, admittingWhen(http.MethodGet, only(func(*call) bool { return true }))),
		p.defect("media-type-ignored", "R-MEDIA-REQUEST", "% does not look at the media type of its body.",
			nil, holding(p.name, func(t *content) { t.mediaType = refusal{} })),
		p.defect("malformed-500", "R-BODY-MALFORMED", "A body of % that is no JSON brings about an internal error.",
			nil, holding(p.name, func(t *content) { t.malformed = internalError })),
	}
}
