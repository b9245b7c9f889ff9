package defects

import (
	"strings"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/sign"
)

// signatureVariants accept only one form of the header values in the canonical request, while the
// plain mock accepts both.
func signatureVariants() []Variant {
	const values = "header values in the canonical form"
	return []Variant{
		{Name: "canonical-values-lowered", Text: "A signature is right only over header values in lower case.", Freedom: values,
			apply: signedIn(strings.ToLower)},
		{Name: "canonical-values-as-sent", Text: "A signature is right only over header values as they were sent.", Freedom: values,
			apply: signedIn(func(value string) string { return value })},
	}
}

func signedIn(form func(value string) string) injection {
	return authenticating(func(known mock.Credentials, c *mock.Call, r mock.Refusal) mock.Refusal {
		s, err := sign.Parse(authorization(c))
		if r.Refused() || err != nil || mock.Same(s.Signature, expectedIn(form, known, c, s)) {
			return r
		}
		return mock.SignatureFailure
	})
}
