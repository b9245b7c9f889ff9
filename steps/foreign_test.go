package steps

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/operation"
	"github.com/zec-tools/conformance/internal/verdict"
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
	ch.begun = []*change{{wanted: "small", refused: "huge"}}
	require.NoError(t, ch.foreignValue(in, "type", "huge"), "likewise, though its call was refused")
}

// TestARefusedValueIsThatOfItsOwnChange: what was refused in an earlier try says nothing of the
// value that a later change ends with.
func TestARefusedValueIsThatOfItsOwnChange(t *testing.T) {
	s := &operation.Subject{ID: "here", Trajectory: verdict.Trajectory{From: "small", To: "large"}}
	ch := &changes{responses: &responses{readings: &readings{instances: &instances{scenario: &scenario{contract: &Contract{}}}}}}
	earlier, later := &change{refused: "huge"}, &change{}
	ch.begun = []*change{earlier, later}
	require.Error(t, ch.refusedValue(earlier, s, "huge"))
	require.NoError(t, ch.refusedValue(earlier, s, "small"))
	require.NoError(t, ch.refusedValue(earlier, s, "large"), "the call that was accepted asked for it, too")
	require.NoError(t, ch.refusedValue(later, s, "huge"))
}
