package cli_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// raw answers each connection by hand, once the request's head has been read.
func raw(t *testing.T, answer func(conn *net.TCPConn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = conn.Close() }()
				if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
					answer(conn.(*net.TCPConn))
				}
			}()
		}
	}()
	return "http://" + listener.Addr().String()
}

func sends(text string) func(*testing.T, *bench) {
	return func(t *testing.T, b *bench) {
		b.moveTo(raw(t, func(c *net.TCPConn) { _, _ = c.Write([]byte(text)) }))
	}
}

// stalls sends what comes first, then nothing more until the client gives up.
func stalls(first string) func(*testing.T, *bench) {
	return func(t *testing.T, b *bench) {
		b.moveTo(raw(t, func(c *net.TCPConn) {
			_, _ = c.Write([]byte(first))
			_, _ = c.Read(make([]byte, 1))
		}))
	}
}

func resetsAfter(first string) func(*testing.T, *bench) {
	return func(t *testing.T, b *bench) {
		b.moveTo(raw(t, func(c *net.TCPConn) {
			_, _ = c.Write([]byte(first))
			_ = c.SetLinger(0)
		}))
	}
}

func answers(status int, header map[string]string, body string) func(*testing.T, *bench) {
	return func(t *testing.T, b *bench) {
		server := httptest.NewServer(always(status, header, body)(nil))
		t.Cleanup(server.Close)
		b.moveTo(server.URL)
	}
}

// secure serves HTTPS; trusted tells the configuration of its certificate.
func secure(config *tls.Config, host string, trusted bool) func(*testing.T, *bench) {
	return func(t *testing.T, b *bench) {
		server := httptest.NewUnstartedServer(always(http.StatusOK, nil, "{}")(nil))
		server.TLS = config
		server.Config.ErrorLog = log.New(io.Discard, "", 0) // that handshakes fail is what is meant
		server.StartTLS()
		t.Cleanup(server.Close)
		b.moveTo(strings.Replace(server.URL, "127.0.0.1", host, 1))
		if trusted {
			file := filepath.Join(b.dir, "ca.pem")
			text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
			require.NoError(t, os.WriteFile(file, text, 0o600))
			b.replace("    allowResize:", "    tls: {caFile: "+file+"}\n    allowResize:")
		}
	}
}

// moveTo has the configuration name another endpoint.
func (b *bench) moveTo(endpoint string) {
	b.replace("endpoint: "+b.endpoint, "endpoint: "+endpoint)
	b.endpoint = endpoint
}

func toURL(endpoint string) func(*testing.T, *bench) {
	return func(_ *testing.T, b *bench) {
		b.moveTo(endpoint)
		b.replace("    allowResize:", "    allowPlainHTTP: true\n    allowResize:")
	}
}

func bomb() string {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write(bytes.Repeat([]byte(" "), 64<<20))
	_ = z.Close()
	return packed.String()
}

// closed is where nobody listens. A port that was free a moment ago may be another test's by now.
const closed = "http://127.0.0.1:1"

