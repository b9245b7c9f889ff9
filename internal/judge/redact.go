package judge

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/secret"
	"github.com/zec-tools/conformance/internal/wire"
)

// credentialWords are parts of names of headers that carry a credential, and credentialEnds their
// last parts.
var (
	credentialWords = []string{
		"authorization", "authentication", "cookie", "token", "secret", "pass", "apikey", "api-key", "credential", "session", "jwt", "assertion", "csrf", "xsrf",
	}
	credentialEnds = []string{"signature", "key", "hmac", "x-auth"}
)

// credential reports whether a header with this name carries a credential.
func credential(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc(credentialEnds, func(end string) bool { return strings.HasSuffix(name, end) }) ||
		slices.ContainsFunc(credentialWords, func(word string) bool { return strings.Contains(name, word) })
}

// WithoutCredentials returns an exchange in a form that may be stored. It hides the values of all
// headers that look like credentials, whoever they belong to, and removes query strings.
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
		shown := withoutAddresses
		if credential(name) {
			shown = func(value string) string { return schemeAlone(name, value) }
		}
		out[name] = make([]string, len(values))
		for i, value := range values {
			out[name][i] = shown(value)
		}
	}
	return out
}

// schemeAlone returns what may be shown of a credential.
func schemeAlone(name, value string) string {
	scheme, _, parts := strings.Cut(value, " ")
	if parts && strings.EqualFold(name, "Authorization") && known[scheme] {
		return scheme + " " + secret.Redacted
	}
	return secret.Redacted
}

// An address in a header, such as Location, Referer or Link, with a user and what follows its path.
var (
	userOf  = regexp.MustCompile(`(//)[^/?#@\s]+@`)
	queryOf = regexp.MustCompile(`((?:^|//|[=<"\s])[^?#<>"\s=]*/[^?#<>"\s]*)[?#][^<>"\s]+`)
)

// withoutAddresses removes users and query strings from the addresses in a header.
func withoutAddresses(value string) string {
	if !strings.Contains(value, "/") || !strings.ContainsAny(value, "?#@") {
		return value
	}
	return queryOf.ReplaceAllString(userOf.ReplaceAllString(value, "$1"+secret.Redacted+"@"), "$1?"+secret.Redacted)
}

// known are the Authorization schemes whose name may be shown.
var known = map[string]bool{"ZC2-HMAC-SHA256": true, "Bearer": true, "Basic": true, "Digest": true}
