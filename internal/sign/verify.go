package sign

import (
	"crypto/hmac"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Credential is the content of an Authorization header of this method.
type Credential struct {
	KeyID         string
	SignedHeaders []string // lower case, ascending
	Signature     string   // 64 hex digits
}

// Parse parses an Authorization header. It returns an error if the value does not follow the
// standard: another scheme, a missing, repeated or misplaced part, header names that are not lower
// case and ascending, or a signature that is not 64 hex digits. It does not verify the signature.
func Parse(authorization string) (Credential, error) {
	rest, ok := strings.CutPrefix(authorization, Method+" ")
	if !ok {
		return Credential{}, errors.New("read an authorization: the scheme is not " + Method)
	}
	parts := strings.Split(rest, ",")
	names := [...]string{"Credential=", "SignedHeaders=", "Signature="}
	if len(parts) != len(names) {
		return Credential{}, fmt.Errorf("read an authorization: want 3 parts, got %d", len(parts))
	}
	var values [len(names)]string
	for i, part := range parts {
		values[i], ok = strings.CutPrefix(trim(part), names[i])
		if !ok || values[i] == "" || strings.ContainsAny(values[i], " \t") {
			return Credential{}, fmt.Errorf("read an authorization: part %d is no %s…", i+1, names[i])
		}
	}
	c := Credential{KeyID: values[0], SignedHeaders: strings.Split(values[1], ";"), Signature: values[2]}
	if err := c.check(); err != nil {
		return Credential{}, fmt.Errorf("read an authorization: %w", err)
	}
	return c, nil
}

// Authorization returns the header value in the form of S.
func (c Credential) Authorization() string {
	return Method + " Credential=" + c.KeyID + ", SignedHeaders=" + strings.Join(c.SignedHeaders, ";") + ", Signature=" + strings.ToLower(c.Signature)
}

func (c Credential) check() error {
	for i, name := range c.SignedHeaders {
		switch {
		case name == "" || name != strings.ToLower(name):
			return errors.New("signed header names are not lower case")
		case i > 0 && c.SignedHeaders[i-1] >= name:
			return errors.New("signed header names are not in ascending order")
		}
	}
	if _, ok := decode(c.Signature); !ok {
		return errors.New("the signature is not 64 hex digits")
	}
	return nil
}

// Verify reports whether the signature was made with the password over the request as received: its
// method, its X-ZC-Timestamp, the value of each signed header, and the body. It never accepts
// signed headers without content-type and host (S).
//
// S lower-cases header values in the canonical form, while its SDKs sign them unchanged, so both
// forms are accepted. The comparison takes constant time.
func (c Credential) Verify(password, method, timestamp string, value func(name string) string, body []byte) bool {
	got, ok := decode(c.Signature)
	if !ok || !slices.Contains(c.SignedHeaders, "content-type") || !slices.Contains(c.SignedHeaders, "host") {
		return false
	}
	headers := make([]Header, len(c.SignedHeaders))
	lowered := true
	for i, name := range c.SignedHeaders {
		headers[i] = Header{Name: name, Value: trim(value(name))}
		lowered = lowered && headers[i].Value == strings.ToLower(headers[i].Value)
	}
	want := signature(password, timestamp, method, headers, body)
	if hmac.Equal(got[:], want[:]) {
		return true
	}
	if lowered {
		return false
	}
	for i := range headers {
		headers[i].Value = strings.ToLower(headers[i].Value)
	}
	want = signature(password, timestamp, method, headers, body)
	return hmac.Equal(got[:], want[:])
}

func decode(signature string) (sum [32]byte, ok bool) {
	if len(signature) != hex.EncodedLen(len(sum)) {
		return sum, false
	}
	_, err := hex.Decode(sum[:], []byte(signature))
	return sum, err == nil
}
