package ci_test

import (
	"encoding/json"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTheSuitesOfOtherToolsRun has each tool of benchmarks/ clear the right mock and accuse one
// with a defect that all of them can meet.
func TestTheSuitesOfOtherToolsRun(t *testing.T) {
	t.Parallel()
	var tools struct{ Dependencies map[string]string }
	require.NoError(t, json.Unmarshal([]byte(get(t, root, "benchmarks", "package.json")), &tools))
	suites := map[string]string{"respect": "@redocly/cli", "newman": "newman", "prism": "@stoplight/prism-cli", "dredd": "dredd", "specmatic": "specmatic"}
	assert.Len(t, suites, len(tools.Dependencies), "each program that the table fetches has a suite")
	for suite, name := range suites {
		version := tools.Dependencies[name]
		require.Regexp(t, `^\d+\.\d+\.\d+$`, version, name)
		t.Run(suite, func(t *testing.T) {
			if _, err := exec.LookPath("java"); suite == "specmatic" && err != nil {
				t.Skip("specmatic needs Java")
			}
			code, said := fromNPM(t, root, []string{name + "@" + version}, program, "selftest", "--command", "benchmarks/"+suite+"/run {url} {contract}",
				"--defect", "start-failure-in-error-member", "--resize-time", "3s", "--limit", "2m")
			assert.Equal(t, 0, code, said)
			assert.Regexp(t, `(?m)^all defects +1 of 1 detected$`, said)
		})
	}
}
