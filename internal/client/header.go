package client

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/sign"
	"github.com/zec-tools/conformance/internal/wire"
)

// ownHeaders sets the headers that the protocol requires.
func (o *outgoing) ownHeaders(scheme wire.Scheme, timestamp int64) {
	o.header["User-Agent"] = []string{userAgent}
	// Without it, the endpoint could use any coding (RFC 9110, 12.5.3).
	o.header["Accept-Encoding"] = []string{"identity"}
	o.set(headerContentType, contentType)
	if o.from.ContentType != "" {
		o.set(headerContentType, o.from.ContentType)
	}
	o.set(headerAction, o.from.Operation.Action)
	o.set(headerVersion, o.from.Operation.Version)
	bearer := scheme == wire.SchemeBearer ||
		scheme == wire.SchemeRaw && strings.HasPrefix(strings.ToLower(o.from.Auth.Raw), "bearer ")
	if bearer {
		return // the SDKs send neither of them in that case (K)
	}
	if !o.from.Auth.OmitTimestamp {
		o.set(headerTimestamp, o.from.Auth.TimestampText(timestamp))
	}
	if !o.from.Auth.OmitMethod {
		o.set(headerSignatureMethod, sign.Method)
	}
}

// set sets a header of the protocol in the requested spelling. It uses the map directly, because
// http.Header.Set would change the spelling.
func (o *outgoing) set(name, value string) {
	if o.from.LowerCase {
		name = strings.ToLower(name)
	}
	o.header[name] = []string{value}
}

// furtherHeaders sets the request's own headers, replacing existing ones.
func (o *outgoing) furtherHeaders() {
	for name, value := range o.from.Header {
		o.remove(name)
		switch {
		case value == "":
			if strings.EqualFold(name, "User-Agent") {
				o.header["User-Agent"] = nil // absent; otherwise net/http would add its own
			}
		case strings.EqualFold(name, "Host"):
			o.host = value
		default:
			o.header[name] = []string{value}
		}
	}
}

func (o *outgoing) remove(name string) {
	for present := range o.header {
		if strings.EqualFold(present, name) {
			delete(o.header, present)
		}
	}
}

// value returns the value sent for a header, whatever the letter case of its name.
func (o *outgoing) value(name string) (string, bool) {
	if strings.EqualFold(name, "host") {
		return o.host, true
	}
	for present, values := range o.header {
		if strings.EqualFold(present, name) && len(values) > 0 {
			return values[0], true
		}
	}
	return "", false
}

// check rejects what net/http would reject only on sending, or would spell differently.
func (o *outgoing) check() error {
	if !isToken(o.method) {
		return fmt.Errorf("%q is no HTTP method", o.method)
	}
	if o.host == "" || strings.ContainsFunc(o.host, func(r rune) bool { return r <= ' ' || r > 0x7e || r == '/' }) {
		return fmt.Errorf("%q is no host for the Host header", o.host)
	}
	for name := range o.from.Header {
		if !isToken(name) {
			return fmt.Errorf("%q is no name of a header", name)
		}
		if slices.Contains([]string{"content-length", "transfer-encoding", "trailer", "connection"}, strings.ToLower(name)) {
			return fmt.Errorf("the header %s is set by the transport alone", name)
		}
	}
	for name, values := range o.header {
		if len(values) > 0 && hasControl(values[0]) {
			return fmt.Errorf("the header %s has a control character in its value", name)
		}
	}
	return nil
}

func hasControl(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' && s[i] != '\t' || s[i] == 0x7f {
			return true
		}
	}
	return false
}

// isToken reports whether s is valid as a method or a header name (RFC 9110, 5.6.2).
func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
	})
}

// lookup finds a header in those that a request adds, whatever its letter case.
func lookup(header map[string]string, name string) (string, bool) {
	for present, value := range header {
		if strings.EqualFold(present, name) {
			return value, true
		}
	}
	return "", false
}
