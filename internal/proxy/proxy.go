// Package proxy forwards requests to one endpoint and hands over each exchange. It answers requests
// that must not be forwarded itself. It judges nothing, keeps nothing and knows no action.
package proxy

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/zec-tools/conformance/internal/wire"
)

const (
	maxRequest  = 1 << 20 // bytes of a request, which is read completely before any of it is sent
	maxResponse = 8 << 20 // bytes of a response that are handed over; the whole response is forwarded
)

// Options say where requests go and which may be forwarded.
type Options struct {
	Endpoint  *url.URL // scheme and host; the path is taken from the request
	Transport http.RoundTripper
	// Check returns why a request must not be forwarded, or nil.
	Check func(wire.Request) error
	// CheckHost returns why a request must not be forwarded for a host, or nil. It is not asked
	// where Sign replaces the client's host.
	CheckHost func(host string) error
	// Sign, if not nil, authenticates a request with its unmodified body. If it fails, the request
	// is not sent.
	Sign func(r *http.Request, body []byte) error
	// Begun is called when an exchange begins. It returns a function to call when the exchange has
	// ended.
	Begun func() (ended func(wire.Exchange))
	// Refused is called for each request that was not sent. It may be nil.
	Refused func(action string, why error)
}

// New returns the proxy as a handler. It is safe for concurrent use.
func New(o Options) http.Handler {
	p := &proxy{options: o}
	p.reverse = &httputil.ReverseProxy{
		Transport:      signed{o.Transport},
		Rewrite:        p.rewrite,
		ModifyResponse: received,
		ErrorHandler:   failed,
		ErrorLog:       log.New(io.Discard, "", 0), // errors are handed over as exchanges
		FlushInterval:  -1,
		BufferPool:     &buffers{},
	}
	return p
}

type proxy struct {
	options Options
	reverse *httputil.ReverseProxy
}

// passing is an exchange in progress.
type passing struct {
	exchange wire.Exchange
	body     bytes.Buffer // of the response, up to maxResponse
	size     int64        // of the response
	broken   error        // why the body did not arrive completely
	unsigned error        // why the request could not be signed
}

type passingKey struct{}

func of(ctx context.Context) *passing { return ctx.Value(passingKey{}).(*passing) }

// ServeHTTP implements http.Handler.
func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		p.refuse(w, r, fmt.Errorf("the request could not be read: %w", err))
		return
	}
	if err := cmp.Or(ambiguous(r.Header), p.options.Check(request(r, body)), unchecked(r), p.host(r)); err != nil {
		p.refuse(w, r, err)
		return
	}
	r.Body, r.ContentLength, r.TransferEncoding = io.NopCloser(bytes.NewReader(body)), int64(len(body)), nil
	one := &passing{exchange: wire.Exchange{Attempt: 1, Operation: operation(r)}}
	one.exchange.Sent = wire.Sent{Method: r.Method, Body: body}
	one.exchange.Timing.Start = time.Now()
	ended := p.options.Begun()
	defer func() { ended(one.concluded()) }()
	p.reverse.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), passingKey{}, one)))
}

// ambiguous returns an error if a header names the operation twice. Such a request is not
// forwarded, because it is unknown which one the endpoint would use.
func ambiguous(h http.Header) error {
	for _, name := range []string{"X-ZC-Action", "X-ZC-Version", "Content-Type", "Authorization"} {
		if len(h.Values(name)) > 1 {
			return fmt.Errorf("the header %s stands twice: send it once", name)
		}
	}
	return nil
}

// unchecked returns an error if what leaves would differ from what was checked: by headers that
// Connection takes out on the way, or by trailers, which are headers behind the body.
func unchecked(r *http.Request) error {
	for _, names := range r.Header.Values("Connection") {
		for name := range strings.SplitSeq(names, ",") {
			if name = strings.TrimSpace(name); len(r.Header.Values(name)) > 0 {
				return fmt.Errorf("the header Connection takes %s out on the way: send it without", name)
			}
		}
	}
	for name := range r.Trailer {
		return fmt.Errorf("the trailer %s could mean more to the endpoint than to the contract: send the request without", name)
	}
	return nil
}

// host returns why a request must not be forwarded for the host that its client names. Many hosts
// may be served at one address, so the host can lead elsewhere than the endpoint does.
func (p *proxy) host(r *http.Request) error {
	if p.options.Sign != nil || p.options.CheckHost == nil {
		return nil
	}
	return p.options.CheckHost(r.Host)
}

// operation returns the operation that a request calls.
func operation(r *http.Request) wire.Operation {
	return wire.Operation{Path: r.URL.Path, Action: r.Header.Get("X-ZC-Action"), Version: r.Header.Get("X-ZC-Version")}
}

