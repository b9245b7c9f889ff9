package proxy_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/proxy"
	"github.com/zec-tools/conformance/internal/wire"
)

// seen collects exchanges.
type seen struct {
	mu   sync.Mutex
	list []wire.Exchange
	more chan struct{}
}

func (s *seen) begun() func(wire.Exchange) {
	return func(x wire.Exchange) {
		s.mu.Lock()
		s.list = append(s.list, x)
		s.mu.Unlock()
		s.more <- struct{}{}
	}
}

// last waits for one more exchange.
func (s *seen) last(t *testing.T) wire.Exchange {
	t.Helper()
	select {
	case <-s.more:
	case <-time.After(time.Minute):
		t.Fatal("no exchange was handed over")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.list[len(s.list)-1]
}

// through returns the address of a proxy before an endpoint.
func through(t testing.TB, endpoint http.HandlerFunc, change func(*proxy.Options)) (string, *seen) {
	t.Helper()
	upstream := httptest.NewServer(endpoint)
	t.Cleanup(upstream.Close)
	at, err := url.Parse(upstream.URL)
	require.NoError(t, err)
	s := &seen{more: make(chan struct{}, 10_000)}
	transport := &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 512}
	t.Cleanup(transport.CloseIdleConnections)
	o := proxy.Options{Endpoint: at, Transport: transport, Check: func(wire.Request) error { return nil }, Begun: s.begun}
	if change != nil {
		change(&o)
	}
	server := httptest.NewServer(proxy.New(o))
	t.Cleanup(server.Close)
	return server.URL, s
}

func post(t testing.TB, to, body string, header ...string) (int, string) {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, to+"/api/v2/zec", strings.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("X-ZC-Action", "DoIt")
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err.Error()
	}
	defer func() { _ = a.Body.Close() }()
	text, err := io.ReadAll(a.Body)
	if err != nil {
		return a.StatusCode, err.Error()
	}
	return a.StatusCode, string(text)
}

func TestAnExchangePassesAsItIs(t *testing.T) {
	to, s := through(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Note", r.Header.Get("X-Note"))
		w.WriteHeader(http.StatusTeapot)
		_, _ = fmt.Fprintf(w, "%s %s %s", r.Host, r.URL.RequestURI(), body)
	}, nil)
	status, body := post(t, to, "{\"a\": 1}", "X-Note", "n", "Authorization", "signed")
	assert.Equal(t, http.StatusTeapot, status)
	host := strings.TrimPrefix(to, "http://")
	assert.Equal(t, host+` /api/v2/zec {"a": 1}`, body, "the host is the one that the client signed for")
	x := s.last(t)
	assert.True(t, x.Judgeable())
	assert.Equal(t, "DoIt", x.Operation.Action)
	assert.Equal(t, wire.Body(`{"a": 1}`), x.Sent.Body)
	assert.Equal(t, "signed", x.Sent.Header.Get("Authorization"))
	assert.Equal(t, body, string(x.Received.Body))
	assert.Equal(t, "n", x.Received.Header.Get("X-Note"))
	assert.Positive(t, x.Timing.FirstByte)
	assert.LessOrEqual(t, x.Timing.FirstByte, x.Timing.End)
}

func TestWhatMayNotLeaveIsAnsweredHere(t *testing.T) {
	for name, header := range map[string][]string{
		"refused by the guard": nil,
		"two actions":          {"X-ZC-Action", "Another"},
	} {
		t.Run(name, func(t *testing.T) {
			var why error
			to, _ := through(t, func(http.ResponseWriter, *http.Request) { t.Error("it was sent") }, func(o *proxy.Options) {
				if header == nil {
					o.Check = func(r wire.Request) error {
						assert.Equal(t, "DoIt", r.Operation.Action)
						return errors.New("not listed")
					}
				}
				o.Refused = func(_ string, err error) { why = err }
			})
			status, body := post(t, to, "{}", header...)
			assert.Equal(t, http.StatusForbidden, status)
			assert.Equal(t, "REFUSED_BY_PROXY", gjson.Get(body, "code").Str)
			assert.NotEmpty(t, gjson.Get(body, "requestId").Str)
			require.Error(t, why)
			assert.Equal(t, why.Error(), gjson.Get(body, "message").Str)
		})
	}
}

// TestNothingLeavesThatWasNotChecked has headers leave otherwise than the guard saw them.
func TestNothingLeavesThatWasNotChecked(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*http.Request)
		says   string
	}{
		"a header that is taken out": {func(r *http.Request) { r.Header.Set("Connection", "close, x-zc-action") }, "Connection takes x-zc-action out"},
		"a trailer": {func(r *http.Request) {
			r.Trailer, r.ContentLength = http.Header{"X-Zc-Action": {"StopInstances"}}, -1
		}, "the trailer X-Zc-Action"},
		"another host": {func(r *http.Request) { r.Host = "production.example.com" }, "production.example.com is not to be named"},
	} {
		t.Run(name, func(t *testing.T) {
			to, _ := through(t, func(http.ResponseWriter, *http.Request) { t.Error("it was sent") }, func(o *proxy.Options) {
				o.CheckHost = func(host string) error {
					if host == "production.example.com" {
						return errors.New(host + " is not to be named")
					}
					return nil
				}
			})
			r, err := http.NewRequest(http.MethodPost, to+"/api/v2/zec", strings.NewReader("{}"))
			require.NoError(t, err)
			r.Header.Set("X-ZC-Action", "DoIt")
			c.change(r)
			a, err := http.DefaultClient.Do(r)
			require.NoError(t, err)
			defer func() { _ = a.Body.Close() }()
			text, err := io.ReadAll(a.Body)
			require.NoError(t, err)
			assert.Equal(t, http.StatusForbidden, a.StatusCode)
			assert.Contains(t, gjson.GetBytes(text, "message").Str, c.says)
		})
	}
}

