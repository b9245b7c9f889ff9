package defects

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/sign"
)

// signatureDefects are mistakes in ZC2-HMAC-SHA256.
func signatureDefects() []Defect {
	return append(refusedSignatures(), []Defect{
		{"signature-unchecked", "E-SIGNATURE", "The signature is not compared.",
			covered("E-SIGNATURE"), unchecked(func(*mock.Call, sign.Credential) bool { return true })},
		{"signature-tail-uncompared", "E-SIGNATURE", "Only the first half of a signature is compared.",
			[]string{"S-SIGN-HEADERS"}, // neither is the tail of one over further headers
			authenticating(func(known mock.Credentials, c *mock.Call, r mock.Refusal) mock.Refusal {
				s, err := sign.Parse(authorization(c))
				if r.Code != mock.SignatureFailure.Code || err != nil || !strings.HasPrefix(s.Signature, expected(known, c, s)[:32]) {
					return r
				}
				return unless(within(c, -mock.ToleranceSeconds, mock.ToleranceSeconds), mock.SignatureExpired)
			})},
		{"signature-failure-403", "E-SIGNATURE", "A signature that does not match is refused with the right code under 403.",
			append(covered("E-SIGNATURE"), "R-FAILURE-PAIR"), // no document knows the pair
			refusing(mock.SignatureFailure, func(*mock.Call) mock.Refusal { return mock.SignatureFailure.Under(http.StatusForbidden) })},
		{"signature-failure-as-authorization", "E-SIGNATURE", "A signature that does not match is refused as an Authorization that follows no standard.",
			covered("E-SIGNATURE"), refusing(mock.SignatureFailure, func(*mock.Call) mock.Refusal { return mock.InvalidAuthorization })},
		{"signature-failure-as-unauthorized", "E-SIGNATURE", "A signature that does not match is refused as a caller without the right.",
			covered("E-SIGNATURE"), refusing(mock.SignatureFailure, func(*mock.Call) mock.Refusal { return mock.UnauthorizedOperation })},
		{"signature-failure-500", "E-SIGNATURE", "A signature that does not match brings about an internal error.",
			covered("E-SIGNATURE"), refusing(mock.SignatureFailure, func(*mock.Call) mock.Refusal { return mock.InternalError })},
		{"signature-failure-code-misspelt", "E-SIGNATURE", "The code for a signature that does not match is AUTHFAILURE_SIGNATURE_FAILED.",
			append(covered("E-SIGNATURE"), "R-FAILURE-PAIR"), // no document knows the pair
			refusing(mock.SignatureFailure, func(*mock.Call) mock.Refusal { return mock.SignatureFailure.Coded("AUTHFAILURE_SIGNATURE_FAILED") })},

		{"resize-signature-unchecked", "E-SIGNATURE", "The signature of a resize is not compared.",
			covered("E-SIGNATURE"), unchecked(func(c *mock.Call, _ sign.Credential) bool { return c.Action() == mock.ModifyType })},
		{"read-signature-unchecked", "E-SIGNATURE", "The signature of a read is not compared.",
			covered("E-SIGNATURE"), unchecked(func(c *mock.Call, _ sign.Credential) bool { return c.Action() != mock.ModifyType })},
		{"signature-unchecked-with-body", "S-SIGN-BODY", "The signature is not compared when there is a body, since a gateway may have rewritten it.",
			covered("S-SIGN-BODY"), // nothing but the signature covers the others
			unchecked(func(c *mock.Call, _ sign.Credential) bool { return len(c.Body) > 0 })},
		{"signature-unchecked-when-plain", "S-SIGN-PASSWORD", "The signature is not compared unless more than content-type and host are signed.",
			covered("S-SIGN-PASSWORD"), // nothing but the signature covers the others
			unchecked(func(_ *mock.Call, s sign.Credential) bool { return len(s.SignedHeaders) == 2 })},
		{"further-headers-unchecked", "S-SIGN-HEADERS", "The signature is not compared when more than content-type and host are signed.",
			covered("S-SIGN-HEADERS"), // nothing but the signature covers the others
			unchecked(func(_ *mock.Call, s sign.Credential) bool { return len(s.SignedHeaders) > 2 })},
		{"content-type-not-covered", "S-SIGN-HEADERS", "The signature is checked over application/json, whatever the Content-Type says.",
			[]string{"E-SIGNATURE"}, // it does not match what was sent
			tolerating(func(c *mock.Call, verify func(*mock.Call) bool) bool {
				return verify(with(c, "Content-Type", "application/json"))
			})},
		{"further-header-not-covered", "S-SIGN-HEADERS", "The signature is checked over a fixed X-ZC-Sdk-Version, whatever the header says.",
			nil, tolerating(func(c *mock.Call, verify func(*mock.Call) bool) bool {
				return c.Request.Header.Get(sdkVersion) != "" && verify(with(c, sdkVersion, "0.2.0"))
			})},
		{"host-not-covered", "S-SIGN-HEADERS", "The signature may be of a name that is reserved for no host.",
			nil, tolerating(func(c *mock.Call, verify func(*mock.Call) bool) bool {
				other := copied(c)
				other.Request.Host = "host.invalid"
				return verify(other)
			})},
		{"signature-empty-taken", "E-SIGNATURE", "A signature that is the empty text is not compared.",
			nil, authenticating(func(_ mock.Credentials, c *mock.Call, r mock.Refusal) mock.Refusal {
				return unless(strings.HasSuffix(authorization(c), "Signature="), r)
			})},
		{"password-unchecked-without-parameters", "S-SIGN-PASSWORD", "A read without parameters is served whatever its signature.",
			[]string{"E-SIGNATURE"}, // it does not match what was sent
			unchecked(func(c *mock.Call, _ sign.Credential) bool { return string(c.Body) == "{}" })},
		{"signature-of-no-body-taken", "S-SIGN-BODY", "The signature may be of an empty body, whatever is sent.",
			[]string{"E-SIGNATURE"}, // it does not match what was sent
			ofAnotherBody(func([]byte) []byte { return nil })},
		{"spaces-not-covered", "S-SIGN-BODY", "The signature is checked over the body as a library writes it, too.",
			[]string{"E-SIGNATURE"}, // it does not match what was sent
			ofAnotherBody(func(body []byte) []byte {
				var out bytes.Buffer
				_ = json.Compact(&out, body)
				return out.Bytes()
			})},
		{"action-not-covered", "S-SIGN-HEADERS", "The signature may be of another action, where X-ZC-Action is signed.",
			[]string{"E-SIGNATURE"}, // it does not match what was sent
			unchecked(func(_ *mock.Call, s sign.Credential) bool { return slices.Contains(s.SignedHeaders, "x-zc-action") })},
		{"next-second-not-covered", "S-SIGN-TIMESTAMP", "The signature may be of a second that is five away from the timestamp at most.",
			[]string{"E-SIGNATURE"}, // it does not match what was sent
			offBy(5)},
		{"timestamp-not-covered", "S-SIGN-TIMESTAMP", "The signature may be of another second than the timestamp says.",
			[]string{"E-SIGNATURE"}, // it does not match what was sent
			offBy(2 * mock.ToleranceSeconds)},
	}...)
}

