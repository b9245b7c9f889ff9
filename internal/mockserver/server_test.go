package mockserver

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
)

// started serves a mock over a real socket.
func started(t *testing.T, o Options) (*Server, *httptest.Server) {
	t.Helper()
	s, err := New(o)
	require.NoError(t, err)
	served := httptest.NewServer(s)
	t.Cleanup(served.Close)
	return s, served
}

// call sends a request with the bearer token of the mock.
func call(t *testing.T, url, action, body string) (int, gjson.Result, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/api/v2/zec", strings.NewReader(body))
	require.NoError(t, err)
	for name, value := range map[string]string{
		"Content-Type": "application/json", "X-ZC-Action": action, "X-ZC-Version": "2024-04-01", "Authorization": "Bearer mock-token",
	} {
		r.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, gjson.Result{}, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, gjson.ParseBytes(text), nil
}

func typeOf(t *testing.T, url, id string) (status, instanceType string) {
	t.Helper()
	code, got, err := call(t, url, "DescribeInstances", `{"instanceIds":["`+id+`"]}`)
	require.NoError(t, err)
	require.Equal(t, 200, code)
	return got.Get("response.dataSet.0.status").Str, got.Get("response.dataSet.0.instanceType").Str
}

const seed = `
resizeTime: 1h
credentials: {token: mock-token}
types:
  - {id: small, cpu: 1, memory: 2, use: resizable}
  - {id: large, cpu: 8, memory: 16, use: resizable}
instances:
  - {id: web-1, name: web, type: small, tags: [{key: team, value: a}]}
  - {id: web-2, status: RUNNING, type: large, createTime: 2026-01-02T03:04:05Z}
`

func document(t *testing.T, text string) Document {
	t.Helper()
	d, err := ReadDocument("seed.yaml", []byte(text))
	require.NoError(t, err)
	return d
}

func TestASeedFileIsServedAndPrintedInTheSameForm(t *testing.T) {
	s, served := started(t, Options{Seed: document(t, seed)})
	_, got, err := call(t, served.URL, "DescribeInstances", `{}`)
	require.NoError(t, err)
	assert.Equal(t, `["web-1","web-2"]`, got.Get("response.dataSet.#.instanceId").Raw)
	assert.Equal(t, "2026-01-02T03:04:05Z", got.Get("response.dataSet.1.createTime").Str)
	code, _, err := call(t, served.URL, "ModifyInstanceType", `{"instanceId":"web-1","instanceType":"large"}`)
	require.NoError(t, err)
	require.Equal(t, 200, code)

	printed := s.Document()
	again, err := ReadDocument("printed", printed.JSON())
	require.NoError(t, err)
	assert.Equal(t, string(printed.JSON()), string(again.JSON()))
	assert.Equal(t, "ModifyInstanceType", printed.Instances[0].Change.Action, "what is under way is part of it")
	other, otherServed := started(t, Options{Seed: again})
	assert.Equal(t, string(printed.JSON()), string(other.Document().JSON()))
	require.NoError(t, other.Advance(time.Hour))
	status, kind := typeOf(t, otherServed.URL, "web-1")
	assert.Equal(t, []string{"STOPPED", "large"}, []string{status, kind})
	keepsItsSchema(t, printed.JSON())
}

// keepsItsSchema holds a document against docs/mock-seed.schema.json.
func keepsItsSchema(t *testing.T, document []byte) {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join("..", "..", "docs", "mock-seed.schema.json"))
	require.NoError(t, err)
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	require.NoError(t, err)
	assert.NoError(t, schema.Validate(value))
}

func TestTheOwnAccountKeepsTheSchema(t *testing.T) {
	s, _ := started(t, Options{})
	assert.Len(t, s.Document().Instances, 21)
	keepsItsSchema(t, s.Document().JSON())
}

