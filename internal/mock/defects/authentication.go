package defects

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/sign"
)

// callerDefects are mistakes in the authentication: keys, tokens, times and their headers.
func callerDefects() []Defect {
	return append(timeDefects(), []Defect{
		{"anonymous-accepted", "S-AUTH-REQUIRED", "A request without Authorization is served.",
			nil, instead(anonymous, mock.Refusal{})},
		{"anonymous-reads-accepted", "S-AUTH-REQUIRED", "DescribeInstances is served without Authorization.",
			nil, instead(func(c *mock.Call) bool { return anonymous(c) && c.Action() == mock.DescribeInstances }, mock.Refusal{})},
		{"anonymous-listing-accepted", "S-AUTH-REQUIRED", "A read without parameters is served without Authorization.",
			nil, instead(func(c *mock.Call) bool { return anonymous(c) && string(c.Body) == "{}" }, mock.Refusal{})},
		{"anonymous-403", "S-AUTH-REQUIRED", "A request without Authorization is refused with 403.",
			append(pairStated(), "E-AUTHORIZATION"), // whose code it is that stands under 403
			instead(anonymous, mock.InvalidAuthorization.Under(http.StatusForbidden))},
		{"anonymous-500", "S-AUTH-REQUIRED", "A request without Authorization brings about an internal error.",
			nil, instead(anonymous, mock.InternalError)},
		{"anonymous-400", "S-AUTH-REQUIRED", "A request without Authorization is refused as one that lacks a parameter.",
			nil, instead(anonymous, mock.MissingParameter)},

		{"authorization-malformed-400", "E-AUTHORIZATION", "An Authorization that follows no standard is refused with 400.",
			[]string{"E-SIGNATURE"}, // half a signature is none that can be read, and matches nothing
			instead(unreadable, mock.InvalidValue)},
		{"authorization-malformed-as-unauthorized", "E-AUTHORIZATION", "An Authorization that follows no standard is refused as one without the right.",
			[]string{"E-SIGNATURE"}, // half a signature is none that can be read, and matches nothing
			instead(unreadable, mock.UnauthorizedOperation)},
		{"authorization-malformed-500", "E-AUTHORIZATION", "An Authorization that follows no standard brings about an internal error.",
			[]string{"E-SIGNATURE"}, // half a signature is none that can be read, and matches nothing
			instead(unreadable, mock.InternalError)},
		{"authorization-malformed-as-signature", "E-AUTHORIZATION", "An Authorization that follows no standard is refused as a signature that does not match.",
			nil, instead(unreadable, mock.SignatureFailure)},
		{"incomplete-signature-500", "E-AUTHORIZATION", "A ZC2 Authorization that lacks one of its parts brings about an internal error.",
			nil, instead(func(c *mock.Call) bool {
				parts := []string{"Credential=", "SignedHeaders=", "Signature="}
				return strings.HasPrefix(authorization(c), sign.Method) && slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(authorization(c), part) })
			}, mock.InternalError)},
		{"bearer-alone-accepted", "E-AUTHORIZATION", "The word Bearer is served without a token.",
			nil, instead(bearerAlone, mock.Refusal{})},
		{"basic-accepted", "E-AUTHORIZATION", "The scheme Basic is served without being looked at.",
			nil, instead(func(c *mock.Call) bool { return strings.HasPrefix(authorization(c), "Basic ") }, mock.Refusal{})},

		{"unknown-key-accepted", "S-AUTH-KEY", "A key that is not known is served, since there is no password to check by.",
			nil, unknownKey(mock.Refusal{})},
		{"unknown-key-500", "S-AUTH-KEY", "A key that is not known brings about an internal error.",
			nil, unknownKey(mock.InternalError)},
		{"unknown-key-404", "S-AUTH-KEY", "A key that is not known is answered as a resource that does not exist.",
			nil, unknownKey(mock.ResourceNotFound)},
		{"unknown-key-403", "S-AUTH-KEY", "A key that is not known is refused with 403.",
			append(pairStated(), "E-UNAUTHORIZED"), // whose code it is that stands under 403
			unknownKey(mock.UnauthorizedOperation.Under(http.StatusForbidden))},

		{"any-token-accepted", "K-AUTH-TOKEN", "Every bearer token is served.",
			nil, instead(wrongToken, mock.Refusal{})},
		{"wrong-token-403", "K-AUTH-TOKEN", "A wrong bearer token is refused with 403.",
			append(pairStated(), "E-UNAUTHORIZED"), // whose code it is that stands under 403
			instead(wrongToken, mock.UnauthorizedOperation.Under(http.StatusForbidden))},
		{"wrong-token-500", "K-AUTH-TOKEN", "A wrong bearer token brings about an internal error.",
			nil, instead(wrongToken, mock.InternalError)},
		{"bearer-refused", "K-AUTH-BEARER", "Bearer tokens are not known as a scheme.",
			nil, authenticating(func(_ mock.Credentials, c *mock.Call, r mock.Refusal) mock.Refusal {
				if strings.HasPrefix(authorization(c), mock.BearerPrefix) {
					return mock.InvalidAuthorization
				}
				return r
			})},
		{"bearer-needs-timestamp", "K-AUTH-BEARER", "A bearer token is refused when there is no timestamp.",
			nil, authenticating(func(_ mock.Credentials, c *mock.Call, r mock.Refusal) mock.Refusal {
				if strings.HasPrefix(authorization(c), mock.BearerPrefix) && c.Request.Header.Get("X-ZC-Timestamp") == "" {
					return mock.SignatureExpired
				}
				return r
			})},
	}...)
}

