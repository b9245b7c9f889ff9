package client

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/wire"
)

// serveRaw answers each connection by hand. The request's head has been read when
// answer is called; the connection is closed after it.
func serveRaw(t *testing.T, answer func(conn *net.TCPConn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			func() {
				defer func() { _ = conn.Close() }()
				if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
					answer(conn.(*net.TCPConn))
				}
			}()
		}
	}()
	t.Cleanup(func() { _ = listener.Close(); <-done })
	return "http://" + listener.Addr().String()
}

// sends answers with the bytes as they stand.
func sends(format string, args ...any) func(*net.TCPConn) {
	return func(conn *net.TCPConn) { _, _ = fmt.Fprintf(conn, format, args...) }
}

// resets ends a connection with a reset instead of a close.
func resets(conn *net.TCPConn) { _ = conn.SetLinger(0) }

// stalls answers with no more than before, until the client gives up.
func stalls(before string) func(*net.TCPConn) {
	return func(conn *net.TCPConn) {
		_, _ = io.WriteString(conn, before)
		_, _ = io.Copy(io.Discard, conn)
	}
}

func short(o *Options) { o.Timeout = time.Second }

func noRetry(o *Options) { o.Retry.Max = -1 }

func answers(status int, header map[string]string, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for name, value := range header {
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// names checks that a read of the endpoint ends with the cause, in every sending.
func names(t *testing.T, c *Client, cause wire.Cause, detail string) wire.Exchange {
	t.Helper()
	exchanges, err := c.Do(context.Background(), wire.Request{Operation: readStatus, Effect: wire.Reads, Body: []byte("{}")}, nil)
	require.NoError(t, err)
	for _, e := range exchanges {
		assert.Equal(t, cause, e.Cause, e.Detail)
		assert.Contains(t, e.Detail, detail)
		assert.False(t, e.Judgeable())
		assert.NotEmpty(t, e.Sent.Header)
		assert.NotContains(t, e.Detail, "->", "no address of this machine")
	}
	return exchanges[len(exchanges)-1]
}

func TestFaultConnectionRefused(t *testing.T) {
	e := names(t, newClient(t, "http://127.0.0.1:1"), wire.CauseRefused, "connection refused")
	assert.Nil(t, e.Received)
	assert.Equal(t, 1, e.Attempt, "an endpoint that never answered is not asked twice")
}

func TestFaultConnectionReset(t *testing.T) {
	e := names(t, newClient(t, serveRaw(t, resets)), wire.CauseLost, "connection reset")
	assert.Equal(t, 5, e.Attempt)
}

func TestFaultConnectionClosed(t *testing.T) {
	names(t, newClient(t, serveRaw(t, func(*net.TCPConn) {})), wire.CauseLost, "closed")
}

func TestFaultDNS(t *testing.T) {
	c := newClient(t, "https://nowhere.invalid", func(o *Options) {
		o.Dial = (&net.Dialer{Resolver: &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.DNSError{Err: "no such host", Name: "nowhere.invalid", IsNotFound: true}
		}}}).DialContext
	})
	names(t, c, wire.CauseDNS, "nowhere.invalid")
}

func TestFaultUnreachable(t *testing.T) {
	c := newClient(t, "https://10.0.0.1", func(o *Options) {
		o.Dial = func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", errNoRoute)}
		}
	})
	names(t, c, wire.CauseUnreachable, "no route to host")
}

func TestFaultTLSUnknownAuthority(t *testing.T) {
	server := httptest.NewUnstartedServer(answers(200, nil, "{}"))
	server.Config.ErrorLog = quiet()
	server.StartTLS()
	t.Cleanup(server.Close)
	names(t, newClient(t, server.URL), wire.CauseTLS, "certificate")
}

func TestFaultTLSWrongHost(t *testing.T) {
	server := httptest.NewUnstartedServer(answers(200, nil, "{}"))
	server.Config.ErrorLog = quiet()
	server.StartTLS()
	t.Cleanup(server.Close)
	config := server.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	config.ServerName = "other.test"
	names(t, newClient(t, server.URL, func(o *Options) { o.TLS = config }), wire.CauseTLS, "other.test")
}

func TestFaultTLSPlainServer(t *testing.T) {
	names(t, newClient(t, strings.Replace(serve(t, answers(200, nil, "{}")), "http:", "https:", 1)), wire.CauseTLS, "")
}

