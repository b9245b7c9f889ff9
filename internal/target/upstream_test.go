package target

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/spec"
)

// TestUnknownOperationsPassWhereTheTargetSaysSo asks the guard of a proxy for operations that the contract does
// not have. What a lenient endpoint could take for one of its operations never passes by that.
func TestUnknownOperationsPassWhereTheTargetSaysSo(t *testing.T) {
	api, err := contract.Load(spec.Files)
	require.NoError(t, err)
	c := defaults()
	c.Instances = []Listed{{ID: "ins-a1", Status: "STOPPED"}}
	calling := func(action string) wire.Request {
		return wire.Request{Operation: wire.Operation{Path: "/api/v2/zec", Action: action, Version: "2024-04-01"}, Body: []byte(`{"routerId":"r-1"}`), Effect: wire.Changes}
	}
	for action, passes := range map[string]bool{
		"DeleteRouter": true, "": false, "modifyinstancetype": false, "Modify-Instance-Type": false, "ModifyInstanceTypes": false,
		"ModifyInstanceType\u00e9": false, "StopInstances": false,
	} {
		c.PassUnknown = false
		assert.Error(t, c.passing(Access{Contract: api})(calling(action)), "%q, and the target does not say so", action)
		c.PassUnknown = true
		if passes {
			assert.NoError(t, c.passing(Access{Contract: api})(calling(action)), action)
		} else {
			assert.Error(t, c.passing(Access{Contract: api})(calling(action)), action)
		}
	}
}
