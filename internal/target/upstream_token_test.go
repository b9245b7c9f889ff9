package target_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/proxy"
	"github.com/zec-tools/conformance/internal/secret"
	"github.com/zec-tools/conformance/internal/target"
	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/spec"
)

// TestAProxyReadsAnExpiredTokenAgain passes requests on to an endpoint that takes one token alone, which is replaced
// in between. A refusal of the old one is the client's to see; the next request carries the new one.
func TestAProxyReadsAnExpiredTokenAgain(t *testing.T) {
	const first, second = "token-of-the-first-hour", "another-of-the-next-hour"
	e := newTokenUpstream(t, first)
	assert.Equal(t, 200, e.ask(t))
	e.takes(second)
	e.file(t, second)
	assert.Equal(t, 401, e.ask(t), "nobody knew")
	assert.Equal(t, 200, e.ask(t))
	assert.NotContains(t, e.filter.String("carries "+second), second)
}

// TestAProxyReadsATokenThatSaysItsEndBeforeIt has the token say when it expires.
func TestAProxyReadsATokenThatSaysItsEndBeforeIt(t *testing.T) {
	ends := func(in time.Duration) string {
		return "e30." + base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, `{"exp":%d}`, time.Now().Add(in).Unix())) + ".c2lnbmF0dXJl"
	}
	e := newTokenUpstream(t, ends(time.Second))
	next := ends(time.Hour)
	e.takes(next)
	e.file(t, next)
	assert.Equal(t, 200, e.ask(t), "it was read again before anything was sent")
}

// TestAProxySendsNothingThatItCannotSign takes the token away.
func TestAProxySendsNothingThatItCannotSign(t *testing.T) {
	expired := "e30." + base64.RawURLEncoding.EncodeToString([]byte(`{"exp":1000000000}`)) + ".c2lnbmF0dXJl"
	e := newTokenUpstream(t, expired)
	require.NoError(t, os.Remove(e.path))
	assert.Equal(t, 502, e.ask(t))
	assert.Contains(t, e.said, "the request could not be signed, and was not sent: read the bearer token again: credentials.tokenFile")
	assert.Zero(t, e.met, "requests that arrived")
}

// tokenUpstream is an endpoint behind a proxy that reads its token from a file.
type tokenUpstream struct {
	mu     sync.Mutex
	token  string // that the endpoint takes
	met    int
	path   string
	url    string
	said   string // the last answer
	filter *secret.Filter
}

func newTokenUpstream(t *testing.T, token string) *tokenUpstream {
	t.Helper()
	dir := t.TempDir()
	e := &tokenUpstream{token: token, path: filepath.Join(dir, "token"), filter: secret.NewFilter()}
	e.file(t, token)
	endpoint := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.met++
		if r.Header.Get("Authorization") != "Bearer "+e.token || r.Header.Get("X-ZC-Timestamp") != "" {
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
	t.Cleanup(endpoint.Close)
	api, err := contract.Load(spec.Files)
	require.NoError(t, err)
	file := filepath.Join(dir, "conformance.yaml")
	text := fmt.Sprintf("targets:\n  it:\n    endpoint: %s\n    credentials: {keyIdEnv: NO_KEY, keyPasswordEnv: NO_PASSWORD, tokenFile: %s}\n", endpoint.URL, e.path)
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	config, err := target.ReadConfig(file, "it", api)
	require.NoError(t, err)
	upstream, err := target.OpenUpstream(config, target.Access{Env: func(string) string { return "" }, Contract: api, Filter: e.filter}, true)
	require.NoError(t, err)
	t.Cleanup(upstream.Close)
	server := httptest.NewServer(proxy.New(proxy.Options{
		Endpoint: upstream.Endpoint, Transport: upstream.Transport, Check: upstream.Check, Sign: upstream.Sign,
		Begun: func() func(wire.Exchange) { return func(wire.Exchange) {} },
	}))
	t.Cleanup(server.Close)
	e.url = server.URL
	return e
}

// takes has the endpoint take another token.
func (e *tokenUpstream) takes(token string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.token = token
}

func (e *tokenUpstream) file(t *testing.T, token string) {
	t.Helper()
	require.NoError(t, os.WriteFile(e.path, []byte(token+"\n"), 0o600))
}

// ask sends a read through the proxy, with an expired signature of its own, and returns the status.
func (e *tokenUpstream) ask(t *testing.T) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, e.url+"/api/v2/zec", strings.NewReader("{}"))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-ZC-Action", "DescribeInstances")
	req.Header.Set("X-ZC-Version", "2024-04-01")
	req.Header.Set("X-ZC-Timestamp", "1000000000")
	a, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer func() { _ = a.Body.Close() }()
	var said strings.Builder
	require.NoError(t, a.Write(&said))
	e.said = said.String()
	return a.StatusCode
}
