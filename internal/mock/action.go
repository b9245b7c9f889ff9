package mock

import (
	"maps"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// The names of the actions (M, C, A).
const (
	modifyType        = "ModifyInstanceType"
	describeStatus    = "DescribeInstancesStatus"
	describeInstances = "DescribeInstances"
	startName         = "StartInstances"
	stopName          = "StopInstances"
	rebootName        = "RebootInstances"
)

// action is one thing that the header X-ZC-Action can ask for (M, S).
type action struct {
	parameters []parameter
	defaults   params
	content    content
	perform    perform
}

// perform does what an action is for, once its parameters are right.
type perform func(m *Mock, c *call, p params) outcome

// actions returns the actions the mock serves.
func actions() map[string]action {
	first := params{pageSize: 20, pageNum: 1} // C: the defaults
	return map[string]action{
		startName: {
			parameters: []parameter{named()},
			content:    demanding(),
			perform:    changing(startName),
		},
		stopName: {
			parameters: []parameter{named(), yesNo("forceShutdown")}, // absent: forced (A)
			content:    demanding(),
			perform:    changing(stopName),
		},
		rebootName: {
			parameters: []parameter{named(), {
				name: "forceReboot", kind: boolean, wrongType: wrongType.because("forceReboot is not a boolean"),
				set: func(p *params, v gjson.Result) { p.force = v.Bool() },
			}},
			content: demanding(),
			perform: changing(rebootName),
		},
		modifyType: {
			parameters: []parameter{
				required("instanceId", func(p *params, v string) { p.instanceID = v }),
				required("instanceType", func(p *params, v string) { p.instanceType = v }),
			},
			content: demanding(),
			perform: changing(modifyType),
		},
		describeStatus: {
			parameters: slices.Concat(listing(), []parameter{resourceGroup()}),
			defaults:   first,
			content:    lenient(),
			perform:    list(statusRow),
		},
		describeInstances: {
			parameters: slices.Concat(listing(), []parameter{
				resourceGroup(),
				optional("zoneId", func(p *params, v string) { p.zoneID = v }),
				optional("imageId", func(p *params, v string) { p.imageID = v }),
				optional("status", func(p *params, v string) { p.status = v }),
				optional("name", func(p *params, v string) { p.name = v }),
				optional("ipv4Address", func(p *params, v string) { p.ipv4Address = v }),
				optional("ipv6Address", func(p *params, v string) { p.ipv6Address = v }),
				tagKeys(), tags(),
			}),
			defaults: first,
			content:  lenient(),
			perform:  list(instanceRow),
		},
	}
}

func resourceGroup() parameter {
	return optional("resourceGroupId", func(p *params, v string) { p.resourceGroupID = v })
}

// Actions returns the names of the actions the mock serves, sorted.
func (m *Mock) Actions() []string { return slices.Sorted(maps.Keys(m.behaviour.actions)) }

// dispatch finds the action by its header alone. One that does not exist is answered as
// E suggests; a missing header is no action either. The message names those there are.
func dispatch(actions map[string]action, c *call) (action, refusal) {
	a, exists := actions[c.action()]
	if !exists {
		return action{}, unauthorizedOperation.because("the interface does not exist: X-ZC-Action is one of " + strings.Join(slices.Sorted(maps.Keys(actions)), ", "))
	}
	return a, refusal{}
}
