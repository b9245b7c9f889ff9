package client

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/secret"
	"github.com/zec-tools/conformance/internal/wire"
)

// leaks returns the forms of the canaries, and of the signature sent, in a text.
func leaks(text, signature string) []string {
	var found []string
	forms := map[string]string{"signature": signature, "signature in upper case": strings.ToUpper(signature)}
	for name, s := range map[string]string{"password": testPassword, "token": testToken} {
		quoted, _ := json.Marshal(s)
		twice, _ := json.Marshal(string(quoted))
		forms[name] = s
		forms[name+" in JSON"] = strings.Trim(string(quoted), `"`)
		forms[name+" in JSON in JSON"] = strings.Trim(strings.TrimSuffix(string(twice), `\""`), `"\`)
		forms[name+" in base64"] = base64.RawStdEncoding.EncodeToString([]byte(s))
		forms[name+" in base64url"] = base64.RawURLEncoding.EncodeToString([]byte(s))
		forms[name+" in hex"] = hex.EncodeToString([]byte(s))
		forms[name+" in a URL"] = url.QueryEscape(s)
	}
	for name, form := range forms {
		if form != "" && strings.Contains(text, form) {
			found = append(found, name)
		}
	}
	return found
}

func TestAnEndpointThatEchoesSecretsIsSilenced(t *testing.T) {
	var signature string
	echo := func(w http.ResponseWriter, r *http.Request) {
		authorization := r.Header.Get("Authorization")
		_, signature, _ = strings.Cut(authorization, "Signature=")
		w.Header().Set("X-Echo", authorization)
		w.Header().Set("X-Password", base64.StdEncoding.EncodeToString([]byte(testKey+":"+testPassword)))
		quoted, err := json.Marshal(map[string]string{"a": authorization, "p": testPassword, "t": testToken, "u": strings.ToUpper(signature)})
		assert.NoError(t, err)
		_, _ = w.Write(quoted)
		_, _ = fmt.Fprintf(w, "%s %q %s %s %x", testPassword, testPassword, url.QueryEscape(testPassword), testToken, testPassword)
		_, _ = io.Copy(w, r.Body)
	}
	redirect := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", "https://evil.test/?p="+url.QueryEscape(testPassword)+"&s="+r.Header.Get("Authorization"))
		w.WriteHeader(302)
	}
	requests := map[string]wire.Request{
		"signed":            {Operation: readStatus},
		"bearer":            {Operation: readStatus, Auth: wire.Auth{Scheme: wire.SchemeBearer}},
		"raw":               {Operation: readStatus, Auth: wire.Auth{Scheme: wire.SchemeRaw, Raw: "Bearer " + testToken}},
		"tampered":          {Operation: readStatus, Auth: wire.Auth{Tamper: wire.TamperSignature}},
		"in the own body":   {Operation: readStatus, Body: []byte(`{"p":"` + testToken + `"}`)},
		"in the own header": {Operation: readStatus, Header: map[string]string{"X-Own": testToken}},
		"in the action":     {Operation: wire.Operation{Path: "/" + testToken, Action: "A", Version: "1"}},
	}
	for name, req := range requests {
		for kind, handler := range map[string]http.HandlerFunc{"echo": echo, "redirect": redirect} {
			t.Run(name+" "+kind, func(t *testing.T) {
				signature = ""
				c := newClient(t, serve(t, handler))
				e := c.Redact(one(t, c, req))
				text := marshal(t, e) + fmt.Sprintf("%+v", e)
				assert.Empty(t, leaks(text, signature), text)
				assert.Contains(t, text, secret.Redacted)
			})
		}
	}
}

// TestAnAnswerIsReturnedAsItCame shows what judging and restoring read: a password that
// is also a word of the answer changes nothing of it, until it is kept or shown.
func TestAnAnswerIsReturnedAsItCame(t *testing.T) {
	body := `{"status":"` + testToken + `"}`
	c := newClient(t, serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }))
	e := one(t, c, wire.Request{Operation: readStatus})
	assert.Equal(t, body, string(e.Received.Body))
	assert.Equal(t, `{"status":"[redacted]"}`, string(c.Redact(e).Received.Body))
	assert.Equal(t, body, string(e.Received.Body), "the exchange given stays as it was")
}

func TestErrorsThatQuoteTheServerAreSilenced(t *testing.T) {
	answers := map[string]string{
		"no HTTP":         testPassword + "\r\n\r\n",
		"a status line":   "HTTP/1.1 " + testToken + "\r\n\r\n",
		"a broken header": "HTTP/1.1 200 OK\r\n" + testToken + "\r\n\r\n",
		"a length":        "HTTP/1.1 200 OK\r\nContent-Length: " + testToken + "\r\n\r\n",
		"a framing":       "HTTP/1.1 200 OK\r\nTransfer-Encoding: " + testToken + "\r\n\r\n",
		"a coding":        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Encoding: " + testToken + "\r\n\r\nx",
		"a long line":     "HTTP/1.1 " + strings.Repeat("x", maxDetail-60) + testToken + "\r\n\r\n",
	}
	for name, answer := range answers {
		t.Run(name, func(t *testing.T) {
			e := one(t, newClient(t, serveRaw(t, sends("%s", answer)), noRetry), wire.Request{Operation: readStatus})
			assert.NotEmpty(t, e.Cause)
			assert.Empty(t, leaks(marshal(t, e), ""), e.Detail)
			assert.LessOrEqual(t, len(e.Detail), maxDetail+len("…"))
		})
	}
}

func TestErrorsOfTheClientShowNoSecret(t *testing.T) {
	u, err := url.Parse("https://user:" + testToken + "@api.example.test/" + "x")
	require.NoError(t, err)
	_, err = New(Options{Endpoint: u})
	require.Error(t, err)
	assert.Empty(t, leaks(err.Error(), ""))

	c := newClient(t, "https://api.example.test", func(o *Options) {
		o.Dial = func(context.Context, string, string) (net.Conn, error) {
			return nil, fmt.Errorf("proxy said %s and %s", testPassword, testToken)
		}
	}, noRetry)
	assert.Empty(t, leaks(marshal(t, one(t, c, wire.Request{Operation: readStatus})), ""))
	assert.Empty(t, leaks(fmt.Sprintf("%+v %#v", c.options, c.options.Credentials), ""))
}

// TestTheRecordSaysWhetherACredentialIsRight shows what stands in the place of the end of
// an Authorization: nobody can tell from the record whether that end was the right one.
func TestTheRecordSaysWhetherACredentialIsRight(t *testing.T) {
	for name, row := range map[string]struct {
		auth wire.Auth
		want string
	}{
		"signed":                         {wire.Auth{}, "Signature=" + secret.Redacted},
		"under an unknown key":           {wire.Auth{UnknownKey: true, Tamper: wire.TamperNoPassword}, "Signature=" + secret.Redacted},
		"signed for another body":        {wire.Auth{Tamper: wire.TamperBody}, "Signature=" + secret.RedactedMisfit},
		"signed with half the signature": {wire.Auth{Tamper: wire.TamperCut}, "Signature=" + secret.RedactedMalformed},
		"the token":                      {wire.Auth{Scheme: wire.SchemeBearer}, "Bearer " + secret.Redacted},
		"half of the token":              {wire.Auth{Scheme: wire.SchemeBearer, Tamper: wire.TamperCut}, "Bearer " + secret.RedactedMalformed},
		"another character in the token": {wire.Auth{Scheme: wire.SchemeBearer, Tamper: wire.TamperSignature}, "Bearer " + secret.RedactedMisfit},
		"signed with an empty signature": {wire.Auth{Tamper: wire.TamperEmpty}, "Signature="},
		"signed for no body":             {wire.Auth{Tamper: wire.TamperNoBody}, "Signature=" + secret.RedactedMisfit},
		"signed for another action":      {wire.Auth{SignAlso: []string{"x-zc-action"}, Tamper: wire.TamperAction}, "Signature=" + secret.RedactedMisfit},
		"the token and more":             {wire.Auth{Scheme: wire.SchemeBearer, Tamper: wire.TamperMore}, "Bearer " + secret.RedactedMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, serve(t, func(http.ResponseWriter, *http.Request) {}))
			sent := c.Redact(one(t, c, wire.Request{Operation: readStatus, Auth: row.auth})).Sent.Header.Get("Authorization")
			assert.True(t, strings.HasSuffix(sent, row.want), sent)
		})
	}
}
