package wire

import (
	"strconv"
	"strings"
	"time"
)

// Effect says what a request should do at the endpoint. It decides which lost or postponed requests
// may be retried.
type Effect string

const (
	Reads   Effect = "reads"   // it changes nothing
	Refused Effect = "refused" // it is not a read, and should be refused
	Changes Effect = "changes" // it changes an instance if it succeeds
	// Restores is a change that returns an instance to its state before the run.
	Restores Effect = "restores"
)

// Acts reports whether the request should be carried out. It must then not be retried while it is
// unknown whether it was.
func (e Effect) Acts() bool { return e == Changes || e == Restores }

// Request is a request that a step wants to send. The zero value of every field except Operation
// means the documented default.
type Request struct {
	Operation   Operation
	Method      string            // empty means POST (R)
	ContentType string            // empty means application/json (R)
	Query       string            // of the URL, without the ?; never signed (S)
	Body        []byte            // sent unchanged; nil means an empty body
	Header      map[string]string // further headers, in the given spelling; the value "" removes a header
	Auth        Auth
	Effect      Effect
	// LowerCase sends the names of the protocol's own headers in lower case, as the SDKs do (K).
	LowerCase bool
}

// Scheme is the way a request is authenticated.
type Scheme string

const (
	SchemeDefault Scheme = ""       // the target's: HMAC if it has a key, otherwise bearer
	SchemeHMAC    Scheme = "hmac"   // ZC2-HMAC-SHA256 (S)
	SchemeBearer  Scheme = "bearer" // Authorization: Bearer <token> (K)
	SchemeNone    Scheme = "none"   // no Authorization header
	SchemeRaw     Scheme = "raw"    // Auth.Raw as the Authorization header
)

// Tamper is a way in which a request differs from what was signed.
type Tamper string

const (
	TamperNone        Tamper = ""
	TamperBody        Tamper = "body"         // the sent body differs from the signed one
	TamperSignature   Tamper = "signature"    // one digit of the signature, or one character of the bearer token, is changed
	TamperTimestamp   Tamper = "timestamp"    // the sent timestamp differs from the signed one; both are inside the window
	TamperHeader      Tamper = "header"       // a signed header is sent with another value
	TamperHost        Tamper = "host"         // signed for a host other than the one it is sent to
	TamperPassword    Tamper = "password"     // signed with another password
	TamperNoPassword  Tamper = "no password"  // signed with an empty password
	TamperScheme      Tamper = "scheme"       // a correct signature with the name of another scheme
	TamperKey         Tamper = "key"          // the key id is longer; the password is correct
	TamperFirst       Tamper = "first"        // the first digit of the signature is changed
	TamperCut         Tamper = "cut"          // half of the signature, or of the bearer token, is missing
	TamperMore        Tamper = "more"         // the signature, or the bearer token, is longer
	TamperNoSignature Tamper = "no signature" // Authorization lacks the signature
	TamperEmpty       Tamper = "empty"        // the signature is the empty text
	TamperNoBody      Tamper = "no body"      // the signed body is empty
	TamperSpaces      Tamper = "spaces"       // the signed body has no insignificant white space
	TamperAction      Tamper = "action"       // signed for an action other than the one in the request; X-ZC-Action is among the signed headers
)

// Auth says how a request is authenticated and, if it should be refused, what is wrong with it.
type Auth struct {
	Scheme        Scheme
	Raw           string        // with SchemeRaw: the header's value
	UnknownKey    bool          // HMAC: a made-up key id; bearer: a made-up token
	Skew          time.Duration // added to the timestamp, which is signed as sent
	Milliseconds  bool          // the timestamp is in milliseconds, and signed as sent
	Timestamp     string        // the timestamp, signed as sent; "now" in it stands for the seconds; "" means the seconds
	Tamper        Tamper
	SignAlso      []string // lower-case names of additional headers to sign (S: "more may be added")
	OmitTimestamp bool     // leave X-ZC-Timestamp out
	OmitMethod    bool     // leave X-ZC-Signature-Method out
}

// TimestampText returns the timestamp as it is sent, for the correct number.
func (a Auth) TimestampText(number int64) string {
	text := strconv.FormatInt(number, 10)
	if a.Timestamp == "" {
		return text
	}
	return strings.ReplaceAll(a.Timestamp, "now", text)
}

// Usual reports whether the request is built and authenticated in the target's usual, documented
// way, whatever its body.
func (r Request) Usual() bool {
	a := r.Auth
	return (a.Scheme == SchemeDefault || a.Scheme == SchemeHMAC) && !a.UnknownKey && a.Skew == 0 && !a.Milliseconds && a.Timestamp == "" &&
		a.Tamper == TamperNone && len(a.SignAlso) == 0 && !a.OmitTimestamp && !a.OmitMethod &&
		r.ContentType == "" && r.Query == "" && len(r.Header) == 0 && !r.LowerCase
}
