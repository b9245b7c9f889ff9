package mock

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/zec-tools/conformance/internal/sign"
)

func TestAuthenticationAcceptsWhatTheDocumentsAllow(t *testing.T) {
	m, _ := newMock(t)
	for name, msg := range map[string]message{
		"a signature":                                 {},
		"the media type with its charset":             {media: "application/json; charset=utf-8"},
		"a charset in upper case":                     {media: "application/json;charset=UTF-8"},
		"a further signed header":                     {also: []string{"X-ZC-Action-Note"}},
		"several further signed headers":              {also: []string{"A-First", "X-ZC-Sdk-Lang", "Z-Last"}},
		"the headers that the SDKs send":              {header: map[string]string{"X-ZC-Service": "zec", "X-ZC-Sdk-Version": "1", "X-ZC-Sdk-Lang": "Go", "X-ZC-Request-Client": "x"}},
		"a timestamp five minutes old":                {skew: -5 * time.Minute},
		"a timestamp five minutes ahead":              {skew: 5 * time.Minute},
		"a bearer token":                              {bearer: "mock-token"},
		"a bearer token without timestamp and method": {bearer: "mock-token", header: map[string]string{"X-ZC-Timestamp": "", "X-ZC-Signature-Method": ""}},
		"a bearer token with a timestamp of long ago": {bearer: "mock-token", header: map[string]string{"X-ZC-Timestamp": "1"}},
		"the later version":                           {header: map[string]string{"X-ZC-Version": "2025-09-01"}},
	} {
		t.Run(name, func(t *testing.T) {
			msg.action = "DescribeInstancesStatus"
			assert.Equal(t, 200, send(t, m, msg).status)
		})
	}
}

func TestAuthenticationAcceptsHeaderValuesSignedInLowerCase(t *testing.T) {
	m, _ := newMock(t)
	for _, signedValue := range []string{"Application/JSON", "application/json"} {
		r := request(m, message{action: "DescribeInstances"})
		r.Header.Set("Content-Type", "Application/JSON")
		r.Header.Set("Authorization", sign.Authorization("mock-key-id", "mock-key-password", "POST", m.clock().Unix(),
			[]sign.Header{{Name: "host", Value: r.Host}, {Name: "content-type", Value: signedValue}}, nil))
		w := httptest.NewRecorder()
		m.ServeHTTP(w, r)
		assert.Equal(t, 200, readWhole(t, w).status, "signed as %s", signedValue)
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
	m, clock := newMock(t)
	in := m.Seed(Instance{})
	for name, c := range map[string]struct {
		msg  message
		code string
	}{
		"no Authorization":                          {message{header: authorization("")}, invalid},
		"another scheme":                            {message{header: authorization("Basic eDp5")}, invalid},
		"a word":                                    {message{header: authorization("x")}, invalid},
		"a scheme with nothing after it":            {message{header: authorization(sign.Method)}, invalid},
		"a value without signature":                 {message{header: authorization(sign.Method + " Credential=a, SignedHeaders=content-type;host")}, invalid},
		"no timestamp":                              {message{header: map[string]string{"X-ZC-Timestamp": ""}}, invalid},
		"no signature method":                       {message{header: map[string]string{"X-ZC-Signature-Method": ""}}, invalid},
		"another signature method":                  {message{header: map[string]string{"X-ZC-Signature-Method": "TC3-HMAC-SHA256"}}, invalid},
		"an unknown key":                            {message{keyID: "nobody"}, unauthorized},
		"an unknown token":                          {message{bearer: "nobody"}, unauthorized},
		"a bearer without token":                    {message{bearer: " "}, invalid},
		"another password":                          {message{pass: "wrong"}, mismatch},
		"a timestamp other than the signed one":     {message{header: map[string]string{"X-ZC-Timestamp": "1711972801"}}, mismatch},
		"a timestamp of another time, not signed":   {message{header: map[string]string{"X-ZC-Timestamp": "1"}}, mismatch},
		"a timestamp that is no number":             {message{header: map[string]string{"X-ZC-Timestamp": "noon"}}, mismatch},
		"a media type other than the signed one":    {message{header: map[string]string{"Content-Type": "application/json; charset=utf-8"}}, mismatch},
		"a further signed header with another text": {message{also: []string{"X-Note"}, header: map[string]string{"X-Note": "y"}}, mismatch},
		"a further signed header that is not sent":  {message{also: []string{"X-Note"}, header: map[string]string{"X-Note": ""}}, mismatch},
		"a timestamp too old by a second":           {message{skew: -5*time.Minute - time.Second}, expired},
		"a timestamp too new by a second":           {message{skew: 5*time.Minute + time.Second}, expired},
	} {
		t.Run(name, func(t *testing.T) {
			c.msg.action = "ModifyInstanceType"
			c.msg.body = `{"instanceId":"` + in.ID + `","instanceType":"z2a.cpu.8"}`
			refusedWith(t, send(t, m, c.msg), 401, c.code)
			status, _ := seen(t, m, in.ID)
			assert.Equal(t, Stopped, status, "a refused call starts nothing")
			clock.advance(time.Nanosecond)
		})
	}
}

func TestAuthenticationRefusesAnotherBodyThanTheSignedOne(t *testing.T) {
	m, _ := newMock(t)
	in := m.Seed(Instance{})
	body := `{"instanceId":"` + in.ID + `","instanceType":"z2a.cpu.8"}`
	signed := request(m, message{action: "ModifyInstanceType", body: body})
	sent := httptest.NewRequest("POST", Path, strings.NewReader(body+" "))
	sent.Header = signed.Header
	w := httptest.NewRecorder()
	m.ServeHTTP(w, sent)
	refusedWith(t, readWhole(t, w), 401, "AUTHFAILURE_SIGNATURE_FAILURE")
}

func TestAMockWithoutATokenAcceptsNone(t *testing.T) {
	m := New(Options{Credentials: Credentials{KeyID: "k", Password: "p"}})
	refusedWith(t, send(t, m, message{bearer: "mock-token"}), 401, "AUTHFAILURE_UNAUTHORIZED_OPERATION")
	m = New(Options{Credentials: Credentials{Token: "t"}})
	refusedWith(t, send(t, m, message{keyID: "k"}), 401, "AUTHFAILURE_UNAUTHORIZED_OPERATION")
}
