package client

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/secret"
	"github.com/zec-tools/conformance/internal/sign"
	"github.com/zec-tools/conformance/internal/wire"
)

// arrival is a request as a server saw it.
type arrival struct {
	method, host string
	header       http.Header
	body         string
}

// verifies reports whether the arrival's signature fits it under the real password.
func (a arrival) verifies() bool {
	credential, err := sign.Parse(a.header.Get("Authorization"))
	if err != nil {
		return false
	}
	value := func(name string) string {
		if name == "host" {
			return a.host
		}
		return a.header.Get(name)
	}
	return credential.Verify(testPassword, a.method, a.header.Get("X-ZC-Timestamp"), value, []byte(a.body))
}

func arrive(t *testing.T, req wire.Request, adjust ...func(*Options)) (arrival, wire.Exchange) {
	t.Helper()
	var got arrival
	url := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		got = arrival{r.Method, r.Host, r.Header.Clone(), string(read(t, r))}
	})
	if req.Operation.Path == "" {
		req.Operation = readStatus
	}
	return got, one(t, newClient(t, url, adjust...), req)
}

func TestAuthentication(t *testing.T) {
	stamp := func(a arrival) int64 { n, _ := strconv.ParseInt(a.header.Get("X-ZC-Timestamp"), 10, 64); return n }
	now := time.Unix(1673361177, 0)
	fixed := func(o *Options) { o.Clock = func() time.Time { return now } }
	bearerOnly := func(o *Options) { o.Credentials.KeyID, o.Credentials.Password = "", secret.Value{} }
	body := []byte(`{"a":1}`)
	cases := map[string]struct {
		req    wire.Request
		adjust func(*Options)
		check  func(*testing.T, arrival)
	}{
		"signed by default": {wire.Request{}, fixed, func(t *testing.T, a arrival) {
			assert.True(t, a.verifies())
			assert.Equal(t, now.Unix(), stamp(a))
		}},
		"bearer when there is no key": {wire.Request{}, bearerOnly, func(t *testing.T, a arrival) {
			assert.Equal(t, "Bearer "+testToken, a.header.Get("Authorization"))
		}},
		"bearer when asked for": {wire.Request{Auth: wire.Auth{Scheme: wire.SchemeBearer}}, fixed, func(t *testing.T, a arrival) {
			assert.Equal(t, "Bearer "+testToken, a.header.Get("Authorization"))
			assert.Empty(t, a.header.Values("X-ZC-Timestamp"))
			assert.Empty(t, a.header.Values("X-ZC-Signature-Method"))
		}},
		"a made-up token": {wire.Request{Auth: wire.Auth{Scheme: wire.SchemeBearer, UnknownKey: true}}, fixed, func(t *testing.T, a arrival) {
			assert.Regexp(t, `^Bearer [A-Z2-7]{40}$`, a.header.Get("Authorization"))
		}},
		"none": {wire.Request{Auth: wire.Auth{Scheme: wire.SchemeNone}}, fixed, func(t *testing.T, a arrival) {
			assert.Empty(t, a.header.Values("Authorization"))
			assert.Equal(t, now.Unix(), stamp(a), "nothing else is missing")
			assert.Equal(t, sign.Method, a.header.Get("X-ZC-Signature-Method"))
		}},
		"raw": {wire.Request{Auth: wire.Auth{Scheme: wire.SchemeRaw, Raw: "Basic YTpi"}}, fixed, func(t *testing.T, a arrival) {
			assert.Equal(t, "Basic YTpi", a.header.Get("Authorization"))
			assert.Equal(t, now.Unix(), stamp(a))
		}},
		"raw bearer": {wire.Request{Auth: wire.Auth{Scheme: wire.SchemeRaw, Raw: "Bearer x"}}, fixed, func(t *testing.T, a arrival) {
			assert.Empty(t, a.header.Values("X-ZC-Timestamp"))
		}},
		"a made-up key": {wire.Request{Auth: wire.Auth{UnknownKey: true}}, fixed, func(t *testing.T, a arrival) {
			credential, err := sign.Parse(a.header.Get("Authorization"))
			require.NoError(t, err)
			assert.Regexp(t, `^[A-Z2-7]{16}$`, credential.KeyID)
			assert.False(t, a.verifies())
		}},
		"a skewed timestamp is signed as sent": {wire.Request{Auth: wire.Auth{Skew: -10 * time.Minute}}, fixed, func(t *testing.T, a arrival) {
			assert.Equal(t, now.Unix()-600, stamp(a))
			assert.True(t, a.verifies())
		}},
		"another body than the signed one": {wire.Request{Body: body, Auth: wire.Auth{Tamper: wire.TamperBody}}, fixed, func(t *testing.T, a arrival) {
			assert.Equal(t, string(body), a.body)
			assert.False(t, a.verifies())
			a.body += " "
			assert.True(t, a.verifies(), "the body is the only fault")
		}},
		"another signature": {wire.Request{Auth: wire.Auth{Tamper: wire.TamperSignature}}, fixed, func(t *testing.T, a arrival) {
			_, err := sign.Parse(a.header.Get("Authorization"))
			require.NoError(t, err)
			assert.False(t, a.verifies())
		}},
		"another timestamp": {wire.Request{Auth: wire.Auth{Tamper: wire.TamperTimestamp}}, fixed, func(t *testing.T, a arrival) {
			assert.Equal(t, now.Unix(), stamp(a))
			assert.False(t, a.verifies())
			a.header.Set("X-ZC-Timestamp", strconv.FormatInt(now.Unix()-tamperedBy, 10))
			assert.True(t, a.verifies(), "the timestamp is the only fault")
		}},
		"another header": {wire.Request{Auth: wire.Auth{Tamper: wire.TamperHeader}}, fixed, func(t *testing.T, a arrival) {
			assert.Equal(t, "application/json; charset=utf-8", a.header.Get("Content-Type"))
			assert.False(t, a.verifies())
			a.header.Set("Content-Type", "application/json")
			assert.True(t, a.verifies(), "the media type is the only fault")
		}},
		"another further header": {wire.Request{Header: map[string]string{"X-ZC-Request-Client": "suite"}, Auth: wire.Auth{SignAlso: []string{"x-zc-action", "x-zc-request-client"}, Tamper: wire.TamperHeader}}, fixed, func(t *testing.T, a arrival) {
			assert.Equal(t, "suite-changed", a.header.Get("X-ZC-Request-Client"))
			assert.Equal(t, readStatus.Action, a.header.Get("X-ZC-Action"))
			assert.False(t, a.verifies())
		}},
		"another host": {wire.Request{Auth: wire.Auth{Tamper: wire.TamperHost}}, fixed, func(t *testing.T, a arrival) {
			assert.NotEqual(t, otherHost, a.host)
			assert.False(t, a.verifies())
			a.host = otherHost
			assert.True(t, a.verifies(), "the host is the only fault")
		}},
		"another password": {wire.Request{Auth: wire.Auth{Tamper: wire.TamperPassword}}, fixed, func(t *testing.T, a arrival) {
			credential, err := sign.Parse(a.header.Get("Authorization"))
			require.NoError(t, err)
			assert.Equal(t, testKey, credential.KeyID)
			assert.False(t, a.verifies())
		}},
		"further signed headers": {wire.Request{Header: map[string]string{"x-zc-sdk-lang": "go"}, Auth: wire.Auth{SignAlso: []string{"x-zc-sdk-lang", "x-zc-timestamp", "host"}}}, fixed, func(t *testing.T, a arrival) {
			credential, err := sign.Parse(a.header.Get("Authorization"))
			require.NoError(t, err)
			assert.Equal(t, []string{"content-type", "host", "x-zc-sdk-lang", "x-zc-timestamp"}, credential.SignedHeaders)
			assert.True(t, a.verifies())
		}},
		"without timestamp": {wire.Request{Auth: wire.Auth{OmitTimestamp: true}}, fixed, func(t *testing.T, a arrival) {
			assert.Empty(t, a.header.Values("X-ZC-Timestamp"))
			assert.Equal(t, sign.Method, a.header.Get("X-ZC-Signature-Method"))
		}},
		"without signature method": {wire.Request{Auth: wire.Auth{OmitMethod: true}}, fixed, func(t *testing.T, a arrival) {
			assert.Empty(t, a.header.Values("X-ZC-Signature-Method"))
			assert.True(t, a.verifies())
		}},
		"another method and media type": {wire.Request{Method: "PUT", ContentType: "text/plain", Body: body}, fixed, func(t *testing.T, a arrival) {
			assert.Equal(t, "PUT", a.method)
			assert.Equal(t, "text/plain", a.header.Get("Content-Type"))
			assert.True(t, a.verifies())
		}},
		"another Host header": {wire.Request{Header: map[string]string{"Host": "api.example.test"}}, fixed, func(t *testing.T, a arrival) {
			assert.Equal(t, "api.example.test", a.host)
			assert.True(t, a.verifies())
		}},
		"headers left out": {wire.Request{Header: map[string]string{"content-type": "", "X-ZC-Version": "", "user-agent": ""}}, fixed, func(t *testing.T, a arrival) {
			for _, name := range []string{"Content-Type", "X-ZC-Version", "User-Agent"} {
				assert.Empty(t, a.header.Values(name), name)
			}
			assert.True(t, a.verifies())
		}},
		"a header replaced": {wire.Request{Header: map[string]string{"x-zc-action": "Other"}}, fixed, func(t *testing.T, a arrival) {
			assert.Equal(t, []string{"Other"}, a.header.Values("X-ZC-Action"))
		}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			a, e := arrive(t, c.req, c.adjust)
			require.Empty(t, e.Cause, e.Detail)
			c.check(t, a)
			assert.NotContains(t, marshal(t, e), testPassword)
		})
	}
}

