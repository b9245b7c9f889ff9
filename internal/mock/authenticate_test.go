package mock_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mock/mocktest"
	"github.com/zec-tools/conformance/internal/sign"
)

func TestAuthenticationAcceptsWhatTheDocumentsAllow(t *testing.T) {
	m, _ := mocktest.NewMock(t)
	for name, msg := range map[string]mocktest.Message{
		"a signature":                                 {},
		"the media type with its charset":             {Media: "application/json; charset=utf-8"},
		"a charset in upper case":                     {Media: "application/json;charset=UTF-8"},
		"a further signed header":                     {Also: []string{"X-ZC-Action-Note"}},
		"several further signed headers":              {Also: []string{"A-First", "X-ZC-Sdk-Lang", "Z-Last"}},
		"the headers that the SDKs send":              {Header: map[string]string{"X-ZC-Service": "zec", "X-ZC-Sdk-Version": "1", "X-ZC-Sdk-Lang": "Go", "X-ZC-Request-Client": "x"}},
		"a timestamp five minutes old":                {Skew: -5 * time.Minute},
		"a timestamp five minutes ahead":              {Skew: 5 * time.Minute},
		"a bearer token":                              {Bearer: "mock-token"},
		"a bearer token without timestamp and method": {Bearer: "mock-token", Header: map[string]string{"X-ZC-Timestamp": "", "X-ZC-Signature-Method": ""}},
		"a bearer token with a timestamp of long ago": {Bearer: "mock-token", Header: map[string]string{"X-ZC-Timestamp": "1"}},
		"the later version":                           {Header: map[string]string{"X-ZC-Version": "2025-09-01"}},
	} {
		t.Run(name, func(t *testing.T) {
			msg.Action = "DescribeInstancesStatus"
			assert.Equal(t, 200, mocktest.Send(t, m, msg).Status)
		})
	}
}

func TestAuthenticationAcceptsHeaderValuesSignedInLowerCase(t *testing.T) {
	m, _ := mocktest.NewMock(t)
	for _, signedValue := range []string{"Application/JSON", "application/json"} {
		r := mocktest.Request(m, mocktest.Message{Action: "DescribeInstances"})
		r.Header.Set("Content-Type", "Application/JSON")
		r.Header.Set("Authorization", sign.Authorization("mock-key-id", "mock-key-password", "POST", m.Clock().Unix(),
			[]sign.Header{{Name: "host", Value: r.Host}, {Name: "content-type", Value: signedValue}}, nil))
		w := httptest.NewRecorder()
		m.ServeHTTP(w, r)
		assert.Equal(t, 200, mocktest.ReadWhole(t, w).Status, "signed as %s", signedValue)
	}
}

