package ci_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	// mostMemory is what a run may take, with the program itself, in bytes.
	mostMemory = 128 << 20
	// maxBody is the bound of a body, in bytes.
	maxBody = 1 << 20
)

// zipped returns an answer of nothing but rows, as long as one may be, in few bytes.
func zipped(t *testing.T, row string) []byte {
	t.Helper()
	head, tail := `{"requestId":"r","response":{"requestId":"r","totalCount":1,"dataSet":[`, `]}}`
	rows := strings.Repeat(row+",", (maxBody-len(head)-len(tail))/(len(row)+1))
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := io.WriteString(w, head+strings.TrimSuffix(rows, ",")+tail)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.Bytes()
}

// TestLargeAnswersAreJudgedInBoundedMemory runs 32 scenarios at once at an endpoint that
// answers everything with as many rows as a body may have: nearly 350,000 empty ones, or
// fewer that have members.
func TestLargeAnswersAreJudgedInBoundedMemory(t *testing.T) {
	for _, row := range []string{"{}", `{"instanceId":"ins-1","status":"STOPPED"}`} {
		answer := zipped(t, row)
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(answer)
		}))
		t.Cleanup(server.Close)
		dir := t.TempDir()
		put(t, fmt.Sprintf("targets:\n  it:\n    endpoint: %s\n    instances: [{id: ins-1, status: STOPPED}, {id: ins-2, status: RUNNING}]\n"+
			"    requestsPerSecond: 100000\n", server.URL), dir, "conformance.yaml")
		j := job{dir: dir, env: with(keys(), map[string]string{"XDG_STATE_HOME": dir}), args: []string{
			program, "run", "--no-preflight", "--target", "it", "--tags", "@read", "--shard", "1/6", "--parallel", "32", "--quiet", "--format", "json", "--out", "reports",
		}}
		cmd := j.command(t.Context(), t)
		var said strings.Builder
		cmd.Stdout, cmd.Stderr = &said, &said
		_ = cmd.Run() // its exit code is looked at
		require.Equal(t, 1, cmd.ProcessState.ExitCode(), said.String())
		usage, known := cmd.ProcessState.SysUsage().(*syscall.Rusage)
		require.True(t, known)
		most := usage.Maxrss << 10
		t.Logf("%s: %d MiB at most, %s", row, most>>20, cmd.ProcessState.UserTime())
		assert.Less(t, most, int64(mostMemory), row)
		assert.Positive(t, recorded(t, dir, "reports", "report.json").Summary.Scenarios.Failed)
	}
}