func TestHeaderNamesGoOutAsSpelt(t *testing.T) {
	for lower, want := range map[bool][]string{
		false: {"X-ZC-Action: ", "X-ZC-Version: ", "X-ZC-Timestamp: ", "X-ZC-Signature-Method: ", "Authorization: ", "Content-Type: ", "x-OWN-header: "},
		true:  {"x-zc-action: ", "x-zc-version: ", "x-zc-timestamp: ", "x-zc-signature-method: ", "authorization: ", "content-type: ", "x-OWN-header: "},
	} {
		head := rawHead(t, wire.Request{Operation: readStatus, LowerCase: lower, Header: map[string]string{"x-OWN-header": "1"}})
		for _, line := range want {
			assert.Contains(t, head, "\r\n"+line)
		}
	}
}

func TestTheEvidenceShowsEveryHeaderThatIsSent(t *testing.T) {
	for _, method := range []string{"POST", "GET", "DELETE"} {
		for _, body := range []string{"", "{}"} {
			var e wire.Exchange
			head := rawHead(t, wire.Request{Operation: readStatus, Method: method, Body: []byte(body)}, &e)
			lines := strings.Split(strings.TrimSuffix(head, "\r\n\r\n"), "\r\n")[1:]
			for _, line := range lines {
				name, value, _ := strings.Cut(line, ": ")
				if name == "Authorization" {
					continue
				}
				assert.Equal(t, []string{value}, e.Sent.Header[name], "%s %q: %s", method, body, name)
			}
			assert.Len(t, lines, len(e.Sent.Header), "%s %q: %v %v", method, body, lines, e.Sent.Header)
		}
	}
}

