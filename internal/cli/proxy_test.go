package cli_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/cli"
	"github.com/zec-tools/conformance/internal/mock"
)

// lockedBuffer is a buffer that is written while it is read.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// TestTheProxyListensForHTTPSAndHTTP2 sends requests without credentials over HTTP/2 through a
// proxy that signs, and one that may not leave.
func TestTheProxyListensForHTTPSAndHTTP2(t *testing.T) {
	b := newBench(t, untouched, mock.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	out, in := io.Pipe()
	errs := &lockedBuffer{}
	dir := filepath.Join(b.dir, "proxied")
	code := make(chan int, 1)
	go func() {
		code <- cli.Main(ctx, []string{"proxy", "--config", b.config, "--target", "it", "--out", dir, "--tls", "--sign", "--exclusive", "--within", "1m0s", "--format", "json"},
			cli.System{Out: in, Err: errs, In: strings.NewReader(""), Env: func(name string) string { return b.env[name] }})
		_ = in.Close()
	}()
	lines := bufio.NewReader(out)
	at, err := lines.ReadString('\n')
	require.NoError(t, err, errs.String())
	var rest bytes.Buffer
	read := make(chan struct{})
	go func() { defer close(read); _, _ = io.Copy(&rest, lines) }()
	_, file, found := strings.Cut(strings.TrimSpace(errs.String()), "clients have to trust ")
	require.True(t, found, errs.String())
	authority, err := os.ReadFile(file)
	require.NoError(t, err)
	pool := x509.NewCertPool()
	require.True(t, pool.AppendCertsFromPEM(authority))
	transport := &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}
	t.Cleanup(transport.CloseIdleConnections)
	ask := func(action, body string) (int, int) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, strings.TrimSpace(at)+"/api/v2/zec", strings.NewReader(body))
		require.NoError(t, err)
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("X-ZC-Action", action)
		r.Header.Set("X-ZC-Version", "2024-04-01")
		a, err := transport.RoundTrip(r)
		require.NoError(t, err)
		_, _ = io.Copy(io.Discard, a.Body)
		_ = a.Body.Close()
		return a.StatusCode, a.ProtoMajor
	}
	status, protocol := ask("DescribeInstancesStatus", `{"instanceIds":[]}`)
	assert.Equal(t, []int{200, 2}, []int{status, protocol})
	status, _ = ask("ReleaseInstances", `{"instanceIds":["ins-000001"]}`)
	assert.Equal(t, 403, status, "the contract does not have it")
	cancel()
	assert.Equal(t, 0, <-code, errs.String())
	<-read
	assert.Contains(t, rest.String(), "nothing wrong seen")
	assert.Contains(t, rest.String(), "not sent ReleaseInstances")
	overview, err := os.ReadFile(filepath.Join(dir, "report.json"))
	require.NoError(t, err)
	again := "conformance judge --exclusive --within 1m0s --name 'it' --out '" + dir + "' '" + filepath.Join(dir, "exchanges.ndjson") + "'"
	assert.Equal(t, again, gjson.GetBytes(overview, "repeat").String())
	recorded, err := os.ReadFile(filepath.Join(dir, "exchanges.ndjson"))
	require.NoError(t, err)
	assert.Equal(t, 1, strings.Count(string(recorded), "\n"), "what was not sent is no exchange")
	_, err = os.Stat(file)
	assert.ErrorIs(t, err, os.ErrNotExist, "the authority's file is removed")
}
