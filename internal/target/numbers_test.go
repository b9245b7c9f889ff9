package target_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/double"
	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/secret"
	"github.com/zec-tools/conformance/internal/target"
	"github.com/zec-tools/conformance/internal/wire"
)

// TestANumberIsRestored gives a disk another size, by a contract in which sizes lead back, and its old one again.
func TestANumberIsRestored(t *testing.T) {
	files := fstest.MapFS{}
	for _, name := range []string{"openapi.yaml", "clauses.yaml"} {
		text, err := os.ReadFile("../../examples/disks/" + name)
		require.NoError(t, err)
		files[name] = &fstest.MapFile{Data: []byte(strings.Replace(string(text), "            wanted: diskSize\n", "            wanted: diskSize\n            inverse: ResizeDisk\n", 1))}
	}
	api, err := contract.Load(files)
	require.NoError(t, err)
	d := double.New(api, 20*time.Millisecond, "")
	server := httptest.NewServer(d)
	defer server.Close()
	var disk string
	for _, s := range d.SeedAccount() {
		if s.Status == "AVAILABLE" {
			disk = s.ID
		}
	}
	file := filepath.Join(t.TempDir(), "conformance.yaml")
	text := "targets:\n  it:\n    endpoint: " + server.URL + "\n    credentials: {keyIdEnv: ID, keyPasswordEnv: PASSWORD}\n" +
		"    allow: [ResizeDisk]\n    instanceTypes: {resizable: [20, 40]}\n    timing: {pollInterval: 5ms, settle: 20ms}\n    requestsPerSecond: 2000\n    instances:\n      - {id: " + disk + ", status: AVAILABLE, kind: disk}\n"
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	c, err := target.ReadConfig(file, "it", api)
	require.NoError(t, err)
	env := map[string]string{"ID": double.Credentials.KeyID, "PASSWORD": double.Credentials.Password}
	remote, err := target.Open(c, target.Access{
		Env: func(name string) string { return env[name] }, Contract: api, Filter: secret.NewFilter(), Journal: t.TempDir(), State: t.TempDir(), GaveUp: context.Background(),
	})
	require.NoError(t, err)
	defer func() { assert.NoError(t, remote.Close()) }()

	op, known := api.Operation("ResizeDisk")
	require.True(t, known)
	change := wire.Request{Operation: op, Effect: wire.Changes, Body: fmt.Appendf(nil, `{"diskId": %q, "diskSize": 40}`, disk)}
	_, err = remote.ByHand(t.Context(), change)
	require.NoError(t, err)
	sent, err := remote.Client.Do(t.Context(), change, nil)
	require.NoError(t, err)
	require.True(t, wire.ReadAnswer(*sent[len(sent)-1].Received).Succeeded())
	assert.Equal(t, map[string]string{disk: "20"}, remote.Left())
	done, failed := remote.Cleanup(t.Context(), func(string, language.Phrase) {})
	assert.Empty(t, failed)
	require.Contains(t, done, disk)
	assert.Equal(t, "it has size 20 and is AVAILABLE, as before", done[disk].In(language.English))
}
