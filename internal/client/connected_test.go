package client

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/guard"
	"github.com/zec-tools/conformance/internal/secret"
	"github.com/zec-tools/conformance/internal/wire"
)

// bearing is a request that carries the bearer token.
func bearing() wire.Request {
	return wire.Request{Operation: wire.Operation{Path: "/api/v2/zec", Action: "A", Version: "1"}, Body: []byte("{}"), Effect: wire.Reads, Auth: wire.Auth{Scheme: wire.SchemeBearer}}
}

// connected makes a client of a token.
func connected(t *testing.T, endpoint string, alter func(*Options)) (*Client, error) {
	t.Helper()
	u, err := url.Parse(endpoint)
	require.NoError(t, err)
	o := Options{Endpoint: u, Credentials: Credentials{Token: secret.New("first-token")}, Timeout: 5 * time.Second, Retry: Retry{Base: time.Millisecond}}
	if alter != nil {
		alter(&o)
	}
	c, err := New(o)
	if err == nil {
		t.Cleanup(c.Close)
	}
	return c, err
}

func last(t *testing.T, c *Client) wire.Exchange {
	t.Helper()
	exchanges, err := c.Do(t.Context(), bearing(), nil)
	require.NoError(t, err)
	return exchanges[len(exchanges)-1]
}

// echo answers with what came.
func echo(w http.ResponseWriter, r *http.Request) {
	_, _ = fmt.Fprintf(w, `{"proto":%q,"host":%q,"path":%q,"gate":%q}`, r.Proto, r.Host, r.URL.Path, r.Header.Get("X-Gate"))
}

func TestABasePathGoesBeforeTheOperations(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(echo))
	defer server.Close()
	for base, want := range map[string]string{"": "/api/v2/zec", "/": "/api/v2/zec", "/staging/zec": "/staging/zec/api/v2/zec", "/staging/": "/staging/api/v2/zec"} {
		c, err := connected(t, server.URL+base, nil)
		require.NoError(t, err)
		e := last(t, c)
		assert.Contains(t, string(e.Received.Body), `"path":"`+want+`"`)
		assert.Equal(t, server.URL+want, e.Sent.URL)
	}
}

func TestAHostIsDialledWhereItIsResolvedTo(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(echo))
	defer server.Close()
	address := server.Listener.Addr().String()
	_, port, err := net.SplitHostPort(address)
	require.NoError(t, err)
	c, err := connected(t, "http://api.example.test:"+port, func(o *Options) {
		o.Allow.PlainHTTP = true
		o.Connection.Resolve = map[string]string{"api.example.test:" + port: address}
	})
	require.NoError(t, err)
	assert.Contains(t, string(last(t, c).Received.Body), `"host":"api.example.test:`+port+`"`, "the host stays what is sent and signed")
}

func TestWhateverANameLeadsToTheGuardKnowsThePlace(t *testing.T) {
	resolve := func(from, to string) func(*Options) {
		return func(o *Options) { o.Connection.Resolve = map[string]string{from: to} }
	}
	proxied := func(proxy string) func(*Options) {
		return func(o *Options) { o.Connection.Proxy, _ = url.Parse(proxy) }
	}
	for name, c := range map[string]struct {
		endpoint string
		alter    func(*Options)
	}{
		"the production host, resolved to this machine": {"https://console.zenlayer.com", resolve("console.zenlayer.com:443", "127.0.0.1:8443")},
		"a certificate for the production host":         {"https://127.0.0.1:8443", func(o *Options) { o.TLS = tlsFor("console.zenlayer.com") }},
		"the production host as a proxy":                {"https://staging.example.test", proxied("https://console.zenlayer.com")},
		"plain http of this machine, led elsewhere":     {"http://localhost:80", resolve("localhost:80", "192.0.2.1:80")},
		"plain http through a proxy elsewhere":          {"http://localhost:80", proxied("http://192.0.2.1:3128")},
	} {
		_, err := connected(t, c.endpoint, c.alter)
		var refused *guard.Refusal
		assert.ErrorAs(t, err, &refused, name)
	}
}

func TestHeadersOfTheConnectionAreSentAndNotShown(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(echo))
	defer server.Close()
	c, err := connected(t, server.URL, func(o *Options) {
		o.Connection.Header = map[string]secret.Value{"X-Gate": secret.New("opens-the-gate")}
	})
	require.NoError(t, err)
	e := last(t, c)
	assert.Contains(t, string(e.Received.Body), `"gate":"opens-the-gate"`)
	shown := c.Redact(e)
	assert.Equal(t, []string{secret.Redacted}, shown.Sent.Header["X-Gate"])
	assert.NotContains(t, string(shown.Received.Body), "opens-the-gate", "an echo of it, too")
	for _, name := range []string{"Host", "authorization", "X-ZC-Action", "x-zc-anything", "Content-Type", "Connection", "no name"} {
		assert.Error(t, CheckHeader(name), name)
	}
	assert.NoError(t, CheckHeader("CF-Access-Client-Secret"))
}

