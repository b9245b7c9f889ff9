package judge_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/zec-tools/conformance/internal/judge"
	"github.com/zec-tools/conformance/internal/secret"
	"github.com/zec-tools/conformance/internal/wire"
)

// TestRecordedCredentialsAreFoundInAnswers has answers repeat what requests were authorized by.
func TestRecordedCredentialsAreFoundInAnswers(t *testing.T) {
	signature := strings.Repeat("ab", 32)
	for name, c := range map[string]struct{ header, value, answer, shown string }{
		"a token":        {"Authorization", "Bearer other-token", "no other-token here", "no [redacted] here"},
		"in base64":      {"Authorization", "Bearer other-token", "b3RoZXItdG9rZW4=", "[redacted]"},
		"a password":     {"Authorization", "Basic dXNlcjpodW50ZXIy", "user hunter2", "user [redacted]"},
		"as it was sent": {"Proxy-Authorization", "Basic dXNlcjpodW50ZXIy", "got dXNlcjpodW50ZXIy", "[redacted]"},
		"a signature":    {"Authorization", "ZC2-HMAC-SHA256 Credential=the-key, SignedHeaders=host, Signature=" + signature, signature, "[redacted]"},
		"the key id":     {"Authorization", "ZC2-HMAC-SHA256 Credential=the-key, SignedHeaders=host, Signature=" + signature, "the-key", "the-key"},
		"another header": {"X-Api-Key", "0123456789abcdef", "no 0123456789abcdef", "no [redacted]"},
		"a word":         {"X-Token-Type", "STOPPED", "STOPPED", "STOPPED"},
		"a cookie":       {"Cookie", "a=b; session=0123456789abcdef", "0123456789abcdef b", "[redacted] b"},
		"no credential":  {"X-Note", "0123456789abcdef", "0123456789abcdef", "0123456789abcdef"},
	} {
		t.Run(name, func(t *testing.T) {
			filter := secret.NewFilter()
			x := wire.Exchange{Sent: wire.Sent{Header: http.Header{c.header: {c.value}}}}
			judge.NewCredentials(filter).Add(x)
			shown := filter.String(c.answer)
			if c.shown == "[redacted]" {
				assert.Contains(t, shown, c.shown)
				assert.NotContains(t, shown, c.answer)
				return
			}
			assert.Equal(t, c.shown, shown)
		})
	}
}

func TestACookieThatIsSetIsFoundInLaterAnswers(t *testing.T) {
	filter := secret.NewFilter()
	recorded := judge.NewCredentials(filter)
	recorded.Add(wire.Exchange{Received: &wire.Received{Header: http.Header{"Set-Cookie": {"s=0123456789abcdef; Path=/"}}}})
	assert.Equal(t, "[redacted]", filter.String("0123456789abcdef"))
}

// TestManyCredentialsTakeBoundedMemory has another token and another cookie in every request, some of
// them long. The first ones are still removed, and signatures always are.
func TestManyCredentialsTakeBoundedMemory(t *testing.T) {
	filter := secret.NewFilter()
	recorded := judge.NewCredentials(filter)
	send := func(name, value string) {
		recorded.Add(wire.Exchange{Sent: wire.Sent{Header: http.Header{name: {value}}}})
	}
	send("Authorization", "Bearer the-first-token")
	send("Authorization", "Bearer "+strings.Repeat("too-long", 2<<10))
	for i := range 500 {
		send("Cookie", fmt.Sprintf("a=another-cookie-%06d", i))
		send("Authorization", fmt.Sprintf("Bearer another-token-%06d", i))
	}
	signature := strings.Repeat("cd", 32)
	send("Authorization", "ZC2-HMAC-SHA256 Credential=k, SignedHeaders=host, Signature="+signature)
	text := "the-first-token another-token-000000 another-cookie-000000 " + signature
	assert.Equal(t, strings.TrimSpace(strings.Repeat("[redacted] ", 4)), filter.String(text))
	assert.Equal(t, "another-token-000499 another-cookie-000499", filter.String("another-token-000499 another-cookie-000499"), "it has to end somewhere")
}

func TestHeadersShowNoCredentialsAndNoQueries(t *testing.T) {
	for _, c := range []struct{ name, value, shown string }{
		{"Authorization", "Bearer t0ken", "Bearer [redacted]"},
		{"Ocp-Apim-Subscription-Key", "k", "[redacted]"},
		{"X-Goog-Iap-Jwt-Assertion", "j", "[redacted]"},
		{"X-Auth", "a", "[redacted]"},
		{"Authentication-Info", "i", "[redacted]"},
		{"X-Csrf", "c", "[redacted]"},
		{":authority", "api.example.com", "api.example.com"},
		{"X-ZC-Signature-Method", "ZC2-HMAC-SHA256", "ZC2-HMAC-SHA256"},
		{"Location", "https://api.example.com/a?token=t#f", "https://api.example.com/a?[redacted]"},
		{"Location", "/a?token=t", "/a?[redacted]"},
		{"Referer", "https://me:pw@example.com/a", "https://[redacted]@example.com/a"},
		{"Link", `<https://example.com/b?t=1>; rel="next", </c?t=2>; rel="last"`, `<https://example.com/b?[redacted]>; rel="next", </c?[redacted]>; rel="last"`},
		{"Refresh", "0;url=https://example.com/b?t=1", "0;url=https://example.com/b?[redacted]"},
		{"Location", "https://example.com?t=1", "https://example.com?[redacted]"},
		{"User-Agent", "agent/1.0 (a@b.example)", "agent/1.0 (a@b.example)"},
		{"Content-Type", "application/json; charset=utf-8", "application/json; charset=utf-8"},
	} {
		x := judge.WithoutCredentials(wire.Exchange{
			Sent:     wire.Sent{Header: http.Header{c.name: {c.value}}},
			Received: &wire.Received{Header: http.Header{c.name: {c.value}}},
		})
		assert.Equal(t, []string{c.shown}, x.Sent.Header[c.name], c.name)
		assert.Equal(t, []string{c.shown}, x.Received.Header[c.name], c.name)
	}
}
