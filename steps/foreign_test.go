package steps

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/wire"
)

// TestAValueOfAnotherScenarioIsTold: the run has requested it, for another instance. Nobody is blamed,
// and it is not said that the run has not called it.
func TestAValueOfAnotherScenarioIsTold(t *testing.T) {
	in := Instance{ID: "here"}
	ch := &changes{responses: &responses{readings: &readings{instances: &instances{}}}}
	ch.before = snapshot{in.ID: {values: map[string]string{"type": "small"}}}
	ch.fixture = Fixture{Resizable: []string{"small", "large", "huge"}, Requested: func(value string) string {
		if value == "large" {
			return "there"
		}
		return ""
	}}
	for value, told := range map[string]string{
		"large": "instance here has the type large, which this run requested for there at the same time, and not for it",
		"huge":  "instance here has the type huge, which this run did not call",
	} {
		var i *Inconclusive
		require.ErrorAs(t, ch.foreignValue(in, "type", value), &i)
		assert.Equal(t, wire.CauseForeign, i.Cause)
		assert.Contains(t, i.Reason, told)
	}
	require.NoError(t, ch.foreignValue(in, "type", "small"))
	assert.ErrorContains(t, ch.foreignValue(Instance{ID: "here", Kind: "vault"}, "tier", "large"), "vault here has the tier large, which")
	assert.ErrorContains(t, ch.foreignValue(Instance{ID: "here", Kind: "vault"}, "tier", "huge"), "vault here has the tier huge, which")
	ch.begun = []*change{{wanted: "large"}}
	require.NoError(t, ch.foreignValue(in, "type", "large"), "the scenario's own: a finding")
}
