package client

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"syscall"

	"github.com/zec-tools/conformance/internal/wire"
)

// classify returns the cause of an incomplete answer. ctx is the caller's context, bounded that of
// the attempt. The detail does not contain addresses and ports of this machine, because they differ
// between runs.
func (c *Client) classify(ctx, bounded context.Context, err error, at phase) (wire.Cause, string) {
	if ctx.Err() != nil {
		return contextCause(ctx), "stopped while " + at.String()
	}
	if bounded.Err() != nil || isTimeout(err) {
		return wire.CauseTimeout, fmt.Sprintf("no end within %s, %s", c.options.Timeout, at)
	}
	var known *transportError
	if errors.As(err, &known) {
		return known.cause, known.detail
	}
	var partial *partialBody
	if errors.As(err, &partial) {
		return causeOfPartial(partial.err), partial.Error() + ": " + reason(partial.err)
	}
	return causeOfError(err, at), reason(err)
}

// contextCause returns the cause for a call that the caller cancelled.
func contextCause(ctx context.Context) wire.Cause {
	if errors.Is(ctx.Err(), context.Canceled) {
		return wire.CauseInterrupted
	}
	return wire.CauseTimeout // the caller's deadline has passed or is too near
}

func isTimeout(err error) bool {
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return false
	}
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}

func causeOfError(err error, at phase) wire.Cause {
	var dns *net.DNSError
	var op *net.OpError
	switch {
	case errors.As(err, &dns):
		return wire.CauseDNS
	case errors.Is(err, syscall.ECONNREFUSED):
		return wire.CauseRefused
	case isTLS(err) || at == phaseTLS:
		return wire.CauseTLS
	case isOversizedHeader(err):
		return wire.CauseOversizedHeaders
	case isNotHTTP(err):
		return wire.CauseNotHTTP
	case errors.As(err, &op) && op.Op == "proxyconnect":
		return wire.CauseProxy
	case errors.As(err, &op) && op.Op == "dial":
		return wire.CauseUnreachable
	}
	return wire.CauseLost
}

// causeOfPartial distinguishes a truncated body from invalid HTTP framing.
func causeOfPartial(err error) wire.Cause {
	if isNotHTTP(err) {
		return wire.CauseNotHTTP
	}
	return wire.CauseTruncated
}

// closedAfterHandshake is the error of net/http for an HTTP/2 connection, which uses TLS, that is
// closed before anything is sent on it. An endpoint that requires a client certificate does that;
// its alert arrives too late to be read.
const closedAfterHandshake = "http2: client conn could not be established"

func isTLS(err error) bool {
	var (
		record    tls.RecordHeaderError
		alert     tls.AlertError
		verify    *tls.CertificateVerificationError
		authority x509.UnknownAuthorityError
		invalid   x509.CertificateInvalidError
		hostname  x509.HostnameError
	)
	return errors.As(err, &record) || errors.As(err, &alert) || errors.As(err, &verify) ||
		errors.As(err, &authority) || errors.As(err, &invalid) || errors.As(err, &hostname) ||
		says(err, "server gave HTTP response to HTTPS client", "tls: ", "x509: ", closedAfterHandshake)
}

// net/http does not give most protocol errors their own type, so they are recognised by their text.
// A test over a real socket checks each of them.

func isOversizedHeader(err error) bool {
	return says(err, "server response headers exceeded", "response header list larger than advertised limit", "too many 1xx informational responses")
}

func isNotHTTP(err error) bool {
	var protocol textproto.ProtocolError
	var partial *textproto.Error
	return errors.As(err, &protocol) || errors.As(err, &partial) || says(err,
		"malformed", "bad Content-Length", "unsupported transfer encoding", "too many transfer encodings",
		"invalid header", "invalid Trailer", "invalid byte in chunk length", "chunk length", "chunked encoding",
		"PROTOCOL_ERROR", "FRAME_SIZE_ERROR", "COMPRESSION_ERROR", "Content-Length header",
		"http2: response body closed", "pseudo header")
}

func says(err error, texts ...string) bool {
	message := err.Error()
	for _, text := range texts {
		if strings.Contains(message, text) {
			return true
		}
	}
	return false
}

// reason returns an error's text without addresses of this machine.
func reason(err error) string {
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return fmt.Sprintf("look up %s: %s", dns.Name, dns.Err)
	}
	var op *net.OpError
	if errors.As(err, &op) && op.Err != nil {
		return op.Op + ": " + op.Err.Error()
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return "the connection was closed"
	}
	return err.Error()
}

// proxyAnswer names the proxy if it refuses the tunnel to the endpoint.
func proxyAnswer(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	return transportErrorf(wire.CauseProxy, "the proxy answered %d to CONNECT", resp.StatusCode)
}
