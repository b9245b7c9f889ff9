package defects

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/sign"
)

// credentialDefects are mistakes in comparing tokens, keys, signatures and times: they accept wrong
// values that look similar, or refuse correct values that look different.
func credentialDefects() []Defect {
	const day, hours, digits = 24 * 3600, 8 * 3600, 64
	return []Defect{
		{"token-extended-accepted", "K-AUTH-TOKEN", "A bearer token is served that begins as the right one.",
			nil, readingAs(func(known mock.Credentials, c *mock.Call) string {
				if token, bearer := strings.CutPrefix(authorization(c), mock.BearerPrefix); bearer && strings.HasPrefix(token, known.Token) {
					return mock.BearerPrefix + known.Token
				}
				return authorization(c)
			})},
		{"token-cut-accepted", "K-AUTH-TOKEN", "A bearer token is compared as far as it goes.",
			nil, readingAs(func(known mock.Credentials, c *mock.Call) string {
				if token, bearer := strings.CutPrefix(authorization(c), mock.BearerPrefix); bearer && token != "" && strings.HasPrefix(known.Token, token) {
					return mock.BearerPrefix + known.Token
				}
				return authorization(c)
			})},
		{"token-compared-by-its-ends", "K-AUTH-TOKEN", "Of a bearer token the length and both ends are compared.",
			nil, readingAs(func(known mock.Credentials, c *mock.Call) string {
				token, bearer := strings.CutPrefix(authorization(c), mock.BearerPrefix)
				if bearer && len(token) == len(known.Token) && token[:2] == known.Token[:2] && token[len(token)-2:] == known.Token[len(token)-2:] {
					return mock.BearerPrefix + known.Token
				}
				return authorization(c)
			})},
		{"bearer-refused-for-resize", "K-AUTH-BEARER", "A resize is refused with a bearer token.",
			nil, authenticating(func(_ mock.Credentials, c *mock.Call, r mock.Refusal) mock.Refusal {
				if strings.HasPrefix(authorization(c), mock.BearerPrefix) && c.Action() == mock.ModifyType {
					return mock.UnauthorizedOperation
				}
				return r
			})},
		{"bearer-refused-for-start", "K-AUTH-BEARER", "StartInstances is refused with a bearer token.",
			nil, authenticating(func(_ mock.Credentials, c *mock.Call, r mock.Refusal) mock.Refusal {
				if strings.HasPrefix(authorization(c), mock.BearerPrefix) && c.Action() == mock.StartName {
					return mock.InvalidAuthorization
				}
				return r
			})},
		{"unknown-key-empty-password", "S-AUTH-KEY", "A key that is not known has no password, so that a signature made with an empty one fits.",
			nil, authenticating(func(known mock.Credentials, c *mock.Call, r mock.Refusal) mock.Refusal {
				s, err := sign.Parse(authorization(c))
				asSent := func(value string) string { return value }
				if r.Refused() && err == nil && s.KeyID != known.KeyID && mock.Same(s.Signature, expectedIn(asSent, mock.Credentials{KeyID: s.KeyID}, c, s)) {
					return mock.Refusal{}
				}
				return r
			})},
		{"key-extended-accepted", "S-AUTH-KEY", "A key is known when it begins as one that is.",
			nil, readingAs(func(known mock.Credentials, c *mock.Call) string {
				before, rest, _ := strings.Cut(authorization(c), "Credential="+known.KeyID)
				if _, after, found := strings.Cut(rest, ","); found {
					return before + "Credential=" + known.KeyID + "," + after
				}
				return authorization(c)
			})},
		{"scheme-unchecked", "E-AUTHORIZATION", "The name of the scheme before a signature is not looked at.",
			nil, readingAs(func(_ mock.Credentials, c *mock.Call) string {
				if _, rest, found := strings.Cut(authorization(c), " Credential="); found {
					return sign.Method + " Credential=" + rest
				}
				return authorization(c)
			})},

		{"timestamp-zero-taken", "E-EXPIRED", "A timestamp of 0 counts as none, and is not compared with the clock.",
			nil, authenticating(func(_ mock.Credentials, c *mock.Call, r mock.Refusal) mock.Refusal {
				return unless(r.Code == mock.SignatureExpired.Code && c.Request.Header.Get("X-ZC-Timestamp") == "0", r)
			})},

		{"signature-head-uncompared", "E-SIGNATURE", "Only the second half of a signature is compared.",
			nil, readingAs(func(known mock.Credentials, c *mock.Call) string {
				return completed(known, c, digits, func(sent, right string) bool { return len(sent) == digits && sent[digits/2:] == right[digits/2:] })
			})},
		{"signature-cut-accepted", "E-SIGNATURE", "A signature is compared as far as it goes.",
			nil, readingAs(func(known mock.Credentials, c *mock.Call) string {
				return completed(known, c, digits, func(sent, right string) bool { return strings.HasPrefix(right, sent) })
			})},
		{"signature-extended-accepted", "E-SIGNATURE", "What follows the digits of a signature is not looked at.",
			nil, readingAs(func(known mock.Credentials, c *mock.Call) string {
				return completed(known, c, digits, strings.HasPrefix)
			})},
		{"body-signed-compact", "S-AUTH-HMAC", "The body is hashed as it is written anew, so that the signature of one with blanks does not match.",
			nil, refusingSigned(func(c *mock.Call, _ sign.Credential) bool {
				var compact bytes.Buffer
				return json.Compact(&compact, c.Body) == nil && !bytes.Equal(compact.Bytes(), c.Body)
			})},

		{"time-of-another-zone-accepted", "E-EXPIRED", "A timestamp eight hours off is taken for one of another time zone.",
			nil, refusing(mock.SignatureExpired, func(c *mock.Call) mock.Refusal {
				return unless(within(c, hours-mock.ToleranceSeconds, hours+mock.ToleranceSeconds) || within(c, -hours-mock.ToleranceSeconds, -hours+mock.ToleranceSeconds), mock.SignatureExpired)
			})},
		{"summer-time-accepted", "E-EXPIRED", "A timestamp one hour off is taken for one of summer time.",
			nil, refusing(mock.SignatureExpired, func(c *mock.Call) mock.Refusal {
				const hour, off = 60 * 60, mock.ToleranceSeconds
				return unless(within(c, hour-off, hour+off) || within(c, -hour-off, -hour+off), mock.SignatureExpired)
			})},
		{"milliseconds-accepted", "E-EXPIRED", "A timestamp that is far ahead is taken to be in milliseconds, and right.",
			nil, refusing(mock.SignatureExpired, func(c *mock.Call) mock.Refusal { return unless(within(c, day*365*1000, 1<<50), mock.SignatureExpired) })},
		{"resize-window-one-minute", "S-AUTH-WINDOW", "A resize is refused when its timestamp is more than a minute off.",
			nil, authenticating(func(_ mock.Credentials, c *mock.Call, r mock.Refusal) mock.Refusal {
				if !r.Refused() && c.Action() == mock.ModifyType && strings.HasPrefix(authorization(c), sign.Method) && !within(c, -60, 60) {
					return mock.SignatureExpired
				}
				return r
			})},
		{"further-signed-headers-refused-for-resize", "S-AUTH-SIGNED-HEADERS", "The signature of a resize is checked over content-type and host alone.",
			nil, refusingSigned(func(c *mock.Call, s sign.Credential) bool {
				return c.Action() == mock.ModifyType && len(s.SignedHeaders) > 2
			})},
	}
}

// readingAs replaces the Authorization before it is checked.
func readingAs(change func(known mock.Credentials, c *mock.Call) string) injection {
	return func(m *mock.Mock) {
		next := m.Behaviour.Authenticate
		m.Behaviour.Authenticate = func(known mock.Credentials, c *mock.Call) mock.Refusal {
			return next(known, with(c, "Authorization", change(known, c)))
		}
	}
}

// completed returns an Authorization with the correct signature if enough of the sent signature is
// correct.
func completed(known mock.Credentials, c *mock.Call, digits int, enough func(sent, right string) bool) string {
	value := authorization(c)
	head, sent, found := strings.Cut(value, "Signature=")
	s, err := sign.Parse(head + "Signature=" + strings.Repeat("0", digits))
	if !found || err != nil || s.KeyID != known.KeyID {
		return value
	}
	if right := expected(known, c, s); enough(sent, right) {
		return head + "Signature=" + right
	}
	return value
}