// request converts a request to the form that a target's guard checks.
func request(r *http.Request, body []byte) wire.Request {
	req := wire.Request{
		Operation: operation(r), Method: r.Method, ContentType: r.Header.Get("Content-Type"), Query: r.URL.RawQuery, Body: body,
		Header: map[string]string{}, Effect: wire.Changes,
	}
	for name := range r.Header {
		req.Header[name] = r.Header.Get(name)
	}
	return req
}

// rewrite builds the outgoing request.
func (p *proxy) rewrite(r *httputil.ProxyRequest) {
	r.Out.URL.Scheme, r.Out.URL.Host = p.options.Endpoint.Scheme, p.options.Endpoint.Host
	r.Out.Host = r.In.Host      // the client has signed it
	r.Out.Header.Del("Upgrade") // an upgraded connection could not be judged
	r.Out.Header.Del("Connection")
	one := of(r.In.Context())
	if p.options.Sign != nil {
		r.Out.Host = p.options.Endpoint.Host
		one.unsigned = p.options.Sign(r.Out, one.exchange.Sent.Body)
	}
	one.exchange.Sent.URL = r.Out.URL.String()
	one.exchange.Sent.Header = r.Out.Header.Clone()
	one.exchange.Sent.Header.Set("Host", r.Out.Host)
}

// signed fails for requests that could not be signed, so that they are not sent.
type signed struct{ http.RoundTripper }

func (s signed) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := of(r.Context()).unsigned; err != nil {
		return nil, fmt.Errorf("the request could not be signed, and was not sent: %w", err)
	}
	return s.RoundTripper.RoundTrip(r)
}

// received records the head of a response, and its body as it is forwarded.
func received(r *http.Response) error {
	one := of(r.Request.Context())
	one.exchange.Timing.FirstByte = time.Since(one.exchange.Timing.Start)
	one.exchange.Received = &wire.Received{Status: r.StatusCode, Proto: r.Proto, Header: r.Header.Clone()}
	r.Body = &copied{ReadCloser: r.Body, to: one}
	return nil
}

// copied is the body of a response. It is recorded as it is read.
type copied struct {
	io.ReadCloser
	to *passing
}

func (c *copied) Read(b []byte) (int, error) {
	n, err := c.ReadCloser.Read(b)
	c.to.size += int64(n)
	if room := maxResponse - c.to.body.Len(); room > 0 {
		c.to.body.Write(b[:min(n, room)])
	}
	if err != nil && !errors.Is(err, io.EOF) {
		c.to.broken = err
	}
	return n, err
}

// failed answers a request whose response did not arrive.
func failed(w http.ResponseWriter, r *http.Request, err error) {
	one := of(r.Context())
	one.exchange.Received, one.broken = nil, err
	status := http.StatusBadGateway
	if errors.Is(err, context.DeadlineExceeded) {
		status = http.StatusGatewayTimeout
	}
	if one.unsigned == nil {
		err = fmt.Errorf("the endpoint did not answer: %w", err)
	}
	answer(w, status, err.Error())
}

// concluded returns the finished exchange.
func (one *passing) concluded() wire.Exchange {
	x := &one.exchange
	x.Timing.End = time.Since(x.Timing.Start)
	switch {
	case x.Received == nil:
		x.Cause, x.Detail = wire.CauseLost, "the endpoint did not answer"
		if one.broken != nil {
			x.Detail = one.broken.Error()
		}
	case one.broken != nil:
		x.Cause, x.Detail = wire.CauseTruncated, one.broken.Error()
	case one.size > maxResponse:
		x.Cause, x.Detail = wire.CauseOversized, fmt.Sprintf("a response of %d bytes", one.size)
	default:
		x.Received.Body = one.body.Bytes()
		x.Cause = wire.CauseOf(*x.Received)
	}
	return *x
}

// refuse answers a request that must not be forwarded.
func (p *proxy) refuse(w http.ResponseWriter, r *http.Request, why error) {
	if p.options.Refused != nil {
		p.options.Refused(operation(r).Action, why)
	}
	answer(w, http.StatusForbidden, why.Error())
}

// answer writes an envelope in the form of the API, so that clients show the message.
func answer(w http.ResponseWriter, status int, message string) {
	id := make([]byte, 16)
	_, _ = rand.Read(id) // it never fails
	text, _ := json.Marshal(struct {
		RequestID string `json:"requestId"`
		Code      string `json:"code"`
		Message   string `json:"message"`
	}{"proxy-" + hex.EncodeToString(id), wire.CodeRefusedByProxy, message})
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(text) // a client that has disconnected needs no answer
}

// buffers are reused for copying bodies.
type buffers struct{ pool sync.Pool }

func (b *buffers) Get() []byte {
	if buffer, ok := b.pool.Get().(*[]byte); ok {
		return *buffer
	}
	return make([]byte, 32<<10)
}

func (b *buffers) Put(buffer []byte) { b.pool.Put(&buffer) }
