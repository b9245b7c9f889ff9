package target_test

import (
	"bytes"
	"context"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/cli"
)

// gateways end TLS in front of an endpoint. They want a client certificate and a header of their own,
// and serve the endpoint under the path /staging.
var gateways = map[string]struct {
	config string // with places for a folder, the gateway's port, the endpoint, and servers that talk no HTTP or not at all
	args   []string
}{
	"nginx":   {nginxConfig, []string{"-e", "stderr", "-p", "FOLDER", "-c", "FOLDER/config"}},
	"haproxy": {haproxyGateway, []string{"-db", "-f", "FOLDER/config"}},
}

const nginxConfig = `
daemon off; master_process off; pid FOLDER/nginx.pid; error_log stderr;
events {}
http {
  access_log off;
  client_body_temp_path FOLDER/b; proxy_temp_path FOLDER/p; fastcgi_temp_path FOLDER/f; uwsgi_temp_path FOLDER/u; scgi_temp_path FOLDER/s;
  server {
    listen 127.0.0.1:PORT ssl http2;
    ssl_certificate FOLDER/server.pem; ssl_certificate_key FOLDER/server.key;
    ssl_client_certificate FOLDER/ca.pem; ssl_verify_client on;
    location /staging/ {
      if ($http_x_gate != opens-the-gate) { return 403; }
      proxy_pass http://ENDPOINT/; proxy_set_header Host $http_host;
    }
  }
}
`

const haproxyGateway = `
defaults
  mode http
  timeout connect 5s
  timeout client 1m
  timeout server 1m
frontend api
  bind 127.0.0.1:PORT ssl crt FOLDER/both.pem ca-file FOLDER/ca.pem verify required alpn h2,http/1.1
  http-request deny deny_status 407 if { path_beg /deny }
  http-request deny deny_status 408 if { path_beg /late }
  http-request deny if !{ hdr(X-Gate) opens-the-gate }
  use_backend %[path,field(2,/)]
backend staging
  http-request replace-path /staging(/.*) \1
  server s ENDPOINT
backend rewritten
  http-request replace-path /rewritten(/.*) \1
  http-request set-header Host backend.internal
  server s ENDPOINT
backend down
  server s 127.0.0.1:1
backend garbage
  server s BABBLE
backend slow
  timeout server 100ms
  server s SILENT
`

// gateway starts one of the gateways before a mock. Its config function returns the
// configuration of a target behind it.
func gateway(t *testing.T, name string) (config func(base string) string, folder, port string, env map[string]string) {
	t.Helper()
	address, env := behind(t)
	folder, port = papers(t, "api.staging.test"), freePort(t)
	var both []byte
	for _, part := range []string{"server.pem", "server.key"} {
		text, err := os.ReadFile(filepath.Join(folder, part))
		require.NoError(t, err)
		both = append(both, text...)
	}
	require.NoError(t, os.WriteFile(filepath.Join(folder, "both.pem"), both, 0o600))
	fill := strings.NewReplacer("FOLDER", folder, "PORT", port, "ENDPOINT", address, "BABBLE", saying(t, "SSH-2.0-x\r\n\r\n"), "SILENT", saying(t, "")).Replace
	require.NoError(t, os.WriteFile(filepath.Join(folder, "config"), []byte(fill(gateways[name].config)), 0o600))
	args := slices.Clone(gateways[name].args)
	for i := range args {
		args[i] = fill(args[i])
	}
	program(t, port, name, args...)
	return func(base string) string {
		return fill(`
endpoint: https://api.staging.test:PORT/` + base + `
resolve: ["api.staging.test:PORT:127.0.0.1"]
headers: {X-Gate: GATE}
tls: {caFile: FOLDER/ca.pem, certFile: FOLDER/client.pem, keyFile: FOLDER/client.key}
`)
	}, folder, port, env
}

// saying is a server that answers a connection with a text, and otherwise keeps silent.
func saying(t *testing.T, text string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = conn.Close() }()
				_, _ = conn.Write([]byte(text))
				for err == nil { // until the other side ends it
					_, err = conn.Read(make([]byte, 4096))
				}
			}()
		}
	}()
	return l.Addr().String()
}

