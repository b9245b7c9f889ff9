package conformancetest

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestATargetThatCannotBeIsRefusedInItsOwnWords(t *testing.T) {
	good := Target{Endpoint: "http://127.0.0.1:1", Credentials: Credentials{Token: "t"}}
	_, _, err := good.prepare(t.TempDir())
	require.NoError(t, err)
	for message, spoil := range map[string]func(*Target){
		"give an Endpoint, or ConfigFile with Name":                func(t *Target) { t.Endpoint = "" },
		"give ConfigFile with Name, or Endpoint, not both":         func(t *Target) { t.ConfigFile = "c.yaml" },
		"ConfigFile says all of it: give Name with it":             func(t *Target) { *t = Target{ConfigFile: "c.yaml", Allow: []string{"StopInstances"}} },
		"Credentials: KeyID and KeyPassword go together":           func(t *Target) { t.Credentials.KeyID = "k" },
		"give Credentials that the endpoint accepts":               func(t *Target) { t.Credentials = Credentials{} },
		"give how many scenarios run at once as Parallel, not -1":  func(t *Target) { t.Parallel = -1 },
		"Timing: give times above zero, or 0 for those of the com": func(t *Target) { t.Timing.Settle = -1 },
	} {
		target := good
		spoil(&target)
		_, _, err := target.prepare(t.TempDir())
		require.Error(t, err, message)
		assert.Contains(t, err.Error(), "target: "+message)
	}
}
