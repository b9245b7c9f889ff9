package target

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/zec-tools/conformance/steps"
)

// TestNothingIsLentThatNoActionLeadsBack holds which listed things a scenario gets, by where the actions that it calls
// would leave them.
func TestNothingIsLentThatNoActionLeadsBack(t *testing.T) {
	hold, release := way("Hold", "READY", "HOLDING", "HELD", ""), way("Release", "HELD", "RELEASING", "QUEUED", "")
	hold.Start = []string{"READY", "QUEUED"}
	requeue := way("Requeue", "QUEUED", "PREPARING", "READY", "")
	scale := way("Scale", "READY", "SCALING", "READY", "tier")
	scale.Start = []string{"READY", "HELD"}
	const noWay = "no allowed action leads a build back to "
	for name, test := range map[string]struct {
		allowed      ways
		listed, need string
		actions      []string
		lacks        string
	}{
		"back by one action":                 {ways{hold, release}, "QUEUED", "QUEUED", []string{"Hold"}, ""},
		"back to another status":             {ways{hold, release}, "READY", "READY", []string{"Hold"}, noWay + "READY after Hold"},
		"it ends elsewhere, and stays":       {ways{scale}, "HELD", "HELD", []string{"Scale"}, noWay + "HELD after Scale"},
		"it ends elsewhere, and is led back": {ways{scale, hold, release}, "HELD", "HELD", []string{"Scale"}, ""},
		"it ends where it began":             {ways{scale}, "READY", "READY", []string{"Scale"}, ""},
		"refused there":                      {ways{scale}, "QUEUED", "QUEUED", []string{"Scale"}, ""},
		"one action after another":           {ways{hold, release}, "HELD", "HELD", []string{"Release", "Hold"}, ""},
		"the second leads where none is":     {ways{release, requeue}, "HELD", "HELD", []string{"Release", "Requeue"}, noWay + "HELD after Release, Requeue"},
		"brought there, and not back":        {ways{hold, release}, "READY", "HELD", nil, "the target lists too few builds that are HELD"},
		"brought there, and back":            {ways{hold, release}, "QUEUED", "HELD", nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			c := Config{Instances: []Listed{{ID: "build-1", Status: test.listed}}, reach: test.allowed, calls: words{kind: "build"}}
			for _, d := range test.allowed {
				c.Allow = append(c.Allow, d.Operation.Action)
			}
			err := Inventory{config: c}.Lacks(steps.Needs{Instances: []steps.Need{{Status: test.need}}, Changes: test.actions})
			lacking := (*steps.Lacking)(nil)
			if errors.As(err, &lacking) {
				assert.Equal(t, test.lacks, lacking.Reason)
			} else {
				assert.NoError(t, err)
				assert.Empty(t, test.lacks)
			}
		})
	}
}
