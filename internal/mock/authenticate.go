package mock

import (
	"crypto/sha256"
	"crypto/subtle"
	"strconv"
	"strings"

	"github.com/zec-tools/conformance/internal/sign"
)

// ToleranceSeconds is the most that a timestamp may deviate from the clock (E: five minutes).
const ToleranceSeconds = 5 * 60

const BearerPrefix = "Bearer "

// authenticate distinguishes a ZC2 value from a bearer value and checks it. Without Authorization,
// the documents allow any 401 pair.
func authenticate(known Credentials, c *Call) Refusal {
	authorization := c.Request.Header.Get("Authorization")
	if token, bearer := strings.CutPrefix(authorization, BearerPrefix); bearer {
		return authenticateBearer(known, token)
	}
	credential, err := sign.Parse(authorization)
	if err != nil {
		return InvalidAuthorization
	}
	return authenticateHMAC(known, credential, c)
}

// authenticateBearer needs neither timestamp nor signature method (K).
func authenticateBearer(known Credentials, token string) Refusal {
	switch {
	case strings.TrimSpace(token) == "":
		return InvalidAuthorization
	case known.Token == "" || !Same(known.Token, token):
		return UnauthorizedOperation.Because("the token is not known")
	}
	return Refusal{}
}

// authenticateHMAC checks the signature before the time, so that a timestamp that differs from the
// signed one is a signature error, however far off it is.
func authenticateHMAC(known Credentials, credential sign.Credential, c *Call) Refusal {
	timestamp := c.Request.Header.Get("X-ZC-Timestamp")
	seconds, whole := WholeSeconds(timestamp)
	switch {
	case timestamp == "":
		return InvalidAuthorization.Because("X-ZC-Timestamp is missing")
	case c.Request.Header.Get("X-ZC-Signature-Method") != sign.Method:
		return InvalidAuthorization.Because("X-ZC-Signature-Method is not " + sign.Method)
	case known.KeyID == "" || !Same(known.KeyID, credential.KeyID):
		return UnauthorizedOperation.Because("the access key is not known")
	case !credential.Verify(known.Password, c.Request.Method, timestamp, c.Header, c.Body):
		return SignatureFailure
	case !whole:
		return InvalidAuthorization.Because("X-ZC-Timestamp is not in UNIX seconds")
	}
	if off := c.Wall.Unix() - seconds; off > ToleranceSeconds || off < -ToleranceSeconds {
		return SignatureExpired
	}
	return Refusal{}
}

// WholeSeconds parses a timestamp, which must be a whole number of seconds and nothing else (S).
func WholeSeconds(timestamp string) (seconds int64, whole bool) {
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	return seconds, err == nil && timestamp[0] >= '0' && timestamp[0] <= '9'
}

// Same compares two texts in constant time, even if their lengths differ.
func Same(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}
