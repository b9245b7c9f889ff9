package steps

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/wire"
)

// TestAFurtherParameterStaysWithItsAction: the action that leads back does not take it, and an
// endpoint may refuse it there.
func TestAFurtherParameterStaysWithItsAction(t *testing.T) {
	w := NewWorld(&Contract{}, Timing{}, nil, 1)
	w.acting, w.further = "StopInstances", map[string]any{"forceShutdown": true}
	named := []Instance{{ID: "ins-1"}}
	parameters := func(action string) map[string]any {
		return w.parametersOf(lifecycle.Definition{Operation: wire.Operation{Action: action}, Subject: "instanceIds", Batch: true}, named, "")
	}
	assert.Equal(t, map[string]any{"instanceIds": []string{"ins-1"}, "forceShutdown": true}, parameters("StopInstances"))
	assert.Equal(t, map[string]any{"instanceIds": []string{"ins-1"}}, parameters("StartInstances"))
}
