package cli_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/cli"
)

// TestAnInterruptIsNoResult interrupts the commands that measure: what they were stopped in
// is neither a survivor nor a slow program nor wrong usage.
func TestAnInterruptIsNoResult(t *testing.T) {
	t.Parallel()
	recorded := filepath.Join(t.TempDir(), "exchanges.ndjson")
	require.NoError(t, os.WriteFile(recorded, []byte(`{"request": {"method": "POST", "path": "/api/v2/zec"}, "response": {"status": 200}}`+"\n"), 0o600))
	for name, args := range map[string][]string{
		"selftest":     {"selftest", "--defect", "stuck-in-resizing"},
		"a double":     {"selftest", "--contract", "../../examples/disks"},
		"of a program": {"selftest", "--command", "true", "--defect", "stuck-in-resizing"},
		"judge":        {"judge", recorded, "--out", t.TempDir()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, stop := context.WithCancel(t.Context())
			stop()
			var out, messages bytes.Buffer
			code := cli.Main(ctx, args, cli.System{Out: &out, Err: &messages, Env: func(string) string { return "" }})
			assert.Equal(t, 3, code)
			assert.Empty(t, out.String())
			assert.Equal(t, "conformance: interrupted: there is no result\n", messages.String())
		})
	}
}
