package client

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/zec-tools/conformance/internal/secret"
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
	// tamperedBy is the distance of a tampered timestamp from the signed one, in seconds. Both are
	// well inside the five-minute window (E), so only the signature is wrong.
	tamperedBy = 1
	// otherHost is a reserved name (RFC 2606), so that a signature for it is useless anywhere.
	otherHost = "host.invalid"

	// otherAction is the name of an action that does not exist.
	otherAction = "AnotherAction"
)

// outgoing is a request ready to be sent.
type outgoing struct {
	from   wire.Request
	method string
	url    *url.URL
	host   string // the Host header
	header http.Header
	// signature is the one that is sent, "" if the request is not signed
	signature string
	// unrecorded is the end of the Authorization that the record replaces with redacted, "" if
	// nothing is replaced
	unrecorded string
	stamped    time.Time // the time of the timestamp, before any skew
}

// form builds the outgoing request: first the headers, then the signature over them. It returns an
// error if req asks for something that cannot be sent.
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
		url:    &url.URL{Scheme: c.scheme, Host: c.host, Path: c.base + req.Operation.Path, RawQuery: req.Query},
		header: make(http.Header, 12),
	}
	if o.method == "" {
		o.method = http.MethodPost
	}
	timestamp := now.Add(req.Auth.Skew).Unix()
	if req.Auth.Milliseconds {
		timestamp = now.Add(req.Auth.Skew).UnixMilli()
	}
	o.ownHeaders(scheme, timestamp)
	o.furtherHeaders()
	c.furtherHeader(o)
	if err := c.authorize(o, scheme, timestamp); err != nil {
		return fail(err)
	}
	if err := o.check(); err != nil {
		return fail(err)
	}
	return o, nil
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

// redacted returns the replacement for the signature, or for a tampered token, in the record. It
// says whether the original is correct, because that cannot be seen from the record.
func (o *outgoing) redacted() string {
	switch o.from.Auth.Tamper {
	case wire.TamperNone, wire.TamperKey, wire.TamperNoPassword, wire.TamperScheme:
		return secret.Redacted
	case wire.TamperCut, wire.TamperMore:
		return secret.RedactedMalformed
	}
	return secret.RedactedMisfit
}

// exchange returns the exchange of o before it is sent.
func (o *outgoing) exchange(attempt int) wire.Exchange {
	header := make(http.Header, len(o.header)+2)
	for name, values := range o.header {
		if len(values) > 0 {
			header[name] = values
		}
	}
	if o.unrecorded != "" {
		for name := range header {
			if strings.EqualFold(name, headerAuthorization) {
				header[name] = []string{strings.TrimSuffix(header[name][0], o.unrecorded) + o.redacted()}
			}
		}
	}
	header["Host"] = []string{o.host}
	if len(o.from.Body) > 0 || slices.Contains([]string{http.MethodPost, http.MethodPut, http.MethodPatch}, o.method) {
		header["Content-Length"] = []string{strconv.Itoa(len(o.from.Body))}
	}
	return wire.Exchange{
		Operation: o.from.Operation, Effect: o.from.Effect, Attempt: attempt,
		Sent:   wire.Sent{Method: o.method, URL: o.url.String(), Header: header, Body: o.from.Body},
		Timing: wire.Timing{Start: o.stamped}, // until it is sent
	}
}
