package client

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	seeded "math/rand/v2"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/sign"
	"github.com/zec-tools/conformance/internal/wire"
)

// invented are made-up credentials. They look like real ones (S shows the lengths of key id and
// password) but belong to no one.
type invented struct{ keyID, password, token string }

// invent returns made-up credentials: random ones, or those that a seed other than 0 determines.
func invent(seed uint64) invented {
	text := rand.Text
	if seed != 0 {
		source := seeded.New(seeded.NewPCG(seed, 0))
		text = func() string { // same length and alphabet as crypto/rand's
			const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
			made := make([]byte, 26)
			for i := range made {
				made[i] = letters[source.IntN(len(letters))]
			}
			return string(made)
		}
	}
	return invented{keyID: text()[:16], password: text()[:25], token: text() + text()[:14]}
}

// schemeOf resolves the default scheme, and checks that there are credentials for it.
func (c *Client) schemeOf(a wire.Auth) (wire.Scheme, error) {
	have := c.options.Credentials
	scheme := a.Scheme
	if scheme == wire.SchemeDefault {
		scheme = wire.SchemeBearer
		if have.KeyID != "" || have.Token.Empty() {
			scheme = wire.SchemeHMAC
		}
	}
	switch {
	case scheme == wire.SchemeHMAC && have.KeyID == "" && !a.UnknownKey:
		return "", errors.New("there is no access key to sign with: set its two environment variables")
	case scheme == wire.SchemeBearer && have.Token.Empty() && !a.UnknownKey:
		return "", errors.New("there is no bearer token: set its environment variable")
	}
	return scheme, nil
}

// Scheme returns how a request with the given Auth is authenticated: with the target's default
// scheme if Auth names none or deliberately carries nothing valid. It reports whether there is a
// credential for that scheme.
func (c *Client) Scheme(a wire.Auth) (wire.Scheme, bool) {
	if a.Scheme != wire.SchemeHMAC && a.Scheme != wire.SchemeBearer {
		a.Scheme = wire.SchemeDefault
	}
	scheme, err := c.schemeOf(wire.Auth{Scheme: a.Scheme})
	return scheme, err == nil
}

// authorize sets the Authorization header.
func (c *Client) authorize(o *outgoing, scheme wire.Scheme, timestamp int64) error {
	if _, given := lookup(o.from.Header, headerAuthorization); given {
		return errors.New("an Authorization of one's own goes into Auth.Raw")
	}
	auth := o.from.Auth
	switch scheme {
	case wire.SchemeNone:
	case wire.SchemeRaw:
		o.set(headerAuthorization, auth.Raw)
	case wire.SchemeBearer:
		token, err := c.token(auth)
		if err != nil {
			return err
		}
		o.set(headerAuthorization, "Bearer "+token)
		if auth.Tamper != wire.TamperNone {
			o.unrecorded = token
		}
	case wire.SchemeHMAC:
		value, err := c.signature(o, timestamp)
		if err != nil {
			return err
		}
		o.set(headerAuthorization, value)
		_, o.signature, _ = strings.Cut(value, "Signature=")
		o.unrecorded = o.signature
	default:
		return fmt.Errorf("unknown authentication scheme %q", scheme)
	}
	return nil
}

// token returns the bearer token, or the wrong one that was asked for. A wrong token never differs
// in letter case alone, because no document says whether case matters.
func (c *Client) token(auth wire.Auth) (string, error) {
	token := c.tokens.Current().Reveal()
	if auth.UnknownKey {
		token = c.invented.token
	}
	switch auth.Tamper {
	case wire.TamperNone:
		return token, nil
	case wire.TamperCut:
		return half(token), nil
	case wire.TamperMore:
		return token + c.invented.token, nil
	case wire.TamperSignature:
		return otherDigit(token, len(token)/2), nil // not the last character, some of whose bits may be unused
	}
	return "", fmt.Errorf("a bearer token cannot be tampered with by %q", auth.Tamper)
}

// half returns the first half of a secret.
func half(s string) string { return s[:len(s)/2] }

