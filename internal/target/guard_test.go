package target

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/spec"
)

// TestTheGuardOfATargetKnowsTheContract asks the guard of a configuration for each
// operation of the contract.
func TestTheGuardOfATargetKnowsTheContract(t *testing.T) {
	api, err := contract.Load(spec.Files)
	require.NoError(t, err)
	c := defaults()
	c.Instances = []Listed{{ID: "ins-a1", Status: "STOPPED"}}
	c.InstanceTypes = Types{Resizable: []string{"small"}, Unsupported: []string{"odd"}, GPU: []string{"gpu.1"}}
	for _, op := range api.Operations() {
		request, _ := api.Request(op)
		for _, m := range request.Members {
			if m.Schema.Resource == "" {
				continue
			}
			naming := func(id string) wire.Request {
				body := `{"` + m.Name + `":"` + id + `"}`
				if m.Schema.Type == "array" {
					body = `{"` + m.Name + `":["` + id + `"]}`
				}
				return wire.Request{Operation: op, Body: []byte(body)}
			}
			g := c.Guard(api)
			assert.Error(t, g.Check(naming("ins-a2")), "%s names an unlisted instance", op)
			assert.NoError(t, g.Check(naming(AbsentInstance)), op)
			if !api.Changes(op) {
				assert.NoError(t, g.Check(naming("ins-a1")), op)
				assert.True(t, g.Reads(naming("ins-a1")), op)
				continue
			}
			assert.Error(t, g.Check(naming("ins-a1")), op)
			assert.Error(t, g.Check(wire.Request{Operation: op, Body: []byte("{}")}), "%s names nothing", op)
			touched, _ := g.Touched(naming("ins-a1"))
			assert.Equal(t, []string{"ins-a1"}, touched, op)
			allowed := c
			allowed.Allow = []string{op.Action}
			assert.NoError(t, allowed.Guard(api).Check(naming("ins-a1")), op)
			assert.Error(t, allowed.Guard(api).Check(naming("ins-a2")), op)
		}
	}
}