// ofAnotherBody accepts a signature for a body other than the one sent.
func ofAnotherBody(signed func(body []byte) []byte) injection {
	return tolerating(func(c *mock.Call, verify func(*mock.Call) bool) bool {
		other := copied(c)
		other.Body = signed(c.Body)
		return verify(other)
	})
}

// sdkVersion is a header of the SDKs (K).
const sdkVersion = "X-ZC-Sdk-Version"

// offBy accepts calls whose signature is for a timestamp at most that many seconds away.
func offBy(most int64) injection {
	return tolerating(func(c *mock.Call, verify func(*mock.Call) bool) bool {
		sent, err := strconv.ParseInt(c.Request.Header.Get("X-ZC-Timestamp"), 10, 64)
		for off := int64(0); err == nil && off <= most; off++ {
			for _, second := range []int64{sent - off, sent + off} {
				if verify(with(c, "X-ZC-Timestamp", strconv.FormatInt(second, 10))) {
					return true
				}
			}
		}
		return false
	})
}

// refusedSignatures are defects that refuse correct signatures.
func refusedSignatures() []Defect {
	return []Defect{
		{"query-in-signature", "S-AUTH-HMAC", "The signature is checked over the query of the URL.",
			nil, refusingSigned(func(c *mock.Call, _ sign.Credential) bool { return c.Request.URL.RawQuery != "" })},
		{"leading-zero-refused", "S-AUTH-HMAC", "The expected signature is written without its leading zero.",
			[]string{ // one signed request in sixteen is refused, whatever it was sent for
				"E-ACTION-UNKNOWN", "E-EXPIRED", "K-HEADER-CASE", "K-HEADER-SDK", "R-BODY-MALFORMED", "R-MEDIA-REQUEST",
				"S-ACTION-DISPATCH", "S-AUTH-SIGNED-HEADERS", "S-AUTH-WINDOW", "S-MEDIA-CHARSET",
			},
			refusingSigned(func(_ *mock.Call, s sign.Credential) bool { return strings.HasPrefix(s.Signature, "0") })},
		{"non-ascii-body-refused", "S-AUTH-HMAC", "The body is hashed in Latin-1, so that a signature over other characters does not match.",
			nil, refusingSigned(func(c *mock.Call, _ sign.Credential) bool {
				return utf8.Valid(c.Body) && len([]rune(string(c.Body))) < len(c.Body)
			})},
		{"empty-body-signature-refused", "S-AUTH-HMAC", "An empty body is hashed as {}, so that its signature does not match.",
			[]string{"C-OPTIONAL-EMPTY", "C-STATUS-OPTIONAL", "C-INSTANCES-OPTIONAL", "M-BODY"}, // they state the answer to an empty body
			refusingSigned(func(c *mock.Call, _ sign.Credential) bool { return len(c.Body) == 0 })},
		{"further-signed-headers-refused", "S-AUTH-SIGNED-HEADERS", "The signature is checked over content-type and host, whatever SignedHeaders says.",
			nil, refusingSigned(func(_ *mock.Call, s sign.Credential) bool { return len(s.SignedHeaders) > 2 })},
		{"further-signed-headers-invalid", "S-AUTH-SIGNED-HEADERS", "An Authorization is refused when it signs more than content-type and host.",
			nil, authenticating(func(_ mock.Credentials, c *mock.Call, r mock.Refusal) mock.Refusal {
				if s, err := sign.Parse(authorization(c)); !r.Refused() && err == nil && len(s.SignedHeaders) > 2 {
					return mock.InvalidAuthorization
				}
				return r
			})},
		{"signed-headers-unsorted", "S-AUTH-SIGNED-HEADERS", "Signed headers are put in another order than theirs when one comes before content-type.",
			nil, refusingSigned(func(_ *mock.Call, s sign.Credential) bool { return slices.Index(s.SignedHeaders, "content-type") > 0 })},
	}
}

