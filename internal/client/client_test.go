package client

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/secret"
	"github.com/zec-tools/conformance/internal/sign"
	"github.com/zec-tools/conformance/internal/wire"
)

const (
	testKey      = "0D9UtpyKYcHxms5v"
	testPassword = "canary-Pass/w0rd+&\"x<é>"
	testToken    = "canary-token-8d1f60c2b7"
)

var (
	readStatus = wire.Operation{Path: "/api/v2/zec", Action: "ReadSomething", Version: "2024-04-01"}
	change     = wire.Operation{Path: "/api/v2/zec", Action: "ChangeSomething", Version: "2024-04-01"}
)

// newClient returns a client of endpoint whose retries wait milliseconds.
func newClient(t testing.TB, endpoint string, adjust ...func(*Options)) *Client {
	t.Helper()
	u, err := url.Parse(endpoint)
	require.NoError(t, err)
	o := Options{
		Endpoint:    u,
		Credentials: Credentials{KeyID: testKey, Password: secret.New(testPassword), Token: secret.New(testToken)},
		Timeout:     10 * time.Second,
		Retry:       Retry{Base: time.Millisecond, MaxWait: time.Second},
	}
	for _, a := range adjust {
		a(&o)
	}
	c, err := New(o)
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

func serve(t testing.TB, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// one sends a request and returns the only exchange it took.
func one(t *testing.T, c *Client, req wire.Request) wire.Exchange {
	t.Helper()
	exchanges, err := c.Do(context.Background(), req, nil)
	require.NoError(t, err)
	require.Len(t, exchanges, 1)
	return exchanges[0]
}

func read(t *testing.T, r *http.Request) []byte {
	body, err := io.ReadAll(r.Body)
	assert.NoError(t, err)
	return body
}

func TestBothBodiesAndTheSignatureArriveAsTheyAre(t *testing.T) {
	const question, answer = "{\"a\": 1 }\n", "{\"requestId\":\"r\",\"response\":{\"requestId\":\"r\"}} \n"
	var got http.Header
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body := read(t, r)
		got = r.Header.Clone()
		assert.Equal(t, question, string(body))
		assert.Equal(t, "/api/v2/zec", r.URL.Path)
		credential, err := sign.Parse(r.Header.Get("Authorization"))
		assert.NoError(t, err)
		r.Header.Set("Host", r.Host)
		assert.True(t, credential.Verify(testPassword, r.Method, r.Header.Get("X-ZC-Timestamp"), r.Header.Get, body))
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, answer)
	})
	e := one(t, newClient(t, url), wire.Request{Operation: readStatus, Body: []byte(question), Effect: wire.Reads})

	assert.Empty(t, e.Cause, e.Detail)
	assert.True(t, e.Judgeable())
	assert.Equal(t, question, string(e.Sent.Body))
	assert.Equal(t, answer, string(e.Received.Body))
	assert.Equal(t, "r", e.RequestID())
	assert.Equal(t, 1, e.Attempt)
	assert.Equal(t, "ReadSomething", got.Get("X-ZC-Action"))
	assert.Equal(t, "2024-04-01", got.Get("X-ZC-Version"))
	assert.Equal(t, sign.Method, got.Get("X-ZC-Signature-Method"))
	assert.Equal(t, "application/json", got.Get("Content-Type"))
	assert.Equal(t, "ZC2-HMAC-SHA256 Credential="+testKey+", SignedHeaders=content-type;host, Signature="+secret.Redacted,
		e.Sent.Header.Get("Authorization"))
	assert.Positive(t, e.Timing.FirstByte)
	assert.GreaterOrEqual(t, e.Timing.End, e.Timing.FirstByte)
	assert.WithinDuration(t, time.Now(), e.Timing.Start, time.Minute)
}