func TestRequestsThatCannotBeFormed(t *testing.T) {
	url := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("something was sent") })
	none := func(o *Options) { o.Credentials = Credentials{} }
	cases := map[string]struct {
		req    wire.Request
		adjust func(*Options)
		want   string
	}{
		"no path":             {wire.Request{}, short, "path"},
		"a method of two":     {wire.Request{Operation: readStatus, Method: "A B"}, short, "method"},
		"no key":              {wire.Request{Operation: readStatus}, none, "no access key"},
		"no token":            {wire.Request{Operation: readStatus, Auth: wire.Auth{Scheme: wire.SchemeBearer}}, none, "no bearer token"},
		"an unknown scheme":   {wire.Request{Operation: readStatus, Auth: wire.Auth{Scheme: "x"}}, short, "scheme"},
		"an unknown tamper":   {wire.Request{Operation: readStatus, Auth: wire.Auth{Tamper: "x"}}, short, "tamper"},
		"a header not sent":   {wire.Request{Operation: readStatus, Auth: wire.Auth{SignAlso: []string{"x-a"}}}, short, "x-a"},
		"an own credential":   {wire.Request{Operation: readStatus, Header: map[string]string{"authorization": "x"}}, short, "Auth.Raw"},
		"a header of no name": {wire.Request{Operation: readStatus, Header: map[string]string{"a b": "x"}}, short, "header"},
		"a line in a header":  {wire.Request{Operation: readStatus, Header: map[string]string{"a": "x\r\ny: z"}}, short, "header"},
		"a host with a path":  {wire.Request{Operation: readStatus, Header: map[string]string{"Host": "a b/c"}}, short, "host"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			exchanges, err := newClient(t, url, c.adjust).Do(context.Background(), c.req, nil)
			assert.ErrorContains(t, err, c.want)
			assert.Empty(t, exchanges)
		})
	}
}