func TestASeedFileIsReadStrictly(t *testing.T) {
	for text, message := range map[string]string{
		"instances:\n- {id: a, kind: b}":                 `s.yaml:2: unknown key "kind"`,
		"resizeTime: soon":                               `is no duration: write it as 90s or 15m`,
		"resizeTime: -1s":                                `is no duration`,
		"types:\n- {id: a, cpu: 1, memory: 1, use: any}": `type a: use is one of resizable, unsupported, gpu`,
		"types:\n- {id: a, use: gpu}":                    `type a: cpu and memory are above 0`,
		"types:\n- {cpu: 1, memory: 1, use: gpu}":        `types[0] has no id`,
		"credentials: {keyId: a}":                        `keyId and keyPassword go together`,
		"credentials: {}":                                `give keyId and keyPassword, or a token`,
		"credentials: {token: a b}":                      `token has a character that no Authorization header carries there`,
		`credentials: {keyId: "a,b", keyPassword: c}`:    `keyId has a character that no Authorization header carries there`,
		`credentials: {keyId: a, keyPassword: "b\n- c"}`: `keyPassword has a control character`,
		"types: [{id: a, cpu: 1, memory: 1, use: gpu}, {id: a, cpu: 1, memory: 1, use: gpu}]": `type a is listed twice`,
	} {
		_, err := ReadDocument("s.yaml", []byte(text))
		require.ErrorContains(t, err, message, text)
		assert.NotContains(t, err.Error(), "\n")
	}
	for text, message := range map[string]string{
		"types:\n- id: a\n  cpu: 1\n  memory: 1\n  use: gpu\n- id: b\n  use: gpu\n": `s.yaml:6: type b: cpu and memory are above 0`,
		"resizeTime: 1s\ncredentials:\n  keyId: a\n":                                `s.yaml:3: credentials: keyId and keyPassword go together`,
	} {
		_, err := ReadDocument("s.yaml", []byte(text))
		assert.EqualError(t, err, message)
	}
	_, err := New(Options{Seed: document(t, "# two\ninstances:\n- id: a\n- id: a\n")})
	assert.EqualError(t, err, `seed.yaml:4: instances[1]: instance "a" is there already`)
	_, err = New(Options{Seed: document(t, "instances: [{id: a}, {id: a}]")})
	assert.EqualError(t, err, `seed.yaml:1: instances[1]: instance "a" is there already`)
	for members, message := range map[string]string{
		`statuses: [GONE], status: STOPPED`: `"GONE" is no documented status`,
		`statuses: [RESIZING], status: ""`:  `names the statuses on the way and the one that follows`,
	} {
		_, err := New(Options{Seed: document(t, "instances: [{id: a, change: {started: 2026-01-01T00:00:00Z, ends: 2026-01-02T00:00:00Z, "+members+"}}]")})
		require.ErrorContains(t, err, message)
	}
}

func TestCallsFailAsAsked(t *testing.T) {
	s, served := started(t, Options{})
	require.NoError(t, s.Fail(Fault{Action: "DescribeInstances", Times: 2, Status: 503, Code: "SERVICE_TEMPORARY_UNAVAILABLE"}))
	require.NoError(t, s.Fail(Fault{Close: true}))
	require.NoError(t, s.Fail(Fault{Delay: Duration(20 * time.Millisecond)}))
	for range 2 {
		code, got, err := call(t, served.URL, "DescribeInstances", `{}`)
		require.NoError(t, err)
		assert.Equal(t, 503, code)
		assert.Equal(t, "SERVICE_TEMPORARY_UNAVAILABLE", got.Get("code").Str)
		assert.NotEmpty(t, got.Get("requestId").Str)
		assert.Equal(t, gjson.String, got.Get("message").Type)
	}
	_, _, err := call(t, served.URL, "DescribeInstancesStatus", `{}`)
	require.Error(t, err, "the connection is closed")
	start := time.Now()
	code, _, err := call(t, served.URL, "DescribeInstances", `{}`)
	require.NoError(t, err)
	assert.Equal(t, 200, code)
	assert.GreaterOrEqual(t, time.Since(start), 20*time.Millisecond)
	assert.Empty(t, s.Faults())

	var faults []string
	for _, r := range s.Requests() {
		faults = append(faults, r.Fault)
	}
	assert.Equal(t, []string{"503 SERVICE_TEMPORARY_UNAVAILABLE", "503 SERVICE_TEMPORARY_UNAVAILABLE", "closed", "delayed 20ms"}, faults)
}

