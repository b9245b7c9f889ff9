package mock

import (
	"crypto/sha256"
	"crypto/subtle"
	"strconv"
	"strings"

	"github.com/zec-tools/conformance/internal/sign"
)

// toleranceSeconds is how far a timestamp may be off the clock (E: five minutes).
const toleranceSeconds = 5 * 60

const bearerPrefix = "Bearer "

// authenticate tells a ZC2 value from a bearer value and checks it. A request without
// Authorization may be refused with any documented 401 pair.
func authenticate(known Credentials, c *call) refusal {
	authorization := c.request.Header.Get("Authorization")
	if token, bearer := strings.CutPrefix(authorization, bearerPrefix); bearer {
		return authenticateBearer(known, token)
	}
	credential, err := sign.Parse(authorization)
	if err != nil {
		return invalidAuthorization
	}
	return authenticateHMAC(known, credential, c)
}

// authenticateBearer needs neither timestamp nor signature method (K).
func authenticateBearer(known Credentials, token string) refusal {
	switch {
	case strings.TrimSpace(token) == "":
		return invalidAuthorization
	case known.Token == "" || !same(known.Token, token):
		return unauthorizedOperation.because("the token is not known")
	}
	return refusal{}
}

// authenticateHMAC checks the signature before the time, so that a timestamp other than
// the signed one is a signature failure however far it is off.
func authenticateHMAC(known Credentials, credential sign.Credential, c *call) refusal {
	timestamp := c.request.Header.Get("X-ZC-Timestamp")
	seconds, whole := wholeSeconds(timestamp)
	switch {
	case timestamp == "":
		return invalidAuthorization.because("X-ZC-Timestamp is missing")
	case c.request.Header.Get("X-ZC-Signature-Method") != sign.Method:
		return invalidAuthorization.because("X-ZC-Signature-Method is not " + sign.Method)
	case known.KeyID == "" || !same(known.KeyID, credential.KeyID):
		return unauthorizedOperation.because("the access key is not known")
	case !credential.Verify(known.Password, c.request.Method, timestamp, c.header, c.body):
		return signatureFailure
	case !whole:
		return invalidAuthorization.because("X-ZC-Timestamp is not in UNIX seconds")
	}
	if off := c.wall.Unix() - seconds; off > toleranceSeconds || off < -toleranceSeconds {
		return signatureExpired
	}
	return refusal{}
}

// wholeSeconds reads a timestamp, which is a whole number of seconds and nothing else (S).
func wholeSeconds(timestamp string) (seconds int64, whole bool) {
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	return seconds, err == nil && timestamp[0] >= '0' && timestamp[0] <= '9'
}

// same compares without telling by its time where, or at what length, the two differ.
func same(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}
