package defects

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/mock"
)

// parameterDefects are mistakes in checking the members of a request body.
func parameterDefects() []Defect {
	resize := func(name string, change func(t *mock.Parameter)) injection {
		return taking(mock.ModifyType, name, change)
	}
	both := func(change func(t *mock.Parameter)) injection {
		return together(resize("instanceId", change), resize("instanceType", change))
	}
	return append(optionalDefects(), []Defect{
		{"missing-422", "E-MISSING", "A missing parameter is answered with the right code under 422.",
			pairStated(), both(func(t *mock.Parameter) { t.Absent = t.Absent.Under(422) })},
		{"missing-as-wrong-type", "E-MISSING", "A missing parameter is answered as one of the wrong type.",
			nil, both(func(t *mock.Parameter) { t.Absent = mock.WrongType })},
		{"missing-code-misspelt", "E-MISSING", "The code for a missing parameter is in the plural.",
			pairStated(), both(func(t *mock.Parameter) { t.Absent = t.Absent.Coded("MISSING_PARAMETERS") })},
		{"missing-instance-id-as-unknown", "E-MISSING", "A missing instanceId is looked up as the empty text and not found.",
			[]string{"M-INSTANCE-ID"}, // it is not treated as required
			resize("instanceId", func(t *mock.Parameter) { t.Absent = mock.InstanceNotFound })},
		{"missing-instance-type-500", "E-MISSING", "A missing instanceType brings about an internal error.",
			nil, resize("instanceType", func(t *mock.Parameter) { t.Absent = mock.InternalError })},
		{"missing-code-by-name", "E-MISSING", "The code for a missing instanceType names the parameter.",
			pairStated(), resize("instanceType", func(t *mock.Parameter) { t.Absent = t.Absent.Coded("MISSING_INSTANCE_TYPE") })},

		{"wrong-type-as-value", "E-WRONG-TYPE", "A parameter of the wrong type is answered as a value that is not allowed.",
			nil, both(func(t *mock.Parameter) { t.WrongType = mock.InvalidValue })},
		{"wrong-type-as-missing", "E-WRONG-TYPE", "A parameter of the wrong type is answered as a missing one.",
			nil, both(func(t *mock.Parameter) { t.WrongType = mock.MissingParameter })},
		{"wrong-type-500", "E-WRONG-TYPE", "An instanceId of the wrong type brings about an internal error.",
			nil, resize("instanceId", func(t *mock.Parameter) { t.WrongType = mock.InternalError })},
		{"wrong-type-in-reads-500", "E-WRONG-TYPE", "A pageSize of the wrong type brings about an internal error.",
			nil, together(
				taking(mock.DescribeStatus, "pageSize", func(t *mock.Parameter) { t.WrongType = mock.InternalError }),
				taking(mock.DescribeInstances, "pageSize", func(t *mock.Parameter) { t.WrongType = mock.InternalError }))},
		{"wrong-type-code-shortened", "E-WRONG-TYPE", "The code for a filter of the wrong type in DescribeInstances is INVALID_TYPE.",
			append(pairStated(), "C-INSTANCES-IDS"), // a number among ids is refused so, too
			together(
				taking(mock.DescribeInstances, "zoneId", func(t *mock.Parameter) { t.WrongType = t.WrongType.Coded("INVALID_TYPE") }),
				taking(mock.DescribeInstances, "name", func(t *mock.Parameter) { t.WrongType = t.WrongType.Coded("INVALID_TYPE") }),
				taking(mock.DescribeInstances, "instanceIds", func(t *mock.Parameter) { t.WrongType = t.WrongType.Coded("INVALID_TYPE") }))},

		{"long-name-500", "R-BAD-PARAMETER", "A name of more than 255 characters overflows a column and brings about an internal error.",
			nil, overflowing(mock.DescribeInstances, func(p mock.Params) bool { return len(p.Name) > 255 })},
		{"nul-in-name-500", "R-BAD-PARAMETER", "A NUL in a name cannot be asked of the database and brings about an internal error.",
			nil, overflowing(mock.DescribeInstances, func(p mock.Params) bool { return strings.Contains(p.Name, "\x00") })},
		{"nul-in-id-500", "R-BAD-PARAMETER", "A NUL in an id of DescribeInstancesStatus brings about an internal error.",
			nil, overflowing(mock.DescribeStatus, func(p mock.Params) bool { return strings.Contains(strings.Join(p.InstanceIDs, ""), "\x00") })},
		{"empty-id-500", "R-BAD-PARAMETER", "DescribeInstances takes an empty id apart and brings about an internal error.",
			nil, overflowing(mock.DescribeInstances, func(p mock.Params) bool { return slices.Contains(p.InstanceIDs, "") })},
		{"backslash-in-name-500", "R-BAD-PARAMETER", "A backslash in a name spoils a pattern of the database and brings about an internal error.",
			nil, overflowing(mock.DescribeInstances, func(p mock.Params) bool { return strings.Contains(p.Name, `\`) })},
		{"quote-in-name-500", "R-BAD-PARAMETER", "An apostrophe in a name ends a text of SQL and brings about an internal error.",
			nil, overflowing(mock.DescribeInstances, func(p mock.Params) bool { return strings.Contains(p.Name, "'") })},
		{"long-type-500", "R-BAD-PARAMETER", "An instanceType of more than 255 characters overflows a column and brings about an internal error.",
			nil, overflowing(mock.ModifyType, func(p mock.Params) bool { return len(p.InstanceType) > 255 })},
	}...)
}

// takenDefects accept invalid parameters of a resize.
func takenDefects() []Defect {
	resize := func(name string, change func(t *mock.Parameter)) injection {
		return taking(mock.ModifyType, name, change)
	}
	return []Defect{
		{"instance-id-optional", "M-INSTANCE-ID", "A resize without instanceId is answered with success.",
			[]string{"E-MISSING"}, // what is taken is not refused
			optionalInResize("instanceId", func(p mock.Params) bool { return p.InstanceID == "" })},
		{"instance-id-coerced", "E-WRONG-TYPE", "An instanceId of any type is looked up as the text that it looks like.",
			[]string{"M-INSTANCE-ID"}, // the parameter is then not the string it has to be
			coercing(mock.ModifyType, "instanceId")},
		{"instance-id-in-array-resized", "M-INSTANCE-ID", "An instanceId in an array is taken for the id, and the instance is resized.",
			[]string{"E-WRONG-TYPE"}, // what is taken is not refused
			rereading(mock.ModifyType, func(body []byte) []byte {
				members := object{}
				_ = json.Unmarshal(body, &members)
				list, _ := members["instanceId"].([]any)
				if len(list) == 0 {
					return body
				}
				members["instanceId"] = list[0]
				return encoded(members)
			})},
		{"instance-type-optional", "M-INSTANCE-TYPE", "A resize without instanceType leads to the smallest type.",
			[]string{"E-MISSING"}, // what is taken is not refused
			together(resize("instanceType", func(t *mock.Parameter) { t.Absent = mock.Refusal{} }), asking(mock.ModifyType, func(p *mock.Params) {
				if p.InstanceType == "" {
					p.InstanceType = mock.NewCatalogue(nil).Types.Resizable[0]
				}
			}))},
		{"instance-type-coerced", "E-WRONG-TYPE", "An instanceType of any type is looked up as the text that it looks like.",
			[]string{"M-INSTANCE-TYPE"}, // the parameter is then not the string it has to be
			coercing(mock.ModifyType, "instanceType")},

		{"null-instance-id-500", "R-PARAMETER-EMPTY", "An instanceId that is null brings about an internal error.",
			nil, resize("instanceId", func(t *mock.Parameter) { t.Null = mock.InternalError })},
		{"null-instance-type-taken", "R-PARAMETER-EMPTY", "A resize to a type that is null is answered with success.",
			nil, nothingForType(func(t *mock.Parameter) { t.Null = mock.Refusal{} })},
		{"empty-instance-type-taken", "R-PARAMETER-EMPTY", "A resize to a type that is the empty text is answered with success.",
			nil, nothingForType(func(t *mock.Parameter) { t.Empty = mock.Refusal{} })},
		{"empty-instance-id-500", "R-PARAMETER-EMPTY", "An instanceId that is the empty text brings about an internal error.",
			nil, resize("instanceId", func(t *mock.Parameter) { t.Empty = mock.InternalError })},
	}
}

// optionalInResize accepts a resize without a parameter, and does nothing.
func optionalInResize(name string, lacks func(p mock.Params) bool) injection {
	return together(taking(mock.ModifyType, name, func(t *mock.Parameter) { t.Absent = mock.Refusal{} }), succeedingWhen(lacks))
}

// succeedingWhen answers some resizes with success without doing anything.
func succeedingWhen(when func(p mock.Params) bool) injection {
	return performing(mock.ModifyType, func(_ *mock.Mock, next mock.Perform) mock.Perform {
		return func(m *mock.Mock, c *mock.Call, p mock.Params) mock.Outcome {
			if when(p) {
				return mock.Outcome{}
			}
			return next(m, c, p)
		}
	})
}

// nothingForType accepts an empty instanceType, and does nothing.
func nothingForType(change func(t *mock.Parameter)) injection {
	return together(taking(mock.ModifyType, "instanceType", change), succeedingWhen(func(p mock.Params) bool { return p.InstanceType == "" }))
}

// optionalDefects require optional parameters, or fail because of them.
func optionalDefects() []Defect {
	return []Defect{
		{"status-needs-ids", "C-STATUS-OPTIONAL", "DescribeInstancesStatus refuses a request without instanceIds.",
			nil, taking(mock.DescribeStatus, "instanceIds", func(t *mock.Parameter) { t.Absent = mock.MissingParameter })},
		{"status-needs-page-size", "C-STATUS-OPTIONAL", "DescribeInstancesStatus refuses a request without pageSize that names no instance.",
			[]string{"C-STATUS-PAGE-DEFAULT"}, // no page comes without one
			refusingUnpaged(mock.DescribeStatus)},
		{"instances-need-ids", "C-INSTANCES-OPTIONAL", "DescribeInstances refuses a request without instanceIds.",
			nil, taking(mock.DescribeInstances, "instanceIds", func(t *mock.Parameter) { t.Absent = mock.MissingParameter })},

		{"null-ids-500", "C-OPTIONAL-EMPTY", "An instanceIds that is null brings about an internal error.",
			nil, taking(mock.DescribeStatus, "instanceIds", func(t *mock.Parameter) { t.Null = mock.InternalError })},
		{"null-page-size-500", "C-OPTIONAL-EMPTY", "A pageSize that is null brings about an internal error in DescribeInstances.",
			nil, taking(mock.DescribeInstances, "pageSize", func(t *mock.Parameter) { t.Null = mock.InternalError })},
		{"empty-ids-match-nothing", "C-OPTIONAL-EMPTY", "An instanceIds that is empty matches no instance in DescribeInstancesStatus.",
			nil, emptyMatchesNothing(mock.DescribeStatus)},
		{"instances-empty-ids-match-nothing", "C-OPTIONAL-EMPTY", "An instanceIds that is empty matches no instance in DescribeInstances.",
			nil, emptyMatchesNothing(mock.DescribeInstances)},
		{"null-filter-matches-nothing", "C-OPTIONAL-EMPTY", "A zoneId that is null matches no instance.",
			nil, performing(mock.DescribeInstances, func(_ *mock.Mock, next mock.Perform) mock.Perform {
				return func(m *mock.Mock, c *mock.Call, p mock.Params) mock.Outcome {
					if zone := gjson.GetBytes(c.Body, "zoneId"); zone.Exists() && zone.Type == gjson.Null {
						p.ZoneID = "none"
					}
					return next(m, c, p)
				}
			})},
		{"empty-filter-500", "C-OPTIONAL-EMPTY", "A name that is the empty text brings about an internal error.",
			nil, taking(mock.DescribeInstances, "name", func(t *mock.Parameter) { t.Empty = mock.InternalError })},
		{"empty-body-of-read-500", "C-OPTIONAL-EMPTY", "An empty body brings about an internal error in DescribeInstancesStatus.",
			[]string{"C-STATUS-OPTIONAL"}, // it states that nothing has to be there
			holding(mock.DescribeStatus, func(t *mock.Content) { t.Empty = mock.InternalError })},
	}
}

// refusingUnpaged requires pageSize if no instance is named.
func refusingUnpaged(action string) injection {
	return together(defaulting(action, -1), performing(action, func(_ *mock.Mock, next mock.Perform) mock.Perform {
		return func(m *mock.Mock, c *mock.Call, p mock.Params) mock.Outcome {
			switch {
			case p.PageSize >= 0:
			case len(p.InstanceIDs) == 0:
				return mock.Outcome{Refusal: mock.MissingParameter}
			default:
				p.PageSize = 20
			}
			return next(m, c, p)
		}
	}))
}

// emptyMatchesNothing treats an empty array of ids as a filter that matches nothing.
func emptyMatchesNothing(action string) injection {
	return taking(action, "instanceIds", func(t *mock.Parameter) {
		t.Set = func(p *mock.Params, v gjson.Result) {
			if mock.SetIDs(p, v); len(p.InstanceIDs) == 0 {
				p.InstanceIDs = []string{"none"}
			}
		}
	})
}

// overflowing makes an action fail internally on parameters that it should refuse or search for.
func overflowing(action string, on func(p mock.Params) bool) injection {
	return performing(action, func(_ *mock.Mock, next mock.Perform) mock.Perform {
		return func(m *mock.Mock, c *mock.Call, p mock.Params) mock.Outcome {
			if on(p) {
				return mock.Outcome{Refusal: mock.InternalError}
			}
			return next(m, c, p)
		}
	})
}
