package mock

import "slices"

// The versions of the API that the mock serves. They share actions and envelopes; the later
// one lifts the GPU rule of a resize and has a forced reboot (C).
const (
	firstVersion = "2024-04-01" // of M and K
	laterVersion = "2025-09-01" // of C
)

// Versions returns the values of X-ZC-Version that the mock serves.
func Versions() []string { return []string{firstVersion, laterVersion} }

// version refuses a version that there is not. The header is required (S); the answer to
// another value no document states, so it is that to a value which is not allowed.
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
