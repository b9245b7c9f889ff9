package client

import (
	"strings"

	"github.com/zec-tools/conformance/internal/wire"
)

// maxDetail bounds a cause's detail, in bytes: errors can quote what a server sent.
const maxDetail = 300

// learnSignature makes the filter remove an Authorization's signature wherever the
// endpoint may echo it.
func (c *Client) learnSignature(authorization string) {
	if _, signature, ok := strings.Cut(authorization, "Signature="); ok {
		c.options.Filter.AddSignature(signature)
	}
}

// redact removes secrets from an exchange. Authorization keeps its form: scheme, key
// id and signed headers stay readable, the signature or token does not. Bodies are
// shared with the request unless something had to be removed.
func (c *Client) redact(e wire.Exchange) wire.Exchange {
	f := c.options.Filter
	e.Operation = wire.Operation{Path: f.String(e.Operation.Path), Action: f.String(e.Operation.Action), Version: f.String(e.Operation.Version)}
	e.Sent.URL = f.String(e.Sent.URL)
	e.Sent.Header = f.Header(e.Sent.Header)
	e.Sent.Body = f.Bytes(e.Sent.Body)
	if e.Received != nil {
		e.Received.Header = f.Header(e.Received.Header)
		e.Received.Body = f.Bytes(e.Received.Body)
	}
	if e.Detail != "" {
		e.Detail = f.String(e.Detail) // before it is cut: half a secret is not found
		if len(e.Detail) > maxDetail {
			e.Detail = strings.ToValidUTF8(e.Detail[:maxDetail], "") + "…"
		}
	}
	return e
}