// timeDefects are mistakes with timestamps and the signature method.
func timeDefects() []Defect {
	return []Defect{
		{"timestamp-optional", "S-AUTH-TIMESTAMP-REQUIRED", "A signed request without timestamp is served, its signature unchecked.",
			nil, instead(lacking("X-ZC-Timestamp"), mock.Refusal{})},
		{"timestamp-missing-400", "S-AUTH-TIMESTAMP-REQUIRED", "A signed request without timestamp is refused as one that lacks a parameter.",
			nil, instead(lacking("X-ZC-Timestamp"), mock.MissingParameter)},
		{"timestamp-missing-500", "S-AUTH-TIMESTAMP-REQUIRED", "A signed request without timestamp brings about an internal error.",
			nil, instead(lacking("X-ZC-Timestamp"), mock.InternalError)},
		{"signature-method-optional", "S-AUTH-METHOD-REQUIRED", "A signed request without signature method is served.",
			nil, injection(func(m *mock.Mock) {
				next := m.Behaviour.Authenticate
				m.Behaviour.Authenticate = func(known mock.Credentials, c *mock.Call) mock.Refusal {
					if c.Request.Header.Get("X-ZC-Signature-Method") == "" {
						c = with(c, "X-ZC-Signature-Method", sign.Method)
					}
					return next(known, c)
				}
			})},
		{"signature-method-missing-400", "S-AUTH-METHOD-REQUIRED", "A signed request without signature method is refused as one that lacks a parameter.",
			nil, instead(lacking("X-ZC-Signature-Method"), mock.MissingParameter)},

		{"window-one-minute", "S-AUTH-WINDOW", "A timestamp more than one minute off is refused.",
			nil, narrowing(-60, 60)},
		{"future-refused", "S-AUTH-WINDOW", "A timestamp ahead of the server's time is refused, but for five seconds.",
			nil, narrowing(-mock.ToleranceSeconds, 5)},
		{"past-refused-after-two-minutes", "S-AUTH-WINDOW", "A timestamp more than two minutes old is refused.",
			nil, narrowing(-120, mock.ToleranceSeconds)},

		{"expired-accepted", "E-EXPIRED", "The time of a signature is not looked at.",
			nil, refusing(mock.SignatureExpired, func(*mock.Call) mock.Refusal { return mock.Refusal{} })},
		{"window-an-hour", "E-EXPIRED", "A timestamp is taken until it is an hour off.",
			nil, refusing(mock.SignatureExpired, func(c *mock.Call) mock.Refusal { return unless(within(c, -3600, 3600), mock.SignatureExpired) })},
		{"future-accepted", "E-EXPIRED", "A timestamp may be as far ahead of the server's time as it likes.",
			nil, refusing(mock.SignatureExpired, func(c *mock.Call) mock.Refusal { return unless(within(c, 0, 1<<40), mock.SignatureExpired) })},
		{"expired-as-signature", "E-EXPIRED", "A timestamp that is too far off is refused as a signature that does not match.",
			nil, refusing(mock.SignatureExpired, func(*mock.Call) mock.Refusal { return mock.SignatureFailure })},
		{"expired-400", "E-EXPIRED", "A timestamp that is too far off is refused with the right code under 400.",
			pairStated(), refusing(mock.SignatureExpired, func(*mock.Call) mock.Refusal { return mock.SignatureExpired.Under(400) })},
		{"expired-code-shortened", "E-EXPIRED", "A timestamp that is too far off is refused with a code that no document knows.",
			pairStated(), refusing(mock.SignatureExpired, func(*mock.Call) mock.Refusal { return mock.SignatureExpired.Coded("AUTHFAILURE_EXPIRED") })},
	}
}