// TestBehindAGateway goes through one that wants a client certificate and a header of its
// own, under a base path and another name.
func TestBehindAGateway(t *testing.T) {
	for name := range gateways {
		t.Run(name, func(t *testing.T) {
			config, folder, port, env := gateway(t, name)
			right := config("staging")
			without := func(part string) string {
				require.Contains(t, right, part)
				return reach(t, strings.Replace(right, part, "", 1), env)
			}
			found := reach(t, right, env)
			assert.Contains(t, found, "endpoint: https://api.staging.test:"+port+"/staging answers (HTTP/2.0)")
			assert.Contains(t, found, "connection: below the path /staging; api.staging.test:"+port+" is dialled at 127.0.0.1:"+port+"; with the client certificate in "+folder+"/client.pem; with the headers X-Gate")
			assert.Contains(t, found, "credentials: the key of ZENLAYERCLOUD_ACCESS_KEY_ID is accepted", "the gateway has left alone what is signed")
			assert.NotContains(t, found, "opens-the-gate")

			assert.Contains(t, without("headers: {X-Gate: GATE}"), "is answered with 403", "without the header")
			assert.NotContains(t, without(", certFile: "+folder+"/client.pem, keyFile: "+folder+"/client.key"), "is accepted", "without the certificate")
			assert.Contains(t, without("resolve: [\"api.staging.test:"+port+":127.0.0.1\"]"), "dns")
			assert.Contains(t, reach(t, strings.Replace(right, "tls: {", "http1: true\ntls: {", 1), env), "answers (HTTP/1.1)")

			code, said := runs(t, right, env)
			assert.Zero(t, code, said)
		})
	}
}

// runs runs two scenarios that only read, and returns the exit code with what was printed.
func runs(t *testing.T, config string, env map[string]string) (code int, said string) {
	t.Helper()
	folder := t.TempDir()
	file := filepath.Join(folder, "conformance.yaml")
	config = "targets:\n  it:\n    " + strings.ReplaceAll(strings.TrimSpace(config), "\n", "\n    ") + "\n    requestsPerSecond: 1000\n"
	require.NoError(t, os.WriteFile(file, []byte(config), 0o600))
	var out bytes.Buffer
	state := t.TempDir()
	sys := cli.System{In: strings.NewReader(""), Out: &out, Err: &out, Env: func(name string) string {
		if name == "XDG_STATE_HOME" {
			return state
		}
		return env[name]
	}}
	code = cli.Main(context.Background(), []string{"run", "--config", file, "--target", "it", "--out", folder, "--allow-partial", "--no-preflight",
		"--scenario", "status-no-parameters", "--scenario", "instances-no-parameters"}, sys)
	return code, out.String()
}

// TestWhatHAProxyAnswersItselfIsNoFinding takes its own answers through a run: each has its cause.
func TestWhatHAProxyAnswersItselfIsNoFinding(t *testing.T) {
	config, folder, port, env := gateway(t, "haproxy")
	for name, c := range map[string]struct{ config, cause string }{
		"no backend":               {config("nobody"), "unavailable: "},
		"a backend that is down":   {config("down"), "unavailable: "},
		"a backend of no HTTP":     {config("garbage"), "bad-gateway: "},
		"a backend that is slow":   {config("slow"), "gateway-timeout: "},
		"denied with 407":          {config("deny"), "proxy-authorization: "},
		"denied with 408":          {config("late"), "request-timeout: "},
		"Host rewritten":           {config("rewritten"), "credential-refused: "},
		"no client certificate":    {strings.Replace(config("staging"), ", certFile: "+folder+"/client.pem, keyFile: "+folder+"/client.key", "", 1), "tls: "},
		"plain HTTP to a TLS port": {"endpoint: http://127.0.0.1:" + port + "/staging\nheaders: {X-Gate: GATE}", "connection-lost: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, said := runs(t, c.config, env)
			assert.Equal(t, 3, code, said)
			assert.Contains(t, said, ": "+c.cause)
		})
	}
}
