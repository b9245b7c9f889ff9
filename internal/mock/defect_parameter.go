package mock

import (
	"encoding/json"
	"strings"

	"github.com/tidwall/gjson"
)

// parameterDefects get wrong how the members of a request body are checked.
func parameterDefects() []Defect {
	resize := func(name string, change func(t *parameter)) injection { return taking(modifyType, name, change) }
	both := func(change func(t *parameter)) injection {
		return together(resize("instanceId", change), resize("instanceType", change))
	}
	return append(optionalDefects(), []Defect{
		{"missing-422", "E-MISSING", "A missing parameter is answered with the right code under 422.",
			pairStated(), both(func(t *parameter) { t.absent = t.absent.under(422) })},
		{"missing-as-wrong-type", "E-MISSING", "A missing parameter is answered as one of the wrong type.",
			nil, both(func(t *parameter) { t.absent = wrongType })},
		{"missing-code-misspelt", "E-MISSING", "The code for a missing parameter is in the plural.",
			pairStated(), both(func(t *parameter) { t.absent = t.absent.coded("MISSING_PARAMETERS") })},
		{"missing-instance-id-as-unknown", "E-MISSING", "A missing instanceId is looked up as the empty text and not found.",
			[]string{"M-INSTANCE-ID"}, // it is not treated as required
			resize("instanceId", func(t *parameter) { t.absent = instanceNotFound })},
		{"missing-instance-type-500", "E-MISSING", "A missing instanceType brings about an internal error.",
			nil, resize("instanceType", func(t *parameter) { t.absent = internalError })},
		{"missing-code-by-name", "E-MISSING", "The code for a missing instanceType names the parameter.",
			pairStated(), resize("instanceType", func(t *parameter) { t.absent = t.absent.coded("MISSING_INSTANCE_TYPE") })},

		{"wrong-type-as-value", "E-WRONG-TYPE", "A parameter of the wrong type is answered as a value that is not allowed.",
			nil, both(func(t *parameter) { t.wrongType = invalidValue })},
		{"wrong-type-as-missing", "E-WRONG-TYPE", "A parameter of the wrong type is answered as a missing one.",
			nil, both(func(t *parameter) { t.wrongType = missingParameter })},
		{"wrong-type-500", "E-WRONG-TYPE", "An instanceId of the wrong type brings about an internal error.",
			nil, resize("instanceId", func(t *parameter) { t.wrongType = internalError })},
		{"wrong-type-in-reads-500", "E-WRONG-TYPE", "A pageSize of the wrong type brings about an internal error.",
			nil, together(
				taking(describeStatus, "pageSize", func(t *parameter) { t.wrongType = internalError }),
				taking(describeInstances, "pageSize", func(t *parameter) { t.wrongType = internalError }))},
		{"wrong-type-code-shortened", "E-WRONG-TYPE", "The code for a filter of the wrong type in DescribeInstances is INVALID_TYPE.",
			pairStated(), together(
				taking(describeInstances, "zoneId", func(t *parameter) { t.wrongType = t.wrongType.coded("INVALID_TYPE") }),
				taking(describeInstances, "name", func(t *parameter) { t.wrongType = t.wrongType.coded("INVALID_TYPE") }),
				taking(describeInstances, "instanceIds", func(t *parameter) { t.wrongType = t.wrongType.coded("INVALID_TYPE") }))},

		{"long-name-500", "R-BAD-PARAMETER", "A name of more than 255 characters overflows a column and brings about an internal error.",
			nil, overflowing(func(p params) bool { return len(p.name) > 255 })},
		{"nul-in-name-500", "R-BAD-PARAMETER", "A NUL in a name cannot be asked of the database and brings about an internal error.",
			nil, overflowing(func(p params) bool { return strings.Contains(p.name, "\x00") })},
	}...)
}

