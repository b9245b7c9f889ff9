package client

import (
	"bufio"
	"crypto/tls"
	"encoding/json"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/wire"
)

const errNoRoute = syscall.EHOSTUNREACH

// quiet keeps a server's complaints about deliberate faults out of the output.
func quiet() *log.Logger { return log.New(io.Discard, "", 0) }

func http2Server(t testing.TB, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.EnableHTTP2 = true
	server.Config.ErrorLog = quiet()
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

func trusts(server *httptest.Server) func(*Options) {
	return func(o *Options) { o.TLS = server.Client().Transport.(*http.Transport).TLSClientConfig }
}

func marshal(t testing.TB, v any) string {
	t.Helper()
	out, err := json.Marshal(v)
	require.NoError(t, err)
	return string(out)
}

// rawHead sends req and returns the head of the request as it stood on the wire.
func rawHead(t *testing.T, req wire.Request, exchange ...*wire.Exchange) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	heads := make(chan string, 1)
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer func() { _ = conn.Close() }()
		reader, head := bufio.NewReader(conn), ""
		for !strings.HasSuffix(head, "\r\n\r\n") {
			line, err := reader.ReadString('\n')
			if err != nil {
				break
			}
			head += line
		}
		heads <- head
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
		_, _ = io.Copy(io.Discard, reader)
	}()
	e := one(t, newClient(t, "http://"+listener.Addr().String()), req)
	for _, to := range exchange {
		*to = e
	}
	return <-heads
}

// tlsFor wants a certificate for a name.
func tlsFor(name string) *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, ServerName: name}
}
