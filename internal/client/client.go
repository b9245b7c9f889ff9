// Package client signs a wire.Request, sends it, and returns the resulting exchanges. Every network
// error is an exchange with its cause. An error means that nothing was sent, because the request
// could not be built or the guard refused it.
//
// The package knows how requests travel and when they may be retried. It judges no answer, and
// knows no action, parameter or business code; what must not be sent is passed in (Guard). It
// returns exchanges as they were received, so that judging and restoring use exactly what the
// endpoint sent. Redact removes the secrets from an exchange that is kept or shown.
package client

import (
	"context"
	"crypto/tls"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/zec-tools/conformance/internal/guard"
	"github.com/zec-tools/conformance/internal/secret"
	"github.com/zec-tools/conformance/internal/wire"
)

// The defaults of Options.
const (
	DefaultTimeout = 30 * time.Second
	DefaultMaxBody = 1 << 20 // bytes
)

const (
	// maxHeader limits the size of response headers, in bytes.
	maxHeader = 256 << 10
	// idleTimeout is shorter than the keep-alive time of common servers (5 s and more), so that no
	// request is written to a connection that the server is closing.
	idleTimeout = 4 * time.Second
	maxIdle     = 64
)

// Credentials authenticate the requests of a client. KeyID is not secret.
type Credentials struct {
	KeyID           string
	Password, Token secret.Value
}

