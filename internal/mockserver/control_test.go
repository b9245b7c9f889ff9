package mockserver

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
)

// controlled serves a mock and its control interface.
func controlled(t *testing.T, o Options) (api string, do func(method, path, body string) (int, gjson.Result)) {
	t.Helper()
	s, served := started(t, o)
	control := httptest.NewServer(s.Control(true))
	t.Cleanup(control.Close)
	return served.URL, func(method, path, body string) (int, gjson.Result) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, control.URL+path, strings.NewReader(body))
		require.NoError(t, err)
		response, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		return response.StatusCode, gjson.ParseBytes(text)
	}
}

func TestATestSetsTheMockUpOverHTTP(t *testing.T) {
	api, do := controlled(t, Options{Seed: document(t, seed)})
	code, got := do("POST", "/instances", `{"id":"db-1","type":"small"}`)
	assert.Equal(t, 200, code)
	assert.Equal(t, "STOPPED", got.Get("status").Str)
	code, got = do("PATCH", "/instances/db-1", `{"status":"RUNNING","type":"large"}`)
	assert.Equal(t, 200, code)
	assert.Equal(t, "RUNNING", got.Get("status").Str)
	status, kind := typeOf(t, api, "db-1")
	assert.Equal(t, []string{"RUNNING", "large"}, []string{status, kind})
	_, got = do("GET", "/instances", "")
	assert.Equal(t, `["web-1","web-2","db-1"]`, got.Get("#.id").String())

	code, _ = do("POST", "/faults", `{"action":"ModifyInstanceType","times":2,"status":429,"code":"REQUEST_LIMIT_EXCEEDED"}`)
	assert.Equal(t, 204, code)
	_, got = do("GET", "/faults", "")
	assert.EqualValues(t, 2, got.Get("0.times").Int())
	resize := func() int {
		code, _, err := call(t, api, "ModifyInstanceType", `{"instanceId":"web-1","instanceType":"large"}`)
		require.NoError(t, err)
		return code
	}
	assert.Equal(t, 429, resize())
	code, _ = do("DELETE", "/faults", "")
	assert.Equal(t, 204, code)

	code, _ = do("POST", "/changes", `{"action":"ModifyInstanceType","fails":true,"takes":"90s"}`)
	assert.Equal(t, 204, code)
	assert.Equal(t, 200, resize())
	code, got = do("POST", "/clock", `{"advance":"89s"}`)
	assert.Equal(t, 200, code)
	assert.Equal(t, "1m29s", got.Get("ahead").Str)
	status, _ = typeOf(t, api, "web-1")
	assert.Equal(t, "RESIZING", status)
	do("POST", "/clock", `{"advance":"1s"}`)
	status, kind = typeOf(t, api, "web-1")
	assert.Equal(t, []string{"STOPPED", "small"}, []string{status, kind}, "it failed")

	_, got = do("GET", "/requests", "")
	assert.Equal(t, "ModifyInstanceType", got.Get("1.action").Str)
	assert.EqualValues(t, 429, got.Get("1.status").Int())
	code, _ = do("DELETE", "/instances/db-1", "")
	assert.Equal(t, 204, code)
	code, _ = do("POST", "/reset", "")
	assert.Equal(t, 204, code)
	_, got = do("GET", "/seed", "")
	assert.Equal(t, `["web-1","web-2"]`, got.Get("instances.#.id").String())
	assert.Empty(t, got.Get("ahead").Str)
	_, got = do("GET", "/requests", "")
	assert.Empty(t, got.Array())
	code, _ = do("GET", "/readyz", "")
	assert.Equal(t, 200, code)
}

func TestTheControlInterfaceSaysWhatIsWrong(t *testing.T) {
	_, do := controlled(t, Options{Seed: document(t, seed)})
	for _, c := range []struct {
		method, path, body string
		status             int
		message            string
	}{
		{"POST", "/instances", `{"id":"web-1"}`, 400, `instance "web-1" is there already`},
		{"POST", "/instances", `{"ident":"web-1"}`, 400, `unknown key "ident"`},
		{"POST", "/instances", ``, 400, `the body is empty`},
		{"PATCH", "/instances/web-9", `{"status":"RUNNING"}`, 404, `there is no instance "web-9"`},
		{"PATCH", "/instances/web-1", `{}`, 400, `give a status, a type, or both`},
		{"PATCH", "/instances/web-1", `{"type":"huge"}`, 400, `there is no type "huge"`},
		{"DELETE", "/instances/web-9", ``, 404, `there is no instance "web-9"`},
		{"GET", "/instance", ``, 404, `there is nothing at /instance`},
		{"PUT", "/clock", `{}`, 405, `/clock takes GET, POST`},
		{"POST", "/faults", `{}`, 400, `say how the calls fail`},
		{"POST", "/changes", `{"action":"DescribeInstances","fails":true}`, 400, `is no action that changes an instance`},
		{"POST", "/changes", `{"action":"ModifyInstanceType"}`, 400, `say how the change goes`},
		{"POST", "/clock", `{"advance":"-1h"}`, 400, `is no duration`},
		{"POST", "/clock", `{}`, 400, `give how far to move the clock on`},
	} {
		status, got := do(c.method, c.path, c.body)
		assert.Equal(t, c.status, status, c.path+" "+c.body)
		assert.Contains(t, got.Get("error").Str, c.message)
	}
}

func TestTheControlInterfaceIsNotForPages(t *testing.T) {
	s, _ := started(t, Options{})
	for name, alter := range map[string]func(r *http.Request){
		"a page":           func(r *http.Request) { r.Header.Set("Origin", "http://127.0.0.1:1") },
		"a rebound name":   func(r *http.Request) { r.Host = "attacker.example:80" },
		"an other machine": func(r *http.Request) { r.Host = "10.0.0.1" },
	} {
		r := httptest.NewRequest(http.MethodPost, "/reset", nil)
		r.Host = "127.0.0.1:1"
		alter(r)
		w := httptest.NewRecorder()
		s.Control(true).ServeHTTP(w, r)
		assert.Equal(t, 403, w.Code, name)
	}
	r := httptest.NewRequest(http.MethodPost, "/reset", nil)
	r.Host = "mock.internal"
	w := httptest.NewRecorder()
	s.Control(false).ServeHTTP(w, r)
	assert.Equal(t, 204, w.Code, "where other machines are let in, they name this one as they know it")
}
