package mock_test

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

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mock/mocktest"
)

func TestTheHeaderAloneSelectsTheAction(t *testing.T) {
	m, _ := mocktest.NewMock(t)
	in := m.Seed(mock.Instance{})
	assert.Equal(t, []string{"DescribeInstances", "DescribeInstancesStatus", "ModifyInstanceType", "RebootInstances", "StartInstances", "StopInstances"}, m.Actions())
	body := `{"instanceId":"` + in.ID + `","instanceType":"z2a.cpu.4"}`
	got := mocktest.Send(t, m, mocktest.Message{Action: "DescribeInstancesStatus", Body: body, Path: mock.Path + "?Action=ModifyInstanceType"})
	assert.EqualValues(t, 1, got.Body.Get("response.totalCount").Int(), "the body is that of another action, which changes nothing")
	assert.True(t, got.Body.Get("response.dataSet.0.instanceStatus").Exists())
	status, _ := mocktest.Seen(t, m, in.ID)
	assert.Equal(t, mock.Stopped, status)
}

func TestAnActionThatDoesNotExistIsRefused(t *testing.T) {
	m, _ := mocktest.NewMock(t)
	for _, name := range []string{"ReleaseInstances", "stopInstances", "modifyinstancetype", "ModifyInstanceType2", ""} {
		mocktest.RefusedWith(t, mocktest.Send(t, m, mocktest.Message{Action: name, Body: `{}`}), 401, "AUTHFAILURE_UNAUTHORIZED_OPERATION")
	}
}

func TestOnlyPostSucceeds(t *testing.T) {
	m, _ := mocktest.NewMock(t)
	for _, method := range []string{"GET", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "HEAD"} {
		mocktest.RefusedWith(t, mocktest.Send(t, m, mocktest.Message{Action: "DescribeInstances", Method: method}), 401, "AUTHFAILURE_UNAUTHORIZED_OPERATION")
	}
}

func TestOtherPathsHoldNothing(t *testing.T) {
	m, _ := mocktest.NewMock(t)
	for _, path := range []string{"/", "/api/v2", "/api/v2/zec/", "/api/v2/bmc"} {
		mocktest.RefusedWith(t, mocktest.Send(t, m, mocktest.Message{Action: "DescribeInstances", Path: path}), 404, "OPERATION_FAILED_RESOURCE_NOT_FOUND")
	}
}

func TestAnotherMediaTypeIsRefused(t *testing.T) {
	m, _ := mocktest.NewMock(t)
	in := m.Seed(mock.Instance{})
	for _, media := range []string{
		"text/plain", "application/xml", "application/x-www-form-urlencoded", "application/jsonp",
		"application/json; charset=gbk", "application/json; charset", "json",
	} {
		for _, action := range m.Actions() {
			got := mocktest.Send(t, m, mocktest.Message{Action: action, Media: media, Body: `{"instanceId":"` + in.ID + `","instanceType":"z2a.cpu.4"}`})
			mocktest.RefusedWith(t, got, 400, "INVALID_PARAMETER_PATTERN_ERROR")
		}
	}
	got := mocktest.Send(t, m, mocktest.Message{Action: "DescribeInstances", Header: map[string]string{"Content-Type": ""}})
	assert.Equal(t, 401, got.Status, "a missing media type is not what was signed")
}

func TestABodyIsBounded(t *testing.T) {
	m, _ := mocktest.NewMock(t)
	for _, action := range m.Actions() {
		got := mocktest.Send(t, m, mocktest.Message{Action: action, Body: strings.Repeat(" ", mock.MaxBody+1)})
		mocktest.RefusedWith(t, got, 400, "INVALID_PARAMETER_EXCEED_LENGTH")
	}
	got := mocktest.Send(t, m, mocktest.Message{Action: "DescribeInstances", Body: strings.Repeat(" ", mock.MaxBody)})
	assert.Equal(t, 200, got.Status)
}

func TestABodyThatBreaksOffIsRefused(t *testing.T) {
	m, _ := mocktest.NewMock(t)
	r := mocktest.Request(m, mocktest.Message{Action: "DescribeInstances"})
	r.Body = io.NopCloser(iotest.ErrReader(errors.New("gone")))
	w := httptest.NewRecorder()
	m.ServeHTTP(w, r)
	mocktest.RefusedWith(t, mocktest.ReadWhole(t, w), 400, "INVALID_PARAMETER_PATTERN_ERROR")
}

func TestHeaderNamesMayBeInLowerCase(t *testing.T) {
	m, _ := mocktest.NewMock(t)
	server := httptest.NewServer(m)
	defer server.Close()
	r := mocktest.Request(m, mocktest.Message{Action: "DescribeInstances"})
	out, err := http.NewRequest(http.MethodPost, server.URL+mock.Path, nil)
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
	ids := mock.NewRequestIDs(0)
	seen := make(map[string]bool, count)
	for range count {
		seen[ids.Next()] = true
	}
	assert.Len(t, seen, count)
	assert.Equal(t, mock.NewRequestIDs(7).Next(), mock.NewRequestIDs(7).Next(), "a seed repeats a run")
	assert.NotEqual(t, mock.NewRequestIDs(7).Next(), mock.NewRequestIDs(8).Next())
}
