package guard

import (
	"net"
	"strings"
)

// ProductionHost serves the API to its paying users (R).
const ProductionHost = "console.zenlayer.com"

// Allowance is what the user has confirmed about the endpoint. The zero value allows neither the
// production host nor plain http to other machines.
type Allowance struct {
	Production  bool   // the configuration says that the target is production
	ConfirmHost string // the host as given on the command line, confirming it
	PlainHTTP   bool   // plain http to other machines is allowed
}

// CheckHost returns a *Refusal for the production host unless it is confirmed in both ways. It
// compares the whole host name, ignoring letter case, the port and a trailing dot. A longer name
// that contains the production host is a different host.
func (a Allowance) CheckHost(hostport string) error {
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

// CheckScheme returns a *Refusal for plain http to another machine, unless it is allowed.
func (a Allowance) CheckScheme(scheme, hostport string) error {
	if scheme == "https" || a.PlainHTTP || Loopback(hostport) {
		return nil
	}
	return refuse("plain http would carry credentials in the clear to %s: use https, or set allowPlainHTTP: true in the target's configuration", bareHost(hostport))
}

// bareHost returns the host in lower case, without port, brackets and trailing dot.
func bareHost(hostport string) string {
	host := strings.TrimSpace(hostport)
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return strings.TrimRight(strings.ToLower(strings.Trim(host, "[]")), ".")
}

// Loopback reports whether a host, with or without a port, is this machine.
func Loopback(hostport string) bool {
	host := bareHost(hostport)
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
