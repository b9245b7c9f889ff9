package target_test

import (
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/double"
	"github.com/zec-tools/conformance/internal/secret"
	"github.com/zec-tools/conformance/internal/target"
)

// openDouble serves a double, and opens it as a target with the given lines of configuration.
func openDouble(t *testing.T, api *contract.Contract, d *double.Double, lines string) *target.Remote {
	t.Helper()
	server := httptest.NewServer(d)
	t.Cleanup(server.Close)
	file := filepath.Join(t.TempDir(), "conformance.yaml")
	text := "targets:\n  it:\n    endpoint: " + server.URL + "\n    credentials: {keyIdEnv: ID, keyPasswordEnv: PASSWORD}\n" + lines
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	c, err := target.ReadConfig(file, "it", api)
	require.NoError(t, err)
	env := map[string]string{"ID": double.Credentials.KeyID, "PASSWORD": double.Credentials.Password}
	remote, err := target.Open(c, target.Access{
		Env: func(name string) string { return env[name] }, Contract: api, Filter: secret.NewFilter(), Journal: t.TempDir(), State: t.TempDir(), GaveUp: context.Background(),
	})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, remote.Close()) })
	return remote
}
