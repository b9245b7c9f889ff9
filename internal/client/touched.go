package client

import (
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/wire"
)

// mayChange reports whether a request changes something by its action, or by what its
// body says in case the endpoint takes it for another one.
func (g *Guard) mayChange(req wire.Request) bool {
	sent, _ := lookup(req.Header, headerAction)
	for _, action := range []string{req.Operation.Action, sent} {
		if g.changing[strings.ToLower(strings.TrimSpace(action))] {
			return true
		}
	}
	body := strings.ToLower(string(req.Body))
	return slices.ContainsFunc(g.subjects, func(member string) bool { return strings.Contains(body, member) })
}

// Touched returns the listed instances that req could change if the endpoint accepted
// it, whatever else is wrong with it: each once, in the order they stand in the body.
func (g *Guard) Touched(req wire.Request) []string {
	if !g.mayChange(req) {
		return nil
	}
	g.mu.RLock()
	defer g.mu.RUnlock()
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