// instead replaces the authentication error of some calls, or accepts them.
func instead(of func(c *mock.Call) bool, now mock.Refusal) injection {
	return authenticating(func(_ mock.Credentials, c *mock.Call, r mock.Refusal) mock.Refusal {
		if r.Refused() && of(c) {
			return now
		}
		return r
	})
}

// refusing replaces one authentication error.
func refusing(of mock.Refusal, now func(c *mock.Call) mock.Refusal) injection {
	return authenticating(func(_ mock.Credentials, c *mock.Call, r mock.Refusal) mock.Refusal {
		if r.Code == of.Code {
			return now(c)
		}
		return r
	})
}

func authorization(c *mock.Call) string { return c.Request.Header.Get("Authorization") }

func anonymous(c *mock.Call) bool { return authorization(c) == "" }

// unreadable selects the calls whose Authorization is neither a ZC2 nor a bearer value.
func unreadable(c *mock.Call) bool {
	_, err := sign.Parse(authorization(c))
	return err != nil && !anonymous(c) && !strings.HasPrefix(authorization(c), mock.BearerPrefix)
}

// unknownKey replaces the error for an unknown key, or accepts the call.
func unknownKey(now mock.Refusal) injection {
	return authenticating(func(known mock.Credentials, c *mock.Call, r mock.Refusal) mock.Refusal {
		credential, err := sign.Parse(authorization(c))
		if r.Refused() && err == nil && credential.KeyID != known.KeyID {
			return now
		}
		return r
	})
}

func bearerAlone(c *mock.Call) bool { return authorization(c) == "Bearer" }

func wrongToken(c *mock.Call) bool { return strings.HasPrefix(authorization(c), mock.BearerPrefix) }

// lacking selects the signed calls without a header.
func lacking(header string) func(c *mock.Call) bool {
	return func(c *mock.Call) bool {
		return strings.HasPrefix(authorization(c), sign.Method) && c.Request.Header.Get(header) == ""
	}
}

// narrowing refuses timestamps in a part of the window, in seconds.
func narrowing(from, to int64) injection {
	return authenticating(func(_ mock.Credentials, c *mock.Call, r mock.Refusal) mock.Refusal {
		if !r.Refused() && strings.HasPrefix(authorization(c), sign.Method) && !within(c, from, to) {
			return mock.SignatureExpired
		}
		return r
	})
}

// within reports whether a timestamp deviates from the clock by a number of seconds in a range.
func within(c *mock.Call, from, to int64) bool {
	seconds, err := strconv.ParseInt(c.Request.Header.Get("X-ZC-Timestamp"), 10, 64)
	ahead := seconds - c.Wall.Unix()
	return err == nil && ahead >= from && ahead <= to
}

func unless(kept bool, r mock.Refusal) mock.Refusal {
	if kept {
		return mock.Refusal{}
	}
	return r
}
