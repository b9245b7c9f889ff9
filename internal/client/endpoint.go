package client

import (
	"fmt"
	"net/url"
	"strings"
)

// normalEndpoint checks an endpoint. It returns its scheme, and the host as sent in the Host header
// and signed: in lower case, without the scheme's default port.
func normalEndpoint(endpoint *url.URL) (scheme, host string, err error) {
	switch {
	case endpoint == nil:
		return "", "", fmt.Errorf("the client has no endpoint: give scheme://host[:port]")
	case endpoint.Scheme != "http" && endpoint.Scheme != "https":
		return "", "", fmt.Errorf("endpoint %q: the scheme must be https or http", endpoint.Redacted())
	case endpoint.Hostname() == "":
		return "", "", fmt.Errorf("endpoint %q: it names no host", endpoint.Redacted())
	case endpoint.User != nil || endpoint.RawQuery != "" || endpoint.Fragment != "":
		return "", "", fmt.Errorf("endpoint %q: give scheme://host[:port] and perhaps a base path, nothing else", endpoint.Redacted())
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
