package cli_test

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/cli"
	"github.com/zec-tools/conformance/internal/mock"
)

// proxied runs the proxy, which does not sign, while requests are sent to it. It returns what it
// printed and the folder of its reports.
func (b *bench) proxied(send func(at string), args ...string) (printed, dir string) {
	b.t.Helper()
	ctx, cancel := context.WithCancel(b.t.Context())
	defer cancel()
	out, in := io.Pipe()
	dir = filepath.Join(b.dir, "proxied")
	args = append([]string{"proxy", "--config", b.config, "--target", "it", "--out", dir, "--format", "json,html,har"}, args...)
	go func() {
		cli.Main(ctx, args, cli.System{Out: in, Err: in, In: strings.NewReader(""), Env: func(name string) string { return b.env[name] }})
		_ = in.Close()
	}()
	lines := bufio.NewReader(out)
	at, err := lines.ReadString('\n')
	require.NoError(b.t, err)
	rest := make(chan string, 1)
	go func() {
		text, _ := io.ReadAll(lines)
		rest <- string(text)
	}()
	send(strings.TrimSpace(at))
	cancel()
	return <-rest, dir
}

// TestTheProxyPassesNothingOnForTheProductionHost has a client name the production host, to which
// the address of an endpoint may lead, too.
func TestTheProxyPassesNothingOnForTheProductionHost(t *testing.T) {
	t.Parallel()
	asked := make(chan string, 9)
	b := newBench(t, func(m http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked <- r.Host
			m.ServeHTTP(w, r)
		})
	}, mock.Options{})
	printed, _ := b.proxied(func(at string) {
		for _, host := range []string{"console.zenlayer.com", "CONSOLE.zenlayer.com.:443"} {
			r, err := http.NewRequest(http.MethodPost, at+"/api/v2/zec", strings.NewReader("{}"))
			require.NoError(t, err)
			r.Host = host
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("X-ZC-Action", "DescribeInstances")
			a, err := http.DefaultClient.Do(r)
			require.NoError(t, err)
			_ = a.Body.Close()
			assert.Equal(t, http.StatusForbidden, a.StatusCode)
		}
	})
	assert.Empty(t, asked)
	assert.Equal(t, 2, strings.Count(strings.Join(strings.Fields(printed), " "), "not sent DescribeInstances: console.zenlayer.com is the production host"), printed)
}

// TestNothingShowsWhatAClientIsAuthorizedBy has an endpoint repeat the token of a client, which
// nobody has named to the program.
func TestNothingShowsWhatAClientIsAuthorizedBy(t *testing.T) {
	t.Parallel()
	const token = "somebody-elses-token"
	b := newBench(t, func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Location", "/login?token="+token)
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"requestId":"1","code":"NOPE_`+token+`","message":"no `+strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")+`"}`)
		})
	}, mock.Options{})
	printed, dir := b.proxied(func(at string) {
		r, err := http.NewRequest(http.MethodPost, at+"/api/v2/zec", strings.NewReader("{}"))
		require.NoError(t, err)
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("X-ZC-Action", "DescribeInstances")
		r.Header.Set("X-ZC-Version", "2024-04-01")
		r.Header.Set("Authorization", "Bearer "+token)
		a, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		text, err := io.ReadAll(a.Body)
		require.NoError(t, err)
		_ = a.Body.Close()
		assert.Contains(t, string(text), token, "the client gets what the endpoint sent")
	})
	assert.Contains(t, printed, "R-FAILURE-PAIR")
	assert.NotContains(t, printed, token)
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	require.NoError(t, err)
	require.NotEmpty(t, names)
	for _, name := range names {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		assert.NotContains(t, string(text), token, name)
	}
}
