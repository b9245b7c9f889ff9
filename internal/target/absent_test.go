package target

import (
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/spec"
)

// TestAMadeUpIdHasTheFormThatTheContractStates makes ids up by the contract of disks, whose ids have several patterns in turn.
func TestAMadeUpIdHasTheFormThatTheContractStates(t *testing.T) {
	disks := os.DirFS("../../examples/disks")
	for pattern, want := range map[string]string{
		"":                      "disk-no-such-disk-7-r1",
		"^disk-[a-z0-9-]+$":     "disk-no-such-disk-7-r1",
		"^disk-[a-z0-9]+$":      "disk-nosuch7r1",
		"^[a-z0-9]+$":           "nosuch7r1",
		"^[0-9a-f]{8}-[0-9]+$":  "disk-no-such-disk-7-r1",
		"^disk-[a-z0-9-]{1,5}$": "disk-no-such-disk-7-r1",
	} {
		files := fstest.MapFS{}
		for _, name := range []string{"openapi.yaml", "clauses.yaml"} {
			text, err := fs.ReadFile(disks, name)
			require.NoError(t, err)
			with := string(text)
			if pattern != "" {
				with = strings.Replace(with, "description: The disk.\n", "description: The disk.\n                  pattern: "+pattern+"\n", 1)
			}
			files[name] = &fstest.MapFile{Data: []byte(with)}
		}
		api, err := contract.Load(files)
		require.NoError(t, err)
		c := Config{Instances: []Listed{{ID: "disk-1", Kind: "disk"}}}
		c.calls = c.words(api)
		id := c.absentID(api, 7, "r1")
		assert.Equal(t, want, id, pattern)
		assert.Regexp(t, madeUp, id, "a person may name it again")
	}
	api, err := contract.Load(spec.Files)
	require.NoError(t, err)
	c := Config{}
	c.calls = c.words(api)
	assert.Equal(t, "ins-no-such-instance-7-r1", c.absentID(api, 7, "r1"))
}