func TestHTTP1AloneIsSpokenWhereAsked(t *testing.T) {
	server := http2Server(t, echo)
	for only, want := range map[bool]string{true: "HTTP/1.1", false: "HTTP/2.0"} {
		c, err := connected(t, server.URL, func(o *Options) {
			trusts(server)(o)
			o.Connection.HTTP1 = only
		})
		require.NoError(t, err)
		e := last(t, c)
		require.NotNil(t, e.Received, e.Detail)
		assert.Equal(t, want, e.Received.Proto)
	}
}

// TestTheProxyOfAnEndpoint uses proxies that answer themselves, so that they are seen to be asked.
func TestTheProxyOfAnEndpoint(t *testing.T) {
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "by the proxy for "+r.URL.Host) }))
	defer proxy.Close()
	server := httptest.NewServer(http.HandlerFunc(echo))
	defer server.Close()
	asked := func(alter func(*Options)) string {
		c, err := connected(t, "http://api.example.test", func(o *Options) {
			o.Allow.PlainHTTP = true
			alter(o)
		})
		require.NoError(t, err)
		e := last(t, c)
		if e.Received == nil {
			return string(e.Cause)
		}
		return string(e.Received.Body)
	}
	env := func(values ...string) func(*Options) {
		return func(o *Options) {
			o.Connection.Env = func(name string) string {
				for i := 0; i < len(values); i += 2 {
					if values[i] == name {
						return values[i+1]
					}
				}
				return ""
			}
		}
	}
	const seen = "by the proxy for api.example.test"
	u, err := url.Parse(proxy.URL)
	require.NoError(t, err)
	assert.Equal(t, seen, asked(func(o *Options) { o.Connection.Proxy = u }))
	assert.Equal(t, seen, asked(env("ALL_PROXY", proxy.URL)))
	assert.Equal(t, seen, asked(env("all_proxy", proxy.URL)))
	assert.Equal(t, seen, asked(env("HTTP_PROXY", proxy.URL, "ALL_PROXY", "http://127.0.0.1:1")), "the one for the scheme goes first")
	none := func(o *Options) {
		o.Connection.Resolve = map[string]string{"api.example.test:80": server.Listener.Addr().String()}
	}
	assert.Contains(t, asked(func(o *Options) { env("ALL_PROXY", proxy.URL, "NO_PROXY", "example.test")(o); none(o) }), `"host":"api.example.test"`)
	assert.Contains(t, asked(func(o *Options) { env("ALL_PROXY", proxy.URL)(o); none(o); o.Connection.Direct = true }), `"host":"api.example.test"`)
}

// demanding serves those that carry the token which is good at the time.
func demanding(t *testing.T, good *atomic.Value) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+good.Load().(string) {
			w.WriteHeader(http.StatusUnauthorized)
		}
		_, _ = io.WriteString(w, "{}")
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestATokenThatHasExpiredIsReadAgain(t *testing.T) {
	var good atomic.Value
	good.Store("first-token")
	var reads atomic.Int64
	c, err := connected(t, demanding(t, &good), func(o *Options) {
		o.Token = func(context.Context) (secret.Value, error) {
			reads.Add(1)
			return secret.New(good.Load().(string)), nil
		}
	})
	require.NoError(t, err)
	assert.Equal(t, 200, last(t, c).Received.Status)
	assert.Zero(t, reads.Load(), "the first one is still good")

	good.Store("second-token")
	exchanges, err := c.Do(t.Context(), bearing(), nil)
	require.NoError(t, err)
	require.Len(t, exchanges, 2)
	assert.Equal(t, wire.CauseCredential, exchanges[0].Cause, "what the old token met says nothing of the endpoint")
	assert.Equal(t, 200, exchanges[1].Received.Status)
	assert.True(t, exchanges[1].Judgeable())
	assert.EqualValues(t, 1, reads.Load())
	assert.NotContains(t, fmt.Sprint(c.Redact(exchanges[1]).Sent.Header), "second-token")

	good.Store("other") // read again, it is the same: the refusal is the endpoint's own
	c.tokens.source = func(context.Context) (secret.Value, error) { return secret.New("second-token"), nil }
	exchanges, err = c.Do(t.Context(), bearing(), nil)
	require.NoError(t, err)
	require.Len(t, exchanges, 1)
	assert.Equal(t, 401, exchanges[0].Received.Status)
	assert.True(t, exchanges[0].Judgeable())
	wrong := bearing()
	wrong.Auth.UnknownKey = true
	c.tokens.source = func(context.Context) (secret.Value, error) {
		t.Error("a wrong token is meant to be refused")
		return secret.Value{}, nil
	}
	_, err = c.Do(t.Context(), wrong, nil)
	require.NoError(t, err)
}

