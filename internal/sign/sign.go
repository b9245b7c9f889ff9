// Package sign creates and verifies the signature ZC2-HMAC-SHA256 (source S, the page "Signature
// method v2").
//
// It is pure: it reads no clock, sends nothing, and knows neither which keys exist nor how old a
// timestamp may be.
package sign

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
)

// Method is the signature's name: the value of X-ZC-Signature-Method, the scheme of
// Authorization, and the first line of the string to sign (S).
const Method = "ZC2-HMAC-SHA256"

// Header is one header to sign, its name in any letter case.
type Header struct{ Name, Value string }

// canonicalSize is the capacity for the canonical request of a typical request.
const canonicalSize = 512

// Authorization returns the value of the Authorization header for a request. The headers may be in
// any order; S requires content-type and host among them. Their values are trimmed. The timestamp
// is in UNIX seconds, as in X-ZC-Timestamp.
func Authorization(keyID, password, method string, timestamp int64, headers []Header, body []byte) string {
	return AuthorizationAt(keyID, password, method, strconv.FormatInt(timestamp, 10), headers, body)
}

// AuthorizationAt is Authorization with the timestamp as it is sent.
func AuthorizationAt(keyID, password, method, timestamp string, headers []Header, body []byte) string {
	headers = slices.Clone(headers)
	for i, h := range headers {
		headers[i] = Header{Name: strings.ToLower(h.Name), Value: trim(h.Value)}
	}
	slices.SortStableFunc(headers, func(a, b Header) int { return strings.Compare(a.Name, b.Name) })

	signature := signature(password, timestamp, method, headers, body)

	out := make([]byte, 0, canonicalSize)
	out = append(out, Method+" Credential="...)
	out = append(out, keyID...)
	out = append(out, ", SignedHeaders="...)
	out = appendNames(out, headers)
	out = append(out, ", Signature="...)
	out = hex.AppendEncode(out, signature[:])
	return string(out)
}

// canonicalRequest appends the canonical request. The headers must be sorted, trimmed, and have
// lower-case names. The URI is always "/", and the query always empty (S).
func canonicalRequest(out []byte, method string, headers []Header, body []byte) []byte {
	out = append(out, method...)
	out = append(out, "\n/\n\n"...)
	for _, h := range headers {
		out = append(out, h.Name...)
		out = append(out, ':')
		out = append(out, h.Value...)
		out = append(out, '\n')
	}
	out = append(out, '\n')
	out = appendNames(out, headers)
	out = append(out, '\n')
	return appendHash(out, body)
}

// stringToSign returns the text whose HMAC is the signature.
func stringToSign(timestamp string, canonical []byte) []byte {
	out := make([]byte, 0, len(Method)+len(timestamp)+2+2*sha256.Size)
	out = append(out, Method+"\n"...)
	out = append(out, timestamp...)
	out = append(out, '\n')
	return appendHash(out, canonical)
}

func signature(password, timestamp, method string, headers []Header, body []byte) [sha256.Size]byte {
	var room [canonicalSize]byte
	mac := hmac.New(sha256.New, []byte(password))
	mac.Write(stringToSign(timestamp, canonicalRequest(room[:0], method, headers, body)))
	var sum [sha256.Size]byte
	mac.Sum(sum[:0])
	return sum
}

func appendNames(out []byte, headers []Header) []byte {
	for i, h := range headers {
		if i > 0 {
			out = append(out, ';')
		}
		out = append(out, h.Name...)
	}
	return out
}

func appendHash(out, data []byte) []byte {
	sum := sha256.Sum256(data)
	return hex.AppendEncode(out, sum[:])
}

func trim(value string) string { return strings.Trim(value, " \t") }
