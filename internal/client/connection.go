package client

import (
	"context"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/http/httpproxy"

	"github.com/zec-tools/conformance/internal/guard"
	"github.com/zec-tools/conformance/internal/secret"
)

// Connection describes how an endpoint is reached. The zero value is a direct connection, or one
// through the proxy in the environment.
type Connection struct {
	// Resolve maps host:port to the address to dial instead. The original host is still the one
	// that is sent, signed, and matched with the certificate.
	Resolve map[string]string
	// Proxy is the proxy for this endpoint. If nil, the environment's is used, unless Direct is
	// set.
	Proxy  *url.URL
	Direct bool
	// Env reads HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, in either letter case. If nil, the
	// process's environment is used, without ALL_PROXY.
	Env func(string) string
	// HTTP1 disables HTTP/2.
	HTTP1 bool
	// Header is sent in addition to the protocol's headers, and never signed. Its values are
	// secrets.
	Header map[string]secret.Value
}

// reserved are the headers that a Connection must not set, because they belong to the protocol or
// to HTTP.
var reserved = []string{
	"authorization", "host", "content-type", "content-length", "content-encoding", "accept-encoding", "transfer-encoding", "trailer", "connection",
	"te", "upgrade", "expect", "user-agent",
}

// CheckHeader rejects a header name that no Connection may set.
func CheckHeader(name string) error {
	dashed := strings.ReplaceAll(strings.ToLower(name), "_", "-") // many servers take both for one
	switch {
	case !isToken(name):
		return fmt.Errorf("%q is no name of a header", name)
	case slices.Contains(reserved, dashed) || strings.HasPrefix(dashed, "x-zc-"):
		return fmt.Errorf("the header %s is the protocol's own", name)
	}
	return nil
}

// Apply configures a transport accordingly.
func (c Connection) Apply(t *http.Transport) {
	t.Proxy = c.proxy()
	if len(c.Resolve) > 0 {
		dial := t.DialContext
		if dial == nil {
			dial = new(net.Dialer).DialContext
		}
		t.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			if to, is := c.Resolve[strings.ToLower(address)]; is {
				address = to
			}
			return dial(ctx, network, address)
		}
	}
	if c.HTTP1 {
		t.ForceAttemptHTTP2 = false
		t.Protocols = new(http.Protocols)
		t.Protocols.SetHTTP1(true)
	}
}

// proxy returns the function that selects the proxy for a request.
func (c Connection) proxy() func(*http.Request) (*url.URL, error) {
	switch {
	case c.Direct:
		return nil
	case c.Proxy != nil:
		return http.ProxyURL(c.Proxy)
	}
	find := http.ProxyFromEnvironment
	if c.Env != nil {
		from := c.environment().ProxyFunc()
		find = func(r *http.Request) (*url.URL, error) { return from(r.URL) }
	}
	return func(r *http.Request) (*url.URL, error) {
		if guard.Loopback(r.URL.Host) { // in each spelling of it: plain http to this machine must not leave it
			return nil, nil
		}
		return find(r)
	}
}

func (c Connection) environment() *httpproxy.Config {
	first := func(names ...string) string {
		for _, name := range names {
			if value := c.Env(name); value != "" {
				return value
			}
		}
		return ""
	}
	return &httpproxy.Config{
		HTTPProxy:  first("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"),
		HTTPSProxy: first("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"),
		NoProxy:    first("NO_PROXY", "no_proxy"),
	}
}

// ProxyOf returns the proxy through which an endpoint is reached, or nil if there is none.
func (c Connection) ProxyOf(endpoint *url.URL) (*url.URL, error) {
	find := c.proxy()
	if find == nil {
		return nil, nil
	}
	return find(&http.Request{URL: endpoint})
}

// furtherHeader adds the headers of the connection that the request does not have.
func (c *Client) furtherHeader(o *outgoing) {
	for name, value := range c.options.Connection.Header {
		if _, has := o.value(name); !has {
			o.header[name] = []string{value.Reveal()}
		}
	}
}

// Check returns a *guard.Refusal if the connection would bypass the rules for endpoints. Whatever a
// name resolves to, the production host remains the production host, and plain http must not leave
// this machine unless allowed.
func (c Connection) Check(allow guard.Allowance, scheme string) error {
	places := slices.Collect(maps.Values(c.Resolve))
	if c.Proxy != nil {
		places = append(places, c.Proxy.Host)
	}
	for _, place := range places {
		if err := allow.CheckHost(place); err != nil {
			return err
		}
		if err := allow.CheckScheme(scheme, place); err != nil {
			return err
		}
	}
	return nil
}
