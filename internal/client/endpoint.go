package client

import (
	"fmt"
	"net"
	"net/url"
	"strings"
)

// ProductionHost serves the API to its paying users (R).
const ProductionHost = "console.zenlayer.com"

// Refusal is the error of a request that a guard did not let out. Nothing was sent.
type Refusal struct{ Reason string }

// Error implements error.
func (r *Refusal) Error() string { return "not sent: " + r.Reason }

func refuse(format string, args ...any) error { return &Refusal{Reason: fmt.Sprintf(format, args...)} }

// Allowance is what the user has confirmed about the endpoint. The zero value allows
// neither the production host nor plain http beyond this machine.
type Allowance struct {
	Production  bool   // the configuration says that the target is production
	ConfirmHost string // the host as given on the command line, confirming it
	PlainHTTP   bool   // plain http may leave this machine
}

// normalEndpoint checks an endpoint and returns its scheme and the host as it is sent
// in the Host header and signed: lower case, without the scheme's own port.
func normalEndpoint(endpoint *url.URL) (scheme, host string, err error) {
	switch {
	case endpoint == nil:
		return "", "", fmt.Errorf("the client has no endpoint: give scheme://host[:port]")
	case endpoint.Scheme != "http" && endpoint.Scheme != "https":
		return "", "", fmt.Errorf("endpoint %q: the scheme must be https or http", endpoint.Redacted())
	case endpoint.Hostname() == "":
		return "", "", fmt.Errorf("endpoint %q: it names no host", endpoint.Redacted())
	case endpoint.User != nil || endpoint.RawQuery != "" || endpoint.Fragment != "" || strings.Trim(endpoint.Path, "/") != "":
		return "", "", fmt.Errorf("endpoint %q: give scheme://host[:port] alone, the path is the contract's", endpoint.Redacted())
	}
	host = strings.ToLower(endpoint.Host)
	for _, c := range host {
		if c > 0x7e || c == '%' {
			return "", "", fmt.Errorf("endpoint %q: write the host in ASCII, without a zone", endpoint.Redacted())
		}
	}
	own := map[string]string{"http": ":80", "https": ":443"}[endpoint.Scheme]
	return endpoint.Scheme, strings.TrimSuffix(strings.TrimSuffix(host, own), ":"), nil
}

// checkHost refuses the production host without both confirmations. The comparison is
// of the exact host: any letter case, a port and the root's dot change nothing, and a
// longer name that contains it is another host.
func (a Allowance) checkHost(hostport string) error {
	if bareHost(hostport) != ProductionHost {
		return nil
	}
	if !a.Production {
		return refuse("%s is the production host: set production: true in the target's configuration if that is meant", ProductionHost)
	}
	if bareHost(a.ConfirmHost) != ProductionHost {
		return refuse("%s is the production host: confirm it with --confirm-host %s", ProductionHost, ProductionHost)
	}
	return nil
}

func (a Allowance) checkScheme(scheme, hostport string) error {
	if scheme == "https" || a.PlainHTTP || loopback(bareHost(hostport)) {
		return nil
	}
	return refuse("plain http would carry credentials in the clear to %s: use https, or set allowPlainHTTP: true in the target's configuration", bareHost(hostport))
}

// bareHost is the host without port, brackets and root's dot, in lower case.
func bareHost(hostport string) string {
	host := strings.TrimSpace(hostport)
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return strings.TrimRight(strings.ToLower(strings.Trim(host, "[]")), ".")
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
