package mock

import "slices"

// The API versions that the mock serves. They share actions and envelopes. The later one drops the
// GPU rule of a resize and has a forced reboot (C).
const (
	firstVersion = "2024-04-01" // of M and K
	laterVersion = "2025-09-01" // of C
)

// Versions returns the values of X-ZC-Version that the mock serves.
func Versions() []string { return []string{firstVersion, laterVersion} }

// version refuses an unknown version. The header is required (S). No document states the answer to
// another value, so the mock uses the one for a value that is not allowed.
func version(c *Call) Refusal {
	switch named := c.version(); {
	case slices.Contains(Versions(), named):
		return Refusal{}
	case named == "":
		return MissingParameter.Because("the header X-ZC-Version is missing: it is " + firstVersion + " or " + laterVersion)
	default:
		return InvalidValue.Because("X-ZC-Version is " + firstVersion + " or " + laterVersion)
	}
}
