package defects

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/mock"
)

// parameterDefects are mistakes in checking the action's body.
func (p power) parameterDefects() []Defect {
	ids := func(change func(t *mock.Parameter)) injection { return taking(p.name, "instanceIds", change) }
	nothing := func(change func(t *mock.Parameter)) injection { return together(ids(change), p.doingNothing()) }
	return append(p.forceDefects(), []Defect{
		p.defect("ids-optional", "IDS", "% without instanceIds is answered with success.",
			[]string{"E-MISSING"}, nothing(func(t *mock.Parameter) { t.Absent = mock.Refusal{} })),
		p.defect("ids-missing-500", "E-MISSING", "A missing instanceIds brings about an internal error in %.",
			p.own("IDS"), ids(func(t *mock.Parameter) { t.Absent = mock.InternalError })),
		p.defect("ids-missing-as-value", "E-MISSING", "% answers a missing instanceIds as a value that is not allowed.",
			p.own("IDS"), ids(func(t *mock.Parameter) { t.Absent = mock.InvalidValue })),
		p.defect("ids-null-taken", "IDS", "% takes an instanceIds that is null.",
			[]string{"R-PARAMETER-EMPTY"}, nothing(func(t *mock.Parameter) { t.Null = mock.Refusal{} })),
		p.defect("ids-null-500", "IDS", "An instanceIds that is null brings about an internal error in %.",
			[]string{"R-PARAMETER-EMPTY"}, ids(func(t *mock.Parameter) { t.Null = mock.InternalError })),
		p.defect("ids-empty-500", "IDS", "An instanceIds that is empty brings about an internal error in %.",
			[]string{"R-PARAMETER-EMPTY"}, ids(func(t *mock.Parameter) { t.Empty = mock.InternalError })),
		p.defect("empty-id-500", "R-BAD-PARAMETER", "% takes an empty id apart and brings about an internal error.",
			nil, overflowing(p.name, func(q mock.Params) bool { return slices.Contains(q.InstanceIDs, "") })),
		p.defect("ids-text-taken", "E-WRONG-TYPE", "% takes one id, as a text, for a list of it.",
			p.own("IDS"), coercing(p.name, "instanceIds")),
		p.defect("ids-wrong-type-500", "E-WRONG-TYPE", "An instanceIds of the wrong type brings about an internal error in %.",
			p.own("IDS"), ids(func(t *mock.Parameter) { t.WrongType = mock.InternalError })),
		p.defect("ids-unlimited", "IDS", "% takes more than a hundred ids, and lists those that do not exist as failed.",
			[]string{"E-TOO-LONG"}, // what is taken is not refused
			p.takingMany(func(ids []string) []string { return ids })),
		p.defect("ids-limit-99", "ABSENT", "% refuses a hundred ids.",
			p.own("IDS"), limited(p.name, "instanceIds", 99)),
		p.defect("too-many-ids-as-maximum", "E-TOO-LONG", "% answers more than a hundred ids as a number that is too high.",
			p.own("IDS"), ids(func(t *mock.Parameter) { t.Above = mock.ExceedMaximum })),
		p.defect("too-many-ids-cut-off", "IDS", "% looks at the first hundred ids, lists those that do not exist as failed, and drops the others.",
			[]string{"E-TOO-LONG"}, p.takingMany(func(ids []string) []string { return ids[:mock.MaxIDs] })),
		p.defect("numbers-dropped", "IDS", "% drops what is no text from instanceIds when there is a text besides.",
			[]string{"E-WRONG-TYPE"}, // what is dropped is not refused
			rereading(p.name, func(body []byte) []byte {
				members := object{}
				_ = json.Unmarshal(body, &members)
				list, _ := members["instanceIds"].([]any)
				texts := slices.DeleteFunc(slices.Clone(list), func(id any) bool { _, is := id.(string); return !is })
				if len(texts) == 0 || len(texts) == len(list) {
					return body
				}
				members["instanceIds"] = texts
				return encoded(members)
			})),
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
		p.defect("long-id-500", "R-BAD-PARAMETER", "An id of more than 255 characters overflows a column and brings about an internal error in %.",
			nil, overflowing(p.name, func(q mock.Params) bool {
				return slices.ContainsFunc(q.InstanceIDs, func(id string) bool { return len(id) > 255 })
			})),
		p.defect("blank-id-taken", "R-BAD-PARAMETER", "% drops an id of blanks, and answers a list of nothing else with success.",
			nil, together(asking(p.name, func(q *mock.Params) {
				q.InstanceIDs = slices.DeleteFunc(q.InstanceIDs, func(id string) bool { return id != "" && strings.TrimSpace(id) == "" })
			}), p.doingNothing())),
		p.defect("empty-body-accepted", "BODY", "% with an empty body is answered with success.",
			nil, p.withoutContent(func(c *mock.Call) bool { return len(c.Body) == 0 })),
		p.defect("array-body-500", "BODY", "A body of % that is an array brings about an internal error.",
			nil, holding(p.name, func(t *mock.Content) { t.NoObject = mock.InternalError })),
		p.defect("array-body-taken", "BODY", "% takes a body that is the list of ids itself.",
			nil, rereading(p.name, func(body []byte) []byte {
				if json.Valid(body) && gjson.ParseBytes(body).IsArray() {
					return encoded(object{"instanceIds": json.RawMessage(body)})
				}
				return body
			})),
	}...)
}

