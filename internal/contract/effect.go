package contract

import (
	"fmt"

	"go.yaml.in/yaml/v4"

	"github.com/zec-tools/conformance/internal/wire"
)

// readEffect reads what an operation does at the endpoint. One that is not marked as
// reading changes.
func (o *operation) readEffect(api *document, post *yaml.Node) error {
	effect := member(post, "x-effect")
	o.changes, o.allowedBy = text(effect) != string(wire.Reads), text(member(post, "x-allowed-by"))
	if o.changes && effect != nil && text(effect) != string(wire.Changes) {
		return api.fault(effect, fmt.Sprintf("the effect %q is unknown", text(effect)), "write reads or changes")
	}
	return nil
}

// Changes reports whether a success of the operation may change something at the endpoint:
// every operation that the contract does not mark as reading (x-effect), and every one that
// it does not have.
func (c *Contract) Changes(op wire.Operation) bool {
	o, known := c.byKey[op]
	return !known || o.changes
}

// AllowedBy returns the actions that a key of a target's configuration allows besides the
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
