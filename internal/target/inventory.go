package target

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/steps"
)

// Stock returns what the target has, as a run schedules it.
func (r *Remote) Stock() Inventory { return r.pool.Inventory }

// Inventory is what a target has for scenarios, as its configuration lists it. What it
// lacks and what it lends are the same for a plan and for a run.
type Inventory struct {
	config Config
	hmac   bool // has a signing key
	bearer bool // has a token
}

// Inventory returns what the target has, by its configuration and the environment.
func (c Config) Inventory(env func(string) string) (Inventory, error) {
	creds, err := c.credentials(env)
	return Inventory{config: c, hmac: creds.KeyID != "", bearer: !creds.Token.Empty() || c.Credentials.tokenSource() != nil}, err
}

// Named returns what the target has if the variables that the configuration names are set.
func (c Config) Named() Inventory {
	return Inventory{config: c, hmac: c.Credentials.KeyID != "", bearer: c.Credentials.Token != ""}
}

// Lacks returns a *steps.Lacking when the target does not have what is needed, whoever
// holds it at the moment.
func (i Inventory) Lacks(needs steps.Needs) error { return i.lacks(needs, nil) }

func (i Inventory) lacks(needs steps.Needs, withdrawn map[string]bool) error {
	lack := func(unlock, text string, args ...any) error {
		return &steps.Lacking{Reason: language.English.Say(text, args...), Unlock: unlock}
	}
	calls := i.config.calls
	if _, short := i.match(needs.Instances, nil, withdrawn); short != nil {
		if _, listed := i.match(needs.Instances, nil, nil); listed == nil {
			return lack("", "{0} that was {1} could not be restored, so it is not used again", calls.an(), short.Status)
		}
		if short.GPU {
			return lack(listing(*short), "the target lists too few GPU {0} that are {1}", calls.kinds(), short.Status)
		}
		return lack(listing(*short), "the target lists too few {0} that are {1}", calls.kinds(), short.Status)
	}
	if len(needs.Instances) > 0 {
		for _, action := range needs.Changes {
			if !i.config.Allows(action) {
				return lack(i.config.allowing(needs.Changes), "{0} is not in the target's allow list", action)
			}
		}
		if _, short := i.match(needs.Instances, needs.Changes, withdrawn); short != nil {
			return lack("", "no allowed action leads {0} back to {1} after {2}", calls.an(), short.Status, strings.Join(needs.Changes, ", "))
		}
	}
	types := i.config.InstanceTypes
	switch {
	case len(types.Resizable) < needs.Resizable:
		return lack("instanceTypes: {resizable: [TYPE, TYPE]}", "the target lists {0} resizable {1}, the scenario needs {2}", len(types.Resizable), calls.values(), needs.Resizable)
	case needs.Generated && !i.config.Generate:
		return lack("generate: true", "generate is not set for the target: generated requests are many")
	case needs.Unsupported && len(types.Unsupported) == 0:
		return lack("instanceTypes: {unsupported: [TYPE]}", "the target lists no unsupported {0}", calls.value)
	case len(types.GPU) < needs.GPUTypes:
		return lack("instanceTypes: {gpu: [TYPE, TYPE]}", "the target lists {0} types for GPU instances, the scenario needs {1}: list them as instanceTypes.gpu", len(types.GPU), needs.GPUTypes)
	case needs.Bearer && !i.bearer:
		return lack("credentials: {tokenEnv: NAME}", "the target has no bearer token: name its variable with tokenEnv")
	case needs.HMAC && !i.hmac:
		return lack("credentials: {keyIdEnv: NAME, keyPasswordEnv: NAME}", "the target has no signing key")
	}
	return nil
}

// allowing is the line that allows actions, with those that undo them.
func (c Config) allowing(actions []string) string {
	all := slices.Clone(c.Allow)
	for i := 0; i < len(actions); i++ {
		if action := actions[i]; !slices.Contains(all, action) {
			all = append(all, action)
			if back := c.undo[action]; back != "" && !slices.Contains(all, back) {
				all = append(all, back)
			}
		}
	}
	slices.Sort(all)
	return fmt.Sprintf("allow: [%s]", strings.Join(all, ", "))
}

// listing is the line of instances that would fill a need.
func listing(n steps.Need) string {
	switch {
	case n.GPU:
		return fmt.Sprintf("- {id: ID, status: %s, gpu: true}", n.Status)
	case n.Kind != "":
		return fmt.Sprintf("- {id: ID, status: %s, kind: %s}", n.Status, n.Kind)
	}
	return fmt.Sprintf("- {id: ID, status: %s}", n.Status)
}

// match finds instances for all needs at once, or returns the need it has none for: such that are led
// back from where actions leave them.
func (i Inventory) match(needs []steps.Need, actions []string, taken map[string]bool) ([]steps.Instance, *steps.Need) {
	used := map[string]bool{}
	found := []steps.Instance{}
	for _, need := range needs {
		free := func(in Listed) bool {
			return !used[in.ID] && !taken[in.ID] && i.config.reach.leadBack(need.Status, in.Status, actions)
		}
		at := slices.IndexFunc(i.config.Instances, func(in Listed) bool { return free(in) && in.suits(need) })
		if at < 0 {
			at = slices.IndexFunc(i.config.Instances, func(in Listed) bool { return free(in) && i.brought(in, need) })
		}
		if at < 0 {
			return nil, &need
		}
		in := i.config.Instances[at]
		used[in.ID] = true
		found = append(found, steps.Instance{ID: in.ID, Kind: in.Kind, Status: need.Status, GPU: in.GPU})
	}
	return found, nil
}

func (l Listed) suits(need steps.Need) bool {
	return l.Kind == need.Kind && l.Status == need.Status && l.GPU == need.GPU
}

// brought reports whether an instance can be brought into the status that a scenario needs.
func (i Inventory) brought(in Listed, need steps.Need) bool {
	return in.Kind == need.Kind && in.GPU == need.GPU && i.config.reach.leads(in.Status, need.Status)
}

// listed returns a listed instance.
func (c Config) listed(id string) Listed {
	at := slices.IndexFunc(c.Instances, func(in Listed) bool { return in.ID == id })
	return c.Instances[at]
}

// Candidates returns the ids of the instances that a scenario could be lent for one of
// its needs, the one it gets when nothing else runs first.
func (i Inventory) Candidates(needs []steps.Need, at int) []string {
	found, short := i.match(needs, nil, nil)
	if short != nil {
		return nil
	}
	list := []string{found[at].ID}
	for _, in := range i.config.Instances {
		if in.suits(needs[at]) && in.ID != found[at].ID {
			list = append(list, in.ID)
		}
	}
	return list
}

// Called returns what messages call one of the things that the target lists, and several.
func (i Inventory) Called() (one, several string) { return i.config.calls.an(), i.config.calls.kinds() }

// Config returns the configuration the inventory was made from.
func (i Inventory) Config() Config { return i.config }
