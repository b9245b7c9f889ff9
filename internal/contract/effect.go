package contract

import (
	"fmt"

	"go.yaml.in/yaml/v4"

	"github.com/zec-tools/conformance/internal/wire"
)

// readEffect reads what an operation does at the endpoint. An operation that is not marked as a
// read counts as a change.
func (o *operation) readEffect(api *document, post *yaml.Node) error {
	effect := member(post, "x-effect")
	o.changes, o.allowedBy = text(effect) != string(wire.Reads), text(member(post, "x-allowed-by"))
	if o.changes && effect != nil && text(effect) != string(wire.Changes) {
		return api.fault(effect, fmt.Sprintf("the effect %q is unknown", text(effect)), "write reads or changes")
	}
	return nil
}

// Changes reports whether a success of the operation may change something at the endpoint. That is
// the case for every operation that the contract does not mark as a read (x-effect), and for every
// unknown one.
func (c *Contract) Changes(op wire.Operation) bool {
	o, known := c.byKey[op]
	return !known || o.changes
}

// AllowedBy returns the actions that a key of a target's configuration allows in addition to the
// list of actions (x-allowed-by).
func (c *Contract) AllowedBy(key string) []string {
	var actions []string
	for _, op := range c.operations {
		if op.allowedBy == key {
			actions = append(actions, op.key.Action)
		}
	}
	return actions
}