func jwt(expires time.Time) string {
	part := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	return part(`{"alg":"none"}`) + "." + part(fmt.Sprintf(`{"exp":%d}`, expires.Unix())) + "." + part("signature")
}

func TestATokenThatSaysItsEndIsReadBeforeIt(t *testing.T) {
	var good atomic.Value
	later := jwt(time.Now().Add(time.Hour))
	good.Store(later)
	c, err := connected(t, demanding(t, &good), func(o *Options) {
		o.Credentials.Token = secret.New(jwt(time.Now().Add(time.Second)))
		o.Token = func(context.Context) (secret.Value, error) { return secret.New(later), nil }
	})
	require.NoError(t, err)
	exchanges, err := c.Do(t.Context(), bearing(), nil)
	require.NoError(t, err)
	require.Len(t, exchanges, 1, "nobody met the old one")
	assert.Equal(t, 200, exchanges[0].Received.Status)

	c, err = connected(t, demanding(t, &good), func(o *Options) {
		o.Credentials.Token = secret.New(jwt(time.Now().Add(-time.Second)))
		o.Token = func(context.Context) (secret.Value, error) { return secret.Value{}, errors.New("no such file") }
	})
	require.NoError(t, err)
	e := last(t, c)
	assert.Equal(t, wire.CauseCredential, e.Cause)
	assert.True(t, strings.HasPrefix(e.Detail, "not sent: read the bearer token again: "), e.Detail)
}

// TestATokenThatExpiresBehindAHiccupIsReadAgain, as one is that expires before the first sending.
func TestATokenThatExpiresBehindAHiccupIsReadAgain(t *testing.T) {
	statuses := []int{503, 401, 200}
	var arrived atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(statuses[arrived.Add(1)-1])
		_, _ = io.WriteString(w, "{}")
	}))
	t.Cleanup(server.Close)
	c, err := connected(t, server.URL, func(o *Options) {
		o.Token = func(context.Context) (secret.Value, error) { return secret.New("second-token"), nil }
	})
	require.NoError(t, err)
	assert.Equal(t, 200, last(t, c).Received.Status)
}

// TestParallelRefusalsReadTheTokenTogether where it is the same, as they do where it is another one.
func TestParallelRefusalsReadTheTokenTogether(t *testing.T) {
	const parallel = 32
	var reads atomic.Int64
	var arrived, refused sync.WaitGroup
	arrived.Add(parallel)
	refused.Add(parallel)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		arrived.Done()
		arrived.Wait() // all of them carry the first token
		w.WriteHeader(http.StatusUnauthorized)
	}))
	t.Cleanup(server.Close)
	c, err := connected(t, server.URL, func(o *Options) {
		o.Timeout = time.Minute
		o.Answered = func(wire.Request, wire.Exchange) { refused.Done() }
		o.Token = func(context.Context) (secret.Value, error) {
			reads.Add(1)
			refused.Wait()
			return secret.New("first-token"), nil
		}
	})
	require.NoError(t, err)
	var group sync.WaitGroup
	for range parallel {
		group.Go(func() { assert.Equal(t, 401, last(t, c).Received.Status) })
	}
	group.Wait()
	assert.Less(t, reads.Load(), int64(parallel/2), "those that come while it is read share the next reading")
}

// TestATokenThatCannotBeReadHoldsBackNoSignedRequest, which does not carry it.
func TestATokenThatCannotBeReadHoldsBackNoSignedRequest(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(echo))
	t.Cleanup(server.Close)
	c, err := connected(t, server.URL, func(o *Options) {
		o.Credentials = Credentials{KeyID: "key", Password: secret.New("password"), Token: secret.New(jwt(time.Now().Add(-time.Second)))}
		o.Token = func(context.Context) (secret.Value, error) { return secret.Value{}, errors.New("no such file") }
	})
	require.NoError(t, err)
	req := bearing()
	req.Auth.Scheme = wire.SchemeHMAC
	exchanges, err := c.Do(t.Context(), req, nil)
	require.NoError(t, err)
	assert.True(t, exchanges[len(exchanges)-1].Judgeable(), exchanges[len(exchanges)-1].Detail)
}
