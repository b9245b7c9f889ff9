package mock

import (
	"bytes"
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/sign"
)

const resizeTime = time.Minute

// hands is a clock that only a test moves.
type hands struct{ at atomic.Int64 }

func (h *hands) now() time.Time             { return time.Unix(0, h.at.Load()) }
func (h *hands) advance(span time.Duration) { h.at.Add(int64(span)) }

// newMock returns a mock whose clock stands still until the test moves it.
func newMock(t testing.TB) (*Mock, *hands) {
	t.Helper()
	h := new(hands)
	h.at.Store(time.Date(2024, 4, 1, 12, 0, 0, 0, time.UTC).UnixNano())
	return New(Options{Clock: h.now, ResizeTime: resizeTime, Seed: 1}), h
}

// message is a request before it is signed.
type message struct {
	action string
	body   string
	method string            // empty: POST
	path   string            // empty: Path
	media  string            // empty: application/json
	header map[string]string // after signing; "" removes
	skew   time.Duration
	also   []string // further headers to sign, with the value "x"
	keyID  string   // empty: the right one
	pass   string   // empty: the right one
	bearer string   // instead of a signature
	stamp  string   // the timestamp; empty: the time of the mock and skew
}

func orElse(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}

// request signs a message.
func request(m *Mock, msg message) *http.Request {
	r := httptest.NewRequest(orElse(msg.method, http.MethodPost), orElse(msg.path, Path), strings.NewReader(msg.body))
	set := func(name, value string) { r.Header.Set(name, value) }
	media := orElse(msg.media, "application/json")
	set("Content-Type", media)
	set("X-ZC-Action", msg.action)
	set("X-ZC-Version", "2024-04-01")
	if msg.bearer != "" {
		set("Authorization", "Bearer "+msg.bearer)
	} else {
		at := m.clock().Add(msg.skew).Unix()
		headers := []sign.Header{{Name: "Content-Type", Value: media}, {Name: "Host", Value: r.Host}}
		for _, name := range msg.also {
			set(name, "x")
			headers = append(headers, sign.Header{Name: name, Value: "x"})
		}
		stamp := orElse(msg.stamp, strconv.FormatInt(at, 10))
		set("X-ZC-Timestamp", stamp)
		set("X-ZC-Signature-Method", sign.Method)
		set("Authorization", sign.AuthorizationAt(orElse(msg.keyID, m.Credentials().KeyID),
			orElse(msg.pass, m.Credentials().Password), r.Method, stamp, headers, []byte(msg.body)))
	}
	for name, value := range msg.header {
		if r.Header.Del(name); value != "" {
			set(name, value)
		}
	}
	return r
}

// reply is an answer as a test looks at it.
type reply struct {
	status int
	header http.Header
	body   gjson.Result
}

func (r reply) code() string { return r.body.Get("code").String() }

// send has the mock answer a message, and checks what holds for every answer.
func send(t testing.TB, m *Mock, msg message) reply {
	t.Helper()
	w := httptest.NewRecorder()
	m.ServeHTTP(w, request(m, msg))
	return readWhole(t, w)
}

// readWhole reads an answer and checks its envelope: R's rules for success and failure.
func readWhole(t testing.TB, w *httptest.ResponseRecorder) reply {
	t.Helper()
	require.True(t, gjson.ValidBytes(w.Body.Bytes()), "a body is one JSON value: %s", w.Body)
	got := reply{status: w.Code, header: w.Header(), body: gjson.ParseBytes(bytes.Clone(w.Body.Bytes()))}
	assert.Equal(t, "application/json", got.header.Get("Content-Type"))
	outer := got.body.Get("requestId")
	assert.Equal(t, gjson.String, outer.Type)
	assert.Regexp(t, `^T[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$`, outer.Str)
	if w.Code == http.StatusOK {
		assert.Equal(t, outer.Str, got.body.Get("response.requestId").Str, "both request ids are equal")
		assert.False(t, got.body.Get("code").Exists())
		return got
	}
	assert.Equal(t, gjson.String, got.body.Get("code").Type)
	assert.Equal(t, gjson.String, got.body.Get("message").Type)
	assert.False(t, got.body.Get("response").Exists())
	return got
}

// refusedWith checks that an answer is this documented pair.
func refusedWith(t testing.TB, got reply, status int, code string) {
	t.Helper()
	assert.Equal(t, status, got.status, got.body.Raw)
	assert.Equal(t, code, got.code())
}

// resizeTo asks for a resize.
func resizeTo(t testing.TB, m *Mock, id, instanceType string) reply {
	t.Helper()
	return send(t, m, message{
		action: "ModifyInstanceType",
		body:   `{"instanceId":"` + id + `","instanceType":"` + instanceType + `"}`,
	})
}

// seen reads status and type of an instance, through both read actions.
func seen(t testing.TB, m *Mock, id string) (status, instanceType string) {
	t.Helper()
	body := `{"instanceIds":["` + id + `"]}`
	brief := send(t, m, message{action: "DescribeInstancesStatus", body: body})
	full := send(t, m, message{action: "DescribeInstances", body: body})
	require.EqualValues(t, 1, brief.body.Get("response.totalCount").Int())
	require.EqualValues(t, 1, full.body.Get("response.totalCount").Int())
	status = full.body.Get("response.dataSet.0.status").Str
	assert.Equal(t, status, brief.body.Get("response.dataSet.0.instanceStatus").Str)
	return status, full.body.Get("response.dataSet.0.instanceType").Str
}

// ids returns the ids of a listing.
func ids(got reply) []string {
	listed := []string{}
	for _, id := range got.body.Get("response.dataSet.#.instanceId").Array() {
		listed = append(listed, id.Str)
	}
	return listed
}

// serveOn runs a mock on loopback and returns its address and a way to stop it.
func serveOn(t *testing.T, m *Mock, network, at string, config *tls.Config) (addr string, stop func() error) {
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

// quoted returns ids as a JSON array.
func quoted(ids ...string) string { return `["` + strings.Join(ids, `","`) + `"]` }

// get sends a bearer request to a mock that is served.
func get(ctx context.Context, client *http.Client, url string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url+Path, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-ZC-Action", "DescribeInstances")
	r.Header.Set("X-ZC-Version", "2024-04-01")
	r.Header.Set("Authorization", "Bearer mock-token")
	return client.Do(r)
}
