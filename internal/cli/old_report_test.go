package cli_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mock/defects"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/spec"
)

// TestReportsOfEarlierVersionsAreRead holds reports that an earlier release wrote, of each
// earlier schema version, against every command that reads one.
func TestReportsOfEarlierVersionsAreRead(t *testing.T) {
	shard := func(name string) string { return filepath.Join("testdata", "report-1.0", name) }
	d, err := defects.Named("unknown-type-as-instance")
	require.NoError(t, err)
	b := newBench(t, untouched, mock.Options{Alter: d.Alter})
	b.replace("  it:", "  mock:")
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	baseline := changed(t, shard("shard-1.json"), contractOf(t, shard("shard-1.json")), c.SHA256()) // else it is refused
	for _, c := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"report", []string{"report", "--from", shard("shard-1.json"), "--format", "html,junit,md,messages,ctrf,har", "--out", t.TempDir()}, 0, ""},
		{"diff", []string{"diff", shard("shard-2.json"), shard("shard-1.json")}, 1, "unknown-type"},
		{"rejudge", []string{"rejudge", shard("shard-1.json")}, 1, "non-conformant  mock"},
		{"rejudge a selection", []string{"rejudge", shard("shard-2.json")}, 0, "selected passed  mock, was conformant"},
		{"merge", []string{"merge", shard("shard-1.json"), shard("shard-2.json"), "--out", t.TempDir()}, 1, "scenarios  3 in all, 2 passed, 1 failed"},
		{"baseline", []string{"run", "--config", b.config, "--target", "mock", "--out", t.TempDir(), "--scenario", "unknown-type", "--baseline", baseline}, 0, "known from the baseline"},
		{"docs", []string{"docs", "--out", t.TempDir(), "--report", shard("shard-1.json")}, 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out, stderr := call(t, b.env, c.args...)
			assert.Equal(t, c.code, code, out+stderr)
			assert.Contains(t, out+stderr, c.says)
		})
	}
}

// contractOf is the SHA-256 of the contract that a report was judged by.
func contractOf(t *testing.T, path string) string {
	t.Helper()
	reader, err := report.Open(path)
	require.NoError(t, err)
	defer func() { assert.NoError(t, reader.Close()) }()
	return reader.Head.Contract.SHA256
}
