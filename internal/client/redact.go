package client

import (
	"strings"

	"github.com/zec-tools/conformance/internal/wire"
)

// maxDetail limits the detail of a cause, in bytes, because errors can quote what a server sent.
const maxDetail = 300

// learnSignature makes the filter remove the signature of an Authorization wherever the endpoint
// may echo it.
func (c *Client) learnSignature(authorization string) {
	if _, signature, ok := strings.Cut(authorization, "Signature="); ok {
		c.options.Filter.AddSignature(signature)
	}
}

// Redact returns an exchange without secrets, in the form in which it may be kept, shown and
// written. Scheme, key id and signed headers in Authorization remain readable; the signature or
// token does not. Bodies are shared unless something had to be removed.
func (c *Client) Redact(e wire.Exchange) wire.Exchange {
	f := c.options.Filter
	e.Operation = wire.Operation{Path: f.String(e.Operation.Path), Action: f.String(e.Operation.Action), Version: f.String(e.Operation.Version)}
	e.Sent.URL = f.String(e.Sent.URL)
	e.Sent.Header = f.Header(e.Sent.Header)
	e.Sent.Body = f.Bytes(e.Sent.Body)
	if e.Received != nil {
		clean := *e.Received
		clean.Proto, clean.Header, clean.Body = f.String(clean.Proto), f.Header(clean.Header), f.Bytes(clean.Body)
		e.Received = &clean
	}
	return e
}

// RedactText returns a text without secrets.
func (c *Client) RedactText(text string) string { return c.options.Filter.String(text) }

// shortDetail removes secrets from a cause's detail and then shortens it. In the opposite order, a
// secret that was cut in half would not be found.
func (c *Client) shortDetail(detail string) string {
	detail = c.options.Filter.String(detail)
	if len(detail) > maxDetail {
		detail = strings.ToValidUTF8(detail[:maxDetail], "") + "…"
	}
	return detail
}
