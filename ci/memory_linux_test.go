package ci_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

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

// peak returns the most memory that a process had before it ended, in bytes. Its resource
// usage does not tell: a process that this one starts inherits the peak of this one.
func peak(pid int, ended <-chan error) (most int64) {
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for {
		select {
		case <-ended:
			return most
		case <-look.C:
			status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
			_, line, _ := strings.Cut(string(status), "VmHWM:")
			var kib int64
			if _, err := fmt.Sscan(line, &kib); err == nil {
				most = max(most, kib<<10)
			}
		}
	}
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
		require.NoError(t, cmd.Start())
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		most := peak(cmd.Process.Pid, ended)
		require.Equal(t, 1, cmd.ProcessState.ExitCode(), said.String())
		t.Logf("%s: %d MiB at most, %s", row, most>>20, cmd.ProcessState.UserTime())
		assert.Positive(t, most)
		assert.Less(t, most, int64(mostMemory), row)
		assert.Positive(t, recorded(t, dir, "reports", "report.json").Summary.Scenarios.Failed)
	}
}
