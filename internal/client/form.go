package client

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/zec-tools/conformance/internal/sign"
	"github.com/zec-tools/conformance/internal/wire"
)

// The names of the protocol's headers, as the documents spell them (S).
const (
	headerAction          = "X-ZC-Action"
	headerVersion         = "X-ZC-Version"
	headerTimestamp       = "X-ZC-Timestamp"
	headerSignatureMethod = "X-ZC-Signature-Method"
	headerAuthorization   = "Authorization"
	headerContentType     = "Content-Type"
)

const (
	userAgent   = "zec-conformance"
	contentType = "application/json"
	// tamperedBy is how far a tampered timestamp lies from the signed one, in seconds:
	// both are well inside the five-minute window (E).
	tamperedBy = 60
)

// invented are credentials that were made up: they look like real ones (S shows the
// lengths of key id and password) and belong to no one.
type invented struct{ keyID, password, token string }

func invent() invented {
	return invented{keyID: rand.Text()[:16], password: rand.Text()[:25], token: rand.Text() + rand.Text()[:14]}
}

// outgoing is a request ready to be sent.
type outgoing struct {
	from    wire.Request
	method  string
	url     *url.URL
	host    string // the Host header
	header  http.Header
	signed  bool
	stamped time.Time // the moment the timestamp was taken, before any skew
}

// form turns req into the request that goes out: headers first, then the signature
// over them. An error means that req asks for something that cannot be sent.
func (c *Client) form(req wire.Request, now time.Time) (*outgoing, error) {
	fail := func(err error) (*outgoing, error) { return nil, fmt.Errorf("form %s: %w", req.Operation, err) }
	if !strings.HasPrefix(req.Operation.Path, "/") {
		return fail(fmt.Errorf("the path %q does not begin with /", req.Operation.Path))
	}
	scheme, err := c.schemeOf(req.Auth)
	if err != nil {
		return fail(err)
	}
	o := &outgoing{
		from: req, method: req.Method, host: c.host, stamped: now,
		url:    &url.URL{Scheme: c.scheme, Host: c.host, Path: req.Operation.Path},
		header: make(http.Header, 12),
	}
	if o.method == "" {
		o.method = http.MethodPost
	}
	timestamp := now.Add(req.Auth.Skew).Unix()
	o.ownHeaders(scheme, timestamp)
	o.furtherHeaders()
	if err := c.authorize(o, scheme, timestamp); err != nil {
		return fail(err)
	}
	return o, nil
}

// schemeOf resolves the default scheme and checks that the credentials for it are there.
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

// ownHeaders sets the headers that the protocol asks for.
func (o *outgoing) ownHeaders(scheme wire.Scheme, timestamp int64) {
	o.header["User-Agent"] = []string{userAgent}
	// Without it any coding would be acceptable (RFC 9110, 12.5.3).
	o.header["Accept-Encoding"] = []string{"identity"}
	o.set(headerContentType, contentType)
	if o.from.ContentType != "" {
		o.set(headerContentType, o.from.ContentType)
	}
	o.set(headerAction, o.from.Operation.Action)
	o.set(headerVersion, o.from.Operation.Version)
	bearer := scheme == wire.SchemeBearer ||
		scheme == wire.SchemeRaw && strings.HasPrefix(strings.ToLower(o.from.Auth.Raw), "bearer ")
	if bearer {
		return // the SDKs send neither then (K)
	}
	if !o.from.Auth.OmitTimestamp {
		o.set(headerTimestamp, strconv.FormatInt(timestamp, 10))
	}
	if !o.from.Auth.OmitMethod {
		o.set(headerSignatureMethod, sign.Method)
	}
}

// set sets a header of the protocol in the spelling asked for. The names are keys of
// the map as they stand: http.Header.Set would respell them.
func (o *outgoing) set(name, value string) {
	if o.from.LowerCase {
		name = strings.ToLower(name)
	}
	o.header[name] = []string{value}
}

