// Package mocktest is shared by the tests of the mock and of its defects. It has signed messages, a
// clock that only a test moves, and a walk through everything that clients can see. Of an answer,
// it only checks the envelope.
package mocktest

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/sign"
)

const ResizeTime = time.Minute

// Hands is a clock that only a test moves.
type Hands struct{ At atomic.Int64 }

// Now is the time of the clock.
func (h *Hands) Now() time.Time { return time.Unix(0, h.At.Load()) }

// Advance moves the clock on.
func (h *Hands) Advance(span time.Duration) { h.At.Add(int64(span)) }

// NewMock returns a mock whose clock stands still until the test moves it.
func NewMock(t testing.TB) (*mock.Mock, *Hands) {
	t.Helper()
	h := new(Hands)
	h.At.Store(time.Date(2024, 4, 1, 12, 0, 0, 0, time.UTC).UnixNano())
	return mock.New(mock.Options{Clock: h.Now, ResizeTime: ResizeTime, Seed: 1}), h
}

// Message is an unsigned request.
type Message struct {
	Action string
	Body   string
	Method string            // empty means POST
	Path   string            // empty means Path
	Media  string            // empty means application/json
	Header map[string]string // added after signing; "" removes a header
	Skew   time.Duration
	Also   []string // further headers to sign, with the value "x"
	KeyID  string   // empty means the correct one
	Pass   string   // empty means the correct one
	NoPass bool     // sign with an empty password
	Bearer string   // instead of a signature
	stamp  string   // the timestamp; empty means the time of the mock plus skew
}

func orElse(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}

// Request signs a message.
func Request(m *mock.Mock, msg Message) *http.Request {
	r := received(orElse(msg.Method, http.MethodPost), orElse(msg.Path, mock.Path), msg.Body)
	set := func(name, value string) { r.Header.Set(name, value) }
	media := orElse(msg.Media, "application/json")
	set("Content-Type", media)
	set("X-ZC-Action", msg.Action)
	set("X-ZC-Version", "2024-04-01")
	if msg.Bearer != "" {
		set("Authorization", "Bearer "+msg.Bearer)
	} else {
		at := m.Clock().Add(msg.Skew).Unix()
		headers := []sign.Header{{Name: "Content-Type", Value: media}, {Name: "Host", Value: r.Host}}
		for _, name := range msg.Also {
			set(name, "x")
			headers = append(headers, sign.Header{Name: name, Value: "x"})
		}
		stamp := orElse(msg.stamp, strconv.FormatInt(at, 10))
		set("X-ZC-Timestamp", stamp)
		set("X-ZC-Signature-Method", sign.Method)
		password := orElse(msg.Pass, m.Credentials().Password)
		if msg.NoPass {
			password = ""
		}
		set("Authorization", sign.AuthorizationAt(orElse(msg.KeyID, m.Credentials().KeyID), password, r.Method, stamp, headers, []byte(msg.Body)))
	}
	for name, value := range msg.Header {
		if r.Header.Del(name); value != "" {
			set(name, value)
		}
	}
	return r
}

// received returns a request as a server gets it. That of httptest reads it through a buffer, which
// takes more time than to answer it.
func received(method, uri, body string) *http.Request {
	at, err := url.ParseRequestURI(uri)
	if err != nil {
		panic(err) // as httptest does: the test is wrong
	}
	return &http.Request{
		Method: method, URL: at, RequestURI: uri, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Host: "example.com", RemoteAddr: "192.0.2.1:1234",
		Header: http.Header{}, ContentLength: int64(len(body)), Body: io.NopCloser(strings.NewReader(body)),
	}
}

// Reply is an answer, for checks in tests.
type Reply struct {
	Status int
	Header http.Header
	Body   gjson.Result
}

// Code is the error code of an answer, or "".
func (r Reply) Code() string { return r.Body.Get("code").String() }