// TestARunNamesEachFaultAndBlamesNobody takes every cause of docs/faults.md through a
// run over a real socket: the verdict is inconclusive, the cause is named, and the run
// ends. A few scenarios stand for all, as each of them meets the same fault.
func TestARunNamesEachFaultAndBlamesNobody(t *testing.T) {
	head := "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	cases := map[string]struct {
		spoil func(*testing.T, *bench)
		cause wire.Cause
	}{
		"connection refused":            {func(_ *testing.T, b *bench) { b.moveTo(closed) }, wire.CauseRefused},
		"connection reset":              {resetsAfter(""), wire.CauseLost},
		"connection closed":             {sends(""), wire.CauseLost},
		"no such host":                  {toURL("http://nowhere.invalid"), wire.CauseDNS},
		"no route":                      {toURL("http://255.255.255.255:9"), wire.CauseUnreachable},
		"unknown authority":             {secure(nil, "127.0.0.1", false), wire.CauseTLS},
		"certificate of another host":   {secure(nil, "localhost", true), wire.CauseTLS},
		"plain server":                  {func(t *testing.T, b *bench) { b.moveTo(strings.Replace(b.endpoint, "http:", "https:", 1)) }, wire.CauseTLS},
		"no version in common":          {secure(&tls.Config{MaxVersion: tls.VersionTLS11}, "127.0.0.1", true), wire.CauseTLS},
		"closed in the handshake":       {func(t *testing.T, b *bench) { b.moveTo(strings.Replace(closing(t), "http:", "https:", 1)) }, wire.CauseTLS},
		"no end of the handshake":       {func(t *testing.T, b *bench) { b.moveTo(strings.Replace(silent(t), "http:", "https:", 1)) }, wire.CauseTimeout},
		"no answer":                     {stalls(""), wire.CauseTimeout},
		"no end of the body":            {stalls(head + "Content-Length: 100\r\n\r\n{"), wire.CauseTimeout},
		"body shorter than announced":   {sends(head + "Content-Length: 100\r\n\r\n{"), wire.CauseTruncated},
		"a chunk cut":                   {sends(head + "Transfer-Encoding: chunked\r\n\r\n64\r\n{"), wire.CauseTruncated},
		"JSON cut, no length":           {sends(head + "Connection: close\r\n\r\n{\"requestId\":"), wire.CauseTruncated},
		"body longer than the bound":    {sends(head + "Content-Length: 1099511627776\r\n\r\n"), wire.CauseOversized},
		"gzip bomb":                     {answers(200, map[string]string{"Content-Encoding": "gzip"}, bomb()), wire.CauseOversized},
		"huge headers":                  {sends(head + "X: " + strings.Repeat("x", 300<<10) + "\r\n\r\n"), wire.CauseOversizedHeaders},
		"a coding not asked for":        {answers(200, map[string]string{"Content-Encoding": "br"}, "{}"), wire.CauseEncoding},
		"no HTTP":                       {sends("SSH-2.0-OpenSSH_9.6\r\n\r\n"), wire.CauseNotHTTP},
		"an upgrade not asked for":      {sends("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n"), wire.CauseNotHTTP},
		"redirect":                      {answers(307, map[string]string{"Location": "http://192.0.2.1/"}, ""), wire.CauseRedirect},
		"gateway's challenge":           {answers(403, map[string]string{"cf-mitigated": "challenge"}, "<html>"), wire.CauseChallenge},
		"451":                           {answers(451, nil, "<html>"), wire.CauseLegal},
		"502":                           {answers(502, nil, "<html>"), wire.CauseBadGateway},
		"504":                           {answers(504, nil, "<html>"), wire.CauseGatewayTimeout},
		"407":                           {answers(407, nil, "<html>"), wire.CauseProxyAuthorization},
		"408":                           {answers(408, nil, ""), wire.CauseRequestTimeout},
		"421":                           {answers(421, nil, "<html>"), wire.CauseMisdirected},
		"520":                           {answers(520, nil, "error code: 520"), wire.CauseEdgeUnknown},
		"530":                           {answers(530, nil, "<html>"), wire.CauseEdgeDNS},
		"plain HTTP to a TLS port":      {answers(400, nil, "Client sent an HTTP request to an HTTPS server.\n"), wire.CauseTLS},
		"a certificate is demanded":     {secure(&tls.Config{ClientAuth: tls.RequireAnyClientCert}, "127.0.0.1", true), wire.CauseTLS},
		"429 that stays":                {answers(429, nil, "{}"), wire.CauseRateLimited},
		"503 that stays":                {answers(503, nil, "{}"), wire.CauseUnavailable},
		"the local clock is off":        {skewed, wire.CauseClockSkew},
		"a server of HTML behind a 502": {answers(502, map[string]string{"Content-Type": "text/html"}, "<html>Bad Gateway</html>"), wire.CauseBadGateway},
	}
	t.Parallel()
	ran, examined := map[string]ended{}, map[string]ended{}
	var mu sync.Mutex
	var group sync.WaitGroup
	for name, c := range cases { // all at once: what takes time is the waiting before a request is sent again
		b := newBench(t, untouched, mock.Options{})
		if c.cause == wire.CauseTimeout { // in all other rows time must not run out first
			b.replace("requestTimeout: 30s", "requestTimeout: 500ms")
		} else {
			b.replace("requestTimeout: 30s", "requestTimeout: 1m")
		}
		c.spoil(t, b)
		group.Go(func() {
			e := b.run("--no-preflight", "--scenario", "resize-succeeds", "--scenario", "unknown-type", "--scenario", "text-beyond-ascii")
			mu.Lock()
			defer mu.Unlock()
			ran[name] = e
		})
		group.Go(func() {
			e := b.command("doctor")
			mu.Lock()
			defer mu.Unlock()
			examined[name] = e
		})
	}
	group.Wait()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			e, doctor := ran[name], examined[name]
			assert.Equal(t, verdict.ExitInconclusive, e.code, e.out+e.err)
			assert.Equal(t, verdict.InconclusiveVerdict, e.report.Verdict)
			assert.Zero(t, e.report.Summary.Findings)
			assert.Len(t, e.report.Scenarios, 3)
			for _, s := range e.report.Scenarios {
				assert.Equal(t, verdict.Inconclusive, s.Outcome, s.ID)
				assert.Equal(t, c.cause, s.Cause, "%s: %s", s.ID, s.Reason)
			}
			assert.Equal(t, verdict.ExitInconclusive, doctor.code, doctor.out)
			assert.Contains(t, doctor.out, "fail  endpoint: "+string(c.cause))
			assert.Contains(t, doctor.out, "      fix: ")
		})
	}
}

