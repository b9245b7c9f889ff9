package mock

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheHeaderAloneSelectsTheAction(t *testing.T) {
	m, _ := newMock(t)
	in := m.Seed(Instance{})
	assert.Equal(t, []string{"DescribeInstances", "DescribeInstancesStatus", "ModifyInstanceType", "RebootInstances", "StartInstances", "StopInstances"}, m.Actions())
	body := `{"instanceId":"` + in.ID + `","instanceType":"z2a.cpu.4"}`
	got := send(t, m, message{action: "DescribeInstancesStatus", body: body, path: Path + "?Action=ModifyInstanceType"})
	assert.EqualValues(t, 1, got.body.Get("response.totalCount").Int(), "the body is that of another action, which changes nothing")
	assert.True(t, got.body.Get("response.dataSet.0.instanceStatus").Exists())
	status, _ := seen(t, m, in.ID)
	assert.Equal(t, Stopped, status)
}

func TestAnActionThatDoesNotExistIsRefused(t *testing.T) {
	m, _ := newMock(t)
	for _, name := range []string{"ReleaseInstances", "stopInstances", "modifyinstancetype", "ModifyInstanceType2", ""} {
		refusedWith(t, send(t, m, message{action: name, body: `{}`}), 401, "AUTHFAILURE_UNAUTHORIZED_OPERATION")
	}
}

func TestOnlyPostSucceeds(t *testing.T) {
	m, _ := newMock(t)
	for _, method := range []string{"GET", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "HEAD"} {
		refusedWith(t, send(t, m, message{action: "DescribeInstances", method: method}), 401, "AUTHFAILURE_UNAUTHORIZED_OPERATION")
	}
}

func TestOtherPathsHoldNothing(t *testing.T) {
	m, _ := newMock(t)
	for _, path := range []string{"/", "/api/v2", "/api/v2/zec/", "/api/v2/bmc"} {
		refusedWith(t, send(t, m, message{action: "DescribeInstances", path: path}), 404, "OPERATION_FAILED_RESOURCE_NOT_FOUND")
	}
}

func TestAnotherMediaTypeIsRefused(t *testing.T) {
	m, _ := newMock(t)
	in := m.Seed(Instance{})
	for _, media := range []string{
		"text/plain", "application/xml", "application/x-www-form-urlencoded", "application/jsonp",
		"application/json; charset=gbk", "application/json; charset", "json",
	} {
		for _, action := range m.Actions() {
			got := send(t, m, message{action: action, media: media, body: `{"instanceId":"` + in.ID + `","instanceType":"z2a.cpu.4"}`})
			refusedWith(t, got, 400, "INVALID_PARAMETER_PATTERN_ERROR")
		}
	}
	got := send(t, m, message{action: "DescribeInstances", header: map[string]string{"Content-Type": ""}})
	assert.Equal(t, 401, got.status, "a missing media type is not what was signed")
}

func TestABodyIsBounded(t *testing.T) {
	m, _ := newMock(t)
	for _, action := range m.Actions() {
		got := send(t, m, message{action: action, body: strings.Repeat(" ", maxBody+1)})
		refusedWith(t, got, 400, "INVALID_PARAMETER_EXCEED_LENGTH")
	}
	got := send(t, m, message{action: "DescribeInstances", body: strings.Repeat(" ", maxBody)})
	assert.Equal(t, 200, got.status)
}

func TestABodyThatBreaksOffIsRefused(t *testing.T) {
	m, _ := newMock(t)
	r := request(m, message{action: "DescribeInstances"})
	r.Body = io.NopCloser(iotest.ErrReader(errors.New("gone")))
	w := httptest.NewRecorder()
	m.ServeHTTP(w, r)
	refusedWith(t, readWhole(t, w), 400, "INVALID_PARAMETER_PATTERN_ERROR")
}

func TestHeaderNamesMayBeInLowerCase(t *testing.T) {
	m, _ := newMock(t)
	server := httptest.NewServer(m)
	defer server.Close()
	r := request(m, message{action: "DescribeInstances"})
	out, err := http.NewRequest(http.MethodPost, server.URL+Path, nil)
	require.NoError(t, err)
	out.Host = r.Host
	for name, values := range r.Header {
		out.Header[strings.ToLower(name)] = values // net/http sends a name as it stands in the map
	}
	got, err := server.Client().Do(out)
	require.NoError(t, err)
	defer got.Body.Close()
	assert.Equal(t, 200, got.StatusCode)
}

func TestRequestIDsNeverRepeat(t *testing.T) {
	const count = 200_000
	ids := newRequestIDs(0)
	seen := make(map[string]bool, count)
	for range count {
		seen[ids.next()] = true
	}
	assert.Len(t, seen, count)
	assert.Equal(t, newRequestIDs(7).next(), newRequestIDs(7).next(), "a seed repeats a run")
	assert.NotEqual(t, newRequestIDs(7).next(), newRequestIDs(8).next())
}