func TestARequestIsSignedAfresh(t *testing.T) {
	to, s := through(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.Host+" "+r.Header.Get("Authorization"))
	}, func(o *proxy.Options) {
		o.CheckHost = func(string) error { return errors.New("the client's host is not sent") }
		o.Sign = func(r *http.Request, body []byte) error {
			r.Header.Set("Authorization", "by the proxy for "+r.Host+string(body))
			return nil
		}
	})
	_, body := post(t, to, "{}")
	x := s.last(t)
	at, err := url.Parse(x.Sent.URL)
	require.NoError(t, err)
	assert.Equal(t, at.Host+" by the proxy for "+at.Host+"{}", body)
	assert.NotEqual(t, strings.TrimPrefix(to, "http://"), at.Host)
}

func TestAResponseIsPassedOnWhileItComes(t *testing.T) {
	more := make(chan struct{})
	to, s := through(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "first")
		w.(http.Flusher).Flush()
		<-more
		_, _ = io.WriteString(w, " second")
	}, nil)
	a, err := http.Post(to, "application/json", strings.NewReader("{}"))
	require.NoError(t, err)
	first := make([]byte, 5)
	_, err = io.ReadFull(a.Body, first)
	require.NoError(t, err)
	assert.Equal(t, "first", string(first))
	close(more)
	rest, err := io.ReadAll(a.Body)
	require.NoError(t, err)
	assert.Equal(t, " second", string(rest))
	assert.Equal(t, "first second", string(s.last(t).Received.Body))
}

func TestAnEndpointThatHangsOrLies(t *testing.T) {
	raw := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			c, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				_, _ = io.WriteString(c, text)
				_ = c.Close()
			}
		}
	}
	for name, row := range map[string]struct {
		endpoint http.HandlerFunc
		status   int
		cause    wire.Cause
	}{
		"hangs": {func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // only then does the server see that the proxy has gone
			<-r.Context().Done()
		}, http.StatusGatewayTimeout, wire.CauseLost},
		"closes":           {raw(""), http.StatusBadGateway, wire.CauseLost},
		"no HTTP":          {raw("hello\r\n\r\n"), http.StatusBadGateway, wire.CauseLost},
		"a body cut short": {raw("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{}"), http.StatusOK, wire.CauseTruncated},
		"a body too large": {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(bytes.Repeat([]byte("x"), 9<<20)) }, http.StatusOK, wire.CauseOversized},
		"a bad gateway":    {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }, http.StatusBadGateway, wire.CauseBadGateway},
	} {
		t.Run(name, func(t *testing.T) {
			to, s := through(t, row.endpoint, func(o *proxy.Options) {
				if row.status == http.StatusGatewayTimeout { // a busy machine answers late: only the endpoint that hangs is waited for in vain
					o.Transport = &http.Transport{ResponseHeaderTimeout: 300 * time.Millisecond}
				}
			})
			status, _ := post(t, to, "{}")
			assert.Equal(t, row.status, status)
			x := s.last(t)
			assert.False(t, x.Judgeable())
			assert.Equal(t, row.cause, x.Cause, x.Detail)
		})
	}
}

func TestARequestTooLargeDoesNotLeave(t *testing.T) {
	to, _ := through(t, func(http.ResponseWriter, *http.Request) { t.Error("it was sent") }, nil)
	status, body := post(t, to, strings.Repeat("x", 2<<20))
	assert.True(t, status == http.StatusForbidden || strings.Contains(body, "reset") || strings.Contains(body, "broken pipe"), "%d %s", status, body)
}

func TestManyConnections(t *testing.T) {
	arrived := make(chan struct{}, 500)
	release := make(chan struct{})
	to, s := through(t, func(w http.ResponseWriter, _ *http.Request) {
		arrived <- struct{}{}
		<-release
		_, _ = io.WriteString(w, "{}")
	}, func(o *proxy.Options) {
		o.Transport = &http.Transport{MaxIdleConnsPerHost: 512}
	})
	transport := &http.Transport{DialContext: (&net.Dialer{}).DialContext, MaxIdleConnsPerHost: 512}
	t.Cleanup(transport.CloseIdleConnections)
	var group sync.WaitGroup
	for range 500 {
		group.Go(func() {
			r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, to, strings.NewReader("{}"))
			if assert.NoError(t, err) {
				a, err := transport.RoundTrip(r)
				if assert.NoError(t, err) {
					assert.Equal(t, http.StatusOK, a.StatusCode)
					_, _ = io.Copy(io.Discard, a.Body)
					_ = a.Body.Close()
				}
			}
		})
	}
	for range 500 {
		<-arrived // all of them are there at the same time
	}
	close(release)
	group.Wait()
	for range 500 {
		s.last(t)
	}
}
