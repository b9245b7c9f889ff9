package contract_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/spec"
)

// absent ends a test whose consumer is not there: as a failure where CI wants them all.
func absent(t *testing.T, format string, args ...any) {
	t.Helper()
	if os.Getenv("CONFORMANCE_CONSUMERS_REQUIRED") != "" {
		require.Fail(t, fmt.Sprintf(format, args...))
	}
	t.Skipf(format, args...)
}

// exported writes the export of an action to a file.
func exported(t *testing.T, action string) string {
	t.Helper()
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	text, err := c.Export(action)
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), action+".yaml")
	require.NoError(t, os.WriteFile(file, text, 0o600))
	return file
}

// redocly is the version of the linter that the description is shown to.
const redocly = "@redocly/cli@2.77.0"

// TestALinterAcceptsTheExport has Redocly read the description and what is exported of it,
// with every warning an error; then one that breaks a rule, so that it is known to read them.
func TestALinterAcceptsTheExport(t *testing.T) {
	linter := program(t, redocly, "redocly")
	lint := func(file string) (string, error) {
		out, err := exec.CommandContext(t.Context(), linter, "lint", "--extends", "recommended-strict", file).CombinedOutput()
		return string(out), err
	}
	whole := filepath.Join("..", "..", "spec", "openapi.yaml")
	files := []string{whole}
	for _, action := range []string{"ModifyInstanceType", "DescribeInstancesStatus", "DescribeInstances"} {
		files = append(files, exported(t, action))
	}
	for _, file := range files {
		out, err := lint(file)
		assert.NoError(t, err, "%s: %s", file, out)
	}
	text, err := os.ReadFile(whole)
	require.NoError(t, err)
	broken := filepath.Join(t.TempDir(), "openapi.yaml")
	require.NoError(t, os.WriteFile(broken, bytes.Replace(text, []byte("operationId: "), []byte("x-was: "), 1), 0o600))
	out, err := lint(broken)
	assert.Error(t, err)
	assert.Contains(t, out, "operation-operationId")
}

// program fetches a package from npm and returns the path of a program in it.
func program(t *testing.T, pkg, name string) string {
	t.Helper()
	if testing.Short() {
		t.Skipf("%s is not run in short tests", name)
	}
	if _, err := exec.LookPath("npm"); err != nil {
		absent(t, "npm is not installed: %s cannot be fetched", name)
	}
	where, err := exec.CommandContext(t.Context(), "npm", "exec", "--yes", "--package="+pkg, "--", "sh", "-c", "command -v "+name).Output()
	if err != nil {
		absent(t, "%s cannot be fetched from npm: %v", name, err)
	}
	return strings.TrimSpace(string(where))
}

// prism is the version of the mock server that the export is shown with.
const prism = "@stoplight/prism-cli@5.9.0"

// TestAnOrdinaryMockServesTheExport lets Prism serve the export and answer calls.
func TestAnOrdinaryMockServesTheExport(t *testing.T) {
	base := serve(t, exported(t, "ModifyInstanceType"))
	call := func(action, body string) (int, string) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/api/v2/zec", strings.NewReader(body))
		require.NoError(t, err)
		for name, value := range map[string]string{
			"Content-Type": "application/json", "X-ZC-Action": action, "X-ZC-Version": "2024-04-01", "Authorization": "Bearer token",
		} {
			r.Header.Set(name, value)
		}
		answer, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		defer func() { assert.NoError(t, answer.Body.Close()) }()
		text, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		return answer.StatusCode, string(text)
	}
	status, body := call("ModifyInstanceType", `{"instanceId":"instanceId","instanceType":"z2a.cpu.4"}`)
	assert.Equal(t, http.StatusOK, status)
	assert.JSONEq(t, `{"requestId":"T05992D0C-7E8B-4047-B0C0-780F2CD549D3","response":{"requestId":"T05992D0C-7E8B-4047-B0C0-780F2CD549D3"}}`, body)
	status, _ = call("ModifyInstanceType", `{"instanceId":"instanceId"}`)
	assert.NotEqual(t, http.StatusOK, status, "a required parameter is missing")
	status, _ = call("DescribeInstances", `{"instanceId":"instanceId","instanceType":"z2a.cpu.4"}`)
	assert.NotEqual(t, http.StatusOK, status, "the header has one value")
}

// serve starts Prism with a document and returns its URL once it listens.
func serve(t *testing.T, document string) string {
	t.Helper()
	mock := program(t, prism, "prism")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	require.NoError(t, listener.Close())
	ctx, cancel := context.WithCancel(context.Background())
	_, port, err := net.SplitHostPort(address)
	require.NoError(t, err)
	server := exec.CommandContext(ctx, mock, "mock", "--port", port, document)
	require.NoError(t, server.Start())
	t.Cleanup(func() {
		cancel()
		_ = server.Wait() // it is killed, so it never ends well
	})
	require.Eventually(t, func() bool {
		connection, err := net.Dial("tcp", address)
		if err == nil {
			_ = connection.Close()
		}
		return err == nil
	}, time.Minute, 50*time.Millisecond, "Prism does not listen")
	return "http://" + address
}
