package target

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/zec-tools/conformance/internal/client"
	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/secret"
	"github.com/zec-tools/conformance/internal/sign"
	"github.com/zec-tools/conformance/internal/wire"
)

// Upstream is a real endpoint behind a proxy. The same requests may be sent to it as to the target.
// Nothing is recorded in a journal and nothing is restored, because the changes are those of the
// proxy's clients.
type Upstream struct {
	Endpoint  *url.URL
	Transport http.RoundTripper
	Check     func(wire.Request) error
	CheckHost func(host string) error                  // of a request that is passed on with its client's signature
	Sign      func(r *http.Request, body []byte) error // with the credentials of the target
	idle      func()
}

// Close closes the idle connections.
func (u *Upstream) Close() { u.idle() }

// OpenUpstream prepares the endpoint of a target for a proxy. Credentials are needed only if the
// proxy signs.
func OpenUpstream(c Config, a Access, signs bool) (*Upstream, error) {
	endpoint, err := url.Parse(strings.TrimSuffix(c.Endpoint, "/"))
	if err != nil {
		return nil, fmt.Errorf("target %s: endpoint: %w", c.Name, err)
	}
	allow := c.allowance(a)
	for _, host := range []string{endpoint.Host, c.TLS.ServerName} {
		if err := allow.CheckHost(host); err != nil {
			return nil, fmt.Errorf("target %s: %w", c.Name, err)
		}
	}
	if err := allow.CheckScheme(endpoint.Scheme, endpoint.Host); err != nil {
		return nil, fmt.Errorf("target %s: %w", c.Name, err)
	}
	config, err := c.TLS.config()
	if err != nil {
		return nil, fmt.Errorf("target %s: %w", c.Name, err)
	}
	connection, err := c.connection(a.Env)
	if err != nil {
		return nil, fmt.Errorf("target %s: %w", c.Name, err)
	}
	if err := connection.Check(allow, endpoint.Scheme); err != nil {
		return nil, fmt.Errorf("target %s: %w", c.Name, err)
	}
	if len(connection.Header) > 0 {
		return nil, fmt.Errorf("target %s: headers: a proxy passes on what its clients send: have them send the headers, or remove the key", c.Name)
	}
	transport := &http.Transport{
		TLSClientConfig: config, ForceAttemptHTTP2: true, DisableCompression: true,
		MaxIdleConnsPerHost: maxUpstream, MaxIdleConns: maxUpstream, IdleConnTimeout: time.Minute,
		ResponseHeaderTimeout: c.Timing.RequestTimeout, MaxResponseHeaderBytes: 1 << 20,
	}
	connection.Apply(transport)
	u := &Upstream{Endpoint: endpoint, Transport: transport, Check: c.passing(a), CheckHost: allow.CheckHost, idle: transport.CloseIdleConnections}
	if !signs {
		return u, nil
	}
	creds, err := c.credentials(a.Env)
	if err != nil {
		return nil, err
	}
	if creds, err = c.firstToken(creds); err != nil {
		return nil, err
	}
	a.Filter.Add(creds.Password)
	tokens := client.NewTokens(creds.Token, c.Credentials.tokenSource(), a.Filter, time.Now)
	u.Transport = renewing{transport, tokens}
	u.Sign = func(r *http.Request, body []byte) error {
		if creds.KeyID != "" {
			authenticate(r, body, creds)
			return nil
		}
		if err := tokens.Fresh(r.Context()); err != nil {
			return err
		}
		bear(r, tokens.Current())
		return nil
	}
	return u, nil
}

// renewing reads a refused bearer token again, so that the next request carries a valid one.
type renewing struct {
	http.RoundTripper
	tokens *client.Tokens
}

// RoundTrip sends the request once. The client also gets the answer to an expired token.
func (t renewing) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := t.RoundTripper.RoundTrip(r)
	if token, is := strings.CutPrefix(r.Header.Get("Authorization"), bearer); is && err == nil && response.StatusCode == http.StatusUnauthorized {
		t.tokens.Replaced(r.Context(), secret.New(token))
	}
	return response, err
}

// maxUpstream is the number of connections to the endpoint that a proxy keeps.
const maxUpstream = 512

// passing is the guard of the target. It lets unknown operations pass if the target allows that.
func (c Config) passing(a Access) func(wire.Request) error {
	g := c.Guard(a.Contract)
	return func(req wire.Request) error {
		if c.PassUnknown && req.Operation.Action != "" && !like(a.Contract, req.Operation.Action) {
			return nil
		}
		return g.Check(req)
	}
}

// like reports whether a lenient endpoint could mistake the name of an action for one that the
// contract has.
func like(loaded *contract.Contract, action string) bool {
	letters := func(name string) string {
		return strings.Map(func(r rune) rune {
			if r > unicode.MaxASCII || unicode.IsLetter(r) || unicode.IsDigit(r) {
				return unicode.ToLower(r)
			}
			return -1
		}, name)
	}
	return slices.ContainsFunc(loaded.Operations(), func(op wire.Operation) bool {
		return strings.Contains(letters(action), letters(op.Action)) || strings.ContainsFunc(action, func(r rune) bool { return r > unicode.MaxASCII })
	})
}

const bearer = "Bearer "

// bear adds a token to a request.
func bear(r *http.Request, token secret.Value) {
	r.Header.Set("Authorization", bearer+token.Reveal())
	r.Header.Del("X-ZC-Timestamp")
	r.Header.Del("X-ZC-Signature-Method")
}

// authenticate signs a request again with the key.
func authenticate(r *http.Request, body []byte, creds client.Credentials) {
	now := time.Now().Unix()
	r.Header.Set("X-ZC-Timestamp", strconv.FormatInt(now, 10))
	r.Header.Set("X-ZC-Signature-Method", sign.Method)
	r.Header.Set("Authorization", sign.Authorization(creds.KeyID, creds.Password.Reveal(), r.Method, now, []sign.Header{
		{Name: "content-type", Value: r.Header.Get("Content-Type")}, {Name: "host", Value: r.Host},
	}, body))
}
