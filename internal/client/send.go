package client

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/zec-tools/conformance/internal/wire"
)

// send sends o once and reads the answer.
func (c *Client) send(ctx context.Context, o *outgoing, attempt int) wire.Exchange {
	e := o.exchange(attempt)
	bounded, cancel := context.WithTimeout(ctx, c.options.Timeout)
	defer cancel()
	var p progress
	start := c.options.Clock() // not the time of the timestamp, because the request may have waited since
	e.Timing.Start = start
	transport := c.transport.Load()
	r, err := o.request(httptrace.WithClientTrace(bounded, p.trace(func() time.Duration { return max(c.options.Clock().Sub(start), 1) })))
	if err == nil {
		var resp *http.Response
		resp, err = transport.RoundTrip(r) //nolint:bodyclose // receive closes it
		if err == nil {
			e.Received, err = c.receive(resp)
		}
	}
	e.Timing.End = max(c.options.Clock().Sub(start), 1)
	e.Timing.FirstByte = time.Duration(p.firstByte.Load())
	switch {
	case err != nil:
		e.Cause, e.Detail = c.classify(ctx, bounded, err, phase(p.phase.Load()))
		if e.Cause == wire.CauseTimeout {
			c.renew(transport)
		}
	default:
		e.Cause, e.Detail = c.causeOfAnswer(o, *e.Received)
	}
	return e
}

// phase is the progress of an attempt; it is named if the attempt times out.
type phase int32

const (
	phaseConnect phase = iota
	phaseTLS
	phaseAnswer
	phaseBody
)

func (p phase) String() string {
	return [...]string{"connecting", "in the TLS handshake", "waiting for the answer", "reading the body"}[p]
}

// progress is written by goroutines of the transport that can outlive the round trip.
type progress struct {
	phase     atomic.Int32
	firstByte atomic.Int64 // in nanoseconds since the start
}

func (p *progress) trace(since func() time.Duration) *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		TLSHandshakeStart: func() { p.phase.Store(int32(phaseTLS)) },
		GotConn:           func(httptrace.GotConnInfo) { p.phase.Store(int32(phaseAnswer)) },
		GotFirstResponseByte: func() {
			p.firstByte.CompareAndSwap(0, int64(since()))
			p.phase.Store(int32(phaseBody))
		},
	}
}

// transportError is an error whose cause is known where it happens.
type transportError struct {
	cause  wire.Cause
	detail string
}

func (f *transportError) Error() string { return f.detail }

func transportErrorf(cause wire.Cause, format string, args ...any) error {
	return &transportError{cause: cause, detail: fmt.Sprintf(format, args...)}
}

// receive reads a complete answer, or says why it is not complete.
func (c *Client) receive(resp *http.Response) (*wire.Received, error) {
	defer func() { _ = resp.Body.Close() }() // an error does not matter: the body was read, or is abandoned
	if resp.StatusCode == http.StatusSwitchingProtocols {
		return nil, transportErrorf(wire.CauseNotHTTP, "status 101: the connection left HTTP without being asked to")
	}
	body, err := c.readBody(resp)
	if err != nil {
		return nil, err
	}
	return &wire.Received{Status: resp.StatusCode, Proto: resp.Proto, Header: resp.Header, Body: body}, nil
}

func (c *Client) readBody(resp *http.Response) ([]byte, error) {
	limit := c.options.MaxBody
	if resp.ContentLength > limit && resp.Request.Method != http.MethodHead {
		return nil, transportErrorf(wire.CauseOversized, "status %d: a body of %d bytes is announced, the bound is %d", resp.StatusCode, resp.ContentLength, limit)
	}
	raw, err := readBounded(resp.Body, limit, resp.ContentLength)
	switch {
	case errors.Is(err, errOversized):
		return nil, transportErrorf(wire.CauseOversized, "status %d: the body is longer than the bound of %d bytes", resp.StatusCode, limit)
	case err != nil:
		return nil, &partialBody{status: resp.StatusCode, got: len(raw), want: resp.ContentLength, err: err}
	}
	body, err := decode(raw, resp.Header.Get("Content-Encoding"), limit)
	if err != nil {
		return nil, err
	}
	if endsWithConnection(resp) && cutJSON(body) {
		return nil, transportErrorf(wire.CauseTruncated, "status %d: the connection ended inside the JSON value, after %d bytes, and no length was announced", resp.StatusCode, len(body))
	}
	return body, nil
}

// partialBody is the error about an incomplete body.
type partialBody struct {
	status int
	got    int
	want   int64 // the announced length; negative if there was none
	err    error
}

func (p *partialBody) Error() string {
	if p.want < 0 {
		return fmt.Sprintf("status %d: the body broke off after %d bytes", p.status, p.got)
	}
	return fmt.Sprintf("status %d: the body broke off after %d of %d bytes", p.status, p.got, p.want)
}

func (p *partialBody) Unwrap() error { return p.err }

var errOversized = errors.New("more than the bound")

// readBounded reads r to its end. It returns the bytes read so far even with an error.
func readBounded(r io.Reader, limit, announced int64) ([]byte, error) {
	const firstGuess = 16 << 10 // the announced length may be wrong
	// The body is kept as evidence, so the buffer is no larger than needed: one more byte is enough
	// to see that nothing follows.
	body := make([]byte, 0, max(min(announced, firstGuess)+1, bytes.MinRead))
	for {
		n, err := r.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		switch {
		case int64(len(body)) > limit:
			return body[:limit+1], errOversized
		case errors.Is(err, io.EOF):
			return body, nil
		case err != nil:
			return body, err
		case len(body) == cap(body):
			body = slices.Grow(body, len(body))
		}
	}
}

// decode decodes a content coding, within the same limit. The client asks for no coding, but a
// compressing gateway is not the endpoint's fault. Only gzip is supported; an answer with any other
// coding is not read.
func decode(raw []byte, coding string, limit int64) ([]byte, error) {
	switch strings.ToLower(strings.TrimSpace(coding)) {
	case "", "identity":
		return raw, nil
	case "gzip", "x-gzip":
	default:
		return nil, transportErrorf(wire.CauseEncoding, "the body is coded as %q, which was not asked for", coding)
	}
	if len(raw) == 0 {
		return raw, nil
	}
	unzip, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, transportErrorf(wire.CauseEncoding, "the body is said to be gzip, but is not: %v", err)
	}
	body, err := readBounded(unzip, limit, -1)
	switch {
	case errors.Is(err, errOversized):
		return nil, transportErrorf(wire.CauseOversized, "the body unpacks to more than the bound of %d bytes", limit)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, transportErrorf(wire.CauseTruncated, "the gzip body broke off")
	case err != nil:
		return nil, transportErrorf(wire.CauseEncoding, "the body is said to be gzip, but is not: %v", err)
	}
	return body, nil
}

// endsWithConnection reports whether only the end of the connection marks the end of the body, so
// that a truncated body cannot be recognised.
func endsWithConnection(resp *http.Response) bool {
	return resp.ProtoMajor == 1 && resp.ContentLength < 0 && len(resp.TransferEncoding) == 0 && resp.Request.Method != http.MethodHead
}

// cutJSON reports whether body is the beginning of a JSON value but not a complete one.
func cutJSON(body []byte) bool {
	err := json.NewDecoder(bytes.NewReader(body)).Decode(new(json.RawMessage))
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}