func TestAuthenticationRefuses(t *testing.T) {
	const (
		invalid      = "AUTHFAILURE_INVALID_AUTHORIZATION"
		mismatch     = "AUTHFAILURE_SIGNATURE_FAILURE"
		expired      = "AUTHFAILURE_SIGNATURE_EXPIRED"
		unauthorized = "AUTHFAILURE_UNAUTHORIZED_OPERATION"
	)
	authorization := func(value string) map[string]string { return map[string]string{"Authorization": value} }
	m, clock := mocktest.NewMock(t)
	in := m.Seed(mock.Instance{})
	for name, c := range map[string]struct {
		msg  mocktest.Message
		code string
	}{
		"no Authorization":                          {mocktest.Message{Header: authorization("")}, invalid},
		"another scheme":                            {mocktest.Message{Header: authorization("Basic eDp5")}, invalid},
		"a word":                                    {mocktest.Message{Header: authorization("x")}, invalid},
		"a scheme with nothing after it":            {mocktest.Message{Header: authorization(sign.Method)}, invalid},
		"a value without signature":                 {mocktest.Message{Header: authorization(sign.Method + " Credential=a, SignedHeaders=content-type;host")}, invalid},
		"no timestamp":                              {mocktest.Message{Header: map[string]string{"X-ZC-Timestamp": ""}}, invalid},
		"no signature method":                       {mocktest.Message{Header: map[string]string{"X-ZC-Signature-Method": ""}}, invalid},
		"another signature method":                  {mocktest.Message{Header: map[string]string{"X-ZC-Signature-Method": "TC3-HMAC-SHA256"}}, invalid},
		"an unknown key":                            {mocktest.Message{KeyID: "nobody"}, unauthorized},
		"an unknown token":                          {mocktest.Message{Bearer: "nobody"}, unauthorized},
		"a bearer without token":                    {mocktest.Message{Bearer: " "}, invalid},
		"another password":                          {mocktest.Message{Pass: "wrong"}, mismatch},
		"a timestamp other than the signed one":     {mocktest.Message{Header: map[string]string{"X-ZC-Timestamp": "1711972801"}}, mismatch},
		"a timestamp of another time, not signed":   {mocktest.Message{Header: map[string]string{"X-ZC-Timestamp": "1"}}, mismatch},
		"a timestamp that is no number":             {mocktest.Message{Header: map[string]string{"X-ZC-Timestamp": "noon"}}, mismatch},
		"a media type other than the signed one":    {mocktest.Message{Header: map[string]string{"Content-Type": "application/json; charset=utf-8"}}, mismatch},
		"a further signed header with another text": {mocktest.Message{Also: []string{"X-Note"}, Header: map[string]string{"X-Note": "y"}}, mismatch},
		"a further signed header that is not sent":  {mocktest.Message{Also: []string{"X-Note"}, Header: map[string]string{"X-Note": ""}}, mismatch},
		"a timestamp too old by a second":           {mocktest.Message{Skew: -5*time.Minute - time.Second}, expired},
		"a timestamp too new by a second":           {mocktest.Message{Skew: 5*time.Minute + time.Second}, expired},
	} {
		t.Run(name, func(t *testing.T) {
			c.msg.Action = "ModifyInstanceType"
			c.msg.Body = `{"instanceId":"` + in.ID + `","instanceType":"z2a.cpu.8"}`
			mocktest.RefusedWith(t, mocktest.Send(t, m, c.msg), 401, c.code)
			status, _ := mocktest.Seen(t, m, in.ID)
			assert.Equal(t, mock.Stopped, status, "a refused call starts nothing")
			clock.Advance(time.Nanosecond)
		})
	}
}

func TestAuthenticationRefusesAnotherBodyThanTheSignedOne(t *testing.T) {
	m, _ := mocktest.NewMock(t)
	in := m.Seed(mock.Instance{})
	body := `{"instanceId":"` + in.ID + `","instanceType":"z2a.cpu.8"}`
	signed := mocktest.Request(m, mocktest.Message{Action: "ModifyInstanceType", Body: body})
	sent := httptest.NewRequest("POST", mock.Path, strings.NewReader(body+" "))
	sent.Header = signed.Header
	w := httptest.NewRecorder()
	m.ServeHTTP(w, sent)
	mocktest.RefusedWith(t, mocktest.ReadWhole(t, w), 401, "AUTHFAILURE_SIGNATURE_FAILURE")
}

func TestAMockWithoutATokenAcceptsNone(t *testing.T) {
	m := mock.New(mock.Options{Credentials: mock.Credentials{KeyID: "k", Password: "p"}})
	mocktest.RefusedWith(t, mocktest.Send(t, m, mocktest.Message{Bearer: "mock-token"}), 401, "AUTHFAILURE_UNAUTHORIZED_OPERATION")
	m = mock.New(mock.Options{Credentials: mock.Credentials{Token: "t"}})
	mocktest.RefusedWith(t, mocktest.Send(t, m, mocktest.Message{KeyID: "k"}), 401, "AUTHFAILURE_UNAUTHORIZED_OPERATION")
}
