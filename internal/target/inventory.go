package target

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/steps"
)

// Stock returns what the target has, for the schedule of a run.
func (r *Remote) Stock() Inventory { return r.pool.Inventory }

// Inventory is what a target can provide to scenarios, according to its configuration. A plan and a
// run use it in the same way.
type Inventory struct {
	config Config
	hmac   bool // it has a signing key
	bearer bool // it has a token
}

// Inventory returns what the target has, according to its configuration and the environment.
func (c Config) Inventory(env func(string) string) (Inventory, error) {
	creds, err := c.credentials(env)
	return Inventory{config: c, hmac: creds.KeyID != "", bearer: !creds.Token.Empty() || c.Credentials.tokenSource() != nil}, err
}

// Named returns what the target has if all variables that the configuration names are set.
func (c Config) Named() Inventory {
	return Inventory{config: c, hmac: c.Credentials.KeyID != "", bearer: c.Credentials.Token != ""}
}

// Lacks returns a *steps.Lacking if the target does not have what is needed, regardless of what
// scenarios hold at the moment.
func (i Inventory) Lacks(needs steps.Needs) error { return i.lacks(needs, nil) }

func (i Inventory) lacks(needs steps.Needs, withdrawn map[string]bool) error {
	lack := func(unlock, text string, args ...any) error {
		return &steps.Lacking{Reason: language.English.Say(text, args...), Unlock: unlock}
	}
	calls := i.config.calls
	if kind, foreign := i.foreign(needs.Instances); foreign {
		return lack("", "the target lists {0}: list each {1} under a target of its own", calls.kinds(), kind)
	}
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
			if i.config.lasting(action) && !i.config.Allows(action) {
				return lack("", "nothing undoes {0}, so it may not change a listed {1}", action, calls.kind)
			}
		}
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

// foreign returns the kind of a need that differs from the kind that the target lists. A configuration
// may not list both.
func (i Inventory) foreign(needs []steps.Need) (kind string, is bool) {
	if len(i.config.Instances) == 0 {
		return "", false
	}
	at := slices.IndexFunc(needs, func(n steps.Need) bool { return cmp.Or(n.Kind, instanceKind) != i.config.kind() })
	if at < 0 {
		return "", false
	}
	return cmp.Or(needs[at].Kind, instanceKind), true
}

// lasting reports whether nothing undoes an action. A configuration may not allow such an action.
func (c Config) lasting(action string) bool {
	back, leavesChanged := c.undo[action]
	return leavesChanged && back == ""
}

// allowing returns the configuration line that allows actions, with those that undo them.
func (c Config) allowing(actions []string) string {
	all := slices.Clone(c.Allow)
	for wanted := slices.Clone(actions); len(wanted) > 0; wanted = wanted[1:] {
		if action := wanted[0]; action != "" && !slices.Contains(all, action) {
			all = append(all, action)
			wanted = append(wanted, c.undo[action])
		}
	}
	slices.Sort(all)
	return fmt.Sprintf("allow: [%s]", strings.Join(all, ", "))
}

// listing returns the configuration line of instances that would satisfy a need.
func listing(n steps.Need) string {
	switch {
	case n.GPU:
		return fmt.Sprintf("- {id: ID, status: %s, gpu: true}", n.Status)
	case n.Kind != "":
		return fmt.Sprintf("- {id: ID, status: %s, kind: %s}", n.Status, n.Kind)
	}
	return fmt.Sprintf("- {id: ID, status: %s}", n.Status)
}

// match finds instances for all needs at once, or returns the first need that it cannot satisfy. It
// only considers instances that can be restored after the actions.
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

// Candidates returns the ids of the instances that a scenario could get for one of its needs, with
// the default one first.
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

// Called returns the words for the listed things in messages: one of them, and several.
func (i Inventory) Called() (one, several string) { return i.config.calls.an(), i.config.calls.kinds() }

// Config returns the configuration of the inventory.
func (i Inventory) Config() Config { return i.config }