func TestOptionsThatCannotWork(t *testing.T) {
	good, err := url.Parse("https://api.example.test")
	require.NoError(t, err)
	cases := map[string]Options{
		"no endpoint":         {},
		"a short password":    {Endpoint: good, Credentials: Credentials{KeyID: "k", Password: secret.New("pw")}},
		"a key alone":         {Endpoint: good, Credentials: Credentials{KeyID: "k"}},
		"a password alone":    {Endpoint: good, Credentials: Credentials{Password: secret.New("password")}},
		"another scheme":      {Endpoint: &url.URL{Scheme: "ftp", Host: "a"}},
		"no host":             {Endpoint: &url.URL{Scheme: "https"}},
		"a query":             {Endpoint: &url.URL{Scheme: "https", Host: "a", RawQuery: "b"}},
		"a user":              {Endpoint: &url.URL{Scheme: "https", Host: "a", User: url.User("b")}},
		"a host not in ASCII": {Endpoint: &url.URL{Scheme: "https", Host: "é.test"}},
	}
	for name, o := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := New(o)
			assert.Error(t, err)
		})
	}
}

func TestTheHostIsSignedAsItIsSent(t *testing.T) {
	for endpoint, want := range map[string]string{
		"https://API.Example.test":     "api.example.test",
		"https://api.example.test:443": "api.example.test",
		"http://localhost:80":          "localhost",
		"https://api.example.test:80":  "api.example.test:80",
		"https://[::1]:8443/":          "[::1]:8443",
	} {
		u, err := url.Parse(endpoint)
		require.NoError(t, err)
		_, host, err := normalEndpoint(u)
		require.NoError(t, err)
		assert.Equal(t, want, host)
	}
}

func TestHTTP2OverTLS(t *testing.T) {
	var proto string
	var a arrival
	server := http2Server(t, func(w http.ResponseWriter, r *http.Request) {
		proto = r.Proto
		a = arrival{r.Method, r.Host, r.Header.Clone(), string(read(t, r))}
		_, _ = w.Write([]byte("{}"))
	})
	c := newClient(t, server.URL, trusts(server))
	for range 2 {
		e := one(t, c, wire.Request{Operation: readStatus, Body: []byte("{}")})
		require.Empty(t, e.Cause, e.Detail)
		assert.Equal(t, "HTTP/2.0", e.Received.Proto)
		assert.Positive(t, e.Timing.FirstByte)
	}
	assert.Equal(t, "HTTP/2.0", proto)
	assert.True(t, a.verifies())
}

func TestConnectionsAreKeptAlive(t *testing.T) {
	peers := map[string]bool{}
	c := newClient(t, serve(t, func(w http.ResponseWriter, r *http.Request) { peers[r.RemoteAddr] = true; _, _ = w.Write([]byte("{}")) }))
	for range 5 {
		require.Empty(t, one(t, c, wire.Request{Operation: readStatus}).Cause)
	}
	assert.Len(t, peers, 1)
}
