package plan

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/guard"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/target"
	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/steps"
)

// asWritten is the requested value of a call whose sentence says no more.
const asWritten = "what its step says"

// toBring is the purpose of a call that brings an instance into the status that a scenario needs.
const toBring = "the status that the scenario needs"

// caller determines what the steps of one case call.
type caller struct {
	suite.Case
	brought []string // the actions that prepare its instances
	at      target.Inventory
	api     *contract.Contract
	guard   *guard.Guard
}

// calls returns the calls that are not known to be reads, with equal ones combined.
func (c caller) calls() []Call {
	var list []Call
	for _, action := range c.brought {
		list = append(list, Call{Action: action, To: toBring, Instances: []string{}, Times: Range{1, 1}})
	}
	succeeds, last := false, ""
	for _, step := range c.Steps {
		metadata := step.Match.Metadata()
		succeeds = succeeds || slices.Contains(metadata.Statuses, "200")
		if metadata.Again > 0 && len(list) > 0 {
			list[len(list)-1].Times.add(0, metadata.Again)
		}
		known := metadata.Calls
		if len(known) == 0 {
			known = c.unproved(metadata)
		}
		for _, call := range known {
			if call.Action == "" {
				call.Action = last
			}
			last = call.Action
			withheld := c.withheld(metadata, call.Action)
			i := slices.IndexFunc(list, func(known Call) bool {
				return known.Action == call.Action && known.To == call.To && known.Withheld == withheld
			})
			if i < 0 {
				i = len(list)
				list = append(list, Call{Action: call.Action, To: call.To, Instances: []string{}, Refused: true, Harmless: true, Withheld: withheld})
			}
			list[i].Refused = list[i].Refused && !call.Begins
			list[i].Harmless = list[i].Harmless && call.Harmless
			list[i].Times.add(call.Least, call.Most)
		}
	}
	for i := range list {
		c.complete(&list[i], succeeds)
	}
	return list
}

// complete adds to a call the instances that it may be made on and the values that it may request.
func (c caller) complete(call *Call, succeeds bool) {
	config := c.at.Config()
	call.Refused = call.Refused && !succeeds
	call.Harmless = call.Harmless || len(c.Needs.Instances) == 0
	if len(c.Needs.Instances) > 0 && call.To != asWritten {
		call.Instances = c.at.Candidates(c.Needs.Instances, 0)
	}
	if config.Parallel == 1 && len(call.Instances) > 1 {
		call.Instances = call.Instances[:1]
	}
	if call.To == steps.ToAnother && c.Needs.Resizable > 0 {
		call.Types = config.InstanceTypes.Resizable
	}
}

// unproved returns the calls of a step whose sentence describes no change, if they are not known to
// be reads.
func (c caller) unproved(metadata steps.Metadata) []steps.Call {
	var list []steps.Call
	for _, action := range metadata.Actions {
		if !c.guard.Reads(c.request(metadata, action)) {
			list = append(list, steps.Call{Action: action, To: asWritten, Least: 1, Most: 1, Harmless: true})
		}
	}
	return list
}

// withheld returns why a call of a step must not be sent, "" if it may be.
func (c caller) withheld(metadata steps.Metadata, action string) string {
	var refusal *guard.Refusal
	if errors.As(c.guard.Check(c.request(metadata, action)), &refusal) {
		return refusal.Reason
	}
	return ""
}

// request builds a request as the step would. Where the step does not say which instance to name,
// it uses an id that does not exist, because the instances that the run itself names are allowed.
func (c caller) request(metadata steps.Metadata, action string) wire.Request {
	op, known := c.api.Operation(action)
	if !known {
		op = c.api.Operations()[0]
		op.Action = action
	}
	body := spelledOut(string(metadata.Body))
	if metadata.Body == nil {
		body = c.parameters(metadata, op)
	}
	return wire.Request{Operation: op, Method: metadata.Method, Body: body}
}

// spelledOut replaces the placeholders for what a run knows about its own instances.
func spelledOut(text string) []byte {
	return []byte(steps.SpellOut(text, target.AbsentInstance, target.AbsentInstance))
}

func (c caller) parameters(metadata steps.Metadata, op wire.Operation) []byte {
	parameters := map[string]json.RawMessage{}
	if l, changes := c.api.Lifecycle(op); changes {
		parameters[l.Subject], _ = json.Marshal(target.AbsentInstance) // marshalling a string never fails
	} else if request, _ := c.api.Request(op); len(c.Needs.Instances) > 0 && metadata.Method != "" {
		for _, m := range request.Members {
			if m.Schema.Type == "array" && m.Schema.Resource != "" {
				parameters[m.Name], _ = json.Marshal([]string{target.AbsentInstance})
			}
		}
	}
	for _, p := range metadata.Parameters {
		if p.How == steps.AsJSON {
			value := string(spelledOut(p.JSON))
			if slices.Contains(metadata.Parameters, steps.Parameter{Name: p.Name, How: steps.Unknown}) { // the step makes up the ids
				value = strings.ReplaceAll(value, `""`, `"`+target.AbsentInstance+`"`)
			}
			parameters[p.Name] = json.RawMessage(value)
		}
	}
	body, err := json.Marshal(parameters)
	if err != nil { // the value is not JSON, which ends the scenario
		return []byte("{}")
	}
	return body
}
