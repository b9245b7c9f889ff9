// Package client signs one wire.Request, sends it, and returns the exchanges that came
// of it. Whatever the network does is an exchange with its cause; an error means that
// nothing was sent, because the request could not be formed or a guard refused it.
//
// It knows how requests travel and when they may be sent again. It judges no answer,
// and knows no action, parameter or business code: what may not leave is told to it as
// values (Guard). Secrets are removed from every exchange before it is returned.
package client

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/time/rate"

	"github.com/zec-tools/conformance/internal/secret"
	"github.com/zec-tools/conformance/internal/wire"
)

// The defaults of Options.
const (
	DefaultTimeout = 30 * time.Second
	DefaultMaxBody = 1 << 20 // bytes
)

const (
	// maxHeader bounds a response's headers, in bytes.
	maxHeader = 256 << 10
	// idleTimeout is shorter than the keep-alive of the servers met most often (5 s
	// and up), so that a request is not written to a connection they are closing.
	idleTimeout = 4 * time.Second
	maxIdle     = 64
)

// Credentials authenticate the requests of a client. KeyID is no secret.
type Credentials struct {
	KeyID           string
	Password, Token secret.Value
}

// Options say where a client sends and under which limits.
type Options struct {
	Endpoint    *url.URL // scheme://host[:port]; the path is the operation's
	Credentials Credentials
	Allow       Allowance
	Guard       func(wire.Request) error // asked before a request leaves; nil: everything may leave
	// Answered is told how each sending of a request ended; nil: nobody is.
	Answered func(wire.Request, wire.Exchange)

	Timeout           time.Duration // for one sending, from dialling to the last byte; 0: DefaultTimeout
	MaxBody           int64         // bytes of a response body, decoded; 0: DefaultMaxBody
	RequestsPerSecond float64       // over all goroutines, retries included; 0: no limit
	Retry             Retry

	TLS    *tls.Config // nil: the system's roots
	Clock  func() time.Time
	Seed   uint64         // of the credentials that are made up; 0: drawn at random
	Filter *secret.Filter // learns the credentials and signatures; nil: a new one
	// Dial opens connections; nil: a net.Dialer's.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Client sends requests to one endpoint. It is safe for concurrent use.
type Client struct {
	options   Options
	scheme    string
	host      string // as sent and signed
	transport *http.Transport
	limiter   *rate.Limiter
	circuit   circuit
	invented  invented
}

// New returns a client. It fails on options that cannot work, and with a *Refusal on
// an endpoint that the Allowance does not cover. Close releases its connections.
func New(o Options) (*Client, error) {
	scheme, host, err := normalEndpoint(o.Endpoint)
	if err != nil {
		return nil, err
	}
	if err := o.Allow.checkHost(host); err != nil {
		return nil, err
	}
	if err := o.Allow.checkScheme(scheme, host); err != nil {
		return nil, err
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
	o.Filter.Add(o.Credentials.Password, o.Credentials.Token, secret.New(half(o.Credentials.Token.Reveal())))
	o.Retry = o.Retry.withDefaults()

	limit := rate.Inf
	if o.RequestsPerSecond > 0 {
		limit = rate.Limit(o.RequestsPerSecond)
	}
	return &Client{
		options:   o,
		scheme:    scheme,
		host:      host,
		transport: newTransport(o),
		limiter:   rate.NewLimiter(limit, 1),
		invented:  invent(o.Seed),
	}, nil
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
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		OnProxyConnectResponse: proxyAnswer,
		DialContext:            dial,
		TLSClientConfig:        config,
		ForceAttemptHTTP2:      true, // a dialler or TLS configuration of one's own switches it off otherwise
		DisableCompression:     true, // exact bytes: decoding is done here, bounded
		MaxIdleConns:           maxIdle,
		MaxIdleConnsPerHost:    maxIdle,
		IdleConnTimeout:        idleTimeout,
		MaxResponseHeaderBytes: maxHeader,
	}
}

// Close ends the client's idle connections. Requests under way end on their own.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// Do sends req, again where the retry rules allow it, and returns every exchange it
// took; the last one is the answer. An error, with no exchanges, means that nothing was
// sent: req cannot be formed, or a guard refused it (a *Refusal).
//
// unstarted is asked before a request that Changes is sent again after a 503: true
// means that the state proves that nothing started. It may be nil: then it is not sent again.
func (c *Client) Do(ctx context.Context, req wire.Request, unstarted func(context.Context) bool) ([]wire.Exchange, error) {
	if err := c.mayLeave(req); err != nil {
		return nil, err
	}
	var exchanges []wire.Exchange
	for {
		attempt := len(exchanges) + 1
		e, err := c.attempt(ctx, req, attempt)
		if err != nil {
			return nil, err
		}
		exchanges = append(exchanges, e)
		last := &exchanges[attempt-1]
		wait, again := c.options.Retry.next(req.Effect, *last, attempt, c.circuit.reached())
		if !again {
			break
		}
		if !pause(ctx, wait) {
			if last.Cause == "" {
				last.Cause, last.Detail = wire.CauseInterrupted, "stopped before it was sent again"
			}
			break
		}
		if !c.provedUnstarted(ctx, req, *last, unstarted) {
			break
		}
		if last.Cause == "" {
			last.Cause = wire.CausePassing
		}
	}
	c.circuit.record(exchanges[len(exchanges)-1], c.options.Clock())
	return exchanges, nil
}

// mayLeave asks the guards.
func (c *Client) mayLeave(req wire.Request) error {
	if host, ok := lookup(req.Header, "Host"); ok {
		if err := c.options.Allow.checkHost(host); err != nil {
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

func (c *Client) provedUnstarted(ctx context.Context, req wire.Request, e wire.Exchange, unstarted func(context.Context) bool) bool {
	if req.Effect != wire.Changes || e.Cause != wire.CauseUnavailable {
		return true
	}
	return unstarted != nil && unstarted(ctx)
}

// attempt sends req once, if the circuit, the rate and ctx let it.
func (c *Client) attempt(ctx context.Context, req wire.Request, attempt int) (wire.Exchange, error) {
	unsent := func(cause wire.Cause, detail string) (wire.Exchange, error) {
		o, err := c.form(req, c.options.Clock())
		if err != nil {
			return wire.Exchange{}, err
		}
		e := o.exchange(attempt)
		e.Cause, e.Detail = cause, "not sent: "+detail
		return c.redact(e), nil
	}
	if cause, detail, open := c.circuit.open(c.options.Clock()); open {
		return unsent(cause, detail)
	}
	if err := c.limiter.Wait(ctx); err != nil {
		return unsent(contextCause(ctx), "stopped while waiting for its turn")
	}
	o, err := c.form(req, c.options.Clock())
	if err != nil {
		return wire.Exchange{}, err
	}
	e := c.redact(c.send(ctx, o, attempt))
	if c.options.Answered != nil {
		c.options.Answered(req, e)
	}
	return e, nil
}
