package defects

import (
	"net/http"

	"github.com/zec-tools/conformance/internal/mock"
)

// callerDefects are mistakes in the authentication for this action alone.
func (p power) callerDefects() []Defect {
	only := func(pick func(c *mock.Call) bool) func(c *mock.Call) bool {
		return func(c *mock.Call) bool { return c.Action() == p.name && pick(c) }
	}
	return []Defect{
		p.defect("anonymous-accepted", "S-AUTH-REQUIRED", "% is carried out without Authorization.",
			nil, instead(only(anonymous), mock.Refusal{})),
		p.defect("any-token-accepted", "K-AUTH-TOKEN", "% is carried out with any bearer token.",
			nil, instead(only(wrongToken), mock.Refusal{})),
		p.defect("signature-unchecked", "S-SIGN-PASSWORD", "% is carried out whatever its signature.",
			[]string{"E-SIGNATURE", "S-SIGN-BODY", "S-SIGN-HEADERS", "S-SIGN-TIMESTAMP"}, // none of them is checked
			authenticating(func(_ mock.Credentials, c *mock.Call, r mock.Refusal) mock.Refusal {
				if c.Action() == p.name && r.Code == mock.SignatureFailure.Code {
					return mock.Refusal{}
				}
				return r
			})),
		p.defect("expired-accepted", "E-EXPIRED", "% is carried out whatever its timestamp.",
			nil, authenticating(func(_ mock.Credentials, c *mock.Call, r mock.Refusal) mock.Refusal {
				if c.Action() == p.name && r.Code == mock.SignatureExpired.Code {
					return mock.Refusal{}
				}
				return r
			})),
		p.defect("get-served", "R-METHOD-POST", "% is carried out by GET, too.",
			nil, admittingWhen(http.MethodGet, only(func(*mock.Call) bool { return true }))),
		p.defect("media-type-ignored", "R-MEDIA-REQUEST", "% does not look at the media type of its body.",
			nil, holding(p.name, func(t *mock.Content) { t.MediaType = mock.Refusal{} })),
		p.defect("charset-refused", "S-MEDIA-CHARSET", "% is refused when its media type has a charset.",
			nil, charsetRefused(func(action string) bool { return action == p.name })),
		p.defect("malformed-500", "R-BODY-MALFORMED", "A body of % that is no JSON brings about an internal error.",
			nil, holding(p.name, func(t *mock.Content) { t.Malformed = mock.InternalError })),
	}
}