// furtherHeaders adds the request's own headers; they replace what is there.
func (o *outgoing) furtherHeaders() {
	for name, value := range o.from.Header {
		o.remove(name)
		switch {
		case value == "":
			if strings.EqualFold(name, "User-Agent") {
				o.header["User-Agent"] = nil // absent, where net/http would put its own
			}
		case strings.EqualFold(name, "Host"):
			o.host = value
		default:
			o.header[name] = []string{value}
		}
	}
}

func (o *outgoing) remove(name string) {
	for present := range o.header {
		if strings.EqualFold(present, name) {
			delete(o.header, present)
		}
	}
}

// value returns what is sent under a header's name, in any letter case.
func (o *outgoing) value(name string) (string, bool) {
	if strings.EqualFold(name, "host") {
		return o.host, true
	}
	for present, values := range o.header {
		if strings.EqualFold(present, name) && len(values) > 0 {
			return values[0], true
		}
	}
	return "", false
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
		token := c.options.Credentials.Token.Reveal()
		if auth.UnknownKey {
			token = c.invented.token
		}
		o.set(headerAuthorization, "Bearer "+token)
	case wire.SchemeHMAC:
		value, err := c.signature(o, timestamp)
		if err != nil {
			return err
		}
		o.set(headerAuthorization, value)
		o.signed = true
	default:
		return fmt.Errorf("unknown authentication scheme %q", scheme)
	}
	return nil
}

// signature signs o as asked: rightly, or with the one fault that Auth.Tamper names.
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
	case wire.TamperNone, wire.TamperSignature:
	case wire.TamperPassword:
		password = c.invented.password
	case wire.TamperTimestamp:
		timestamp -= tamperedBy
	case wire.TamperBody:
		body = append(slices.Clone(body), ' ') // what is sent stays what the step wants sent
	case wire.TamperHeader:
		o.tamperHeader()
	default:
		return "", fmt.Errorf("unknown way to tamper %q", auth.Tamper)
	}
	value := sign.Authorization(keyID, password, o.method, timestamp, headers, body)
	if auth.Tamper == wire.TamperSignature {
		c.learnSignature(value) // one digit away from the one that is sent
		value = otherDigit(value)
	}
	c.learnSignature(value)
	return value, nil
}

// toSign returns the headers to sign: content-type, host, and what the request adds (S).
func (o *outgoing) toSign() ([]sign.Header, error) {
	content, _ := o.value(headerContentType) // left out, it is signed as empty
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

// tamperHeader sends another value of a signed header than was signed: of the first
// further one that carries no meaning of its own, else of the media type, of which
// the documents know two spellings (S).
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

// otherDigit changes the last hex digit of a signature into another one.
func otherDigit(authorization string) string {
	end := len(authorization) - 1
	digit := byte('0')
	if authorization[end] == '0' {
		digit = '1'
	}
	return authorization[:end] + string(digit)
}

// request returns the http.Request of o.
func (o *outgoing) request(ctx context.Context) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, o.method, "http://unset.invalid", bytes.NewReader(o.from.Body))
	if err != nil {
		return nil, fmt.Errorf("form %s: %w", o.from.Operation, err)
	}
	r.URL, r.Host, r.Header = o.url, o.host, o.header
	return r, nil
}

// exchange returns the exchange of o before anything has happened.
func (o *outgoing) exchange(attempt int) wire.Exchange {
	header := make(http.Header, len(o.header)+2)
	for name, values := range o.header {
		if len(values) > 0 {
			header[name] = values
		}
	}
	header["Host"] = []string{o.host}
	if o.method != http.MethodGet && o.method != http.MethodHead || len(o.from.Body) > 0 {
		header["Content-Length"] = []string{strconv.Itoa(len(o.from.Body))}
	}
	return wire.Exchange{
		Operation: o.from.Operation, Effect: o.from.Effect, Attempt: attempt,
		Sent:   wire.Sent{Method: o.method, URL: o.url.String(), Header: header, Body: o.from.Body},
		Timing: wire.Timing{Start: o.stamped},
	}
}

func lookup(header map[string]string, name string) (string, bool) {
	for present, value := range header {
		if strings.EqualFold(present, name) {
			return value, true
		}
	}
	return "", false
}
