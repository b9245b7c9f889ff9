package client

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/wire"
)

func TestFaultTruncatedBody(t *testing.T) {
	cases := map[string]struct{ answer, detail string }{
		"shorter than announced":           {"HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n{\"a\":1}", "7 of 30 bytes"},
		"an empty one where 30 were to be": {"HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n", "0 of 30 bytes"},
		"cut within a chunk":               {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n{\"a\"", "broke off"},
		"cut between chunks":               {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n{\"a\":1}\r\n", "broke off"},
		"cut where no length was given":    {"HTTP/1.1 200 OK\r\n\r\n{\"a\":", "inside the JSON"},
		"a gateway's, cut":                 {"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 30\r\n\r\n<html>", "6 of 30 bytes"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			e := names(t, newClient(t, serveRaw(t, sends("%s", c.answer))), wire.CauseTruncated, c.detail)
			assert.Equal(t, 5, e.Attempt)
			assert.Nil(t, e.Received)
		})
	}
}

func TestFaultTruncatedByAReset(t *testing.T) {
	url := serveRaw(t, func(conn *net.TCPConn) {
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n{")
		resets(conn)
	})
	e := one(t, newClient(t, url, noRetry), wire.Request{Operation: readStatus})
	// A reset discards what the kernel has not handed over: the head may be lost with it.
	assert.Contains(t, []wire.Cause{wire.CauseTruncated, wire.CauseLost}, e.Cause)
}

func TestFaultOversizedBody(t *testing.T) {
	small := func(o *Options) { o.MaxBody = 1000 }
	chunks := func(w http.ResponseWriter, _ *http.Request) {
		for range 100 {
			_, _ = w.Write(bytes.Repeat([]byte("x"), 1000))
		}
	}
	t.Run("announced", func(t *testing.T) {
		names(t, newClient(t, serveRaw(t, sends("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n")), small), wire.CauseOversized, "1001 bytes")
	})
	t.Run("not announced", func(t *testing.T) {
		names(t, newClient(t, serve(t, chunks), small), wire.CauseOversized, "1000 bytes")
	})
	t.Run("of exactly the bound is none", func(t *testing.T) {
		e := one(t, newClient(t, serve(t, answers(200, nil, strings.Repeat("x", 1000))), small), wire.Request{Operation: readStatus})
		assert.Empty(t, e.Cause)
		assert.Len(t, e.Received.Body, 1000)
	})
	t.Run("the default bound is 1 MiB", func(t *testing.T) {
		c := newClient(t, serve(t, answers(200, nil, strings.Repeat("x", DefaultMaxBody+1))))
		names(t, c, wire.CauseOversized, "1048576")
	})
}

func zipped(t *testing.T, content []byte) string {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write(content)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.String()
}

func TestFaultGzipBomb(t *testing.T) {
	bomb := zipped(t, make([]byte, 64<<20))
	require.Less(t, len(bomb), DefaultMaxBody)
	c := newClient(t, serve(t, answers(200, map[string]string{"Content-Encoding": "gzip"}, bomb)))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	names(t, c, wire.CauseOversized, "unpacks to more than")
	runtime.ReadMemStats(&after)
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(32<<20), "bytes allocated: the bomb would need 64 MiB")
}

func TestFaultContentEncoding(t *testing.T) {
	gzipped := map[string]string{"Content-Encoding": "gzip"}
	t.Run("gzip that was not asked for is read", func(t *testing.T) {
		e := one(t, newClient(t, serve(t, answers(200, gzipped, zipped(t, []byte(`{"a":1}`))))), wire.Request{Operation: readStatus})
		assert.Empty(t, e.Cause, e.Detail)
		assert.JSONEq(t, `{"a":1}`, string(e.Received.Body))
	})
	t.Run("another coding", func(t *testing.T) {
		names(t, newClient(t, serve(t, answers(200, map[string]string{"Content-Encoding": "br"}, "x"))), wire.CauseEncoding, "br")
	})
	t.Run("no gzip at all", func(t *testing.T) {
		names(t, newClient(t, serve(t, answers(200, gzipped, `{"a":1}`))), wire.CauseEncoding, "not")
	})
	t.Run("gzip cut short", func(t *testing.T) {
		whole := zipped(t, []byte(strings.Repeat("abcdefgh", 99)))
		names(t, newClient(t, serve(t, answers(200, gzipped, whole[:len(whole)/2]))), wire.CauseTruncated, "broke off")
	})
	t.Run("no body", func(t *testing.T) {
		e := one(t, newClient(t, serve(t, answers(200, gzipped, ""))), wire.Request{Operation: readStatus})
		assert.Empty(t, e.Cause, e.Detail)
	})
}

func TestFaultNotHTTP(t *testing.T) {
	cases := map[string]string{
		"another protocol":      "SSH-2.0-OpenSSH_9.6\r\n",
		"bytes":                 "\x15\x03\x01\x00\x02\x02\x28\r\n\r\n",
		"a status of letters":   "HTTP/1.1 abc OK\r\n\r\n",
		"an unknown version":    "HTTP/9 200 OK\r\n\r\n",
		"a broken header line":  "HTTP/1.1 200 OK\r\nno colon here\r\n\r\n",
		"a length of letters":   "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
		"an unknown framing":    "HTTP/1.1 200 OK\r\nTransfer-Encoding: magic\r\n\r\n",
		"a chunk without size":  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n",
		"an upgrade not wanted": "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
	}
	for name, answer := range cases {
		t.Run(name, func(t *testing.T) {
			names(t, newClient(t, serveRaw(t, sends("%s", answer))), wire.CauseNotHTTP, "")
		})
	}
}

func TestFaultHugeHeaders(t *testing.T) {
	t.Run("HTTP/1.1", func(t *testing.T) {
		huge := "HTTP/1.1 200 OK\r\n" + strings.Repeat("X-Long: "+strings.Repeat("x", 1000)+"\r\n", 400) + "\r\n"
		names(t, newClient(t, serveRaw(t, sends("%s", huge))), wire.CauseOversizedHeaders, "")
	})
	t.Run("HTTP/2", func(t *testing.T) {
		server := http2Server(t, func(w http.ResponseWriter, _ *http.Request) {
			for i := range 400 {
				w.Header().Set(fmt.Sprintf("X-Long-%d", i), strings.Repeat("x", 1000))
			}
		})
		c := newClient(t, server.URL, trusts(server))
		// The protocol itself has a bound here, and breaking it ends the connection.
		names(t, c, wire.CauseNotHTTP, "PROTOCOL_ERROR")
	})
}

// TestFaultClosedAfterTheHandshake holds what an endpoint that wants a client certificate comes to on a busy machine: its
// alert is not read before the connection is closed.
func TestFaultClosedAfterTheHandshake(t *testing.T) {
	closed := &url.Error{Op: "Post", URL: "https://127.0.0.1/", Err: errors.New("http2: client conn could not be established")}
	assert.Equal(t, wire.CauseTLS, causeOfError(closed, phaseTLS+1))
	assert.Equal(t, wire.CauseLost, causeOfError(&url.Error{Op: "Post", URL: "https://127.0.0.1/", Err: io.EOF}, phaseTLS+1))
}
