package target_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/target"
)

// TestATargetWithoutAValueTakesNone reads a list of disks that no action asks for a value: it is right, and values
// beside it are not.
func TestATargetWithoutAValueTakesNone(t *testing.T) {
	files := fstest.MapFS{}
	for _, name := range []string{"openapi.yaml", "clauses.yaml"} {
		text, err := os.ReadFile("../../examples/disks/" + name)
		require.NoError(t, err)
		files[name] = &fstest.MapFile{Data: regexp.MustCompile(`(?m)^            (wanted|changed): .*\n|^    pointer: ".*x-lifecycle/changed"\n`).ReplaceAll(text, nil)}
	}
	files["openapi.yaml"].Data = regexp.MustCompile(`( +)maximum: 32768`).ReplaceAll(files["openapi.yaml"].Data, []byte("$0\n${1}example: 40"))
	api, err := contract.Load(files)
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "conformance.yaml")
	text := "targets:\n  it:\n    endpoint: https://127.0.0.1\n    instances:\n      - {id: disk-1, status: IN_USE, kind: disk}\n"
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	_, err = target.ReadConfig(file, "it", api)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, []byte(text+"    instanceTypes: {resizable: [\"40\"]}\n"), 0o600))
	_, err = target.ReadConfig(file, "it", api)
	assert.ErrorContains(t, err, ":6: instanceTypes: no action of the contract asks a disk for a value: leave it out")
}
