package client

import (
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/wire"
)

// Touched returns the listed instances that req could change if the endpoint accepted
// it, whatever else is wrong with it: each once, in the order they stand in the body.
func (g *Guard) Touched(req wire.Request) []string {
	sent, _ := lookup(req.Header, headerAction)
	changes := func(action string) bool { return g.changing[strings.ToLower(strings.TrimSpace(action))] }
	if !changes(req.Operation.Action) && !changes(sent) {
		return nil
	}
	ids, err := g.named(req.Body)
	if err != nil {
		return nil // such a body does not leave
	}
	var touched []string
	for _, id := range ids {
		if g.listed[id] && !slices.Contains(touched, id) {
			touched = append(touched, id)
		}
	}
	return touched
}