// Send sends a message to the mock, and checks what applies to every answer.
func Send(t testing.TB, m *mock.Mock, msg Message) Reply {
	t.Helper()
	w := httptest.NewRecorder()
	m.ServeHTTP(w, Request(m, msg))
	return ReadWhole(t, w)
}

// ReadWhole reads an answer and checks its envelope: R's rules for success and failure.
func ReadWhole(t testing.TB, w *httptest.ResponseRecorder) Reply {
	t.Helper()
	require.True(t, gjson.ValidBytes(w.Body.Bytes()), "a body is one JSON value: %s", w.Body)
	got := Reply{Status: w.Code, Header: w.Header(), Body: gjson.ParseBytes(bytes.Clone(w.Body.Bytes()))}
	assert.Equal(t, "application/json", got.Header.Get("Content-Type"))
	outer := got.Body.Get("requestId")
	assert.Equal(t, gjson.String, outer.Type)
	assert.Regexp(t, `^T[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$`, outer.Str)
	if w.Code == http.StatusOK {
		assert.Equal(t, outer.Str, got.Body.Get("response.requestId").Str, "both request ids are equal")
		assert.False(t, got.Body.Get("code").Exists())
		return got
	}
	assert.Equal(t, gjson.String, got.Body.Get("code").Type)
	assert.Equal(t, gjson.String, got.Body.Get("message").Type)
	assert.False(t, got.Body.Get("response").Exists())
	return got
}

// RefusedWith checks that an answer is a given documented pair.
func RefusedWith(t testing.TB, got Reply, status int, code string) {
	t.Helper()
	assert.Equal(t, status, got.Status, got.Body.Raw)
	assert.Equal(t, code, got.Code())
}

// ResizeTo asks for a resize.
func ResizeTo(t testing.TB, m *mock.Mock, id, instanceType string) Reply {
	t.Helper()
	return Send(t, m, Message{
		Action: "ModifyInstanceType",
		Body:   `{"instanceId":"` + id + `","instanceType":"` + instanceType + `"}`,
	})
}

// Seen reads status and type of an instance, through both read actions.
func Seen(t testing.TB, m *mock.Mock, id string) (status, instanceType string) {
	t.Helper()
	body := `{"instanceIds":["` + id + `"]}`
	brief := Send(t, m, Message{Action: "DescribeInstancesStatus", Body: body})
	full := Send(t, m, Message{Action: "DescribeInstances", Body: body})
	require.EqualValues(t, 1, brief.Body.Get("response.totalCount").Int())
	require.EqualValues(t, 1, full.Body.Get("response.totalCount").Int())
	status = full.Body.Get("response.dataSet.0.status").Str
	assert.Equal(t, status, brief.Body.Get("response.dataSet.0.instanceStatus").Str)
	return status, full.Body.Get("response.dataSet.0.instanceType").Str
}

// IDs returns the ids of a listing.
func IDs(got Reply) []string {
	listed := []string{}
	for _, id := range got.Body.Get("response.dataSet.#.instanceId").Array() {
		listed = append(listed, id.Str)
	}
	return listed
}

// ServeOn runs a mock on loopback and returns its address and a way to stop it.
func ServeOn(t *testing.T, m *mock.Mock, network, at string, config *tls.Config) (addr string, stop func() error) {
	t.Helper()
	l, err := net.Listen(network, at)
	if err != nil {
		t.Skipf("no %s on this machine: %v", at, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- m.Serve(ctx, l, config) }()
	return l.Addr().String(), func() error { cancel(); return <-done }
}

// Quoted returns ids as a JSON array.
func Quoted(ids ...string) string { return `["` + strings.Join(ids, `","`) + `"]` }

// Get sends a bearer request to a mock that is served.
func Get(ctx context.Context, client *http.Client, url string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url+mock.Path, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-ZC-Action", "DescribeInstances")
	r.Header.Set("X-ZC-Version", "2024-04-01")
	r.Header.Set("Authorization", "Bearer mock-token")
	return client.Do(r)
}
