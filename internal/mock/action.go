package mock

import (
	"maps"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// The names of the actions (M, C, A).
const (
	ModifyType        = "ModifyInstanceType"
	DescribeStatus    = "DescribeInstancesStatus"
	DescribeInstances = "DescribeInstances"
	StartName         = "StartInstances"
	StopName          = "StopInstances"
	RebootName        = "RebootInstances"
)

// Action is an action that the header X-ZC-Action can select (M, S).
type Action struct {
	Parameters []Parameter
	Defaults   Params
	Content    Content
	Perform    Perform
}

// Perform carries out an action after its parameters have been checked.
type Perform func(m *Mock, c *Call, p Params) Outcome

// Actions returns the actions the mock serves.
func Actions() map[string]Action {
	first := Params{PageSize: 20, PageNum: 1} // C: the defaults
	return map[string]Action{
		StartName: {
			Parameters: []Parameter{named()},
			Content:    demanding(),
			Perform:    changing(StartName),
		},
		StopName: {
			Parameters: []Parameter{named(), yesNo("forceShutdown")}, // if absent, the shutdown is forced (A)
			Content:    demanding(),
			Perform:    changing(StopName),
		},
		RebootName: {
			Parameters: []Parameter{named(), {
				Name: "forceReboot", Kind: boolean, WrongType: WrongType.Because("forceReboot is not a boolean"),
				Set: func(p *Params, v gjson.Result) { p.force = v.Bool() },
			}},
			Content: demanding(),
			Perform: changing(RebootName),
		},
		ModifyType: {
			Parameters: []Parameter{
				required("instanceId", func(p *Params, v string) { p.InstanceID = v }),
				required("instanceType", func(p *Params, v string) { p.InstanceType = v }),
			},
			Content: demanding(),
			Perform: changing(ModifyType),
		},
		DescribeStatus: {
			Parameters: slices.Concat(listing(), []Parameter{resourceGroup()}),
			Defaults:   first,
			Content:    lenient(),
			Perform:    list(statusRow),
		},
		DescribeInstances: {
			Parameters: slices.Concat(listing(), []Parameter{
				resourceGroup(),
				optional("zoneId", func(p *Params, v string) { p.ZoneID = v }),
				optional("imageId", func(p *Params, v string) { p.ImageID = v }),
				optional("status", func(p *Params, v string) { p.Status = v }),
				optional("name", func(p *Params, v string) { p.Name = v }),
				optional("ipv4Address", func(p *Params, v string) { p.Ipv4Address = v }),
				optional("ipv6Address", func(p *Params, v string) { p.Ipv6Address = v }),
				tagKeys(), tags(),
			}),
			Defaults: first,
			Content:  lenient(),
			Perform:  list(instanceRow),
		},
	}
}

func resourceGroup() Parameter {
	return optional("resourceGroupId", func(p *Params, v string) { p.ResourceGroupID = v })
}

// Actions returns the names of the actions the mock serves, sorted.
func (m *Mock) Actions() []string { return slices.Sorted(maps.Keys(m.Behaviour.Actions)) }

// dispatch selects the action by its header alone. It answers an unknown action as E suggests, and
// treats a missing header as one. The message lists the known actions.
func dispatch(actions map[string]Action, c *Call) (Action, Refusal) {
	a, exists := actions[c.Action()]
	if !exists {
		return Action{}, UnauthorizedOperation.Because("the interface does not exist: X-ZC-Action is one of " + strings.Join(slices.Sorted(maps.Keys(actions)), ", "))
	}
	return a, Refusal{}
}
