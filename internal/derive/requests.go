package derive

import (
	"strings"
	"unicode"

	"github.com/zec-tools/conformance/internal/verdict"
)

// anyOf401 stands for every documented error response with the status 401.
const anyOf401 = "a documented 401 error"

// refusals are requests with incorrect authentication: the role of the clause that requires their
// refusal, the text of the call, and the answer. An empty answer means the error response of the
// clause with the last role.
var refusals = []struct {
	role   verdict.Role
	id     string
	called string
	answer string
	of     verdict.Role
}{
	{verdict.RoleAuthorizationRequired, "no-authorization", "without Authorization", anyOf401, ""},
	{verdict.RoleTimestampRequired, "no-timestamp", "without a timestamp", anyOf401, ""},
	{verdict.RoleMethodRequired, "no-signature-method", "without a signature method", anyOf401, ""},
	{verdict.RoleKeyUnknown, "unknown-key", "signed with an unknown key ID", anyOf401, ""},
	{verdict.RoleTokenRefused, "wrong-token", "with a wrong bearer token", anyOf401, ""},
	{verdict.RoleTokenRefused, "token-cut", "with half of the bearer token missing", anyOf401, ""},
	{verdict.RoleTokenRefused, "token-extended", "with extra characters after the bearer token", anyOf401, ""},
	{verdict.RoleAuthorizationMalformed, "unknown-authorization", "with an unknown authorization scheme", "", verdict.RoleAuthorizationMalformed},
	{verdict.RoleSignatureRefused, "changed-signature", "with one digit of its signature changed", "", verdict.RoleSignatureRefused},
	{verdict.RoleSignatureRefused, "changed-signature-start", "with the first digit of its signature changed", "", verdict.RoleSignatureRefused},
	{verdict.RoleSignatureRefused, "other-password", "signed with a wrong password", "", verdict.RoleSignatureRefused},
	{verdict.RoleSignatureRefused, "other-body", "with its body changed after signing", "", verdict.RoleSignatureRefused},
	{verdict.RoleSignatureRefused, "other-header", "with a signed header changed after signing", "", verdict.RoleSignatureRefused},
	{verdict.RoleSignatureRefused, "other-further-header", "with a further signed header changed after signing", "", verdict.RoleSignatureRefused},
	{verdict.RoleSignatureRefused, "other-host", "signed for another host", "", verdict.RoleSignatureRefused},
	{verdict.RoleSignatureRefused, "other-timestamp", "with its timestamp changed after signing", "", verdict.RoleSignatureRefused},
	{verdict.RoleExpired, "signed-long-ago", "signed 6 minutes ago", "", verdict.RoleExpired},
	{verdict.RoleExpired, "signed-far-ahead", "signed 6 minutes ahead", "", verdict.RoleExpired},
	{verdict.RoleExpired, "signed-at-zero", "signed with the timestamp 0", anyOf401, ""},
	{verdict.RoleMediaRequest, "other-media-type", "as text/plain", "a documented 400 error", ""},
	{verdict.RoleMalformed, "text-after-body", "with text after its body", "a documented 400 error", ""},
	{verdict.RoleMalformed, "comma-after-last", "with a trailing comma in its body", "a documented 400 error", ""},
}

// acceptances are unusual requests that the documents allow.
var acceptances = []struct {
	role       verdict.Role
	id, called string
}{
	{verdict.RoleSignatureAccepted, "signed-as-documented", "signed as documented"},
	{verdict.RoleClockAccepted, "signed-just-now", "signed 4 minutes ago"},
	{verdict.RoleClockAccepted, "signed-just-ahead", "signed 4 minutes ahead"},
	{verdict.RoleTokenAccepted, "bearer-token", "with a bearer token"},
}

// authentication adds the scenarios about authentication and the form of requests.
func (f *feature) authentication() {
	action := f.operation.Action
	for _, r := range refusals {
		then := r.answer
		if then == "" {
			pair, has := f.pair(r.of)
			if !has {
				continue
			}
			then = "the error " + pair
		}
		f.under(r.role, scenario{
			id: r.id, name: action + " is refused when called " + r.called, also: refusedUnchanged,
			steps: []string{f.given(), "When " + action + " is called " + r.called, "Then the answer is " + then, f.unchanged()},
		})
	}
	for _, a := range acceptances {
		s := scenario{
			id: a.id, name: action + " is accepted when called " + a.called,
			steps: []string{f.given(), "When " + action + " is called " + a.called, "Then the answer is a success", "And the list holds it and no other"},
		}
		if f.changes { // for a subject that does not exist, so that nothing changes
			s.steps = []string{f.absent(), "When " + action + " is called " + a.called, "Then the caller is accepted"}
		}
		f.under(a.role, s)
	}
}

// transport adds the scenarios about which requests reach the action.
func (f *feature) transport() {
	action := f.operation.Action
	f.under(verdict.RoleMethod, scenario{
		id: "other-method", name: action + " is no success by <method>", also: refusedUnchanged,
		steps:   []string{f.given(), "When " + action + " is called by <method>", "Then the answer is no success", f.unchanged()},
		columns: []string{"method"}, rows: column([]string{"GET", "PUT", "PATCH", "DELETE"}),
	})
	if _, has := f.clause(verdict.RoleTokenAccepted); has { // a signature covers the method, a token does not
		f.under(verdict.RoleMethod, scenario{
			id: "other-method-with-token", name: action + " is no success by <method> with a bearer token", also: refusedUnchanged,
			steps:   []string{f.given(), "When " + action + " is called by <method> with a bearer token", "Then the answer is no success", f.unchanged()},
			columns: []string{"method"}, rows: column([]string{"GET", "PUT", "PATCH"}),
		})
	}
	f.under(verdict.RoleUnknownAction, scenario{
		id: "unknown-action", name: "An action that does not exist is refused with a body for " + action, also: refusedUnchanged,
		steps: []string{f.given(), "When NoSuchAction is called with a body for " + action, "Then the answer is a documented 4xx error", f.unchanged()},
	})
	if cut, unknown := f.contract.CutOff(action); unknown {
		f.under(verdict.RoleUnknownAction, scenario{
			id: "action-cut-off", name: action + " is not taken for an action whose name is cut off", also: refusedUnchanged,
			steps: []string{f.given(), "When " + cut + " is called with a body for " + action, "Then the answer is a documented 4xx error", f.unchanged()},
		})
	}
}

// kebab converts a name such as diskSize to disk-size.
func kebab(name string) string {
	var b strings.Builder
	for i, char := range name {
		if i > 0 && unicode.IsUpper(char) {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(char))
	}
	return b.String()
}
