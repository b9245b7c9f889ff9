package judge

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/secret"
	"github.com/zec-tools/conformance/internal/wire"
)

// credentialWords are parts of names of headers that carry a credential.
var credentialWords = []string{"authorization", "cookie", "token", "secret", "passw", "apikey", "api-key", "credential", "session"}

// credential reports whether a header with this name carries a credential.
func credential(name string) bool {
	name = strings.ToLower(name)
	return strings.HasSuffix(name, "signature") || slices.ContainsFunc(credentialWords, func(word string) bool { return strings.Contains(name, word) })
}

// WithoutCredentials returns an exchange in a form that may be stored. It hides the values of all
// headers that look like credentials, whoever they belong to, and removes the query string.
func WithoutCredentials(x wire.Exchange) wire.Exchange {
	x.Sent.Header = withoutCredentials(x.Sent.Header)
	if at, err := url.Parse(x.Sent.URL); err != nil {
		x.Sent.URL = secret.Redacted
	} else if at.RawQuery != "" || at.User != nil || at.Fragment != "" {
		query := at.RawQuery != ""
		at.RawQuery, at.User, at.Fragment, at.RawFragment = "", nil, "", ""
		x.Sent.URL = at.String()
		if query {
			x.Sent.URL += "?" + secret.Redacted
		}
	}
	if x.Received != nil {
		received := *x.Received
		received.Header = withoutCredentials(received.Header)
		x.Received = &received
	}
	return x
}

func withoutCredentials(h http.Header) http.Header {
	out := make(http.Header, len(h))
	for name, values := range h {
		out[name] = values
		if !credential(name) {
			continue
		}
		out[name] = make([]string, len(values))
		for i, value := range values {
			scheme, _, parts := strings.Cut(value, " ")
			out[name][i] = secret.Redacted
			if parts && strings.EqualFold(name, "Authorization") && known[scheme] {
				out[name][i] = scheme + " " + secret.Redacted
			}
		}
	}
	return out
}

// known are the Authorization schemes whose name may be shown.
var known = map[string]bool{"ZC2-HMAC-SHA256": true, "Bearer": true, "Basic": true, "Digest": true}