// Options configure where a client sends, and its limits.
type Options struct {
	Endpoint    *url.URL // scheme://host[:port][/base]; the operation's path is appended to the base
	Connection  Connection
	Credentials Credentials
	Token       TokenSource // provides a new bearer token when the one in Credentials has expired; nil means that it does not change
	Allow       guard.Allowance
	Guard       func(wire.Request) error // checks every request before it is sent; nil allows everything
	// Bound is called first and decides whether one more change may be made. If it returns a
	// function, that is called with all attempts of the request. nil means no limit.
	Bound func(context.Context, wire.Request) (settle func([]wire.Exchange), err error)
	// Answered is called with the result of each attempt; it may be nil.
	Answered func(wire.Request, wire.Exchange)
	// Retrying is called with an attempt that will be retried after a wait; it may be nil.
	Retrying func(e wire.Exchange, wait time.Duration)

	Timeout           time.Duration // for one attempt, from dialling to the last byte; 0 means DefaultTimeout
	MaxBody           int64         // bytes of a response body after decoding; 0 means DefaultMaxBody
	RequestsPerSecond float64       // for all goroutines together, retries included; 0 means no limit
	Retry             Retry

	TLS    *tls.Config // nil means the system's roots
	Clock  func() time.Time
	Seed   uint64         // for made-up credentials; 0 means random
	Filter *secret.Filter // learns the credentials and signatures; nil means a new one
	// Dial opens connections; nil means that of a net.Dialer.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Client sends requests to one endpoint. It is safe for concurrent use.
type Client struct {
	options   Options
	scheme    string
	host      string // as sent and signed
	base      string // prefix of every path; "" or /base
	tokens    *Tokens
	transport atomic.Pointer[http.Transport]
	limiter   *rate.Limiter
	circuit   circuit
	errors    persistent
	invented  invented
}

// New returns a client. It fails with invalid options, and with a *guard.Refusal if the Allowance
// does not cover the endpoint. Close releases its connections.
func New(o Options) (*Client, error) {
	scheme, host, err := normalEndpoint(o.Endpoint)
	if err != nil {
		return nil, err
	}
	if err := o.Allow.CheckHost(host); err != nil {
		return nil, err
	}
	if err := o.Allow.CheckScheme(scheme, host); err != nil {
		return nil, err
	}
	if err := o.Connection.Check(o.Allow, scheme); err != nil {
		return nil, err
	}
	if o.TLS != nil { // a ServerName that is the production host counts as the production host
		if err := o.Allow.CheckHost(o.TLS.ServerName); err != nil {
			return nil, err
		}
	}
	if err := o.Credentials.check(); err != nil {
		return nil, err
	}
	if o.Timeout <= 0 {
		o.Timeout = DefaultTimeout
	}
	if o.MaxBody <= 0 {
		o.MaxBody = DefaultMaxBody
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Filter == nil {
		o.Filter = secret.NewFilter()
	}
	o.Filter.Add(o.Credentials.Password)
	o.Retry = o.Retry.withDefaults()

	limit := rate.Inf
	if o.RequestsPerSecond > 0 {
		limit = rate.Limit(o.RequestsPerSecond)
	}
	c := &Client{
		options:  o,
		scheme:   scheme,
		host:     host,
		base:     strings.TrimRight(o.Endpoint.Path, "/"),
		tokens:   NewTokens(o.Credentials.Token, o.Token, o.Filter, o.Clock),
		limiter:  rate.NewLimiter(limit, 1),
		invented: invent(o.Seed),
	}
	for _, value := range o.Connection.Header {
		o.Filter.Add(value)
	}
	c.transport.Store(newTransport(o))
	return c, nil
}

func (c Credentials) check() error {
	for name, value := range map[string]secret.Value{"password": c.Password, "token": c.Token} {
		if !value.Empty() && len(value.Reveal()) < secret.MinLength {
			return fmt.Errorf("the %s has fewer than %d bytes: it could not be kept out of reports", name, secret.MinLength)
		}
	}
	if (c.KeyID == "") != c.Password.Empty() {
		return fmt.Errorf("credentials: an access key id and its password go together, one of them is missing")
	}
	return nil
}

func newTransport(o Options) *http.Transport {
	dial := o.Dial
	if dial == nil {
		dial = (&net.Dialer{Timeout: o.Timeout}).DialContext
	}
	config := o.TLS
	if config != nil {
		config = config.Clone()
	}
	t := &http.Transport{
		OnProxyConnectResponse: proxyAnswer,
		DialContext:            dial,
		TLSClientConfig:        config,
		ForceAttemptHTTP2:      true, // a custom dialler or TLS configuration would otherwise disable it
		DisableCompression:     true, // the exact bytes are needed; they are decoded here, within the limit
		MaxIdleConns:           maxIdle,
		MaxIdleConnsPerHost:    maxIdle,
		IdleConnTimeout:        idleTimeout,
		MaxResponseHeaderBytes: maxHeader,
		// A ping detects a dead connection before the timeout, so that the request can be retried
		// over another one.
		HTTP2: &http.HTTP2Config{SendPingTimeout: o.Timeout / 3, PingTimeout: o.Timeout / 3},
	}
	o.Connection.Apply(t)
	return t
}

// renew makes the next requests use new connections. The connection of a request that timed out may
// be dead, and with HTTP/2 it would carry all requests.
func (c *Client) renew(used *http.Transport) {
	if c.transport.CompareAndSwap(used, newTransport(c.options)) {
		used.CloseIdleConnections()
	}
}

// Close closes the client's idle connections. Pending requests continue.
func (c *Client) Close() { c.transport.Load().CloseIdleConnections() }

// Do sends req, retries it where the rules allow, and returns every exchange; the last one is the
// answer. An error without exchanges means that nothing was sent: req could not be built, or the
// guard refused it (a *guard.Refusal).
//
// unstarted is called before a request that is not a read is retried, except after a 429. It
// reports whether the current state proves that nothing was started. If it is nil, such a request
// is not retried.
func (c *Client) Do(ctx context.Context, req wire.Request, unstarted func(context.Context) bool) (exchanges []wire.Exchange, err error) {
	if c.options.Bound != nil {
		settle, err := c.options.Bound(ctx, req)
		if err != nil {
			return nil, fmt.Errorf("send %s: %w", req.Operation, err)
		}
		if settle != nil {
			defer func() { settle(exchanges) }()
		}
	}
	if err := c.mayLeave(req); err != nil {
		return nil, err
	}
	so, renewed := past{}, false
	for {
		so.attempt = len(exchanges) + 1
		token := c.tokens.Current()
		e, err := c.attempt(ctx, req, so.attempt)
		if err != nil {
			return nil, err
		}
		exchanges = append(exchanges, e)
		last := &exchanges[so.attempt-1]
		if !renewed && c.replaced(ctx, req, *last, token) {
			renewed = true
			last.Cause, last.Detail = wire.CauseCredential, "the bearer token had expired: it was read again"
			continue
		}
		if last.Timing.End == 0 || c.circuit.record(req.Operation.Action, *last) {
			break // nothing was sent, or a retry is pointless
		}
		so.reached, so.hopeless, so.brief = c.circuit.answered(), c.errors.known(kindOf(req)), c.errors.often()
		wait, again := c.options.Retry.next(req.Effect, *last, so)
		c.heed(req, last)
		if !again {
			break
		}
		if !c.pause(ctx, last, wait) {
			break
		}
		so.waited += wait
		if needsProof(req.Effect, *last) && (unstarted == nil || !unstarted(ctx)) {
			break
		}
		if last.Cause == "" {
			last.Cause = wire.CausePassing
		}
	}
	c.errors.record(kindOf(req), exchanges)
	return exchanges, nil
}

// Sign returns the header of a request as it would be sent now, including its signature, so that
// another program can send it. It sends nothing. Its errors are those of Do.
func (c *Client) Sign(req wire.Request) (http.Header, error) {
	if err := c.mayLeave(req); err != nil {
		return nil, err
	}
	o, err := c.form(req, c.options.Clock())
	if err != nil {
		return nil, err
	}
	header := o.header.Clone()
	maps.DeleteFunc(header, func(_ string, values []string) bool { return len(values) == 0 })
	return header, nil
}

// heed records the wait that the endpoint asks for with Retry-After. It marks the exchange if the
// wait is too long for a run.
func (c *Client) heed(req wire.Request, e *wire.Exchange) {
	asked, wants := postponedBy(*e)
	if !wants {
		return
	}
	c.circuit.postpone(req.Operation.Action, asked)
	if asked.until.Sub(e.Timing.Finished()) > c.options.Retry.MaxWait {
		e.Detail += fmt.Sprintf("; %s: longer than the %s that a request waits", asked.detail, c.options.Retry.MaxWait)
	}
}

// pause waits before the retry of e, and reports whether to retry.
func (c *Client) pause(ctx context.Context, e *wire.Exchange, wait time.Duration) bool {
	if c.options.Retrying != nil {
		c.options.Retrying(*e, wait)
	}
	if pause(ctx, wait) {
		return true
	}
	if e.Cause == "" {
		e.Cause, e.Detail = wire.CauseInterrupted, "stopped before it was sent again"
	}
	return false
}

// mayLeave calls the guards.
func (c *Client) mayLeave(req wire.Request) error {
	if host, ok := lookup(req.Header, "Host"); ok {
		if err := c.options.Allow.CheckHost(host); err != nil {
			return err
		}
	}
	if c.options.Guard == nil {
		return nil
	}
	if err := c.options.Guard(req); err != nil {
		return fmt.Errorf("send %s: %w", req.Operation, err)
	}
	return nil
}

// attempt sends req once, if the circuit, the rate limit and ctx allow it.
func (c *Client) attempt(ctx context.Context, req wire.Request, attempt int) (wire.Exchange, error) {
	unsent := func(cause wire.Cause, detail string) (wire.Exchange, error) {
		o, err := c.form(req, c.options.Clock())
		if err != nil {
			return wire.Exchange{}, err
		}
		e := o.exchange(attempt)
		e.Cause, e.Detail = cause, c.shortDetail("not sent: "+detail)
		return e, nil
	}
	if cause, detail, open := c.circuit.open(req.Operation.Action, c.options.Clock()); open {
		return unsent(cause, detail)
	}
	if asked, wait := c.circuit.asked(req.Operation.Action, c.options.Clock()); wait > c.options.Retry.MaxWait {
		return unsent(asked.cause, asked.detail)
	} else if wait > 0 && !pause(ctx, wait) {
		return unsent(contextCause(ctx), "stopped while waiting as the endpoint asked")
	}
	if err := c.limiter.Wait(ctx); err != nil {
		return unsent(contextCause(ctx), "stopped while waiting for its turn")
	}
	if err := c.fresh(ctx, req.Auth); err != nil {
		return unsent(wire.CauseCredential, err.Error())
	}
	o, err := c.form(req, c.options.Clock())
	if err != nil {
		return wire.Exchange{}, err
	}
	e := c.send(ctx, o, attempt)
	e.Detail = c.shortDetail(e.Detail)
	if c.options.Answered != nil {
		c.options.Answered(req, e)
	}
	return e, nil
}
