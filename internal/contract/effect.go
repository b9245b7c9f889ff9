package contract

import "github.com/zec-tools/conformance/internal/wire"

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
