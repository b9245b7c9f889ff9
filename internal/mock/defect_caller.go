package mock

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/zec-tools/conformance/internal/sign"
)

// callerDefects get wrong who may call: keys, tokens, times and the headers that tell.
func callerDefects() []Defect {
	return append(timeDefects(), []Defect{
		{"anonymous-accepted", "S-AUTH-REQUIRED", "A request without Authorization is served.",
			nil, instead(anonymous, refusal{})},
		{"anonymous-reads-accepted", "S-AUTH-REQUIRED", "DescribeInstances is served without Authorization.",
			nil, instead(func(c *call) bool { return anonymous(c) && c.action() == describeInstances }, refusal{})},
		{"anonymous-403", "S-AUTH-REQUIRED", "A request without Authorization is refused with 403.",
			append(pairStated(), "E-AUTHORIZATION"), // whose code it is that stands under 403
			instead(anonymous, invalidAuthorization.under(http.StatusForbidden))},
		{"anonymous-500", "S-AUTH-REQUIRED", "A request without Authorization brings about an internal error.",
			nil, instead(anonymous, internalError)},
		{"anonymous-400", "S-AUTH-REQUIRED", "A request without Authorization is refused as one that lacks a parameter.",
			nil, instead(anonymous, missingParameter)},

		{"authorization-malformed-400", "E-AUTHORIZATION", "An Authorization that follows no standard is refused with 400.",
			[]string{"E-SIGNATURE"}, // half a signature is none that can be read, and matches nothing
			instead(unreadable, invalidValue)},
		{"authorization-malformed-as-unauthorized", "E-AUTHORIZATION", "An Authorization that follows no standard is refused as one without the right.",
			[]string{"E-SIGNATURE"}, // half a signature is none that can be read, and matches nothing
			instead(unreadable, unauthorizedOperation)},
		{"authorization-malformed-500", "E-AUTHORIZATION", "An Authorization that follows no standard brings about an internal error.",
			[]string{"E-SIGNATURE"}, // half a signature is none that can be read, and matches nothing
			instead(unreadable, internalError)},
		{"authorization-malformed-as-signature", "E-AUTHORIZATION", "An Authorization that follows no standard is refused as a signature that does not match.",
			nil, instead(unreadable, signatureFailure)},
		{"basic-accepted", "E-AUTHORIZATION", "The scheme Basic is served without being looked at.",
			nil, instead(func(c *call) bool { return strings.HasPrefix(authorization(c), "Basic ") }, refusal{})},

		{"unknown-key-accepted", "S-AUTH-KEY", "A key that is not known is served, since there is no password to check by.",
			nil, unknownKey(refusal{})},
		{"unknown-key-500", "S-AUTH-KEY", "A key that is not known brings about an internal error.",
			nil, unknownKey(internalError)},
		{"unknown-key-404", "S-AUTH-KEY", "A key that is not known is answered as a resource that does not exist.",
			nil, unknownKey(resourceNotFound)},
		{"unknown-key-403", "S-AUTH-KEY", "A key that is not known is refused with 403.",
			append(pairStated(), "E-UNAUTHORIZED"), // whose code it is that stands under 403
			unknownKey(unauthorizedOperation.under(http.StatusForbidden))},

		{"any-token-accepted", "K-AUTH-TOKEN", "Every bearer token is served.",
			nil, instead(wrongToken, refusal{})},
		{"wrong-token-403", "K-AUTH-TOKEN", "A wrong bearer token is refused with 403.",
			append(pairStated(), "E-UNAUTHORIZED"), // whose code it is that stands under 403
			instead(wrongToken, unauthorizedOperation.under(http.StatusForbidden))},
		{"wrong-token-500", "K-AUTH-TOKEN", "A wrong bearer token brings about an internal error.",
			nil, instead(wrongToken, internalError)},
		{"bearer-refused", "K-AUTH-BEARER", "Bearer tokens are not known as a scheme.",
			nil, authenticating(func(_ Credentials, c *call, r refusal) refusal {
				if strings.HasPrefix(authorization(c), bearerPrefix) {
					return invalidAuthorization
				}
				return r
			})},
		{"bearer-needs-timestamp", "K-AUTH-BEARER", "A bearer token is refused when there is no timestamp.",
			nil, authenticating(func(_ Credentials, c *call, r refusal) refusal {
				if strings.HasPrefix(authorization(c), bearerPrefix) && c.request.Header.Get("X-ZC-Timestamp") == "" {
					return signatureExpired
				}
				return r
			})},
	}...)
}