// doingNothing answers an empty list with success.
func (p power) doingNothing() injection {
	return performing(p.name, func(_ *mock.Mock, next mock.Perform) mock.Perform {
		return func(m *mock.Mock, c *mock.Call, q mock.Params) mock.Outcome {
			if len(q.InstanceIDs) == 0 {
				return mock.Outcome{Batch: true}
			}
			return next(m, c, q)
		}
	})
}

// takingMany accepts more ids than allowed if none of them exists. It lists the kept ones as
// failed.
func (p power) takingMany(kept func(ids []string) []string) injection {
	return together(unlimited(p.name, "instanceIds"), performing(p.name, func(_ *mock.Mock, next mock.Perform) mock.Perform {
		return func(m *mock.Mock, c *mock.Call, q mock.Params) mock.Outcome {
			if len(q.InstanceIDs) > mock.MaxIDs && len(m.Store.Named(q.InstanceIDs)) == 0 {
				return mock.Outcome{Batch: true, Failed: kept(q.InstanceIDs)}
			}
			return next(m, c, q)
		}
	}))
}

// withoutContent accepts some bodies without parameters, and does nothing.
func (p power) withoutContent(when func(c *mock.Call) bool) injection {
	return together(p.doingNothing(), func(m *mock.Mock) {
		next := m.Behaviour.Parse
		m.Behaviour.Parse = func(a mock.Action, c *mock.Call) (mock.Params, mock.Refusal) {
			if c.Action() == p.name && when(c) {
				return mock.Params{}, mock.Refusal{}
			}
			return next(a, c)
		}
	})
}

// forceDefects are mistakes about the action's boolean parameter, if it has one.
func (p power) forceDefects() []Defect {
	const name = "forceShutdown"
	if p.name != mock.StopName {
		return nil
	}
	return []Defect{
		p.defect("force-required", "CARRIED-OUT", "% refuses a request without "+name+".",
			p.own("FORCE", "BATCH", "DENIED", "ABSENT", "RECYCLED"), taking(p.name, name, func(t *mock.Parameter) { t.Absent = mock.MissingParameter })),
		p.defect("force-false-refused", "CARRIED-OUT", "% refuses a "+name+" that is false.",
			p.own("FORCE", "DENIED"), p.refusing(name, "false")),
		p.defect("force-true-refused", "CARRIED-OUT", "% refuses a "+name+" that is true.",
			p.own("FORCE", "DENIED"), p.refusing(name, "true")),
		p.defect("force-coerced", "FORCE", "% takes a "+name+" of any type.",
			[]string{"E-WRONG-TYPE"}, coercing(p.name, name)),
		p.defect("force-null-swallowed", "CARRIED-OUT", "% with a "+name+" that is null is answered with success and not carried out.",
			append(p.own("TRANSIENT", "END"), "C-OPTIONAL-EMPTY"), // a success that nothing follows
			p.swallowing(name, "null", mock.Running)),
		p.defect("force-false-swallowed", "ONLY-FROM", "% of a stopped instance is answered with success when "+name+" is false.",
			p.own("DENIED"), p.swallowing(name, "false", mock.Stopped)),
		p.defect("force-while-busy", "ONLY-FROM", "% takes an instance at work when "+name+" is true.",
			p.own("DENIED"), performing(p.name, func(_ *mock.Mock, next mock.Perform) mock.Perform {
				return func(m *mock.Mock, c *mock.Call, asked mock.Params) mock.Outcome {
					o := next(m, c, asked)
					busy := func(in mock.Instance) bool {
						return slices.Contains([]string{"REBOOT", "BOOTING", mock.Resizing}, in.Status)
					}
					if gjson.GetBytes(c.Body, name).Raw == "true" && holds(m, asked.InstanceIDs[0], c, busy) {
						begin(m, p.name, asked.InstanceIDs[0], "", c.Now)
						return mock.Outcome{Batch: true}
					}
					return o
				}
			})),
		p.defect("force-null-500", "C-OPTIONAL-EMPTY", "A "+name+" that is null brings about an internal error in %.",
			p.own("FORCE"), taking(p.name, name, func(t *mock.Parameter) { t.Null = mock.InternalError })),
	}
}

// refusing refuses a value of a parameter in its JSON form.
func (p power) refusing(parameter, value string) injection {
	return performing(p.name, func(_ *mock.Mock, next mock.Perform) mock.Perform {
		return func(m *mock.Mock, c *mock.Call, asked mock.Params) mock.Outcome {
			if gjson.GetBytes(c.Body, parameter).Raw == value {
				return mock.Outcome{Refusal: mock.InvalidValue}
			}
			return next(m, c, asked)
		}
	})
}

// swallowing answers with success, without doing anything, if a parameter has a value in its JSON
// form and the first instance is in a status.
func (p power) swallowing(parameter, value, status string) injection {
	return performing(p.name, func(_ *mock.Mock, next mock.Perform) mock.Perform {
		return func(m *mock.Mock, c *mock.Call, asked mock.Params) mock.Outcome {
			if gjson.GetBytes(c.Body, parameter).Raw == value && holds(m, asked.InstanceIDs[0], c, func(in mock.Instance) bool { return in.Status == status }) {
				return mock.Outcome{Batch: true}
			}
			return next(m, c, asked)
		}
	})
}