// TestARunBlamesTheEndpointForItsOwnAnswers takes the other side of the line through a
// run: what arrives whole, and is none of the causes, is judged.
func TestARunBlamesTheEndpointForItsOwnAnswers(t *testing.T) {
	t.Parallel()
	html := map[string]string{"Content-Type": "text/html"}
	cases := map[string]func(http.Handler) http.Handler{
		"HTML under 200":           always(200, html, "<html>hello</html>"),
		"HTML under 400":           always(400, html, "<html>Bad Request</html>"),
		"no JSON under 200":        always(200, map[string]string{"Content-Type": "application/json"}, "hello"),
		"an empty 200":             always(200, nil, ""),
		"204":                      always(204, nil, ""),
		"403 without cf-mitigated": always(403, html, "<html>Forbidden</html>"),
		"418":                      always(418, nil, "{}"),
		"a 500 that persists":      always(500, nil, `{"requestId":"r","code":"INTERNAL_SERVER_ERROR","message":""}`),
	}
	ends := map[string]ended{}
	var mu sync.Mutex
	var group sync.WaitGroup
	for name, answer := range cases {
		b := newBench(t, answer, mock.Options{})
		group.Go(func() {
			e := b.run("--scenario", "unknown-instance", "--scenario", "text-beyond-ascii")
			mu.Lock()
			defer mu.Unlock()
			ends[name] = e
		})
	}
	group.Wait()
	for name := range cases {
		t.Run(name, func(t *testing.T) {
			e := ends[name]
			assert.Equal(t, verdict.ExitNonConformant, e.code, e.out+e.err)
			assert.Equal(t, verdict.NonConformant, e.report.Verdict)
			assert.Positive(t, e.report.Summary.Findings)
			for _, s := range e.report.Scenarios {
				assert.Empty(t, s.Cause, s.ID)
			}
		})
	}
}

// closing takes connections and closes them at once.
func closing(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 1))
			_ = conn.Close()
		}
	}()
	return "http://" + listener.Addr().String()
}

// silent takes connections and says nothing.
func silent(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	return "http://" + listener.Addr().String()
}

// skewed puts the endpoint's clock ten minutes ahead.
func skewed(t *testing.T, b *bench) {
	m := mock.New(mock.Options{Clock: func() time.Time { return time.Now().Add(10 * time.Minute) }})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", time.Now().Add(10*time.Minute).UTC().Format(http.TimeFormat))
		m.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	b.moveTo(server.URL)
	b.replace("credentials: {tokenEnv: ZENLAYER_TOKEN}", "credentials: {}")
}

