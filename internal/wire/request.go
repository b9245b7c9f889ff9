package wire

import (
	"strconv"
	"strings"
	"time"
)

// Effect says what a request is meant to do at the endpoint. It decides which
// lost or postponed requests may be sent again.
type Effect string

const (
	Reads   Effect = "reads"   // asks, changes nothing
	Refused Effect = "refused" // is no read, and expected to be refused
	Changes Effect = "changes" // changes an instance when it succeeds
	// Restores is a change that gives an instance back the state it had before the run.
	Restores Effect = "restores"
)

// Acts reports whether the request is meant to be carried out, and so must not be sent again
// while nobody knows whether it was.
func (e Effect) Acts() bool { return e == Changes || e == Restores }

// Request is what a step wants sent. The zero value of every field but Operation
// means: as the documents say it is done.
type Request struct {
	Operation   Operation
	Method      string            // empty: POST (R)
	ContentType string            // empty: application/json (R)
	Query       string            // of the URL, without the ?; never part of what is signed (S)
	Body        []byte            // sent as it stands; nil: an empty body
	Header      map[string]string // further headers, added as spelt; "" as value leaves the header out
	Auth        Auth
	Effect      Effect
	// LowerCase sends the names of the protocol's own headers in lower case, as the SDKs do (K).
	LowerCase bool
}

// Scheme is the way a request is authenticated.
type Scheme string

const (
	SchemeDefault Scheme = ""       // what the target has: HMAC when it has a key, else bearer
	SchemeHMAC    Scheme = "hmac"   // ZC2-HMAC-SHA256 (S)
	SchemeBearer  Scheme = "bearer" // Authorization: Bearer <token> (K)
	SchemeNone    Scheme = "none"   // no Authorization header
	SchemeRaw     Scheme = "raw"    // Auth.Raw as the Authorization header
)

// Tamper names one way in which a request differs from what was signed.
type Tamper string

const (
	TamperNone        Tamper = ""
	TamperBody        Tamper = "body"         // the body sent is not the body signed
	TamperSignature   Tamper = "signature"    // one digit of the signature, or one character of the bearer token, is changed
	TamperTimestamp   Tamper = "timestamp"    // the timestamp sent is not the one signed, both inside the window
	TamperHeader      Tamper = "header"       // a signed header is sent with another value
	TamperHost        Tamper = "host"         // signed for another host than it is sent to
	TamperPassword    Tamper = "password"     // signed with another password
	TamperScheme      Tamper = "scheme"       // a right signature under the name of another scheme
	TamperKey         Tamper = "key"          // the key id has more after it; its password is the right one
	TamperFirst       Tamper = "first"        // the first digit of the signature is changed
	TamperCut         Tamper = "cut"          // half of the signature, or of the bearer token, is missing
	TamperMore        Tamper = "more"         // the signature, or the bearer token, has more after it
	TamperNoSignature Tamper = "no signature" // Authorization lacks the signature
	TamperEmpty       Tamper = "empty"        // the signature is the empty text
	TamperNoBody      Tamper = "no body"      // the body signed is empty
	TamperSpaces      Tamper = "spaces"       // the body signed has no white space that JSON does not need
	TamperAction      Tamper = "action"       // signed for another action than it is sent to; X-ZC-Action is among the signed headers
)

// Auth says how a request is authenticated and, for refusals, what is wrong with it.
type Auth struct {
	Scheme        Scheme
	Raw           string        // with SchemeRaw: the header's value
	UnknownKey    bool          // HMAC: a key id that was made up; bearer: a token that was made up
	Skew          time.Duration // added to the timestamp, which is signed as sent
	Milliseconds  bool          // the timestamp is in milliseconds, and signed as sent
	Timestamp     string        // the timestamp, signed as sent; "now" in it stands for the seconds; "": the seconds
	Tamper        Tamper
	SignAlso      []string // lower-case names of further headers to sign (S: "more may be added")
	OmitTimestamp bool     // leave X-ZC-Timestamp out
	OmitMethod    bool     // leave X-ZC-Signature-Method out
}

// TimestampText returns the timestamp as it is sent, given the number that is due.
func (a Auth) TimestampText(number int64) string {
	text := strconv.FormatInt(number, 10)
	if a.Timestamp == "" {
		return text
	}
	return strings.ReplaceAll(a.Timestamp, "now", text)
}

// Usual reports whether the request is formed and authenticated as the documents say and
// the target usually does it, whatever its body.
func (r Request) Usual() bool {
	a := r.Auth
	return (a.Scheme == SchemeDefault || a.Scheme == SchemeHMAC) && !a.UnknownKey && a.Skew == 0 && !a.Milliseconds && a.Timestamp == "" &&
		a.Tamper == TamperNone && len(a.SignAlso) == 0 && !a.OmitTimestamp && !a.OmitMethod &&
		r.ContentType == "" && r.Query == "" && len(r.Header) == 0 && !r.LowerCase
}