func TestFaultTLSAlert(t *testing.T) {
	server := httptest.NewUnstartedServer(answers(200, nil, "{}"))
	server.Config.ErrorLog = quiet()
	server.TLS = &tls.Config{MinVersion: tls.VersionTLS13}
	server.StartTLS()
	t.Cleanup(server.Close)
	config := server.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	config.MaxVersion = tls.VersionTLS12
	names(t, newClient(t, server.URL, func(o *Options) { o.TLS = config }), wire.CauseTLS, "")
}

func TestFaultTLSClosedInHandshake(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 64))
			_ = conn.Close()
		}
	}()
	names(t, newClient(t, "https://"+listener.Addr().String()), wire.CauseTLS, "")
}

func TestFaultTimeoutConnecting(t *testing.T) {
	c := newClient(t, "http://127.0.0.1:1", short, func(o *Options) {
		o.Dial = func(ctx context.Context, _, _ string) (net.Conn, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}
	})
	names(t, c, wire.CauseTimeout, "connecting")
}

func TestFaultTimeoutInTheHandshake(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() }) // never accepts: the kernel does
	names(t, newClient(t, "https://"+listener.Addr().String(), short), wire.CauseTimeout, "TLS handshake")
}

func TestFaultTimeoutWaitingForTheAnswer(t *testing.T) {
	e := names(t, newClient(t, serveRaw(t, stalls("")), short), wire.CauseTimeout, "waiting for the answer")
	assert.Zero(t, e.Timing.FirstByte)
	assert.Equal(t, 1, e.Attempt)
}

func TestFaultTimeoutReadingTheBody(t *testing.T) {
	e := names(t, newClient(t, serveRaw(t, stalls("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{")), short), wire.CauseTimeout, "reading the body")
	assert.Positive(t, e.Timing.FirstByte)
}

func TestFaultInterrupted(t *testing.T) {
	t.Run("while waiting for the answer", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		c := newClient(t, serve(t, func(_ http.ResponseWriter, r *http.Request) {
			cancel()
			<-r.Context().Done()
		}))
		exchanges, err := c.Do(ctx, wire.Request{Operation: readStatus, Effect: wire.Reads}, nil)
		require.NoError(t, err)
		require.Len(t, exchanges, 1)
		assert.Equal(t, wire.CauseInterrupted, exchanges[0].Cause)
	})
	t.Run("before it is sent", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		c := newClient(t, serve(t, func(http.ResponseWriter, *http.Request) { t.Error("something was sent") }))
		exchanges, err := c.Do(ctx, wire.Request{Operation: readStatus}, nil)
		require.NoError(t, err)
		require.Len(t, exchanges, 1)
		assert.Equal(t, wire.CauseInterrupted, exchanges[0].Cause)
		assert.Contains(t, exchanges[0].Detail, "not sent")
	})
	t.Run("while waiting to send again", func(t *testing.T) {
		for status, cause := range map[int]wire.Cause{503: wire.CauseUnavailable, 500: wire.CauseInterrupted} {
			ctx, cancel := context.WithCancel(context.Background())
			c := newClient(t, serve(t, answers(status, nil, "{}")), func(o *Options) {
				o.Retry = Retry{Base: time.Hour, MaxWait: 2 * time.Hour}
			})
			whole := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{PutIdleConn: func(error) { cancel() }})
			exchanges, err := c.Do(whole, wire.Request{Operation: readStatus, Effect: wire.Reads}, nil)
			require.NoError(t, err)
			require.Len(t, exchanges, 1)
			assert.Equal(t, cause, exchanges[0].Cause)
		}
	})
}

func TestFaultCallersDeadline(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Millisecond)
	defer cancel()
	exchanges, err := newClient(t, serveRaw(t, stalls(""))).Do(ctx, wire.Request{Operation: readStatus, Effect: wire.Reads}, nil)
	require.NoError(t, err)
	assert.Equal(t, wire.CauseTimeout, exchanges[0].Cause)
}

func TestFaultProxy(t *testing.T) {
	proxy := serve(t, answers(407, nil, ""))
	c := newClient(t, "https://api.example.test")
	c.transport.Load().Proxy = func(*http.Request) (*url.URL, error) { return url.Parse(proxy) }
	names(t, c, wire.CauseProxy, "407")
}
