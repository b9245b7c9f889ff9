package target

import (
	"crypto/tls"
	"fmt"
	"maps"
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/client"
	"github.com/zec-tools/conformance/internal/guard"
	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/secret"
)

// EndpointVariable names the endpoint of a target without one. The official command line (K) reads
// it, too.
const EndpointVariable = "ZENLAYER_ENDPOINT"

// noProxy is the value of proxy that disables the environment's proxy.
const noProxy = "none"

// at returns the URL for an endpoint as written in a configuration, an environment variable or a
// flag. A host alone means HTTPS.
func at(endpoint string) string {
	if endpoint != "" && !strings.Contains(endpoint, "://") {
		return "https://" + endpoint
	}
	return endpoint
}

// reached rejects settings with which no connection can be made.
func (c checker) reached() error {
	for i, text := range c.Resolve {
		if _, _, err := resolution(text); err != nil {
			return c.at("resolve", i, "%s", err)
		}
	}
	names := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(c.Headers)) {
		lower := strings.ToLower(name)
		switch {
		case names[lower]:
			return c.at("headers", -1, "%s is listed twice", name)
		case client.CheckHeader(name) != nil:
			return c.at("headers", -1, "%s", client.CheckHeader(name))
		case !variable.MatchString(c.Headers[name]):
			return c.at("headers", -1, "%s: give the name of an environment variable, never the value", name) // the text may be a secret
		}
		names[lower] = true
	}
	if c.Proxy != "" && c.Proxy != noProxy {
		u, err := url.Parse(c.Proxy)
		if err != nil || u.User != nil { // the text may contain a secret
			return c.at("proxy", -1, "it is no proxy: give scheme://host:port; one that asks for a password is named by HTTPS_PROXY")
		}
		if u.Host == "" || !slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme) {
			return c.at("proxy", -1, "%q is no proxy: give http, https or socks5://host:port, or none", c.Proxy)
		}
		if !possiblePort(u) {
			return c.at("proxy", -1, "%q has no possible port: give 1 to 65535", c.Proxy)
		}
	}
	if len(c.Resolve) > 0 && c.Proxy != "" && c.Proxy != noProxy {
		return c.at("resolve", -1, "a proxy looks the host up itself: give resolve or proxy, not both")
	}
	if (c.TLS.CertFile == "") != (c.TLS.KeyFile == "") {
		return c.at("tls", -1, "certFile and keyFile go together")
	}
	if c.Credentials.TokenFile != "" && len(c.Credentials.TokenCommand) > 0 ||
		c.Credentials.Token != "" && c.Credentials.TokenFile+strings.Join(c.Credentials.TokenCommand, "") != "" {
		return c.at("credentials", -1, "tokenEnv, tokenFile and tokenCommand: give one of them")
	}
	return nil
}

// resolution parses host:port:address, the form of curl's --resolve.
func resolution(text string) (from, to string, err error) {
	host, rest, _ := strings.Cut(text, ":")
	port, address, _ := strings.Cut(rest, ":")
	ip := net.ParseIP(strings.Trim(address, "[]"))
	if host == "" || strings.ContainsAny(host, "/*") || !isPort(port) || ip == nil {
		return "", "", fmt.Errorf("%q: give host:port:address, the address as one of IP", text)
	}
	return strings.ToLower(net.JoinHostPort(host, port)), net.JoinHostPort(ip.String(), port), nil
}

func isPort(text string) bool {
	_, err := net.LookupPort("tcp", text)
	return err == nil && text != "" && text[0] >= '0' && text[0] <= '9'
}

// connection returns how the endpoint is reached.
func (c Config) connection(env func(string) string) (client.Connection, error) {
	// A proxy resolves the host itself, so the environment's proxy would bypass resolve.
	out := client.Connection{HTTP1: c.HTTP1, Direct: c.Proxy == noProxy || len(c.Resolve) > 0, Env: env, Resolve: map[string]string{}, Header: map[string]secret.Value{}}
	for _, text := range c.Resolve {
		from, to, err := resolution(text)
		if err != nil {
			return out, fmt.Errorf("resolve: %w", err)
		}
		out.Resolve[from] = to
	}
	if c.Proxy != "" && !out.Direct {
		u, err := url.Parse(c.Proxy)
		if err != nil {
			return out, fmt.Errorf("proxy: %w", err)
		}
		out.Proxy = u
	}
	for _, name := range slices.Sorted(maps.Keys(c.Headers)) {
		value := env(c.Headers[name])
		switch {
		case value == "":
			return out, fmt.Errorf("the header %s: %s is not set: export it", name, c.Headers[name])
		case strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r > '~' }):
			return out, fmt.Errorf("the header %s: the value of %s holds a line end or a character outside ASCII: export the value alone", name, c.Headers[name])
		case len(value) < secret.MinLength:
			return out, fmt.Errorf("the header %s: the value of %s has fewer than %d bytes: it could not be kept out of reports", name, c.Headers[name], secret.MinLength)
		}
		out.Header[name] = secret.New(value)
	}
	return out, nil
}

// clientCertificate adds the client certificate.
func (t TLS) clientCertificate(config *tls.Config) error {
	if t.CertFile == "" {
		return nil
	}
	pair, err := tls.LoadX509KeyPair(t.CertFile, t.KeyFile)
	if err != nil {
		return fmt.Errorf("tls.certFile, tls.keyFile: %w", err)
	}
	config.Certificates = []tls.Certificate{pair}
	return nil
}

// allowance returns what the configuration and the user have confirmed about the endpoint.
func (c Config) allowance(a Access) guard.Allowance {
	return guard.Allowance{Production: c.Production, ConfirmHost: a.ConfirmHost, PlainHTTP: c.AllowPlainHTTP}
}

// way describes how the endpoint is reached, or returns nil if there is nothing unusual about it.
func (c Config) way(env func(string) string) []language.Phrase {
	var parts []language.Phrase
	say := func(text string, args ...any) { parts = append(parts, language.Said(text, args...)) }
	endpoint, err := url.Parse(c.Endpoint)
	if err != nil {
		return nil
	}
	if base := strings.TrimRight(endpoint.Path, "/"); base != "" {
		say("below the path {0}", base)
	}
	for _, text := range c.Resolve {
		if from, to, err := resolution(text); err == nil {
			say("{0} is dialled at {1}", from, to)
		}
	}
	if c.TLS.ServerName != "" {
		say("the certificate has to be for {0}", c.TLS.ServerName)
	}
	if c.TLS.CertFile != "" {
		say("with the client certificate in {0}", c.TLS.CertFile)
	}
	if connection, err := c.connection(env); err == nil {
		if proxy, err := connection.ProxyOf(endpoint); err == nil && proxy != nil {
			say("through the proxy {0}", proxy.Redacted())
		}
	}
	if len(c.Headers) > 0 {
		say("with the headers {0}", strings.Join(slices.Sorted(maps.Keys(c.Headers)), ", "))
	}
	if c.HTTP1 {
		say("over HTTP/1.1 alone")
	}
	switch {
	case c.Credentials.TokenFile != "":
		say("with a token from the file {0}", c.Credentials.TokenFile)
	case len(c.Credentials.TokenCommand) > 0:
		say("with a token from the command {0}", c.Credentials.TokenCommand[0])
	}
	return parts
}