// timeDefects get timestamps and the signature method wrong.
func timeDefects() []Defect {
	return []Defect{
		{"timestamp-optional", "S-AUTH-TIMESTAMP-REQUIRED", "A signed request without timestamp is served, its signature unchecked.",
			nil, instead(lacking("X-ZC-Timestamp"), refusal{})},
		{"timestamp-missing-400", "S-AUTH-TIMESTAMP-REQUIRED", "A signed request without timestamp is refused as one that lacks a parameter.",
			nil, instead(lacking("X-ZC-Timestamp"), missingParameter)},
		{"timestamp-missing-500", "S-AUTH-TIMESTAMP-REQUIRED", "A signed request without timestamp brings about an internal error.",
			nil, instead(lacking("X-ZC-Timestamp"), internalError)},
		{"signature-method-optional", "S-AUTH-METHOD-REQUIRED", "A signed request without signature method is served.",
			nil, injection(func(m *Mock) {
				next := m.behaviour.authenticate
				m.behaviour.authenticate = func(known Credentials, c *call) refusal {
					if c.request.Header.Get("X-ZC-Signature-Method") == "" {
						c = with(c, "X-ZC-Signature-Method", sign.Method)
					}
					return next(known, c)
				}
			})},
		{"signature-method-missing-400", "S-AUTH-METHOD-REQUIRED", "A signed request without signature method is refused as one that lacks a parameter.",
			nil, instead(lacking("X-ZC-Signature-Method"), missingParameter)},

		{"window-one-minute", "S-AUTH-WINDOW", "A timestamp more than one minute off is refused.",
			nil, narrowing(-60, 60)},
		{"future-refused", "S-AUTH-WINDOW", "A timestamp ahead of the server's time is refused, but for five seconds.",
			nil, narrowing(-toleranceSeconds, 5)},
		{"past-refused-after-two-minutes", "S-AUTH-WINDOW", "A timestamp more than two minutes old is refused.",
			nil, narrowing(-120, toleranceSeconds)},

		{"expired-accepted", "E-EXPIRED", "The time of a signature is not looked at.",
			nil, refusing(signatureExpired, func(*call) refusal { return refusal{} })},
		{"window-an-hour", "E-EXPIRED", "A timestamp is taken until it is an hour off.",
			nil, refusing(signatureExpired, func(c *call) refusal { return unless(within(c, -3600, 3600), signatureExpired) })},
		{"future-accepted", "E-EXPIRED", "A timestamp may be as far ahead of the server's time as it likes.",
			nil, refusing(signatureExpired, func(c *call) refusal { return unless(within(c, 0, 1<<40), signatureExpired) })},
		{"expired-as-signature", "E-EXPIRED", "A timestamp that is too far off is refused as a signature that does not match.",
			nil, refusing(signatureExpired, func(*call) refusal { return signatureFailure })},
		{"expired-400", "E-EXPIRED", "A timestamp that is too far off is refused with the right code under 400.",
			pairStated(), refusing(signatureExpired, func(*call) refusal { return signatureExpired.under(400) })},
		{"expired-code-shortened", "E-EXPIRED", "A timestamp that is too far off is refused with a code that no document knows.",
			pairStated(), refusing(signatureExpired, func(*call) refusal { return signatureExpired.coded("AUTHFAILURE_EXPIRED") })},
	}
}

// instead answers some calls that are refused for who makes them with another refusal, or serves them.
func instead(of func(c *call) bool, now refusal) injection {
	return authenticating(func(_ Credentials, c *call, r refusal) refusal {
		if r.refused() && of(c) {
			return now
		}
		return r
	})
}

// refusing does something else where authentication comes to one refusal.
func refusing(of refusal, now func(c *call) refusal) injection {
	return authenticating(func(_ Credentials, c *call, r refusal) refusal {
		if r.code == of.code {
			return now(c)
		}
		return r
	})
}

func authorization(c *call) string { return c.request.Header.Get("Authorization") }

func anonymous(c *call) bool { return authorization(c) == "" }

// unreadable picks the calls whose Authorization is neither a ZC2 nor a bearer value.
func unreadable(c *call) bool {
	_, err := sign.Parse(authorization(c))
	return err != nil && !anonymous(c) && !strings.HasPrefix(authorization(c), bearerPrefix)
}

// unknownKey answers calls under a key that is not known with another refusal, or serves them.
func unknownKey(now refusal) injection {
	return authenticating(func(known Credentials, c *call, r refusal) refusal {
		credential, err := sign.Parse(authorization(c))
		if r.refused() && err == nil && credential.KeyID != known.KeyID {
			return now
		}
		return r
	})
}

func wrongToken(c *call) bool { return strings.HasPrefix(authorization(c), bearerPrefix) }

// lacking picks the signed calls without a header.
func lacking(header string) func(c *call) bool {
	return func(c *call) bool {
		return strings.HasPrefix(authorization(c), sign.Method) && c.request.Header.Get(header) == ""
	}
}

// narrowing refuses timestamps that are outside a part of the window, in seconds.
func narrowing(from, to int64) injection {
	return authenticating(func(_ Credentials, c *call, r refusal) refusal {
		if !r.refused() && strings.HasPrefix(authorization(c), sign.Method) && !within(c, from, to) {
			return signatureExpired
		}
		return r
	})
}

// within reports whether a timestamp is so many seconds ahead of the clock, or behind it.
func within(c *call, from, to int64) bool {
	seconds, err := strconv.ParseInt(c.request.Header.Get("X-ZC-Timestamp"), 10, 64)
	ahead := seconds - c.wall.Unix()
	return err == nil && ahead >= from && ahead <= to
}

func unless(kept bool, r refusal) refusal {
	if kept {
		return refusal{}
	}
	return r
}