// takenDefects take what is no right parameter of a resize.
func takenDefects() []Defect {
	resize := func(name string, change func(t *parameter)) injection { return taking(modifyType, name, change) }
	return []Defect{
		{"instance-id-optional", "M-INSTANCE-ID", "A resize without instanceId is answered with success.",
			[]string{"E-MISSING"}, // what is taken is not refused
			optionalInResize("instanceId", func(p params) bool { return p.instanceID == "" })},
		{"instance-id-coerced", "E-WRONG-TYPE", "An instanceId of any type is looked up as the text that it looks like.",
			[]string{"M-INSTANCE-ID"}, // the parameter is then not the string it has to be
			coercing(modifyType, "instanceId")},
		{"instance-id-in-array-resized", "M-INSTANCE-ID", "An instanceId in an array is taken for the id, and the instance is resized.",
			[]string{"E-WRONG-TYPE"}, // what is taken is not refused
			rereading(modifyType, func(body []byte) []byte {
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
			together(resize("instanceType", func(t *parameter) { t.absent = refusal{} }), asking(modifyType, func(p *params) {
				if p.instanceType == "" {
					p.instanceType = newCatalogue(nil).types.Resizable[0]
				}
			}))},
		{"instance-type-coerced", "E-WRONG-TYPE", "An instanceType of any type is looked up as the text that it looks like.",
			[]string{"M-INSTANCE-TYPE"}, // the parameter is then not the string it has to be
			coercing(modifyType, "instanceType")},

		{"null-instance-id-500", "R-PARAMETER-EMPTY", "An instanceId that is null brings about an internal error.",
			nil, resize("instanceId", func(t *parameter) { t.null = internalError })},
		{"null-instance-type-taken", "R-PARAMETER-EMPTY", "A resize to a type that is null is answered with success.",
			nil, nothingForType(func(t *parameter) { t.null = refusal{} })},
		{"empty-instance-type-taken", "R-PARAMETER-EMPTY", "A resize to a type that is the empty text is answered with success.",
			nil, nothingForType(func(t *parameter) { t.empty = refusal{} })},
		{"empty-instance-id-500", "R-PARAMETER-EMPTY", "An instanceId that is the empty text brings about an internal error.",
			nil, resize("instanceId", func(t *parameter) { t.empty = internalError })},
	}
}

// optionalInResize takes a resize without a parameter and does nothing then.
func optionalInResize(name string, lacks func(p params) bool) injection {
	return together(taking(modifyType, name, func(t *parameter) { t.absent = refusal{} }), succeedingWhen(lacks))
}

// succeedingWhen answers some resizes with success and does nothing for it.
func succeedingWhen(when func(p params) bool) injection {
	return performing(modifyType, func(_ *Mock, next perform) perform {
		return func(m *Mock, c *call, p params) outcome {
			if when(p) {
				return outcome{}
			}
			return next(m, c, p)
		}
	})
}

// nothingForType takes an instanceType that holds nothing, and does nothing then.
func nothingForType(change func(t *parameter)) injection {
	return together(taking(modifyType, "instanceType", change), succeedingWhen(func(p params) bool { return p.instanceType == "" }))
}

// optionalDefects demand, or stumble over, parameters that may be left out.
func optionalDefects() []Defect {
	return []Defect{
		{"status-needs-ids", "C-STATUS-OPTIONAL", "DescribeInstancesStatus refuses a request without instanceIds.",
			nil, taking(describeStatus, "instanceIds", func(t *parameter) { t.absent = missingParameter })},
		{"status-needs-page-size", "C-STATUS-OPTIONAL", "DescribeInstancesStatus refuses a request without pageSize that names no instance.",
			[]string{"C-STATUS-PAGE-DEFAULT"}, // no page comes without one
			refusingUnpaged(describeStatus)},
		{"instances-need-ids", "C-INSTANCES-OPTIONAL", "DescribeInstances refuses a request without instanceIds.",
			nil, taking(describeInstances, "instanceIds", func(t *parameter) { t.absent = missingParameter })},

		{"null-ids-500", "C-OPTIONAL-EMPTY", "An instanceIds that is null brings about an internal error.",
			nil, taking(describeStatus, "instanceIds", func(t *parameter) { t.null = internalError })},
		{"null-page-size-500", "C-OPTIONAL-EMPTY", "A pageSize that is null brings about an internal error in DescribeInstances.",
			nil, taking(describeInstances, "pageSize", func(t *parameter) { t.null = internalError })},
		{"empty-ids-match-nothing", "C-OPTIONAL-EMPTY", "An instanceIds that is empty matches no instance in DescribeInstancesStatus.",
			nil, emptyMatchesNothing(describeStatus)},
		{"instances-empty-ids-match-nothing", "C-OPTIONAL-EMPTY", "An instanceIds that is empty matches no instance in DescribeInstances.",
			nil, emptyMatchesNothing(describeInstances)},
		{"null-filter-matches-nothing", "C-OPTIONAL-EMPTY", "A zoneId that is null matches no instance.",
			nil, performing(describeInstances, func(_ *Mock, next perform) perform {
				return func(m *Mock, c *call, p params) outcome {
					if zone := gjson.GetBytes(c.body, "zoneId"); zone.Exists() && zone.Type == gjson.Null {
						p.zoneID = "none"
					}
					return next(m, c, p)
				}
			})},
		{"empty-filter-500", "C-OPTIONAL-EMPTY", "A name that is the empty text brings about an internal error.",
			nil, taking(describeInstances, "name", func(t *parameter) { t.empty = internalError })},
		{"empty-body-of-read-500", "C-OPTIONAL-EMPTY", "An empty body brings about an internal error in DescribeInstancesStatus.",
			[]string{"C-STATUS-OPTIONAL"}, // it states that nothing has to be there
			holding(describeStatus, func(t *content) { t.empty = internalError })},
	}
}

// refusingUnpaged demands pageSize of those who name no instance.
func refusingUnpaged(action string) injection {
	return together(defaulting(action, -1), performing(action, func(_ *Mock, next perform) perform {
		return func(m *Mock, c *call, p params) outcome {
			switch {
			case p.pageSize >= 0:
			case len(p.instanceIDs) == 0:
				return outcome{refusal: missingParameter}
			default:
				p.pageSize = 20
			}
			return next(m, c, p)
		}
	}))
}

// emptyMatchesNothing takes an empty array of ids for a filter that nothing passes.
func emptyMatchesNothing(action string) injection {
	return taking(action, "instanceIds", func(t *parameter) {
		t.set = func(p *params, v gjson.Result) {
			if setIDs(p, v); len(p.instanceIDs) == 0 {
				p.instanceIDs = []string{"none"}
			}
		}
	})
}

// overflowing lets DescribeInstances fail inside on parameters it should have refused or searched for.
func overflowing(on func(p params) bool) injection {
	return performing(describeInstances, func(_ *Mock, next perform) perform {
		return func(m *Mock, c *call, p params) outcome {
			if on(p) {
				return outcome{refusal: internalError}
			}
			return next(m, c, p)
		}
	})
}
