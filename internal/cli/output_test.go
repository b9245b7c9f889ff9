package cli_test

import (
	"bytes"
	"net/http"
	"path/filepath"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/mock"
)

// keepsTheShape holds what a command printed against its part of the schema.
func keepsTheShape(t *testing.T, kind, printed string) map[string]any {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	s, err := compiler.Compile(filepath.Join("..", "..", "reports", "output.schema.json") + "#/$defs/" + kind)
	require.NoError(t, err)
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader([]byte(printed)))
	require.NoError(t, err, "one document and nothing else: %s", printed)
	require.NoError(t, s.Validate(document))
	members, isObject := document.(map[string]any)
	require.True(t, isObject)
	return members
}

func TestWhatIsPrintedAsJSONKeepsItsSchema(t *testing.T) {
	t.Parallel()
	gone := rewritten(func(status int, body []byte) (int, []byte) {
		if status == http.StatusNotFound {
			status = http.StatusGone
		}
		return status, body
	})
	b := newBench(t, gone, mock.Options{})
	b.env["GITHUB_ACTIONS"] = "true" // annotations go elsewhere
	e := b.run("--json", "--scenario", "unknown-instance", "--scenario", "unknown-type", "--scenario", "status-unknown")
	require.Equal(t, 1, e.code, e.err)
	run := keepsTheShape(t, "overview", e.out)
	assert.Equal(t, "non-conformant", run["verdict"])
	findings, isList := run["findings"].([]any)
	require.True(t, isList)
	assert.NotEmpty(t, findings)
	assert.Contains(t, e.err, "::error", "what formats print")

	doctor := b.command("doctor", "--json")
	require.Zero(t, doctor.code, doctor.err)
	assert.NotEmpty(t, keepsTheShape(t, "doctor", doctor.out)["checks"])

	for kind, args := range map[string][]string{
		"list":     {"list", "--json"},
		"coverage": {"coverage", "--json"},
	} {
		code, out, stderr := call(t, nil, args...)
		require.Zero(t, code, stderr)
		keepsTheShape(t, kind, out)
	}

	dir := t.TempDir()
	code, _, stderr := call(t, nil, "run", "--quiet", "--scenario", "status-unknown", "--format", "har", "--out", dir)
	require.Zero(t, code, stderr)
	code, out, stderr := call(t, nil, "judge", "--json", "--out", filepath.Join(dir, "judged"), filepath.Join(dir, "exchanges.har"))
	require.Zero(t, code, stderr)
	assert.Equal(t, "nothing wrong seen", keepsTheShape(t, "overview", out)["verdict"])
}