// signature signs o correctly, or with the one error that Auth.Tamper names.
func (c *Client) signature(o *outgoing, timestamp int64) (string, error) {
	auth := o.from.Auth
	keyID, password := c.options.Credentials.KeyID, c.options.Credentials.Password.Reveal()
	if auth.UnknownKey {
		keyID, password = c.invented.keyID, c.invented.password
	}
	headers, err := o.toSign()
	if err != nil {
		return "", err
	}
	body := o.from.Body
	switch auth.Tamper {
	case wire.TamperNone, wire.TamperSignature, wire.TamperFirst, wire.TamperCut, wire.TamperMore, wire.TamperScheme,
		wire.TamperNoSignature, wire.TamperEmpty:
	case wire.TamperKey:
		keyID += c.invented.keyID
	case wire.TamperPassword:
		password = c.invented.password
	case wire.TamperNoPassword:
		password = ""
	case wire.TamperTimestamp:
		timestamp -= tamperedBy
	case wire.TamperBody:
		body = append(slices.Clone(body), ' ') // only the signed body changes; the step determines the body that is sent
	case wire.TamperNoBody:
		body = nil
	case wire.TamperSpaces:
		body = compact(body)
	case wire.TamperAction:
		signAs(headers, headerAction, otherAction)
	case wire.TamperHeader:
		o.tamperHeader()
	case wire.TamperHost:
		signAs(headers, "host", otherHost)
	default:
		return "", fmt.Errorf("unknown way to tamper %q", auth.Tamper)
	}
	value := sign.AuthorizationAt(keyID, password, o.method, auth.TimestampText(timestamp), headers, body)
	c.learnSignature(value) // the signature that is sent may differ from it by one digit
	value = tampered(value, auth.Tamper)
	c.learnSignature(value)
	return value, nil
}

// signAs signs a different value of a header.
func signAs(headers []sign.Header, name, value string) {
	for i := range headers {
		if strings.EqualFold(headers[i].Name, name) {
			headers[i].Value = value
		}
	}
}

// compact returns a JSON text without insignificant white space.
func compact(body []byte) []byte {
	var out bytes.Buffer
	if err := json.Compact(&out, body); err != nil {
		return nil // not JSON, so nothing is signed
	}
	return out.Bytes()
}

// tampered alters a correct Authorization.
func tampered(value string, by wire.Tamper) string {
	const digits = sha256.Size * 2
	start := len(value) - digits
	switch by {
	case wire.TamperSignature:
		return otherDigit(value, len(value)-1)
	case wire.TamperFirst:
		return otherDigit(value, start)
	case wire.TamperCut:
		return value[:start] + half(value[start:])
	case wire.TamperMore:
		return value + half(value[start:])
	case wire.TamperScheme:
		return otherScheme + strings.TrimPrefix(value, sign.Method)
	case wire.TamperNoSignature:
		return strings.TrimSuffix(value[:start], ", Signature=")
	case wire.TamperEmpty:
		return value[:start]
	}
	return value
}

// otherScheme is a scheme name that does not exist, in the format of S.
const otherScheme = "ZC1-HMAC-SHA256"

// toSign returns the headers to sign: content-type, host, and what the request adds (S).
func (o *outgoing) toSign() ([]sign.Header, error) {
	content, _ := o.value(headerContentType) // if it is missing, it is signed as empty
	headers := []sign.Header{{Name: "content-type", Value: content}, {Name: "host", Value: o.host}}
	for _, name := range o.from.Auth.SignAlso {
		if strings.EqualFold(name, "content-type") || strings.EqualFold(name, "host") {
			continue
		}
		value, ok := o.value(name)
		if !ok {
			return nil, fmt.Errorf("sign the header %q: it is not sent", name)
		}
		headers = append(headers, sign.Header{Name: name, Value: value})
	}
	return headers, nil
}

// tamperHeader changes a signed header after signing: the first additional header without a meaning
// of its own, otherwise the media type, which the documents spell in two ways (S).
func (o *outgoing) tamperHeader() {
	for _, name := range o.from.Auth.SignAlso {
		if lower := strings.ToLower(name); slices.Contains([]string{"host", "content-type", "x-zc-action", "x-zc-version", "x-zc-timestamp", "x-zc-signature-method"}, lower) {
			continue
		}
		for present, values := range o.header {
			if strings.EqualFold(present, name) {
				o.header[present] = []string{values[0] + "-changed"}
				return
			}
		}
	}
	was, _ := o.value(headerContentType)
	o.remove(headerContentType)
	o.set(headerContentType, contentType+"; charset=utf-8")
	if was == contentType+"; charset=utf-8" {
		o.set(headerContentType, contentType)
	}
}

// otherDigit replaces a hex digit of a signature with a different one.
func otherDigit(authorization string, at int) string {
	digit := "0"
	if authorization[at] == '0' {
		digit = "1"
	}
	return authorization[:at] + digit + authorization[at+1:]
}
