package cli_test

import (
	"bufio"
	"context"
	"io"
	"net/http"
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