// expected returns the correct signature of a call.
func expected(known mock.Credentials, c *mock.Call, s sign.Credential) string {
	return expectedIn(func(value string) string { return value }, known, c, s)
}

// expectedIn returns the correct signature for a form of the header values in the canonical
// request.
func expectedIn(form func(value string) string, known mock.Credentials, c *mock.Call, s sign.Credential) string {
	seconds, _ := strconv.ParseInt(c.Request.Header.Get("X-ZC-Timestamp"), 10, 64)
	var headers []sign.Header
	for _, name := range s.SignedHeaders {
		headers = append(headers, sign.Header{Name: name, Value: form(c.Header(name))})
	}
	value := sign.Authorization(known.KeyID, known.Password, c.Request.Method, seconds, headers, c.Body)
	return value[strings.LastIndex(value, "=")+1:]
}

// covered returns the clauses that are also affected if a signature is not compared, or is wrongly
// refused: whatever the signature covers is then not protected, or not refused as it should be.
func covered(broken string) []string {
	all := []string{"S-SIGN-BODY", "S-SIGN-HEADERS", "S-SIGN-PASSWORD", "S-SIGN-TIMESTAMP", "E-SIGNATURE"}
	return slices.DeleteFunc(all, func(id string) bool { return id == broken })
}

// unchecked accepts calls whose signature does not match, if their time is valid.
func unchecked(when func(c *mock.Call, s sign.Credential) bool) injection {
	return refusing(mock.SignatureFailure, func(c *mock.Call) mock.Refusal {
		if s, err := sign.Parse(authorization(c)); err != nil || !when(c, s) {
			return mock.SignatureFailure
		}
		return unless(within(c, -mock.ToleranceSeconds, mock.ToleranceSeconds), mock.SignatureExpired)
	})
}

// tolerating accepts calls whose signature would match if something about them were different.
func tolerating(fits func(c *mock.Call, verify func(*mock.Call) bool) bool) injection {
	return func(m *mock.Mock) {
		next := m.Behaviour.Authenticate
		m.Behaviour.Authenticate = func(known mock.Credentials, c *mock.Call) mock.Refusal {
			r := next(known, c)
			if r.Code == mock.SignatureFailure.Code && fits(c, func(c *mock.Call) bool { return !next(known, c).Refused() }) {
				return mock.Refusal{}
			}
			return r
		}
	}
}

// refusingSigned refuses some correctly signed calls.
func refusingSigned(when func(c *mock.Call, s sign.Credential) bool) injection {
	return authenticating(func(_ mock.Credentials, c *mock.Call, r mock.Refusal) mock.Refusal {
		s, err := sign.Parse(authorization(c))
		if !r.Refused() && err == nil && when(c, s) {
			return mock.SignatureFailure
		}
		return r
	})
}