func TestAFaultThatSaysNothingIsRefused(t *testing.T) {
	s, _ := started(t, Options{})
	for message, f := range map[string]Fault{
		"say how the calls fail":          {Times: 1},
		"status and code go together":     {Status: 500},
		"message is of an error response": {Delay: 1, Message: "late"},
		"status 200 is no error":          {Status: 200, Code: "OK"},
		"a closed connection carries":     {Status: 500, Code: "X", Close: true},
		`there is no action "Describe"`:   {Action: "Describe", Close: true},
		"times is -1":                     {Times: -1, Close: true},
		"delay: give 0s to 10m0s":         {Delay: Duration(time.Hour)},
	} {
		assert.ErrorContains(t, s.Fail(f), message)
	}
	assert.Empty(t, s.Faults())
}

func TestRequestsAreKeptWithoutSecrets(t *testing.T) {
	var lines bytes.Buffer
	s, served := started(t, Options{Verbose: &lines})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, served.URL+"/api/v2/zec", strings.NewReader(`{"note":"mock-key-password mock-token"}`))
	require.NoError(t, err)
	r.Header.Set("Authorization", "ZC2-HMAC-SHA256 Credential=mock-key-id, SignedHeaders=content-type;host, Signature="+strings.Repeat("ab", 32))
	r.Header.Set("Cookie", "session=opens-something")
	r.Header.Set("X-Note", "mock-token")
	r.Header.Set("X-Zc-Action", "Describe\x1b[31m")
	r.Header.Set("X-Zc-Version", "2024-04-01")
	response, err := http.DefaultClient.Do(r)
	if err == nil {
		_ = response.Body.Close()
	} else { // a control character in a header
		r.Header.Set("X-Zc-Action", "DescribeInstances")
		response, err = http.DefaultClient.Do(r)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
	}
	_, _, err = call(t, served.URL, "DescribeInstances", `{}`)
	require.NoError(t, err)

	kept, err := json.Marshal(s.Requests())
	require.NoError(t, err)
	for _, secret := range []string{"mock-key-password", "mock-token", "opens-something", strings.Repeat("ab", 32)} {
		assert.NotContains(t, string(kept), secret)
		assert.NotContains(t, lines.String(), secret)
	}
	assert.Contains(t, string(kept), "Credential=mock-key-id")
	assert.Contains(t, string(kept), "Bearer [redacted]")
	assert.Regexp(t, `POST /api/v2/zec DescribeInstances 2024-04-01 -> 200 T[0-9A-F-]{36} \(`, lines.String())
}

func TestARequestLogCanBeJSON(t *testing.T) {
	var lines bytes.Buffer
	_, served := started(t, Options{Verbose: &lines, VerboseJSON: true})
	_, _, err := call(t, served.URL, "DescribeInstances", `{"pageSize":0}`)
	require.NoError(t, err)
	line := gjson.Parse(lines.String())
	assert.Equal(t, "INVALID_PARAMETER_LESS_MINIMUM", line.Get("code").Str)
	assert.Equal(t, `{"pageSize":0}`, line.Get("body").Str)
	assert.EqualValues(t, 400, line.Get("status").Int())
}