// TestAnEndpointThatIsGoneEndsTheRunEarly counts what arrives at one that never answers.
func TestAnEndpointThatIsGoneEndsTheRunEarly(t *testing.T) {
	t.Parallel()
	var arrived atomic.Int64
	b := newBench(t, untouched, mock.Options{})
	b.replace("parallel: 16", "parallel: 1")
	b.replace("requestTimeout: 30s", "requestTimeout: 100ms")
	b.moveTo(raw(t, func(c *net.TCPConn) {
		arrived.Add(1)
		_, _ = c.Read(make([]byte, 1))
	}))
	e := b.run("--no-preflight")
	assert.Equal(t, verdict.ExitInconclusive, e.code, e.out)
	assert.Greater(t, e.report.Summary.Scenarios.Inconclusive, 100)
	assert.Less(t, arrived.Load(), int64(20), "a handful of calls, and a probe now and then")
	assert.Regexp(t, "not sent: (5|…) requests in a row got no answer", e.out, "one that was under way is counted besides on a busy machine")
}

// hiccups answers the first of each few requests otherwise.
func hiccups(status int, header map[string]string, often int64) func(http.Handler) http.Handler {
	var count atomic.Int64
	return func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if count.Add(1) <= often {
				always(status, header, `{"requestId":"hiccup","code":"REQUEST_LIMIT_EXCEEDED","message":""}`)(nil).ServeHTTP(w, r)
				return
			}
			h.ServeHTTP(w, r)
		})
	}
}

func TestHiccupsChangeNoVerdictAndStandInTheEvidence(t *testing.T) {
	for name, status := range map[string]int{"two 503": 503, "two 429": 429, "two 500": 500} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, hiccups(status, nil, 2), mock.Options{})
			e := b.run("--no-preflight", "--scenario", "status-no-parameters")
			assert.Equal(t, verdict.ExitConformant, e.code, e.out)
			var attempts [][2]int
			for _, x := range e.report.Scenarios[0].Exchanges {
				attempts = append(attempts, [2]int{x.Attempt, x.Received.Status})
			}
			assert.Equal(t, [][2]int{{1, status}, {2, status}, {3, 200}}, attempts)
		})
	}
}

// TestAHiccupBeforeAChangeIsRetriedOnlyWhenNothingStarted lets the first two changes be
// refused before the mock sees them.
func TestAHiccupBeforeAChangeIsRetriedOnlyWhenNothingStarted(t *testing.T) {
	t.Parallel()
	var changes atomic.Int64
	b := newBench(t, func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("X-Zc-Action") == "ModifyInstanceType" && changes.Add(1) <= 2 {
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
			h.ServeHTTP(w, r)
		})
	}, mock.Options{ResizeTime: time.Second}) // a busy machine sees it under way, so that it is not called again
	b.replace("resizeTimeout: 2s", "resizeTimeout: 20s")
	e := b.run("--scenario", "resize-succeeds")
	assert.Equal(t, verdict.ExitConformant, e.code, e.out)
	assert.EqualValues(t, 4, changes.Load(), "two hiccups, the change, the change back")
}

func TestTheRateHoldsAcrossParallelScenarios(t *testing.T) {
	t.Parallel()
	const perSecond = 100
	var times [2]atomic.Int64 // of the first and the last request
	var count atomic.Int64
	b := newBench(t, func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			now := time.Now().UnixNano()
			times[0].CompareAndSwap(0, now)
			times[1].Store(now)
			count.Add(1)
			h.ServeHTTP(w, r)
		})
	}, mock.Options{})
	b.replace("requestsPerSecond: 100000", fmt.Sprintf("requestsPerSecond: %d", perSecond))
	b.allowAll()
	b.replace("restoreTimeout: 5s", "restoreTimeout: 1m")
	e := b.run("--tags", "@auth")
	assert.Equal(t, verdict.ExitConformant, e.code, e.out)
	took := time.Duration(times[1].Load() - times[0].Load())
	waits := time.Duration(count.Load()-2) * time.Second / perSecond // the first and the last may lie closer than they left
	assert.GreaterOrEqual(t, took, waits*95/100, "%d requests", count.Load())
}
