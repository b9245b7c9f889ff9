package target_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/double"
	"github.com/zec-tools/conformance/internal/language"
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
	var disk string
	for _, s := range d.SeedAccount() {
		if s.Status == "AVAILABLE" {
			disk = s.ID
		}
	}
	remote := openDouble(t, api, d, "    allow: [ResizeDisk]\n    instanceTypes: {resizable: [20, 40]}\n    timing: {pollInterval: 5ms, settle: 20ms}\n    requestsPerSecond: 2000\n    instances:\n      - {id: "+disk+", status: AVAILABLE, kind: disk}\n")

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

// TestAValueThatTheContractForbidsIsNotListed refuses a configuration by which a right endpoint would refuse what scenarios expect to be carried out.
func TestAValueThatTheContractForbidsIsNotListed(t *testing.T) {
	api, err := contract.Load(os.DirFS("../../examples/disks"))
	require.NoError(t, err)
	for list, want := range map[string]string{
		"resizable: [20, 32769]":                 "32769 is above the maximum 32768",
		"resizable: [20, 10G]":                   "10G is no integer",
		"resizable: [20], unsupported: [2.5]":    "2.5 is no integer",
		"resizable: [20, 32768]":                 "",
		"resizable: [20, 40], unsupported: [50]": "",
	} {
		text := "targets:\n  it:\n    endpoint: http://127.0.0.1:1\n    credentials: {tokenEnv: TOKEN}\n    instanceTypes: {" + list + "}\n"
		_, err := target.ReadConfigAt("c.yaml", []byte(text), "it", target.Place{}, api)
		if want == "" {
			assert.NoError(t, err, list)
			continue
		}
		assert.EqualError(t, err, "c.yaml:5: instanceTypes: "+want+", so the contract allows no ResizeDisk of it: list others", list)
	}
}
