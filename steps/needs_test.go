package steps

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestAStepNeedsWhatItCallsToBeAllowed holds that no action has to be allowed which a step neither calls nor gives a body
// that fits it.
func TestAStepNeedsWhatItCallsToBeAllowed(t *testing.T) {
	action := func(subject string, required ...string) Facts {
		required = append([]string{subject}, required...)
		return Facts{Changes: true, Subjects: []string{subject}, Parameters: required, Required: required}
	}
	facts := map[string]Facts{
		"Scale": action("clusterId", "size"), "Copy": action("clusterId", "label"), "Halt": action("clusterIds"), "Wake": action("clusterIds"),
		"List": {Subjects: []string{"ids"}},
	}
	for text, want := range map[string][]string{
		"Scale is called on it, and Halt while it runs": {"Scale", "Halt"},
		"Halt is called on it, and Scale while it runs": {"Halt", "Scale"},
		"Halt is called on it and then Scale":           {"Halt", "Scale"},
		"NoSuchAction is called with a body for Scale":  {"Scale"},
		"Sca is called with a body for Scale":           {"Scale"},
		"NoSuchAction is called with a body for Halt":   {"Halt", "Wake"},          // it fits both
		"List is called with a body for Scale":          {"Scale", "Copy"},         // a read may go by what it is given
		"Halt is called with a body for Scale":          {"Halt", "Scale", "Copy"}, // likewise
	} {
		m, err := Resolve(Vocabulary(), text)
		require.NoError(t, err)
		m.Facts = facts
		var n Needs
		n.Add(m)
		assert.ElementsMatch(t, want, n.Changes, text)
	}
}