func TestStateIsKeptAcrossRestarts(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.json")
	first, served := started(t, Options{Seed: document(t, seed), State: file})
	code, _, err := call(t, served.URL, "ModifyInstanceType", `{"instanceId":"web-1","instanceType":"large"}`)
	require.NoError(t, err)
	require.Equal(t, 200, code)
	require.NoError(t, first.Remove("web-2"))
	_, err = New(Options{State: file})
	require.EqualError(t, err, "another mock keeps its state in "+file+": name another file")
	require.NoError(t, first.Close())

	second, served := started(t, Options{Seed: document(t, seed), State: file})
	assert.Equal(t, string(first.Document().JSON()), string(second.Document().JSON()))
	require.NoError(t, second.Advance(time.Hour))
	status, kind := typeOf(t, served.URL, "web-1")
	assert.Equal(t, []string{"STOPPED", "large"}, []string{status, kind})
	info, err := os.Stat(file)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	require.NoError(t, second.Reset())
	require.NoError(t, second.Close())
	third, _ := started(t, Options{State: file})
	assert.Len(t, third.Document().Instances, 2, "a reset is kept, too")
	require.NoError(t, third.Close())

	_, err = New(Options{State: file, Seed: document(t, "types: [{id: new, cpu: 1, memory: 1, use: resizable}]\ninstances: [{type: new}]")})
	require.ErrorContains(t, err, "the types are those that "+file+" keeps", "a reset would leave nothing")

	require.NoError(t, os.WriteFile(file, []byte("instances: [{id: a, status: broken}]"), 0o600))
	_, err = New(Options{State: file})
	require.ErrorContains(t, err, `"broken" is no documented status`)
}

func TestAnEmptyStateFileKeepsNothing(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.json")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	s, _ := started(t, Options{Seed: document(t, seed), State: file})
	assert.Len(t, s.Document().Instances, 2)
	require.NoError(t, s.Close())
}

func TestTheClockOfAStateFileIsOneThatItIsReadWith(t *testing.T) {
	s, _ := started(t, Options{Seed: document(t, seed)})
	for _, by := range []time.Duration{math.MaxInt64, math.MaxInt64, -time.Hour} {
		require.NoError(t, s.Advance(by))
		assert.Equal(t, Duration(math.MaxInt64), s.Document().Ahead)
	}
	_, err := ReadDocument("printed", s.Document().JSON())
	require.NoError(t, err)
}

func TestTheLogHasTheBodyOfACallThatFails(t *testing.T) {
	s, served := started(t, Options{})
	for _, f := range []Fault{{Status: 503, Code: "SERVICE_TEMPORARY_UNAVAILABLE"}, {Close: true}} {
		require.NoError(t, s.Fail(f))
		_, _, _ = call(t, served.URL, "DescribeInstances", `{"pageSize":1}`)
		log := s.Requests()
		require.NotEmpty(t, log)
		assert.Equal(t, `{"pageSize":1}`, log[len(log)-1].Body, f)
	}
}

func TestHealthAndReadiness(t *testing.T) {
	s, served := started(t, Options{})
	get := func(path string) int {
		response, err := http.Get(served.URL + path)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		return response.StatusCode
	}
	assert.Equal(t, []int{200, 200}, []int{get("/healthz"), get("/readyz")})
	s.Stopping()
	assert.Equal(t, []int{200, 503}, []int{get("/healthz"), get("/readyz")})
	assert.Empty(t, s.Requests(), "they are no requests to the API")
}

func TestPagesOfAnyOriginMayCallWhereAsked(t *testing.T) {
	_, with := started(t, Options{CORS: true})
	_, without := started(t, Options{})
	ask := func(url, method string) *http.Response {
		r, err := http.NewRequestWithContext(t.Context(), method, url+"/api/v2/zec", strings.NewReader("{}"))
		require.NoError(t, err)
		r.Header.Set("Origin", "https://page.example")
		r.Header.Set("Access-Control-Request-Method", "POST")
		r.Header.Set("Access-Control-Request-Headers", "authorization,x-zc-action")
		response, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		return response
	}
	question := ask(with.URL, http.MethodOptions)
	assert.Equal(t, 204, question.StatusCode)
	assert.Equal(t, "authorization,x-zc-action", question.Header.Get("Access-Control-Allow-Headers"))
	assert.Equal(t, "*", ask(with.URL, http.MethodPost).Header.Get("Access-Control-Allow-Origin"))
	assert.Empty(t, ask(without.URL, http.MethodPost).Header.Get("Access-Control-Allow-Origin"))
}
